"""The start-up order of ISO/IEC 17811-2, clause 4, played and written down.

    python3 -m rumpus_host.dms.startup                    # on loopback; prints the trace
    python3 -m rumpus_host.dms.startup --into docs/dms.md # puts it between the marks in a text
    python3 -m rumpus_host.dms.startup --capture out/startup.pcapng # and a capture that Wireshark opens

A DMS and a controller wait; two virtual devices (the real firmware on real MicroPython, 64 and 32 bit) are
switched on, one dials the DMS, one sends it datagrams. Then comes everything that the document names:
advertisement, discovery, information, registration of devices and of a service, subscription, control,
event, file. What is captured is what the DMS and the controller sent and received.
"""

import argparse
import asyncio
import contextlib
import hashlib
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rumpus.dcmp.device import Device as DeviceRole
from rumpus.dcmp.file_client import FileClient
from rumpus.dcmp.identity import Identity
from rumpus.dcmp.requester import Requester
from rumpus.dcmp.session import ANSWER, END
from rumpus.dcmp.tables import message_codes as m
from rumpus.dcmp.tables.bodies_ours import ANY_FUNCTION
from rumpus.dcmp.tables.device_types import DEVICE_MANAGEMENT_SERVER
from rumpus.rmdp.tables.places import GROUP
from rumpus.rump.tables import water_heater

from ..bench.virtual_appliance import VirtualAppliance
from ..dcmp.endpoint import Endpoint, Event, outcome
from ..dcmp.links import Datagrams
from ..dcmp.storage import LocalFile
from .server import Dms
from .store import Address, Store
from .trace import Trace

_LOOPBACK = "127.0.0.1"
_WAIT_S = 30.0
_LOOK_MS = 400  # how long discovery waits for answers
_CONTROLLER_TYPE = 0xFF03  # a gateway
FILE = bytes(range(256)) * 12
_LEASE_S = 60
_MARK = "<!-- trace: python3 -m rumpus_host.dms.startup --into docs/dms.md -->"
_END = "<!-- end -->"


class Actor(NamedTuple):
    """A device of the play. carrier: how it reaches the DMS."""

    name: str
    type: str
    interpreter: str
    carrier: str
    seed: int = 1

    @property
    def device_id(self) -> bytes:
        """As VirtualAppliance makes it."""
        return hashlib.sha256(f"{self.type} {self.seed}".encode()).digest()[:16]


#: The device that is controlled comes first, the one that takes a file second.
DEVICES = (
    Actor("boiler", "water_heater", "micropython", "tcp"),
    Actor("cooler", "air_conditioner", "micropython32", "udp"),
)
#: Starts the devices: called with the port of the DMS.
Starter = Callable[[int], contextlib.AbstractAsyncContextManager[None]]


class Played(NamedTuple):
    """What came of it. found: names that answered the discovery; event: the notification after the control;
    file: what came back; registered, addresses: of the devices in the DMS's store."""

    trace: Trace
    found: list[str]
    event: dict[str, Any]
    file: bytes
    registered: list[str]
    addresses: list[Address]


async def play(start: Starter, host: str, port: int, group_port: int) -> Played:
    """Play it. host: our address, of the DMS and the controller; port: of the DMS (0: a free one).

    Raises TimeoutError when something does not happen.
    """
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(asyncio.timeout(3 * _WAIT_S))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rumpus-startup-")))
        store = stack.enter_context(Store(folder / "dms.sqlite"))
        dms = await stack.enter_async_context(Dms(store))
        controller = await stack.enter_async_context(_Controller(folder, host, group_port))
        names = {device.device_id: device.name for device in DEVICES}
        names |= {dms.device_id: "dms", controller.device_id: "controller"}
        trace = Trace(names)
        trace.tap(dms.endpoint)
        trace.tap(controller.endpoint)
        trace.step("the DMS and the controller are switched on")
        port = await dms.listen(host, port, group_port=group_port, interface=host)
        controller.start()
        await _until(lambda: controller.knows(dms.device_id))
        trace.step("the devices are switched on: RMDP, then DCMP, then they register")
        async with start(port):
            await _until(lambda: sum(bool(device.properties) for device in store.devices()) == len(DEVICES))
            await _until(lambda: all(controller.knows(device.device_id) for device in DEVICES))
            played = await _manage(trace, store, controller, dms.device_id)
        trace.step("good-bye")
        return played


async def _manage(trace: Trace, store: Store, controller: "_Controller", dms_id: bytes) -> Played:
    """Everything that comes after the start."""
    boiler, cooler = DEVICES[0].device_id, DEVICES[1].device_id
    trace.step("discovery")
    found = await controller.discover()
    servers = [row["DeviceID"] for row in found if row["DeviceType"] == DEVICE_MANAGEMENT_SERVER]
    assert dms_id in servers  # the LAN may have others
    trace.step("information")
    for device_id in (boiler, cooler):
        await controller.ask(m.DEVICE_INFO_REQUEST, device_id, {"DeviceInfoReqType": "BasicInfo"})
    trace.step("service registration")
    params = [{"ParamID": 1, "Value": "warm by six"}]
    service = {"RegType": "Register", "DeviceID": boiler, "ServiceName": "heating", "UserID": "alice"}
    await controller.ask(m.SERVICE_REGISTRATION_REQUEST, dms_id, {**service, "ParamList": params})
    trace.step("event subscription")
    wish = {"SubscriptionType": "Subscribe", "DeviceID": boiler, "EventType": "DeviceStatus"}
    wish |= {"FunctionID": ANY_FUNCTION, "LeaseTime": _LEASE_S}
    await controller.ask(m.EVENT_SUBSCRIPTION_REQUEST, boiler, wish)
    await _until(lambda: controller.notices)  # how things are; a change follows
    controller.notices.clear()
    trace.step("control, and the event that it leads to")
    target = next(row[0] for row in water_heater.FIELDS if row[1] == "target_temperature")
    await controller.control(boiler, [(target, "60.0")])
    event = await _until(lambda: controller.told(target, "60.0"))
    trace.step("a file there and back")
    await controller.put(cooler, "notes", FILE)
    file = await controller.get(cooler, "notes")
    kept = store.devices()
    names = sorted(device.name for device in kept)
    addresses = [device.address for device in kept]
    return Played(trace, sorted(row["DeviceName"] for row in found), event, file, names, addresses)


class _Controller:
    """A user/controller on the LAN, by datagrams."""

    def __init__(self, folder: Path, host: str, group_port: int) -> None:
        self.device_id = hashlib.sha256(b"controller").digest()[:16]
        self.notices: list[Event] = []
        self._folder, self._host, self._group_port = folder, host, group_port
        self._requester = Requester()
        self._storage = LocalFile()
        self._files = FileClient(self._storage)
        self._role = DeviceRole(Identity(self.device_id, _CONTROLLER_TYPE, "controller"))
        self.endpoint = Endpoint(
            self.device_id, [self._role, self._requester, self._files], self.notices.append
        )

    async def __aenter__(self) -> "_Controller":
        await self.endpoint.__aenter__()
        self.endpoint.datagrams = Datagrams(self.endpoint.receive, [(GROUP, self._group_port)])
        await self.endpoint.datagrams.open(self._host, 0, self._host)
        await self.endpoint.datagrams.listen([self._host], self._group_port)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.endpoint.__aexit__(*exc)

    def start(self) -> None:
        self.endpoint.node.start()
        self._role.advertise(self.endpoint.session, "Start")
        self.endpoint.wake()

    def knows(self, device_id: bytes) -> bool:
        return self.endpoint.node.directory.find(device_id) is not None

    async def ask(self, kind: int, to: bytes, values: dict[str, Any]) -> dict[str, Any]:
        return await self._answer(self._requester.ask(self.endpoint.session, kind, to, values))

    async def control(self, to: bytes, params: Sequence[tuple[int, str]]) -> dict[str, Any]:
        return await self._answer(self._requester.control(self.endpoint.session, to, params))

    async def _answer(self, transaction: bytes) -> dict[str, Any]:
        what, _transaction, kind, _source, values = await outcome(self.endpoint.expect(transaction), _WAIT_S)
        if what != ANSWER:
            raise RuntimeError(f"message 0x{kind:04X}: {what}, {values}")
        return values

    async def discover(self) -> list[dict[str, Any]]:
        session = self.endpoint.session
        answered = self.endpoint.expect(self._requester.discover(session, timeout_ms=_LOOK_MS))
        found = []
        while (event := await outcome(answered, _WAIT_S))[0] != END:
            found.append(event[4])
        return found

    def told(self, param_id: int, text: str) -> dict[str, Any] | None:
        """An event notification that has this value, or None."""
        for _what, _transaction, kind, _source, values in self.notices:
            if kind == m.EVENT_NOTIFICATION and {"ParamID": param_id, "Value": text} in [
                {"ParamID": row["ParamID"], "Value": row["Value"]} for row in values["OutputList"]
            ]:
                return values
        return None

    async def put(self, to: bytes, name: str, data: bytes) -> None:
        self._storage.path = self._folder / "out"
        self._storage.path.write_bytes(data)
        await self._answer(self._files.put(self.endpoint.session, to, "UserDefined", name, "1"))

    async def get(self, to: bytes, name: str) -> bytes:
        self._storage.path = self._folder / "in"
        await self._answer(self._files.get(self.endpoint.session, to, "UserDefined", name))
        return self._storage.path.read_bytes()


async def _until(condition: Callable[[], Any]) -> Any:
    async with asyncio.timeout(_WAIT_S):
        while not (value := condition()):
            await asyncio.sleep(0.02)
        return value


# --- on loopback --------------------------------------------------------------------------------------


async def play_on_loopback() -> Played:
    """Play it with everything on this computer."""
    group_port = free_udp_port()

    @contextlib.asynccontextmanager
    async def start(dms_port: int) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            for device in DEVICES:
                settings = {"dcmp": True, "name": device.name, "udp_port": group_port, "udp_own_port": 0}
                settings |= {
                    "udp_interface": _LOOPBACK,
                    "dms": f"{device.carrier}://{_LOOPBACK}:{dms_port}",
                }
                appliance = VirtualAppliance(
                    device.type, device.interpreter, seed=device.seed, settings=settings
                )
                await stack.enter_async_context(appliance)
                appliance.run()
            yield

    return await play(start, _LOOPBACK, 0, group_port)


def free_udp_port() -> int:
    """A port for what is said to everybody, so that others on this computer do not hear it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stream:
        stream.bind((_LOOPBACK, 0))
        return stream.getsockname()[1]


def put_into(path: Path, trace: str) -> None:
    """Put the trace between the marks of a Markdown text. Raises ValueError where they are missing."""
    before, mark, rest = path.read_text(encoding="utf-8").partition(_MARK)
    _old, end, after = rest.partition(_END)
    if not mark or not end:
        raise ValueError(f"{path} has no {_MARK} ... {_END}")
    path.write_text(f"{before}{mark}\n```\n{trace}\n```\n{end}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--into", type=Path, metavar="FILE", help="Markdown text with the marks")
    parser.add_argument("--capture", type=Path, metavar="FILE", help="write a capture (pcapng), too")
    options = parser.parse_args()
    trace = asyncio.run(play_on_loopback()).trace
    if options.capture:
        options.capture.parent.mkdir(parents=True, exist_ok=True)
        with options.capture.open("wb") as file:
            trace.write(file)
    if options.into:
        put_into(options.into, str(trace))
    else:
        print(trace)


if __name__ == "__main__":
    main()
