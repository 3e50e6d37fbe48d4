"""What is known before the device starts: a constant is computed here, by the same code.

Known is a name at the top of a module that is assigned once, and whose value is a number, a text, bytes,
None or a tuple of these; in a module that imports something of the interpreter, only one that is written as
a literal, because the rest may depend on the interpreter.
"""

import ast
import importlib
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any

from . import program

_SMALL = 1 << 30
# Modules of the interpreters that are the same on all of them.
_SAME_EVERYWHERE = ("array", "gc", "math", "struct", "micropython")


class Unknown(Exception):
    """No value that is known beforehand."""


def known_values(modules: Mapping[str, program.Module]) -> dict[program.Own, Any]:
    """The values of all names that are known."""
    found = {}
    for module in modules.values():
        for name in _assigned_once(module):
            try:
                found[program.Own(module.name, name)] = _value(module, name)
            except Unknown:
                continue
    return found


def _assigned_once(module: program.Module) -> list[str]:
    counts: dict[str, int] = {}
    simple: set[str] = set()
    for node in program.top_level(module.tree.body):
        names = program.defined(node)
        for name in names:
            counts[name] = counts.get(name, 0) + 1
        if isinstance(node, ast.Assign):
            simple.update(names)
    simple -= {name for node in ast.walk(module.tree) if isinstance(node, ast.Global) for name in node.names}
    directly = {name for node in module.tree.body for name in program.defined(node)}
    return sorted(name for name in simple & directly if counts[name] == 1 or _only_added_to(module, name))


def _only_added_to(module: program.Module, name: str) -> bool:
    """`A = ...; A += ...` at the top: the value after both is the value."""
    nodes = [node for node in module.tree.body if name in program.defined(node)]
    return all(isinstance(node, ast.Assign | ast.AugAssign) for node in nodes) and any(
        isinstance(node, ast.AugAssign) for node in nodes
    )


def _value(module: program.Module, name: str) -> Any:
    outer = {m.module for m in module.meanings.values() if isinstance(m, program.Outer)}
    try:
        value = _literal(module, name)  # the file may be another one than what is imported here
    except Unknown:
        if not outer <= set(_SAME_EVERYWHERE) or module.name.startswith("boards."):
            raise
        value = getattr(_imported(module.name), name, Unknown)
    if not is_plain(value):
        raise Unknown(name)
    return value


@cache
def _imported(name: str) -> ModuleType:
    return importlib.import_module(name)


def _literal(module: program.Module, name: str) -> Any:
    nodes = [node for node in module.tree.body if name in program.defined(node)]
    if len(nodes) == 1 and isinstance(nodes[0], ast.Assign) and program.defined(nodes[0]) == [name]:
        try:
            return ast.literal_eval(nodes[0].value)
        except ValueError:
            pass
    raise Unknown(name)


def is_plain(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(is_plain(item) for item in value)
    return value is None or isinstance(value, int | str | bytes)


def is_free(value: Any) -> bool:
    """True for a value that costs nothing more where it is used than its name would."""
    if isinstance(value, int):
        return -_SMALL <= value < _SMALL
    return value is None or (isinstance(value, str) and len(value) <= 10)


def expression(value: Any) -> ast.expr:
    """The tree of a literal."""
    return ast.parse(repr(value), mode="eval").body


def definition(name: str, value: Any) -> list[ast.stmt]:
    """The statements that give a name to a value. A tuple that stands several times in rows is made once."""
    shared = _shared(value)
    if not shared:
        return [ast.Assign([ast.Name(name, ast.Store())], expression(value))]
    common = "_".join((name, "common"))
    places = {item: f"{common}[{i}]" for i, item in enumerate(shared)}
    rows = ", ".join(_row(row, places) for row in value)
    return ast.parse(f"{common} = {tuple(shared)!r}\n{name} = ({rows},)\n{common} = 0").body


def _shared(value: Any) -> list[tuple]:
    """The tuples that stand more than once in rows."""
    if not isinstance(value, tuple):
        return []
    items = [
        item for row in value if isinstance(row, tuple) for item in row if isinstance(item, tuple) and item
    ]
    return sorted({item for item in items if items.count(item) > 1}, key=repr)


def _row(row: Any, places: Mapping[tuple, str]) -> str:
    if not isinstance(row, tuple):
        return repr(row)
    return (
        "("
        + "".join(
            f"{places.get(item) or repr(item)}, " if isinstance(item, tuple) else f"{item!r}, "
            for item in row
        )
        + ")"
    )
