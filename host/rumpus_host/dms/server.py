"""The DMS on TCP and UDP: devices register themselves, people and programs register services.

    with Store("dms.sqlite") as store:
        async with Dms(store) as dms:
            await dms.listen("0.0.0.0", 17812)
            ...

A device dials in, or sends datagrams; it is answered where it was seen to come from, so it may be behind a
router (S 4). Nothing here proves who somebody is: IDs are plain text (see docs/dms.md).
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, Self

from rumpus import __version__
from rumpus.dcmp.device import Device as DeviceRole
from rumpus.dcmp.identity import Identity
from rumpus.dcmp.registrar import Registrar
from rumpus.dcmp.requester import Requester
from rumpus.dcmp.session import ANSWER, END
from rumpus.dcmp.tables import message_codes as m
from rumpus.dcmp.tables.device_types import DEVICE_MANAGEMENT_SERVER
from rumpus.dcmp.tables.properties import FIRMWARE_VERSION, MODEL_NAME
from rumpus.dcmp.tables.timing import RESPONSE_TIMEOUT_MS
from rumpus.errors import RumpusError
from rumpus.rmdp.tables.places import GROUP, PORT, SERVER_PORT
from rumpus.rmdp.tables.timing import EXPIRE_MS, MOST_UNACKED

from ..carriers import Carrier, TcpCarrier
from ..dcmp.endpoint import Endpoint, outcome
from ..dcmp.links import Datagrams, Link, Place
from .store import Address, Store

_MODEL = "rumpus dms"
_PROPERTIES = "CommonProperty"  # what is asked of a device that has registered; fits a datagram
_MOST_PENDING = 256
_TICK_S = 5.0  # how often the store learns who is there, and leases end
_SILENCE_S = EXPIRE_MS / 1000  # a connection on which nothing comes for so long is closed
_MOST_UNREAD = 1 << 20  # bytes that wait for somebody who does not read

#: Called with what happened, as a dict for programs: "event" says what, "device" whose ID.
Listener = Callable[[dict[str, Any]], None]


class NotAnswered(RumpusError):
    """A device refused a request or did not answer; values["Result"] says why."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__("not_answered", values.get("Result"))
        self.values = values


class Dms:
    """store: kept open by the caller. name: what the server is called. on_event: see Listener."""

    def __init__(self, store: Store, name: str = "dms", on_event: Listener | None = None) -> None:
        self.store = store
        self.device_id = store.device_id()
        identity = Identity(self.device_id, DEVICE_MANAGEMENT_SERVER, name)
        texts = {MODEL_NAME: _MODEL, FIRMWARE_VERSION: __version__}
        self._requester = Requester(most=_MOST_PENDING)
        self._device = DeviceRole(identity, lambda: texts.get)
        roles = (self._device, Registrar(_Registrations(self)), self._requester)
        self.endpoint = _Answering(self.device_id, roles, self._noticed)
        self._tell = on_event or (lambda event: None)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking = asyncio.Semaphore(MOST_UNACKED)
        self._tick_now = asyncio.Event()

    # --- life -------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        await self.endpoint.__aenter__()
        self._spawn(self._tick_for_ever())
        return self

    async def __aexit__(self, *_exc: object) -> None:
        """Say good-bye and close. Registrations stay."""
        if self._server:
            self._server.close()
        self._device.advertise(self.endpoint.session, "End")
        self.endpoint.node.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.endpoint.__aexit__()

    async def listen(
        self,
        host: str = "0.0.0.0",
        port: int = SERVER_PORT,
        *,
        group_port: int = PORT,
        interface: str = "0.0.0.0",
    ) -> int:
        """Listen on TCP and UDP, both at this port (0: a free one); return it. Raises OSError.

        group_port: another, where everybody on the LAN listens; interface: address of the network that is
        meant.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Incoming(self._connected), host, port)
        port = self._server.sockets[0].getsockname()[1]
        self.endpoint.datagrams = datagrams = Datagrams(self.endpoint.receive, [(GROUP, group_port)])
        own_interface = None if interface == "0.0.0.0" else interface
        await datagrams.open(host, port, own_interface)
        await datagrams.listen([interface], group_port)
        await self._start()
        return port

    async def _start(self) -> None:
        """Say that the server is there, to all and to whom it knew before, and ask who else is."""
        node, session = self.endpoint.node, self.endpoint.session
        node.start()
        self._device.advertise(session, "Start")
        self._requester.discover(session)
        self.endpoint.wake()
        for device in self.store.devices():
            if device.address.carrier == "udp":
                await asyncio.sleep(0)  # a node owes few packets at a time
                node.greet((device.address.host, device.address.port))
                self.endpoint.wake()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- connections ------------------------------------------------------------------------

    def _connected(self, carrier: TcpCarrier) -> None:
        host, port = carrier.transport.get_extra_info("peername")[:2]
        self._spawn(self._serve(self.endpoint.add(carrier, str(Address("tcp", host, port)))))

    async def _serve(self, link: Link) -> None:
        """Until the connection closes, or nothing has come for too long, or nothing is read there."""
        heard = None
        while heard != link.carrier.link.packets and not _is_choked(link):
            heard = link.carrier.link.packets
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_SILENCE_S):
                    await link.closed.wait()
                break
        await self.endpoint.remove(link)
        self._tick_now.set()

    # --- time -------------------------------------------------------------------------------

    async def _tick_for_ever(self) -> None:
        while True:
            self.tick()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TICK_S):
                    await self._tick_now.wait()
            self._tick_now.clear()

    def tick(self) -> None:
        """Tell the store who is there, and end the leases that are over."""
        rows = self.endpoint.node.directory.rows
        seen = {row[0]: (row[1], address_of(row[2]), row[3] / 1000) for row in rows}
        self.store.seen(seen)
        for device_id in self.store.expire():
            self.tell("expired", device_id)

    # --- what happens -----------------------------------------------------------------------

    def tell(self, event: str, device_id: bytes, **more: Any) -> None:
        self._tell({"event": event, "device": device_id.hex(), **more})

    def registered(self, device_id: bytes, name: str, address: Address) -> None:
        """A device has registered, or renewed: ask what it is."""
        self.tell("registered", device_id, name=name, address=str(address))
        self._spawn(self._describe(device_id))

    async def _describe(self, device_id: bytes) -> None:
        try:
            values = await self.info(device_id, _PROPERTIES)
        except NotAnswered as error:
            self.tell("not_described", device_id, result=error.values["Result"])
            return
        found = [
            (row["PropertyID"], row["Name"], row["Value"])
            for device in values["DeviceList"]
            for row in device["PropertyList"]
        ]
        self.store.describe(device_id, found)
        self.tell("described", device_id, properties={name: value for _number, name, value in found})

    def _noticed(self, event: tuple) -> None:
        what, _transaction, kind, source, values = event
        if kind == m.DEVICE_ADVERTISEMENT:
            self.tell("advertised", source, name=values["DeviceName"], ad=values["AdType"])
        elif kind == m.DEVICE_DISCOVERY_RESPONSE and what == ANSWER:
            self.tell("discovered", source, name=values["DeviceName"])

    # --- asking -----------------------------------------------------------------------------

    async def info(self, device_id: bytes, info_type: str) -> dict[str, Any]:
        """What a device says of itself; info_type: a keyword of DEVICE_INFO_REQUEST. Raises NotAnswered."""
        async with self._asking:
            transaction = self._requester.info(self.endpoint.session, device_id, info_type)
            what, _transaction, _kind, _source, values = await outcome(self.endpoint.expect(transaction))
        if what != ANSWER:
            raise NotAnswered(values)
        return values

    async def discover(
        self,
        condition: str = "All",
        value: bytes | str | int | None = None,
        timeout_ms: int = RESPONSE_TIMEOUT_MS,
    ) -> list[dict[str, Any]]:
        """All devices that answer a discovery in this time, as DEVICE_DISCOVERY_RESPONSE has them."""
        session = self.endpoint.session
        transaction = self._requester.discover(session, condition, value, timeout_ms=timeout_ms)
        answered = self.endpoint.expect(transaction)
        found = []
        while (event := await outcome(answered))[0] != END:
            found.append(event[4])
        return found


class _Answering(Endpoint):
    """Answers at once: a hundred devices may ask in one turn of the loop, and an outbox is short."""

    def add(self, carrier: Carrier, name: str = "") -> Link:
        link = _Patient(carrier, self.receive, name)
        self.links.append(link)
        return link

    def receive(self, route: Link | Place, packet: bytes) -> None:
        super().receive(route, packet)
        self._pump()


class _Patient(Link):
    """A TCP connection takes whatever it is given; Dms closes one on which nothing is read."""

    @property
    def is_busy(self) -> bool:
        return False


class _Registrations:
    """What the Registrar wants of a store, with routes made addresses."""

    def __init__(self, dms: Dms) -> None:
        self._dms = dms

    def register(self, values: dict[str, Any], peer: tuple[bytes, Link | Place]) -> int:
        address = address_of(peer[1])
        result = self._dms.store.register(values, peer[0], address)
        if not result:
            # The registration may have been addressed to nobody by name; its source is known all the same.
            self._dms.endpoint.node.learn(values["DeviceID"], peer)
            self._dms.registered(values["DeviceID"], values["DeviceName"], address)
        return result

    def cancel(self, device_id: bytes) -> int:
        result = self._dms.store.cancel(device_id)
        if not result:
            self._dms.tell("cancelled", device_id)
        return result

    def service(self, values: dict[str, Any]) -> int:
        result = self._dms.store.service(values)
        if not result:
            what = {"service": values["ServiceName"], "user": values["UserID"], "what": values["RegType"]}
            self._dms.tell("service", values["DeviceID"], **what)
        return result


class _Incoming(asyncio.Protocol):
    """A connection that somebody has made to us, as a Carrier."""

    def __init__(self, connected: Callable[[TcpCarrier], None]) -> None:
        self._connected = connected
        self._carrier = TcpCarrier()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._carrier.transport = transport
        self._connected(self._carrier)

    def data_received(self, data: bytes) -> None:
        self._carrier.received.put_nowait(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._carrier.received.put_nowait(None)


def address_of(route: Link | Place) -> Address:
    """Where a route leads."""
    if isinstance(route, Link):
        assert isinstance(route.carrier, TcpCarrier)
        host, port = route.carrier.transport.get_extra_info("peername")[:2]
        return Address("tcp", host, port)
    return Address("udp", *route)


def _is_choked(link: Link) -> bool:
    assert isinstance(link.carrier, TcpCarrier)
    return link.carrier.transport.get_write_buffer_size() > _MOST_UNREAD
