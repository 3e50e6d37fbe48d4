"""A running app on a virtual board, driven by hand: bytes to its carrier, ticks to its clock.

The client here is a plain blocking descriptor and not the asyncio client of the host package, so that what
is measured is the device.
"""

import contextlib
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import termios
import tty
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from rumpus.link import RA, RUMP, StreamLink
from rumpus.ra import hello
from rumpus.ra.tables.messages import ONLY_NEW
from rumpus.rump.message import HEADER_SIZE, write_header
from rumpus.rump.tables import messages
from rumpus.serial_link import SerialLink
from rumpus_host.bench import plants
from rumpus_host.bench.sensors import Wires, load_rows

ROOT = Path(__file__).resolve().parent.parent.parent
DEVICE = Path(__file__).resolve().parent / "device"
CARRIERS = ("tcp", "serial")
WATCHED_APP = str(DEVICE / "watched_app.py")
TYPES = ("water_heater", "air_conditioner", "refrigerator", "microwave_oven")
UUID = "00112233445566778899aabbccddeeff"
_LOOPBACK = "127.0.0.1"
_TIMEOUT_S = 20
_TICK_MS = 100


class BoardFailed(Exception):
    """The process ended or did not answer; the text holds what it said."""


class Wire:
    """Packets over a blocking descriptor."""

    def __init__(self, carrier: str, fd: int) -> None:
        self.fd = fd
        self._link = (StreamLink if carrier == "tcp" else SerialLink)(4096)
        self._out = bytearray(512)

    def framed(self, channel: int, body: bytes) -> bytes:
        """The bytes of a packet on the carrier."""
        out, at = self._out, 2
        out[at] = channel
        end = at + 1 + len(body)
        out[at + 1 : end] = body
        start = self._link.frame(out, at, end)
        return bytes(out[start : self._link.out_end])

    def receive(self) -> tuple[int, bytes]:
        """The next packet: channel, body. Raises BoardFailed at the end of the carrier."""
        link = self._link
        while not link.next_packet():
            data = os.read(self.fd, 4096)
            if not data:
                raise BoardFailed("the carrier was closed")
            view = link.free()
            view[: len(data)] = data
            link.received(len(data))
        return link.buf[link.at], bytes(link.buf[link.at + 1 : link.end])

    def ask(self, framed: bytes, kind: int) -> bytes:
        """Send a framed RUMP message and return the answer of that kind; pushes in between are dropped."""
        os.write(self.fd, framed)
        while True:
            channel, body = self.receive()
            if channel == RUMP and body[1] == kind:
                return body


def rump_message(kind: int, sequence: int, device_id: bytes, body: bytes = b"") -> bytes:
    """A RUMP message to a device."""
    out = bytearray(HEADER_SIZE + len(body))
    at = write_header(out, 0, kind, sequence, device_id, len(body))
    out[at:] = body
    return bytes(out)


class Board:
    """command: starts the app; what it needs to know is in its environment.

    firmware, boards: folders with `rumpus` and with `boards` in them, source or compiled.
    """

    def __init__(
        self,
        command: Sequence[str],
        appliance: str = "water_heater",
        carrier: str = "tcp",
        environment: dict[str, str] | None = None,
        firmware: Path = ROOT / "firmware",
        boards: Path = ROOT,
        more_settings: dict[str, Any] | None = None,
    ) -> None:
        self.appliance = appliance
        self.carrier = carrier
        self.folder = Path(tempfile.mkdtemp(prefix="rumpus-bench-"))
        self._server = socket.create_server((_LOOPBACK, 0))
        self._server.settimeout(_TIMEOUT_S)
        self._port = free_port() if carrier == "tcp" else 0
        settings = {
            "hal": "virtual", "board": "virtual", "appliance": appliance, "uuid": UUID, "token": "bench",
            "bench": f"{_LOOPBACK}:{self._server.getsockname()[1]}", "storage": str(self.folder),
            "transport": "tcp_listen" if carrier == "tcp" else "uart", "host": _LOOPBACK, "port": self._port,
            **(more_settings or {}),
        }  # fmt: skip
        (self.folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
        self._stderr = (self.folder / "stderr").open("w+b")
        self._master, console = _console(carrier, self._stderr)
        self.process = subprocess.Popen(
            command,
            **console,
            stderr=self._stderr,
            start_new_session=True,
            env={
                **os.environ,
                "RUMPUS_SETTINGS": str(self.folder / "settings.json"),
                "RUMPUS_FIRMWARE": str(firmware),
                "RUMPUS_BOARDS": str(boards),
                **(environment or {}),
            },
        )
        if carrier == "serial":
            os.close(console["stdin"])
        self._stream: socket.socket | None = None
        self._bench: socket.socket | None = None

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self) -> None:
        self._bench = self._accept()
        with self._bench.makefile("rb", buffering=0) as file:
            file.readline()
            self.pins = json.loads(file.readline() or b"null")
        if self.pins is None:
            raise self.failure("did not name its pins")
        self._inputs = self._read_inputs()
        self.tick()
        if self.carrier == "tcp":
            self._stream = socket.create_connection((_LOOPBACK, self._port), timeout=_TIMEOUT_S)
            self._stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._stream.setblocking(True)
        self.wire = Wire(self.carrier, self._stream.fileno() if self._stream else self._master)
        os.write(self.wire.fd, self.wire.framed(RA, hello.pack_controller_hello(ONLY_NEW, "bench")))
        self.device_id = self._device_id()
        for _ in range(20):  # the appliance starts; what it has to say is said
            self.tick()

    def _read_inputs(self) -> bytes:
        """What a plant at rest gives to the input pins."""
        wires = Wires(load_rows(ROOT / "boards" / "virtual" / f"{self.appliance}.py"))
        readings = plants.make(self.appliance, 0).readings()
        words = [wires.read(pin, readings, _TICK_MS / 1000) for pin in self.pins["inputs"]]
        return b"".join(word.to_bytes(2, "big") for word in words)

    def _device_id(self) -> bytes:
        """What the device calls itself in its hello."""
        while True:
            channel, body = self.wire.receive()
            if channel == RA:
                return bytes(hello.unpack(body, 0, len(body))[1]["device_id"])

    def _accept(self) -> socket.socket:
        self._server.settimeout(0.2)
        for _ in range(int(_TIMEOUT_S / 0.2)):
            with contextlib.suppress(TimeoutError):
                stream = self._server.accept()[0]
                stream.settimeout(_TIMEOUT_S)
                return stream
            if self.process.poll() is not None:
                break
        raise self.failure("did not dial the bench")

    def failure(self, what: str) -> BoardFailed:
        self._stderr.seek(0)
        said = self._stderr.read().decode(errors="replace").strip()
        return BoardFailed(f"the device {what} (exit code {self.process.poll()}): {said[-600:]}")

    # --- what one can do with it --------------------------------------------------------------------------

    def tick(self, elapsed_ms: int = _TICK_MS) -> None:
        """Let time pass for the device; nothing around it changes."""
        assert self._bench
        self._bench.sendall(b"T" + elapsed_ms.to_bytes(2, "big") + self._inputs)
        missing = 1 + 2 * len(self.pins["outputs"])
        while missing:
            data = self._bench.recv(missing)
            if not data:
                raise self.failure("ended")
            missing -= len(data)

    def status_query(self, sequence: int) -> bytes:
        """A framed status query."""
        return self.wire.framed(RUMP, rump_message(messages.STATUS_QUERY, sequence, self.device_id))

    def control(self, sequence: int, fields: Sequence[tuple[int, bytes]]) -> bytes:
        """A framed control; fields: id and value bytes."""
        body = bytes((len(fields),)) + b"".join(bytes((field, len(v))) + v for field, v in fields)
        return self.wire.framed(RUMP, rump_message(messages.CONTROL, sequence, self.device_id, body))

    def result(self) -> Any:
        """What the script has left in its result file; the device is stopped for it."""
        if self._bench:
            self._bench.close()
            self._bench = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_TIMEOUT_S)
        path = self.folder / "result.json"
        if not path.exists():
            raise self.failure("left no result")
        return json.loads(path.read_text(encoding="utf-8"))

    def stop(self) -> None:
        for stream in (self._bench, self._stream, self._server):
            if stream:
                stream.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
        self._stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _console(carrier: str, stderr: Any) -> tuple[int, dict[str, Any]]:
    """(our end or -1, Popen arguments) of the process's stdin and stdout."""
    if carrier == "tcp":
        return -1, {"stdin": subprocess.DEVNULL, "stdout": stderr}
    return serial_console()


def serial_console() -> tuple[int, dict[str, Any]]:
    """A pseudo-terminal: (our end, Popen arguments). The reads of the other end never block."""
    master, slave = os.openpty()
    tty.setraw(slave)
    mode = termios.tcgetattr(slave)
    mode[6][termios.VMIN] = mode[6][termios.VTIME] = 0
    termios.tcsetattr(slave, termios.TCSANOW, mode)
    return master, {"stdin": slave, "stdout": slave}


def free_port() -> int:
    """A port of the loopback address that nobody has now."""
    with socket.create_server((_LOOPBACK, 0)) as server:
        return server.getsockname()[1]


def field(table: Any, name: str, counts: int) -> tuple[int, bytes]:
    """A field of a control: id and value bytes."""
    from rumpus.rump.state import rows_of

    for row in rows_of(table):
        if row[1] == name:
            return row[0], struct.pack(row[2], counts)
    raise KeyError(name)
