"""Power cuts: at every write of a real file system, and of the whole device.

The file systems are MicroPython's own littlefs and FAT on a flash in memory that loses power at its k-th
operation, for every k: see tests/device/power_cuts.py.
"""

import os
import random
import re
import subprocess
from pathlib import Path

import pytest

from rumpus.hal.files import Files, Slots
from rumpus_host.bench import interpreters
from rumpus_host.bench.repository import FIRMWARE
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.client import connect

FULL = bool(os.environ.get("RUMPUS_FULL"))
SAVES = 200 if FULL else 24
KILLS = 60 if FULL else 8
SCRIPT = Path(__file__).parent.parent / "device" / "power_cuts.py"
SYSTEMS = (("littlefs", 4096), ("littlefs", 512), ("fat", 512), ("fat", 4096))
MICROPYTHONS = ("micropython", "micropython32")


def run(interpreter: str, *arguments: object) -> list[int]:
    """The numbers in the script's last line."""
    command = interpreters.find(interpreter).command(SCRIPT, heap="8M")
    command += [str(FIRMWARE), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    last = done.stdout.splitlines()[-1] if done.stdout else ""
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    print(" ".join(map(str, (interpreter, *arguments))), "->", last)
    return [int(number) for number in re.findall(r"\d+", last)]


@pytest.mark.parametrize("interpreter", MICROPYTHONS)
@pytest.mark.parametrize(("system", "block_size"), SYSTEMS)
def test_a_cut_at_every_write_leaves_old_or_new(interpreter, system, block_size):
    points, losses, operations = run(interpreter, system, block_size, SAVES, "files")
    assert points == 3 * operations and operations > SAVES
    assert losses == 0


@pytest.mark.parametrize(
    ("system", "scheme"), (("fat", "rename"), ("fat", "overwrite"), ("littlefs", "overwrite"))
)
def test_the_cuts_find_what_is_not_safe(system, scheme):
    _points, losses, _operations = run("micropython", system, 512, 24, scheme)
    assert losses > 0


def test_wear_on_littlefs_is_what_retained_says():
    erasures, of_one_block = run("micropython", "littlefs", 4096, 3000, "wear")
    assert erasures <= 130
    assert of_one_block <= 50


# --- one file, damaged in every way -------------------------------------------------------------------


def test_a_damaged_copy_is_ignored_and_counted_and_the_next_save_replaces_it(tmp_path):
    files = Files(str(tmp_path))
    assert files.load("kept") is None
    assert files.save("kept", b"old") and files.save("kept", b"new")
    newest = tmp_path / ("kept.0" if b"new" in (tmp_path / "kept.0").read_bytes() else "kept.1")
    good = newest.read_bytes()
    hurt = [good[:n] for n in range(len(good))]
    hurt += [
        good[:i] + bytes([good[i] ^ 1 << bit]) + good[i + 1 :] for i in range(len(good)) for bit in range(8)
    ]
    for record in hurt:
        newest.write_bytes(record)
        files = Files(str(tmp_path))
        assert files.load("kept") == b"old"
        assert files.damaged == 1
        assert files.save("kept", b"newer")
        assert Files(str(tmp_path)).load("kept") == b"newer"
    newest.write_bytes(good[:-1])
    (tmp_path / ("kept.1" if newest.name == "kept.0" else "kept.0")).write_bytes(b"")
    files = Files(str(tmp_path))
    assert files.load("kept") is None
    assert files.damaged == 2
    assert files.save("kept", b"again") and files.load("kept") == b"again"


def test_the_sequence_goes_round_and_lengths_may_change(tmp_path):
    rng = random.Random(1)
    files = Files(str(tmp_path))
    for _ in range(600):
        data = rng.randbytes(rng.randrange(300))
        assert files.save("kept", data)
        assert Files(str(tmp_path)).load("kept") == data
    assert files.damaged == files.errors == 0


def test_a_folder_that_cannot_be_written_is_counted(tmp_path):
    files = Files(str(tmp_path / "nowhere"))
    assert files.load("kept") is None
    assert not files.save("kept", b"1")
    assert files.errors == 1


def loaded(slots: Slots, n: int, size: int) -> bytes:
    ring = bytearray(n * size)
    slots.load(memoryview(ring), size)
    return bytes(ring)


def test_slots_of_another_size_begin_anew(tmp_path):
    slots = Slots(Files(str(tmp_path)), "events")
    assert loaded(slots, 2, 3) == bytes(6)
    slots.save(1, b"abc")
    assert loaded(Slots(Files(str(tmp_path)), "events"), 2, 3) == bytes(3) + b"abc"
    (tmp_path / "events").write_bytes(b"torn")
    assert loaded(Slots(Files(str(tmp_path)), "events"), 2, 3) == bytes(6)


# --- the whole device ---------------------------------------------------------------------------------

CONTROLS = {
    "water_heater": {
        "power": 1,
        "target_temperature": 610,
        "mode": 3,
        "reservation_1_hour": 5,
        "utc_offset": 60,
    },
    "air_conditioner": {"power": 1, "mode": 1, "target_temperature": 225, "fan_speed": 3, "beep": 0},
    "refrigerator": {"fridge_set": 60, "freezer_set": -200, "mode": 0, "child_lock": 1},
    "microwave_oven": {"beep": 0, "child_lock": 1},
}


@pytest.mark.parametrize("interpreter", MICROPYTHONS)
@pytest.mark.parametrize("type", CONTROLS)
async def test_a_device_comes_back_as_it_was(type, interpreter):
    wanted = CONTROLS[type]
    async with VirtualAppliance(type, interpreter) as appliance:
        async with connect(appliance.url) as device:
            await device.control(list(wanted.items()))
        await appliance.advance(700_000, 5000)
        async with connect(appliance.url) as device:
            before = await device.status()
        await appliance.restart()
        async with connect(appliance.url) as device:
            after = await device.status()
        for name in wanted:
            assert after[name] == wanted[name], name
        if type != "microwave_oven":
            # Written after ten minutes; what came in the last two is lost.
            assert 0.7 * before["energy_total"] <= after["energy_total"] <= before["energy_total"]
            assert after["energy_total"] > 0


async def test_killed_while_it_writes(tmp_path):
    """SIGKILL at random, with a change about to be written: old or new, and other settings untouched."""
    rng = random.Random("kill")
    async with VirtualAppliance("water_heater", storage=tmp_path) as appliance:
        async with connect(appliance.url) as device:
            await device.control([("power", 1), ("target_temperature", 300), ("mode", 3)])
        await appliance.advance(10_000, 1000)
        old = 300
        for i in range(KILLS):
            new = 310 + 10 * (i % 40)
            async with connect(appliance.url) as device:
                await device.control([("target_temperature", new)])
            await appliance.advance(rng.randrange(3000, 7000), 100)
            await appliance.restart()
            async with connect(appliance.url) as device:
                status = await device.status()
            assert status["target_temperature"] in (old, new)
            assert (status["power"], status["mode"]) == (1, 3)
            old = status["target_temperature"]
            await appliance.advance(60_000, 1000)
