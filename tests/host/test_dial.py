"""A device that dials out: it finds its server however late that appears, and again when it was lost."""

import asyncio
import socket

import pytest

from rumpus.link import RA, StreamLink
from rumpus.ra import hello
from rumpus_host.bench.virtual_appliance import VirtualAppliance

MINUTE_MS = 60_000


class Server:
    """Takes the device's connection and reads its hello."""

    def __init__(self):
        self.hellos: list[dict] = []
        self._writers: list[asyncio.StreamWriter] = []

    async def open(self, port: int) -> "Server":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        return self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        link = StreamLink(1024)
        while data := await reader.read(1024):
            link.free()[: len(data)] = data
            link.received(len(data))
            while link.next_packet():
                if link.buf[link.at] == RA:
                    self.hellos.append(hello.unpack(link.buf, link.at + 1, link.end)[1])

    async def close(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()
        await asyncio.sleep(0.05)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


async def heard(appliance: VirtualAppliance, server: Server, minutes: float) -> bool:
    """True when the device says hello within that much of its time."""
    for _ in range(int(minutes * MINUTE_MS / 500)):
        await appliance.advance(500)
        await asyncio.sleep(0.005)
        if server.hellos:
            return True
    return False


@pytest.mark.parametrize("interpreter", ("micropython", "micropython32", "cpython"))
async def test_first_connection_succeeds_however_late_the_server_appears(interpreter):
    port = free_port()
    dial = {"transport": "tcp_dial", "host": "127.0.0.1", "port": port}
    async with VirtualAppliance("water_heater", interpreter, settings=dial) as appliance:
        await appliance.advance(20 * MINUTE_MS, 500)
        server = await Server().open(port)
        assert await heard(appliance, server, 1.5)
        assert server.hellos[0]["uuid"].hex() == appliance.uuid
        await server.close()


async def test_a_lost_server_is_found_again_soon():
    port = free_port()
    dial = {"transport": "tcp_dial", "host": "127.0.0.1", "port": port}
    async with VirtualAppliance("refrigerator", settings=dial) as appliance:
        for _ in range(3):
            server = await Server().open(port)
            assert await heard(appliance, server, 0.2)
            await appliance.advance(MINUTE_MS, 500)
            await server.close()
            await appliance.advance(1000)


async def test_attempts_grow_rare():
    """A server that takes every connection and drops it must not be hammered."""
    port = free_port()
    attempts = 0

    async def refuse(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal attempts
        attempts += 1
        writer.transport.abort()

    dial = {"transport": "tcp_dial", "host": "127.0.0.1", "port": port}
    async with VirtualAppliance("water_heater", settings=dial) as appliance:
        server = await asyncio.start_server(refuse, "127.0.0.1", port)
        for _ in range(240):
            await appliance.advance(500)
            await asyncio.sleep(0.002)
        server.close()
    assert 5 <= attempts <= 9  # in two minutes, at 0, 1, 3, 7, 15, 31, 63 s and a quarter more
