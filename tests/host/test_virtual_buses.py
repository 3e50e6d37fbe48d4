"""Drivers for real buses on the virtual board: 1-Wire, I2C and infrared, under real interpreters."""

import sys

import pytest

from rumpus_host.bench.plants.base import Plant
from rumpus_host.bench.repository import CHIPS
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.client import connect

sys.path.append(str(CHIPS))
import bus_ir

INTERPRETERS = ("micropython", "micropython32", "cpython")
LEAK, SENSOR = 1 << 5, 1 << 3


class SplitUnit(Plant):
    """A room, and an air conditioner of its own that hears the frames in `heard`. Cools at 900 W."""

    def __init__(self) -> None:
        super().__init__()
        self.room = 29.0
        self.unit = bus_ir.Gree()
        self.heard: list[list[int]] = []

    def _step(self, dt, outputs):
        while self.heard:
            self.unit.hear(self.heard.pop(0))
        self.room += dt / 7200 * (32 - self.room) - (dt / 200 if self.cools else 0)

    @property
    def cools(self) -> bool:
        return self.unit.power == 1 and self.unit.mode == 1 and self.room > self.unit.target

    def _readings(self):
        watts = 900.0 if self.cools else 30.0 if self.unit.power else 3.0
        return {"unit_power": watts, "room_temperature": self.room, "room_humidity": 55.0}


@pytest.mark.parametrize("interpreter", INTERPRETERS)
async def test_a_control_becomes_infrared_and_the_room_gets_cool(interpreter):
    plant = SplitUnit()
    settings = {"wiring": "air_conditioner_ir"}
    appliance = VirtualAppliance("air_conditioner", interpreter, settings=settings, plant=plant)
    plant.heard = appliance.infrared
    async with appliance, connect(appliance.url) as device:
        await appliance.advance(10_000)
        assert (plant.unit.frames, plant.unit.power) == (1, 0)
        status = await device.status()
        assert (status["indoor_temperature"], status["indoor_humidity"]) == (290, 55)
        assert status["power_now"] == pytest.approx(3, abs=1) and status["compressor"] == 0
        await device.control([("power", 1), ("mode", 1), ("target_temperature", 240)])
        await appliance.advance(60_000)
        assert (plant.unit.power, plant.unit.mode, plant.unit.target) == (1, 1, 24)
        status = await device.status()
        assert status["compressor"] == 1 and status["power_now"] == pytest.approx(900, abs=2)
        assert status["special_state"] is None
        await appliance.advance(3_600_000, 1000)
        assert plant.room == pytest.approx(24, abs=0.2)
        assert plant.unit.frames == 4  # off, on, and on twice more


@pytest.mark.parametrize("interpreter", INTERPRETERS)
async def test_thermometers_on_buses_heat_water_and_tell_their_faults(interpreter):
    settings = {"wiring": "water_heater_onewire"}
    appliance = VirtualAppliance("water_heater", interpreter, settings=settings)
    async with appliance, connect(appliance.url) as device:
        await appliance.advance(5_000)
        cold = (await device.status())["current_temperature"]
        true = appliance.plant.readings()["upper_temperature"]
        assert cold == pytest.approx(true * 10, abs=15)
        await device.control([("power", 1), ("target_temperature", 500)])
        await appliance.advance(600_000, 1000)
        assert appliance.outputs["element"] == 1
        assert (await device.status())["current_temperature"] > cold
        for how in ("open", "short"):
            appliance.plant.break_sensor("tank_temperature", how)
            await appliance.advance(10_000)
            assert (await device.status())["alarms"] & SENSOR, how
            assert appliance.outputs["element"] == 0
            appliance.plant.mend_sensor("tank_temperature")
            await appliance.advance(60_000)
            assert not (await device.status())["alarms"] & SENSOR, how


async def test_light_and_button_of_the_device():
    settings = {"wiring": "air_conditioner_ir"}
    appliance = VirtualAppliance("air_conditioner", settings=settings, plant=SplitUnit())
    async with appliance:
        seen = set()
        for _ in range(40):
            await appliance.advance(100)
            seen.add(appliance.outputs["status_led"])
        assert seen == {0, 1}  # no controller: a flash every two seconds
        async with connect(appliance.url) as device:
            await device.status()
            await appliance.advance(2000)
            assert appliance.outputs["status_led"] == 1
            await device.control([("identify", 5)])
            seen = set()
            for _ in range(10):
                await appliance.advance(100)
                seen.add(appliance.outputs["status_led"])
            assert seen == {0, 1}
