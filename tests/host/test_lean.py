"""The lean build is the same device: the same seed and the same story give the same bits, out and in.

The story sends every field that can be set, with values in and out of its range, opens doors, draws water,
restarts, and lets hours pass. What is compared are all outputs after every step, all answers and all alarms.
"""

import os
import random

import pytest
import slots

from rumpus.errors import EncodeError
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.client import Refused, connect
from rumpus_host.deploy.build import build
from rumpus_host.fields import TYPES, fields_of

FULL = bool(os.environ.get("RUMPUS_FULL"))
INTERPRETERS = ("micropython", "micropython32") if FULL else ("micropython32",)
STEP_MS = 100 if FULL else 5_000


async def story(appliance: str, interpreter: str, **more) -> list:
    told: list = []
    async with VirtualAppliance(appliance, interpreter, seed=5, **more) as device:
        async with connect(device.url, last_event=0) as client:
            told.append(await client.version())
            rng = random.Random(appliance)
            fields = [field for field in fields_of(appliance) if "w" in field.access]
            for field in rng.sample(fields, len(fields)):
                for counts in (field.low - 1, field.high + 1, field.low, field.high):
                    await one_control(client, [(field.name, counts)], told)
                await one_control(client, [(field.name, rng.randint(field.low, field.high))], told)
                await live(device, rng.choice((1, 3, 10)), told)
                told.append(plain(await client.status()))
            several = [(field.name, rng.randint(field.low, field.high)) for field in rng.sample(fields, 5)]
            await one_control(client, several, told)
            stir(device.plant)
            await live(device, 600_000 // STEP_MS, told)
            told.append(plain(await client.status()))
        await device.restart()
        async with connect(device.url, last_event=0) as client:
            await live(device, 60_000 // STEP_MS, told)
            last = await client.status()
            told.append(plain(last))
            async for kind, value in client.events():
                if kind == "alarm":
                    told.append(value)
                if not last["event_sequence"] or (
                    kind == "alarm" and value["sequence"] == last["event_sequence"]
                ):
                    break
        return told


def plain(status) -> dict:
    values = {name: status[name] for name in status.names()}
    return {"result": status.result, "field": status.field, "reason": status.reason, **values}


async def one_control(client, values, told: list) -> None:
    try:
        told.append(plain(await client.control(values)))
    except Refused as error:
        told.append(plain(error.status))
    except EncodeError:  # no such number in this format
        pass


def stir(plant) -> None:
    """Something happens to whatever kind of plant this is."""
    for name, value in (("draw_off", 6.0), ("fridge_door", True), ("door", True)):
        if hasattr(plant, name):
            setattr(plant, name, value)


async def live(device: VirtualAppliance, steps: int, told: list) -> None:
    for _ in range(steps):
        await device.advance(STEP_MS, STEP_MS)
        told.append(dict(device.outputs))


@pytest.mark.parametrize("interpreter", INTERPRETERS)
@pytest.mark.parametrize("appliance", TYPES)
async def test_the_lean_build_behaves_as_the_sources_do(appliance, interpreter, tmp_path):
    entry = slots.write(build("virtual", appliance), tmp_path)
    assert await story(appliance, interpreter, entry=entry) == await story(appliance, interpreter)


async def test_a_lean_build_of_another_version_says_so(tmp_path):
    entry = slots.write(build("virtual", "refrigerator", version="7.8.9"), tmp_path)
    async with VirtualAppliance("refrigerator", entry=entry) as device, connect(device.url) as client:
        assert (await client.version())["firmware"] == "7.8.9"
