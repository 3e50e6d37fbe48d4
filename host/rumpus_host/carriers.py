"""Carriers by URL: bytes in, bytes out, for asyncio.

tcp://HOST:PORT                 what a device on the LAN listens on
serial:///dev/ttyUSB0?baud=N    a cable; also serial://COM3
rfc2217://, socket://, loop://, spy://, hwgrep://   pyserial's own
"""

import asyncio
import contextlib
import threading
import time
from urllib.parse import parse_qs, urlsplit

import serial

from rumpus.errors import TransportError
from rumpus.link import StreamLink
from rumpus.serial_link import SerialLink

DEFAULT_BAUD = 115200
DEFAULT_PORT = 3880  # registered to IGRS
# A board's REPL port keeps this many bytes that the firmware has not read yet; more are lost.
INPUT_RING = 260
# Written at once, then a pause of the time the line needs for it.
_CHUNK = 128
# Times the speed of the line: it is then never idle, and what is too much waits in the system's buffer.
_HURRY = 1.25
# Bytes that make good a late wake-up; with a piece they fit the ring.
_MOST_BEHIND = 64
_BITS_PER_BYTE = 10
# Longest packet the host takes in.
RECEIVE_SIZE = 8192

PYSERIAL_SCHEMES = ("serial", "rfc2217", "socket", "loop", "spy", "hwgrep", "alt", "cp2110")


class Carrier:
    """What a client needs: a link, bytes written in order, and a queue of bytes read.

    `received` gets bytes, and None once when the carrier has closed.
    """

    #: How many bytes of unanswered requests the far end can hold; None = no limit.
    window: int | None = None
    #: Seconds of a byte on the line, where it has a speed.
    byte_s = 0.0
    #: Seconds after which what came and is no packet yet is taken for console text; None = never.
    quiet_s: float | None = None

    def __init__(self, link: StreamLink | SerialLink):
        self.link = link
        self.received: asyncio.Queue[bytes | None] = asyncio.Queue()

    async def write(self, data: bytes) -> None:
        """Write all of data. Raises TransportError: "closed" (nothing was written) or "cut"."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close; `received` then ends with None."""
        raise NotImplementedError

    def places(self) -> tuple[tuple[str, int], tuple[str, int]] | None:
        """(ours, theirs) on an IP network; None for another carrier."""
        return None


class _TcpProtocol(asyncio.Protocol):
    def __init__(self, queue: asyncio.Queue):
        self.queue = queue

    def data_received(self, data: bytes) -> None:
        self.queue.put_nowait(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.queue.put_nowait(None)


class TcpCarrier(Carrier):
    """A connection to a device that listens. asyncio sets TCP_NODELAY itself."""

    def __init__(self):
        super().__init__(StreamLink(RECEIVE_SIZE))
        self.transport: asyncio.Transport

    async def open(self, host: str, port: int) -> "TcpCarrier":
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_connection(lambda: _TcpProtocol(self.received), host, port)
        return self

    def places(self) -> tuple[tuple[str, int], tuple[str, int]]:
        ours, theirs = (self.transport.get_extra_info(end) for end in ("sockname", "peername"))
        return ours[:2], theirs[:2]

    async def write(self, data: bytes) -> None:
        if self.transport.is_closing():
            raise TransportError("closed")
        self.transport.write(data)

    async def close(self) -> None:
        self.transport.abort()


class SerialCarrier(Carrier):
    """A serial port through pyserial, read in a thread of its own so that every URL of pyserial works."""

    window = INPUT_RING
    quiet_s = 0.2

    def __init__(self, console=None):
        super().__init__(SerialLink(RECEIVE_SIZE, console))
        self._closing = False

    async def open(self, url: str, baud: int) -> "SerialCarrier":
        self._loop = asyncio.get_running_loop()
        self.byte_s = _BITS_PER_BYTE / baud
        self._line_free_at = 0.0
        self._port = await asyncio.to_thread(_open_port, url, baud)
        self._thread = threading.Thread(target=self._read, name="rumpus-serial", daemon=True)
        self._thread.start()
        return self

    def _read(self) -> None:
        """Runs in the thread: wait for one byte, then take all that came with it."""
        try:
            while not self._closing:
                data = self._port.read(1)
                if data:
                    data += self._port.read(self._port.in_waiting)
                    self._put(data)
        except (serial.SerialException, OSError, TypeError, AttributeError):
            pass  # the port was closed or unplugged, both of which pyserial reports in many ways
        self._put(None)

    def _put(self, data: bytes | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop may have ended before the thread
            self._loop.call_soon_threadsafe(self.received.put_nowait, data)

    async def write(self, data: bytes) -> None:
        try:
            await asyncio.to_thread(self._write_paced, data)
        except (serial.SerialException, OSError) as error:
            raise TransportError("cut", str(error)) from error

    def _write_paced(self, data: bytes) -> None:
        """Write hardly faster than the line: the far end reads while it is busy, and loses what it cannot keep.

        In a thread, whose sleep is exact; the event loop's ends a millisecond late, as long as a piece takes.
        """
        byte_s = self.byte_s / _HURRY
        for at in range(0, len(data), _CHUNK):
            piece = data[at : at + _CHUNK]
            now = time.monotonic()
            if now < self._line_free_at:
                time.sleep(self._line_free_at - now)
                now = time.monotonic()
            self._line_free_at = max(self._line_free_at, now - _MOST_BEHIND * byte_s) + len(piece) * byte_s
            self._port.write(piece)

    async def close(self) -> None:
        self._closing = True
        await asyncio.to_thread(self._thread.join, 1)
        self._port.close()


def _open_port(url: str, baud: int):
    """A pyserial port. DTR and RTS stay low: on most ESP32 boards they are wired to reset."""
    port = serial.serial_for_url(url, baudrate=baud, timeout=0.1, do_not_open=True, exclusive=None)
    try:
        port.dtr = False
        port.rts = False
    except (OSError, ValueError):
        pass  # this kind of port has no modem lines
    port.open()
    port.reset_input_buffer()
    return port


class BadUrl(ValueError):
    """The URL names no carrier that we know; the text says what would."""


def split_url(url: str) -> tuple[str, str, int]:
    """("tcp", host, port) or ("serial", pyserial's name of the port, baud). Raises BadUrl."""
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        try:
            host, port = parts.hostname, parts.port or DEFAULT_PORT
        except ValueError as error:
            raise BadUrl(f"{url}: {error}; write tcp://HOST:PORT with a port of 1 to 65535") from None
        if not host:
            raise BadUrl(f"{url}: no host; write tcp://HOST:PORT")
        return "tcp", host, port
    if parts.scheme in PYSERIAL_SCHEMES:
        return _split_serial_url(url, parts)
    raise BadUrl(f"{url}: unknown kind of address; write tcp://HOST:PORT or serial:///dev/ttyUSB0")


def _split_serial_url(url: str, parts) -> tuple[str, str, int]:
    text = parse_qs(parts.query).get("baud", [str(DEFAULT_BAUD)])[0]
    if not text.isdigit() or int(text) == 0:
        raise BadUrl(f"{url}: baud={text} is no speed; write for example ?baud=115200")
    name = (parts.netloc + parts.path) if parts.scheme == "serial" else url
    if not name:
        raise BadUrl(f"{url}: no port; write serial:///dev/ttyUSB0 or serial://COM3")
    return "serial", name, int(text)


async def open_carrier(url: str, console=None) -> Carrier:
    """Open the carrier that a URL names. Raises BadUrl, or OSError when nothing answers there.

    console: called with bytes that come over a serial cable and are no packets.
    """
    kind, name, number = split_url(url)
    if kind == "tcp":
        return await TcpCarrier().open(name, number)
    return await SerialCarrier(console).open(name, number)
