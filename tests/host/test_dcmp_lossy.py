"""DCMP over real datagrams through a relay that loses, doubles, reorders and damages them: every transfer and
every control ends, and ends right or with a clear error.

A flipped bit arrives here, which UDP's checksum would not let through: DCMP has none of its own (D21). So with
damage a control may be another one; a file may not, because of its digest. That its upload is over may be told
too early, since the result comes from the sender (D56).

Four devices, one seed each; with RUMPUS_FULL=1 forty, and longer files.
"""

import asyncio
import contextlib
import os
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from dms_bench import LOOPBACK, device_settings, free_udp_port

from rumpus.errors import RumpusError
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.client import OutcomeUnknown, Refused, Unreachable
from rumpus_host.dcmp.client import DcmpRefused, Device, connect

FULL = bool(os.environ.get("RUMPUS_FULL"))
SEEDS = 40 if FULL else 4
AT_ONCE = 10 if FULL else 4  # they wait more than they work
FILE_BYTES = 40_000 if FULL else 4_500
CONTROLS = 12 if FULL else 3
ATTEMPTS = 20
MOST_S = 60.0  # for one request or transfer; whatever takes longer hangs
# Per mille of the datagrams in each direction.
LOSS, DOUBLED, LATE, DAMAGED = 200, 100, 200, 10
LATEST_S = 0.12

INTERPRETERS = ("micropython", "micropython32")
Place = tuple[str, int]


class Relay:
    """Datagrams between one device and whoever calls, good until `is_bad`."""

    def __init__(self, device: Place, seed: int, damaged: int = 0):
        self.is_bad = False
        self.port = 0
        self.lost = self.doubled = self.late = self.flipped = self.passed = 0
        self._device = device
        self._dice = random.Random(seed)
        self._damaged = damaged
        self._near: asyncio.DatagramTransport
        self._far: dict[Place, asyncio.DatagramTransport] = {}

    async def __aenter__(self) -> "Relay":
        self._near = await self._open(self._from_caller)
        self.port = self._near.get_extra_info("sockname")[1]
        return self

    async def __aexit__(self, *_exc: object) -> None:
        for transport in (self._near, *self._far.values()):
            transport.abort()

    async def _open(self, take: Callable[[bytes, Place], None]) -> asyncio.DatagramTransport:
        class Protocol(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, addr: Any) -> None:
                take(data, addr)

        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(Protocol, local_addr=(LOOPBACK, 0))
        return transport

    def _from_caller(self, data: bytes, caller: Place) -> None:
        far = self._far.get(caller)
        if far is not None:
            self._pass(data, lambda piece: far.sendto(piece, self._device))
            return
        # The first datagram of a caller is lost while its way is made; it is sent again.
        self._opening = asyncio.ensure_future(self._open_far(caller))

    async def _open_far(self, caller: Place) -> None:
        if caller not in self._far:
            self._far[caller] = await self._open(
                lambda data, _from: self._pass(data, lambda piece: self._near.sendto(piece, caller))
            )

    def _pass(self, data: bytes, send: Callable[[bytes], None]) -> None:
        dice = self._dice
        copies = 1
        if self.is_bad and dice.randrange(1000) < DOUBLED:
            copies = 2
            self.doubled += 1
        for _ in range(copies):
            if not self.is_bad:
                send(data)
            elif dice.randrange(1000) < LOSS:
                self.lost += 1
            else:
                self._pass_on(self._damage(data), send)

    def _damage(self, data: bytes) -> bytes:
        if self._dice.randrange(1000) >= self._damaged:
            return data
        self.flipped += 1
        piece = bytearray(data)
        piece[self._dice.randrange(len(piece))] ^= 1 << self._dice.randrange(8)
        return bytes(piece)

    def _pass_on(self, data: bytes, send: Callable[[bytes], None]) -> None:
        self.passed += 1
        if self._dice.randrange(1000) < LATE:
            self.late += 1
            loop = asyncio.get_running_loop()
            loop.call_later(self._dice.random() * LATEST_S, self._send_late, send, data)
        else:
            send(data)

    def _send_late(self, send: Callable[[bytes], None], data: bytes) -> None:
        if not self._near.is_closing():
            send(data)

    def __str__(self) -> str:
        return (
            f"{self.passed} passed, {self.lost} lost, {self.doubled} doubled, {self.late} late, "
            f"{self.flipped} damaged"
        )


@contextlib.asynccontextmanager
async def behind_a_relay(seed: int, damaged: int) -> AsyncIterator[tuple[VirtualAppliance, Device, Relay]]:
    """A running device, a controller that has found it, and the relay between them, still good."""
    own_port = free_udp_port()
    settings = device_settings(free_udp_port(), "", udp_own_port=own_port)
    interpreter = INTERPRETERS[seed % 2]
    async with VirtualAppliance("water_heater", interpreter, seed=seed, settings=settings) as appliance:
        appliance.run()
        async with contextlib.AsyncExitStack() as stack:
            relay = await stack.enter_async_context(Relay((LOOPBACK, own_port), seed, damaged))
            device = await stack.enter_async_context(connect(f"udp://{LOOPBACK}:{relay.port}"))
            relay.is_bad = True
            yield appliance, device, relay


async def ended(work: Coroutine[Any, Any, Any]) -> Any:
    """What came of it, or the error that says so. Fails when it hangs, and on an error of any other kind."""
    try:
        async with asyncio.timeout(MOST_S):
            return await work
    except (Unreachable, DcmpRefused, Refused, OutcomeUnknown) as error:
        return error


async def until_done(work: Callable[[], Coroutine[Any, Any, Any]]) -> int:
    """Try until it succeeds; attempts that it took."""
    for attempt in range(1, ATTEMPTS + 1):
        outcome = await ended(work())
        if not isinstance(outcome, RumpusError):
            return attempt
        await asyncio.sleep(2)  # the other end may wait for this transfer still
    raise AssertionError(f"not done after {ATTEMPTS} attempts: {outcome}")


async def for_each_seed(play: Callable[[int], Coroutine[Any, Any, None]]) -> None:
    """Some at a time."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(seed: int) -> None:
        async with room:
            await play(seed)

    async with asyncio.TaskGroup() as group:
        for seed in range(SEEDS):
            group.create_task(one(seed))


async def test_files_arrive_whole_both_ways(tmp_path: Path) -> None:
    async def play(seed: int) -> None:
        data = random.Random(seed).randbytes(FILE_BYTES)
        out, back = tmp_path / f"{seed}.out", tmp_path / f"{seed}.in"
        out.write_bytes(data)
        async with behind_a_relay(seed, DAMAGED) as (appliance, device, relay):
            puts = 0
            while "file" not in names_of(data, appliance):
                puts += await until_done(lambda: device.put_file(out, "UserDefined", "file", "1"))
                # What can be damaged is the name in the request, or the last acknowledgement (D56).
                assert names_of(data, appliance) == ["file"] or relay.flipped
                assert all(size == len(data) for size in sizes_of(appliance)), "half a file has a name"
            gets = await until_done(lambda: device.get_file("UserDefined", "file", back))
            assert back.read_bytes() == data
            assert relay.lost and relay.late
            print(f"seed {seed}: up in {puts}, down in {gets} attempts; {relay}")
            assert appliance.is_running

    await for_each_seed(play)


def names_of(data: bytes, appliance: VirtualAppliance) -> list[str]:
    """The names under which the device has exactly this file."""
    folder = appliance.storage / "user"
    return [path.name for path in folder.glob("[!.]*") if path.read_bytes() == data]


def sizes_of(appliance: VirtualAppliance) -> list[int]:
    """Of the files that have a name."""
    folder = appliance.storage / "user"
    return [path.stat().st_size for path in folder.glob("[!.]*") if path.suffix != ".about"]


async def test_controls_end_right_or_say_that_they_did_not() -> None:
    """Without damage: an answer is true, and what had no answer happened once or not at all."""

    async def play(seed: int) -> None:
        dice = random.Random(seed)
        async with behind_a_relay(seed, 0) as (appliance, device, relay):
            possible = {(await device_target(device))}
            unknown = refused = 0
            for _ in range(CONTROLS):
                wanted = dice.randrange(30, 76) * 10
                outcome = await ended(device.control([("target_temperature", wanted)]))
                if isinstance(outcome, OutcomeUnknown):
                    unknown += 1
                    possible.add(wanted)
                else:
                    assert not isinstance(outcome, RumpusError), outcome
                    assert outcome["target_temperature"] == wanted
                    possible = {wanted}
                outcome = await ended(device.control([("target_temperature", 760)]))
                assert isinstance(outcome, Refused | OutcomeUnknown), outcome
                if isinstance(outcome, Refused):
                    refused += 1
                    if "target_temperature" in outcome.status:  # else it could not be asked for
                        assert outcome.status["target_temperature"] in possible
            relay.is_bad = False
            await asyncio.sleep(LATEST_S)
            assert await device_target(device) in possible
            print(f"seed {seed}: {unknown} of {CONTROLS} unknown, {refused} refused as they must; {relay}")
            assert appliance.is_running

    await for_each_seed(play)


async def device_target(device: Device) -> int:
    """The target temperature, asked for until it is known."""
    for _ in range(ATTEMPTS):
        status = await ended(device.status())
        if not isinstance(status, RumpusError):
            return status["target_temperature"]
    raise AssertionError(f"no status after {ATTEMPTS} attempts: {status}")


@pytest.mark.parametrize("damaged", [1000 if FULL else 300])
async def test_damaged_controls_end_with_nothing_but_clear_errors(damaged: int) -> None:
    async def play(seed: int) -> None:
        async with behind_a_relay(seed, damaged) as (appliance, device, relay):
            outcomes = []
            for wanted in (400, 450, 500)[: 3 if FULL else 2]:
                outcome = await ended(device.control([("target_temperature", wanted)]))
                outcomes.append(type(outcome).__name__)
            assert relay.flipped
            relay.is_bad = False
            await asyncio.sleep(LATEST_S)
            assert 300 <= await device_target(device) <= 750
            print(f"seed {seed}: {', '.join(outcomes)}; {relay}")
            assert appliance.is_running

    await for_each_seed(play)
