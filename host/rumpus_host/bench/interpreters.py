"""The interpreters that can run the firmware here, by name.

micropython     $MICROPYTHON, else what tools/get_micropython.py finds or has in its cache
micropython32   $MICROPYTHON32, likewise: 32-bit objects, as on a microcontroller
cpython         the Python that runs the bench
"""

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from .repository import TOOLS

NAMES = ("micropython", "micropython32", "cpython")
BITS = {"micropython": 64, "micropython32": 32}
VARIABLES = {"micropython": "MICROPYTHON", "micropython32": "MICROPYTHON32"}

_ASK = "import sys; print('.'.join(str(n) for n in sys.implementation.version[:3]))"


class InterpreterNotFound(Exception):
    """No such interpreter here; the text says what to do."""


class Interpreter(NamedTuple):
    name: str
    path: str
    version: str

    def command(self, script: Path, heap: str | None = None, repl: bool = False) -> list[str]:
        """The command that runs a script. heap: a limit such as "64k" or "64kw" (words); MicroPython only.
        repl: give the prompt afterwards, as a board does."""
        if heap and self.name == "cpython":
            raise ValueError("CPython has no heap limit")
        limit = ["-X", f"heapsize={heap}"] if heap else []
        return [self.path, *(["-i"] if repl else []), *limit, str(script)]


def find(name: str) -> Interpreter:
    """The interpreter of that name. Raises InterpreterNotFound; ValueError for an unknown name."""
    if name not in NAMES:
        raise ValueError(f"interpreter {name!r} is none of {', '.join(NAMES)}")
    # What the user sets in the environment may change between calls, so it is part of the cache's key.
    return _find(name, os.environ.get(VARIABLES.get(name, ""), ""))


@functools.cache
def _find(name: str, wish: str) -> Interpreter:
    path = sys.executable if name == "cpython" else _micropython(name, wish)
    asked = subprocess.run(
        [path, "-c", _ASK], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )
    if asked.returncode:
        raise InterpreterNotFound(f"{path} does not run: {asked.stderr.strip() or asked.returncode}")
    return Interpreter(name, path, asked.stdout.strip())


def _micropython(name: str, wish: str) -> str:
    finder = _finder()
    if finder is not None:
        try:
            return str(finder.find(BITS[name]))
        except finder.NotFound as error:
            bits = " --bits 32" if BITS[name] == 32 else ""
            raise InterpreterNotFound(f"{error}\nTry: python3 tools/get_micropython.py{bits}") from error
    path = shutil.which(wish or "micropython")
    if not path or (name == "micropython32" and not wish):
        raise InterpreterNotFound(f"No {name} here. Set {VARIABLES[name]} to the path of the program.")
    return path


def _finder() -> ModuleType | None:
    """tools/get_micropython.py of the checkout; None when this is not one."""
    path = TOOLS / "get_micropython.py"
    if not path.exists():
        return None
    if str(TOOLS) not in sys.path:  # the tool imports its neighbours
        sys.path.append(str(TOOLS))
    spec = importlib.util.spec_from_file_location("get_micropython", path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
