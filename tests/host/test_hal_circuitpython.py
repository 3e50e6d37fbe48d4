"""hal/circuitpython.py under CPython: on a fake board (fakes/circuitpython), and on the real Blinka.

There is no CircuitPython interpreter here. `check_circuitpython` makes the HAL believe in one and gives it
fakes of its modules; `check_blinka` gives it the same fake pins on CPython; and the real adafruit-blinka
proves the imports with its board that has no hardware.
"""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rumpus.rump.layout import Status
from rumpus_host.client import Unreachable, connect

ROOT = Path(__file__).resolve().parents[2]
FAKES = ROOT / "tests" / "host" / "fakes"
ENTRY = ROOT / "firmware" / "entry"
PATHS = (
    FAKES / "circuitpython",
    FAKES,
    ROOT / "tests" / "upy",
    ROOT / "tests" / "shared",
    ROOT / "firmware",
    ROOT,
)


def environment(folder: Path, paths: tuple[Path, ...], **more: str) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(str(path) for path in (folder, *paths)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "FAKE_FOLDER": str(folder),
        **more,
    }


def run_checks(name: str, paths: tuple[Path, ...], folder: Path, **more: str) -> int:
    """How many tests ran; all must pass."""
    done = subprocess.run(
        [sys.executable, FAKES / "run_checks.py", name],
        env=environment(folder, paths, **more),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    ran = re.search(r"ran (\d+) tests, 0 failed", done.stdout)
    assert ran, done.stdout
    return int(ran[1])


@pytest.mark.parametrize(("name", "least"), (("check_circuitpython", 30), ("check_blinka", 15)))
def test_hal(name, least, tmp_path):
    assert run_checks(name, PATHS, tmp_path) >= least


def test_real_blinka_with_a_fake_usb_adapter(tmp_path):
    paths = (FAKES / "mcp2221", *PATHS[1:])
    settings = {"BLINKA_MCP2221": "1", "BLINKA_MCP2221_RESET_DELAY": "-1"}
    assert run_checks("check_mcp2221", paths, tmp_path, **settings) >= 8


# --- the real Blinka, on its board without hardware ------------------------------------------------------

WIRING = """
ROLES = (
    ("tank_temperature", "ntc", "Ax_INPUT_FIXED_INT_PI", (10000, 3950, 10000)),
    ("leak_switch", "door_switch", "Dx_INPUT_FALSE", ("active_high", 50)),
    ("element", "relay", "Dx_OUTPUT", ("active_high",)),
)
"""
RUN = "import sys; sys.path[0] = ''; sys.path.append(sys.argv[1].rpartition('/')[0]); exec(open(sys.argv[1]).read())"


async def test_the_firmware_starts_on_the_real_blinka(tmp_path):
    """Imports, pins and sockets; 31415 of 65535, which that board always reads, is 26.9 degC."""
    wiring = tmp_path / "boards" / "agnostic"
    wiring.mkdir(parents=True)
    (wiring / "water_heater.py").write_text(WIRING)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "hal": "circuitpython",
        "appliance": "water_heater",
        "board": "agnostic",
        "uuid": "00112233445566778899aabbccddeeff",
        "transport": "tcp_listen",
        "host": "127.0.0.1",
        "port": port,
        "storage": str(tmp_path),
    }
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        RUN,
        str(ENTRY / "main.py"),
        env=environment(tmp_path, (ROOT / "firmware",), BLINKA_OS_AGNOSTIC="1"),
        cwd=tmp_path,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        status = await read_status(port, process)
        assert status["current_temperature"] == 269
        assert status["work_state"] == 2  # heating
    finally:
        if process.returncode is None:
            process.kill()
        said, _none = await process.communicate()
        print(said.decode())


async def read_status(port: int, process: asyncio.subprocess.Process) -> Status:
    async with asyncio.timeout(60):
        while True:
            assert process.returncode is None
            try:
                async with connect(f"tcp://127.0.0.1:{port}") as device:
                    await device.control([("power", 1), ("target_temperature", 600)])
                    await asyncio.sleep(0.5)
                    return await device.status()
            except Unreachable:  # not listening yet
                await asyncio.sleep(0.1)
