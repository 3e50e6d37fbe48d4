"""hal/micropython.py and entry/boot.py under a real MicroPython, on a fake board: fakes/micropython.

The fakes stand where a board has `machine`, `network`, `esp32`, `onewire` and `time`; the interpreter finds
them before its own through MICROPYPATH. What the firmware does to pins and buses is what is tested.
"""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import get_micropython
import pytest

from rumpus_host.client import Unreachable, connect

ROOT = Path(__file__).resolve().parents[2]
FAKES = ROOT / "tests" / "host" / "fakes"
ENTRY = ROOT / "firmware" / "entry"
PATHS = (
    FAKES / "micropython",
    FAKES,
    ROOT / "tests" / "upy",
    ROOT / "tests" / "shared",
    ROOT / "firmware",
    ROOT,
    ".frozen",
)
UUID = "00112233445566778899aabbccddeeff"


@pytest.fixture(params=(64, 32), ids=("64bit", "32bit"))
def interpreter(request) -> Path:
    return get_micropython.find(request.param)


def environment(folder: Path, **more: str) -> dict[str, str]:
    paths = ":".join(str(path) for path in (folder, *PATHS))
    return os.environ | {"MICROPYPATH": paths, "FAKE_FOLDER": str(folder)} | more


def test_hal(interpreter, tmp_path):
    done = subprocess.run(
        [interpreter, FAKES / "run_checks.py", "check_micropython"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    ran = re.search(r"ran (\d+) tests, 0 failed", done.stdout)
    assert ran and int(ran[1]) >= 35, done.stdout


# --- boot.py --------------------------------------------------------------------------------------------

BOOT = """
import sys
from world import world
exec(open(sys.argv[1]).read())
print(maintenance, {pin: line.shown for pin, line in world.lines.items()})
"""


def boot(interpreter: Path, folder: Path) -> str:
    (folder / "run_boot.py").write_text(BOOT)
    done = subprocess.run(
        [interpreter, "run_boot.py", ENTRY / "boot.py"],
        env=environment(folder),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_boot_sets_each_output_once_to_its_safe_level(interpreter, tmp_path):
    (tmp_path / "safe_levels.py").write_text('LEVELS = (("IO23", 0), ("IO22", 1), ("GP5", 0))\n')
    said = boot(interpreter, tmp_path).strip()
    assert said.startswith("False {")
    for shown in ("23: [0]", "22: [1]", "5: [0]"):
        assert shown in said


def test_boot_in_maintenance_sets_the_outputs_as_well(interpreter, tmp_path):
    (tmp_path / "safe_levels.py").write_text('LEVELS = (("IO23", 0),)\n')
    (tmp_path / "maintenance").touch()
    assert boot(interpreter, tmp_path).strip() == "True {23: [0]}"


def test_boot_without_safe_levels_is_maintenance(interpreter, tmp_path):
    assert boot(interpreter, tmp_path).strip().endswith("True {}")


@pytest.mark.parametrize("text", ("LEVELS = ((", "LEVELS = None", "", "1 / 0"))
def test_boot_with_a_torn_file_is_maintenance(interpreter, tmp_path, text):
    (tmp_path / "safe_levels.py").write_text(text)
    assert boot(interpreter, tmp_path).strip().endswith("True {}")


def test_boot_with_one_bad_row_still_does_the_others(interpreter, tmp_path):
    rows = '(("IO23", 0), ("IO34", 0), ("nonsense", 0), ("IO22", 1))'
    (tmp_path / "safe_levels.py").write_text(f"LEVELS = {rows}\n")
    said = boot(interpreter, tmp_path)
    assert said.splitlines()[-1].startswith("True ")
    assert "23: [0]" in said and "22: [1]" in said


# --- the whole program in real time ----------------------------------------------------------------------

PLANT = """
import sys
from world import world
from heater_bench import reading_at
import rumpus.hal.micropython as hal
world.line(26).outside = 0
world.volts.update({34: reading_at(20), 35: reading_at(20), 32: reading_at(15), 33: 0, 36: 0})
shown = None
def stepped(self, feed=hal.Hal.stepped):
    global shown
    now = [world.line(pin).level() for pin in (23, 22, 21)]
    if now != shown:
        shown = now
        sys.stdout.write("outputs %s\\n" % now)
    feed(self)
hal.Hal.stepped = stepped
HANG
sys.path.append(sys.argv[1].rpartition("/")[0])
exec(open(sys.argv[1]).read())
"""
HANG = """
from rumpus.app import App
def drive(self, elapsed_ms, real=App.drive):
    real(self, elapsed_ms)
    while elapsed_ms and world.line(22).level():
        pass
App.drive = drive
"""
CRASH = (
    HANG[: HANG.index("while")]
    + """raise ValueError("a bug")
App.drive = drive
"""
)


def write_device(folder: Path, extra: str = "") -> int:
    """The files of a board with the wiring of an ESP32-DevKitC; returns its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "hal": "micropython",
        "appliance": "water_heater",
        "board": "esp32_devkitc",
        "uuid": UUID,
        "transport": "tcp_listen",
        "host": "127.0.0.1",
        "port": port,
        "storage": str(folder),
    }
    (folder / "settings.json").write_text(json.dumps(settings))
    (folder / "device.py").write_text(PLANT.replace("HANG", extra))
    return port


@contextlib.asynccontextmanager
async def running(interpreter: Path, folder: Path, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        str(interpreter),
        "device.py",
        str(ENTRY / "main.py"),
        env=environment(folder, FAKE_REAL_TIME="1", **more),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def outputs(process: asyncio.subprocess.Process, wanted: list[int]) -> None:
    """Wait until the relays are as wanted."""
    said = ""
    async with asyncio.timeout(60):
        while True:
            line = (await process.stdout.readline()).decode()
            said += line
            assert line, said
            if line.strip() == f"outputs {wanted}":
                return


async def begin_to_heat(port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                async with connect(f"tcp://127.0.0.1:{port}", timeout_s=10) as device:
                    await device.control([("power", 1), ("target_temperature", 600)])
                    return
            except Unreachable:  # not listening yet
                await asyncio.sleep(0.1)


async def test_a_device_on_real_sockets_switches_its_relays(interpreter, tmp_path):
    port = write_device(tmp_path)
    async with running(interpreter, tmp_path) as process:
        await outputs(process, [0, 0, 0])
        await begin_to_heat(port)
        await outputs(process, [1, 1, 0])


async def test_the_watchdog_kills_a_loop_that_hangs_while_heating(interpreter, tmp_path):
    port = write_device(tmp_path, HANG)
    async with running(interpreter, tmp_path, FAKE_WATCHDOG_US="900000") as process:
        await outputs(process, [0, 0, 0])
        await asyncio.sleep(2)  # more than the watchdog's time: a loop that turns is left alone
        assert process.returncode is None
        await begin_to_heat(port)
        assert await asyncio.wait_for(process.wait(), 60) == -signal.SIGALRM


async def test_a_loop_that_crashes_says_so_and_ends(interpreter, tmp_path):
    write_device(tmp_path, CRASH)
    async with running(interpreter, tmp_path, FAKE_WATCHDOG_US="900000") as process:
        said, _none = await asyncio.wait_for(process.communicate(), 60)
        # On a board the traceback is followed by the REPL and then by the watchdog; here the process ends.
        assert process.returncode != 0
        assert b"a bug" in said
