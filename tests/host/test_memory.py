"""The core profile of each type lives in 48 kB of heap, on 32-bit objects, the full one, from a slot and ready for
updates, in 112 kB, and both stop growing after a while.

The core profile from a ROMFS image, which an interpreter runs where it lies. From .mpy files in a file system,
which are copied to the heap, it needs more: tests/budgets.json says how much, and the same is asked of it there.
A day with RUMPUS_FULL=1, else some minutes.
"""

import contextlib

import pytest
import slots
from tier import FULL, full_only

from rumpus.errors import RumpusError
from rumpus_host import owner
from rumpus_host.bench.virtual_appliance import BenchError, DeviceDied, VirtualAppliance
from rumpus_host.client import Unreachable, connect
from rumpus_host.deploy.build import build
from rumpus_host.fields import TYPES

MINUTES = 1440 if FULL else 10
LIMIT = 48 * 1024
SECURE_LIMIT = 64 * 1024
FULL_LIMIT = 112 * 1024
HUNGRIEST = ("air_conditioner",)
# The least and the hungriest; the others lie between.
SAMPLED = TYPES if FULL else ("water_heater", "air_conditioner")
# Rounds of DCMP traffic, of four minutes each: a day, or an hour.
ROUNDS = MINUTES // 4 if FULL else 15
# A block or two that are held at the moment of asking.
SLACK = 128
FULL_SLACK = 1024  # with DCMP something that is just being let go, too


@pytest.fixture
def tmp_path(short_path):
    return short_path


@pytest.mark.parametrize("appliance", SAMPLED)
async def test_it_lives_in_its_limit_from_rom(appliance, tmp_path):
    entry = slots.write_rom(build("virtual", appliance), tmp_path)
    check_growth(await slots.live(appliance, entry, str(LIMIT), MINUTES))


@pytest.mark.parametrize("appliance", SAMPLED)
async def test_it_lives_in_its_budget_from_flash(appliance, tmp_path):
    entry = slots.write(build("virtual", appliance), tmp_path)
    heap = int(slots.budgets()[appliance]["flash"]["smallest"] * 1.03)
    check_growth(await slots.live(appliance, entry, str(heap), MINUTES))


def check_growth(heap: list[int]) -> None:
    """heap: in use at the start, after a minute, after two ..."""
    assert len(heap) >= MINUTES
    assert max(heap[2:]) <= heap[1] + SLACK, heap


@pytest.mark.parametrize("appliance", TYPES if FULL else HUNGRIEST)
async def test_with_dcmp_and_updates_it_lives_in_its_limit_from_flash(appliance, tmp_path):
    """Not only from a ROMFS: it is what a board without PSRAM has."""
    entry, flash = slots.write_updatable(build("virtual", appliance, profile="full"), tmp_path, appliance)
    heap = await slots.live_managed(appliance, entry, str(FULL_LIMIT), tmp_path, ROUNDS, flash)
    for used in heap.values():
        assert max(used[2:], default=0) <= max(used[:2]) + FULL_SLACK, heap


@full_only
async def test_with_dcmp_a_heap_that_is_too_small_is_noticed(tmp_path):
    entry, flash = slots.write_updatable(
        build("virtual", "water_heater", profile="full"), tmp_path, "water_heater"
    )
    with pytest.raises((BenchError, RumpusError)):
        await slots.live_managed("water_heater", entry, "96k", tmp_path, storage=flash)


async def test_a_heap_that_is_too_small_is_noticed(tmp_path):
    entry = slots.write_rom(build("virtual", "water_heater"), tmp_path)
    with pytest.raises(DeviceDied, match="MemoryError"):
        await slots.live("water_heater", entry, "32k", 1)


@pytest.mark.parametrize("appliance", SAMPLED)
async def test_its_owner_is_answered_in_64_kb_and_ends_nothing_in_less(appliance, tmp_path):
    entry = slots.write_rom(build("virtual", appliance), tmp_path)
    assert await asked_by_its_owner(appliance, entry, SECURE_LIMIT) == 3
    await asked_by_its_owner(appliance, entry, LIMIT)


async def asked_by_its_owner(appliance, entry, limit) -> int:
    """How many of three questions were answered; the device lives on in any case."""
    key, answers = bytes(range(32)), 0
    settings = {"key": key.hex()}
    virtual = VirtualAppliance(appliance, "micropython32", entry=entry, heap=str(limit), settings=settings)
    async with virtual as device, connect(device.url, timeout_s=2) as client:
        for _ in range(3):
            with contextlib.suppress(Unreachable):
                await (await owner.Owner.open(client, key)).prove()
                answers += 1
            await device.advance(slots.MINUTE_MS, 1000)
            await client.control([("child_lock", 0)])
    return answers
