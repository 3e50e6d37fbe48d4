"""The bench: lock-step with the firmware, its death told and not hidden, the same twice, a real serial line.

The first half runs a stand-in that speaks the bench's protocol and does what firmware should not; the
second half runs the real firmware.
"""

import asyncio
import os
import time
from pathlib import Path

import pytest

from rumpus_host.bench import interpreters, plants, virtual_appliance
from rumpus_host.bench.interpreters import InterpreterNotFound
from rumpus_host.bench.repository import BOARDS
from rumpus_host.bench.sensors import load_rows
from rumpus_host.bench.serial_line import SerialLine
from rumpus_host.bench.virtual_appliance import BenchError, DeviceDied, VirtualAppliance
from rumpus_host.client import connect

TYPES = sorted(plants.TYPES)
CARRIERS = ("tcp", "serial")
HOUR_MS = 3_600_000

# A thermostat on one sensor and one solid-state relay, and the ways in which it misbehaves.
STAND_IN = r"""
import json, os, socket, sys
with open(os.getenv("RUMPUS_SETTINGS")) as file:
    settings = json.load(file)
behave = settings["behave"]
if behave == "die":
    raise ValueError("no such pin")
host, port = settings["bench"].split(":")
dialled = socket.socket()
dialled.connect(socket.getaddrinfo(host, int(port))[0][-1])
bench = dialled.makefile("rwb", buffering=0) if sys.implementation.name == "cpython" else dialled
bench.write(("nonsense" if behave == "wrong_token" else settings["token"]).encode() + b"\n")
pins = {"inputs": ["A0"], "outputs": ["D99" if behave == "wrong_pin" else "D8"], "port": None}
bench.write(json.dumps(pins).encode() + b"\n")
ticks = 0
while True:
    tick = bench.read(5)
    if not tick:
        break
    ticks += 1
    assert tick[0] == 0x54
    if ticks > 3:
        if behave == "exit":
            sys.exit(3)
        if behave in ("halt", "crash"):
            bench.write(b"H" if behave == "halt" else b"E")
            if behave == "crash":
                raise ValueError("a bug")
            break
        if behave == "rubbish":
            bench.write(b"?\0\0")
        if behave == "silent":
            continue
    cold = tick[3] << 8 | tick[4] > 32767
    bench.write(b"O\0" + bytes([cold]))
"""


@pytest.fixture
def stand_in(tmp_path: Path):
    script = tmp_path / "stand_in.py"
    script.write_text(STAND_IN)

    def make(behave: str, interpreter: str = "micropython", carrier: str = "tcp") -> VirtualAppliance:
        settings = {"behave": behave}
        return VirtualAppliance("water_heater", interpreter, carrier, settings=settings, entry=script)

    return make


# --- the stand-in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("interpreter", interpreters.NAMES)
@pytest.mark.parametrize("carrier", CARRIERS)
async def test_plant_and_device_close_the_loop(stand_in, interpreter, carrier):
    async with stand_in("well", interpreter, carrier) as appliance:
        appliance.plant.lower = appliance.plant.upper = 24.0
        await appliance.advance(2 * HOUR_MS, 10_000)
        assert appliance.elapsed_ms == 2 * HOUR_MS
        assert appliance.plant.elapsed_s == pytest.approx(7200)
        assert appliance.plant.lower == pytest.approx(25.0, abs=0.2)  # where the divider reads the half


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_early_death_is_told_with_the_traceback(stand_in, carrier):
    began = time.monotonic()
    with pytest.raises(DeviceDied, match=r"(?s)did not dial.*no such pin"):
        async with stand_in("die", carrier=carrier):
            pass
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("interpreter", interpreters.NAMES)
@pytest.mark.parametrize("carrier", CARRIERS)
async def test_a_crash_is_never_taken_for_an_orderly_end(stand_in, interpreter, carrier):
    """Every later step must fail as well."""
    async with stand_in("crash", interpreter, carrier) as appliance:
        with pytest.raises(DeviceDied, match=r"(?s)ended by an error.*ValueError: a bug"):
            await appliance.advance(1000)
        assert not appliance.is_halted
        at_ms = appliance.elapsed_ms
        with pytest.raises(DeviceDied):
            await appliance.advance(1000)
        assert appliance.elapsed_ms == at_ms < 1000


async def test_an_orderly_end_on_the_console_is_no_error(stand_in):
    async with stand_in("halt", carrier="serial") as appliance:
        await appliance.advance(1000)
        assert appliance.is_halted
        assert appliance.elapsed_ms == 1000


async def test_an_exit_code_is_told(stand_in):
    async with stand_in("exit") as appliance:
        with pytest.raises(DeviceDied, match="exit code 3"):
            await appliance.advance(1000)


async def test_rubbish_is_refused(stand_in):
    async with stand_in("rubbish") as appliance:
        with pytest.raises(BenchError, match=r"answered a tick with b'\?'"):
            await appliance.advance(1000)


async def test_silence_is_an_error(stand_in, monkeypatch):
    monkeypatch.setattr(virtual_appliance, "_ANSWER_S", 0.3)
    monkeypatch.setattr(virtual_appliance, "_EXIT_S", 0.1)
    async with stand_in("silent") as appliance:
        with pytest.raises(BenchError, match="did not answer a tick"):
            await appliance.advance(1000)


async def test_a_stranger_on_the_bench_socket_is_refused(stand_in):
    with pytest.raises(BenchError, match="something else"):
        async with stand_in("wrong_token"):
            pass


async def test_a_pin_without_wiring_is_refused(stand_in):
    with pytest.raises(BenchError, match="D99"):
        async with stand_in("wrong_pin"):
            pass


async def test_what_goes_wrong_in_run_comes_out_of_pause(stand_in):
    async with stand_in("exit") as appliance:
        appliance.run(10.0)
        async with asyncio.timeout(10):
            while appliance.is_running:
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        with pytest.raises(DeviceDied, match="exit code 3"):
            await appliance.pause()


async def test_temporary_storage_goes_and_given_storage_stays(stand_in, tmp_path):
    async with stand_in("well") as appliance:
        assert (appliance.storage / "settings.json").exists()
    assert not appliance.storage.exists()
    own = tmp_path / "own"
    own.mkdir()
    async with VirtualAppliance("water_heater", storage=own):
        pass
    assert (own / "settings.json").exists()


def test_wrong_use_is_refused():
    with pytest.raises(ValueError, match="toaster"):
        VirtualAppliance("toaster")
    with pytest.raises(ValueError, match="pigeon"):
        VirtualAppliance("water_heater", carrier="pigeon")
    with pytest.raises(ValueError, match="jython"):
        VirtualAppliance("water_heater", "jython")
    with pytest.raises(ValueError, match="heap"):
        VirtualAppliance("water_heater", "cpython", heap="64k")


def test_a_wrong_interpreter_is_told(monkeypatch):
    monkeypatch.setenv("MICROPYTHON", "/nonexistent/micropython")
    with pytest.raises(InterpreterNotFound, match="get_micropython"):
        interpreters.find("micropython")


# --- the serial line ------------------------------------------------------------------------------------


@pytest.fixture
def line():
    made = []

    def make(**arguments) -> SerialLine:
        made.append(SerialLine(**arguments))
        return made[-1]

    yield make
    for one in made:
        one.close()


def open_host(line: SerialLine) -> int:
    return os.open(line.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)


def read_all(fd: int, seconds: float = 0.05) -> bytes:
    time.sleep(seconds)
    try:
        return os.read(fd, 65536)
    except BlockingIOError:
        return b""


def test_line_keeps_what_fits_the_ring_and_drops_the_rest(line):
    cable = line()
    host = open_host(cable)
    os.write(host, b"x" * 1000)
    assert len(read_all(cable.device_fd)) == 260
    assert cable.lost_to_device == 740
    os.write(host, b"y" * 200)
    assert read_all(cable.device_fd) == b"y" * 200
    os.close(host)


def test_line_reads_of_the_device_never_block(line):
    assert os.read(line().device_fd, 10) == b""


def test_line_loses_what_nobody_listens_to(line):
    cable = line()
    os.write(cable.device_fd, b"early")
    time.sleep(0.05)
    host = open_host(cable)
    assert read_all(host) == b""
    assert cable.lost_to_host == 5
    os.write(cable.device_fd, b"now")
    assert read_all(host) == b"now"
    os.close(host)
    time.sleep(0.05)
    os.write(cable.device_fd, b"late")
    time.sleep(0.05)
    assert cable.lost_to_host == 9


def test_line_paces_to_its_baud_rate(line):
    cable = line(baud=9600, ring=4096)
    host = open_host(cable)
    began = time.monotonic()
    os.write(host, b"z" * 192)  # 0.2 s at 9600 baud
    got = b""
    while len(got) < 192 and time.monotonic() < began + 5:
        got += os.read(cable.device_fd, 4096)
        time.sleep(0.001)
    assert len(got) == 192
    assert 0.18 < time.monotonic() - began < 1.0
    os.close(host)


# --- the real firmware ----------------------------------------------------------------------------------


def output_roles(kind: str) -> set[str]:
    rows = load_rows(BOARDS / "virtual" / f"{kind}.py")
    return {row[0] for row in rows if row[1] in ("relay", "ssr", "pwm_out")}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("interpreter", interpreters.NAMES)
@pytest.mark.parametrize("carrier", CARRIERS)
async def test_every_appliance_runs_everywhere(kind, interpreter, carrier):
    async with VirtualAppliance(kind, interpreter, carrier) as appliance:
        await appliance.advance(10_000)
        assert set(appliance.outputs) == output_roles(kind)
        assert appliance.is_running and not appliance.is_halted
        assert list(appliance.log) == []
        assert appliance.url.startswith(f"{carrier}://")


async def heat(appliance: VirtualAppliance, target: int) -> None:
    async with connect(appliance.url) as device:
        await device.control([("power", 1), ("target_temperature", target)])


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_the_tank_is_heated_in_virtual_time(carrier):
    async with VirtualAppliance("water_heater", "micropython", carrier) as appliance:
        await heat(appliance, 550)
        await appliance.advance(60_000)
        assert appliance.outputs["main_relay"] == 1
        assert appliance.plant.power_w >= 1900
        began = time.monotonic()
        await appliance.advance(4 * HOUR_MS, 1000)
        assert time.monotonic() - began < 120
        assert 51 < appliance.plant.lower < 57
        assert 51 < appliance.plant.upper < 60


async def test_a_broken_sensor_switches_the_heat_off():
    async with VirtualAppliance("water_heater") as appliance:
        await heat(appliance, 700)
        await appliance.advance(60_000)
        assert appliance.plant.power_w > 0
        appliance.plant.break_sensor("tank_temperature", "open")
        await appliance.advance(5_000)
        assert appliance.outputs["element_ssr"] == 0
        assert appliance.outputs["element_upper"] == 0


async def test_the_refrigerator_pulls_down_from_warm():
    async with VirtualAppliance("refrigerator") as appliance:
        appliance.plant.set_all(22.0)
        await appliance.advance(18 * HOUR_MS, 2_000)
        assert appliance.plant.air["freezer"] < -12
        assert -1 < appliance.plant.air["fridge"] < 9


async def test_the_room_is_cooled_to_its_target():
    async with VirtualAppliance("air_conditioner") as appliance:
        async with connect(appliance.url) as device:
            await device.control([("power", 1), ("mode", 1), ("target_temperature", 240)])
        assert appliance.plant.air > 28
        await appliance.advance(HOUR_MS, 1000)
        assert appliance.plant.air == pytest.approx(24.0, abs=1.0)
        assert appliance.plant.indoor_coil > 0


async def test_heating_in_frost_turns_the_valve_to_defrost():
    async with VirtualAppliance("air_conditioner") as appliance:
        appliance.plant.set_all(15.0)
        appliance.plant.outdoor_mean, appliance.plant.outdoor_humidity = 1.0, 90.0
        async with connect(appliance.url) as device:
            await device.control([("power", 1), ("mode", 4), ("target_temperature", 220)])
        seen = []
        for _ in range(120):
            await appliance.advance(60_000, 1000)
            seen.append((appliance.outputs["four_way_valve"], appliance.plant.frost_kg))
        assert max(frost for _, frost in seen) > 0.3
        iced = max(range(120), key=lambda i: seen[i][1])
        assert min(frost for _, frost in seen[iced:]) < 0.5 * seen[iced][1]
        assert {valve for valve, _ in seen} == {0, 1}
        assert appliance.plant.air == pytest.approx(22.0, abs=1.5)


async def test_the_door_stops_the_cooking_within_one_step():
    async with VirtualAppliance("microwave_oven") as appliance:
        appliance.plant.remote_button = True
        await appliance.advance(500)
        appliance.plant.remote_button = False
        await appliance.advance(500)
        async with connect(appliance.url) as device:
            await device.control([("cook_time", 120), ("power_level", 100)])
            await device.control([("operation", 1)])
        await appliance.advance(60_000)
        assert appliance.plant.food > 45
        assert appliance.plant.leaked_j == 0
        appliance.plant.door = True
        await appliance.advance(5_000)
        assert appliance.outputs["magnetron"] == 0
        assert 0 < appliance.plant.leaked_j <= 800 * 0.1 + 1e-6  # the step in which it was opened
        appliance.plant.door = False
        await appliance.advance(5_000)
        assert appliance.outputs["magnetron"] == 0


async def trace(interpreter: str, seed: int, kind: str = "water_heater") -> list:
    """An eventful half hour, step by step."""
    plant = plants.TYPES[kind](seed, noise=0.05)
    steps = []
    async with VirtualAppliance(kind, interpreter, seed=seed, plant=plant) as appliance:
        if kind == "water_heater":
            await heat(appliance, 500)
        for i in range(180):
            if kind == "water_heater":
                plant.draw_off = 6.0 if 60 <= i < 90 else 0.0
            await appliance.advance(10_000, 1_000)
            steps.append((dict(appliance.outputs), plant.readings()))
    return steps


@pytest.mark.parametrize("kind", ["water_heater", "refrigerator"])
async def test_the_same_seed_gives_the_same_run_on_every_interpreter(kind):
    first = await trace("micropython", 5, kind)
    assert any(any(outputs.values()) for outputs, _ in first)
    assert await trace("micropython", 5, kind) == first
    assert await trace("micropython32", 5, kind) == first
    assert await trace("cpython", 5, kind) == first


async def test_another_seed_gives_another_run():
    assert await trace("cpython", 5) != await trace("cpython", 6)


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_power_off_and_on_keeps_url_files_and_world(carrier):
    async with VirtualAppliance("water_heater", carrier=carrier) as appliance:
        url, uuid = appliance.url, appliance.uuid
        appliance.plant.lower = 33.0
        await appliance.advance(1000)
        async with connect(url) as device:
            boots = device.hello["boot_count"]
        await appliance.kill()
        assert not appliance.is_running
        with pytest.raises(DeviceDied, match="switched off"):
            await appliance.advance(100)
        await appliance.start()
        assert (appliance.url, appliance.uuid) == (url, uuid)
        async with connect(url) as device:
            assert device.hello["boot_count"] == boots + 1
            assert device.hello["uuid"].hex() == uuid
        await appliance.restart()
        assert appliance.plant.lower == pytest.approx(33.0, abs=0.1)


async def test_time_runs_by_itself_at_its_scale():
    async with VirtualAppliance("water_heater") as appliance:
        began = time.monotonic()
        appliance.run(20.0)
        await asyncio.sleep(1.0)
        await appliance.pause()
        passed_ms = (time.monotonic() - began) * 1000 * 20
        assert 0.5 * passed_ms < appliance.elapsed_ms <= passed_ms
        at_ms = appliance.elapsed_ms
        await asyncio.sleep(0.2)
        assert appliance.elapsed_ms == at_ms


async def test_the_heap_limit_really_limits():
    with pytest.raises(DeviceDied, match="MemoryError"):
        async with VirtualAppliance("water_heater", heap="48k"):
            pass
