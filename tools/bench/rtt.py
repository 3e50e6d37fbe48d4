"""Round trips through the running app beside a bare echo of the same bytes in the same interpreter.

All ends are pinned to one core: unpinned, the same echo moves between 18 and 75 microseconds. The
contestants run at the same time and take turns in short batches, so that all see the same machine; a ratio
is taken in each turn, and its median is told.
"""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from statistics import median
from typing import Any

from rumpus.rump.tables import messages, water_heater

from .board import CARRIERS, DEVICE, WATCHED_APP, Board, BoardFailed, field, free_port, serial_console
from .figures import Report, Row
from .interpreters import Interpreter

BATCH = 100
HEAP = "4M"
GOAL = 1.5
ECHO = "echo_asyncio"
WARM_UP = 50
ECHOES = {"echo_asyncio": "echo_asyncio.py", "echo_poll": "echo_poll.py"}
_TIMEOUT_S = 20

Trip = Callable[[], None]


def quieten(carrier: str) -> bool:
    """Pin this process, and what it starts, to one core, and before all others where we may: True then.

    Not for a pseudo-terminal: its bytes are moved by a thread of the kernel, which must get its turn.
    """
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    policy, priority = (os.SCHED_FIFO, 1) if carrier == "tcp" else (os.SCHED_OTHER, 0)
    try:
        os.sched_setscheduler(0, policy, os.sched_param(priority))
    except PermissionError:
        return False
    return carrier == "tcp"


def measure(interpreter: Sequence[str], carrier: str, batches: int) -> dict[str, Any]:
    """{contestant: {"p50_us", "p99_us", "ratio": {"p50", "p99"}}}; ratios to the asyncio echo."""
    with ExitStack() as stack:
        board = stack.enter_context(Board([*interpreter, WATCHED_APP], carrier=carrier))
        trips = {"status_query": _status_trip(board), "control": _control_trip(board)}
        trips["step"] = lambda: board.tick(0)
        request = board.status_query(1)
        for name, script in ECHOES.items():
            trips[name] = stack.enter_context(Echo(interpreter, carrier, script)).trip(request)
        for trip in trips.values():
            _batch(trip, WARM_UP)
        turns = []
        for i in range(batches):
            names = list(trips)[i % len(trips) :] + list(trips)[: i % len(trips)]
            turns.append({name: _batch(trips[name], BATCH) for name in names})
            board.tick()
    return {name: _summary([turn[name] for turn in turns], [t[ECHO] for t in turns]) for name in trips}


def _summary(mine: list[list[float]], echo: list[list[float]]) -> dict[str, Any]:
    """Percentiles of all trips; the ratios are the medians of those of the turns."""
    every = [us for turn in mine for us in turn]

    def ratio(part: float) -> float:
        return median(_percentile(a, part) / _percentile(b, part) for a, b in zip(mine, echo, strict=True))

    return {
        "p50_us": _percentile(every, 0.5),
        "p99_us": _percentile(every, 0.99),
        "ratio": {"p50": ratio(0.5), "p99": ratio(0.99)},
    }


def _percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def _batch(trip: Trip, n: int) -> list[float]:
    """Microseconds of n round trips."""
    times = []
    for _ in range(n):
        start = time.perf_counter_ns()
        trip()
        times.append((time.perf_counter_ns() - start) / 1000)
    return times


def _status_trip(board: Board) -> Trip:
    framed = board.status_query(7)
    length = _answer_length(board, framed, messages.STATUS_QUERY_RESPONSE)
    return _trip(board.wire.fd, framed, length)


def _control_trip(board: Board) -> Trip:
    """A thermostat's command; every one has a sequence number of its own, else it would be a repeat."""
    fields = [field(water_heater, "power", 1), field(water_heater, "target_temperature", 550)]
    framed = [board.control(sequence, fields) for sequence in range(1, 257)]
    length = _answer_length(board, framed[0], messages.RESPONSE)
    turn = 0

    def trip() -> None:
        nonlocal turn
        turn = (turn + 1) % len(framed)
        _exchange(board.wire.fd, framed[turn], length)

    return trip


def _answer_length(board: Board, framed: bytes, kind: int) -> int:
    """Bytes that the answer takes on the carrier, its framing included."""
    return len(board.wire.framed(1, board.wire.ask(framed, kind)))


def _trip(fd: int, framed: bytes, length: int) -> Trip:
    return lambda: _exchange(fd, framed, length)


def _exchange(fd: int, framed: bytes, length: int) -> None:
    """Send, and take in as many bytes as the answer has."""
    os.write(fd, framed)
    while length > 0:
        data = os.read(fd, 4096)
        if not data:
            raise BoardFailed("the carrier was closed")
        length -= len(data)


class Echo:
    """A process that sends back what it is sent."""

    def __init__(self, interpreter: Sequence[str], carrier: str, script: str) -> None:
        self._stream: socket.socket | None = None
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 (closed in __exit__)
        command = [*interpreter, str(DEVICE / script), carrier]
        if carrier == "serial":
            self._fd, console = serial_console()
            self._process = subprocess.Popen(command, **console, stderr=self._stderr)
            os.close(console["stdin"])
            return
        port = free_port()
        self._process = subprocess.Popen([*command, str(port)], stdin=subprocess.DEVNULL, stderr=self._stderr)
        self._stream = self._connected(port)
        self._stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._fd = self._stream.fileno()

    def _connected(self, port: int) -> socket.socket:
        end = time.monotonic() + _TIMEOUT_S
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port))
            except OSError as error:
                if time.monotonic() > end or self._process.poll() is not None:
                    self._stderr.seek(0)
                    raise BoardFailed(f"no echo: {self._stderr.read().decode(errors='replace')}") from error
                time.sleep(0.01)

    def trip(self, request: bytes) -> Trip:
        return _trip(self._fd, request, len(request))

    def __enter__(self) -> "Echo":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        if self._stream:
            self._stream.close()
        else:
            os.close(self._fd)
        self._stderr.close()


def run(found: Sequence[Interpreter], batches: int) -> Report:
    """The report: every interpreter, every carrier."""
    report = Report("rtt", f"{batches} batches of {BATCH} round trips in turns, all on one core")
    for interpreter in found:
        for carrier in CARRIERS:
            priority = ", real-time priority" if quieten(carrier) else ""
            figures = measure(interpreter.command(HEAP), carrier, batches)
            where = f"{interpreter.name}, {carrier}{priority}"
            for name, mine in figures.items():
                for part in ("p50", "p99"):
                    goal = GOAL if name in ("status_query", "control") else None
                    what, us = f"{name.replace('_', ' ')}, {part}", mine[f"{part}_us"]
                    echo_us = figures[ECHO][f"{part}_us"]
                    report.add(Row(where, what, us, "us", mine["ratio"][part], ECHO, echo_us, goal))
    report.notes.append(
        "control: its answer shows the state after one pass of the control loop, the interlocks and the drivers, "
        "which is the figure `step`."
    )
    return report
