"""Names that nobody outside can know become short ones, and few.

On a device each name is kept once, with 8 bytes and its letters. Renamed are the names at the top of the
one module, the arguments of functions, and the attributes of our classes. Public attributes (those without
an underscore) keep their names where an interpreter's own objects may have the same ones: outer.py. Different
kinds of names share the short ones, and so do the attributes of classes that have nothing to do with each
other. Texts are not touched, and a name that stands in a text is not renamed.
"""

import ast
import itertools
import keyword
import string
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from . import merge, outer, program
from .scopes import local_names

_FOR_ARGUMENTS = string.ascii_lowercase[:10]
_FEW = 127  # names that the compiled code can refer to with one byte


def shortened(units: Mapping[str, ast.Module], exported: Iterable[str]) -> dict[str, ast.Module]:
    """The trees with shorter names; exported names stay."""
    keep = set(exported)
    trees = list(units.values())
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                keep.add(node.value)
            elif isinstance(node, ast.keyword):
                keep.add(node.arg or "")
    tops = _tops(trees, keep)
    hidden = {tops.get(name, name) for name in _in_classes(trees)}
    attributes = _attributes(trees, keep, hidden)
    known = [*dict.fromkeys([*tops.values(), *attributes.values()])]
    asked_for = _asked_for(trees)
    late = {
        program.file_of(path): _late_tops(tree, asked_for, tops, known, keep)
        for path, tree in units.items()
        if path != merge.MERGED
    }
    return {
        path: _Renaming({**tops, **late.get(program.file_of(path), {})}, attributes, keep, late).visit(tree)
        for path, tree in units.items()
    }


def _short(without: Iterable[str]) -> Iterator[str]:
    """a, b ... Z, aa, ab ... but what is taken and what the language has."""
    taken = set(without) | set(keyword.kwlist)
    for n in itertools.count(1):
        for letters in itertools.product(string.ascii_letters, repeat=n):
            name = "".join(letters)
            if name not in taken:
                yield name


def _tops(trees: list[ast.Module], keep: set[str]) -> dict[str, str]:
    """New names for what is at the top of the one module, those mentioned most first."""
    names = program.at_top(trees[0]).difference(*[program.at_top(tree) for tree in trees[1:]])
    imports = [node for node in trees[0].body if isinstance(node, ast.Import | ast.ImportFrom)]
    used: Counter[str] = Counter()
    locals_: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                used[node.id] += 1
                if node.id not in names:
                    locals_.add(node.id)
            elif isinstance(node, ast.arg):
                locals_.add(node.arg)
    locals_ |= {alias.asname or alias.name for node in imports for alias in node.names}
    short = _short(locals_ | set(_FOR_ARGUMENTS) | keep)
    return {name: next(short) for name, _n in used.most_common() if name in names - keep}


def _asked_for(trees: list[ast.Module]) -> set[str]:
    """Attributes of anything but of load_late("file")."""
    attributes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    direct = {node.attr for node in attributes if program.late_file(node.value)}
    return {node.attr for node in attributes} - direct


def _late_tops(
    tree: ast.Module, asked_for: set[str], tops: Mapping[str, str], known: Iterable[str], keep: set[str]
) -> dict[str, str]:
    """Names for what is at the top of a late file, of those that are there for other things: a new one would take
    memory for ever. What the file is asked for otherwise than by load_late("file").name keeps its name."""
    used = {tops.get(part.id, part.id) for part in ast.walk(tree) if isinstance(part, ast.Name)}
    used |= {*_FOR_ARGUMENTS, *keyword.kwlist}
    free = iter([name for name in known if name not in used])
    own = sorted(program.at_top(tree) - asked_for - keep)
    return {name: next(free) for name in own}


def _attributes(trees: list[ast.Module], keep: set[str], hidden: set[str]) -> dict[str, str]:
    """New names for attributes of our classes, those mentioned most first.

    Two attributes may have the same one where no family of classes has both: then no object has. One that is set
    from outside its class may be any object's.
    """
    families = _families(trees)
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    used = Counter(node.attr for node in nodes)
    from_outside = {
        node.attr for node in nodes if isinstance(node.ctx, ast.Store) and not _is_self(node.value)
    }
    ours = from_outside.union(*families.values())
    stays = keep | outer.names(trees)
    new = {name for name in ours if name not in (keep if _is_private(name) else stays)}
    new = {name for name in new if not name.startswith("__")}
    taken = keep | hidden | set(used) | ours
    found: dict[str, str] = {}
    for name in sorted(new, key=lambda name: (-used[name], name)):
        beside = [names for names in families.values() if name in names]
        others = set(found) if name in from_outside else (from_outside | set().union(*beside)) & set(found)
        found[name] = next(_short(taken | {found[other] for other in others}))
    return found


def _in_classes(trees: list[ast.Module]) -> set[str]:
    """Names at the top that statements in classes mention, where an attribute of the same name would hide them."""
    classes = [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    statements = [part for node in classes for part in node.body if not isinstance(part, ast.FunctionDef)]
    return {part.id for node in statements for part in ast.walk(node) if isinstance(part, ast.Name)}


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _families(trees: list[ast.Module]) -> dict[str, set[str]]:
    """Classes that inherit from one another, by the first of them: all names of their attributes."""
    classes = {node.name: node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)}
    families: dict[str, set[str]] = {}
    for node in classes.values():
        first = node
        while first.bases and isinstance(first.bases[0], ast.Name) and first.bases[0].id in classes:
            first = classes[first.bases[0].id]
        names = families.setdefault(first.name, set())
        for part in ast.walk(node):
            if isinstance(part, ast.FunctionDef):
                names.add(part.name)
            elif isinstance(part, ast.Attribute) and _is_self(part.value):
                names.add(part.attr)
        names.update(name for part in node.body for name in program.defined(part))
    return families


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


class _Renaming(ast.NodeTransformer):
    """tops: names at the top of the file, and those it imports. late: names of late files."""

    def __init__(
        self,
        tops: Mapping[str, str],
        attributes: Mapping[str, str],
        keep: set[str],
        late: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.tops = tops
        self.late = late
        self.attributes = attributes
        self.keep = keep
        self.arguments: list[dict[str, str]] = []
        self.in_class = False

    def visit_Name(self, node: ast.Name) -> ast.AST:
        for names in reversed(self.arguments):
            if node.id in names:
                node.id = names[node.id]
                return node
        if self.in_class and not isinstance(node.ctx, ast.Load):
            node.id = self.attributes.get(node.id, node.id)
        else:
            node.id = self.tops.get(node.id, node.id)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        names = self.late.get(program.late_file(node.value), self.attributes)
        node.attr = names.get(node.attr, node.attr)
        self.generic_visit(node)
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        if node.module == "rumpus" and not self.arguments:
            for alias in node.names:
                alias.name = self.tops.get(alias.name, alias.name)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.name = self.tops.get(node.name, node.name)
        node.bases = [self.visit(base) for base in node.bases]
        self.in_class = True
        node.body = [self.visit(part) for part in node.body]
        self.in_class = False
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        is_method, self.in_class = self.in_class, False
        names = self.attributes if is_method else self.tops if not self.arguments else {}
        node.name = names.get(node.name, node.name)
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        node.args.defaults = [self.visit(each) for each in node.args.defaults]
        self.arguments.append(self._new_arguments(node))
        for arg in node.args.args:
            arg.arg = self.arguments[-1][arg.arg]
        node.body = [self.visit(part) for part in node.body]
        self.arguments.pop()
        self.in_class = is_method
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self.arguments.append({arg.arg: arg.arg for arg in node.args.args})
        node.body = self.visit(node.body)
        self.arguments.pop()
        return node

    def _new_arguments(self, node: ast.FunctionDef) -> dict[str, str]:
        arguments = [arg.arg for arg in node.args.args]
        inside = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - set(arguments)
        short = iter([name for name in _FOR_ARGUMENTS if name not in inside])
        found = {}
        for name in arguments:
            found[name] = name if name in self.keep else next(short, name)
        for name in inside & local_names(node):
            found.setdefault(name, name)
        return found
