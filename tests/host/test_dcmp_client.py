"""The DCMP client against real virtual appliances: on TCP, a serial line and datagrams, on real interpreters."""

import asyncio
import contextlib
import hashlib
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tier import FULL, full_only

from rumpus.dcmp.requester import Requester
from rumpus.dcmp.tables.properties import STATUS
from rumpus.dcmp.tables.result_codes import OTHER_OPERATION_RUNNING, PAYLOAD_NOT_WHOLE
from rumpus_host import client as rump
from rumpus_host import fields
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.client import OutcomeUnknown, Refused, Unreachable
from rumpus_host.dcmp import lan, words
from rumpus_host.dcmp.client import DcmpRefused, Device, connect, new_id
from rumpus_host.dcmp.endpoint import Endpoint
from rumpus_host.dcmp.links import Datagrams
from rumpus_host.dcmp.trace import line_of

LOOPBACK = "127.0.0.1"
TYPES = ("water_heater", "air_conditioner", "refrigerator", "microwave_oven")
CARRIERS = [("tcp", "micropython"), ("serial", "micropython32"), ("udp", "micropython32"), ("udp", "cpython")]
if FULL:
    CARRIERS += [
        ("tcp", "micropython32"),
        ("serial", "micropython"),
        ("udp", "micropython"),
        ("tcp", "cpython"),
    ]
# A control that is carried out, one that only the appliance refuses, one against the table, one for no field.
CONTROLS = {
    "water_heater": ({"target_temperature": 600}, {"current_temperature": 400}, {"target_temperature": 9990}),
    "air_conditioner": (
        {"target_temperature": 240},
        {"indoor_temperature": 240},
        {"target_temperature": 9990},
    ),
    "refrigerator": ({"fridge_set": 50, "mode": 0}, {"fridge_temp": 50}, {"fridge_set": 5000}),
    "microwave_oven": ({"power_level": 50, "cook_time": 60}, {"operation": 2}, {"power_level": 250}),
}
DATA = b"".join(hashlib.sha256(bytes((i & 0xFF, i >> 8))).digest() for i in range(1000))  # 32 kB


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stream:
        stream.bind((LOOPBACK, 0))
        return stream.getsockname()[1]


@contextlib.asynccontextmanager
async def appliance(
    carrier: str = "tcp", interpreter: str = "micropython", kind: str = "water_heater", **more: Any
) -> AsyncIterator[tuple[VirtualAppliance, str]]:
    """A running device and its URL for DCMP."""
    port = free_udp_port()
    settings = {
        "dcmp": True,
        "udp_port": free_udp_port(),
        "udp_own_port": port,
        "udp_interface": LOOPBACK,
        **more,
    }
    wire = "serial" if carrier == "serial" else "tcp"
    async with VirtualAppliance(kind, interpreter, wire, seed=4, settings=settings) as device:
        device.run()
        yield device, f"udp://{LOOPBACK}:{port}" if carrier == "udp" else device.url


@contextlib.asynccontextmanager
async def connected(*args: Any, **more: Any) -> AsyncIterator[Device]:
    async with appliance(*args, **more) as (_device, url), connect(url) as device:
        yield device


@pytest.mark.parametrize(("carrier", "interpreter"), CARRIERS)
async def test_everything_over_every_carrier(carrier: str, interpreter: str, tmp_path: Path) -> None:
    async with (
        appliance(carrier, interpreter, name="Bath", model="WH") as (virtual, url),
        connect(url) as device,
    ):
        assert (device.id.hex(), device.type_name) == (virtual.uuid, "water_heater")
        assert device.about["DeviceName"] == "Bath"
        properties = await device.properties()
        assert properties[0x0102] == ("model_name", 0, "WH")
        if carrier == "udp":
            with pytest.raises(DcmpRefused) as refused:
                await device.info("FunctionList")
            assert refused.value.result == PAYLOAD_NOT_WHOLE
        else:
            functions = (await device.info("FunctionList"))["DeviceList"][0]["FunctionList"]
            assert functions[0]["FunctionID"] == 1 and len(functions[0]["InputList"]) > 10
            sections = (await device.info("FullDescription"))["SectionList"]
            assert [s["SectionType"] for s in sections] == ["BasicInfo", "FunctionList", "DeviceProperty"]
        status = await device.control([("target_temperature", 600), ("power", 1)])
        assert (status["target_temperature"], status["power"]) == (600, 1)
        path, back = tmp_path / "data", tmp_path / "back"
        path.write_bytes(DATA[:9001])
        assert await device.put_file(path, "UserDefined", "data", "7") == 0
        listed = {one["FileName"]: one for one in await device.list_files()}
        assert listed["data"]["FileDigest"] == hashlib.sha256(DATA[:9001]).digest()
        assert (listed["data"]["FileSize"], listed["data"]["FileVersion"]) == (9001, "7")
        await device.get_file("UserDefined", "data", back)
        assert back.read_bytes() == DATA[:9001]
        assert await device.get_file("Log", "events", back) == (virtual.storage / "events").stat().st_size
        assert virtual.log == type(virtual.log)([], virtual.log.maxlen)  # no traceback, no warning


@pytest.mark.parametrize("kind", TYPES)
async def test_what_is_set_over_dcmp_is_what_is_set_over_rump(kind: str) -> None:
    """Two devices of one seed, one controlled over each: the same answer, field and reason included."""
    answers = []
    for over in (rump.connect, connect):
        async with appliance(kind=kind) as (virtual, url):
            await virtual.pause()  # the same moment for both
            async with over(url) as device:
                answers.append([await controlled(virtual, device, control) for control in CONTROLS[kind]])
    assert answers[0] == answers[1]
    assert [bool(outcome[0]) for outcome, _values in answers[0]] == [False, True, True]  # Result: 0 is done


async def controlled(virtual: VirtualAppliance, device: Any, control: dict[str, int]) -> tuple:
    """((result, field, reason), values) of a control's answer; time stands still, but for the connection."""
    work = asyncio.ensure_future(device.control(list(control.items())))
    while not work.done():
        await asyncio.wait({work}, timeout=0.02)
        await virtual.advance(0)
    try:
        status = work.result()
    except Refused as error:
        status = error.status
    return (status.result, status.field, status.reason), fields.status_values(device.type_name, status)


async def test_both_protocols_on_one_connection_see_one_appliance() -> None:
    async with appliance() as (_virtual, url), connect(url) as device, rump.connect(url) as other:
        await other.control([("power", 1)])
        assert (await device.status())["power"] == 1
        await device.control([("power", 0)])
        assert (await other.status())["power"] == 0
        assert device.device_id == other.device_id


async def test_events_follow_controls_and_alarms() -> None:
    async with appliance("udp") as (virtual, url), connect(url) as device:
        kinds = set()
        async with contextlib.aclosing(device.events(lease_s=2)) as events, asyncio.timeout(30):
            async for values in events:
                kinds.add(values["FunctionID"])
                if kinds == {2, 4}:
                    virtual.plant.fault_tank_sensor = True  # type: ignore[attr-defined]
                    break
            await device.control([("child_lock", 1)])
            async for values in events:
                told = {row["ParamID"]: row["Value"] for row in values["OutputList"]}
                if values["FunctionID"] == STATUS and told[0x03] == "1":
                    break
            # The lease of two seconds was renewed, else nothing would come any more.
            await asyncio.sleep(2.5)
            await device.control([("child_lock", 0)])
            async for values in events:
                told = {row["ParamID"]: row["Value"] for row in values["OutputList"]}
                if values["FunctionID"] == STATUS and told[0x03] == "0":
                    break


@pytest.mark.parametrize("carrier", ["tcp", "udp"])
async def test_an_upload_goes_on_where_it_stopped(carrier: str, tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(DATA * 30)
    async with appliance(carrier, "micropython32") as (virtual, url):
        async with connect(url) as device:
            upload = asyncio.ensure_future(device.put_file(path, "Firmware", "bundle", "1.0"))
            while device.files.done < 100_000:
                await asyncio.sleep(0)
            upload.cancel()
            with pytest.raises(asyncio.CancelledError):
                await upload
        await virtual.restart()
        virtual.run()
        async with connect(url) as device:
            assert await device.list_files("Firmware") == []  # half a file has no name
            resumed_at = await device.put_file(path, "Firmware", "bundle", "1.0")
            assert 0 < resumed_at < len(DATA) * 30
            assert (await device.list_files("Firmware"))[0]["FileSize"] == len(DATA) * 30
        assert (virtual.storage / "staging" / "bundle").read_bytes() == DATA * 30


async def test_a_download_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path, back = tmp_path / "data", tmp_path / "back"
    path.write_bytes(DATA * 30)
    async with connected("tcp") as device:
        await device.put_file(path, "UserDefined", "data")
        download = asyncio.ensure_future(device.get_file("UserDefined", "data", back))
        while device.files.exchange != "get" or device.files.done < 100_000:
            await asyncio.sleep(0)
        download.cancel()
        with pytest.raises(asyncio.CancelledError):
            await download
        kept = (tmp_path / "back.part").stat().st_size
        assert 0 < kept < len(DATA) * 30 and not back.exists()
        await asyncio.sleep(0.3)  # the device hears that we have stopped
        await device.get_file("UserDefined", "data", back)
        assert device.files.resumed_at >= kept
        assert back.read_bytes() == DATA * 30
        assert sorted(file.name for file in tmp_path.iterdir()) == ["back", "data"]


async def test_one_transfer_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(DATA * 100)
    async with appliance() as (_virtual, url), connect(url) as first, connect(url) as second:
        upload = asyncio.ensure_future(first.put_file(path, "UserDefined", "a"))
        while first.files.done < 50_000:
            await asyncio.sleep(0)
        with pytest.raises(DcmpRefused) as refused:
            await second.put_file(path, "UserDefined", "b")
        assert refused.value.result == OTHER_OPERATION_RUNNING
        await upload


async def test_a_connection_that_dies_frees_the_device_at_once(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(DATA * 100)
    async with appliance() as (_virtual, url), connect(url) as second:
        async with connect(url) as first:
            upload = asyncio.ensure_future(first.put_file(path, "UserDefined", "a"))
            while first.files.done < 50_000:
                await asyncio.sleep(0)
            await first.endpoint.links[0].carrier.close()  # no good-bye
            with pytest.raises(Unreachable):
                await upload
        async with asyncio.timeout(8):  # less than the silence that would end it, too
            while True:
                with contextlib.suppress(DcmpRefused):  # it has not seen yet that the first is gone
                    await second.put_file(path, "UserDefined", "a")
                    break
        assert second.files.resumed_at >= 50_000


async def test_who_does_not_answer_is_said_so() -> None:
    async with appliance() as (virtual, url), connect(url, timeout_s=1) as device:
        await virtual.kill()
        with pytest.raises(OutcomeUnknown):
            await device.control([("power", 1)])
    async with VirtualAppliance("water_heater") as plain:  # without DCMP
        plain.run()
        with pytest.raises(Unreachable, match="no device answered"):
            async with connect(plain.url, timeout_s=0.5):
                pass
    with pytest.raises(Unreachable):
        async with connect(f"udp://{LOOPBACK}:{free_udp_port()}", timeout_s=0.5):
            pass


@full_only  # ten seconds of silence
async def test_a_device_that_dies_during_an_upload_ends_it(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(DATA * 100)
    async with appliance("udp") as (virtual, url), connect(url, timeout_s=2) as device:
        upload = asyncio.ensure_future(device.put_file(path, "UserDefined", "a"))
        while device.files.done < 50_000:
            await asyncio.sleep(0)
        await virtual.kill()
        async with asyncio.timeout(20):
            with pytest.raises(Unreachable):
                await upload


async def test_discovery_by_multicast_and_each_condition() -> None:
    port = free_udp_port()
    async with contextlib.AsyncExitStack() as stack:
        for kind, interpreter in (("water_heater", "micropython32"), ("microwave_oven", "cpython")):
            settings = {"dcmp": True, "udp_port": port, "udp_own_port": 0, "udp_interface": LOOPBACK}
            device = VirtualAppliance(kind, interpreter, seed=4, settings={**settings, "name": kind[:5]})
            await stack.enter_async_context(device)
            device.run()
            if kind == "water_heater":
                heater = device

        async def found(condition: str = "All", value: Any = None) -> list[str]:
            return [one.name for one in await lan.discover(1.0, condition, value, [LOOPBACK], port)]

        assert await found() == ["micro", "water"]
        assert await found("DeviceName", "micro") == ["micro"]
        assert await found("DeviceType", words.type_code("sensor")) == ["micro", "water"]  # both measure
        assert await found("DeviceType", words.type_code("water-heater")) == ["water"]
        assert await found("DeviceID", bytes(16)) == []
        (one,) = await lan.discover(1.0, "DeviceID", bytes.fromhex(heater.uuid), [LOOPBACK], port)
        assert f"tcp://{one.host}:{one.tcp_port}" == heater.url
        async with connect(f"udp://{one.host}:{one.port}") as device:
            assert device.id.hex() == heater.uuid


async def test_an_orderly_end_is_told() -> None:
    """The console's escape ends the firmware: DCMP says good-bye first, then RMDP, as they came the other way."""
    heard: list[str] = []
    port = free_udp_port()
    endpoint = Endpoint(new_id(), [Requester()])
    endpoint.tap = lambda is_out, _route, packet: None if is_out else heard.append(str(line_of(packet)))
    async with appliance("serial", udp_port=port) as (virtual, _url), endpoint:
        endpoint.datagrams = Datagrams(endpoint.receive)
        assert await endpoint.datagrams.listen([LOOPBACK], port)
        await asyncio.sleep(0.3)  # it has started
        heard.clear()
        assert virtual.line
        host_end = os.open(virtual.line.path, os.O_RDWR | os.O_NOCTTY)
        os.write(host_end, b"\x03\x03\x03")
        async with asyncio.timeout(20):
            while len(heard) < 3:
                await asyncio.sleep(0.02)
        os.close(host_end)
    ends = ("DEVICE_ADVERTISEMENT", "NODE_ADVERTISEMENT", "OBJECT_ADVERTISEMENT")
    assert all(f" {name} " in line and "'End'" in line for name, line in zip(ends, heard, strict=True)), heard


def test_published_layouts_on_the_wire_of_a_device_byte_by_byte() -> None:
    """Bytes typed from the document on both sides: what is sent to a real device, and what must come back."""
    asyncio.run(_on_the_wire())


async def _on_the_wire() -> None:
    group_port = free_udp_port()
    ours, device_id, nobody = "a0" * 16, hashlib.sha256(b"water_heater 4").hexdigest()[:32], "00" * 16
    every = "ff" * 16
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ears,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth,
    ):
        ears.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ears.bind(("", group_port))
        member = socket.inet_aton("239.255.178.11") + socket.inet_aton(LOOPBACK)
        ears.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        ears.settimeout(20)
        mouth.settimeout(20)
        async with appliance("udp", udp_port=group_port, name="boiler") as (_virtual, url):
            place = (LOOPBACK, int(url.rpartition(":")[2]))

            def dcmp_of(stream: socket.socket, kind: str) -> str:
                """The next DCMP message of a kind that comes, in hexadecimal; RMDP's 48 bytes and the channel
                before it are ours and not looked at."""
                while True:
                    packet = stream.recv(2048).hex()[2:]
                    if packet[2:4] == "02":  # acknowledgement wanted: of the same transaction
                        ack = f"01000212{50:08x}{ours}{packet[16:48]}{packet[80:96]}0000"
                        mouth.sendto(bytes.fromhex("02" + ack), place)
                    message = packet[2 * 48 :]
                    if message[80:84] == kind:
                        return message

            def ask(kind: str, to: str, payload: str) -> str:
                """A DCMP message in a SEND_MESSAGE of RMDP; the message, in hexadecimal."""
                size = f"{66 + len(payload) // 2:08x}"
                # Version, flag, payload and encoding type, length, IDs, type, transaction, optional header.
                dcmp = f"01000103{size}{ours}{to}{kind}1122334455667788{nobody}{payload}"
                rmdp = f"01000211{48 + len(dcmp) // 2:08x}{ours}{every}0000000000000{kind[-3:]}"
                mouth.sendto(bytes.fromhex("02" + rmdp + dcmp), place)
                return dcmp

            name, sub = b"boiler".ljust(16, b"\0").hex(), nobody
            basic = (
                f"ff11{device_id}{name}{sub}0001ff02"  # type, ID, name, sub-name, one capability: a sensor
            )
            head = f"{device_id}{ours}"

            def wait(stream: socket.socket, kind: str) -> asyncio.Future[str]:
                return asyncio.ensure_future(asyncio.to_thread(dcmp_of, stream, kind))

            # Table 7: an advertisement of 68 + 2M bytes, to all.
            message = await wait(ears, "1121")
            start = b"Start".ljust(16, b"\0").hex()
            assert message[:80] == f"01000103{66 + 70:08x}{device_id}{every}"
            assert message[100:] == nobody + start + basic
            # Tables 5 and 6: 16 bytes ask, 54 + 2M answer.
            assert len(ask("1111", every, b"All".ljust(16, b"\0").hex())) // 2 == 66 + 16
            message = await wait(mouth, "1112")
            assert message == f"01000103{66 + 56:08x}{head}11121122334455667788{nobody}0000{basic}"
            # By type 18, by name 32, all written out 34.
            for condition, value in (
                ("DeviceType", "ff11"),
                ("DeviceName", name),
                ("DeviceID", device_id),
                ("DeviceID", device_id + "0000"),
            ):
                sent = ask("1111", every, condition.encode().ljust(16, b"\0").hex() + value)
                assert len(sent) // 2 - 66 in (18, 32, 34)
                assert await wait(mouth, "1112") == message
            # Tables 8 and 9: 32 bytes ask, 56 + 2M answer.
            ask("2011", device_id, b"BasicInfo".ljust(32, b"\0").hex())
            message = await wait(mouth, "2012")
            assert message == f"01000103{66 + 58:08x}{head}20121122334455667788{nobody}00000001{basic}"
            # Table 3: an unknown type in a known family is 0105, XML is 0204.
            ask("2013", device_id, "")
            message = await wait(mouth, "2012")
            assert message[-4:] == "0105" and len(message) // 2 == 68
