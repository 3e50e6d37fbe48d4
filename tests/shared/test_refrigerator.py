"""The refrigerator: control loop, interlocks, and both together with a small cabinet around them."""

import unittest

from rumpus.appliances.base import MISSING, NOT_READY, NOT_WIRED, OPEN, SHORT, bit, ids
from rumpus.appliances.refrigerator.appliance import Refrigerator
from rumpus.appliances.refrigerator.interlocks import ROWS
from rumpus.interlocks import Interlocks
from rumpus.rump.control import Control
from rumpus.rump.state import State, rows_of
from rumpus.rump.tables import refrigerator as table
from rumpus.rump.tables.results import REASONS

try:
    from micropython import heap_lock, heap_unlock
except ImportError:  # CPython promises nothing about its heap

    def heap_lock():
        pass

    def heap_unlock():
        pass


FIELDS = rows_of(table)
ALL = Refrigerator.INPUTS + Refrigerator.OUTPUTS
SIMPLE = (
    "fridge_temperature",
    "freezer_temperature",
    "evaporator_temperature",
    "fridge_door",
    "freezer_door",
    "compressor",
    "fan",
    "defrost_heater",
    "fridge_damper",
    "light",
)
HOUR_MS = 3600000
MINUTE_MS = 60000
# A cabinet at its set points.
COLD = {
    "fridge_temperature": 40,
    "freezer_temperature": -180,
    "variable_temperature": 0,
    "ambient_temperature": 250,
    "evaporator_temperature": -200,
    "tray_home": 1,
    "fan_speed": 25,
}


def alarm(name):
    return bit(table.ALARMS, name)


class Unit:
    """A refrigerator with names instead of positions."""

    def __init__(self, wired=ALL, settings=None, inputs=COLD, with_interlocks=False, rows=ROWS):
        self.state = State(table, b"refrigerator", Refrigerator.fitted(wired))
        self.it = it = Refrigerator(self.state, settings or {}, wired)
        it.defaults()
        self.wired = wired
        for i in range(len(it.inputs)):
            it.inputs[i] = 0 if it.INPUTS[i] in wired else NOT_WIRED
        for name in inputs:
            if name in wired:
                self[name] = inputs[name]
        if "power" in wired:
            self["power"] = NOT_WIRED
        self.guard = None
        if with_interlocks:
            self.guard = Interlocks(rows, it.INPUTS, it.OUTPUTS, table.ALARMS, 7000)
            it.levels = self.guard.levels

    def __setitem__(self, name, value):
        self.it.inputs[Refrigerator.INPUTS.index(name)] = value

    def wanted(self, name):
        return self.it.wanted[Refrigerator.OUTPUTS.index(name)]

    def level(self, name):
        return self.guard.levels[Refrigerator.OUTPUTS.index(name)]

    def field(self, name):
        return self.state[ids(FIELDS, name)[0]]

    def step(self, ms=0):
        self.it.step(ms)
        if self.guard:
            self.guard.apply(ms, self.it.inputs, self.it.wanted)

    def run(self, ms, step_ms=60000):
        while ms > 0:
            self.step(min(ms, step_ms))
            ms -= step_ms

    def set(self, **fields):
        """Name of the reason, "none" when it was done; the loop has run once after it."""
        control = Control()
        for name in fields:
            field = ids(FIELDS, name)[0]
            control.check(self.state, self.state.row(field), fields[name])
            control.add(field, fields[name])
        if not control.reason:
            self.it.check(control)
        if not control.reason:
            self.it.apply(control)
            self.step(0)
        return REASONS[control.reason][1]

    def has(self, name):
        bits = self.it.alarms | (self.guard.active | self.guard.latched if self.guard else 0)
        return bits & alarm(name) != 0

    def calls(self):
        self.step(0)
        return tuple(self.it.compartments.calls)


class TestSetPoints(unittest.TestCase):
    def targets(self, mode, ambient):
        unit = Unit()
        unit.set(fridge_set=70, freezer_set=-200, variable_set=-30)
        unit.set(mode=mode)
        unit["ambient_temperature"] = ambient
        unit.step()
        return tuple(unit.it.compartments.targets)

    def test_each_mode_has_its_rule(self):
        for mode, ambient, fridge, freezer, variable in (
            (0, -100, 70, -200, -30),
            (0, 400, 70, -200, -30),
            (1, -500, 30, -190, -30),
            (1, 159, 30, -190, -30),
            (1, 160, 40, -180, -30),
            (1, 319, 40, -180, -30),
            (1, 320, 50, -180, -30),
            (1, OPEN, 40, -180, -30),
            (2, 250, 60, -170, -30),
            (3, 250, 140, -180, -30),
        ):
            with self.subTest(mode=mode, ambient=ambient):
                self.assertEqual(self.targets(mode, ambient), (fridge, freezer, variable))

    def test_rapid_goes_before_the_mode(self):
        unit = Unit()
        unit.set(rapid_cool=1, rapid_freeze=1, mode=2)
        self.assertEqual(unit.it.compartments.targets[:2], [20, -300])

    def test_a_compartment_that_is_off_has_no_target_and_never_calls(self):
        unit = Unit()
        unit["fridge_temperature"] = 300
        unit["freezer_temperature"] = 300
        unit["variable_temperature"] = 300
        self.assertEqual(unit.calls(), (1, 1, 1))
        unit.set(fridge_on=0)
        self.assertEqual(unit.calls(), (0, 1, 1))
        unit.set(freezer_on=0, variable_on=0)
        self.assertEqual(unit.calls(), (0, 0, 0))
        self.assertEqual(unit.it.compartments.targets, [None, None, None])

    def test_hysteresis_of_each_compartment(self):
        for i, name, middle, band in (
            (0, "fridge_temperature", 40, 10),
            (1, "freezer_temperature", -180, 15),
            (2, "variable_temperature", 0, 15),
        ):
            with self.subTest(name=name):
                unit = Unit()
                for offset, call in ((band - 1, 0), (band, 1), (1 - band, 1), (-band, 0), (band - 1, 0)):
                    unit[name] = middle + offset
                    self.assertEqual(unit.calls()[i], call, offset)

    def test_temperatures_and_doors_are_told(self):
        unit = Unit()
        unit["freezer_temperature"] = OPEN
        unit["bar_door"] = 1
        unit["variable_door"] = 1
        unit.step()
        self.assertEqual(unit.field("fridge_temp"), 40)
        self.assertIsNone(unit.field("freezer_temp"))
        self.assertEqual(unit.field("variable_temp"), 0)
        self.assertEqual(unit.field("ambient_temp"), 250)
        self.assertEqual(unit.field("doors"), 12)

    def test_what_is_not_fitted_is_neither_told_nor_cooled(self):
        unit = Unit(SIMPLE)
        unit.step()
        for name in ("variable_set", "variable_on", "ambient_temp", "ice_maker", "deodorise", "filter_left"):
            self.assertFalse(unit.state.has(ids(FIELDS, name)[0]), name)
        self.assertEqual(unit.set(variable_set=0), "not_fitted")
        unit["fridge_temperature"] = 80
        self.assertEqual(unit.calls(), (1, 0, 0))
        unit.run(HOUR_MS)
        self.assertEqual(unit.it.alarms, 0)


class TestCompressor(unittest.TestCase):
    def test_any_call_runs_it_with_the_damper_of_the_caller(self):
        for name, fridge, variable in (
            ("fridge_temperature", 1, 0),
            ("freezer_temperature", 0, 0),
            ("variable_temperature", 0, 1),
        ):
            with self.subTest(name=name):
                unit = Unit()
                unit[name] = 300
                unit.step()
                self.assertEqual((unit.wanted("compressor"), unit.wanted("fan")), (1, 1))
                self.assertEqual(
                    (unit.wanted("fridge_damper"), unit.wanted("variable_damper")), (fridge, variable)
                )
                self.assertEqual(unit.field("compressor"), 1)

    def test_minimum_on_time_outlasts_the_call(self):
        unit = Unit()
        unit["fridge_temperature"] = 60
        unit.step()
        unit["fridge_temperature"] = 20
        unit.run(299999)
        self.assertEqual(unit.wanted("compressor"), 1)
        unit.step(1)
        self.assertEqual(unit.wanted("compressor"), 0)

    def test_minimum_on_time_yields_to_switching_off(self):
        unit = Unit()
        unit["fridge_temperature"] = 60
        unit.step()
        unit.set(fridge_on=0, freezer_on=0, variable_on=0)
        self.assertEqual(unit.wanted("compressor"), 0)

    def test_a_compressor_that_takes_no_power_is_alarmed_rested_and_tried_again(self):
        unit = Unit()
        unit["power"] = 3
        unit["fridge_temperature"] = 60
        unit.step(9999)
        self.assertFalse(unit.has("compressor_failure"))
        unit.step(1)
        self.assertTrue(unit.has("compressor_failure"))
        self.assertEqual(unit.wanted("compressor"), 0)
        unit.run(599999)
        self.assertEqual(unit.wanted("compressor"), 0)
        unit.step(1)
        self.assertEqual(unit.wanted("compressor"), 1)
        unit["power"] = 110
        unit.step(1)
        self.assertFalse(unit.has("compressor_failure"))
        unit.run(HOUR_MS)
        self.assertEqual(unit.wanted("compressor"), 1)

    def test_a_dead_sensor_means_a_duty_cycle(self):
        for name, code in (("fridge_temperature", OPEN), ("freezer_temperature", SHORT)):
            with self.subTest(name=name):
                unit = Unit()
                unit[name] = code
                seen = []
                for _ in range(90):
                    unit.step(60000)
                    seen.append(unit.wanted("compressor"))
                self.assertEqual(seen, ([1] * 19 + [0] * 25 + [1]) * 2)
                unit[name] = COLD[name] - 20
                unit.run(6 * MINUTE_MS)
                self.assertEqual(unit.wanted("compressor"), 0)

    def test_a_dead_sensor_of_a_compartment_that_is_off_cools_nothing(self):
        unit = Unit()
        unit["fridge_temperature"] = OPEN
        unit.set(fridge_on=0)
        unit.run(HOUR_MS)
        self.assertEqual(unit.wanted("compressor"), 0)


class TestDefrost(unittest.TestCase):
    def running(self, **more):
        unit = Unit()
        for name in more:
            unit[name] = more[name]
        unit["freezer_temperature"] = -100
        unit.step()
        return unit

    def outputs(self, unit):
        return unit.wanted("compressor"), unit.wanted("fan"), unit.wanted("defrost_heater")

    def test_it_begins_after_run_time_not_after_time(self):
        unit = self.running()
        unit.run(240 * MINUTE_MS - 1000)  # the first one after half the interval
        self.assertEqual(self.outputs(unit), (1, 1, 0))
        unit["freezer_temperature"] = -200
        unit.run(20 * HOUR_MS)
        self.assertEqual(self.outputs(unit), (0, 0, 0))
        unit["freezer_temperature"] = -100
        unit.step(999)
        self.assertEqual(unit.field("defrosting"), 0)
        unit.step(1)
        self.assertEqual(unit.field("defrosting"), 1)
        self.assertEqual(self.outputs(unit), (0, 0, 1))

    def test_a_whole_defrost(self):
        unit = self.running()
        self.assertEqual(unit.set(defrost_now=1), "none")
        self.assertEqual(self.outputs(unit), (0, 0, 1))
        self.assertEqual(unit.set(defrost_now=1), "busy")
        self.assertEqual(unit.set(defrost_now=0), "none")
        unit["evaporator_temperature"] = 79
        unit.run(20 * MINUTE_MS)
        self.assertEqual(self.outputs(unit), (0, 0, 1))
        unit["evaporator_temperature"] = 80
        unit.step()
        self.assertEqual(self.outputs(unit), (0, 0, 0))  # drips
        self.assertEqual(unit.field("defrosting"), 1)
        self.assertEqual(unit.set(defrost_now=1), "busy")
        unit.run(5 * MINUTE_MS)
        self.assertEqual(unit.field("defrosting"), 0)
        self.assertEqual(self.outputs(unit), (1, 0, 0))  # the fan waits for a cold evaporator
        unit["evaporator_temperature"] = -50
        unit.step()
        self.assertEqual(self.outputs(unit), (1, 1, 0))
        self.assertFalse(unit.has("defrost_system"))
        unit.run(480 * MINUTE_MS - 1)
        self.assertEqual(unit.field("defrosting"), 0)
        unit.step(1)
        self.assertEqual(unit.field("defrosting"), 1)

    def test_the_fan_does_not_wait_for_ever(self):
        unit = self.running()
        unit.set(defrost_now=1)
        unit["evaporator_temperature"] = 100
        unit.run(5 * MINUTE_MS + 8 * MINUTE_MS - 1)
        self.assertEqual(unit.wanted("fan"), 0)
        unit.step(1)
        self.assertEqual(unit.wanted("fan"), 1)

    def test_a_timeout_is_alarmed_until_a_defrost_succeeds(self):
        unit = self.running()
        unit.set(defrost_now=1)
        unit["evaporator_temperature"] = 30
        unit.run(35 * MINUTE_MS)
        self.assertEqual(self.outputs(unit), (0, 0, 0))
        self.assertTrue(unit.has("defrost_system"))
        unit.run(HOUR_MS)
        self.assertTrue(unit.has("defrost_system"))
        unit.set(defrost_now=1)
        unit["evaporator_temperature"] = 90
        unit.step()
        self.assertFalse(unit.has("defrost_system"))

    def test_without_a_readable_sensor_it_does_not_heat_and_ends_by_time(self):
        unit = self.running(evaporator_temperature=OPEN)
        unit.run(240 * MINUTE_MS)
        self.assertEqual(unit.field("defrosting"), 1)
        self.assertEqual(self.outputs(unit), (0, 0, 0))
        unit.run(40 * MINUTE_MS)
        self.assertEqual(unit.field("defrosting"), 0)
        self.assertFalse(unit.has("defrost_system"))

    def test_without_a_heater_it_only_rests(self):
        unit = Unit([name for name in SIMPLE if name != "defrost_heater"])
        unit["freezer_temperature"] = -100
        unit.run(240 * MINUTE_MS)
        self.assertEqual(unit.field("defrosting"), 1)
        unit.run(35 * MINUTE_MS)
        self.assertFalse(unit.has("defrost_system"))

    def test_it_is_refused_with_dead_sensors(self):
        for name in ("evaporator_temperature", "freezer_temperature"):
            unit = self.running()
            unit[name] = SHORT
            self.assertEqual(unit.set(defrost_now=1), "fault", name)
            self.assertEqual(unit.field("defrosting"), 0)


class TestDoors(unittest.TestCase):
    DOORS = ("fridge_door", "freezer_door", "bar_door", "variable_door")

    def test_each_door_has_its_alarm_and_its_time(self):
        for door in self.DOORS:
            with self.subTest(door=door):
                unit = Unit()
                unit[door] = 1
                unit.run(119999)
                self.assertEqual(unit.it.alarms, 0)
                unit.step(1)
                self.assertEqual(unit.it.alarms, alarm(door))
                unit[door] = 0
                unit.step()
                self.assertEqual(unit.it.alarms, 0)

    def test_closing_starts_the_time_again(self):
        unit = Unit()
        for _ in range(10):
            unit["fridge_door"] = 1
            unit.run(100000)
            unit["fridge_door"] = 0
            unit.step(10)
        self.assertFalse(unit.has("fridge_door"))

    def test_the_fan_stops_at_an_open_door_and_the_compressor_does_not(self):
        for door, fan in (("fridge_door", 0), ("freezer_door", 0), ("bar_door", 1), ("variable_door", 0)):
            unit = Unit()
            unit["freezer_temperature"] = -100
            unit[door] = 1
            unit.step(1000)
            self.assertEqual((unit.wanted("compressor"), unit.wanted("fan")), (1, fan), door)
            unit[door] = 0
            unit.step(1000)
            self.assertEqual(unit.wanted("fan"), 1)

    def test_light_is_on_with_the_door_but_not_for_ever(self):
        unit = Unit()
        unit.step()
        self.assertEqual(unit.wanted("light"), 0)
        unit["fridge_door"] = 1
        unit.step()
        self.assertEqual(unit.wanted("light"), 1)
        unit.run(600000)
        self.assertEqual(unit.wanted("light"), 0)
        unit["fridge_door"] = 0
        unit.step()
        unit["fridge_door"] = 1
        unit.step()
        self.assertEqual(unit.wanted("light"), 1)

    def test_the_buzzer_calls_three_times_and_again(self):
        unit = Unit()
        unit["freezer_door"] = 1
        unit.run(120000)
        heard = []
        for _ in range(350):
            heard.append(unit.wanted("buzzer"))
            unit.step(100)
        rises = [i for i in range(1, len(heard)) if heard[i] > heard[i - 1]]
        self.assertEqual(heard[0], 1)
        self.assertEqual(rises, [6, 12, 300, 306, 312])
        unit["freezer_door"] = 0
        unit.run(2000)
        self.assertEqual(unit.wanted("buzzer"), 0)


class TestFreezerWatch(unittest.TestCase):
    def test_it_takes_a_long_period(self):
        unit = Unit()
        unit.step()
        unit["freezer_temperature"] = -90
        unit.run(120 * MINUTE_MS - 1)
        self.assertFalse(unit.has("freezer_over_temperature"))
        unit.step(1)
        self.assertTrue(unit.has("freezer_over_temperature"))
        unit["freezer_temperature"] = -119
        unit.run(HOUR_MS)
        self.assertTrue(unit.has("freezer_over_temperature"))
        unit["freezer_temperature"] = -120
        unit.step()
        self.assertFalse(unit.has("freezer_over_temperature"))

    def test_a_defrost_is_not_long_enough(self):
        unit = Unit()
        unit.step()
        for _ in range(5):
            unit["freezer_temperature"] = -60
            unit.run(119 * MINUTE_MS)
            unit["freezer_temperature"] = -95
            unit.run(MINUTE_MS)
        self.assertFalse(unit.has("freezer_over_temperature"))

    def test_not_during_the_pull_down_after_power_up(self):
        unit = Unit()
        unit["freezer_temperature"] = 250
        unit.run(24 * HOUR_MS)
        self.assertFalse(unit.has("freezer_over_temperature"))
        unit.run(2 * HOUR_MS)  # but one that never gets cold is told in the end
        self.assertTrue(unit.has("freezer_over_temperature"))

    def test_switching_the_compartment_on_is_a_new_pull_down(self):
        unit = Unit()
        unit.step()
        unit.set(freezer_on=0)
        unit["freezer_temperature"] = 200
        unit.run(5 * HOUR_MS)
        unit.set(freezer_on=1)
        unit.run(5 * HOUR_MS)
        self.assertFalse(unit.has("freezer_over_temperature"))

    def test_a_dead_sensor_says_nothing_about_the_temperature(self):
        unit = Unit()
        unit.step()
        unit["freezer_temperature"] = -50
        unit.run(3 * HOUR_MS)
        unit["freezer_temperature"] = OPEN
        unit.step()
        self.assertFalse(unit.has("freezer_over_temperature"))


class TestRapid(unittest.TestCase):
    def test_cool_ends_by_time(self):
        unit = Unit()
        self.assertEqual(unit.set(rapid_cool=1), "none")
        unit.run(150 * MINUTE_MS - 1)
        self.assertEqual(unit.field("rapid_cool"), 1)
        unit.step(1)
        self.assertEqual(unit.field("rapid_cool"), 0)
        self.assertEqual(unit.it.compartments.targets[0], 40)

    def test_cool_ends_when_it_is_cold(self):
        unit = Unit()
        unit.set(rapid_cool=1)
        unit.run(HOUR_MS)
        unit["fridge_temperature"] = 20
        unit.step()
        self.assertEqual(unit.field("rapid_cool"), 0)

    def test_freeze_runs_the_compressor_and_ends_by_time(self):
        unit = Unit()
        unit["freezer_temperature"] = -250
        unit.set(rapid_freeze=1)
        self.assertEqual(unit.wanted("compressor"), 1)
        unit.run(26 * HOUR_MS - 1)
        self.assertEqual(unit.field("rapid_freeze"), 1)
        unit.step(1)
        self.assertEqual(unit.field("rapid_freeze"), 0)

    def test_a_second_order_does_not_begin_again(self):
        unit = Unit()
        unit.set(rapid_cool=1)
        unit.run(149 * MINUTE_MS)
        unit.set(rapid_cool=1)
        unit.run(MINUTE_MS)
        self.assertEqual(unit.field("rapid_cool"), 0)

    def test_refused_where_it_means_nothing(self):
        unit = Unit()
        self.assertEqual(unit.set(rapid_cool=1, fridge_on=0), "powered_off")
        self.assertEqual(unit.set(rapid_freeze=1, freezer_on=0), "powered_off")
        self.assertEqual(unit.set(rapid_cool=1, mode=3), "wrong_mode")
        unit.set(fridge_on=0, freezer_on=0)
        self.assertEqual(unit.set(rapid_cool=1), "powered_off")
        self.assertEqual(unit.set(rapid_freeze=1), "powered_off")
        self.assertEqual(unit.set(rapid_cool=1, fridge_on=1), "none")

    def test_switching_off_and_holiday_end_it(self):
        unit = Unit()
        unit.set(rapid_cool=1, rapid_freeze=1)
        unit.set(freezer_on=0)
        self.assertEqual((unit.field("rapid_cool"), unit.field("rapid_freeze")), (1, 0))
        unit.set(mode=3)
        self.assertEqual(unit.field("rapid_cool"), 0)


class TestIceMaker(unittest.TestCase):
    def outputs(self, unit):
        return unit.wanted("ice_motor"), unit.wanted("ice_valve")

    def on(self):
        unit = Unit()
        unit.set(ice_maker=1)
        return unit

    def test_full_cannot_be_ordered(self):
        self.assertEqual(Unit().set(ice_maker=2), "above_range")

    def test_a_round(self):
        unit = self.on()
        unit.run(120 * MINUTE_MS - 1)
        self.assertEqual(self.outputs(unit), (0, 0))
        unit.step(1)
        self.assertEqual(self.outputs(unit), (1, 0))
        unit["tray_home"] = 0
        unit.step(5000)
        self.assertEqual(self.outputs(unit), (1, 0))
        unit["tray_home"] = 1
        unit.step()
        self.assertEqual(self.outputs(unit), (0, 1))
        unit.step(5999)
        self.assertEqual(self.outputs(unit), (0, 1))
        unit.step(1)
        self.assertEqual(self.outputs(unit), (0, 0))
        self.assertFalse(unit.has("ice_maker"))

    def test_a_tray_that_is_not_sensed_is_turned_for_a_time(self):
        unit = self.on()
        unit["tray_home"] = NOT_WIRED
        unit.run(120 * MINUTE_MS + 29999)
        self.assertEqual(self.outputs(unit), (1, 0))
        unit.step(1)
        self.assertEqual(self.outputs(unit), (0, 1))

    def test_only_cold_time_counts(self):
        unit = self.on()
        unit.run(60 * MINUTE_MS)
        unit["freezer_temperature"] = -99
        unit.run(10 * HOUR_MS)
        unit["freezer_temperature"] = -100
        unit.run(60 * MINUTE_MS - 1)
        self.assertEqual(self.outputs(unit), (0, 0))
        unit.step(1)
        self.assertEqual(self.outputs(unit), (1, 0))

    def test_a_full_bin_waits_and_is_told(self):
        unit = self.on()
        unit["ice_full"] = 1
        unit.run(10 * HOUR_MS)
        self.assertEqual(self.outputs(unit), (0, 0))
        self.assertEqual(unit.field("ice_maker"), 2)
        unit["ice_full"] = 0
        unit.step()
        self.assertEqual(unit.field("ice_maker"), 1)
        self.assertEqual(self.outputs(unit), (1, 0))

    def test_a_stuck_tray_is_alarmed_and_gets_no_water(self):
        unit = self.on()
        unit.run(120 * MINUTE_MS)
        unit["tray_home"] = 0
        unit.run(HOUR_MS)
        self.assertTrue(unit.has("ice_maker"))
        self.assertEqual(self.outputs(unit), (0, 0))
        unit.set(ice_maker=0)
        self.assertFalse(unit.has("ice_maker"))
        unit["tray_home"] = 1
        unit.set(ice_maker=1)
        unit.run(120 * MINUTE_MS)
        self.assertEqual(self.outputs(unit), (1, 0))

    def test_switched_off_it_closes_the_valve_but_brings_the_tray_home(self):
        unit = self.on()
        unit.run(120 * MINUTE_MS)
        unit["tray_home"] = 0
        unit.step(1000)
        unit.set(ice_maker=0)
        self.assertEqual(self.outputs(unit), (1, 0))
        unit["tray_home"] = 1
        unit.run(1000)
        unit.step()
        self.assertEqual(self.outputs(unit), (0, 0))
        unit.run(10 * HOUR_MS)
        self.assertEqual(self.outputs(unit), (0, 0))

    def test_an_empty_tank_is_alarmed(self):
        unit = self.on()
        unit["water_empty"] = 1
        unit.step()
        self.assertTrue(unit.has("ice_maker"))


class TestRest(unittest.TestCase):
    """Fan, communication, power, filter, buttons."""

    def test_a_fan_that_stands_is_alarmed_until_it_turns(self):
        unit = Unit()
        unit["freezer_temperature"] = -100
        unit["fan_speed"] = 0
        unit.step()
        unit.step(9999)
        self.assertFalse(unit.has("fan"))
        unit.step(1)
        self.assertTrue(unit.has("fan"))
        unit["freezer_temperature"] = -200
        unit.run(HOUR_MS)
        self.assertTrue(unit.has("fan"))
        unit["fan_speed"] = 20
        unit.step()
        self.assertFalse(unit.has("fan"))

    def test_a_silent_bus_is_alarmed(self):
        unit = Unit()
        unit["variable_temperature"] = MISSING
        unit.step()
        self.assertTrue(unit.has("internal_communication"))

    def test_power_and_energy_measured(self):
        unit = Unit()
        unit["power"] = 90
        unit["freezer_temperature"] = -100
        unit.run(2 * HOUR_MS)
        self.assertEqual(unit.field("power_now"), 90)
        self.assertEqual(unit.field("energy_total"), 180)

    def test_power_and_energy_from_calibrated_watts(self):
        unit = Unit(settings={"compressor_watts": 100, "fan_watts": 10, "standby_watts": 5})
        unit["freezer_temperature"] = -100
        unit.run(3 * HOUR_MS, 7777)
        self.assertEqual(unit.field("power_now"), 115)
        self.assertIn(unit.field("energy_total"), (344, 345))

    def test_deodoriser_wears_its_filter(self):
        unit = Unit(settings={"filter_life_h": 10})
        unit.set(deodorise=1)
        self.assertEqual(unit.wanted("deodoriser"), 1)
        unit.run(5 * HOUR_MS)
        self.assertEqual(unit.field("filter_left"), 50)
        unit.set(deodorise=0)
        unit.run(HOUR_MS)
        self.assertEqual((unit.wanted("deodoriser"), unit.field("filter_left")), (0, 50))
        unit.set(deodorise=1, fridge_on=0)
        self.assertEqual(unit.wanted("deodoriser"), 0)
        unit.set(fridge_on=1)
        unit.run(9 * HOUR_MS)
        self.assertEqual(unit.field("filter_left"), 0)
        unit["filter_button"] = 1
        unit.step()
        self.assertEqual(unit.field("filter_left"), 100)

    def test_the_mode_button_and_the_child_lock(self):
        unit = Unit()
        seen = []
        for _ in range(5):
            unit["mode_button"] = 1
            unit.step(50)
            unit.step(5000)  # held: one press
            unit["mode_button"] = 0
            unit.step(50)
            seen.append(unit.field("mode"))
        self.assertEqual(seen, [1, 2, 3, 0, 1])
        unit.set(child_lock=1)
        unit["mode_button"] = 1
        unit.step(50)
        self.assertEqual(unit.field("mode"), 1)

    def test_identify_beeps(self):
        unit = Unit()
        unit.set(identify=3)
        heard = 0
        for _ in range(100):
            heard += unit.wanted("buzzer")
            unit.step(100)
        self.assertEqual(heard, 15)
        unit.set(identify=10)
        unit.set(identify=0)
        self.assertEqual(unit.wanted("buzzer"), 0)


class Dice:
    """Repeatable numbers on every interpreter."""

    def __init__(self, seed):
        self.seed = seed

    def __call__(self, n):
        self.seed = (self.seed * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.seed >> 8) % n


TEMPERATURES = (-250, -185, -165, -125, -85, 20, 45, 60, 100, 250, OPEN, MISSING)
ORDERS = (
    ("rapid_cool", 1),
    ("rapid_freeze", 1),
    ("mode", 1),
    ("mode", 3),
    ("mode", 0),
    ("defrost_now", 1),
    ("fridge_on", 0),
    ("fridge_on", 1),
    ("freezer_on", 0),
    ("freezer_on", 1),
    ("ice_maker", 1),
    ("ice_maker", 0),
    ("deodorise", 1),
    ("identify", 5),
)


def shake(dice, units):
    """Give all units the same new inputs or the same order."""
    what = dice(4)
    if what == 0:
        name, value = ORDERS[dice(len(ORDERS))]
        for unit in units:
            unit.set(**{name: value})
        return
    names = Refrigerator.INPUTS[:5] if what < 3 else Refrigerator.INPUTS[5:9] + Refrigerator.INPUTS[10:]
    name = names[dice(len(names))]
    value = TEMPERATURES[dice(len(TEMPERATURES))] if what < 3 else dice(2)
    for unit in units:
        unit[name] = value


class TestSlicing(unittest.TestCase):
    def test_results_do_not_depend_on_how_time_is_sliced(self):
        for seed in range(6):
            dice = Dice(seed)
            whole, sliced = Unit(), Unit()
            for turn in range(150):
                shake(dice, (whole, sliced))
                ms = dice(60001)
                whole.step(ms)
                while ms:
                    part = min(ms, 1 + dice(9000))
                    sliced.step(part)
                    ms -= part
                self.assertEqual(whole.it.wanted, sliced.it.wanted, (seed, turn))
                self.assertEqual(whole.it.alarms, sliced.it.alarms, (seed, turn))
                self.assertEqual(whole.it.timers.left, sliced.it.timers.left, (seed, turn))
                self.assertEqual(bytes(whole.state.buf), bytes(sliced.state.buf), (seed, turn))

    def test_a_step_of_no_time_changes_nothing(self):
        dice = Dice(99)
        unit = Unit()
        for turn in range(300):
            shake(dice, (unit,))
            unit.step(dice(60001))
            before = list(unit.it.wanted), unit.it.alarms, list(unit.it.timers.left), bytes(unit.state.buf)
            unit.step(0)
            after = list(unit.it.wanted), unit.it.alarms, list(unit.it.timers.left), bytes(unit.state.buf)
            self.assertEqual(before, after, turn)


class TestHeap(unittest.TestCase):
    def test_steps_and_controls_allocate_nothing(self):
        dice = Dice(5)
        unit = Unit(with_interlocks=True)
        control = Control()
        it = unit.it
        orders = [(ids(FIELDS, name)[0], value) for name, value in ORDERS]
        for _ in range(400):
            shake(dice, (unit,))
            ms = dice(60001)
            field, value = orders[dice(len(orders))]
            control.clear()
            control.add(field, value)
            heap_lock()
            try:
                it.step(ms)
                unit.guard.apply(ms, it.inputs, it.wanted)
                it.check(control)
                if not control.reason:
                    it.apply(control)
                it.step(0)
            finally:
                heap_unlock()


class TestInterlocks(unittest.TestCase):
    """Each row alone: the loop is replaced by wishes that no sane loop has."""

    def setUp(self):
        self.unit = Unit(with_interlocks=True)
        self.unit.guard.apply(0, self.unit.it.inputs, self.unit.it.wanted)

    def wish(self, ms, **levels):
        """Let ms pass in seconds with these wishes; the levels of these outputs then."""
        wanted = [0] * len(Refrigerator.OUTPUTS)
        for name in levels:
            wanted[Refrigerator.OUTPUTS.index(name)] = levels[name]
        done = 0
        while done < ms or not ms:
            self.unit.guard.apply(min(1000, ms - done), self.unit.it.inputs, wanted)
            done += 1000
            if not ms:
                break
        return [self.unit.level(name) for name in levels]

    def test_compressor_rests_at_boot_with_jitter_and_after_each_run(self):
        self.assertEqual(self.wish(300000, compressor=1), [0])
        self.assertEqual(self.wish(6000, compressor=1), [0])
        self.assertEqual(self.wish(1000, compressor=1), [1])
        self.assertEqual(self.wish(1000, compressor=0), [0])
        self.assertEqual(self.wish(299000, compressor=1), [0])
        self.assertEqual(self.wish(1000, compressor=1), [1])

    def test_heater_is_alone(self):
        self.wish(400000, compressor=0)
        self.assertEqual(self.wish(1000, compressor=1, defrost_heater=1), [1, 0])
        self.assertEqual(self.wish(1000, fan=1, defrost_heater=1), [1, 0])
        self.assertEqual(self.wish(1000, fan=0, defrost_heater=1), [0, 1])

    def test_heater_sees(self):
        for value in (OPEN, SHORT, MISSING, NOT_WIRED):
            self.unit["evaporator_temperature"] = value
            self.assertEqual(self.wish(1000, defrost_heater=1), [0], value)
        self.unit["evaporator_temperature"] = -200
        self.assertEqual(self.wish(1000, defrost_heater=1), [1])

    def test_heater_over_temperature(self):
        self.unit["evaporator_temperature"] = 300
        self.assertEqual(self.wish(1000, defrost_heater=1), [1])
        self.unit["evaporator_temperature"] = 301
        self.assertEqual(self.wish(0, defrost_heater=1), [0])
        self.assertTrue(self.unit.has("defrost_system"))
        self.unit["evaporator_temperature"] = 151
        self.assertEqual(self.wish(1000, defrost_heater=1), [0])
        self.unit["evaporator_temperature"] = 150
        self.assertEqual(self.wish(1000, defrost_heater=1), [1])

    def test_heater_too_long(self):
        self.assertEqual(self.wish(2700000, defrost_heater=1), [1])
        self.assertEqual(self.wish(3000, defrost_heater=1), [0])
        self.assertTrue(self.unit.has("defrost_system"))
        self.assertEqual(self.wish(3500000, defrost_heater=1), [0])

    def test_compressor_overload(self):
        self.wish(400000, compressor=0)
        self.wish(1000, compressor=1)
        self.unit["power"] = 1600
        self.assertEqual(self.wish(2000, compressor=1), [1])
        self.assertEqual(self.wish(3000, compressor=1), [0])
        self.unit["power"] = 5
        self.assertEqual(self.wish(200000, compressor=1), [0])
        self.assertEqual(self.wish(110000, compressor=1), [1])

    def test_welded_load_is_latched(self):
        self.unit["power"] = 110
        self.wish(12000, compressor=0)
        self.assertTrue(self.unit.has("compressor_failure"))
        self.assertEqual(self.wish(1000, defrost_heater=1), [0])
        self.unit["power"] = 5
        self.assertEqual(self.wish(5000, defrost_heater=1), [0])
        self.assertEqual(self.unit.guard.reset(), 0)
        self.assertEqual(self.wish(1000, defrost_heater=1), [1])

    def test_valve_rests_at_boot_and_after_each_filling(self):
        self.assertEqual(self.wish(599000, ice_valve=1), [0])
        self.wish(8000, ice_valve=0)
        self.assertEqual(self.wish(6000, ice_valve=1), [1])
        self.wish(1000, ice_valve=0)
        self.assertEqual(self.wish(599000, ice_valve=1), [0])
        self.assertEqual(self.wish(1000, ice_valve=1), [1])

    def test_fan_stands_at_each_open_door(self):
        for name in ("fridge_door", "freezer_door", "variable_door"):
            self.assertEqual(self.wish(1000, fan=1), [1])
            self.unit[name] = 1
            self.assertEqual(self.wish(0, fan=1), [0], name)
            self.unit[name] = 0
            self.assertEqual(self.wish(1000, fan=1), [1], name)

    def test_a_stalled_loop_lets_go_of_heat_and_water(self):
        self.wish(700000, ice_valve=0)
        self.assertEqual(self.wish(1000, ice_valve=1, defrost_heater=1), [1, 1])
        wanted = [0] * len(Refrigerator.OUTPUTS)
        for name in ("ice_valve", "defrost_heater"):
            wanted[Refrigerator.OUTPUTS.index(name)] = 1
        self.unit.guard.apply(60001, self.unit.it.inputs, wanted)
        self.assertEqual((self.unit.level("ice_valve"), self.unit.level("defrost_heater")), (0, 0))

    def test_valve_too_long_is_latched(self):
        self.wish(607000, ice_valve=0)
        self.assertEqual(self.wish(20000, ice_valve=1), [1])
        self.assertEqual(self.wish(3000, ice_valve=1), [0])
        self.assertEqual(self.wish(HOUR_MS, ice_valve=1), [0])
        self.assertTrue(self.unit.has("ice_maker"))

    def test_sensor_alarms(self):
        for name, which in (
            ("fridge_temperature", "fridge_sensor"),
            ("freezer_temperature", "freezer_sensor"),
            ("variable_temperature", "variable_sensor"),
            ("ambient_temperature", "ambient_sensor"),
            ("evaporator_temperature", "defrost_sensor"),
        ):
            for code in (OPEN, SHORT, MISSING):
                self.unit[name] = code
                self.wish(2000, compressor=0)
                self.assertFalse(self.unit.has(which), name)
                self.wish(3000, compressor=0)
                self.assertTrue(self.unit.has(which), name)
                self.unit[name] = COLD[name]
                self.wish(7000, compressor=0)
                self.assertFalse(self.unit.has(which), name)
            self.unit[name] = NOT_WIRED
            self.wish(7000, compressor=0)
            self.assertFalse(self.unit.has(which), name)

    def test_swapped_sensors(self):
        self.unit["fridge_temperature"] = -180
        self.unit["freezer_temperature"] = 40
        self.wish(1799000, compressor=0)
        self.assertFalse(self.unit.has("freezer_sensor"))
        self.wish(3000, compressor=0)
        self.assertTrue(self.unit.has("freezer_sensor"))

    def test_everything_is_off_before_the_first_inputs(self):
        unit = Unit(with_interlocks=True)
        unit["freezer_temperature"] = NOT_READY
        for _ in range(20):
            unit.step(60000)
            self.assertEqual(sum(unit.guard.levels), 0)

    def test_a_dead_freezer_sensor_still_cools_through_the_interlocks(self):
        unit = Unit(with_interlocks=True)
        unit["freezer_temperature"] = OPEN
        minutes = 0
        for _ in range(240):
            unit.step(60000)
            minutes += unit.level("compressor")
        self.assertTrue(80 <= minutes <= 120, minutes)
        self.assertTrue(unit.has("freezer_sensor"))


class Cabinet:
    """First-order physics: degC, W; enough to see the loop live through a day."""

    def __init__(self, unit, ambient=25.0):
        self.unit = unit
        self.ambient = ambient
        self.air = {"fridge": ambient, "freezer": ambient, "variable": ambient}
        self.coil = ambient
        self.frost_g = 0.0

    def step(self, s, door=False):
        unit = self.unit
        on = unit.level("compressor")
        fan = unit.level("fan")
        if on:
            self.coil += (-32.0 - self.coil) * s / 200
            self.frost_g += 0.004 * s
        elif unit.level("defrost_heater"):
            if self.frost_g > 0 and self.coil >= 0:
                self.frost_g = max(0.0, self.frost_g - 0.45 * s)
            else:
                self.coil += 0.06 * s
        else:
            self.coil += (self.air["freezer"] - self.coil) * s / 900
        shares = (("freezer", 1, 9000), ("fridge", unit.level("fridge_damper"), 14000))
        for name, is_open, leak_s in shares + (("variable", unit.level("variable_damper"), 12000),):
            air = self.air[name]
            air += (self.ambient - air) * s / (leak_s * (8 if not door else 1))
            if fan and is_open:
                air += (self.coil - air) * s / (2500 if name == "freezer" else 3500)
            self.air[name] = air
            unit[name + "_temperature"] = int(air * 10)
        unit["evaporator_temperature"] = int(self.coil * 10)
        unit["fan_speed"] = 25 if fan else 0


class TestDays(unittest.TestCase):
    def live(self, unit, hours, step_s=10):
        """Run; check what may never be; return starts, defrosts and the worst freezer of the last half."""
        cabinet = Cabinet(unit)
        cabinet.step(0)
        starts = defrosts = 0
        was_on = was_defrosting = 0
        off_s = 0
        worst = -99.0
        for turn in range(hours * 3600 // step_s):
            unit.step(step_s * 1000)
            cabinet.step(step_s)
            on = unit.level("compressor")
            if on and not was_on:
                starts += 1
                self.assertGreaterEqual(off_s, 290)
            off_s = 0 if on else off_s + step_s
            self.assertFalse(unit.level("defrost_heater") and (on or unit.level("fan")))
            defrosting = unit.field("defrosting")
            defrosts += 1 if defrosting > was_defrosting else 0
            was_on, was_defrosting = on, defrosting
            if turn > hours * 1800 // step_s:
                worst = max(worst, cabinet.air["freezer"])
        return starts, defrosts, worst, cabinet

    def test_a_day_keeps_food_cold(self):
        unit = Unit(with_interlocks=True)
        starts, defrosts, worst, cabinet = self.live(unit, 36)
        self.assertTrue(8 < starts < 150, starts)
        self.assertTrue(1 <= defrosts <= 5, defrosts)
        self.assertLess(worst, -11.0)
        self.assertTrue(2.0 < cabinet.air["fridge"] < 7.0, cabinet.air)
        self.assertTrue(-3.0 < cabinet.air["variable"] < 4.0, cabinet.air)
        self.assertEqual(unit.it.alarms | unit.guard.active, 0)
        self.assertGreater(unit.field("energy_total"), 300)

    def test_a_day_with_a_dead_freezer_sensor_still_freezes(self):
        unit = Unit(with_interlocks=True)

        class Blind(Cabinet):
            def step(self, s, door=False):
                Cabinet.step(self, s, door)
                self.unit["freezer_temperature"] = OPEN

        cabinet = Blind(unit)
        cabinet.step(0)
        for _ in range(24 * 180):
            unit.step(20000)
            cabinet.step(20)
        self.assertLess(cabinet.air["freezer"], -10.0)
        self.assertTrue(unit.has("freezer_sensor"))


if __name__ == "__main__":
    unittest.main()
