"""The commands on a LAN of network namespaces: a server and two devices, each on a computer of its own, find each
other by real multicast, real broadcast and mDNS. (On loopback: test_dcmp_client.py, test_dcmp_startup.py.)"""

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

RUMPUS = str(Path(sys.executable).with_name("rumpus"))
_NETWORK = "10.213.77"
_PATIENCE_S = 60


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


@pytest.mark.skipif(not may_make_namespaces(), reason="network namespaces need root on Linux")
async def test_in_namespaces(namespaces: list[str], tmp_path: Path) -> None:
    """Each on a computer of its own, in one LAN: real multicast, real addresses, only commands."""
    server, *others = namespaces
    store = tmp_path / "dms.sqlite"
    dms = f"tcp://{_NETWORK}.1:17812"
    async with contextlib.AsyncExitStack() as stack:
        listening = running(server, "dms", "--listen", "0.0.0.0:17812", "--store", str(store), "--json")
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
