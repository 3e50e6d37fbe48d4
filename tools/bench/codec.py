"""Time and heap for each message: Rumpus beside hand-written code on every interpreter.

On MicroPython everything runs from .mpy in a heap about as large as an ESP32's, because garbage costs what
the collector takes to sweep it up, and in a desktop's megabytes that looks like nothing.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from . import heap, peers
from .board import CARRIERS, DEVICE, ROOT
from .figures import Report, Row
from .interpreters import Interpreter
from .mpy import compile_tree

HEAP = "256wk"  # w: four bytes for each on 32 bit, eight on 64 bit
SLICE_US = 2000
# Long enough for the collector to run several times in the slice of whoever makes garbage.
DEVICE_SLICE_US = 20000
_WHAT = {
    "status_20_decode": "status of 20 fields, decode",
    "status_20_encode": "status of 20 fields, encode",
    "status_20_both": "status of 20 fields, decode and encode",
    "status_water_heater": "status of a water heater, both",
    "status_air_conditioner": "status of an air conditioner, both",
    "status_refrigerator": "status of a refrigerator, both",
    "status_microwave_oven": "status of a microwave oven, both",
    "field_list": "control of 20 fields, encode and decode",
    "device_query": "device path, status query",
    "device_control_3": "device path, control of 3 fields",
    "device_control_20": "device path, control of 20 fields",
}
# group, on CPython?, against, the most that Rumpus may take of it
GOALS = (
    ("status_20_both", True, "struct", 2.5),
    ("field_list", True, "struct", 4.4),
    ("device_query", False, "struct", 1.0),
    ("device_control_3", False, "tlv", 0.8),
    ("device_control_20", False, "tlv", 0.8),
)


def run(found: list[Interpreter], rounds: int, messages: int) -> Report:
    """The report. rounds: of each race. messages: of each kind through the running app."""
    report = Report(
        "codec",
        f"medians of {rounds} rounds, paired; MicroPython from .mpy with a heap of {HEAP}; "
        "struct, tlv: written by hand for the same bytes and duties",
    )
    _add(report, "cpython", peers.race(rounds, SLICE_US), True)
    for interpreter in found:
        _add(report, interpreter.name, _race_on_device(interpreter, rounds), False)
    for interpreter in found:
        for carrier in CARRIERS:
            for phase, n in heap.measure(interpreter.command("4M"), carrier, messages).items():
                where = f"{interpreter.name}, running app over {carrier}"
                report.add(Row(where, f"{phase}: heap", n, "B", goal=0))
    return report


def _race_on_device(interpreter: Interpreter, rounds: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="rumpus-bench-") as name:
        folder = Path(name)
        compile_tree(ROOT / "firmware" / "rumpus", folder / "rumpus")
        compile_tree(DEVICE, folder)
        code = f"import codec_contestants as c; c.main({rounds}, {DEVICE_SLICE_US})"
        done = subprocess.run(
            [*interpreter.command(HEAP), "-c", code], cwd=folder, capture_output=True, text=True
        )
    if done.returncode:
        sys.exit(f"bench: the codec's contestants failed on {interpreter.name}:\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def _add(report: Report, where: str, found: dict[str, Any], is_cpython: bool) -> None:
    goals = {key: (against, most) for key, on_cpython, against, most in GOALS if on_cpython == is_cpython}
    for key, what in _WHAT.items():
        ours = found[key].pop("rumpus")
        against, most = goals.get(key, ("", None))
        for name in sorted(found[key], key=lambda other: -ours["ratio"][other]):
            goal = most if name == against else None
            others = found[key][name]["us"]
            report.add(Row(where, what, ours["us"], "us", ours["ratio"][name], name, others, goal))
        if ours["heap_bytes"] is not None and key.startswith("device"):
            report.add(Row(where, f"{what}: heap", ours["heap_bytes"], "B", goal=0))
