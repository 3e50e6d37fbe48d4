"""An upload through DCMP: its share of a serial line, its speed on TCP beside a bare socket's, and its heap.

The line is paced as a UART is, with room for a burst at the device's end (a UART with a buffer of its own; a
REPL's port has 260 bytes, and a bench that shares its processor loses some of what comes meanwhile, which is
shown without a goal). What a line carries of a bare stream of bytes stands beside it, because a busy machine
does not keep the pace either.
"""

import asyncio
import contextlib
import json
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from rumpus_host.bench.serial_line import RING, SerialLine
from rumpus_host.bench.virtual_appliance import BenchError, VirtualAppliance
from rumpus_host.carriers import SerialCarrier
from rumpus_host.client import Unreachable
from rumpus_host.dcmp.client import DcmpRefused, connect
from rumpus_host.deploy.build import build

from .board import DEVICE, ROOT
from .copies import copies
from .figures import Report, Row
from .interpreters import Interpreter
from .mpy import compile_tree

TYPE = "water_heater"
HEAP = "320wk"  # w: four bytes for each on 32 bit, eight on 64 bit
BAUDS = ((115_200, 30_000), (921_600, 200_000))  # baud, bytes of the file
TCP_BYTES = 1_000_000
SMALL_BYTES = 20_000  # of a trial of the heap
LONG_RING = 4096
SHARE = 0.80  # of the line rate, at least
FULL_PROFILE = 112_000
_LEAST, _MOST, _STEP = 40_000, 400_000, 2_000
_BITS = 10  # of a byte on the line
SLACK_S = 0.03
_PACKET = 1156  # bytes of a block with all its headers
_SETTINGS = {"dcmp": True, "udp": 0}


def run(found: list[Interpreter], rounds: int) -> Report:
    """The report. rounds: of each upload; medians count."""
    report = Report(
        "dcmp",
        f"uploads of {TYPE} from .mpy, medians of {rounds}; whole calls, from the request to the result",
    )
    with tempfile.TemporaryDirectory(prefix="rumpus-bench-") as name:
        folder = Path(name)
        for source, target in (("firmware/rumpus", "rumpus"), ("boards", "boards")):
            compile_tree(ROOT / source, folder / target)
        os.environ.update(RUMPUS_FIRMWARE=name, RUMPUS_BOARDS=name, RUMPUS_WATCH="0")
        asyncio.run(_measure(report, found, folder, rounds))
    return report


async def _measure(report: Report, found: list[Interpreter], folder: Path, rounds: int) -> None:
    for baud, size in BAUDS:
        bare_s = statistics.median([await bare(baud, size) for _ in range(rounds)])
        add_share(report, "a bare stream of bytes", baud, size, bare_s)
    for interpreter in found:
        for baud, size in BAUDS:
            for ring, goal in ((LONG_RING, True), (RING, False)):
                line = {"baud": baud, "ring": ring, "slack_s": SLACK_S if goal else 0.005}
                took = await _uploads(interpreter, folder, size, rounds if goal else 1, line)
                where = f"{interpreter.name}, serial, ring of {ring} bytes"
                add_share(report, where, baud, size, took, goal)
        ours = TCP_BYTES / await _uploads(interpreter, folder, TCP_BYTES, rounds) / 1000
        copy = TCP_BYTES / await copies(interpreter, HEAP, [os.urandom(TCP_BYTES)], rounds) / 1000
        ratio = copy / ours
        report.add(Row(f"{interpreter.name}, TCP", "upload", ours, "kB/s", ratio, "a bare socket's", copy))
    for interpreter in found:
        if interpreter.name.endswith("32"):
            await _add_heap(report, interpreter, folder)


def add_share(
    report: Report, where: str, baud: int, size: int, took_s: float, has_goal: bool = False
) -> None:
    """The row of `size` bytes that took so long over a line. has_goal: SHARE."""
    line_s = size * _BITS / baud
    what = f"share of {baud:,} baud"
    goal = 1 / SHARE if has_goal else None
    report.add(Row(where, what, 100 * line_s / took_s, "%", took_s / line_s, "the line's s", line_s, goal))


# --- uploads ----------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def _device(
    interpreter: Interpreter, line: dict[str, Any] | None, heap: str = HEAP
) -> AsyncIterator[VirtualAppliance]:
    # interpreters.py names the 64-bit one as what it is; the bench has a name without it.
    name = interpreter.name.removesuffix("64")
    carrier = "serial" if line else "tcp"
    entry = DEVICE / "watched_upload.py"
    device = VirtualAppliance(TYPE, name, carrier, heap=heap, settings=_SETTINGS, line=line, entry=entry)
    async with device:
        device.run()
        yield device


async def _uploads(
    interpreter: Interpreter, folder: Path, size: int, rounds: int, line: dict[str, Any] | None = None
) -> float:
    """Seconds of an upload, the median."""
    async with _device(interpreter, line) as device:
        return statistics.median([await _upload(device, folder, size, line) for _ in range(rounds)])


async def _upload(
    device: VirtualAppliance, folder: Path, size: int, line: dict[str, Any] | None = None
) -> float:
    path = folder / "file"
    path.write_bytes(os.urandom(size))
    url = f"{device.url}?baud={line['baud']}" if line else device.url
    async with connect(url) as controller:
        before = time.perf_counter()
        await controller.put_file(path, "UserDefined", "file", "1")
        took_s = time.perf_counter() - before
    kept = device.storage / "user" / "file"
    if kept.read_bytes() != path.read_bytes():
        raise BenchError("what arrived is not what was sent")
    return took_s


# --- beside it --------------------------------------------------------------------------------------------


async def bare(baud: int, size: int) -> float:
    """Seconds that the same line takes for bytes and nothing else."""
    line = SerialLine(LONG_RING, baud, SLACK_S)
    carrier = await SerialCarrier().open(line.path, baud)
    try:
        before = time.perf_counter()
        reader = asyncio.create_task(asyncio.to_thread(_read, line.device_fd, size))
        for at in range(0, size, _PACKET):
            await carrier.write(bytes(min(_PACKET, size - at)))
        await reader
        return time.perf_counter() - before
    finally:
        await carrier.close()
        line.close()


def _read(fd: int, size: int) -> None:
    until = time.monotonic() + 60
    while size > 0 and time.monotonic() < until:
        data = os.read(fd, LONG_RING)
        size -= len(data)
        if not data:
            time.sleep(0.001)


# --- heap -------------------------------------------------------------------------------------------------


async def _add_heap(report: Report, interpreter: Interpreter, folder: Path) -> None:
    os.environ["RUMPUS_WATCH"] = "1"
    for carrier, line in (("TCP", None), ("serial", {"ring": LONG_RING, "baud": 921_600})):
        async with _device(interpreter, line) as device:
            await asyncio.sleep(0.5)  # so that it is seen before
            await _upload(device, folder, 200_000, line)
            heap = await _noted(device)
        where = f"{interpreter.name}, heap in use, upload over {carrier}"
        for moment, what in (("before", "before any"), ("most", "at most during it"), ("after", "after it")):
            report.add(Row(where, what, heap[moment], "B"))
    os.environ["RUMPUS_WATCH"] = "0"
    where = f"{interpreter.name}, smallest heap in which uploads over TCP work"
    smallest = await _smallest(lambda heap: _works(interpreter, folder, heap))
    lean = await _smallest_of_lean(report, interpreter)
    if lean:
        report.add(Row(where, "lean build, full profile", lean, "B", goal=FULL_PROFILE))
    report.add(Row(where, "a .mpy for each module", smallest, "B", goal=None if lean else FULL_PROFILE))


async def _smallest_of_lean(report: Report, interpreter: Interpreter) -> int | None:
    """The same of what is put on a board; None, and a note, when that does not start."""
    with tempfile.TemporaryDirectory(prefix="rumpus-bench-") as name:
        for path, data in build("virtual", TYPE, profile="full").items():
            file = Path(name) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        kept = {key: os.environ[key] for key in ("RUMPUS_FIRMWARE", "RUMPUS_BOARDS")}
        os.environ.update(dict.fromkeys(kept, name))
        try:
            async with _device(interpreter, None, str(_MOST)) as device:
                await _upload(device, Path(name), SMALL_BYTES)
            return await _smallest(lambda heap: _works(interpreter, Path(name), heap))
        except BenchError as error:
            report.notes.append(f"The lean build of the full profile does not start: {error}")
            return None
        finally:
            os.environ.update(kept)


async def _noted(device: VirtualAppliance) -> dict[str, int]:
    path = device.storage / "heap"
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(OSError, ValueError):
                return json.loads(path.read_text(encoding="utf-8"))
            await asyncio.sleep(0.05)


async def _works(interpreter: Interpreter, folder: Path, heap: int) -> bool:
    try:
        async with _device(interpreter, None, str(heap)) as device:
            await _upload(device, folder, SMALL_BYTES)
            await _upload(device, folder, SMALL_BYTES)
            return True
    except (BenchError, Unreachable, DcmpRefused, OSError):
        return False


async def _smallest(works: Callable[[int], Any]) -> int:
    low, high = _LEAST, _MOST  # low is too small, high works
    while high - low > _STEP:
        middle = (low + high) // 2
        if await works(middle):
            high = middle
        else:
            low = middle
    return high
