"""The device management server: its store, and the server before real devices on TCP and UDP."""

import asyncio
import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from dms_bench import LOOPBACK, a_device_id, device_settings, free_udp_port, until

from rumpus import wire
from rumpus.dcmp.device import Device as DeviceRole
from rumpus.dcmp.identity import Identity
from rumpus.dcmp.requester import Requester
from rumpus.dcmp.session import ANSWER, REFUSED
from rumpus.dcmp.tables import message_codes as m
from rumpus.dcmp.tables.header import HEADER
from rumpus.dcmp.tables.result_codes import HEADER_SOURCE_ID, PAYLOAD_SYNTAX
from rumpus.dcmp.tables.results_ours import UNKNOWN_DEVICE, UNKNOWN_SERVICE
from rumpus.management import server as management_server
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.carriers import TcpCarrier
from rumpus_host.dcmp.endpoint import Endpoint, outcome
from rumpus_host.dms.server import Dms
from rumpus_host.dms.store import CANCELLED, EXPIRED, LEASE_S, REGISTERED, Address, Store, StoreError

NODE = bytes(range(16))
PLACE = Address("udp", "192.0.2.7", 4000)
RUMPUS = str(Path(sys.executable).with_name("rumpus"))
MANY = 40
TRANSACTION = wire.offset_of(HEADER, "TransactionID")


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def registration(device_id: bytes, name: str = "boiler", capability: tuple[int, ...] = (0xFF02,)) -> dict:
    role = DeviceRole(Identity(device_id, 0xFF11, name, "", capability))
    return role.registration("Register")


def service(device_id: bytes, what: str, params: dict[int, str] | None = None, name: str = "heating") -> dict:
    given = [{"ParamID": number, "Value": value} for number, value in (params or {}).items()]
    return {
        "RegType": what, "DeviceID": device_id, "ServiceName": name, "UserID": "alice", "ParamList": given,
    }  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dms.sqlite"


# --- the store --------------------------------------------------------------------------------


def test_a_registration_survives_a_restart(path: Path, clock: Clock) -> None:
    first, second = a_device_id(), a_device_id()
    with Store(path, now=clock) as store:
        own_id = store.device_id()
        assert store.register(registration(first), NODE, PLACE) == 0
        assert store.register(registration(second, "ü" * 8, ()), NODE, Address("tcp", "::1", 5)) == 0
        store.describe(first, [(0x0106, "firmware_version", "0.1.0")])
        assert store.service(service(first, "Register", {1: "50"})) == 0
    clock.now += 60
    with Store(path, now=clock) as store:
        assert store.device_id() == own_id
        other, boiler = sorted(store.devices(), key=lambda device: device.name == "boiler")
        assert boiler.device_id == first and boiler.node_id == NODE and boiler.capability == [0xFF02]
        assert (
            boiler.state == REGISTERED and boiler.address == PLACE and boiler.registered_at == clock.now - 60
        )
        assert boiler.properties == {"firmware_version": "0.1.0"}
        assert [(known.name, known.user_id, known.params) for known in boiler.services] == [
            ("heating", "alice", {1: "50"})
        ]
        assert (other.name, str(other.address), other.capability) == ("ü" * 8, "tcp://[::1]:5", [])


def test_a_lease_ends_and_is_renewed(path: Path, clock: Clock) -> None:
    device_id = a_device_id()
    with Store(path, lease_s=100, now=clock) as store:
        store.register(registration(device_id), NODE, PLACE)
        clock.now += 99
        assert store.expire() == [] and store.devices()[0].state == REGISTERED
        store.register(registration(device_id), NODE, PLACE)
        clock.now += 99
        assert store.devices()[0].state == REGISTERED
        clock.now += 1
        assert store.devices()[0].state == EXPIRED  # whether or not anybody has looked
        assert store.service(service(device_id, "Register")) == UNKNOWN_DEVICE
        assert store.expire() == [device_id] and store.expire() == []
        assert store.cancel(device_id) == UNKNOWN_DEVICE
        store.register(registration(device_id, "new name"), NODE, PLACE)
        device = store.devices()[0]
        assert (device.state, device.name, device.registered_at) == (REGISTERED, "new name", clock.now - 199)


def test_the_lease_outlives_missed_renewals() -> None:
    assert LEASE_S * 1000 >= 2 * management_server._RENEW_MS


def test_cancel_keeps_the_device_and_its_services(path: Path, clock: Clock) -> None:
    device_id = a_device_id()
    with Store(path, now=clock) as store:
        assert store.cancel(device_id) == UNKNOWN_DEVICE
        store.register(registration(device_id), NODE, PLACE)
        store.service(service(device_id, "Register", {1: "50"}))
        assert store.cancel(device_id) == 0
        assert store.cancel(device_id) == UNKNOWN_DEVICE
        assert store.service(service(device_id, "Add", {2: "on"})) == UNKNOWN_DEVICE
        device = store.devices()[0]
        assert (device.state, device.is_present, len(device.services)) == (CANCELLED, True, 1)
        store.register(registration(device_id), NODE, PLACE)
        assert store.devices()[0].services[0].params == {1: "50"}


def test_a_service_is_registered_added_to_and_deleted(path: Path, clock: Clock) -> None:
    device_id = a_device_id()
    with Store(path, now=clock) as store:
        assert store.service(service(device_id, "Register")) == UNKNOWN_DEVICE
        store.register(registration(device_id), NODE, PLACE)

        def params() -> dict[int, str]:
            return store.devices()[0].services[0].params

        assert store.service(service(device_id, "Add", {1: "50"})) == UNKNOWN_SERVICE
        assert store.service(service(device_id, "Delete")) == UNKNOWN_SERVICE
        assert store.service(service(device_id, "Register", name="")) == PAYLOAD_SYNTAX
        assert store.service(service(device_id, "Register", {1: "50", 2: "a"})) == 0
        assert params() == {1: "50", 2: "a"}
        assert store.service(service(device_id, "Add", {2: "b", 3: "c"})) == 0
        assert params() == {1: "50", 2: "b", 3: "c"}
        assert store.service(service(device_id, "Delete", {1: ""})) == 0
        assert params() == {2: "b", 3: "c"}
        assert store.service(service(device_id, "Register", {9: "only"})) == 0
        assert params() == {9: "only"}
        assert store.service(service(device_id, "Register", name="another")) == 0
        assert store.service(service(device_id, "Delete")) == 0
        assert [known.name for known in store.devices()[0].services] == ["another"]


def test_who_is_there(path: Path, clock: Clock) -> None:
    here, gone = a_device_id(), a_device_id()
    with Store(path, now=clock) as store:
        store.register(registration(here, "here"), NODE, PLACE)
        store.register(registration(gone, "gone"), NODE, PLACE)
        clock.now += 10
        moved = Address("tcp", "192.0.2.8", 4001)
        store.seen({here: (NODE, moved, 3.0), a_device_id(): (NODE, moved, 0.0)})
        found = {device.name: device for device in store.devices()}
        assert len(found) == 2
        assert found["here"].is_present and found["here"].address == moved
        assert found["here"].seen_at == clock.now - 3
        assert not found["gone"].is_present and found["gone"].address == PLACE


def test_a_store_that_cannot_be_used(path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        Store(path, must_exist=True)
    path.write_text("this is no database, and long enough to be read as one" * 20)
    with pytest.raises(StoreError, match="not a database"):
        Store(path)
    path.unlink()
    Store(path).close()
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("update about set value = '7' where name = 'schema'")
        db.commit()
    with pytest.raises(StoreError, match="schema 7"):
        Store(path)


# --- the server -------------------------------------------------------------------------------


class Served:
    """A DMS with what it has told."""

    def __init__(self, dms: Dms, port: int, group_port: int, events: list[dict[str, Any]]):
        self.dms, self.port, self.group_port, self.events = dms, port, group_port, events

    def count(self, event: str) -> int:
        return sum(told["event"] == event for told in self.events)

    def settings(self, carrier: str, **more: Any) -> dict[str, Any]:
        return device_settings(self.group_port, f"{carrier}://{LOOPBACK}:{self.port}", **more)

    def state(self) -> dict[str, tuple[str, bool]]:
        self.dms.tick()
        return {device.name: (device.state, device.is_present) for device in self.dms.store.devices()}


@contextlib.asynccontextmanager
async def served(store: Store, port: int = 0, group_port: int = 0) -> AsyncIterator[Served]:
    events: list[dict[str, Any]] = []
    group_port = group_port or free_udp_port()
    async with Dms(store, on_event=events.append) as dms:
        port = await dms.listen(LOOPBACK, port, group_port=group_port, interface=LOOPBACK)
        yield Served(dms, port, group_port, events)


async def test_devices_on_tcp_and_udp_register_and_a_restarted_server_has_them(path: Path) -> None:
    group_port = free_udp_port()
    async with contextlib.AsyncExitStack() as stack:
        with Store(path) as store:
            async with served(store, group_port=group_port) as one:
                boiler = VirtualAppliance("water_heater", seed=1, settings=one.settings("tcp", name="boiler"))
                fridge = VirtualAppliance(
                    "refrigerator", "micropython32", seed=2, settings=one.settings("udp", name="fridge")
                )
                for device in (boiler, fridge):
                    await stack.enter_async_context(device)
                    device.run()
                await until(lambda: one.count("described") == 2)
                assert one.state() == {"boiler": (REGISTERED, True), "fridge": (REGISTERED, True)}
                kept = {device.name: device for device in store.devices()}
                assert kept["boiler"].device_id.hex() == boiler.uuid
                assert (kept["boiler"].address.carrier, kept["fridge"].address.carrier) == ("tcp", "udp")
                assert kept["fridge"].properties["serial_number"] == fridge.uuid
                assert kept["boiler"].capability == [0xFF02]
                # It is heard on the LAN too, and what is long still goes over its connection.
                full = await one.dms.info(kept["boiler"].device_id, "FullDescription")
                assert [s["SectionType"] for s in full["SectionList"]][-1] == "DeviceProperty"
                found = await one.dms.discover(timeout_ms=500)
                assert {device["DeviceName"] for device in found} == {"boiler", "fridge"}
                port = one.port
        with Store(path) as store:  # another process would see the same
            assert {device.state for device in store.devices()} == {REGISTERED}
            async with served(store, port, group_port) as two:
                await until(lambda: two.count("registered") == 1)  # the one that had lost its connection
                assert two.events[-1]["device"] == boiler.uuid or two.count("described")
                await until(lambda: two.state()["fridge"] == (REGISTERED, True))  # greeted where it was
                assert two.state()["boiler"] == (REGISTERED, True)
                await boiler.kill()
                await until(lambda: two.state()["boiler"] == (REGISTERED, False))


async def test_good_bye_cancels(path: Path) -> None:
    with Store(path) as store:
        async with served(store) as one:
            settings = one.settings("udp", name="oven")
            async with VirtualAppliance("microwave_oven", carrier="serial", settings=settings) as oven:
                oven.run()
                await until(lambda: one.count("described"))
                assert oven.line
                # The console's escape ends the firmware in good order.
                host_end = os.open(oven.line.path, os.O_RDWR | os.O_NOCTTY)
                os.write(host_end, b"\x03\x03\x03")
                await until(lambda: one.count("cancelled"))
                os.close(host_end)
            assert one.state() == {"oven": (CANCELLED, False)}


async def test_a_device_that_stops_renewing_expires(path: Path, clock: Clock) -> None:
    with Store(path, lease_s=900, now=clock) as store:
        async with served(store) as one:
            settings = one.settings("udp", name="cool")
            async with VirtualAppliance("air_conditioner", settings=settings) as cool:
                await until_told(one, cool, "registered", 1)
                await cool.advance(570_000, 10_000)
                assert one.count("registered") == 1
                clock.now += 600
                await until_told(one, cool, "registered", 2)  # it renews by itself, every ten minutes
                assert store.devices()[0].expires_at == clock.now + 900
            clock.now += 901
            assert one.state()["cool"][0] == EXPIRED
            assert one.count("expired") == 1


async def until_told(one: Served, appliance: VirtualAppliance, event: str, n: int) -> None:
    """Let time pass for the device until the server has told this n times."""
    async with asyncio.timeout(20):
        while one.count(event) < n:
            await appliance.advance(1000)
            await asyncio.sleep(0.02)


# --- whoever calls ----------------------------------------------------------------------------


class Caller:
    """A device of nothing but names, on a connection to the DMS."""

    def __init__(self, port: int, name: str = "caller"):
        self.device_id = a_device_id()
        self.requester = Requester()
        self.role = DeviceRole(Identity(self.device_id, 0xFF11, name))
        self.endpoint = Endpoint(self.device_id, [self.role, self.requester])
        self._port = port

    async def __aenter__(self) -> "Caller":
        await self.endpoint.__aenter__()
        self.link = self.endpoint.add(await TcpCarrier().open(LOOPBACK, self._port))
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.endpoint.__aexit__(*exc)

    async def ask(self, kind: int, to: bytes, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """(what, values) of the answer."""
        peer = (bytes(16), self.link)
        transaction = self.requester.ask(self.endpoint.session, kind, to, values, peer)
        event = await outcome(self.endpoint.expect(transaction), 20)
        return event[0], event[4]

    async def register(self, device_id: bytes | None = None) -> tuple[str, dict[str, Any]]:
        values = self.role.registration("Register")
        values["DeviceID"] = device_id or self.device_id
        return await self.ask(m.DEVICE_REGISTRATION_REQUEST, bytes(16), values)


async def test_many_register_at_once(path: Path) -> None:
    with Store(path) as store:
        async with served(store) as one, contextlib.AsyncExitStack() as stack:
            callers = [await stack.enter_async_context(Caller(one.port, f"n{i}")) for i in range(MANY)]
            answers = await asyncio.gather(*(caller.register() for caller in callers))
            assert [answer[0] for answer in answers] == [ANSWER] * MANY
            assert len(store.devices()) == MANY
            await until(lambda: one.count("described") == MANY)


async def test_services_over_the_wire_and_only_oneself(path: Path) -> None:
    with Store(path) as store:
        async with served(store) as one, Caller(one.port) as caller:
            dms_id = one.dms.device_id
            kind = m.SERVICE_REGISTRATION_REQUEST
            wish = service(caller.device_id, "Register", {1: "50"})
            assert await caller.ask(kind, dms_id, wish) == (REFUSED, {"Result": UNKNOWN_DEVICE})
            assert await caller.register(a_device_id()) == (REFUSED, {"Result": HEADER_SOURCE_ID})
            assert store.devices() == []
            assert (await caller.register())[0] == ANSWER
            answer = (ANSWER, {"Result": 0, "ServiceName": "heating"})
            assert await caller.ask(kind, dms_id, wish) == answer
            assert store.devices()[0].services[0].params == {1: "50"}
            cancel = {**caller.role.registration("Register"), "RegType": "Cancel"}
            assert (await caller.ask(m.DEVICE_REGISTRATION_REQUEST, dms_id, cancel))[0] == ANSWER
            assert one.state() == {"caller": (CANCELLED, True)}


async def test_rubbish_ends_a_connection_and_nothing_else(path: Path) -> None:
    dice = random.Random(4)
    with Store(path) as store:
        async with served(store) as one, Caller(one.port) as caller:
            for _ in range(50):
                reader, writer = await asyncio.open_connection(LOOPBACK, one.port)
                writer.write(dice.randbytes(dice.randrange(1, 3000)))
                writer.write_eof()
                with contextlib.suppress(ConnectionError):
                    async with asyncio.timeout(10):
                        await reader.read()
                writer.close()
            assert (await caller.register())[0] == ANSWER
            await until(lambda: len(one.dms.endpoint.links) == 1)


async def test_a_notice_with_our_transaction_id_is_no_answer(path: Path) -> None:
    """IDs are unique to their source only: two clocks that agree give the same."""
    with Store(path) as store:
        async with served(store) as one, Caller(one.port) as caller:
            assert (await caller.register())[0] == ANSWER
            wish = {"DeviceInfoReqType": "BasicInfo"}
            transaction = caller.requester.ask(
                caller.endpoint.session, m.DEVICE_INFO_REQUEST, one.dms.device_id, wish
            )
            answered = caller.endpoint.expect(transaction)
            one.dms._device.advertise(one.dms.endpoint.session, "Start")
            advertisement = one.dms.endpoint.session.next_message()
            assert advertisement
            raw = bytearray(advertisement.whole())
            raw[TRANSACTION : TRANSACTION + 8] = transaction
            caller.endpoint._happened(caller.endpoint.session.receive(raw, 0, len(raw)))
            event = await outcome(answered, 20)
            assert (event[0], event[2]) == (ANSWER, m.DEVICE_INFO_RESPONSE)


# --- the command ------------------------------------------------------------------------------


async def command(*arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        RUMPUS, "dms", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_the_command_serves_and_lists(path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        RUMPUS, "dms", "--listen", f"{LOOPBACK}:0", "--store", str(path), "--json",
        "--interface", LOOPBACK, "--group-port", str(free_udp_port()),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    first = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
    assert first["event"] == "listening"
    async with Caller(first["port"], "a [bold]name") as caller:
        assert (await caller.register())[0] == ANSWER
        await caller.ask(
            m.SERVICE_REGISTRATION_REQUEST,
            bytes.fromhex(first["device"]),
            service(caller.device_id, "Register"),
        )
        for event in ("registered", "service"):
            told = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
            while told["event"] == "described":
                told = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
            assert (told["event"], told["device"]) == (event, caller.device_id.hex())
        code, out, _err = await command("--list", "--store", str(path), "--json")  # beside the server
        (device,) = json.loads(out)["devices"]
        assert code == 0 and device["state"] == "registered" and device["is_present"]
        assert device["services"][0]["name"] == "heating" and device["type"] == "water_heater"
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 20) == 0
    code, out, _err = await command("--list", "--store", str(path))
    assert code == 0 and "a [bold]name" in out and "heating" in out and caller.device_id.hex() in out
    for expected in (0, 2):  # the second time nobody is left
        assert (await command("--forget", caller.device_id.hex(), "--store", str(path)))[0] == expected
    code, out, _err = await command("--list", "--store", str(path), "--json")
    assert (code, json.loads(out)) == (0, {"devices": []})


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--list", "--store", "missing.sqlite"), 2, "there is no store at missing.sqlite"),
        (("--listen", "nowhere"), 2, "--listen nowhere: no port"),
        (("--listen", "192.0.2.1:0"), 3, "Cannot listen at 192.0.2.1:0"),
        (("--lease", "0"), 2, "--lease 0 is no time"),
        (("--group-port", "0"), 2, "--group-port 0 is no port"),
        (("--listen", "127.0.0.1:17811"), 2, "port 17811 is where everybody on the LAN listens"),
        (("--forget", "12", "--store", "missing.sqlite"), 2, "there is no store at missing.sqlite"),
    ],
)
async def test_the_command_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    found = await command(*arguments)
    assert found[0] == code and words in " ".join(found[2].split()), found
    assert "Traceback" not in found[2]
