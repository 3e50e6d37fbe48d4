"""CircuitPython: the board's drive, where its files are copied to.

A FAT has no atomic replacement of many files. What can be done: code.py, which starts the device, is
taken away first and written last, and each file is written under another name, read back, and renamed. A
copy that is cut short leaves a board that starts nothing; its pins are inputs then, and loads are off by
the resistors of the wiring.
"""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ..bench.repository import FIRMWARE
from ..boards import load
from . import settings as of_device
from . import start_files
from .build import build
from .flash import RESERVE, SETTINGS, check_wiring
from .problem import DeployError
from .repl import Progress

BOOT_OUT = "boot_out.txt"
START = "code.py"
_DRIVE_SETTINGS = "settings.toml"
Say = Callable[[str], None]


class Report(NamedTuple):
    """What was done; next: what its owner has to do."""

    board: str
    appliance: str
    drive: str
    interpreter: str
    sent: list[str]
    kept: int
    free: int
    next: list[str]


def copy(
    drive: Path, board: str, appliance: str, wiring: Path | None, say: Say, begin: Callable[[int], Progress]
) -> Report:
    """Put a device on the drive of a CircuitPython board. Raises DeployError."""
    interpreter = check_drive(drive)
    on = load.board(board)
    if "circuitpython" not in on.runtimes:
        raise DeployError("wrong_board", f"{on.title} does not run CircuitPython.", "Leave --drive away.")
    rows = load.rows_of(wiring) if wiring else load.wiring(on, appliance)
    check_wiring(on, appliance, rows)
    files = _files(drive, on, appliance, wiring, rows)
    changed = {path: data for path, data in files.items() if _read(drive / path) != data}
    check_room(drive, changed)
    say(f"copy to {drive}")
    progress = begin(sum(map(len, changed.values())))
    if set(changed) - {SETTINGS[1:]}:
        (drive / START).unlink(missing_ok=True)
        changed[START] = files[START]
    for path in sorted(changed, key=lambda path: path == START):
        say(f"write {path}")
        _write(drive / path, changed[path])
        progress(len(changed[path]))
    _sync(drive)
    kept = len(files) - len(changed)
    free = shutil.disk_usage(drive).free
    return Report(board, appliance, str(drive), interpreter, sorted(changed), kept, free, _next(drive))


def check_drive(drive: Path) -> str:
    """What boot_out.txt says of the interpreter. Raises DeployError when it is no CircuitPython drive."""
    if not drive.is_dir():
        message = f"{drive} is no folder."
        raise DeployError(
            "no_drive", message, "Where is the drive CIRCUITPY mounted? Is the board plugged in?"
        )
    try:
        first = (drive / BOOT_OUT).read_text(errors="replace").splitlines()[0]
    except (OSError, IndexError):
        first = ""
    if "CircuitPython" not in first:
        message = f"{drive} is not the drive of a CircuitPython board: it has no {BOOT_OUT}."
        raise DeployError("no_drive", message, "The drive is called CIRCUITPY. Nothing was written.")
    if not os.access(drive, os.W_OK):
        message = f"{drive} can only be read: the device has the drive for itself (own_drive)."
        raise DeployError("no_drive", message, "Hold BOOT at power-up, or remove own_drive in its REPL.")
    return first


def check_room(drive: Path, changed: dict[str, bytes]) -> None:
    """Raises DeployError; before anything is written."""
    usage = shutil.disk_usage(drive)
    freed = sum((drive / path).stat().st_size for path in changed if (drive / path).exists())
    needed = sum(len(data) for data in changed.values()) + 2048 * len(changed)
    if usage.free + freed - needed < RESERVE:
        message = f"The drive is too full: {needed // 1024} kB are to be written, {usage.free // 1024} kB of "
        message += f"{usage.total // 1024} kB are free, and {RESERVE // 1024} kB must stay free."
        raise DeployError("full", message, "Remove libraries that it does not need. Nothing was written.")


def _files(drive: Path, on: load.Board, appliance: str, wiring: Path | None, rows: tuple) -> dict[str, bytes]:
    """Paths on the drive. The firmware lies in /lib: without a slot code.py takes what it finds there."""
    files: dict[str, bytes] = {}
    for transport in of_device.TRANSPORTS:
        built = build(on.name, appliance, transport=transport, runtime="circuitpython", wiring=wiring)
        files.update({f"lib/{path}": data for path, data in built.items()})
    start = start_files.start_files(rows)
    files.update({path[1:]: data for path, data in start.items()})
    files[START] = (FIRMWARE / "entry" / START).read_bytes()
    old = of_device.loads(_read(drive / SETTINGS[1:])) or {}
    settings = {**of_device.adopted(old, on, appliance), "hal": "circuitpython"}
    files[SETTINGS[1:]] = of_device.dumps({**settings, **wifi_of(_read(drive / _DRIVE_SETTINGS) or b"")})
    return files


def wifi_of(toml: bytes) -> dict[str, str]:
    """The network that settings.toml names: CircuitPython's own file, kept as it is."""
    found = {}
    for name, key in (("CIRCUITPY_WIFI_SSID", "wifi_ssid"), ("CIRCUITPY_WIFI_PASSWORD", "wifi_password")):
        match = re.search(rf'^\s*{name}\s*=\s*("(?:[^"\\]|\\.)*")', toml.decode(errors="replace"), re.M)
        if match:
            found[key] = json.loads(match[1])
    return found


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _write(path: Path, data: bytes) -> None:
    """Under another name, to the chip, read back, renamed. Raises DeployError."""
    new = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if new.read_bytes() != data:
            raise DeployError(
                "bad_write", f"The drive does not have what was written to {path}.", "Try again."
            )
        os.replace(new, path)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}."
        raise DeployError(
            "bad_write", message, "Is the drive mounted read-only, or full? Try again."
        ) from None


def _sync(drive: Path) -> None:
    if hasattr(os, "sync"):
        os.sync()
    del drive


def _next(drive: Path) -> list[str]:
    hints = ["Eject the drive, then press reset on the board: the device starts."]
    if not wifi_of(_read(drive / _DRIVE_SETTINGS) or b""):
        hints.append(
            f"Wi-Fi: CIRCUITPY_WIFI_SSID and CIRCUITPY_WIFI_PASSWORD in {_DRIVE_SETTINGS}, then again."
        )
    hints.append(
        "So that it can keep settings and totals: make an empty file own_drive; see docs/flashing.md."
    )
    return hints
