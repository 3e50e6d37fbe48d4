"""What only late files use goes to them.

A table, function or class of the one module that nothing in it mentions but late files do would lie in memory
all the time. Each late file that needs it, also through something else, gets one of its own; so nothing that goes
may be changed while it is used, or compared by identity. (The firmware keeps state in objects, not at the top.)
"""

import ast
import copy
from collections.abc import Iterable, Mapping

from . import program
from .merge import MERGED


def apart(units: Mapping[str, ast.Module], exported: Iterable[str]) -> dict[str, ast.Module]:
    """The trees with what goes moved."""
    body = units[MERGED].body
    movable: dict[str, list[ast.stmt]] = {}
    for node in body:
        if _may_go(node):
            for name in program.defined(node):
                movable.setdefault(name, []).append(node)
    rest = [node for node in body if not _may_go(node) and not isinstance(node, ast.Import | ast.ImportFrom)]
    stays = _reached({*exported, *_used(rest)}, movable)
    goes = {name: nodes for name, nodes in movable.items() if name not in stays}
    found = dict(units)
    for path, tree in units.items():
        if path != MERGED:
            found[path] = _with_own(tree, goes, body)
    gone = {id(node) for nodes in goes.values() for node in nodes}
    found[MERGED] = ast.Module([node for node in body if id(node) not in gone], [])
    return found


def _may_go(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
    return isinstance(node, ast.FunctionDef | ast.ClassDef)


def _used(nodes: Iterable[ast.stmt]) -> set[str]:
    return {part.id for node in nodes for part in ast.walk(node) if isinstance(part, ast.Name)}


def _reached(names: set[str], defined: Mapping[str, list[ast.stmt]]) -> set[str]:
    """The names and what their definitions use, and so on, as far as they are defined."""
    waiting, found = list(names), set()
    while waiting:
        name = waiting.pop()
        if name in defined and name not in found:
            found.add(name)
            waiting += _used(defined[name])
    return found


def _with_own(tree: ast.Module, goes: Mapping[str, list[ast.stmt]], body: list[ast.stmt]) -> ast.Module:
    """A late file with what it imported of what goes, and the imports that this needs."""
    ours = [node for node in tree.body if isinstance(node, ast.ImportFrom) and _is_ours(node)]
    imported = {alias.name for node in ours for alias in node.names}
    own = _reached(imported & set(goes), goes)
    if not own:
        return tree
    ids = {id(node) for name in own for node in goes[name]}
    moved = [copy.deepcopy(node) for node in body if id(node) in ids]
    used = _used(moved) - own
    at_top = {name for node in body for name in program.defined(node)}
    wanted = sorted((imported - own) | (used & at_top))
    outer = [
        node for node in body if isinstance(node, ast.Import | ast.ImportFrom) and used & set(_names(node))
    ]
    head = [node for node in tree.body if not _is_ours(node)]
    ours = [ast.ImportFrom("rumpus", [ast.alias(name) for name in wanted], 0)] if wanted else []
    return ast.Module([*ours, *outer, *moved, *head], [])


def _is_ours(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "rumpus"


def _names(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [alias.asname or alias.name for alias in node.names]
