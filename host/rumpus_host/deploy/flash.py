"""From a board with an interpreter to a device: compare, restart into maintenance, write, check, start.

Whatever happens in between, the board is in one of two states: its old self, or maintenance, in which
boot.py sets the outputs to their safe levels and nothing else runs. The file `maintenance` is the first
thing written and the last thing removed; a slot has no `manifest` while its files are written.

The firmware goes to a slot of files, or, where the interpreter has one, to its ROMFS partition; then no slot
stays, since a slot runs before it.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ..boards import check, load
from ..boards.load import Board, RoleRow
from . import romfs, start_files
from . import settings as of_device
from .build import build
from .problem import DeployError
from .repl import Entry, Look, Progress, Repl

SLOT = "/a"
OTHER_SLOT = "/b"
MAINTENANCE = "/maintenance"
MANIFEST = f"{SLOT}/manifest"
SETTINGS = "/settings.json"
# Which slot runs, see entry/main.py; without them the first one does.
SLOT_RECORDS = ("/slot.0", "/slot.1", "/staging.0", "/staging.1")
# What an appliance has kept, see retained.py and app.py. Of no use to another appliance.
RETAINED = ("/kept.0", "/kept.1", "/events")
# Left free for what the device itself writes.
RESERVE = 32 * 1024
OLDEST = (1, 22)

Say = Callable[[str], None]


class Content(NamedTuple):
    """What a device is made of. transport: the only one that is there; None when all are. slot: paths in
    the slot. start: paths in the root, in order. at: the slot's folder, or where its ROMFS is mounted.
    has_dcmp: DCMP and updates are there."""

    board: Board
    appliance: str
    transport: str | None
    slot: dict[str, bytes]
    start: dict[str, bytes]
    at: str = SLOT
    has_dcmp: bool = False

    @property
    def in_rom(self) -> bool:
        return self.at == romfs.ROM


class Report(NamedTuple):
    """What a deploy did. sent, removed: paths. kept: how many files were there already."""

    board: str
    appliance: str
    port: str
    interpreter: str
    sent: list[str]
    bytes_sent: int
    kept: int
    removed: list[str]
    free: int
    settings: of_device.Settings


def content(
    board: str,
    appliance: str,
    wiring: Path | None = None,
    with_firmware: bool = True,
    lean_transport: str | None = None,
    in_rom: bool = False,
    has_dcmp: bool = False,
) -> Content:
    """Build what belongs on a device. wiring: a file of one's own. lean_transport: the one carrier of a lean
    build; else all are there, and which one is used is a setting. in_rom: it goes to the ROMFS partition.
    has_dcmp: with DCMP and updates, which need more memory. Raises DeployError, BoardError, BuildError.
    """
    on = load.board(board)
    if "micropython" not in on.runtimes:
        raise _not_for_flash(on)
    rows = load.rows_of(wiring) if wiring else load.wiring(on, appliance)
    check_wiring(on, appliance, rows)
    files: dict[str, bytes] = {}
    for transport in (lean_transport,) if lean_transport else of_device.TRANSPORTS:
        if with_firmware:
            make = _built if wiring is None else _build
            files.update(make(board, appliance, transport, lean_transport, wiring, has_dcmp))
    if in_rom:
        files[romfs.MANIFEST] = start_files.manifest(board, appliance, files)
    at = romfs.ROM if in_rom else SLOT
    return Content(on, appliance, lean_transport, files, start_files.start_files(rows), at, has_dcmp)


def _build(
    board: str,
    appliance: str,
    transport: str,
    lean_transport: str | None,
    wiring: Path | None,
    has_dcmp: bool,
) -> dict[str, bytes]:
    return build(
        board,
        appliance,
        transport=transport,
        profile="full" if has_dcmp else "core",
        runtime="micropython",
        wiring=wiring,
        lean=lean_transport is not None,
    )


_built = cache(_build)  # whoever flashes many boards builds once


def _not_for_flash(on: Board) -> DeployError:
    if "circuitpython" in on.runtimes:
        advice = "Copy to its drive: rumpus flash ... --drive PATH"
        return DeployError("wrong_board", f"{on.title} runs CircuitPython, which has a drive.", advice)
    message = f"{on.title} is no board with a flash: its firmware runs on this computer."
    return DeployError("wrong_board", message, f"See boards/{on.name}/README.md, or: rumpus sim TYPE")


def check_wiring(on: Board, appliance: str, rows: tuple[RoleRow, ...]) -> None:
    problems = check.check(on, appliance, rows)
    if problems:
        words = " ".join(problem.sentence for problem in problems)
        advice = f"See: rumpus wiring --board {on.name} --appliance {appliance}"
        raise DeployError("wiring_refused", f"This wiring is not safe: {words}", advice)


# --- the deploy ---------------------------------------------------------------------------------------


def deploy(repl: Repl, new: Content, say: Say, begin: Callable[[int], Progress]) -> Report:
    """Put the content on the board at the REPL; it is left in maintenance, see start().

    say: told what is being done. begin: told how many bytes will be sent; what it returns is told of each
    piece. Raises DeployError.
    """
    say("break into the REPL")
    repl.break_in()
    look = repl.look()
    check_board(look, new.board, repl.port)
    rom = romfs.image(new.slot) if new.in_rom else b""
    if new.in_rom:
        romfs.check(repl, len(rom))
    say("compare the files")
    there = files_of(repl)
    changed = {path: data for path, data in _wanted(new).items() if not _is_same(there.get(path), data)}
    old = _stale(there, new) if new.slot else {}
    files = {path: data for path, data in changed.items() if not _is_in_rom(path)}
    if len(files) == len(changed) and not _strange_in_rom(there, new):
        rom = b""
    check_room(look, there, files, old)
    say("restart into maintenance")
    enter_maintenance(repl)
    settings = _settings(repl, new, say)
    size = sum(map(len, files.values())) + len(rom)
    say(f"send {len(changed)} files, {size / 1000:.0f} kB")
    progress = begin(size)
    removed = _begin_slot(repl, new, there, old, bool(changed))
    _write_start(repl, new, files, there, say, progress)
    _write_slot(repl, files, there, say, progress)
    if rom:
        _write_rom(repl, rom, say, progress)
    say("check what was written")
    _check_written(repl, new)
    if new.slot and not new.in_rom:
        repl.write_whole(MANIFEST, start_files.manifest(new.board.name, new.appliance, new.slot))
    data = of_device.dumps(settings)
    if not _is_same(there.get(SETTINGS), data):
        repl.write_whole(SETTINGS, data)
    kept = len(_wanted(new)) - len(changed)
    interpreter = f"MicroPython {'.'.join(map(str, look.version))}, {look.machine}"
    free = repl.look().free
    names = new.board.name, new.appliance, repl.port, interpreter
    return Report(*names, list(changed), size, kept, removed, free, settings)


def check_board(look: Look, board: Board, port: str) -> None:
    """Is it this board, with an interpreter that can run the firmware? Raises DeployError."""
    if look.implementation != "micropython":
        message = (
            f"The board at {port} runs {look.implementation}, and {board.name} was asked for MicroPython."
        )
        raise DeployError("not_micropython", message, "For CircuitPython: rumpus flash ... --drive PATH")
    chip = re.sub("[^a-z0-9]", "", look.machine.rpartition(" with ")[2].lower())
    if chip != board.chip:
        message = f"Wrong chip: {board.title} has {board.chip}, and at {port} is {look.machine!r}."
        raise DeployError("wrong_chip", message, "Is it the right port, or another board? See: rumpus boards")
    if look.version < OLDEST:
        there, oldest = ".".join(map(str, look.version)), ".".join(map(str, OLDEST))
        message = f"MicroPython {there} on the board is too old: the firmware needs {oldest} or newer."
        raise DeployError("old_interpreter", message, "Write a new one: --image FILE")


def check_room(
    look: Look, there: Mapping[str, Entry], changed: Mapping[str, bytes], old: Mapping[str, Entry]
) -> None:
    """Would the flash be full afterwards? Before anything is written. Raises DeployError."""
    needed = sum(_blocks(len(data), look.block) for data in changed.values())
    folders = {folder for path in changed for folder in _folders(path)} - set(there)
    needed += 2 * look.block * len(folders)
    freed = sum(_blocks(there[path].size, look.block) for path in changed if path in there)
    freed += sum(_blocks(entry.size, look.block) for entry in old.values() if entry.size >= 0)
    left = look.free + freed - needed
    if left < RESERVE:
        message = f"The flash is too full: {needed // 1024} kB are to be written, {look.free // 1024} kB of "
        message += f"{look.size // 1024} kB are free, and {RESERVE // 1024} kB must stay free for the device."
        advice = "Remove files of your own: mpremote fs ls, mpremote fs rm. Nothing was written."
        raise DeployError("full", message, advice)


def _blocks(size: int, block: int) -> int:
    return -(-max(size, 1) // block) * block


def _folders(path: str) -> list[str]:
    parts = path.split("/")[1:-1]
    return ["/" + "/".join(parts[: i + 1]) for i in range(len(parts))]


def _wanted(new: Content) -> dict[str, bytes]:
    return {**new.start, **{f"{new.at}/{path}": data for path, data in new.slot.items()}}


def files_of(repl: Repl) -> dict[str, Entry]:
    """All that the board has, in its file system and in its ROMFS."""
    return {**repl.hashes(""), **repl.hashes(romfs.ROM)}


def _is_in_rom(path: str) -> bool:
    return path.startswith(f"{romfs.ROM}/")


def _strange_in_rom(there: Mapping[str, Entry], new: Content) -> bool:
    wanted = _wanted(new)
    return any(_is_in_rom(path) and entry.size >= 0 and path not in wanted for path, entry in there.items())


def _is_same(entry: Entry | None, data: bytes) -> bool:
    return entry == Entry(len(data), hashlib.sha256(data).hexdigest())


def _stale(there: Mapping[str, Entry], new: Content) -> dict[str, Entry]:
    """What lies in the slots and does not belong there: files of before, and the other slot, which may be
    for another wiring; all of both when the firmware goes elsewhere."""
    wanted = _wanted(new)
    kept = {*wanted, MANIFEST, *[folder for path in wanted for folder in _folders(path)]}
    if not new.in_rom:
        kept.add(SLOT)
    return {
        path: entry
        for path, entry in there.items()
        if (path + "/").startswith((f"{SLOT}/", f"{OTHER_SLOT}/")) and path not in kept
    }


# --- maintenance --------------------------------------------------------------------------------------


def enter_maintenance(repl: Repl) -> None:
    """From the REPL: restart into a state in which outputs are safe, nothing runs and no watchdog bites."""
    repl.write(MAINTENANCE, b"")
    repl.restart_and_break_in()


# --- writing ------------------------------------------------------------------------------------------


def _settings(repl: Repl, new: Content, say: Say) -> of_device.Settings:
    """The device's own, made fit. Where they are lost or of another appliance, its memory goes as well."""
    old = of_device.loads(repl.read(SETTINGS))
    if old is not None and old.get("appliance", new.appliance) != new.appliance:
        for path in RETAINED:
            repl.remove(path)
    settings = of_device.adopted(old or {}, new.board, new.appliance)
    if new.transport:
        of_device.set_transport(settings, new.transport)
    if new.slot:  # else what is there already decides
        if settings.get("dcmp") and not new.has_dcmp:
            say("no DCMP and no updates from now on: --dcmp keeps them")
        of_device.set_dcmp(settings, new.has_dcmp)
    return settings


def _begin_slot(
    repl: Repl, new: Content, there: Mapping[str, Entry], old: dict[str, Entry], is_changed: bool
) -> list[str]:
    """From here on no slot is whole, until the manifest is written. What was removed."""
    if not new.slot:
        return []
    if is_changed or old:
        repl.remove(MANIFEST)
    for path in SLOT_RECORDS:
        if path in there:
            repl.remove(path)
    repl.remove_tree(old)
    return sorted(path for path, entry in old.items() if entry.size >= 0)


def _set_aside(repl: Repl, path: str, there: Mapping[str, Entry]) -> None:
    """Somebody's own main.py or boot.py is kept under another name."""
    if path in there and b"umpus" not in (repl.read(path) or b""):
        repl.write_whole(path.replace(".py", ".old.py"), repl.read(path) or b"")


def _write_start(
    repl: Repl,
    new: Content,
    changed: Mapping[str, bytes],
    there: Mapping[str, Entry],
    say: Say,
    progress: Progress,
) -> None:
    for path in new.start:
        if path in changed:
            say(f"write {path}")
            _set_aside(repl, path, there)
            repl.write_whole(path, changed[path], progress)


def _write_rom(repl: Repl, image: bytes, say: Say, progress: Progress) -> None:
    """It is mounted at the start that follows."""
    say("write its ROMFS")
    romfs.write(repl, image, progress)
    repl.restart_and_break_in()


def _write_slot(
    repl: Repl, changed: Mapping[str, bytes], there: Mapping[str, Entry], say: Say, progress: Progress
) -> None:
    folders = set(there)
    for path, data in changed.items():
        if path.startswith(f"{SLOT}/"):
            say(f"write {path}")
            for folder in _folders(path):
                if folder not in folders:
                    repl.make_folder(folder)
                    folders.add(folder)
            repl.write(path, data, progress)


def _check_written(repl: Repl, new: Content) -> None:
    """Read all of it back, as hashes. Raises DeployError."""
    there = files_of(repl)
    wrong = [path for path, data in _wanted(new).items() if not _is_same(there.get(path), data)]
    if wrong:
        message = f"The board does not have what was sent: {', '.join(wrong)}."
        raise DeployError("bad_write", message, "Run it again; if it stays so, the flash chip is worn out.")
