"""A class that only another one inherits from becomes one with it.

It is apart for people, or because another program inherits from it, too. On a device each class costs 200 bytes,
and a method that is replaced by the other class's own as much as any.
"""

import ast
from collections.abc import Iterable, Mapping

from . import program
from .merge import MERGED


def flattened(
    units: Mapping[str, ast.Module], exported: Iterable[str], in_pieces: bool = False
) -> dict[str, ast.Module]:
    """The trees without such classes. exported: names that are used from outside. in_pieces: the one module is to be
    cut (split.py), so nothing may come to mention what stands after it.
    """
    keep = set(exported)
    for path, tree in units.items():
        others = [each for other, each in units.items() if other != path] if path == MERGED else []
        while pair := _pair(tree, others, keep, in_pieces):
            _join(tree, *pair)
    return dict(units)


def _pair(
    tree: ast.Module, others: list[ast.Module], keep: set[str], in_pieces: bool
) -> tuple[ast.ClassDef, ast.ClassDef] | None:
    """A class and the only one that inherits from it, where it is mentioned nowhere else but to ask what something
    is. others: trees that may mention it, too."""
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for base in classes.values():
        below = [node for node in classes.values() if _base_of(node) == base.name]
        if len(below) != 1 or base.name in keep | program.asked_for(others) or not _is_plain(base, below[0]):
            continue
        mentions = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == base.name]
        if len(mentions) == 1 + (0 if in_pieces else len(_asked(tree, base.name))):
            return base, below[0]
    return None


def _base_of(node: ast.ClassDef) -> str:
    one = node.bases[0] if len(node.bases) == 1 else None
    return one.id if isinstance(one, ast.Name) else ""


def _is_plain(base: ast.ClassDef, below: ast.ClassDef) -> bool:
    """True where the methods can stand in one class: none has a decorator and another's name."""
    own = {name for node in below.body for name in program.defined(node)}
    functions = [node for node in base.body if isinstance(node, ast.FunctionDef)]
    return not any(function.decorator_list and function.name in own for function in functions)


def _asked(tree: ast.Module, name: str) -> list[ast.Name]:
    """The mentions of a class in isinstance(x, Class)."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
            kind = node.args[1]
            if isinstance(kind, ast.Name) and kind.id == name:
                found.append(kind)
    return found


def _join(tree: ast.Module, base: ast.ClassDef, below: ast.ClassDef) -> None:
    """Move what is in the base into the class below it."""
    for mention in _asked(tree, base.name):
        mention.id = below.name
    supers = _Super(base, below)
    for node in below.body:
        supers.visit(node)
    own = {name for node in below.body for name in program.defined(node)}
    moved: list[ast.stmt] = []
    for node in base.body:
        if isinstance(node, ast.FunctionDef) and node.name in supers.called:
            node.name = supers.called[node.name]
            moved.append(node)
        elif not isinstance(node, ast.Pass) and not own.intersection(program.defined(node)):
            moved.append(node)
    below.bases = base.bases
    below.body = [*moved, *[node for node in below.body if not isinstance(node, ast.Pass)]] or [ast.Pass()]
    tree.body.remove(base)


class _Super(ast.NodeTransformer):
    """super().method(...) becomes self.method(...): the base's one, under another name where there are two.

    called: methods of the base by their names, with these other names.
    """

    def __init__(self, base: ast.ClassDef, below: ast.ClassDef) -> None:
        self.called: dict[str, str] = {}
        self._of_base = {node.name for node in base.body if isinstance(node, ast.FunctionDef)}
        self._own = {node.name for node in below.body if isinstance(node, ast.FunctionDef)}
        self._base = base.name

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        made = node.value
        is_super = isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id == "super"
        if not is_super or node.attr not in self._of_base:
            return node
        if node.attr in self._own:
            self.called[node.attr] = f"_{node.attr.strip('_')}_of_{self._base}"
        return ast.Attribute(ast.Name("self", ast.Load()), self.called.get(node.attr, node.attr), node.ctx)
