"""Which modules of the firmware one device needs: its start file, what the settings name, and what these
import. Nothing is imported here; the sources are read.

The firmware names some modules by strings (load("rumpus.drivers." + driver)). NAMED is the list of these
prefixes: a test looks for others.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ..bench.repository import FIRMWARE, ROOT

PREFIXES = {"rumpus": FIRMWARE, "boards": ROOT, "update_mode": FIRMWARE}

# What each prefix of a module that is named by a string stands for.
NAMED = (
    "boards.",
    "rumpus.appliances.",
    "rumpus.drivers.",
    "rumpus.hal.",
    "rumpus.rump.tables.",
    "rumpus.transports.",
)

# Modules that are named whole and loaded when they are first needed, on every device.
LATE = ("rumpus.owner",)
# Modules that are named whole, where the settings ask for DCMP: those that it begins with, and those that are
# loaded when they are first needed.
MANAGED_AT_ONCE = (
    "rumpus.management.management",
    "rumpus.transports.udp",
    "rumpus.rmdp.tables.timing",
    "rumpus.dcmp.codec_files",
    "rumpus.dcmp.codec_registration",
)
MANAGED_LATE = (
    "rumpus.management.files",
    "rumpus.management.server",
    "rumpus.dcmp.events",
    "rumpus.update.updater",
)
#: The update mode, a program of its own beside the package.
MODE = "update_mode"
MANAGED = MANAGED_AT_ONCE + MANAGED_LATE


class Device(NamedTuple):
    """What decides about the modules. drivers: of the wiring's rows. runtime: micropython, circuitpython
    or blinka."""

    board: str
    appliance: str
    transport: str
    hal: str
    runtime: str
    drivers: tuple[str, ...]


def roots(device: Device) -> list[str]:
    """The modules that the settings and the wiring name, dotted."""
    place = f"rumpus.appliances.{device.appliance}"
    return [
        "rumpus.app",
        f"rumpus.hal.{device.hal}",
        f"rumpus.transports.{device.transport}",
        f"rumpus.rump.tables.{device.appliance}",
        f"{place}.appliance",
        f"{place}.interlocks",
        f"boards.{device.board}.{device.appliance}",
        *LATE,
        *[f"rumpus.drivers.{driver}" for driver in device.drivers],
    ]


def needed(device: Device, more: Iterable[str] = ()) -> dict[str, Path]:
    """Every module that the device can come to import, dotted name -> file, sorted. more: further roots.

    Raises KeyError with the name of a root that does not exist.
    """
    return _reached([*roots(device), *entry_imports(), *more], device.runtime)


def mode_roots(device: Device) -> list[str]:
    """The modules that the update mode is, and those that the settings name for it."""
    return [
        MODE,
        f"rumpus.hal.{device.hal}",
        f"rumpus.transports.{device.transport}",
        "rumpus.transports.udp",
    ]


def needed_in_mode(device: Device) -> dict[str, Path]:
    """Every module that the update mode can come to import, as needed()."""
    return _reached(mode_roots(device), device.runtime)


def _reached(waiting: list[str], runtime: str) -> dict[str, Path]:
    for name in waiting:
        if path_of(name) is None:
            raise KeyError(name)
    found: dict[str, Path] = {}
    while waiting:
        name = waiting.pop()
        path = path_of(name)
        if name in found or path is None:
            continue
        found[name] = path
        waiting += parents(name)
        waiting += imported(name, path, runtime)
    return dict(sorted(found.items()))


def path_of(name: str) -> Path | None:
    """The file of a module of ours; None for modules of the interpreter and for folders without a file."""
    root = PREFIXES.get(name.split(".")[0])
    if root is None:
        return None
    path = root.joinpath(*name.split("."))
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return file
    return None


def parents(name: str) -> list[str]:
    """The packages that are imported with a module: a.b.c -> a, a.b."""
    parts = name.split(".")
    return [".".join(parts[:i]) for i in range(1, len(parts))]


def entry_imports() -> set[str]:
    """What the start files import of the firmware."""
    found: set[str] = set()
    for path in sorted((FIRMWARE / "entry").glob("*.py")):
        found.update(name for name in imported("entry", path, "micropython") if name.startswith("rumpus"))
    return found


@cache
def imported(name: str, path: Path, runtime: str) -> frozenset[str]:
    """The modules of ours that a file imports on a runtime, wherever in the file it does so."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in _on_runtime(tree, runtime, flags(tree, runtime)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolved(node, package)
            found.add(base)
            found.update(f"{base}.{alias.name}" for alias in node.names)
    return frozenset(name for name in found if path_of(name) is not None)


def resolved(node: ast.ImportFrom, package: str) -> str:
    """The dotted name that a `from ... import` starts at; package: of the file that it stands in."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    base = ".".join(parts[: len(parts) - node.level + 1])
    return f"{base}.{node.module}" if node.module else base


def flags(tree: ast.Module, runtime: str) -> dict[str, bool]:
    """Names at the top of a file that say which interpreter it is, and what they are on a runtime."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            decided = for_runtime(node.value, runtime, {})
            if decided is not None:
                found[node.targets[0].id] = decided
    return found


def for_runtime(test: ast.expr, runtime: str, known: dict[str, bool]) -> bool | None:
    """What `sys.implementation.name == "..."`, or a known flag, is on a runtime; None for any other test."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        decided = for_runtime(test.operand, runtime, known)
        return None if decided is None else not decided
    if isinstance(test, ast.Name):
        return known.get(test.id)
    if isinstance(test, ast.Compare) and ast.unparse(test).startswith("sys.implementation.name == "):
        implementation = "cpython" if runtime == "blinka" else runtime
        return ast.literal_eval(test.comparators[0]) == implementation
    return None


def _on_runtime(tree: ast.AST, runtime: str, known: dict[str, bool]) -> Iterator[ast.AST]:
    """All nodes but those behind an `if` that is for another interpreter."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if isinstance(node, ast.If) and (decided := for_runtime(node.test, runtime, known)) is not None:
            for statement in node.body if decided else node.orelse:
                yield statement
                yield from _on_runtime(statement, runtime, known)
        else:
            yield from _on_runtime(node, runtime, known)
