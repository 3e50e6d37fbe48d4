"""What lies in the root of a board beside the slots: boot.py, launch.py, main.py and the levels that boot.py sets."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from rumpus import __version__
from rumpus.hal.names import pwm_parts

from ..bench.repository import FIRMWARE
from ..boards import load
from ..boards.check import active_level
from ..boards.load import RoleRow

# Kinds of pins that switch something.
_OUTPUTS = ("digital_out", "pwm", "ir")
# An update over the network refuses versions below this one.
FLOOR = "0.1.0"


def safe_levels(rows: Sequence[RoleRow]) -> list[tuple[str, int]]:
    """(pin, level) for each output of a wiring: the level at which nothing is switched on."""
    levels = []
    for _role, driver, pin, option in rows:
        if load.needs_of(driver) in _OUTPUTS:
            levels.append((pwm_parts(pin)[0], 1 - active_level(option)))
    return levels


def start_files(rows: Sequence[RoleRow]) -> dict[str, bytes]:
    """The files of the root, in the order in which they are written."""
    return {
        "/safe_levels.py": _levels_text(safe_levels(rows)).encode(),
        **{
            f"/{name}": (FIRMWARE / "entry" / name).read_bytes()
            for name in ("boot.py", "launch.py", "main.py")
        },
    }


def _levels_text(levels: Sequence[tuple[str, int]]) -> str:
    rows = "".join(f"    ({pin!r}, {level}),\n" for pin, level in levels).replace("'", '"')
    return f'"""Levels of the outputs at which nothing is on. Written by rumpus flash."""\n\nLEVELS = (\n{rows})\n'


def manifest(board: str, appliance: str, files: Mapping[str, bytes]) -> bytes:
    """What says that a slot is whole, see update/tables/bundle.py; over a cable it is not signed."""
    head = {"board": board, "type": appliance, "version": __version__, "floor": FLOOR, "files": len(files)}
    lines: list[object] = [head]
    for path in sorted(files, key=lambda path: path.rpartition("/")[::2]):
        lines.append([path, len(files[path]), hashlib.sha256(files[path]).hexdigest()])
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines).encode()
