"""An air conditioner that is steered by infrared: control -> appliance -> interlocks -> driver -> pulses, and
what a unit makes of the pulses. Runs on all interpreters."""

import unittest

from appliance_bench import HOUR_MS, MINUTE_MS, ApplianceBench
from bus_ir import Gree, Pin

from rumpus.appliances.air_conditioner.appliance import AirConditioner
from rumpus.appliances.air_conditioner.interlocks import ROWS
from rumpus.appliances.base import OPEN
from rumpus.drivers import ir_ac
from rumpus.rump.tables.air_conditioner import FIELDS
from rumpus.wiring import Wiring

AUTO, COOL, DRY, FAN, HEAT = range(5)
LOUVERS = ("louver_vertical", "louver_horizontal")  # what Gree's protocol moves
DRIVER_STEP_MS = 1000


class Unit(ApplianceBench):
    """The device, and an air conditioner of Gree's that hears it when `is_in_sight`."""

    def __init__(self, *wired, **values):
        wired = ("remote",) + LOUVERS + wired
        super().__init__(AirConditioner, ROWS, wired, values, {}, DRIVER_STEP_MS)
        self.pin = Pin()
        self.driver = ir_ac.make(self.pin, ("gree",))
        self.unit = Gree()
        self.is_in_sight = True

    def step(self, elapsed_ms):
        super().step(elapsed_ms)
        self.driver.write(self.level("remote"), elapsed_ms)
        for durations in self.pin.frames:
            if self.is_in_sight:
                self.unit.hear(durations)
        self.pin.frames = []

    def run(self, ms):
        """Long times in long steps: the loop and the driver take any."""
        self.slice_ms = DRIVER_STEP_MS if ms <= MINUTE_MS else 20000
        super().run(ms)

    def told(self):
        unit = self.unit
        return (unit.power, unit.mode, unit.target, unit.fan)


class Told(unittest.TestCase):
    def test_off_at_the_start_because_nobody_knows_what_it_does(self):
        unit = Unit()
        unit.run(10000)
        self.assertEqual((unit.unit.frames, unit.unit.power), (1, 0))

    def test_what_a_user_sets_is_what_the_unit_hears(self):
        unit = Unit()
        self.assertEqual(unit.set(power=1, mode=COOL, target_temperature=230, fan_speed=1), 0)
        unit.run(5000)
        self.assertEqual(unit.told(), (1, COOL, 23, 1))
        for mode in (HEAT, FAN):
            unit.set(mode=mode, target_temperature=200, fan_speed=5)
            unit.run(5000)
            self.assertEqual(unit.told(), (1, mode, 20, 3))
        unit.set(swing_vertical=1, swing_horizontal=6)
        unit.run(5000)
        self.assertEqual((unit.unit.vertical, unit.unit.horizontal), (1, 6))
        unit.set(power=0)
        unit.run(5000)
        self.assertEqual(unit.unit.power, 0)

    def test_sleep_eco_turbo_and_quiet(self):
        unit = Unit()
        unit.set(power=1, mode=COOL, target_temperature=240, fan_speed=3, eco=1)
        unit.run(5000)
        self.assertEqual(unit.told(), (1, COOL, 25, 2))
        unit.set(eco=0, quiet=1)
        unit.run(5000)
        self.assertEqual(unit.told(), (1, COOL, 24, 1))
        unit.set(turbo=1)
        unit.run(5000)
        self.assertEqual(unit.told(), (1, COOL, 24, 3))
        unit.set(turbo=0, sleep=1)
        unit.run(3 * HOUR_MS)
        self.assertTrue(unit.unit.target > 24)
        unit.run(6 * HOUR_MS)
        self.assertEqual(unit.unit.target, 24)

    def test_timer(self):
        unit = Unit()
        unit.set(power=1, mode=COOL, timer_off=30)
        unit.run(29 * MINUTE_MS)
        self.assertEqual(unit.unit.power, 1)
        unit.run(2 * MINUTE_MS)
        self.assertEqual(unit.unit.power, 0)

    def test_who_stood_in_the_way_for_a_moment_does_no_harm(self):
        unit = Unit()
        unit.run(5000)
        unit.is_in_sight = False
        unit.set(power=1, mode=COOL)
        unit.run(30000)
        self.assertEqual(unit.unit.power, 0)
        unit.is_in_sight = True
        unit.run(40000)
        self.assertEqual(unit.unit.power, 1)

    def test_the_hand_remote_has_the_last_word(self):
        unit = Unit()
        unit.set(power=1, mode=COOL)
        unit.run(15 * MINUTE_MS)
        unit.unit.power = 0  # somebody used it
        unit.run(12 * HOUR_MS)
        self.assertEqual(unit.unit.power, 0)


class Known(unittest.TestCase):
    def test_what_nobody_can_know_is_no_field(self):
        fitted = AirConditioner.fitted(("remote",))
        for name in ("self_clean", "compressor", "power_now", "energy_total", "swing_vertical", "aux_heat"):
            self.assertFalse(name in fitted, name)
        for name in ("turbo", "quiet", "eco", "sleep", "timer_on", "filter_dirty"):
            self.assertTrue(name in fitted, name)

    def test_gree_has_vanes_and_others_have_none(self):
        for option, has_vanes in ((("gree",), True), (("coolix",), False), (("midea",), False)):
            wiring = Wiring(Hal(), (("remote", "ir_ac", "IO4", option),), AirConditioner.INPUTS, ("remote",))
            fitted = AirConditioner.fitted(wiring.names)
            self.assertEqual("swing_vertical" in fitted, has_vanes)

    def test_without_sensors_the_mandatory_fields_are_not_available_and_nothing_alarms(self):
        unit = Unit()
        unit.set(power=1, mode=COOL)
        unit.run(2 * HOUR_MS)
        self.assertEqual(unit.get("indoor_temperature"), None)
        self.assertEqual(unit.get("special_state"), None)
        self.assertEqual(unit.get("power"), 1)
        self.assertEqual(unit.get("alarms"), 0)

    def test_the_power_it_takes_tells_what_it_does(self):
        unit = Unit("unit_power", "room_temperature", unit_power=4, room_temperature=253)
        unit.set(power=1, mode=COOL)
        unit.run(MINUTE_MS)
        self.assertEqual((unit.get("power_now"), unit.get("compressor")), (4, 0))
        unit.values["unit_power"] = 850
        unit.run(HOUR_MS)
        self.assertEqual((unit.get("power_now"), unit.get("compressor")), (850, 1))
        self.assertTrue(845 <= unit.get("energy_total") <= 855)
        self.assertEqual(unit.get("indoor_temperature"), 253)
        unit.values["unit_power"] = OPEN
        unit.run(MINUTE_MS)
        self.assertEqual((unit.get("power_now"), unit.get("compressor")), (None, None))
        self.assertEqual(unit.get("alarms"), 0)

    def test_a_broken_room_sensor_is_an_alarm_and_switches_off(self):
        unit = Unit("room_temperature", room_temperature=253)
        unit.set(power=1, mode=COOL)
        unit.run(10000)
        self.assertEqual(unit.unit.power, 1)
        unit.values["room_temperature"] = OPEN
        unit.run(10000)
        self.assertEqual(unit.unit.power, 0)

    def test_only_the_remote_is_ever_wanted(self):
        unit = Unit("room_temperature", room_temperature=320)
        limits = {row[1]: row[5] for row in FIELDS}
        for mode in range(limits["mode"] + 1):
            unit.set(power=1, mode=mode, turbo=0)
            unit.run(10 * MINUTE_MS)
            for role in AirConditioner.OUTPUTS:
                if role not in ("remote", "main_relay") + LOUVERS:
                    self.assertEqual(unit.level(role), 0, role)


class Hal:
    def pin(self, _kind, _name):
        return Pin()


if __name__ == "__main__":
    unittest.main()
