"""entry/main.py itself, on three interpreters: which slot it starts, what it writes down, and what it does about a
version that fails. The versions are three lines long."""

import subprocess
from pathlib import Path

import pytest

from rumpus.hal.files import Files
from rumpus_host.bench import interpreters
from rumpus_host.bench.repository import ENTRY
from rumpus_host.bench.virtual_appliance import RESTART

GOOD = """
class App:
    class hal:
        release_console = staticmethod(lambda: None)
    def run(self):
        print("runs", SLOT)
def make_app(settings, slot):
    global SLOT
    SLOT = slot
    return App()
"""
BAD = "raise ValueError('bad')\n"


@pytest.fixture(params=interpreters.NAMES)
def start(request, tmp_path):
    """A function: start the device once; (exit code, what ran, the record afterwards)."""
    (tmp_path / "settings.json").write_text('{"hal": "none"}')
    command = interpreters.find(request.param).command(ENTRY)

    def once():
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        ran = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("runs ")]
        record = Files(str(tmp_path)).load("slot")
        return done.returncode, "".join(ran), record.decode() if record else None

    return once


def slot(folder: Path, name: str, text: str) -> None:
    (folder / name / "rumpus").mkdir(parents=True)
    (folder / name / "rumpus" / "__init__.py").write_text("")
    (folder / name / "rumpus" / "start.py").write_text(text)
    (folder / name / "manifest").write_text("{}")


def put(folder: Path, letters: str) -> None:
    assert Files(str(folder)).save("slot", letters.encode())


@pytest.mark.parametrize("letters", (None, "ac0-", "as0-", "ac0f"))
def test_a_committed_slot_runs_and_nothing_is_written(start, tmp_path, letters):
    slot(tmp_path, "a", GOOD)
    slot(tmp_path, "b", BAD)
    if letters:
        put(tmp_path, letters)
    before = sorted((path.name, path.read_bytes()) for path in tmp_path.glob("slot.*"))
    assert start() == (0, "a", letters)
    assert before == sorted((path.name, path.read_bytes()) for path in tmp_path.glob("slot.*"))


def test_a_good_version_on_trial_uses_up_its_starts_until_it_is_committed(start, tmp_path):
    slot(tmp_path, "a", GOOD)
    slot(tmp_path, "b", GOOD)
    put(tmp_path, "bt3o")
    for left in (2, 1, 0):
        assert start() == (0, "b", f"bt{left}o")
    assert start() == (0, "a", "ac0f")
    assert start() == (0, "a", "ac0f")


def test_a_bad_version_asks_for_a_restart_three_times(start, tmp_path):
    slot(tmp_path, "a", GOOD)
    slot(tmp_path, "b", BAD)
    put(tmp_path, "bt3-")
    for left in (2, 1, 0):
        assert start() == (RESTART, "", f"bt{left}-")
    assert start() == (0, "a", "ac0f")


def test_a_committed_version_that_fails_is_not_restarted_for_ever(start, tmp_path):
    slot(tmp_path, "a", BAD)
    slot(tmp_path, "b", GOOD)
    put(tmp_path, "ac0-")
    code, ran, record = start()
    assert code not in (0, RESTART) and (ran, record) == ("", "ac0-")


def test_a_slot_without_a_manifest_is_no_version(start, tmp_path):
    slot(tmp_path, "a", GOOD)
    slot(tmp_path, "b", GOOD)
    put(tmp_path, "bt3-")
    (tmp_path / "b" / "manifest").unlink()
    assert start()[1] == "a"


def test_a_start_that_cannot_be_written_down_is_one_of_the_other_slot(start, tmp_path):
    slot(tmp_path, "a", GOOD)
    slot(tmp_path, "b", GOOD)
    put(tmp_path, "bt3-")
    kept = (tmp_path / "slot.1").exists()
    spare = tmp_path / ("slot.0" if kept else "slot.1")
    spare.mkdir()  # nothing can be written there
    assert start()[1] == "a"


@pytest.mark.parametrize("damage", (b"", b"\0", b"\1\0\4bt3-", b"\1\0\4bt3-\0\0\0\0", b"\xff" * 11))
def test_a_record_that_is_damaged_counts_for_nothing(start, tmp_path, damage):
    slot(tmp_path, "a", GOOD)
    slot(tmp_path, "b", BAD)
    (tmp_path / "slot.0").write_bytes(damage)
    assert start()[:2] == (0, "a")
    put(tmp_path, "ac0o")
    assert start() == (0, "a", "ac0o")


def test_the_record_is_read_and_written_as_files_does_it(start, tmp_path):
    """Over the whole round of its sequence numbers."""
    slot(tmp_path, "a", GOOD)
    slot(tmp_path, "b", GOOD)
    for i in range(0, 300, 7):
        for _ in range(7):
            put(tmp_path, f"bt{1 + i % 3}-")
        if i % 49 == 0:
            assert start() == (0, "b", f"bt{i % 3}-")
