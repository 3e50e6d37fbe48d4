"""Attributes that are not ours alone: an interpreter's objects have them, or somebody looks at them from outside."""

import ast
import hashlib
import io
import struct
import types
from collections.abc import Iterable

from .merge import ORIGIN
from .prune import used_by_start_files

# Objects that an interpreter gives to modules which know nothing of it otherwise.
_OBJECTS = (
    list, dict, str, bytes, bytearray, memoryview, int, tuple, set, range, slice, property, BaseException, OSError,
    struct, io.BytesIO(), io.FileIO, hashlib.sha256(), types.GeneratorType,
)  # fmt: skip
# Modules whose business is the interpreter: what they ask for may be anything's.
_WORLD = "rumpus.hal."
# What benches and people look at in a device that runs.
_LOOKED_AT = (
    "hal",
    "stepped",
    "uptime_s",
    "conversations",
    "link",
    "packets",
    "management",
    "session",
    "roles",
)


def names(trees: Iterable[ast.Module]) -> set[str]:
    """The attributes that keep their names."""
    found = {name for one in _OBJECTS for name in dir(one)}
    found |= {*_LOOKED_AT, *used_by_start_files()}
    for tree in trees:
        imported = {name for node in ast.walk(tree) for name in _imports(node)}
        for node in tree.body:
            is_world = getattr(node, ORIGIN, "").startswith(_WORLD)
            for part in ast.walk(node):
                if isinstance(part, ast.Attribute) and (is_world or _is_one_of(part.value, imported)):
                    found.add(part.attr)
    return found


def _imports(node: ast.AST) -> list[str]:
    is_import = isinstance(node, ast.Import | ast.ImportFrom)
    return [alias.asname or alias.name for alias in node.names] if is_import else []


def _is_one_of(node: ast.expr, imported: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in imported
