"""Updates and power cuts: at every write and erase, at every pair of them, and at random; see
tests/device/update_cuts.py. With RUMPUS_FULL=1 all points, else a sample of them."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import update_bundles

from rumpus_host.bench import interpreters
from rumpus_host.bench.repository import FIRMWARE

FULL = bool(os.environ.get("RUMPUS_FULL"))
SCRIPT = Path(__file__).parent.parent / "device" / "update_cuts.py"
MICROPYTHONS = ("micropython", "micropython32")


def run(interpreter: str, bundles: Path, mode: str, every: int, first: int = 0) -> tuple[int, int, int]:
    """Points, losses and operations."""
    command = interpreters.find(interpreter).command(SCRIPT, heap="16M")
    command += [str(FIRMWARE), str(bundles), mode, str(every), str(first)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=7200)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    print(interpreter, mode, every, "->", done.stdout.splitlines()[-1])
    found = re.search(
        r"^points (\d+), losses (\d+), operations (\d+), starts \d+$", done.stdout, re.MULTILINE
    )
    assert found, done.stdout
    points, losses, operations = map(int, found.groups())
    assert losses == 0 or mode == "in_place", done.stdout[-3000:]
    return points, losses, operations


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    return update_bundles.write(tmp_path_factory.mktemp("update") / "story", update_bundles.STORY)


@pytest.mark.parametrize("interpreter", MICROPYTHONS)
def test_a_cut_anywhere_in_update_trial_rollback(interpreter, story):
    every = 1 if FULL else 9
    points, _losses, operations = run(interpreter, story, "single", every)
    assert operations > 150
    assert points == 3 * len(range(1, operations + 1, every))


@pytest.mark.parametrize("interpreter", MICROPYTHONS if FULL else MICROPYTHONS[1:])
def test_a_cut_anywhere_with_the_update_mode(interpreter, story):
    """The order for the mode, its starts that are counted, its end: the slot record, as all the rest."""
    every = 1 if FULL else 11
    points, _losses, operations = run(interpreter, story, "mode", every)
    assert operations > 200
    assert points == 3 * len(range(1, operations + 1, every))


def test_a_second_cut_anywhere_after_the_first(tmp_path):
    bundles = update_bundles.write(tmp_path / "tiny", update_bundles.TINY)
    points, _losses, operations = run("micropython32", bundles, "pairs", 1 if FULL else 13)
    assert points > (9 * operations * operations // 3 if FULL else 150)


@pytest.mark.parametrize("interpreter", MICROPYTHONS)
def test_without_room_it_is_refused_before_anything_is_touched(interpreter, story):
    points, _losses, refused = run(interpreter, story, "room", 2 if FULL else 8)
    assert 2 < refused < points - 2


def test_the_cuts_find_what_is_not_safe(story):
    points, losses, _operations = run("micropython", story, "in_place", 3)
    assert 0 < losses < points


@pytest.mark.parametrize("interpreter", MICROPYTHONS)
def test_random_updates_with_random_cuts(interpreter, tmp_path):
    bundles = update_bundles.write(tmp_path / "many", update_bundles.many(1), 1)
    wishes = 1000 if FULL else 40
    points, _losses, operations = run(interpreter, bundles, "random", wishes, 7)
    assert points == wishes
    assert operations > 40 * wishes
