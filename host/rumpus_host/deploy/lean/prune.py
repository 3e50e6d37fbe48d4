"""What nobody mentions is left out.

A function, class or constant is kept when its name is mentioned in what is kept; a method or an attribute of
a class when its name is mentioned anywhere in what is kept, as an attribute or in a text. That keeps too
much rather than too little.
"""

import ast
from collections.abc import Iterable, Mapping

from . import program
from .merge import MERGED


def pruned(units: Mapping[str, ast.Module], exported: Iterable[str]) -> dict[str, ast.Module]:
    """The trees without what is not needed for the exported names and what these files do at their import."""
    mentioned = _Mentioned(set(exported))
    asked_for = _asked_for(units.values())
    for path, tree in units.items():
        if path != MERGED:  # is imported by name when it is needed
            mentioned.names |= program.at_top(tree) & asked_for
    while True:
        before = len(mentioned.names), len(mentioned.attributes)
        for tree in units.values():
            for node in tree.body:
                mentioned.take_if_live(node)
        if before == (len(mentioned.names), len(mentioned.attributes)):
            break
    cut = {path: mentioned.cut(tree) for path, tree in units.items()}
    return {path: tree for path, tree in cut.items() if tree.body}


def _asked_for(trees: Iterable[ast.Module]) -> set[str]:
    """Names that some file imports, or may have of another one as an attribute or by its text."""
    found = _used_by_start_files()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


class _Mentioned:
    """names: at the top of modules. attributes: of anything, texts among them."""

    def __init__(self, names: set[str]) -> None:
        self.names = names
        self.attributes = _used_by_start_files()
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
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                self.names.add(part.id)
            elif isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Load):
                self.attributes.add(part.attr)
            elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                self.attributes.add(part.value)
            elif isinstance(part, ast.ImportFrom) and part.module == "rumpus":
                self.names.update(alias.name for alias in part.names)

    def cut(self, tree: ast.Module) -> ast.Module:
        body = []
        for node in tree.body:
            if not self.is_live(node):
                continue
            if isinstance(node, ast.ClassDef):
                node.body = [member for member in node.body if self.is_live_member(member)] or [ast.Pass()]
            body.append(node)
        return ast.Module(body, [])


def _may_act(value: ast.expr) -> bool:
    return any(isinstance(node, ast.Call) for node in ast.walk(value))


def _used_by_start_files() -> set[str]:
    from ...bench.repository import FIRMWARE

    found = set()
    for path in sorted((FIRMWARE / "entry").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
    return found
