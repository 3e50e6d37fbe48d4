"""Uploads and updates over a cable at 921,600 baud into a port that keeps 260 bytes, 2.8 ms of the line: a
transfer becomes slower, and none fails.

The machine is kept busy meanwhile, and the device is stopped by the system for longer than its ring lasts.
Sampled: one update, 32 bit. With RUMPUS_FULL=1 twenty in a row on either interpreter.
"""

import asyncio
import contextlib
import os
import signal
import sys

import pytest
import update_versions
from tier import FULL, full_only

from rumpus_host.bench.serial_line import RING
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.dcmp import client as dcmp
from rumpus_host.update import bundle, procedure

BAUD = 921_600
LINE = {"baud": BAUD, "ring": RING}
SETTINGS = {"dcmp": True, "udp": 0}
IN_A_ROW = 20
_BUSY = "while True: pass"
_STOP_S, _GO_S = 0.02, 0.1


@contextlib.asynccontextmanager
async def busy():
    """Something else runs on each processor."""
    program = (sys.executable, "-c", _BUSY)
    others = [await asyncio.create_subprocess_exec(*program) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            await other.wait()


@contextlib.asynccontextmanager
async def halting(appliance):
    """The device stands still for 20 ms, ten times a second, as one does that waits for its flash."""

    async def halt():
        while True:
            for what, seconds in ((signal.SIGSTOP, _STOP_S), (signal.SIGCONT, _GO_S)):
                os.kill(appliance._process.pid, what)
                await asyncio.sleep(seconds)

    task = asyncio.create_task(halt())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, ProcessLookupError):
            await task
        os.kill(appliance._process.pid, signal.SIGCONT)


async def update(interpreter, folder, path):
    """A lean device of its own takes the bundle and commits it."""
    folder.mkdir()
    update_versions.install(folder, "1.0.0", transport="uart")
    device = VirtualAppliance(
        "water_heater", interpreter, "serial", storage=folder, settings=SETTINGS, line=LINE
    )
    async with device as appliance:
        appliance.run(2.0)
        url = f"{appliance.url}?baud={BAUD}"
        await procedure.send(url, path, bundle.read(path.read_bytes()))
        slots = await procedure.apply(url, "Update", 60)
        assert slots[:5] == ("b", "1.1.0", "1.0.0", "committed", "none")
        assert appliance.restarts == 1
        return appliance.line.lost_to_device


@full_only
@pytest.mark.parametrize("interpreter", ("micropython", "micropython32") if FULL else ("micropython32",))
async def test_an_update_on_a_busy_machine(interpreter, tmp_path):
    path = update_versions.make_bundle(tmp_path / "new", "1.1.0", transport="uart")
    async with busy():
        for i in range(IN_A_ROW if FULL else 1):
            lost = await update(interpreter, tmp_path / str(i), path)
            print(f"{interpreter}, update {i + 1}: {lost} bytes lost on the way")


@pytest.mark.parametrize("interpreter", ("micropython",))
async def test_an_upload_to_a_device_that_stops_again_and_again(interpreter, tmp_path):
    """No block of a kilobyte would ever come whole if none were tried again, shorter."""
    path = tmp_path / "file"
    path.write_bytes(os.urandom(40_000))
    device = VirtualAppliance("water_heater", interpreter, "serial", settings=SETTINGS, line=LINE)
    async with device as appliance:
        appliance.run()
        async with dcmp.connect(f"{appliance.url}?baud={BAUD}") as client, halting(appliance):
            for _ in range(2):  # the second at once: the device knows that the first is over
                await client.put_file(path, "UserDefined", "file", "1")
                assert (appliance.storage / "user" / "file").read_bytes() == path.read_bytes()
                path.write_bytes(os.urandom(40_000))
        assert appliance.line.lost_to_device > 0


@full_only
async def test_a_bad_version_is_left_again_though_the_host_waits_for_its_hello(tmp_path):
    """Three starts without a hello, then that of the old version; nothing interrupts any of them."""
    folder = tmp_path / "flash"
    folder.mkdir()
    update_versions.install(folder, "1.0.0", transport="uart")
    path = update_versions.make_bundle(tmp_path / "bad", "9.9.9", "import", transport="uart")
    device = VirtualAppliance(
        "water_heater", "micropython", "serial", storage=folder, settings=SETTINGS, line=LINE
    )
    async with device as appliance:
        appliance.run(2.0)
        url = f"{appliance.url}?baud={BAUD}"
        await procedure.send(url, path, bundle.read(path.read_bytes()))
        with pytest.raises(procedure.RolledBack) as left:
            await procedure.apply(url, "Update", 60)
        assert left.value.slots[:5] == ("a", "1.0.0", "9.9.9", "committed", "failed_starts")
        assert appliance.restarts == 1 + 3
