"""A whole update: a bundle of the lean build, staged with all hashes into the slot that does not run, then
APPLY, restart, trial and commit, by the host's own procedure.

The transfer's share of a serial line, from the request to the result: the line is paced as a UART is. The goal
holds for a port with room for a burst; the 260 bytes of a REPL's port stand beside it without one, because a
bench that shares its processor stops the device for longer than they last. On TCP, the same bytes into the same
files by a bare socket. APPLY takes a second before it begins and ten of trial, which are in its time.
"""

import asyncio
import contextlib
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from rumpus_host.bench.repository import ENTRY
from rumpus_host.bench.serial_line import RING
from rumpus_host.bench.virtual_appliance import BenchError, VirtualAppliance
from rumpus_host.update import bundle, firmware, keys, procedure

from .board import DEVICE
from .copies import copies
from .dcmp import LONG_RING, SLACK_S, TYPE, add_share, bare
from .figures import Report, Row
from .interpreters import Interpreter

BOARD = "virtual"
HEAP = "320wk"
BAUDS = (115_200, 921_600)
OLD, NEW = "1.0.0", "1.1.0"
_SETTINGS = {"dcmp": True, "udp": 0}
_LOOK_S = 0.005


class Build(NamedTuple):
    """The version a device runs, and the bundle of the next one."""

    old: dict[str, bytes]
    path: Path
    bundle: bundle.Bundle
    public: bytes


class Took(NamedTuple):
    """Seconds of one update. heap: bytes at most before, while it came in, and until the restart."""

    transfer_s: float
    restart_s: float
    commit_s: float
    heap: tuple[int, int, int] = (0, 0, 0)


def run(found: list[Interpreter], rounds: int) -> Report:
    """The report. rounds: updates of each kind; medians count."""
    report = Report("update", f"{TYPE}, lean build, medians of {rounds}")
    with tempfile.TemporaryDirectory(prefix="rumpus-bench-") as name:
        asyncio.run(_measure(report, found, Path(name), rounds))
    return report


async def _measure(report: Report, found: list[Interpreter], folder: Path, rounds: int) -> None:
    builds = {transport: _build(folder, transport) for transport in ("uart", "tcp_listen")}
    for baud in BAUDS:
        size = builds["uart"].bundle.size
        bare_s = statistics.median([await bare(baud, size) for _ in range(rounds)])
        add_share(report, "a bare stream of bytes", baud, size, bare_s)
    for interpreter in found:
        for baud in BAUDS:
            for ring, has_goal in ((LONG_RING, True), (RING, False)):
                line = {"baud": baud, "ring": ring, **({"slack_s": SLACK_S} if has_goal else {})}
                took = await _updates(interpreter, builds["uart"], rounds if has_goal else 1, line)
                where = f"{interpreter.name}, serial, ring of {ring} bytes"
                add_share(report, where, baud, builds["uart"].bundle.size, took.transfer_s, has_goal)
        build = builds["tcp_listen"]
        took = await _updates(interpreter, build, rounds)
        files = [build.bundle.signed, *build.bundle.files.values()]
        copy_s = await copies(interpreter, HEAP, files, rounds)
        where = f"{interpreter.name}, TCP"
        rate, copy = (build.bundle.size / s / 1000 for s in (took.transfer_s, copy_s))
        report.add(Row(where, "transfer", rate, "kB/s", copy / rate, "a bare socket's", copy))
        report.add(Row(where, "APPLY, to the restart", took.restart_s, "s"))
        report.add(Row(where, "APPLY, to the commit", took.commit_s, "s"))
        if interpreter.name.endswith("32"):
            await _add_heap(report, interpreter, builds)


def _build(folder: Path, transport: str) -> Build:
    key = keys.make()
    old, new = (firmware.files(BOARD, TYPE, transport, version) for version in (OLD, NEW))
    path = folder / f"{transport}.bundle"
    path.write_bytes(bundle.pack(new, board=BOARD, appliance=TYPE, version=NEW, key=key))
    text = bundle.manifest(old, board=BOARD, appliance=TYPE, version=OLD)
    return Build({**old, "manifest": text}, path, bundle.read(path.read_bytes()), keys.public_bytes(key))


# --- updates ----------------------------------------------------------------------------------------------


async def _updates(
    interpreter: Interpreter, build: Build, rounds: int, line: dict[str, Any] | None = None
) -> Took:
    """The medians, each update of a device of its own."""
    took = [await _update(interpreter, build, line) for _ in range(rounds)]
    return Took(*(statistics.median(values) for values in list(zip(*took, strict=True))[:3]))


async def _update(
    interpreter: Interpreter, build: Build, line: dict[str, Any] | None = None, entry: Path = ENTRY
) -> Took:
    with tempfile.TemporaryDirectory(prefix="rumpus-bench-") as name:
        storage = Path(name)
        _install(build, storage)
        device = VirtualAppliance(
            TYPE,
            interpreter.name.removesuffix("64"),  # the bench's own name of it
            "serial" if line else "tcp",
            heap=HEAP,
            settings=_SETTINGS,
            storage=storage,
            line=line,
            entry=entry,
        )
        async with device:
            device.run()
            return await _follow(device, build, f"{device.url}?baud={line['baud']}" if line else device.url)


def _install(build: Build, storage: Path) -> None:
    for path, data in build.old.items():
        place = storage / "a" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    (storage / keys.DEVICE_FILE).write_bytes(build.public)


async def _follow(device: VirtualAppliance, build: Build, url: str) -> Took:
    seen: list[float] = []
    await procedure.look(url)
    before = _heap(device)
    await procedure.send(url, build.path, build.bundle, lambda *_: seen.append(time.perf_counter()))
    staged = _heap(device)
    began = time.perf_counter()
    applying = asyncio.ensure_future(procedure.apply(url, "Update"))
    while not device.restarts and not applying.done():
        await asyncio.sleep(_LOOK_S)
    restarted, most = time.perf_counter(), _heap(device)
    slots = await applying
    if (slots.version, slots.state) != (NEW, "committed"):
        raise BenchError(f"the update ended as {slots}")
    now = time.perf_counter()
    return Took(seen[-1] - seen[0], restarted - began, now - began, (before, staged, most))


def _heap(device: VirtualAppliance) -> int:
    """What watched_slot.py has seen at most, 0 where it is not there."""
    with contextlib.suppress(OSError, ValueError):
        return int((device.storage / "heap").read_text(encoding="utf-8"))
    return 0


async def _add_heap(report: Report, interpreter: Interpreter, builds: dict[str, Build]) -> None:
    os.environ["RUMPUS_MAIN"] = str(ENTRY)
    for carrier, transport, line in (
        ("TCP", "tcp_listen", None),
        ("serial", "uart", {"baud": BAUDS[-1], "ring": LONG_RING}),
    ):
        took = await _update(interpreter, builds[transport], line, DEVICE / "watched_slot.py")
        where = f"{interpreter.name}, heap in use, update over {carrier}"
        whats = ("at most before it", "at most while it comes in", "at most until the restart")
        for what, most in zip(whats, took.heap, strict=True):
            report.add(Row(where, what, most, "B"))
