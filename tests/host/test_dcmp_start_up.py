"""The start-up order of the document: devices on real MicroPython and a management server, on loopback; and the
same commands in network namespaces of their own, where the system lets us make some."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from rumpus_host.bench.start_up import Seen, StartUp, start_up

RUMPUS = str(Path(sys.executable).with_name("rumpus"))
_NETWORK = "10.213.77"
_PATIENCE_S = 60


def order_of(done: StartUp, name: str) -> list[str]:
    """What a device said, or was told, each kind once, in order."""
    kinds: list[str] = []
    for seen in done.seen:
        if name in (seen.line.source, seen.line.to):
            kind = seen.line.dcmp or seen.line.rmdp
            ad = seen.line.values.get("AdType") or seen.line.values.get("RegType")
            kind = f"{kind} {ad}" if ad else kind
            if kind not in kinds and kind != "SEND_MESSAGE_ACK":
                kinds.append(kind)
    return kinds


@pytest.mark.parametrize("interpreters", [("micropython", "micropython32"), ("micropython32", "cpython")])
async def test_the_order_of_the_document(interpreters: tuple[str, str]) -> None:
    done = await start_up(interpreters)
    for name in done.names:
        kinds = order_of(done, name)
        # RMDP initialization, DCMP initialization, management service (S 4).
        expected = [
            "NODE_ADVERTISEMENT Start",
            "OBJECT_ADVERTISEMENT Start",
            "NODE_DISCOVERY_REQUEST",
            "NODE_DISCOVERY_RESPONSE",
            "DEVICE_ADVERTISEMENT Start",
            "DEVICE_REGISTRATION_REQUEST Register",
            "DEVICE_REGISTRATION_RESPONSE",
            "DEVICE_INFO_REQUEST",
            "DEVICE_INFO_RESPONSE",
            "DEVICE_DISCOVERY_RESPONSE",
        ]
        assert [kind for kind in kinds if kind in expected] == expected, name
    good_bye = order_of(done, "fridge")[-4:]
    assert good_bye == [
        "DEVICE_REGISTRATION_REQUEST Cancel",
        "DEVICE_ADVERTISEMENT End",
        "NODE_ADVERTISEMENT End",
        "OBJECT_ADVERTISEMENT End",
    ]
    assert done.registered == done.discovered == ["boiler", "fridge"]
    assert done.services == ["bath"]
    to_server = [seen for seen in done.seen if seen.line.rmdp == "NODE_ADVERTISEMENT" and not seen.is_out]
    assert {seen.way for seen in to_server if seen.line.source == "boiler"} == {
        "udp, all",
        "tcp",
    }  # S 4: unicast
    assert all(str(seen) and isinstance(seen, Seen) for seen in done.seen)


def test_the_tool_prints_it() -> None:
    tool = Path(__file__).parents[2] / "tools" / "start_up.py"
    done = subprocess.run(
        [sys.executable, str(tool)], capture_output=True, text=True, timeout=120, check=True
    )
    assert "boiler -> all  NODE_ADVERTISEMENT" in done.stdout
    assert "DEVICE_REGISTRATION_RESPONSE (132 bytes): Result success" in done.stdout
    assert (
        done.stdout.splitlines()[-1]
        == "registered: boiler, fridge; discovered: boiler, fridge; services: bath"
    )


# --- a network of namespaces ----------------------------------------------------------------------------


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def may_make_namespaces() -> bool:
    if not shutil.which("ip") or os.geteuid() != 0:
        return False
    name = f"rumpus{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode == 0
    if made:
        ip("netns", "delete", name)
    return made


@pytest.fixture
def namespaces() -> Iterator[list[str]]:
    """Names of three namespaces, each with one interface in one network: .1, .2 and .3."""
    names = [f"rumpus{os.getpid()}-{i}" for i in range(4)]  # the last is the switch between them
    try:
        for name in names:
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        switch = names[-1]
        ip("-n", switch, "link", "add", "bridge", "type", "bridge", "mcast_snooping", "0")
        ip("-n", switch, "link", "set", "bridge", "up")
        for i, name in enumerate(names[:-1]):
            ip("-n", switch, "link", "add", f"port{i}", "type", "veth", "peer", "name", "eth0", "netns", name)
            ip("-n", switch, "link", "set", f"port{i}", "master", "bridge", "up")
            ip(
                "-n",
                name,
                "addr",
                "add",
                f"{_NETWORK}.{i + 1}/24",
                "broadcast",
                f"{_NETWORK}.255",
                "dev",
                "eth0",
            )
            ip("-n", name, "link", "set", "eth0", "up")
            ip("-n", name, "route", "add", "default", "dev", "eth0")
        yield names[:-1]
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)


@contextlib.asynccontextmanager
async def running(namespace: str, *arguments: str) -> AsyncIterator[dict[str, Any]]:
    """A rumpus command in a namespace; the JSON of its first line."""
    command = ["ip", "netns", "exec", namespace, RUMPUS, *arguments]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        assert process.stdout
        async with asyncio.timeout(_PATIENCE_S):
            yield json.loads(await process.stdout.readline())
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        await process.wait()


async def asked(namespace: str, *arguments: str) -> dict[str, Any]:
    """The JSON that a rumpus command answers in a namespace."""
    command = ["ip", "netns", "exec", namespace, RUMPUS, *arguments, "--json"]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    out, _err = await asyncio.wait_for(process.communicate(), _PATIENCE_S)
    return json.loads(out)


@pytest.mark.skipif(
    not may_make_namespaces(), reason="network namespaces need root on Linux; loopback is tested"
)
async def test_in_namespaces(namespaces: list[str], tmp_path: Path) -> None:
    """Each on a computer of its own, in one LAN: real multicast, real addresses, only commands."""
    server, *others = namespaces
    store = tmp_path / "dms.sqlite"
    dms = f"tcp://{_NETWORK}.1:17811"
    async with contextlib.AsyncExitStack() as stack:
        listening = running(server, "dms", "--listen", "0.0.0.0:17811", "--store", str(store), "--json")
        await stack.enter_async_context(listening)
        for i, (name, kind) in enumerate(zip(others, ("water_heater", "microwave_oven"), strict=True)):
            interpreter = ("micropython", "micropython32")[i]
            sim = ("sim", kind, "--tcp", "0.0.0.0:3880", "--dcmp", "--dms", dms, "--announce")
            await stack.enter_async_context(running(name, *sim, "--interpreter", interpreter))
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                known = (await asked(server, "dms", "--list", "--store", str(store)))["devices"]
                if len(known) == 2 and all(device["state"] == "registered" for device in known):
                    break
        assert {device["address"].rsplit(":", 1)[0] for device in known} == {
            f"tcp://{_NETWORK}.2",
            f"tcp://{_NETWORK}.3",
        }
        found = (await asked(server, "discover", "--seconds", "3"))["devices"]
        urls = {device["type"]: device["urls"][0] for device in found}
        assert urls["water_heater"] == f"tcp://{_NETWORK}.2:3880"
        assert urls["microwave_oven"] == f"tcp://{_NETWORK}.3:3880"
        by = {device["type"]: device["found_by"] for device in found}
        assert by["water_heater"] == ["rmdp", "mdns"]
        # From one device's computer to the other, over the address that was discovered.
        udp = next(url for device in found for url in device["urls"] if url.startswith(f"udp://{_NETWORK}.2"))
        set_power = await asked(others[1], "set", udp, "power=on", "--over", "dcmp")
        assert set_power["power"] is True and set_power["result"] == "ok"
