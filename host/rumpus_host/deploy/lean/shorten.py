"""Names that nobody outside can know become short ones, and few.

On a device each name is kept once, with 8 bytes and its letters. Renamed are the names at the top of the
one module, the arguments of functions, and the private attributes of classes (those with an underscore).
Public attributes keep their names: an interpreter's own objects may have the same ones. Different kinds of
names share the short ones, and so do the private attributes of classes that have nothing to do with each
other. Texts are not touched, and a name that stands in a text is not renamed.
"""

import ast
import itertools
import keyword
import string
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from . import program

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
    renaming = _Renaming(_tops(trees, keep), _privates(trees, keep), keep)
    return {path: renaming.visit(tree) for path, tree in units.items()}


def _short(without: Iterable[str]) -> Iterator[str]:
    """a, b ... Z, aa, ab ... but what is taken and what the language has."""
    taken = set(without) | set(keyword.kwlist)
    for n in itertools.count(1):
        for letters in itertools.product(string.ascii_letters, repeat=n):
            name = "".join(letters)
            if name not in taken:
                yield name


def _tops(trees: list[ast.Module], keep: set[str]) -> dict[str, str]:
    """New names for what is at the top, those mentioned most first."""
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


def _privates(trees: list[ast.Module], keep: set[str]) -> dict[str, str]:
    """New names for private attributes; classes of one family have different ones."""
    families = _families(trees)
    everywhere = {name for names in families.values() for name in names} & _of_others(trees)
    used: Counter[str] = Counter()
    for tree in trees:
        used.update(node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    found: dict[str, str] = {}
    for name, _n in used.most_common():
        if not _is_private(name) or name in keep:
            continue
        beside = [names for names in families.values() if name in names or name in everywhere]
        taken = {found.get(other, other) for names in beside for other in names}
        taken |= {found[other] for other in everywhere if other in found}
        found[name] = next(_short(taken | keep))
    return found


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


def _of_others(trees: list[ast.Module]) -> set[str]:
    """Attributes of anything but self."""
    return {
        node.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and not _is_self(node.value)
    }


class _Renaming(ast.NodeTransformer):
    def __init__(self, tops: dict[str, str], privates: dict[str, str], keep: set[str]) -> None:
        self.tops = tops
        self.privates = privates
        self.keep = keep
        self.arguments: list[dict[str, str]] = []
        self.in_class = False

    def visit_Name(self, node: ast.Name) -> ast.AST:
        for names in reversed(self.arguments):
            if node.id in names:
                node.id = names[node.id]
                return node
        if self.in_class and not isinstance(node.ctx, ast.Load):
            node.id = self.privates.get(node.id, node.id)
        else:
            node.id = self.tops.get(node.id, node.id)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        node.attr = self.privates.get(node.attr, node.attr)
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
        names = self.privates if is_method else self.tops if not self.arguments else {}
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
        for name in inside & program_locals(node):
            found.setdefault(name, name)
        return found


def program_locals(node: ast.FunctionDef) -> set[str]:
    from .merge import local_names

    return local_names(node)
