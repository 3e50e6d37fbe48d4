"""What the wiring decides.

A build is for one wiring, so `"role" in wired` is known, and a flag that keeps it is, too: what is never done on this
device is left out.
"""

import ast
import importlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from ...boards import load
from ..modules import Device
from .program import Module
from .tables import appliance_class

_WIRED = "wired"  # what the names of the wired roles are called, everywhere


def decide(modules: Mapping[str, Module], device: Device, files: Mapping[str, Path]) -> None:
    """Change the trees of the modules. files: theirs; the wiring is one of them."""
    known = _known_roles(modules, device, files[f"boards.{device.board}.{device.appliance}"])
    for module in modules.values():
        module.tree = _Roles(known).visit(module.tree)
    flags = _flags(modules)
    for module in modules.values():
        module.tree = _Folding(flags).visit(module.tree)


def _known_roles(modules: Mapping[str, Module], device: Device, wiring: Path) -> dict[str, bool]:
    """Whether a role is wired; not those that a driver may provide."""
    wired = {row[0] for row in load.literals(wiring)["ROLES"]}
    kind = appliance_class(device)
    provided: set[str] = set()
    for name, module in modules.items():
        if name.startswith("rumpus.drivers."):
            for node in module.tree.body:
                if isinstance(node, ast.ClassDef):
                    provided |= set(
                        getattr(getattr(importlib.import_module(name), node.name), "PROVIDES", ())
                    )
    return {role: role in wired for role in (*kind.INPUTS, *kind.OUTPUTS) if role not in provided}


class _Roles(ast.NodeTransformer):
    """`"role" in wired` becomes True or False."""

    def __init__(self, known: Mapping[str, bool]) -> None:
        self.known = known

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        tested, among = node.left, node.comparators[0]
        role = str(tested.value) if isinstance(tested, ast.Constant) else ""
        if isinstance(among, ast.Name) and among.id == _WIRED and role in self.known:
            return ast.Constant(self.known[role])
        return self.generic_visit(node)


def _flags(modules: Mapping[str, Module]) -> dict[str, bool]:
    """The attributes that are set in one place, to True or False, and called so nowhere else."""
    nodes = [node for module in modules.values() for node in ast.walk(module.tree)]
    defined = Counter(node.attr for node in nodes if isinstance(node, ast.Attribute) and _is_stored(node))
    defined.update(node.name for node in nodes if isinstance(node, ast.FunctionDef))
    defined.update(node.id for node in nodes if isinstance(node, ast.Name) and _is_stored(node))
    found = {}
    for module in modules.values():
        for function in [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)]:
            if function.name == "__init__":
                found.update({name: value for node in function.body for name, value in _flag(node)})
    return {name: value for name, value in found.items() if defined[name] == 1}


def _is_stored(node: ast.Attribute | ast.Name) -> bool:
    return not isinstance(node.ctx, ast.Load)


def _flag(node: ast.stmt) -> list[tuple[str, bool]]:
    """[(name, value)] of `self._name = True` or False."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Constant):
        return []
    target, value = node.targets[0], node.value.value
    if (
        not isinstance(target, ast.Attribute)
        or not target.attr.startswith("_")
        or not isinstance(value, bool)
    ):
        return []
    return [(target.attr, value)]


class _Folding(ast.NodeTransformer):
    """What the flags decide."""

    def __init__(self, flags: Mapping[str, bool]) -> None:
        self.flags = flags

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr in self.flags and isinstance(node.ctx, ast.Load):
            return ast.Constant(self.flags[node.attr])
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        self.generic_visit(node)
        target = node.targets[0]
        return None if isinstance(target, ast.Attribute) and target.attr in self.flags else node

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if not _is_decided(node.test):
            return node
        assert isinstance(node.test, ast.Constant)
        return (node.body if node.test.value else node.orelse) or [ast.Pass()]

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        if not _is_decided(node.test):
            return node
        assert isinstance(node.test, ast.Constant)
        return node.body if node.test.value else node.orelse

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if (
            isinstance(node.op, ast.Not)
            and isinstance(node.operand, ast.Constant)
            and _is_decided(node.operand)
        ):
            return ast.Constant(not node.operand.value)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        """Only what comes before all else is decided."""
        self.generic_visit(node)
        is_and = isinstance(node.op, ast.And)
        while (
            len(node.values) > 1 and isinstance(first := node.values[0], ast.Constant) and _is_decided(first)
        ):
            if bool(first.value) != is_and:
                return first
            del node.values[0]
        return node if len(node.values) > 1 else node.values[0]


def _is_decided(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)
