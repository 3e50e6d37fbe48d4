"""What the firmware costs a device, against tests/budgets.json: bytes of every compiled file, heap in use
after the start, smallest heap that works; 32-bit objects, the core profile of each type.

    RUMPUS_UPDATE_BUDGETS=1 .venv/bin/pytest tests/host/test_budgets.py     # measure anew and write it down

`flash`: from .mpy files, which are copied to the heap. `rom`: from a ROMFS image, which is not.
"""

import json
import os

import pytest
import slots

from rumpus_host.deploy.build import build
from rumpus_host.fields import TYPES

UPDATE = bool(os.environ.get("RUMPUS_UPDATE_BUDGETS"))
TOLERANCE = 0.03  # and for small files some bytes, for another version of the compiler
_SLACK_BYTES = 16
# Bytes of heap in which the full profile does all of that, files included.
SMALLEST_FULL = {"flash": 155_000, "rom": 95_000}
HELP = "If that is meant: RUMPUS_UPDATE_BUDGETS=1 .venv/bin/pytest tests/host/test_budgets.py"


@pytest.mark.parametrize("appliance", TYPES)
def test_every_file_keeps_its_size(appliance):
    files = {path: len(data) for path, data in sorted(build("virtual", appliance).items())}
    if UPDATE:
        return write_down(appliance, "files", files)
    budget = slots.budgets()[appliance]["files"]
    assert set(files) == set(budget), HELP
    wrong = [
        f"{path}: {size} B, budget {budget[path]} B"
        for path, size in files.items()
        if abs(size - budget[path]) > max(_SLACK_BYTES, TOLERANCE * budget[path])
    ]
    assert not wrong, f"{'; '.join(wrong)}. {HELP}"


@pytest.mark.parametrize("place", slots.WRITERS)
@pytest.mark.parametrize("appliance", TYPES)
async def test_the_heap_keeps_its_size(appliance, place, tmp_path):
    entry = slots.WRITERS[place](build("virtual", appliance), tmp_path)
    in_use = (await slots.live(appliance, entry, "400k", 1))[-1]
    if UPDATE:
        return write_down(
            appliance, place, {"in_use": in_use, "smallest": await slots.smallest(appliance, entry)}
        )
    budget = slots.budgets()[appliance][place]
    assert abs(in_use - budget["in_use"]) <= TOLERANCE * budget["in_use"], (
        f"{in_use} B of heap in use, budget {budget['in_use']} B. {HELP}"
    )
    await slots.live(appliance, entry, str(int(budget["smallest"] * (1 + TOLERANCE))), 1)


@pytest.mark.parametrize("place", slots.WRITERS)
async def test_the_full_profile_keeps_its_size(place, tmp_path):
    """One type is enough: the others' difference is that of their core profiles."""
    kind = "water_heater"
    entry = slots.WRITERS[place](build("virtual", kind, profile="full"), tmp_path)
    in_use = await slots.live_managed(kind, entry, "400k", tmp_path)
    if UPDATE:
        return write_down(kind, f"full_{place}", {"in_use": in_use, "smallest": SMALLEST_FULL[place]})
    budget = slots.budgets()[kind][f"full_{place}"]
    for stage, used in in_use.items():
        assert abs(used - budget["in_use"][stage]) <= TOLERANCE * budget["in_use"][stage], (
            stage,
            in_use,
            HELP,
        )
    await slots.live_managed(kind, entry, str(budget["smallest"]), tmp_path)


def write_down(appliance: str, key: str, value: dict) -> None:
    found = slots.budgets() if slots.BUDGETS.exists() else {}
    found.setdefault(appliance, {})[key] = value
    text = json.dumps(found, indent=2, sort_keys=True) + "\n"
    slots.BUDGETS.write_text(text, encoding="utf-8")
