"""Rubbish by the megabyte, and either side killed at random: nothing lost, nothing done twice."""

import asyncio
import contextlib
import os
import random
from pathlib import Path

import pytest

from rumpus.errors import RumpusError
from rumpus.link import HEAD, RA, RUMP, TAIL, StreamLink
from rumpus.ra import hello
from rumpus.rump.controller import Controller
from rumpus.rump.message import NO_DEVICE
from rumpus.rump.tables import water_heater
from rumpus.serial_link import SerialLink
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.client import OutcomeUnknown, Unreachable, connect

FULL = bool(os.environ.get("RUMPUS_FULL"))
RUBBISH_BYTES = 10_000_000 if FULL else 300_000
KILLS = 200 if FULL else 16
OBSERVED = Path(__file__).parent.parent / "device" / "observed_main.py"
# Everything that is made once has been made by then; this is for a block or two held at the moment of asking.
HEAP_SLACK = 512
_TAKE_IN_S = 0.0003


# --- rubbish ----------------------------------------------------------------------------------


def random_bytes(rng: random.Random) -> bytes:
    return rng.randbytes(rng.randrange(1, 2000))


class Mutator:
    """Valid frames of every kind, damaged in one of the ways that lines and software damage them."""

    def __init__(self, link):
        self.link = link
        self.session = Controller(water_heater, NO_DEVICE)

    def valid(self, rng: random.Random) -> bytes:
        row = rng.choice([row for row in water_heater.FIELDS if "w" in row[3]])
        channel, message = rng.choice(
            (
                (RUMP, self.session.status_query()[1]),
                (RUMP, self.session.version_query()[1]),
                (RUMP, self.session.control([(row[0], row[2], row[4])])[1]),
                (RA, hello.pack_controller_hello(rng.choice((0, 5, 0xFFFFFFFF)), "x" * rng.randrange(60))),
            )
        )
        self.session.closed()
        out = bytearray(HEAD + 1 + len(message) + TAIL)
        out[HEAD] = channel
        out[HEAD + 1 : HEAD + 1 + len(message)] = self._hurt(rng, message) if rng.random() < 0.5 else message
        start = self.link.frame(out, HEAD, HEAD + 1 + len(message))
        return bytes(out[start : self.link.out_end])

    def _hurt(self, rng: random.Random, message: bytes) -> bytes:
        """Damage inside the checksum, so that it reaches the session."""
        hurt = bytearray(message)
        for _ in range(rng.randrange(1, 4)):
            hurt[rng.randrange(len(hurt))] = rng.randrange(256)
        return bytes(hurt)

    def __call__(self, rng: random.Random) -> bytes:
        frame = bytearray(self.valid(rng))
        way = rng.randrange(6)
        at = rng.randrange(len(frame))
        if way == 0:
            frame[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            del frame[at:]
        elif way == 2:
            frame[at:at] = rng.randbytes(rng.randrange(1, 20))
        elif way == 3:
            frame = frame + frame
        return bytes(frame)


class EveryLength:
    """Good packets of a channel that nobody has, of each length in turn, and one at a time."""

    pause_s = 0.004

    def __init__(self, link):
        self.link = link
        self.n = 0

    def __call__(self, _rng: random.Random) -> bytes:
        self.n = self.n % 200 + 1
        out = bytearray(HEAD + self.n + TAIL)
        out[HEAD] = 0x50
        start = self.link.frame(out, HEAD, HEAD + self.n)
        return bytes(out[start : self.link.out_end])


async def feed_tcp(url: str, make, rng: random.Random, total: int) -> int:
    """Pour bytes into new connections, each until the device has had enough of it."""
    host, port = url.removeprefix("tcp://").split(":")
    connections = 0
    while total > 0:
        reader, writer = await asyncio.open_connection(host, int(port))
        connections += 1
        drain = asyncio.create_task(reader.read(-1))
        try:
            while total > 0 and not drain.done():
                piece = make(rng)
                total -= len(piece)
                writer.write(piece)
                await writer.drain()
                # Wait for the device to take it in: what is poured after it hung up proves nothing.
                await asyncio.wait({drain}, timeout=_TAKE_IN_S)
        except ConnectionError:
            pass
        writer.close()
        drain.cancel()
        await asyncio.gather(drain, return_exceptions=True)
    return connections


async def feed_serial(appliance: VirtualAppliance, make, rng: random.Random, total: int) -> None:
    """Pour bytes into the cable until so many have reached the device (a UART loses what comes too
    fast, and that does not count), and read away what comes back."""
    lost_before = appliance.line.lost_to_device
    sent = 0
    fd = os.open(appliance.line.path, os.O_RDWR | os.O_NOCTTY)
    os.set_blocking(fd, False)
    while sent - (appliance.line.lost_to_device - lost_before) < total:
        piece = make(rng)
        sent += len(piece)
        while piece:
            try:
                piece = piece[os.write(fd, piece) :]
            except BlockingIOError:
                await asyncio.sleep(0.001)
            with contextlib.suppress(BlockingIOError):
                os.read(fd, 65536)
        await asyncio.sleep(getattr(make, "pause_s", 0))
    os.close(fd)
    await asyncio.sleep(0.5)


async def heap_of(url: str) -> int:
    """The heap in use, read by a fresh controller. The first versions fill what is made once."""
    async with connect(url, timeout_s=20) as device:
        for _ in range(3):
            version = await device.version()
            await device.status()
        return int(version["model"])


@pytest.mark.parametrize("interpreter", ("micropython", "micropython32") if FULL else ("micropython32",))
@pytest.mark.parametrize("kind", ("random", "mutated"))
@pytest.mark.parametrize("carrier", ("tcp", "serial"))
async def test_rubbish_is_survived_and_the_heap_stays_flat(carrier, kind, interpreter):
    rng = random.Random(f"{carrier} {kind}")
    link = StreamLink(16) if carrier == "tcp" else SerialLink(16)
    make = random_bytes if kind == "random" else Mutator(link)
    # The ring is large here so that the rubbish reaches the firmware and is not lost in the UART.
    line = {"ring": 60_000} if carrier == "serial" else None
    async with VirtualAppliance(
        "water_heater", interpreter, carrier, heap="256wk", line=line, entry=OBSERVED
    ) as appliance:
        await pour(appliance, make, rng, 50_000)
        await pour(appliance, EveryLength(link), rng, 45_000)  # fills what is kept for each length
        before = await heap_of(appliance.url)
        await pour(appliance, make, rng, RUBBISH_BYTES)
        assert await heap_of(appliance.url) <= before + HEAP_SLACK
        assert appliance.is_running and not appliance.is_halted
        await appliance.advance(1000)


async def pour(appliance, make, rng, total: int) -> None:
    if appliance.carrier == "tcp":
        await feed_tcp(appliance.url, make, rng, total)
    else:
        await feed_serial(appliance, make, rng, total)


# --- kill and restart ---------------------------------------------------------------------------


class Story:
    """A refrigerator, a controller that comes and goes, and the truth about both."""

    def __init__(self, appliance: VirtualAppliance, rng: random.Random):
        self.appliance = appliance
        self.rng = rng
        self.serial = 0  # number of the last control
        self.succeeded: set[int] = set()
        self.unknown: set[int] = set()
        self.refused: set[int] = set()
        self.alarms: list[dict] = []
        self.last_event = 0
        self.edges_made = 0
        self.device = None
        self.listener = None

    async def connect(self) -> None:
        self.device = connect(self.appliance.url, self.last_event, reconnect=True, timeout_s=10)
        async with asyncio.timeout(60):
            while True:
                try:
                    await self.device.__aenter__()
                    break
                except Unreachable:
                    await asyncio.sleep(0.05)
        self.listener = asyncio.create_task(self.listen(self.device))

    async def listen(self, device) -> None:
        async for kind, value in device.events():
            if kind == "alarm":
                self.alarms.append(value)
                self.last_event = value["sequence"]

    async def leave(self) -> None:
        await self.device.__aexit__()
        await self.listener
        # Only what was handed to the application is known; anything else is told again.

    async def control(self) -> None:
        self.serial += 1
        number = self.serial
        try:
            await self.device.control([("clock_day", number)])
            self.succeeded.add(number)
        except OutcomeUnknown:
            self.unknown.add(number)
        except Unreachable:
            self.refused.add(number)

    async def door(self) -> None:
        """An edge that rises and falls, both long enough for the firmware to see."""
        self.appliance.plant.fridge_door = True
        await self.appliance.advance(180_000, 1000)
        self.appliance.plant.fridge_door = False
        await self.appliance.advance(10_000, 1000)
        self.edges_made += 2

    async def settle(self) -> None:
        """Until the controller is connected and has been told all that the device knows."""
        async with asyncio.timeout(60):
            while True:
                try:
                    status = await self.device.status()
                    if status["event_sequence"] == self.last_event:
                        return
                except RumpusError:
                    pass
                await self.appliance.advance(500)
                await asyncio.sleep(0.02)


@pytest.mark.parametrize("carrier", ("tcp", "serial"))
async def test_either_side_killed_at_random(carrier, tmp_path):
    rng = random.Random(f"kill {carrier}")
    async with VirtualAppliance(
        "refrigerator", "micropython", carrier, storage=tmp_path, entry=OBSERVED
    ) as appliance:
        story = Story(appliance, rng)
        await appliance.advance(3_600_000, 5000)
        await story.connect()
        for _ in range(KILLS):
            await one_accident(story)
        await story.settle()
        await story.leave()
    check(story, tmp_path)


async def one_accident(story: Story) -> None:
    """Controls under way while the device or the controller is killed; sometimes a door meanwhile."""
    rng = story.rng
    controls = asyncio.gather(*[story.control() for _ in range(rng.randrange(4))])
    await asyncio.sleep(rng.random() * 0.004)
    if rng.random() < 0.5:
        await story.appliance.kill()
        await story.appliance.start()
        await controls  # over a cable only the new start tells that their answers will not come
        if rng.random() < 0.5:
            await story.door()
    else:
        await story.leave()
        await controls
        if rng.random() < 0.7:
            await story.door()
        await story.connect()
    await story.settle()


def check(story: Story, storage: Path) -> None:
    carried_out = [int(line) for line in (storage / "carried_out").read_text().split()]
    assert len(carried_out) == len(set(carried_out)), "a control was carried out twice"
    assert story.succeeded <= set(carried_out), "a success that never was"
    assert not story.refused & set(carried_out), "said to be unsent, yet carried out"
    assert story.unknown | story.succeeded | story.refused == set(range(1, story.serial + 1))
    sequences = [alarm["sequence"] for alarm in story.alarms]
    assert sequences == list(range(1, len(sequences) + 1)), "an alarm edge was lost or told twice"
    door = [alarm for alarm in story.alarms if alarm["changed"] & 1]
    assert [alarm["active"] & 1 for alarm in door] == [1, 0] * (story.edges_made // 2)
