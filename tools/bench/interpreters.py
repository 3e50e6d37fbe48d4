"""The MicroPythons that are measured."""

from typing import NamedTuple

import get_micropython
from get_micropython import NotFound

__all__ = ["Interpreter", "NotFound", "find"]


class Interpreter(NamedTuple):
    name: str
    path: str

    def command(self, heap: str) -> list[str]:
        """The start of a command line. heap: its limit, such as "64k"."""
        return [self.path, "-X", f"heapsize={heap}"]


def find(bits: tuple[int, ...] = (64, 32)) -> list[Interpreter]:
    """Those of these word sizes. Raises get_micropython.NotFound."""
    return [Interpreter(f"micropython{n}", str(get_micropython.find(n))) for n in bits]
