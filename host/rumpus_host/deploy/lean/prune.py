"""What nobody mentions is left out.

A function, class or constant is kept when its name is mentioned in what is kept of its file, or imported from
there; a method or an attribute of a class when its name is mentioned anywhere in what is kept, as an attribute
or in a text. That keeps too much rather than too little.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Mapping

from . import program
from .merge import MERGED


def pruned(units: Mapping[str, ast.Module], exported: Iterable[str]) -> dict[str, ast.Module]:
    """The trees without what is not needed for the exported names and what these files do at their import."""
    attributes = used_by_start_files()
    one = _Mentioned(set(exported), attributes, None)
    files = {path: _Mentioned(names, attributes, one) for path, names in _asked_for(units).items()}
    files[MERGED] = one
    before = -1
    while before != (before := len(attributes) + sum(len(each.names) for each in files.values())):
        for path, tree in units.items():
            for node in tree.body:
                files[path].take_if_live(node)
    cut = {path: files[path].cut(tree) for path, tree in units.items()}
    return {path: tree for path, tree in cut.items() if tree.body}


def _asked_for(units: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    """Names of late files that some file has of them: `load_late("file").name`. Where a file is loaded in another way,
    all names that are those of an attribute or a text somewhere."""
    directly: dict[str, set[str]] = {}
    loaded: Counter[str] = Counter()
    anyhow = used_by_start_files()
    for tree in units.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                anyhow.add(node.attr)
                if file := program.late_file(node.value):
                    directly.setdefault(file, set()).add(node.attr)
                    loaded[file] -= 1
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                anyhow.add(node.value)
            elif file := program.late_file(node):
                loaded[file] += 1
    found = {}
    for path, tree in units.items():
        file = program.file_of(path)
        is_clear = file in directly and not loaded[file]
        found[path] = directly[file] if is_clear else program.at_top(tree) & anyhow
    return found


class _Mentioned:
    """names: at the top of the file. attributes: of anything, texts among them. one: of the one module, from
    which this file may import."""

    def __init__(self, names: set[str], attributes: set[str], one: "_Mentioned | None") -> None:
        self.names = names
        self.attributes = attributes
        self.one = one
        self._taken: set[int] = set()

    def is_live(self, node: ast.stmt) -> bool:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            return node.name in self.names
        if isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
            return not self.names.isdisjoint(program.defined(node)) or _may_act(node.value)
        if isinstance(node, ast.Import | ast.ImportFrom):
            return any((alias.asname or alias.name) in self.names for alias in node.names)
        return True

    def is_live_member(self, node: ast.stmt) -> bool:
        if isinstance(node, ast.FunctionDef):
            return node.name in self.attributes or node.name.startswith("__")
        if isinstance(node, ast.Assign):
            return not self.attributes.isdisjoint(program.defined(node))
        return True

    def take_if_live(self, node: ast.stmt) -> None:
        if not self.is_live(node):
            return
        if isinstance(node, ast.ImportFrom) and node.module == "rumpus" and self.one:
            self.one.names |= {alias.name for alias in self._wanted(node)}
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                self._take(base)
            for member in node.body:
                if self.is_live_member(member):
                    self._take(member)
        else:
            self._take(node)

    def _take(self, node: ast.AST) -> None:
        if id(node) in self._taken:
            return
        self._taken.add(id(node))
        names, attributes = program.mentioned(node)
        self.names |= names
        self.attributes |= attributes

    def _wanted(self, node: ast.Import | ast.ImportFrom) -> list[ast.alias]:
        return [alias for alias in node.names if (alias.asname or alias.name) in self.names]

    def cut(self, tree: ast.Module) -> ast.Module:
        body = []
        for node in tree.body:
            if not self.is_live(node):
                continue
            if isinstance(node, ast.ClassDef):
                node.body = [member for member in node.body if self.is_live_member(member)] or [ast.Pass()]
            elif isinstance(node, ast.Import | ast.ImportFrom):
                node.names = self._wanted(node)
            body.append(node)
        return ast.Module(body, [])


def _may_act(value: ast.expr) -> bool:
    return any(isinstance(node, ast.Call) for node in ast.walk(value))


def used_by_start_files() -> set[str]:
    from ...bench.repository import FIRMWARE

    found = set()
    for path in sorted((FIRMWARE / "entry").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
    return found
