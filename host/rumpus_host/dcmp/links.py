"""Where RMDP packets go and come from: a carrier with framing (TCP, serial), and datagrams.

A route is what the node calls a place: a Link, or the (host, port) that a datagram came from.
"""

import asyncio
import contextlib
import socket
import sys
from collections.abc import Callable, Iterable

from rumpus.link import HEAD, RA, RMDP, SEALED, TAIL
from rumpus.rmdp.tables.places import GROUP, PORT

from ..carriers import Carrier

Place = tuple[str, int]
#: Called with the route a packet came from and the packet, without its channel byte.
Receiver = Callable[["Link | Place", bytes], None]

_COBS_RUN = 254
ALL_INTERFACES = "0.0.0.0"
_IP_MULTICAST_ALL = 49  # Linux; Python has no name for it


class Link:
    """Packets on a Carrier. It reads until the carrier closes; `closed` is then set."""

    def __init__(self, carrier: Carrier, receiver: Receiver, name: str = ""):
        self.carrier = carrier
        self.name = name
        self.closed = asyncio.Event()
        self.other = 0  # packets of other channels
        #: Set when the device says hello, which it does unasked at its start.
        self.greeted = asyncio.Event()
        self.sealed: asyncio.Queue[bytes] = asyncio.Queue()  # of the sealed channel, see owner.py
        self._receiver = receiver
        self._unsent: asyncio.Queue[bytes] = asyncio.Queue()
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write())]

    @property
    def is_reliable(self) -> bool:
        """The far end gets all that is sent; a cable's port may be full."""
        return self.carrier.window is None

    @property
    def is_busy(self) -> bool:
        """More is waiting to be written than keeps the line busy."""
        return self._unsent.qsize() > 1

    def send(self, packet: bytes, channel: int = RMDP) -> None:
        """Queue a packet."""
        n = len(packet)
        out = bytearray(HEAD + 1 + n + TAIL + n // _COBS_RUN)
        out[HEAD] = channel
        out[HEAD + 1 : HEAD + 1 + n] = packet
        start = self.carrier.link.frame(out, HEAD, HEAD + 1 + n)
        self._unsent.put_nowait(bytes(memoryview(out)[start : self.carrier.link.out_end]))

    async def _write(self) -> None:
        with contextlib.suppress(Exception):  # whatever the carrier says: it is gone
            while True:
                await self.carrier.write(await self._unsent.get())
                self._unsent.task_done()
        self.closed.set()

    async def _read(self) -> None:
        link = self.carrier.link
        while (data := await self.carrier.received.get()) is not None:
            at = 0
            while at < len(data):
                free = link.free()
                n = min(len(free), len(data) - at)
                free[:n] = data[at : at + n]
                link.received(n)
                at += n
                while link.next_packet():
                    self._take(bytes(memoryview(link.buf)[link.at : link.end]))
            if getattr(link, "broken", False):
                break
        self.closed.set()

    def _take(self, packet: bytes) -> None:
        if packet[0] == RMDP:
            self._receiver(self, packet[1:])
        elif packet[0] == SEALED:
            self.sealed.put_nowait(packet[1:])
        else:
            self.other += 1
            if packet[0] == RA:
                self.greeted.set()

    async def drain(self, timeout_s: float = 1.0) -> None:
        """Wait until all is written, the last packet to its end, but not for ever."""
        written = asyncio.ensure_future(self._unsent.join())
        closed = asyncio.ensure_future(self.closed.wait())
        await asyncio.wait({written, closed}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        written.cancel()
        closed.cancel()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.carrier.close()
        self.closed.set()


class _Protocol(asyncio.DatagramProtocol):
    def __init__(self, receiver: Receiver):
        self.receiver = receiver

    def datagram_received(self, data: bytes, addr: tuple) -> None:
        if len(data) > 1 and data[0] == RMDP:
            self.receiver((addr[0], addr[1]), data[1:])

    def error_received(self, exc: Exception) -> None:
        pass  # such as "port unreachable" for an earlier datagram: RMDP sends again, and then says so


def _hear_nothing_else(stream: socket.socket) -> None:
    """Linux hands a socket also what comes to groups that other programs have joined, on other interfaces."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            stream.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)


class Datagrams:
    """Datagrams from ports of our own. to_all: the places that what goes to everybody is sent to."""

    def __init__(self, receiver: Receiver, to_all: Iterable[Place] = ()):
        self.to_all = list(to_all)
        self._receiver = receiver
        self._senders: list[asyncio.DatagramTransport] = []
        self._listeners: list[asyncio.DatagramTransport] = []

    async def open(self, host: str = ALL_INTERFACES, port: int = 0, own_interface: str | None = None) -> int:
        """Open a port (0: a free one) that we speak from; returns its number. own_interface: the address of the
        network that multicasts leave by. What goes to all leaves by every port that was opened."""
        stream = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            if own_interface:
                packed = socket.inet_aton(own_interface)
                stream.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, packed)
            stream.bind((host, port))
        except BaseException:
            stream.close()
            raise
        self._senders.append(await self._transport(stream))
        return stream.getsockname()[1]

    async def listen(self, interfaces: Iterable[str], port: int = PORT, group: str = GROUP) -> bool:
        """Hear what is said to everybody; False when no network lets us. Others on this computer may, too."""
        stream = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        joined = 0
        try:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            stream.bind((ALL_INTERFACES, port))
            interfaces = list(interfaces)
            if ALL_INTERFACES not in interfaces:
                _hear_nothing_else(stream)
            for interface in interfaces:
                with contextlib.suppress(OSError):  # an interface without multicast
                    member = socket.inet_aton(group) + socket.inet_aton(interface)
                    stream.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
                    joined += 1
        except OSError:
            stream.close()
            return False
        self._listeners.append(await self._transport(stream))
        return joined > 0

    async def _transport(self, stream: socket.socket) -> asyncio.DatagramTransport:
        stream.setblocking(False)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Protocol(self._receiver), sock=stream)
        return transport

    def own_place(self) -> Place:
        """Where datagrams that go to one place come from."""
        host, port, *_rest = (self._senders or self._listeners)[0].get_extra_info("sockname")
        return host, port

    def send(self, packet: bytes, to: Place | None) -> None:
        """Send to a place, or to all of them."""
        datagram = bytes((RMDP,)) + packet
        senders = self._senders or self._listeners
        for sender in senders[:1] if to else senders:
            for place in [to] if to else self.to_all:
                with contextlib.suppress(OSError):  # no route there now: as if it were lost
                    sender.sendto(datagram, place)

    def close(self) -> None:
        for transport in self._senders + self._listeners:
            transport.abort()
        self._senders.clear()
        self._listeners.clear()
