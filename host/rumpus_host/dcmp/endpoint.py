"""A node and a session on carriers, for asyncio: the host's counterpart of the firmware's management/management.py."""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Sequence
from typing import Any

from rumpus.dcmp import message
from rumpus.dcmp.role import Role
from rumpus.dcmp.session import ANSWER, END, NO_ANSWER, NOTICE, REFUSED, Session
from rumpus.dcmp.tables.message_codes import DEVICE_DISCOVERY_RESPONSE
from rumpus.errors import RumpusError
from rumpus.rmdp.node import Node
from rumpus.rmdp.tables.header import HEADER_SIZE

from ..carriers import Carrier
from .links import Datagrams, Link, Place

#: Devices that one endpoint keeps track of.
_MOST_DEVICES = 4096
_IDLE_S = 0.05  # so much older than it is may a request of ours seem, at most
_DELIVERED_S = 0.005  # how often to look whether all is
_NTP_EPOCH_S = 2_208_988_800  # from 1900 to 1970
_FINAL = (ANSWER, REFUSED, NO_ANSWER, END)
_MANY = DEVICE_DISCOVERY_RESPONSE  # more of them may come

#: What an event of a session is: what, transaction, message type, source, values.
Event = tuple[str, bytes, int, bytes, dict[str, Any]]
#: Called with True for a packet that goes out, the route (None: to all), and the RMDP packet.
Tap = Callable[[bool, Any, bytes], None]


class _Node(Node):
    def is_waiting(self) -> bool:
        """Something is to be acknowledged yet."""
        return bool(self._delivery.waiting)


class Answered:
    """What came for one request of ours, until the last of it."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.is_over = False


class Endpoint:
    """device_id: 16 bytes, ours. roles: of rumpus.dcmp. Use inside `async with`; `tap` sees every packet.

    notices: called with each event that answers no request of ours (advertisements, notifications).
    """

    def __init__(
        self, device_id: bytes, roles: Sequence[Role], notice: Callable[[Event], None] | None = None
    ):
        ids = message.TransactionIds(os.urandom(4))
        ids.set_clock(int(time.time()) + _NTP_EPOCH_S & 0xFFFFFFFF)
        self.device_id = device_id
        self.node = _Node(device_id, ids, (), (), _is_reliable, _MOST_DEVICES)
        self.node.objects.append(device_id)
        self.session = Session(device_id, roles, ids)
        self.links: list[Link] = []
        self.datagrams: Datagrams | None = None
        self.tap: Tap | None = None
        self._notice = notice
        self._answered: dict[bytes, Answered] = {}
        self._wake = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    # --- life -------------------------------------------------------------------------------

    async def __aenter__(self) -> "Endpoint":
        self._life = asyncio.create_task(self._live())
        return self

    async def __aexit__(self, *_exc: object) -> None:
        if self._life:
            self._life.cancel()
            await asyncio.gather(self._life, return_exceptions=True)
            self._pump()  # what was queued last, such as a good-bye
        for link in list(self.links):
            await link.drain()
            await self.remove(link)
        if self.datagrams:
            self.datagrams.close()
            self.datagrams = None

    def add(self, carrier: Carrier, name: str = "") -> Link:
        """Speak and listen on a carrier from now on."""
        link = Link(carrier, self.receive, name)
        self.links.append(link)
        return link

    async def remove(self, link: Link) -> None:
        """Close a link; who was behind it is forgotten."""
        if link in self.links:
            self.links.remove(link)
        self.node.directory.forget_route(link)
        await link.close()

    def wake(self) -> None:
        """Something was queued."""
        self._wake.set()

    async def delivered(self) -> None:
        """Wait until all that RMDP sends again has arrived, or was given up."""
        while self.node.is_waiting() and self._life and not all(link.closed.is_set() for link in self.links):
            await asyncio.sleep(_DELIVERED_S)

    async def _live(self) -> None:
        clock = asyncio.get_running_loop().time
        then_ms = int(clock() * 1000)
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._due_s()):
                    await self._wake.wait()
            self._wake.clear()
            now_ms = int(clock() * 1000)
            self._elapsed(now_ms - then_ms)
            then_ms = now_ms
            self._pump()

    def _due_s(self) -> float:
        if any(link.is_busy for link in self.links):
            return 0.002
        dues = [due for due in (self.node.due_ms(), self.session.due_ms()) if due is not None]
        return min([_IDLE_S, *(due / 1000 for due in dues)])

    def _elapsed(self, ms: int) -> None:
        for lost in self.node.elapsed(ms):
            self._happened(self.session.undelivered(lost, HEADER_SIZE, len(lost)))
        for event in self.session.elapsed(ms):
            self._happened(event)

    # --- in -----------------------------------------------------------------------------------

    def receive(self, route: Link | Place, packet: bytes) -> None:
        """Take in an RMDP packet."""
        if self.tap:
            self.tap(False, route, packet)
        if self.node.receive(packet, 0, len(packet), route):
            at, end = self.node.at, self.node.end
            if message.check(packet, at, end, self.session.device_id) is None:
                self.node.learn(message.source_of(packet, at), self.node.peer)
            self._happened(self.session.receive(packet, at, end, self.node.peer))
        self._wake.set()

    def _happened(self, event: Any) -> None:
        if not event:
            return
        # A notice answers nobody, though it may have our TransactionID: they are told apart by their source.
        answered = None if event[0] == NOTICE else self._answered.get(event[1])
        if answered is None:
            if self._notice:
                self._notice(event)
            return
        answered.events.put_nowait(event)
        if event[0] in _FINAL and not (event[0] in (ANSWER, REFUSED) and event[2] == _MANY):
            answered.is_over = True
            del self._answered[event[1]]

    # --- out ----------------------------------------------------------------------------------

    def expect(self, transaction: bytes) -> Answered:
        """What comes for a request that was just queued."""
        self._answered[transaction] = answered = Answered()
        self._wake.set()
        return answered

    def _pump(self) -> None:
        """Send what node and session owe, as far as the links take it."""
        out = bytearray(2048)
        while end := self.node.write(out, 0):
            self._deliver(bytes(out[:end]), self.node.route)
        while not any(link.is_busy for link in self.links):
            message_out = self.session.next_message()
            if message_out is None:
                break
            self._send(message_out)

    def _send(self, message_out: Any) -> None:
        if not self.node.carries(message_out):
            request, message_out = message_out, self.session.too_long(message_out)
            if message_out is None:
                whole = request.whole()
                self._happened(self.session.undelivered(whole, 0, len(whole)))
                return
        out = bytearray(HEADER_SIZE + message_out.size)
        end = self.node.send(message_out, out, 0, len(out))
        if end:
            self._deliver(bytes(out[:end]), self.node.route)

    def _deliver(self, packet: bytes, route: Any) -> None:
        if self.tap:
            self.tap(True, route, packet)
        if isinstance(route, Link):
            route.send(packet)
            return
        if self.datagrams:
            self.datagrams.send(packet, route)
        if route is None:
            for link in self.links:
                link.send(packet)


def _is_reliable(route: object) -> bool:
    return isinstance(route, Link) and route.is_reliable


async def outcome(answered: Answered, timeout_s: float | None = None) -> Event:
    """The next event of a request. Raises RumpusError("no_answer") after timeout_s; the protocol's own
    time-outs come as events."""
    try:
        async with asyncio.timeout(timeout_s):
            return await answered.events.get()
    except TimeoutError:
        raise RumpusError("no_answer") from None
