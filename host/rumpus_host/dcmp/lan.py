"""Who is on the LAN: everybody is asked by RMDP (multicast, and broadcast for who cannot join a group)."""

import asyncio
import ipaddress
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import ifaddr

from rumpus.dcmp.requester import Requester
from rumpus.dcmp.session import ANSWER, NOTICE
from rumpus.dcmp.tables import message_codes as m
from rumpus.errors import DecodeError
from rumpus.rmdp import message as rmdp
from rumpus.rmdp.tables import messages as rmdp_messages
from rumpus.rmdp.tables.bodies import ADDRESS_TYPES
from rumpus.rmdp.tables.header import HEADER_SIZE
from rumpus.rmdp.tables.places import GROUP, PORT

from . import words
from .client import new_id
from .endpoint import Endpoint, Event
from .links import Datagrams

_AGAIN_S = 0.7  # a datagram may be lost: everybody is asked again after so long
_IPV4 = ADDRESS_TYPES[0][0]
_WITH_ADDRESSES = (rmdp_messages.NODE_ADVERTISEMENT, rmdp_messages.NODE_DISCOVERY_RESPONSE)


class Found(NamedTuple):
    """A device that answered. host, port: where its datagrams come from. tcp_port: where it says that it takes
    connections, None where it does not."""

    id: str
    name: str
    type: str
    capability: tuple[str, ...]
    host: str
    port: int
    tcp_port: int | None


def interfaces() -> list[tuple[str, int]]:
    """(IPv4 address, prefix length) of each network of this computer, loopback too."""
    found = []
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            if ip.is_IPv4:
                found.append((str(ip.ip), ip.network_prefix))
    return found


def _broadcasts(networks: Sequence[tuple[str, int]], port: int) -> list[tuple[str, int]]:
    found = []
    for address, prefix in networks:
        network = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
        if prefix < 31 and not network.is_loopback:
            found.append((str(network.broadcast_address), port))
    return found


async def discover(
    seconds: float,
    condition: str = "All",
    value: Any = None,
    networks: Sequence[str] | None = None,
    port: int = PORT,
    tap: Callable[[bool, Any, bytes], None] | None = None,
) -> list[Found]:
    """The devices that answer within so many seconds. condition, value: as Requester.discover() has them.
    networks: addresses of this computer to ask by, None = all. Raises OSError when there is no network."""
    search = _Search(tap)
    every = interfaces()
    chosen = list(networks) if networks else [address for address, _prefix in every]
    async with search.endpoint as endpoint:
        of_these = [pair for pair in every if pair[0] in chosen]
        endpoint.datagrams = Datagrams(endpoint.receive, [(GROUP, port), *_broadcasts(of_these, port)])
        for address in chosen:
            await endpoint.datagrams.open(own_interface=address)
        await endpoint.datagrams.listen(chosen, port)
        endpoint.node.start()
        await search.ask(seconds, condition, value)
        endpoint.node.stop()
        return search.found(condition, value)


class _Search:
    """Answers and advertisements, as they come."""

    def __init__(self, tap: Callable[[bool, Any, bytes], None] | None):
        self._tap = tap
        self._requester = Requester()
        self._devices: dict[bytes, dict[str, Any]] = {}  # by device ID
        self._places: dict[bytes, tuple[str, int]] = {}
        self._tcp_ports: dict[bytes, int] = {}  # by node
        self._nodes: dict[bytes, bytes] = {}  # node of a device
        self.endpoint = Endpoint(new_id(), [self._requester], self._noticed)
        self.endpoint.tap = self._look

    async def ask(self, seconds: float, condition: str, value: Any) -> None:
        """Ask everybody, now and again; take in what comes until the time is over."""
        session = self.endpoint.session
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (left := until - loop.time()) > 0.05:
            time_ms = int(min(left, _AGAIN_S) * 1000)
            transaction = self._requester.discover(session, condition, value, timeout_ms=time_ms)
            answered = self.endpoint.expect(transaction)
            while not (answered.is_over and answered.events.empty()):
                what, _t, _k, _source, values = await answered.events.get()
                if what == ANSWER:
                    self._take(values)

    def _take(self, values: dict[str, Any]) -> None:
        self._devices[values["DeviceID"]] = values
        known: Any = self.endpoint.node.directory.find(values["DeviceID"])
        if known and isinstance(known[1], tuple):
            self._nodes[values["DeviceID"]], self._places[values["DeviceID"]] = known

    def _noticed(self, event: Event) -> None:
        what, _transaction, kind, _source, values = event
        if what == NOTICE and kind == m.DEVICE_ADVERTISEMENT and values["AdType"] == "Start":
            self._take(values)

    def _look(self, is_out: bool, route: Any, packet: bytes) -> None:
        """Every packet: the addresses that nodes advertise are in some."""
        if self._tap:
            self._tap(is_out, route, packet)
        if is_out or len(packet) < HEADER_SIZE or rmdp.kind_of(packet, 0) not in _WITH_ADDRESSES:
            return
        try:
            values: Any = rmdp.unpack(rmdp.kind_of(packet, 0), packet, HEADER_SIZE, len(packet))
        except DecodeError:
            return
        for address in values["Address"]:
            if address["AddrType"] == _IPV4 and address["Port"]:
                self._tcp_ports[values["NodeID"]] = address["Port"]

    def found(self, condition: str, value: Any) -> list[Found]:
        devices = [self._found(*item) for item in self._devices.items() if item[0] in self._places]
        if condition == "DeviceID":  # advertisements come unasked
            devices = [device for device in devices if device.id == value.hex()]
        elif condition == "DeviceName":
            devices = [device for device in devices if device.name == value]
        elif condition == "DeviceType":
            wanted = words.type_name(value)
            devices = [device for device in devices if wanted in (device.type, *device.capability)]
        return sorted(devices, key=lambda device: (device.type, device.id))

    def _found(self, device_id: bytes, values: dict[str, Any]) -> Found:
        host, port = self._places[device_id]
        capability = tuple(words.type_name(code) for code in values["DeviceCapability"])
        tcp_port = self._tcp_ports.get(self._nodes[device_id])
        kind = words.type_name(values["DeviceType"])
        return Found(device_id.hex(), values["DeviceName"], kind, capability, host, port, tcp_port)
