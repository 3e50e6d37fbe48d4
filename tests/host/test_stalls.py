"""Calls that block: each is declared, and the long ones are made only while every output is at rest."""

import ast
from importlib import import_module
from pathlib import Path

import pytest
from test_dial import Server, free_port, heard

from rumpus.app import HOLD_S
from rumpus.appliances.water_heater.appliance import WaterHeater
from rumpus.hal.stalls import STALLS, WATCHDOG_AT_REST_MS, WATCHDOG_MS, worst_ms
from rumpus_host import fields
from rumpus_host.bench.repository import FIRMWARE
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.client import connect

NAME = "server.example"
DNS_MS = next(row[2] for row in STALLS if row[0] == "dns")

# A call that may block, by the name of the function -> the rows of STALLS that declare it.
BLOCKING = {
    "getaddrinfo": "dns",
    "gethostbyname": "dns",
    "connect": "connect",  # "tcp connect" and "wifi connect"
    "active": "wifi activate",
    "writeto": "i2c transfer",
    "readfrom_into": "i2c transfer",
    "try_lock": "i2c transfer",
    "sleep_us": "i2c free a bus",
    "write_pulses": "ir send",
    "writebyte": "ds18b20 start",
    "readbyte": "ds18b20 fetch",
    "collect": "garbage collection",
    "fsync": "file save",
    "sync": "file save",
    "read_uv": "adc read",
}
SLEEPS = {"sleep", "sleep_ms", "sleep_us", "delay_us"}


def calls_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return found & (set(BLOCKING) | SLEEPS)


@pytest.mark.parametrize(
    "path", sorted((FIRMWARE / "rumpus" / "hal").glob("*.py")), ids=lambda path: path.stem
)
def test_every_call_of_a_hal_that_may_block_is_declared(path):
    declared = [row[0] for row in STALLS]
    for call in calls_of(path) - {"sleep"}:  # of which the next test speaks
        assert any(BLOCKING[call] in name for name in declared), call


def test_no_driver_sleeps_and_a_hal_only_within_a_declared_call():
    for path in (FIRMWARE / "rumpus").rglob("*.py"):
        sleeps = calls_of(path) & SLEEPS
        name = path.relative_to(FIRMWARE / "rumpus").as_posix()
        allowed = name.startswith(("hal/buses_", "hal/net_circuitpython", "hal/pins_"))
        assert not sleeps or allowed, (name, sleeps)


def test_the_watchdog_outlasts_every_declared_stall():
    for hal in ("micropython", "circuitpython"):
        assert worst_ms(hal) < WATCHDOG_MS
        assert worst_ms(hal, 1) < WATCHDOG_AT_REST_MS


async def heater_that_was_on(storage: Path, interpreter: str, **more) -> tuple[VirtualAppliance, int]:
    """A device that dials out by name, whose power was cut while it heated a cold tank; and the port."""
    before = VirtualAppliance("water_heater", interpreter, storage=storage)
    async with before, connect(before.url) as device:
        await device.control([("power", 1), ("target_temperature", 750)])
        await before.advance(10_000)
        assert before.outputs["main_relay"] == 1
    port = free_port()
    settings = {"transport": "tcp_dial", "host": NAME, "port": port, "names": {NAME: "127.0.0.1"}}
    settings |= {"stalls": {"dns": DNS_MS}, **more}
    return VirtualAppliance("water_heater", interpreter, settings=settings, storage=storage), port


def assert_at_rest(appliance: VirtualAppliance) -> None:
    assert appliance.stalls
    for call, ms, outputs in appliance.stalls:
        assert not any(outputs.get(role) for role in WaterHeater.HAZARDS), (call, ms, outputs)


@pytest.mark.parametrize("interpreter", ("micropython", "micropython32", "cpython"))
async def test_a_slow_resolver_is_asked_before_a_cold_tank_is_heated_and_not_while_it_is(
    interpreter, tmp_path
):
    appliance, port = await heater_that_was_on(tmp_path, interpreter)
    async with appliance:
        server = await Server().open(port)
        assert await heard(appliance, server, 0.5)
        assert_at_rest(appliance)
        assert [call for call, _ms, _outputs in appliance.stalls] == ["dns"]
        await appliance.advance(HOLD_S * 1000, 1000)
        assert appliance.outputs["main_relay"] == 1
        # The server is lost while the element is on: the address that is known holds, and nobody is asked.
        await server.close()
        server = await Server().open(port)
        assert await heard(appliance, server, 2)
        assert appliance.outputs["main_relay"] == 1
        assert len(appliance.stalls) == 1
        await server.close()


async def test_a_name_that_nobody_knows_delays_the_heater_by_a_minute_and_no_more(tmp_path):
    appliance, _port = await heater_that_was_on(tmp_path, "micropython", names={})
    async with appliance:
        while appliance.elapsed_ms < (HOLD_S - 15) * 1000:  # stalls included
            assert not any(appliance.outputs.values())
            await appliance.advance(1000, 1000)
        await appliance.advance(30_000 + DNS_MS, 1000)
        assert appliance.outputs["main_relay"] == 1
        assert_at_rest(appliance)
        asked = len(appliance.stalls)
        await appliance.advance(600_000, 1000)
        assert len(appliance.stalls) == asked


async def test_a_main_relay_alone_is_no_reason_to_use_an_old_address(tmp_path):
    """It is closed for as long as the heater is switched on: days."""
    appliance, port = await heater_that_was_on(tmp_path, "micropython")
    appliance.plant.upper = appliance.plant.lower = 76.0
    async with appliance:
        server = await Server().open(port)
        assert await heard(appliance, server, 0.5)
        await appliance.advance(HOLD_S * 2000, 1000)
        assert appliance.outputs["main_relay"] == 1
        await server.close()
        server = await Server().open(port)
        assert await heard(appliance, server, 2)
        assert len(appliance.stalls) > 1
        assert_at_rest(appliance)
        await server.close()


@pytest.mark.parametrize("kind", fields.TYPES)
def test_every_hazard_is_an_output_and_what_an_interlock_switches_off(kind):
    made = getattr(import_module(f"rumpus.appliances.{kind}.appliance"), kind.title().replace("_", ""))
    rows = import_module(f"rumpus.appliances.{kind}.interlocks").ROWS
    off = {force[0] for row in rows for force in row[7] if force[1] == 0}
    assert made.HAZARDS
    assert set(made.HAZARDS) <= set(made.OUTPUTS)
    assert set(made.HAZARDS) <= off
