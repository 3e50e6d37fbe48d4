"""A table that is mentioned once stands there, and has no name.

A name at the top of the one module costs a device eight bytes, and half as many again each time the table of names
grows. What is a text, bytes, or a table of such things is the same wherever it stands.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Mapping

from . import program
from .scopes import locals_of


def placed(units: Mapping[str, ast.Module], exported: Iterable[str]) -> dict[str, ast.Module]:
    """The trees without such names. exported: names that are used from outside."""
    keep = set(exported) | program.asked_for(units.values()) | locals_of(units.values())
    for tree in units.values():
        mentioned: Counter[str] = Counter()
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                mentioned[node.id] += 1
        values = {
            name: node.value
            for node in tree.body
            if isinstance(node, ast.Assign) and (name := _name_of(node)) and _is_constant(node.value)
            if mentioned[name] == 2 and name not in keep  # here, and where it is used
        }
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                _Placing(values).visit(node)
        tree.body = [
            node for node in tree.body if _name_of(node) not in values or _is_left(tree, _name_of(node))
        ]
    return dict(units)


def _name_of(node: ast.stmt) -> str:
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return ""
    return node.targets[0].id if isinstance(node.targets[0], ast.Name) else ""


def _is_constant(value: ast.expr) -> bool:
    if isinstance(value, ast.Tuple):
        return all(_is_constant(part) for part in value.elts)
    if isinstance(value, ast.UnaryOp):
        return _is_constant(value.operand)
    return isinstance(value, ast.Constant)


def _is_left(tree: ast.Module, name: str) -> bool:
    """True where it is mentioned still, at the top itself."""
    return sum(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree)) > 1


class _Placing(ast.NodeTransformer):
    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self.values = values

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.values.get(node.id, node) if isinstance(node.ctx, ast.Load) else node
