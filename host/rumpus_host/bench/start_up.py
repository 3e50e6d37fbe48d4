"""The start-up of S 4 with real parts on loopback: virtual devices (real MicroPython) and a management server.

Everything that the server sends or hears is written down; what devices say to each other alone is not in it.
tools/start_up.py prints it.
"""

import asyncio
import os
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from rumpus.rmdp.tables.header import HEADER_SIZE

from ..dcmp.client import connect
from ..dcmp.trace import Line, line_of
from ..dms.server import Dms
from ..dms.store import Store
from .virtual_appliance import VirtualAppliance

_LOOPBACK = "127.0.0.1"
_PATIENCE_S = 30.0
_ESCAPE = b"\x03\x03\x03"


class Seen(NamedTuple):
    """A packet at the server: seconds since the beginning, True when it was sent there, how it went."""

    at_s: float
    is_out: bool
    way: str
    line: Line

    def __str__(self) -> str:
        return f"{self.at_s:7.3f} s  {'<-' if self.is_out else '->'} {self.way:10} {self.line}"


class StartUp(NamedTuple):
    """What came of it. names: of the devices, in the order they were started."""

    seen: list[Seen]
    names: tuple[str, str]
    registered: list[str]
    discovered: list[str]
    services: list[str]


async def start_up(
    interpreters: tuple[str, str] = ("micropython", "micropython32"),
    told: Callable[[Seen], None] = lambda seen: None,
) -> StartUp:
    """A boiler whose server is reached over TCP, a refrigerator whose server is reached over UDP, and the
    server: found, registered, a service registered, and the refrigerator's good-bye."""
    folder = tempfile.TemporaryDirectory(prefix="rumpus-start-up-")
    with folder as path, Store(Path(path) / "dms.sqlite") as store:
        return await _Bench(store, interpreters, told).run()


class _Bench:
    def __init__(self, store: Store, interpreters: tuple[str, str], told: Callable[[Seen], None]):
        self._store = store
        self._interpreters = interpreters
        self._told = told
        self._began = time.monotonic()
        self._seen: list[Seen] = []
        self._names: dict[bytes, str] = {}
        self._events: list[dict[str, Any]] = []

    async def run(self) -> StartUp:
        group_port = _free_udp_port()
        async with Dms(self._store, on_event=self._events.append) as dms:
            self._names[dms.device_id] = "dms"
            dms.endpoint.tap = self._tap
            port = await dms.listen(_LOOPBACK, group_port=group_port, port=0, interface=_LOOPBACK)
            lan = {"dcmp": True, "udp_port": group_port, "udp_interface": _LOOPBACK, "udp_own_port": 0}
            first, second = self._interpreters
            boiler = VirtualAppliance(
                "water_heater", first, seed=1,
                settings={**lan, "name": "boiler", "model": "WH-1", "dms": f"tcp://{_LOOPBACK}:{port}"},
            )  # fmt: skip
            fridge = VirtualAppliance(
                "refrigerator", second, "serial", seed=2,
                settings={**lan, "name": "fridge", "model": "RF-2", "dms": f"udp://{_LOOPBACK}:{port}"},
            )  # fmt: skip
            for name, device in (("boiler", boiler), ("fridge", fridge)):
                self._names[bytes.fromhex(device.uuid)] = name
            async with boiler, fridge:
                boiler.run()
                fridge.run()
                await self._until(lambda: self._count("described") == 2)
                found = await dms.discover(timeout_ms=600)
                services = await self._register_service(port, dms.device_id, bytes.fromhex(boiler.uuid))
                await self._good_bye(fridge)
            registered = [device.name for device in self._store.devices()]
        discovered = sorted(device["DeviceName"] for device in found)
        return StartUp(self._seen, ("boiler", "fridge"), sorted(registered), discovered, services)

    async def _register_service(self, port: int, dms_id: bytes, device_id: bytes) -> list[str]:
        async with connect(f"tcp://{_LOOPBACK}:{port}", device_id=dms_id) as server:
            self._names[server.endpoint.device_id] = "program"
            await server.register_service("Register", device_id, "bath", "alice", [(1, "50")])
        return [service.name for device in self._store.devices() for service in device.services]

    async def _good_bye(self, device: VirtualAppliance) -> None:
        """The console's escape ends the firmware in good order."""
        assert device.line
        host_end = os.open(device.line.path, os.O_RDWR | os.O_NOCTTY)
        try:
            os.write(host_end, _ESCAPE)
            await self._until(lambda: self._count("cancelled") == 1)
        finally:
            os.close(host_end)

    def _count(self, event: str) -> int:
        return sum(told["event"] == event for told in self._events)

    @staticmethod
    async def _until(condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(_PATIENCE_S):
            while not condition():
                await asyncio.sleep(0.02)

    def _tap(self, is_out: bool, route: Any, packet: bytes) -> None:
        way = "to all" if route is None else "tcp" if not isinstance(route, tuple) else "udp"
        if not is_out and len(packet) >= HEADER_SIZE and packet[24:40] == b"\xff" * 16:
            way += ", all"
        seen = Seen(time.monotonic() - self._began, is_out, way, line_of(packet, self._names))
        self._seen.append(seen)
        self._told(seen)


def _free_udp_port() -> int:
    """A port for what is said to everybody, so that this bench hears itself only."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stream:
        stream.bind((_LOOPBACK, 0))
        return stream.getsockname()[1]
