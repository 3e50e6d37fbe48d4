"""Who may import what, and a few things firmware files must not do. Prints `path:line: what, why`.

    python3 tools/check_imports.py [CHECKOUT]

The rules are the literal tables below. To add a module: if no row of LAYERS fits it, add one; a module
without a row is a violation, so that nobody adds a layer by accident.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

ANY = ("*",)
OWN = "."  # the top folder that the importing file is in, as in rump/ for rump/device.py

# The first row whose pattern fits the path under firmware/rumpus (no .py) decides.
# pattern, modules from outside it may import, modules of rumpus it may import (each with all below it)
LAYERS = (
    ("*tables/*", (), ()),
    ("__init__", (), ()),
    ("errors", (), ()),
    ("wire", ("struct",), ("errors",)),
    ("link", ("binascii", "sys"), ("errors", "wire")),
    ("serial_link", ("binascii", "sys"), ("errors", "wire", "link")),
    ("seal", ("hashlib",), ("errors", "wire", "ra.tables")),
    ("owner", (), ("errors", "hal", "link", "ra.tables", "seal", "wire")),
    ("ra/*", ("struct",), ("errors", "wire", OWN)),
    ("rump/*", ("struct",), ("errors", "wire", OWN)),
    ("dcmp/*", ("struct",), ("errors", "wire", "rump.tables", OWN)),
    ("rmdp/*", ("binascii", "struct"), ("errors", "wire", OWN)),
    ("connection", (), ("link",)),
    ("conversation", (), ("connection", "errors", "link", "ra", "rump", "wiring")),
    ("management/about", ("gc",), ("appliances.base", "dcmp", "rump.tables")),
    ("management/file_store", ("hashlib", "os"), ("errors", "wire", "dcmp.tables")),
    (
        "management/*",
        (),
        (
            "appliances.base",
            "connection",
            "conversation",
            "dcmp",
            "link",
            "memory",
            "rmdp",
            "rump",
            "transports",
            "update",
            "wiring",
            OWN,
        ),
    ),
    ("remote_state", (), ()),
    (
        "appliances/*",
        ("array",),
        ("errors", "remote_state", "rump.tables", "rump.state", "rump.control", OWN),
    ),
    ("interlocks", ("array",), ("errors", "interlock_conditions", "appliances.base")),
    ("interlock_conditions", ("array",), ("errors", "interlock_rows", "appliances.base")),
    ("interlock_rows", (), ("appliances.base",)),
    ("drivers/*", ("array", "math", "struct"), ("errors", "remote_state", "appliances.base", OWN)),
    ("transports/*", (), ("errors", "link", "serial_link", "rmdp.tables", OWN)),
    ("hal/*", ANY, ("errors", OWN)),
    ("retained", (), ("wire",)),
    ("panel", (), ("wiring", "appliances.base", "drivers")),
    ("wiring", (), ("errors", "appliances.base")),
    ("memory", ("gc", "sys"), ()),
    ("signature", (), ()),
    (
        "update/*",
        ("binascii", "gc", "hashlib", "json", "os"),
        ("errors", "signature", "wire", "dcmp.tables", OWN),
    ),
    (
        "update_mode/start",
        ("os",),
        ("hal.files", "update", "wiring", OWN),
    ),
    (
        "update_mode/*",
        (),
        (
            "connection",
            "dcmp",
            "hal.files",
            "link",
            "management.exchange",
            "ra",
            "rmdp.tables",
            "update",
            "wire",
            "wiring",
            OWN,
        ),
    ),
    ("app", ANY, ANY),
    ("start", ANY, ANY),
)

# Bytes to events, inputs to outputs: no clock, no socket, no file, no pin, and integers only.
CORE = (
    "wire",
    "link",
    "serial_link",
    "seal",
    "ra/*",
    "rump/*",
    "dcmp/*",
    "rmdp/*",
    "connection",
    "conversation",
    "management/exchange",
    "management/management",
    "management/sender",
    "management/server",
    "update_mode/app",
    "update_mode/device",
    "remote_state",
    "appliances/*",
    "interlocks",
    "interlock_conditions",
    "interlock_rows",
    "retained",
)
INTEGERS_ONLY = (
    "remote_state",
    "wire",
    "link",
    "serial_link",
    "rump/*",
    "appliances/*",
    "interlocks",
    "interlock_conditions",
    "interlock_rows",
    "retained",
)
WORLD = (
    "time",
    "utime",
    "socket",
    "select",
    "os",
    "io",
    "machine",
    "network",
    "board",
    "digitalio",
    "asyncio",
)

# Not on every interpreter, or too dear on a device.
NOT_ON_DEVICES = ("typing", "dataclasses", "enum", "abc", "functools", "logging", "__future__", "contextlib")
MAX_LINES = 300

# Files outside firmware: pattern of the path in the checkout, modules they must not import, why.
ELSEWHERE = (
    ("boards/*.py", ANY, "a board is a table of literals"),
    ("tests/shared/*.py", (*NOT_ON_DEVICES, "pytest", "hypothesis"), "these tests also run on MicroPython"),
    ("host/*.py", ("rumpus.hal.micropython", "rumpus.hal.circuitpython"), "the host has no pins of a board"),
)


class Violation(NamedTuple):
    path: str
    line: int
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}, {self.why}"


Found = Iterator[tuple[int, str, str]]  # line, what, why


def check(root: Path) -> list[Violation]:
    """All violations in the checkout at root."""
    found = []
    for path in source_files(root):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            found.append(Violation(name, error.lineno or 1, "syntax error", str(error.msg)))
            continue
        found += [Violation(name, *violation) for violation in check_file(root, path, tree, text)]
    return sorted(found)


def source_files(root: Path) -> list[Path]:
    folders = ("firmware", "boards", "host", "tests/shared")
    return sorted(path for folder in folders for path in (root / folder).rglob("*.py"))


def check_file(root: Path, path: Path, tree: ast.Module, text: str) -> Found:
    package = root / "firmware" / "rumpus"
    if path.is_relative_to(package):
        module = path.relative_to(package).with_suffix("").as_posix()
        yield from check_layer(package, module, tree)
        if fits(module, CORE):
            yield from check_core(tree)
        if fits(module, INTEGERS_ONLY):
            yield from check_integers(tree)
    else:
        yield from check_elsewhere(path.relative_to(root).as_posix(), tree)
    if path.is_relative_to(root / "firmware"):
        yield from check_firmware(tree, text)


# --- the rules, one function each -----------------------------------------------------------------------


def check_layer(package: Path, module: str, tree: ast.Module) -> Found:
    """Imports against the module's row of LAYERS."""
    row = next((row for row in LAYERS if fits(module, row[:1])), None)
    if row is None:
        yield 1, f"{module} is in no layer", "add a row to LAYERS in tools/check_imports.py"
        return
    pattern, outside, inside = row
    own = module.split("/")[0] if "/" in module else ""
    for line, name in imports(tree, package, module):
        if name == "rumpus" or name.startswith("rumpus."):
            target = name.removeprefix("rumpus").removeprefix(".")
            allowed = [own if entry == OWN else entry for entry in inside]
            if not is_below(target, allowed):
                yield line, f"imports {name}", f"{pattern} may import {listed(inside)} of rumpus"
        elif name.split(".")[0] in WORLD and fits(module, CORE):
            yield (
                line,
                f"imports {name}",
                "core files know no clock, sockets, files or pins; take it as an argument",
            )
        elif not is_below(name, outside) and not (name == "micropython" and pattern != "*tables/*"):
            yield line, f"imports {name}", f"{pattern} may import {listed(outside)} from outside"


def check_core(tree: ast.Module) -> Found:
    for call in calls(tree, "open"):
        yield call.lineno, "calls open()", "core files know no files; take the bytes as an argument"


def check_integers(tree: ast.Module) -> Found:
    why = "only integers here (counts of the table row): devices have single precision, others double"
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield node.lineno, f"float {node.value!r}", why
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield node.lineno, "true division /", why + "; use //"
    for call in calls(tree, "float"):
        yield call.lineno, "calls float()", why


def check_firmware(tree: ast.Module, text: str) -> Found:
    """What holds for every file on a device."""
    lines = text.count("\n")
    if lines > MAX_LINES:
        yield MAX_LINES + 1, f"{lines} lines", f"a firmware file has at most {MAX_LINES}; split it by idea"
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield node.lineno, "bare except", "it also swallows Ctrl-C and our own bugs; name the exceptions"
    for line, name in imports(tree):
        if name.split(".")[0] in NOT_ON_DEVICES:
            yield line, f"imports {name}", "the interpreters on devices lack it"


def check_elsewhere(path: str, tree: ast.Module) -> Found:
    for pattern, forbidden, why in ELSEWHERE:
        if fnmatchcase(path, pattern):
            for line, name in imports(tree):
                if is_below(name, forbidden):
                    yield line, f"imports {name}", why


# --- reading a file -------------------------------------------------------------------------------------


def imports(tree: ast.Module, package: Path | None = None, module: str = "") -> Iterator[tuple[int, str]]:
    """Each import as line and full dotted name, wherever in the file it stands.

    package, module: where rumpus lies and which file this is, to resolve relative imports.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = absolute(node, module)
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield node.lineno, full if is_module(package, full) else base


def absolute(node: ast.ImportFrom, module: str) -> str:
    """The dotted name that a `from ... import` starts at."""
    if not node.level:
        return node.module or ""
    folders = ["rumpus", *module.split("/")[:-1]]
    parts = folders[: len(folders) - node.level + 1]
    return ".".join([*parts, node.module] if node.module else parts)


def is_module(package: Path | None, name: str) -> bool:
    """Whether the dotted name is a file or folder of rumpus, not something inside one.

    Without a package every name counts as a module: forbidding it then reports too much, not too little.
    """
    if package is None:
        return name.startswith("rumpus.")
    path = package.parent.joinpath(*name.split("."))
    return name.startswith("rumpus.") and (path.is_dir() or path.with_suffix(".py").is_file())


def calls(tree: ast.Module, function: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
            yield node


def fits(module: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(module, pattern) for pattern in patterns)


def is_below(name: str, allowed: Iterable[str]) -> bool:
    return any(entry == "*" or name == entry or name.startswith(f"{entry}.") for entry in allowed)


def listed(names: Iterable[str]) -> str:
    return ", ".join("its own folder" if name == OWN else name for name in names) or "nothing"


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    found = check(root)
    for violation in found:
        print(violation)
    print(f"{len(source_files(root))} files, {len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
