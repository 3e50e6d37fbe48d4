"""The start-up order of the document with a DMS, a controller and two real devices: on loopback, and with a
network namespace for each device where this process may make them (RUMPUS_FULL=1 insists on it)."""

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import get_tshark
import pytest
import tshark

from rumpus.dcmp import message as dcmp
from rumpus.dcmp.tables.message_codes import EXCHANGES
from rumpus.dcmp.tables.messages import MESSAGE_TYPES
from rumpus.link import RMDP
from rumpus.rmdp.tables.places import GROUP, PORT
from rumpus_host import decode
from rumpus_host.dcmp.links import Datagrams
from rumpus_host.dms.startup import DEVICES, FILE, Played, free_udp_port, play, play_on_loopback
from rumpus_host.dms.trace import Said

FULL = bool(os.environ.get("RUMPUS_FULL"))
RUMPUS = str(Path(sys.executable).with_name("rumpus"))
# S 4: first RMDP (node, object), then DCMP, then management.
ORDER = ("NODE_ADVERTISEMENT", "OBJECT_ADVERTISEMENT", "DEVICE_ADVERTISEMENT", "DEVICE_REGISTRATION_REQUEST")
NAMES = {code: name for code, name, *_rest in MESSAGE_TYPES}
# Who asked whom for what, at least once, and with success.
ASKED = (
    ("controller", "all", "DEVICE_DISCOVERY_REQUEST"),
    ("dms", "all", "DEVICE_DISCOVERY_REQUEST"),
    ("dms", "boiler", "DEVICE_INFO_REQUEST"),
    ("dms", "cooler", "DEVICE_INFO_REQUEST"),
    ("controller", "boiler", "DEVICE_INFO_REQUEST"),
    ("controller", "cooler", "DEVICE_INFO_REQUEST"),
    ("boiler", "?", "DEVICE_REGISTRATION_REQUEST"),
    ("cooler", "?", "DEVICE_REGISTRATION_REQUEST"),
    ("controller", "dms", "SERVICE_REGISTRATION_REQUEST"),
    ("controller", "boiler", "EVENT_SUBSCRIPTION_REQUEST"),
    ("controller", "boiler", "DEVICE_CONTROL_REQUEST"),
    ("controller", "cooler", "PUT_FILE_REQUEST"),
    ("controller", "cooler", "GET_FILE_REQUEST"),
)


def check(played: Played, names: list[str]) -> None:
    """What the document wants, in what was captured."""
    print(played.trace)
    said = played.trace.said
    assert played.found == sorted(["dms", *names])
    assert played.registered == sorted(names)
    assert played.file == FILE
    for device in DEVICES:
        first = [first_of(said, device.name, message) for message in ORDER]
        assert first == sorted(first), f"{device.name} says {ORDER} as numbers {first}"
    carriers = {row.line.source: row.carrier for row in said if row.name == "DEVICE_REGISTRATION_REQUEST"}
    assert carriers == {device.name: device.carrier for device in DEVICES}
    for source, to, message in ASKED:
        check_exchange(said, source, to, message)
    control = first_of(said, "controller", "DEVICE_CONTROL_REQUEST")
    assert any(row.name == "EVENT_NOTIFICATION" for row in said[control:])
    assert {row["Value"] for row in played.event["OutputList"]} >= {"60.0"}


def first_of(said: list[Said], source: str, message: str) -> int:
    return next(i for i, row in enumerate(said) if (row.line.source, row.name) == (source, message))


def check_exchange(said: list[Said], source: str, to: str, message: str) -> None:
    """Each such request has its answer, and its result where there is one: after it, with its transaction."""
    response, result = next(
        (NAMES[row[1]], NAMES.get(row[2], "")) for row in EXCHANGES if NAMES.get(row[0]) == message
    )
    asked = [
        i for i, row in enumerate(said) if (row.line.source, row.line.to, row.name) == (source, to, message)
    ]
    assert asked, f"{source} did not send {message} to {to}"
    for i in asked:
        same = [row for row in said[i + 1 :] if row.transaction == said[i].transaction]
        for name in filter(None, (response, result)):
            answers = [row for row in same if row.name == name]
            assert answers, f"no {name} for {said[i]}"
            assert all(row.line.values["Result"] == 0 for row in answers)


async def test_the_start_up_order_on_loopback(tmp_path: Path) -> None:
    played = await play_on_loopback()
    check(played, [device.name for device in DEVICES])
    check_capture(played, tmp_path / "startup.pcapng")
    for said in played.trace.said:  # and `rumpus decode` explains each
        told = decode.decode(said.packet)
        assert (told.error, told.channel, told.carries or told.kind) == (None, "rmdp", said.name)


# --- captures ---------------------------------------------------------------------------------

WAYS = ("ip.src", "ip.dst", "udp.srcport", "udp.dstport", "tcp.srcport", "tcp.dstport")
PAYLOADS = ("udp.payload", "tcp.payload")


def check_capture(played: Played, path: Path) -> None:
    """The capture that is written from the trace: every packet in it, as the real tshark sees it."""
    with path.open("wb") as file:
        played.trace.write(file)
    said = played.trace.said
    rows = tshark.fields(path, *WAYS, *PAYLOADS, "frame.comment")
    assert len(rows) == len(said)
    for (source, to, *ports, udp, tcp, comment), one in zip(rows, said, strict=True):
        ports = [port for port in ports if port]
        assert ((source, int(ports[0])), (to, int(ports[1]))) == (one.source, one.destination)
        assert bool(tcp) == (one.carrier == "tcp")
        packet = bytes((RMDP,)) + one.packet
        framed = len(packet).to_bytes(2, "big") + packet if tcp else packet
        assert (udp or tcp).replace(":", "") == framed.hex()
        assert comment.endswith(str(one.line))
        is_to_all = one.line.to == "all" and one.carrier == "udp"
        assert is_to_all == (to == GROUP)
    tshark.check_nothing_is_bad(path)
    titles = [title for _at, title in played.trace.steps]
    assert [row[-1].splitlines()[0] for row in rows if "\n" in row[-1]] == titles


@contextlib.asynccontextmanager
async def captured(interface: str, path: Path) -> AsyncIterator[None]:
    """Everything that passes an interface, by the real dumpcap."""
    process = await asyncio.create_subprocess_exec(
        str(get_tshark.find("dumpcap")), "-q", "-i", interface, "-w", str(path), stderr=asyncio.subprocess.PIPE
    )  # fmt: skip
    assert process.stderr
    try:
        async with asyncio.timeout(20):
            while b"File:" not in (line := await process.stderr.readline()):
                assert line, "dumpcap ended"
        yield
        await asyncio.sleep(1)  # it writes what it has once in a while
    finally:
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), 20)


def check_against_the_wire(played: Played, path: Path) -> None:
    """What the trace says was sent, with these addresses and ports, was on the wire: dumpcap saw it."""
    streams: dict[tuple, str] = {}
    for source, to, *ports, udp, tcp in tshark.fields(path, *WAYS, *PAYLOADS):
        ports = [int(port) for port in ports if port]
        if udp or tcp:
            way = ((source, ports[0]), (to, ports[1]), bool(tcp))
            streams[way] = streams.get(way, "") + ("" if tcp else "|") + (udp or tcp).replace(":", "")
    on_wire = 0
    for one in played.trace.said:
        assert one.source and one.destination
        if one.source[0] == one.destination[0]:
            continue  # between the DMS and the controller, which share a computer
        packet = (bytes((RMDP,)) + one.packet).hex()
        wanted = packet if one.carrier == "tcp" else f"|{packet}"
        assert wanted in streams.get((one.source, one.destination, one.carrier == "tcp"), ""), str(one)
        on_wire += 1
    assert on_wire > len(played.trace.said) / 2


def test_every_published_header_is_66_bytes() -> None:
    """So that the bytes in a trace can be added up: RMDP's 48, DCMP's 66, the payload."""
    assert dcmp.HEADER_SIZE == 66


# --- namespaces -------------------------------------------------------------------------------


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=20)


def may_make_namespaces() -> bool:
    """True where `ip netns` works: root with the capability, and iproute2."""
    if not shutil.which("ip") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    name = "rumpus" + secrets.token_hex(3)
    try:
        ip("netns", "add", name)
        ip("netns", "del", name)
    except subprocess.SubprocessError:
        return False
    return True


@contextlib.contextmanager
def network(names: list[str]) -> Iterator[tuple[str, dict[str, tuple[str, str]], str]]:
    """A bridge of our own, and a namespace with an address on it for each name.

    Gives our address, name -> (namespace, address), and the bridge.
    """
    tag = secrets.token_hex(3)
    net = f"10.{101 + secrets.randbelow(100)}.{secrets.randbelow(256)}"
    bridge, made = f"rb{tag}", {}
    try:
        ip("link", "add", bridge, "type", "bridge")
        ip("address", "add", f"{net}.1/24", "dev", bridge)
        ip("link", "set", bridge, "up")
        for n, name in enumerate(names):
            space, ours, theirs, address = f"rumpus{tag}{n}", f"ra{tag}{n}", f"rz{tag}{n}", f"{net}.{n + 2}"
            ip("netns", "add", space)
            made[name] = (space, address)
            ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", space)
            ip("link", "set", ours, "master", bridge, "up")
            ip("-n", space, "address", "add", f"{address}/24", "dev", theirs)
            ip("-n", space, "link", "set", theirs, "up")
            ip("-n", space, "link", "set", "lo", "up")
        yield f"{net}.1", made, bridge
    finally:
        for space, _address in made.values():
            ip("netns", "del", space)
        with contextlib.suppress(subprocess.SubprocessError):
            ip("link", "del", bridge)


needs_namespaces = pytest.mark.skipif(
    not FULL and not may_make_namespaces(), reason="network namespaces need root and iproute2"
)


@needs_namespaces
async def test_a_listener_hears_the_interfaces_that_it_was_told_alone() -> None:
    """Though another program of this computer has joined the same group on another interface."""
    heard: dict[str, list[bytes]] = {}
    port = free_udp_port()
    with network([]) as (host, _spaces, _bridge), contextlib.ExitStack() as stack:
        for interface in ("127.0.0.1", host):
            packets = heard[interface] = []
            listener = Datagrams(lambda _route, packet, packets=packets: packets.append(packet))
            stack.callback(listener.close)
            assert await listener.listen([interface], port)
        sender = Datagrams(lambda _route, _packet: None, [(GROUP, port)])
        stack.callback(sender.close)
        await sender.open(host, 0, host)
        async with asyncio.timeout(10):
            while not heard[host]:
                sender.send(b"hello", None)
                await asyncio.sleep(0.05)
        assert heard["127.0.0.1"] == []


@needs_namespaces
async def test_the_start_up_order_in_network_namespaces(tmp_path: Path) -> None:
    """Each device has a network stack of its own; nothing but a bridge is between it and the DMS. What passes
    the bridge is captured."""
    path = tmp_path / "bridge.pcapng"
    with network([device.name for device in DEVICES]) as (host, spaces, bridge):

        @contextlib.asynccontextmanager
        async def start(dms_port: int) -> AsyncIterator[None]:
            running = []
            try:
                for device in DEVICES:
                    space, address = spaces[device.name]
                    dms = f"{device.carrier}://{host}:{dms_port}"
                    process = await asyncio.create_subprocess_exec(
                        "ip", "netns", "exec", space, RUMPUS, "sim", device.type, "--tcp", f"{address}:3880",
                        "--dcmp", "--dms", dms, "--interpreter", device.interpreter, "--seed", str(device.seed),
                        stdout=asyncio.subprocess.PIPE,
                        stderr=asyncio.subprocess.DEVNULL,
                    )  # fmt: skip
                    running.append(process)
                    assert process.stdout
                    said = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
                    assert said["url"] == f"tcp://{address}:3880"
                yield
            finally:
                for process in running:
                    process.send_signal(signal.SIGTERM)
                for process in running:
                    await asyncio.wait_for(process.wait(), 20)

        async with captured(bridge, path):
            played = await play(start, host, 0, PORT)
    check(played, [device.type for device in DEVICES])
    check_capture(played, tmp_path / "startup.pcapng")
    check_against_the_wire(played, path)
    assert sorted(address for _space, address in spaces.values()) == sorted(
        {row.host for row in played.addresses}
    )
