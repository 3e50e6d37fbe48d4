"""A virtual appliance: the real firmware on a real interpreter, with a plant behind its pins.

    async with VirtualAppliance("water_heater") as appliance:
        appliance.plant.draw_off = 4.0
        await appliance.advance(60_000)      # a minute of the device's life, as fast as it goes
        appliance.outputs["element"]         # the level that the firmware gave it
        appliance.url                        # where a client reaches it

Time passes for the device by the bench's ticks alone. A step of the bench is: the plant lives for that
long under the outputs as they are, the device gets the sensors' readings and the elapsed time, and its
answer is the outputs of the next step. Runs with the same seed are therefore the same to the bit.

The device dials the bench: a line with the token, a line of JSON that names its pins, then the frames
"T" (tick), "O" (outputs), "H" (the loop has ended) and "R" (it starts again) of firmware/rumpus/hal/virtual.py.
A process that ends with the exit code RESTART is started again, as a watchdog does with a board.
"""

import asyncio
import collections
import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from . import interpreters, plants
from .repository import BOARDS, CHIPS, ENTRY
from .sensors import Wires, load_rows
from .serial_line import SerialLine

STEP_MS = 100
LONGEST_STEP_MS = 60_000  # a tick carries a u16, and the firmware's steps are made for a minute at most
_START_S = 30.0  # for the firmware to dial in: a loaded machine with dozens of devices needs seconds
_ANSWER_S = 30.0  # for one step
_EXIT_S = 5.0
# What entry/main.py does where there is no board to reset; with a prompt the process does not end.
RESTART = 75
_RESTART_LINE = b"rumpus: restart"
_MOST_RESTARTS = 10  # in a row, before the device has answered a tick
_TRACEBACK_S = 0.5  # for a traceback that has begun to end
_PACE_S = 0.05  # how often run() moves time on
_MOST_BEHIND_S = 1.0  # real time that run() makes good when the machine was busy
_LOG_LINES = 1000
_SAID_LINES = 20  # of them in an error
_LONGEST_LINE = 4096  # of the device's two lines
_LOOPBACK = "127.0.0.1"


class BenchError(Exception):
    """The bench cannot go on."""


class DeviceDied(BenchError):
    """The firmware ended by an error, or its process did; the text holds what it said last."""


class VirtualAppliance:
    """One device.

    type          a name in plants.TYPES
    interpreter   a name in interpreters.NAMES
    carrier       "tcp" (the device listens on loopback) or "serial" (its console, on a pseudo-terminal)
    seed          of the plant's noise, the device's identity and its jitter
    heap          MicroPython's heap limit, such as "64k"
    settings      more settings for the firmware
    storage       folder of its settings and files; without one, a temporary folder that stop() removes
    plant         a plant of that type made by the caller
    line          SerialLine's arguments
    entry         another script to run in the firmware's place
    """

    def __init__(
        self,
        type: str,
        interpreter: str = "micropython",
        carrier: str = "tcp",
        *,
        seed: int = 0,
        heap: str | None = None,
        settings: dict[str, Any] | None = None,
        storage: Path | str | None = None,
        plant: plants.Plant | None = None,
        line: dict[str, Any] | None = None,
        entry: Path = ENTRY,
    ) -> None:
        if carrier not in ("tcp", "serial"):
            raise ValueError(f"carrier {carrier!r} is neither tcp nor serial")
        self.type = type
        self.carrier = carrier
        self.seed = seed
        self.plant = plant or plants.make(type, seed)
        self.interpreter = interpreters.find(interpreter)
        self.uuid = hashlib.sha256(f"{type} {seed}".encode()).hexdigest()[:32]
        self.outputs: dict[str, int] = {}  # role -> level as the firmware gave it: 0/1, or 0..1000
        self.restarts = 0  # that the firmware asked for
        self.service_button = False  # somebody presses it, where the wiring has one
        self.stalls: list[tuple[str, int, dict[str, int]]] = []  # call, ms, outputs meanwhile
        self.infrared: list[list[int]] = []  # frames sent: microseconds, marks and spaces in turn
        self.is_halted = False  # the firmware has ended by itself and given the console to the REPL
        self.elapsed_ms = 0  # virtual time since the device was made; goes on over a restart
        self.log: collections.deque[str] = collections.deque(maxlen=_LOG_LINES)  # what the process said
        self._command = self.interpreter.command(entry, heap, repl=carrier == "serial")
        self._more_settings = settings or {}
        self._own_storage = storage is None
        self.storage = Path(storage or tempfile.mkdtemp(prefix="rumpus-"))
        self.line = SerialLine(**(line or {})) if carrier == "serial" else None
        self._port = _ReservedPort() if carrier == "tcp" else None
        wiring = self._more_settings.get("wiring", type)
        self._wires = Wires(load_rows(BOARDS / "virtual" / f"{wiring}.py"))
        self._shares: dict[str, float] = {}
        self._traceback = asyncio.Event()  # the process has begun to print one
        self._death: BenchError | None = None  # why every further step fails
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._input_pins: list[str] = []
        self._output_pins: list[str] = []
        self._listeners: list[asyncio.Task[None]] = []
        self._pacer: asyncio.Task[None] | None = None
        self._asks_restart = False
        self._turn = asyncio.Lock()
        self._starting: asyncio.Task[None] | None = None  # again, as the firmware has asked for

    # --- life -----------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """Where a client reaches the device; the same after a restart."""
        if self.line:
            return f"serial://{self.line.path}"
        assert self._port
        return f"tcp://{_LOOPBACK}:{self._port.number}"

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start the firmware and give it its first readings. Raises DeviceDied or BenchError."""
        for _ in range(_MOST_RESTARTS):
            try:
                await self._start_once()
                return
            except DeviceDied:
                if not await self._wants_restart():
                    raise
        raise DeviceDied("the device restarts for ever" + self._said())

    async def _start_once(self) -> None:
        dialled: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
        dialled = asyncio.get_running_loop().create_future()

        def on_dial(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if dialled.done():
                writer.close()
            else:
                dialled.set_result((reader, writer))

        self.is_halted = False
        self._asks_restart = False
        self._traceback.clear()
        self._death = None
        server = await asyncio.start_server(on_dial, _LOOPBACK, 0, limit=_LONGEST_LINE)
        token = secrets.token_hex(16)
        try:
            self._process = process = await self._spawn(server.sockets[0].getsockname()[1], token)
            # On a console a firmware that fails leaves the process in the REPL: its traceback is its end.
            ends = [asyncio.ensure_future(end) for end in (process.wait(), self._traceback.wait())]
            await asyncio.wait({dialled, *ends}, timeout=_START_S, return_when=asyncio.FIRST_COMPLETED)
            for end in ends:
                end.cancel()
        finally:
            server.close()
        if not dialled.done():
            raise await self._failure("did not dial the bench")
        self._reader, self._writer = dialled.result()
        await self._answered(self._greet(token), _START_S, "did not name its pins")
        await self._tick(0)  # nobody else ticks: advance() and run() have not begun, or wait for this

    async def _wants_restart(self) -> bool:
        """True when the device asks to be started again; cleans up after it then."""
        process = self._process
        if process is None or not (process.returncode == RESTART or self._asks_restart):
            return False
        self.restarts += 1
        await self._end()
        return True

    async def stop(self) -> None:
        """End the firmware as a power switch does, and clean up. The bench cannot be started again."""
        await self.kill()
        if self.line:
            self.line.close()
            self.line = None
        if self._port:
            self._port.release()
        if self._own_storage:
            shutil.rmtree(self.storage, ignore_errors=True)

    async def kill(self) -> None:
        """Take the power away. Files that the device has written stay."""
        with contextlib.suppress(BenchError):  # it may have died before
            await self.pause()
        with contextlib.suppress(BenchError):
            await self._started_again()
        await self._end()

    async def _end(self) -> None:
        """No process any more."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            # Not process.kill(): that reaps a process which has just died behind asyncio's back.
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        await process.wait()
        await asyncio.gather(*self._listeners)
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    async def restart(self) -> None:
        """Off and on again: same storage, same plant, same url."""
        await self.kill()
        await self.start()

    # --- time -----------------------------------------------------------------------------------------

    async def advance(self, ms: int, step_ms: int = STEP_MS) -> None:
        """Let ms of virtual time pass in lock-step, in steps of step_ms (the last may be shorter).

        Raises DeviceDied when the firmware or its process fails, BenchError when it does not answer. Where
        the console's escape has ended the firmware (is_halted) time passes for the plant alone.
        """
        if not 0 < step_ms <= LONGEST_STEP_MS:
            raise ValueError(f"step_ms {step_ms} is not 1..{LONGEST_STEP_MS}")
        while ms > 0:
            elapsed_ms = min(ms, step_ms)
            await self._step(elapsed_ms)
            ms -= elapsed_ms

    def run(self, time_scale: float = 1.0) -> None:
        """Let time pass by itself from now on, time_scale times as fast as real time."""
        if self._pacer is not None:
            self._pacer.cancel()
        self._pacer = asyncio.create_task(self._pace(time_scale))

    async def pause(self) -> None:
        """Stop what run() started. Raises the BenchError that ended it before, if one did."""
        pacer, self._pacer = self._pacer, None
        if pacer is None:
            return
        try:  # between two steps: half a step would leave its answer for the next one
            await asyncio.wait_for(self._turn.acquire(), _EXIT_S)
        except TimeoutError:
            is_between = False
        else:
            is_between = True
        try:
            pacer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pacer
        finally:
            if is_between:
                self._turn.release()

    async def _pace(self, time_scale: float) -> None:
        clock = asyncio.get_running_loop().time
        at, owed_ms = clock(), 0.0
        while True:
            await asyncio.sleep(_PACE_S)
            before, at = at, clock()
            owed_ms += min(at - before, _MOST_BEHIND_S) * 1000 * time_scale
            due_ms = int(owed_ms // STEP_MS) * STEP_MS
            owed_ms -= due_ms
            await self.advance(due_ms)

    async def _step(self, elapsed_ms: int) -> None:
        async with self._turn:
            if elapsed_ms:
                self.plant.step(elapsed_ms / 1000, self._shares)
            try:
                await self._started_again()
                await self._tick(elapsed_ms)
            except DeviceDied as death:
                # Whoever is cancelled meanwhile, this goes on: half a start is none.
                self._starting = asyncio.ensure_future(self._start_again(death))
                await self._started_again()
            self.elapsed_ms += elapsed_ms

    async def _start_again(self, death: DeviceDied) -> None:
        """Start a device that has asked for it; raises its death for one that has not."""
        if not await self._wants_restart():
            raise death
        await self.start()

    async def _started_again(self) -> None:
        """Wait for a start that is going on."""
        starting = self._starting
        if starting is not None:
            try:
                await asyncio.shield(starting)
            finally:
                if starting.done():
                    self._starting = None

    async def _tick(self, elapsed_ms: int) -> None:
        readings = {"service_button": self.service_button, **self.plant.readings()}
        frame = bytearray(b"T" + elapsed_ms.to_bytes(2, "big"))
        for pin in self._input_pins:
            frame += self._wires.read(pin, readings, elapsed_ms / 1000).to_bytes(2, "big")
        await self._answered(self._exchange(frame), _ANSWER_S, "did not answer a tick")

    async def _exchange(self, frame: bytes) -> None:
        if self._writer is None:
            raise DeviceDied("the device is switched off")
        if self.is_halted:
            return
        if self._death is not None:  # there is nobody to answer
            raise self._death
        self._writer.write(frame)
        kind = await self._reader.readexactly(1)
        while kind in (b"I", b"S"):
            await (self._take_infrared() if kind == b"I" else self._take_stall())
            kind = await self._reader.readexactly(1)
        if kind == b"O":
            await self._take_outputs()
        elif kind == b"H":
            self.is_halted = True
        elif kind == b"R":
            self._asks_restart = True
            raise DeviceDied("the device starts again")
        elif kind == b"E":
            self._death = await self._failure("ended by an error")
            raise self._death
        else:
            raise BenchError(f"the device answered a tick with {kind!r}")

    async def _take_outputs(self) -> None:
        answer = await self._reader.readexactly(2 * len(self._output_pins))
        for i, pin in enumerate(self._output_pins):
            word = int.from_bytes(answer[2 * i : 2 * i + 2], "big")
            role, self.outputs[role], self._shares[role] = self._wires.level(pin, word)

    async def _take_infrared(self) -> None:
        count = int.from_bytes(await self._reader.readexactly(2), "big")
        frame = await self._reader.readexactly(2 * count)
        self.infrared.append([int.from_bytes(frame[i : i + 2], "big") for i in range(0, 2 * count, 2)])

    async def _take_stall(self) -> None:
        """The firmware blocks: time passes for the plant alone, with the outputs as they are."""
        head = await self._reader.readexactly(3)
        ms, call = int.from_bytes(head[:2], "big"), (await self._reader.readexactly(head[2])).decode()
        self.stalls.append((call, ms, dict(self.outputs)))
        self.plant.step(ms / 1000, self._shares)
        self.elapsed_ms += ms

    # --- the process ----------------------------------------------------------------------------------

    def _write_settings(self, bench_port: int, token: str) -> Path:
        settings = {
            "hal": "virtual",
            "board": "virtual",
            "bench": f"{_LOOPBACK}:{bench_port}",
            "token": token,
            "appliance": self.type,
            "transport": "tcp_listen" if self._port else "uart",
            "host": _LOOPBACK,
            "port": self._port.number if self._port else 0,
            "uuid": self.uuid,
            "seed": self.seed,
            "storage": str(self.storage),
            "chips": str(CHIPS),
            **self._more_settings,
        }
        path = self.storage / "settings.json"
        path.write_text(json.dumps(settings), encoding="utf-8")
        return path

    async def _spawn(self, bench_port: int, token: str) -> asyncio.subprocess.Process:
        console: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
        if self.line:
            self.line.reset()
            fd = self.line.device_fd
            # The line is the process's controlling terminal: else no 0x03 could interrupt it.
            console = {"stdin": fd, "stdout": fd, "preexec_fn": _take_terminal}
        process = await asyncio.create_subprocess_exec(
            *self._command,
            **console,
            stderr=subprocess.PIPE,
            cwd=self.storage,
            env={**os.environ, "RUMPUS_SETTINGS": str(self._write_settings(bench_port, token))},
            start_new_session=True,
        )
        pipes = (process.stdout, process.stderr)
        self._listeners = [asyncio.create_task(self._listen(pipe)) for pipe in pipes if pipe]
        return process

    async def _listen(self, pipe: asyncio.StreamReader) -> None:
        while line := await pipe.readline():
            self.log.append(line.decode(errors="replace").rstrip())
            if line.startswith(_RESTART_LINE):
                self._asks_restart = True
            if line.startswith((b"Traceback ", _RESTART_LINE)):
                self._traceback.set()

    async def _greet(self, token: str) -> None:
        said = await self._reader.readuntil(b"\n")
        if not secrets.compare_digest(said, token.encode() + b"\n"):
            raise BenchError("something else than the firmware dialled the bench")
        names = json.loads(await self._reader.readuntil(b"\n"))
        self._input_pins, self._output_pins = names["inputs"], names["outputs"]
        # What no driver has in hand keeps the safe level that a board's boot.py gives it.
        self.outputs, self._shares = {}, {}
        if unknown := {*self._input_pins, *self._output_pins} - self._wires.pins:
            raise BenchError(f"the device has pins that its wiring file lacks: {', '.join(sorted(unknown))}")

    async def _answered(self, exchange: Coroutine[Any, Any, None], seconds: float, failure: str) -> None:
        """Await an exchange with the device; its end and its silence become errors that say why."""
        try:
            async with asyncio.timeout(seconds):
                await exchange
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
            raise await self._failure(failure) from error

    async def _failure(self, failure: str) -> BenchError:
        """The error for a device that did not do what it should, with what it said last."""
        process = self._process
        assert process is not None
        with contextlib.suppress(TimeoutError):
            # With a traceback on a console the process stays, in the REPL: wait for the text alone.
            seconds = _TRACEBACK_S if self.line and self._traceback.is_set() else _EXIT_S
            await asyncio.wait_for(process.wait(), seconds)
        if process.returncode is not None:
            await asyncio.gather(*self._listeners)
            return DeviceDied(f"the device {failure}: exit code {process.returncode}" + self._said())
        kind = DeviceDied if self._traceback.is_set() else BenchError
        return kind(f"the device {failure}" + self._said())

    def _said(self) -> str:
        return "".join(f"\n    {line}" for line in list(self.log)[-_SAID_LINES:])


def _take_terminal() -> None:
    """In the new process: make its stdin its controlling terminal."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class _ReservedPort:
    """A loopback port for the device, which cannot be asked for one: MicroPython has no getsockname().

    Where the system allows it the port stays bound, so that nobody else is given it while the device is
    off; a bound socket that does not listen is no obstacle to one that does.
    """

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((_LOOPBACK, 0))
        self.number = self._socket.getsockname()[1]
        if sys.platform != "linux":
            self.release()

    def release(self) -> None:
        self._socket.close()
