"""The test stand is a board: the real mpremote finds nothing odd about it."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from board_stand import BoardStand

MICROPYTHONS = ("micropython", "micropython32")


def mpremote(stand: BoardStand, *arguments: str, timeout: int = 60) -> str:
    """What mpremote prints; it has to succeed."""
    command = [sys.executable, "-m", "mpremote", "connect", stand.path, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stdout + done.stderr + stand.errors()
    return done.stdout


def wait_for(condition, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("interpreter", MICROPYTHONS)
def test_mpremote_drives_it(interpreter: str, tmp_path: Path):
    text = "".join(f"line {i} \N{DEGREE SIGN}\n" for i in range(200))
    (tmp_path / "x.txt").write_text(text)
    with BoardStand(tmp_path, interpreter=interpreter) as stand:
        assert mpremote(stand, "eval", "1+1") == "2\n"
        assert "Generic ESP32" in mpremote(stand, "exec", "import os; print(os.uname().machine)")
        mpremote(stand, "fs", "cp", str(tmp_path / "x.txt"), ":x.txt")
        mpremote(stand, "fs", "mkdir", ":folder", "+", "fs", "cp", ":x.txt", ":folder/y.txt")
        assert mpremote(stand, "fs", "cat", ":folder/y.txt") == text
        assert "x.txt" in mpremote(stand, "fs", "ls")
        stand.power_cycle()
        assert mpremote(stand, "fs", "cat", ":x.txt") == text
        mpremote(stand, "fs", "rm", ":x.txt")
        assert "x.txt" not in mpremote(stand, "fs", "ls")
        assert "VfsLfs2" in mpremote(stand, "df")
        assert (
            mpremote(stand, "exec", "x = 1", "+", "soft-reset", "+", "eval", "'x' in globals()") == "False\n"
        )


def test_nothing_of_the_host_can_be_seen(tmp_path: Path):
    with BoardStand(tmp_path) as stand:
        assert mpremote(stand, "eval", "__import__('os').listdir('/')") == "[]\n"
        assert mpremote(stand, "eval", "__import__('sys').path") == "['', '.frozen', '/lib']\n"


def test_boot_and_main_run_at_power_up_and_main_not_for_mpremote(tmp_path: Path):
    (tmp_path / "boot.py").write_text(
        "import machine; machine.Pin(23, machine.Pin.OUT, value=0)\nfrom_boot = 5\n"
    )
    (tmp_path / "main.py").write_text("machine.Pin(22, machine.Pin.OUT, value=from_boot - 4)\n")
    with BoardStand(tmp_path) as stand:
        for name in ("boot.py", "main.py"):
            mpremote(stand, "fs", "cp", str(tmp_path / name), f":{name}")
        stand.power_cycle()
        wait_for(lambda: "22" in stand.levels())
        assert stand.levels() == {"23": [0], "22": [1]}
        mpremote(stand, "eval", "1")  # a soft reset in raw mode
        assert stand.levels() == {"23": [0]}
        mpremote(stand, "reset")
        wait_for(lambda: "22" in stand.levels())


def test_a_program_that_runs_is_interrupted(tmp_path: Path):
    (tmp_path / "main.py").write_text("print('running')\nwhile True:\n pass\n")
    with BoardStand(tmp_path) as stand:
        mpremote(stand, "fs", "cp", str(tmp_path / "main.py"), ":main.py")
        stand.power_cycle()
        wait_for(lambda: ["run", "main.py"] in stand.last_life())
        assert mpremote(stand, "eval", "2") == "2\n"


def test_a_watchdog_that_nobody_feeds_begins_a_new_life(tmp_path: Path):
    (tmp_path / "main.py").write_text("import machine\nmachine.WDT(timeout=8000)\nwhile True:\n pass\n")
    with BoardStand(tmp_path, watchdog_us=200_000) as stand:
        mpremote(stand, "fs", "cp", str(tmp_path / "main.py"), ":main.py")
        before = len(stand.exit_codes)
        stand.power_cycle()
        wait_for(lambda: stand.exit_codes.count(-14) >= 2)
        assert len(stand.exit_codes) > before


def test_the_power_goes_at_a_write(tmp_path: Path):
    (tmp_path / "x.bin").write_bytes(bytes(5000))
    with BoardStand(tmp_path) as stand:
        mpremote(stand, "eval", "1")
        stand.power_off()
        stand.options["cut_after"] = 3
        stand.power_on()
        with pytest.raises((AssertionError, subprocess.TimeoutExpired)):
            mpremote(stand, "fs", "cp", str(tmp_path / "x.bin"), ":x.bin", timeout=4)
        assert stand.log()[-1] == ["cut"]
        stand.power_off()
        stand.options["cut_after"] = 0
        stand.power_on()
        assert mpremote(stand, "eval", "3") == "3\n"
