"""The water heater on a simple tank: loop, modes, reservations, interlock rows. Runs on all interpreters."""

import unittest

from appliance_bench import HOUR_MS, MINUTE_MS, MONDAY, ApplianceBench, RowBench, RowCase, without

from rumpus.appliances.base import MISSING, NOT_READY, OPEN, SHORT, bit
from rumpus.appliances.water_heater.appliance import WaterHeater
from rumpus.appliances.water_heater.interlocks import ROWS
from rumpus.appliances.water_heater.modes import MODES
from rumpus.appliances.water_heater.tank import hot_share, minutes_to_heat

ALL = WaterHeater.INPUTS + WaterHeater.OUTPUTS
RELAY = ("tank_temperature", "element", "main_relay")
SSR = ("tank_temperature", "element_ssr", "main_relay", "flow_meter")
TWO = ("tank_temperature", "upper_temperature", "element", "element_upper", "main_relay")
OFF, STANDBY, HEATING, KEEP_WARM, FAULT = range(5)
MANUAL, AUTO, SMART, COMFORT, ECO, BOOST, NIGHT, VACATION = range(8)
REASON_FAULT = 12


class Tank(ApplianceBench):
    """Two halves of 25 litres, each with a loss of 0.5 W/K. Temperatures in 0.1 degC.

    The lower element warms the lower half until both are equal, then both. A draw takes water from the
    top and brings water of 12 degC in at the bottom.
    """

    def __init__(self, wired=RELAY, start=150, slice_ms=1000, **settings):
        values = {"tank_temperature": start, "upper_temperature": start, "flow_meter": 0}
        super().__init__(WaterHeater, ROWS, wired, values, settings, slice_ms)
        self.lower = self.upper = start
        self.room = 200
        self.draw = 0  # mL per second
        self.pulses = 0

    def physics(self, elapsed_ms):
        seconds = elapsed_ms / 1000
        lower_W = (
            2 * self.level("element_ssr") if "element_ssr" in self.wired else 2000 * self.level("element")
        )
        upper_W = 2000 * self.level("element_upper")
        drawn = self.draw * seconds / 25000
        # 25 L take 10475 J for 0.1 K.
        self.upper += (upper_W - (self.upper - self.room) * 0.05) * seconds / 10475
        self.upper += (self.lower - self.upper) * drawn
        self.lower += (lower_W - (self.lower - self.room) * 0.05) * seconds / 10475
        self.lower += (120 - self.lower) * drawn
        if self.lower > self.upper:
            self.lower = self.upper = (self.lower + self.upper) / 2
        self.values["tank_temperature"] = int(self.lower)
        self.values["upper_temperature"] = int(self.upper)
        self.pulses += self.draw * seconds * 0.45
        self.values["flow_meter"] = int(self.pulses)
        self.pulses -= int(self.pulses)

    def set_tank(self, temperature):
        self.lower = self.upper = temperature
        self.values["tank_temperature"] = self.values["upper_temperature"] = temperature

    def extremes(self, ms):
        """Lowest and highest temperature of the lower half while ms pass."""
        low = high = self.lower
        while ms > 0:
            self.run(self.slice_ms)
            low = min(low, self.lower)
            high = max(high, self.lower)
            ms -= self.slice_ms
        return low, high


class Thermostat(unittest.TestCase):
    def test_reaches_the_target_and_holds_it_within_the_hysteresis(self):
        tank = Tank(slice_ms=5000)
        tank.set(power=1, target_temperature=550)
        took_ms = tank.run_until(lambda: tank.get("work_state") == KEEP_WARM, 3 * HOUR_MS)
        # 50 L by 40 K with 2 kW: 70 minutes, and a little for the losses.
        self.assertAlmostEqual(took_ms // MINUTE_MS, 71, delta=2)
        low, high = tank.extremes(8 * HOUR_MS)
        self.assertTrue(515 <= low <= 521, low)
        self.assertTrue(550 <= high <= 552, high)

    def test_a_quarter_of_an_hour_in_any_slices(self):
        seen = []
        for slice_ms in (100, 1000, 60000):
            tank = Tank(start=400, slice_ms=slice_ms)
            tank.set(power=1)
            tank.run(15 * MINUTE_MS)
            seen.append((tank.lower, tank.get("energy_total"), tank.level("element")))
        for temperature, energy, level in seen:
            self.assertAlmostEqual(temperature, seen[0][0], delta=6)
            self.assertAlmostEqual(energy, seen[0][1], delta=40)
            self.assertEqual(level, 1)

    def test_a_new_wish_is_fulfilled_at_once(self):
        tank = Tank(start=540)
        tank.set(power=1, target_temperature=550)
        self.assertEqual(tank.level("element"), 1)
        tank.set_tank(550)
        tank.run(1000)
        self.assertEqual(tank.level("element"), 0)
        tank.set_tank(540)
        tank.run(1000)
        self.assertEqual(tank.level("element"), 0)
        tank.set(target_temperature=560)
        self.assertEqual(tank.level("element"), 1)
        tank.set(target_temperature=500)
        self.assertEqual(tank.level("element"), 0)

    def test_off_is_off(self):
        tank = Tank()
        tank.set(power=1)
        tank.run(MINUTE_MS)
        self.assertEqual((tank.level("element"), tank.level("main_relay")), (1, 1))
        tank.set(power=0)
        self.assertEqual((tank.level("element"), tank.level("main_relay")), (0, 0))
        self.assertEqual(tank.get("work_state"), OFF)

    def test_work_states(self):
        tank = Tank()
        tank.run(1000)
        self.assertEqual(tank.get("work_state"), OFF)
        tank.set(power=1)
        self.assertEqual(tank.get("work_state"), HEATING)
        tank = Tank(start=600)
        tank.set(power=1)
        self.assertEqual(tank.get("work_state"), KEEP_WARM)
        tank.set(mode=VACATION)
        self.assertEqual(tank.get("work_state"), STANDBY)
        tank.values["tank_temperature"] = OPEN
        for _ in range(3):
            tank.step(1000)
        self.assertEqual(tank.get("work_state"), FAULT)
        self.assertIsNone(tank.get("current_temperature"))
        self.assertEqual(tank.set(power=1), REASON_FAULT)

    def test_anti_freeze_with_the_power_off(self):
        tank = Tank(start=60)
        tank.room = 0
        tank.run(1000)
        self.assertEqual(tank.level("element"), 0)
        tank.set_tank(50)
        tank.run(1000)
        self.assertEqual((tank.level("element"), tank.level("main_relay")), (1, 1))
        self.assertEqual(tank.get("work_state"), HEATING)
        tank.run(HOUR_MS)
        self.assertEqual(tank.level("element"), 0)
        self.assertTrue(90 <= tank.lower <= 101)

    def test_ice_is_not_heated(self):
        tank = Tank(start=-10)
        tank.set(power=1)
        tank.step(5000)
        self.assertEqual((tank.loop.wanted[0], tank.level("element")), (0, 0))

    def test_a_proportional_output_obeys_the_power_limit(self):
        tank = Tank(SSR)
        tank.set(power=1, heating_power_limit=1200)
        self.assertEqual(tank.level("element_ssr"), 600)
        tank.run(1000)
        self.assertEqual(tank.get("heating_power"), 1200)
        tank.set(heating_power_limit=5000)
        self.assertEqual(tank.level("element_ssr"), 1000)
        tank.set(mode=ECO, heating_power_limit=1000)
        self.assertEqual(tank.level("element_ssr"), 250)

    def test_the_power_limit_and_tank_scope_need_their_parts(self):
        self.assertNotIn("heating_power_limit", WaterHeater.fitted(RELAY))
        self.assertNotIn("tank_scope", WaterHeater.fitted(RELAY))
        self.assertNotIn("flow", WaterHeater.fitted(RELAY))
        self.assertIn("heating_power_limit", WaterHeater.fitted(SSR))
        self.assertIn("tank_scope", WaterHeater.fitted(TWO))

    def test_half_a_tank(self):
        tank = Tank(TWO)
        tank.set(power=1, tank_scope=1)
        self.assertEqual((tank.level("element"), tank.level("element_upper")), (0, 1))
        took_ms = tank.run_until(lambda: tank.get("work_state") == KEEP_WARM, 3 * HOUR_MS)
        self.assertAlmostEqual(took_ms // MINUTE_MS, 35, delta=2)
        self.assertEqual(tank.get("current_temperature"), int(tank.upper))
        self.assertLess(tank.lower, 200)
        self.assertAlmostEqual(tank.get("hot_water"), 50, delta=1)

    def test_the_whole_tank_heats_the_upper_part_first_and_never_both(self):
        tank = Tank(TWO)
        tank.set(power=1)
        tank.run(MINUTE_MS)
        self.assertEqual((tank.level("element"), tank.level("element_upper")), (0, 1))
        tank.run(HOUR_MS)
        self.assertEqual((tank.level("element"), tank.level("element_upper")), (1, 0))
        tank.run(HOUR_MS)
        self.assertEqual(tank.get("work_state"), KEEP_WARM)
        both = Tank(TWO, both_elements=1)
        both.set(power=1)
        both.run(MINUTE_MS)
        self.assertEqual((both.level("element"), both.level("element_upper")), (1, 1))
        self.assertEqual(both.get("heating_power"), 4000)

    def test_an_upper_element_above_the_limit_is_left_out(self):
        tank = Tank(TWO + ("element_ssr",))
        tank.set(power=1, tank_scope=1, heating_power_limit=1500)
        self.assertEqual((tank.level("element_ssr"), tank.level("element_upper")), (750, 0))


class Status(unittest.TestCase):
    def test_energy_and_power(self):
        tank = Tank()
        tank.set(power=1)
        tank.run(30 * MINUTE_MS)
        self.assertEqual(tank.get("heating_power"), 2000)
        self.assertAlmostEqual(tank.get("energy_total"), 1000, delta=1)

    def test_energy_keeps_its_remainder(self):
        tank = Tank(watts=100, slice_ms=100)
        tank.set(power=1, target_temperature=700)
        tank.run(6 * MINUTE_MS)
        self.assertAlmostEqual(tank.get("energy_total"), 10, delta=1)

    def test_measured_power_comes_before_calibrated(self):
        tank = Tank(RELAY + ("element_current",))
        tank.values["element_current"] = 8000
        tank.set(power=1)
        self.assertEqual(tank.get("heating_power"), 1840)

    def test_chopped_power_is_not_sampled(self):
        tank = Tank(SSR + ("element_current",))
        tank.values["element_current"] = 0
        tank.set(power=1, heating_power_limit=1000)
        tank.run(1000)
        self.assertEqual(tank.get("heating_power"), 1000)

    def test_time_left_is_what_it_takes(self):
        tank = Tank(start=300)
        tank.set(power=1)
        told = tank.get("heating_time_left")
        took_ms = tank.run_until(lambda: tank.get("work_state") == KEEP_WARM, 3 * HOUR_MS)
        self.assertAlmostEqual(told, took_ms // MINUTE_MS, delta=2)
        self.assertEqual(tank.get("heating_time_left"), 0)

    def test_minutes_to_heat(self):
        self.assertEqual(minutes_to_heat(50, 2000, 150, 550), 70)
        self.assertEqual(minutes_to_heat(50, 2000, 550, 550), 0)
        self.assertEqual(minutes_to_heat(1000, 500, 0, 750), 10475)
        self.assertEqual(minutes_to_heat(50, 0, 150, 550), 65534)

    def test_hot_water_share(self):
        self.assertEqual(hot_share(550, 100, 550), 100)
        self.assertEqual(hot_share(700, 100, 550), 100)
        self.assertEqual(hot_share(460, 100, 550), 80)
        self.assertEqual(hot_share(399, 100, 550), 0)
        tank = Tank(start=550)
        tank.set(power=1)
        self.assertEqual(tank.get("hot_water"), 100)

    def test_flow(self):
        tank = Tank(SSR, start=550)
        tank.draw = 100
        tank.run(10000)
        self.assertAlmostEqual(tank.get("flow"), 60, delta=1)
        tank.draw = 0
        tank.run(10000)
        self.assertEqual(tank.get("flow"), 0)

    def test_hot_water_runs_out(self):
        tank = Tank(TWO, start=550)
        tank.set(power=1)
        tank.draw = 100
        self.assertFalse(tank.has_alarm("no_hot_water"))
        self.assertIsNotNone(tank.run_until(lambda: tank.has_alarm("no_hot_water"), 30 * MINUTE_MS))
        tank.draw = 0
        self.assertIsNotNone(tank.run_until(lambda: not tank.has_alarm("no_hot_water"), HOUR_MS))
        self.assertGreaterEqual(tank.upper, 400)

    def test_cold_water_at_the_start_is_no_alarm(self):
        tank = Tank()
        tank.set(power=1)
        tank.run(10 * MINUTE_MS)
        self.assertFalse(tank.has_alarm("no_hot_water"))

    def test_maintenance_is_due_by_energy(self):
        tank = Tank(maintenance_kwh=2, maintained_kwh=1)
        tank.run(1000)
        self.assertFalse(tank.has_alarm("maintenance_due"))
        tank.state[tank.field_id("energy_total")] = 3000
        tank.run(1000)
        self.assertTrue(tank.has_alarm("maintenance_due"))


class Modes(unittest.TestCase):
    def targets(self, mode, **clock):
        tank = Tank(start=300)
        if clock:
            tank.set_clock(MONDAY, **clock)
        tank.set(power=1, mode=mode, target_temperature=550)
        return tank.loop._target

    def test_the_target_of_each_mode(self):
        for mode, target in (
            (MANUAL, 550),
            (AUTO, 550),
            (SMART, 550),
            (COMFORT, 550),
            (ECO, 500),
            (BOOST, 600),
        ):
            self.assertEqual(self.targets(mode), target, MODES[mode])
        self.assertEqual(self.targets(VACATION), 100)

    def test_limits_of_the_table(self):
        for mode, wish, target in ((ECO, 750, 550), (BOOST, 300, 600), (COMFORT, 300, 450), (AUTO, 750, 700)):
            tank = Tank(start=300)
            tank.set(power=1, mode=mode, target_temperature=wish)
            self.assertEqual(tank.loop._target, target, MODES[mode])

    def test_night_heats_in_the_cheap_hours(self):
        for hour, target in ((22, 350), (23, 550), (3, 550), (6, 550), (7, 350), (12, 350)):
            self.assertEqual(self.targets(NIGHT, hour=hour), target, hour)

    def test_night_without_a_clock_is_eco(self):
        self.assertEqual(self.targets(NIGHT), 500)

    def test_boost_ends_by_itself_and_brings_the_mode_back(self):
        tank = Tank(start=500)
        tank.set(power=1, mode=ECO)
        tank.set(mode=BOOST)
        self.assertEqual(tank.level("element"), 1)
        self.assertIsNotNone(tank.run_until(lambda: tank.get("mode") != BOOST, HOUR_MS))
        self.assertEqual(tank.get("mode"), ECO)
        self.assertGreaterEqual(tank.lower, 600)
        self.assertEqual(tank.level("element"), 0)

    def test_auto_is_quicker_after_a_draw(self):
        tank = Tank(SSR, start=600)
        tank.set(power=1, mode=AUTO)
        tank.run(1000)
        self.assertEqual(tank.loop._hysteresis, 60)
        tank.draw = 50
        tank.run(10000)
        tank.draw = 0
        tank.run(MINUTE_MS)
        self.assertEqual(tank.loop._hysteresis, 20)
        tank.slice_ms = 60000
        tank.run(2 * HOUR_MS)
        self.assertEqual(tank.loop._hysteresis, 60)

    def test_a_draw_is_seen_without_a_meter(self):
        tank = Tank(RELAY, start=600)
        tank.set(power=1, mode=AUTO)
        tank.draw = 100
        tank.run(MINUTE_MS)
        self.assertEqual(tank.loop._hysteresis, 20)

    def test_smart_learns_the_hours(self):
        tank = Tank(SSR, start=550, slice_ms=60000)
        tank.set_clock(MONDAY, 0)
        tank.set(power=1, mode=SMART)
        self.assertEqual(tank.loop._target, 550)
        tank.run(7 * HOUR_MS)
        tank.draw = 20
        tank.run(10 * MINUTE_MS)
        tank.draw = 0
        tank.run(14 * HOUR_MS)
        self.assertEqual((tank.loop._target, tank.get("work_state")), (450, STANDBY))
        tank.run(9 * HOUR_MS)
        self.assertEqual(tank.loop._target, 550)
        tank.run(HOUR_MS)
        self.assertEqual(tank.loop._target, 550)
        tank.run(HOUR_MS)
        self.assertEqual(tank.loop._target, 450)
        # Three days without a draw: nothing is expected any more, so it is kept hot always.
        tank.run(4 * 24 * HOUR_MS)
        self.assertEqual(tank.loop._target, 550)


class Clock(unittest.TestCase):
    def test_no_clock_is_no_time(self):
        tank = Tank()
        tank.run(HOUR_MS)
        self.assertIsNone(tank.loop.clock.local_minute())
        self.assertIsNone(tank.loop.clock.local_weekday())
        self.assertIsNone(tank.get("clock_day"))

    def test_it_runs_over_midnight_and_the_week(self):
        for slice_ms in (100, 999, 60000):
            tank = Tank(slice_ms=slice_ms)
            tank.set_clock(MONDAY + 6, 23, 50)
            self.assertEqual(tank.loop.clock.local_weekday(), 6)
            tank.run(20 * MINUTE_MS)
            self.assertEqual((tank.get("clock_day"), tank.get("clock_second")), (MONDAY + 7, 600), slice_ms)
            self.assertEqual(tank.loop.clock.local_weekday(), 0)

    def test_local_time(self):
        tank = Tank()
        tank.set_clock(MONDAY, 0, 30)
        tank.set(utc_offset=-60)
        self.assertEqual((tank.loop.clock.local_weekday(), tank.loop.clock.local_minute()), (6, 1410))
        tank.set(utc_offset=840)
        self.assertEqual((tank.loop.clock.local_weekday(), tank.loop.clock.local_minute()), (0, 870))


class Reservations(unittest.TestCase):
    def start(self, hour, day=MONDAY, weekdays=1, start=500, **fields):
        self.tank = Tank(start=start, slice_ms=10000)
        self.tank.set_clock(day, hour)
        self.tank.set(power=1, mode=VACATION)
        fields["reservation_1_hour"] = 7
        self.tank.set(
            reservation_1_on=1, reservation_1_temperature=650, reservation_1_weekdays=weekdays, **fields
        )
        return self.tank

    def hours_until_heating(self):
        ms = self.tank.run_until(lambda: self.tank.level("element"), 9 * 24 * HOUR_MS)
        return None if ms is None else ms / HOUR_MS

    def test_water_is_ready_in_time_and_held_for_an_hour(self):
        tank = self.start(5)
        tank.run(2 * HOUR_MS)
        self.assertGreaterEqual(tank.lower, 640)
        tank.run(59 * MINUTE_MS)
        self.assertEqual(tank.loop._target, 650)
        tank.run(2 * MINUTE_MS)
        self.assertEqual(tank.loop._target, 100)
        self.assertEqual(tank.get("reservation_1_on"), 1)

    def test_it_does_not_begin_too_early(self):
        self.start(0)
        self.assertAlmostEqual(self.hours_until_heating(), 6.5, delta=0.2)

    def test_only_on_its_weekdays(self):
        self.start(12, weekdays=1)
        self.assertAlmostEqual(self.hours_until_heating(), 7 * 24 - 6, delta=1.5)

    def test_early_heating_may_begin_the_day_before(self):
        tank = self.start(20, MONDAY + 6, reservation_1_minute=0)
        tank.set(reservation_1_hour=0, reservation_1_minute=10)
        self.assertAlmostEqual(self.hours_until_heating(), 3.6, delta=0.3)

    def test_without_a_weekday_it_is_for_once(self):
        tank = self.start(6, weekdays=0)
        tank.run(90 * MINUTE_MS)
        self.assertEqual(tank.get("reservation_1_on"), 1)
        self.assertGreaterEqual(tank.lower, 620)
        tank.run(HOUR_MS)
        self.assertEqual(tank.get("reservation_1_on"), 0)

    def test_without_a_clock_it_waits(self):
        tank = Tank(slice_ms=60000)
        tank.set(power=1, mode=VACATION, reservation_1_on=1, reservation_1_weekdays=127)
        tank.run(2 * 24 * HOUR_MS)
        self.assertEqual(tank.get("energy_total"), 0)

    def test_the_highest_of_three(self):
        tank = self.start(6, start=640)
        tank.set(reservation_2_on=1, reservation_2_temperature=700, reservation_2_hour=7)
        tank.set(reservation_3_on=1, reservation_3_temperature=400, reservation_3_hour=7)
        tank.run(HOUR_MS)
        self.assertEqual(tank.loop._target, 700)

    def test_one_set_for_just_before_waits(self):
        tank = self.start(7, start=300)
        tank.run(MINUTE_MS)
        self.assertEqual(tank.loop._target, 650)
        tank = self.start(7, start=300, reservation_1_minute=0)
        tank.set_clock(MONDAY, 7, 20)
        tank.set(reservation_1_on=1)
        tank.run(MINUTE_MS)
        self.assertEqual(tank.loop._target, 100)

    def test_power_off_means_no_reservation(self):
        tank = self.start(5)
        tank.set(power=0)
        tank.run(3 * HOUR_MS)
        self.assertEqual(tank.get("energy_total"), 0)


class Disinfection(unittest.TestCase):
    def start(self, hour, day=MONDAY, **fields):
        self.tank = Tank(start=550, slice_ms=10000)
        if hour is not None:
            self.tank.set_clock(day, hour)
        self.tank.set(power=1, disinfection=1, **fields)
        return self.tank

    def test_each_week_at_its_minute(self):
        tank = self.start(1)
        tank.run(59 * MINUTE_MS)
        self.assertEqual(tank.loop._target, 550)
        tank.run(2 * MINUTE_MS)
        self.assertEqual(tank.loop._target, 650)
        tank.run(20 * MINUTE_MS)
        self.assertEqual(tank.loop._target, 650)
        tank.run(40 * MINUTE_MS)
        self.assertEqual(tank.loop._target, 550)
        tank.slice_ms = 60000
        took_ms = tank.run_until(lambda: tank.loop._target == 650, 8 * 24 * HOUR_MS)
        self.assertAlmostEqual(took_ms / HOUR_MS, 7 * 24 - 1, delta=0.1)

    def test_without_a_clock_after_seven_days(self):
        tank = self.start(None)
        tank.slice_ms = 60000
        took_ms = tank.run_until(lambda: tank.loop._target == 650, 8 * 24 * HOUR_MS)
        self.assertAlmostEqual(took_ms / HOUR_MS, 7 * 24, delta=0.1)

    def test_it_heats_the_whole_tank(self):
        tank = Tank(TWO, start=550, slice_ms=10000)
        tank.set_clock(MONDAY, 1, 59)
        tank.set(power=1, disinfection=1, tank_scope=1)
        tank.run(2 * HOUR_MS)
        self.assertGreaterEqual(tank.lower, 600)

    def test_not_in_vacation_not_when_off_and_not_by_setting_the_clock(self):
        tank = self.start(1, mode=VACATION)
        tank.run(2 * HOUR_MS)
        self.assertEqual(tank.loop._target, 100)
        tank = self.start(1)
        tank.set(power=0)
        tank.run(2 * HOUR_MS)
        self.assertEqual(tank.loop._target, 100)
        tank = self.start(0)
        tank.set_clock(MONDAY, 4)
        tank.run(HOUR_MS)
        self.assertEqual(tank.loop._target, 550)

    def test_it_gives_up(self):
        tank = self.start(1)
        tank.physics = lambda elapsed_ms: None
        tank.slice_ms = 60000
        tank.locks = ApplianceBench(WaterHeater, (), RELAY, {}).locks  # no row trips on the odd tank
        tank.run(2 * HOUR_MS)
        self.assertEqual(tank.loop._target, 650)
        tank.run(6 * HOUR_MS)
        self.assertEqual(tank.loop._target, 550)


HEALTHY = {
    "tank_temperature": 400,
    "upper_temperature": 420,
    "inlet_temperature": 120,
    "flow_meter": 0,
    "element_current": 8000,
    "leakage_current": 5,
    "leak_switch": 0,
}
HEATS = {"element": 1, "element_ssr": 1000, "element_upper": 1, "main_relay": 1}
IDLE = {"element": 0, "element_ssr": 0, "element_upper": 0, "element_current": 0}
LOWER_ONLY = {"element_upper": 0}
UPPER_ONLY = {"element": 0, "element_ssr": 0}
NO_MAIN = {"main_relay": 0}
HALF_HOUR = 1800000
CASES = {
    "leakage_current": RowCase({"leakage_current": 101}),
    "leakage_meter": RowCase({"leakage_current": MISSING}, 4000),
    "water_leak": RowCase({"leak_switch": 1}, 3000),
    "leak_switch": RowCase({"leak_switch": MISSING}, 4000),
    "over_temperature": RowCase({"tank_temperature": 851}, before={"tank_temperature": 840}),
    "over_temperature_upper": RowCase({"upper_temperature": 851}, before={"upper_temperature": 840}),
    "dry_fast": RowCase({}, 40000, {"tank_temperature": 3}, LOWER_ONLY),
    "dry_fast_upper": RowCase({}, 40000, {"upper_temperature": 3}, UPPER_ONLY),
    "dry_flat": RowCase({}, HALF_HOUR + 2000, {"upper_temperature": 0.02}, LOWER_ONLY),
    "dry_flat_upper": RowCase({}, HALF_HOUR + 2000, {"tank_temperature": 0.02}, UPPER_ONLY),
    "element_open": RowCase({"element_current": 100}, 62000, before=LOWER_ONLY),
    "element_open_upper": RowCase({"element_current": 100}, 62000, before=UPPER_ONLY),
    "welded": RowCase({"element_current": 8000}, 5000, before=IDLE),
    "current_meter": RowCase({"element_current": MISSING}, 4000),
    "sensor": RowCase({"tank_temperature": OPEN}, 3000),
    "sensor_upper": RowCase({"upper_temperature": SHORT}, 3000),
    "sensor_jumping": RowCase({"tank_temperature": 460}),
    "sensor_jumping_upper": RowCase({"upper_temperature": 480}),
    "sensors_swapped": RowCase(
        {"upper_temperature": 200}, 602000, before={"upper_temperature": 249}, before_ms=0
    ),
    "frozen": RowCase({"tank_temperature": -1}, 3000, before={"tank_temperature": 40}),
    "frozen_upper": RowCase(
        {"upper_temperature": -1}, 3000, before={"upper_temperature": 40, "tank_temperature": 40}
    ),
    "freezing": RowCase({"tank_temperature": 29}, 3000, before={"tank_temperature": 35}),
    "freezing_inlet": RowCase({"inlet_temperature": 9}, 62000, before={"inlet_temperature": 15}),
    "loop_stalled": None,
    "main_first": RowCase(NO_MAIN),
    "main_first_ssr": RowCase(NO_MAIN),
    "main_first_upper": RowCase(NO_MAIN),
}


def make_rows(rows=ROWS):
    return RowBench(WaterHeater, rows, HEALTHY, HEATS)


class Rows(unittest.TestCase):
    """Each row trips as it says, lets go as it says, and is missed when it is not there."""

    def test_every_row_has_a_case(self):
        self.assertEqual(sorted(CASES), sorted(row[0] for row in ROWS))
        self.assertEqual(len(CASES), len(ROWS))

    def test_each_condition_row_trips(self):
        for row in ROWS:
            case = CASES[row[0]]
            if case is None or row[2] == "needs":
                continue
            with self.subTest(row=row[0]):
                bench = make_rows()
                self.assertEqual(case.play(bench), 0)
                self.assertTrue(bench.locks.is_tripped(row[0]))
                self.assertTrue(bench.locks.active & bit(WaterHeater.TABLE.ALARMS, row[8]))
                for role, level in row[7]:
                    self.assertEqual(bench.levels()[role], level)

    def test_a_row_that_is_deleted_is_missed(self):
        for row in ROWS:
            case = CASES[row[0]]
            if case is None:
                continue
            with self.subTest(row=row[0]):
                seen = []
                for rows in (ROWS, without(ROWS, row[0])):
                    bench = make_rows(rows)
                    case.play(bench)
                    seen.append((bench.locks.active, bench.levels()))
                self.assertNotEqual(seen[0], seen[1])

    def test_each_condition_row_lets_go(self):
        for row in ROWS:
            case = CASES[row[0]]
            if case is None or row[2] == "needs":
                continue
            with self.subTest(row=row[0]):
                bench = make_rows()
                case.play(bench)
                bench.put(HEALTHY)
                bench.put(IDLE)
                bench.run(120000)
                self.assertEqual(bench.locks.is_tripped(row[0]), row[9] == 1)
                bench.locks.reset()
                self.assertFalse(bench.locks.is_tripped(row[0]))

    def test_a_stalled_loop_lets_go_of_the_heat(self):
        bench = make_rows()
        bench.run(10000)
        bench.locks.apply(60000, bench.inputs, bench.wanted)
        self.assertEqual(bench.levels()["element"], 1)
        bench.locks.apply(60001, bench.inputs, bench.wanted)
        self.assertEqual((bench.levels()["element"], bench.levels()["element_ssr"]), (0, 0))
        bench.locks.apply(100, bench.inputs, bench.wanted)
        self.assertEqual(bench.levels()["element"], 1)

    def test_a_solid_state_relay_heats_only_with_its_element_output(self):
        """The condition rows watch `element`: a level of element_ssr alone would escape them."""
        bench = make_rows()
        bench.run(10000)
        self.assertEqual(bench.levels()["element_ssr"], 1000)
        bench.put({"element": 0})
        bench.run(1000)
        self.assertEqual(bench.levels()["element_ssr"], 0)

    def test_nothing_heats_before_all_sensors_have_spoken(self):
        bench = make_rows()
        bench.put({"tank_temperature": NOT_READY})
        bench.run(1000)
        for level in bench.locks.levels:
            self.assertEqual(level, 0)

    def test_stop_alarms_stop(self):
        """Whatever alarm of severity stop is active, no element is on."""
        stop = 0
        for number, _name, severity, _source in WaterHeater.TABLE.ALARMS:
            stop |= (severity == "stop") << number
        for name, case in CASES.items():
            if case is not None:
                bench = make_rows()
                case.play(bench)
                levels = bench.levels()
                if bench.locks.active & stop:
                    self.assertEqual(
                        levels["element"] + levels["element_ssr"] + levels["element_upper"], 0, name
                    )


class Faults(unittest.TestCase):
    """Loop and interlocks together."""

    def test_a_dry_tank_is_noticed_before_it_burns(self):
        tank = Tank(start=200)
        tank.set(power=1)
        tank.physics = lambda ms: tank.values.__setitem__(
            "tank_temperature", tank.values["tank_temperature"] + (ms // 250 if tank.level("element") else 0)
        )
        took_ms = tank.run_until(lambda: tank.has_alarm("dry_heating"), HOUR_MS)
        self.assertLess(took_ms, 30000)
        self.assertEqual((tank.level("element"), tank.level("main_relay")), (0, 0))
        tank.run(HOUR_MS)
        self.assertTrue(tank.has_alarm("dry_heating"))
        self.assertEqual(tank.locks.reset(), 0)
        tank.run(2000)
        self.assertEqual(tank.level("element"), 1)

    def test_a_stuck_sensor_ends_in_dry_heating(self):
        tank = Tank(start=300)
        tank.set(power=1)
        tank.physics = lambda ms: None
        took_ms = tank.run_until(lambda: tank.has_alarm("dry_heating"), HOUR_MS)
        self.assertAlmostEqual(took_ms // MINUTE_MS, 30, delta=1)

    def test_a_long_shower_is_not_dry_heating(self):
        tank = Tank(RELAY, start=550, slice_ms=10000)
        tank.set(power=1)
        tank.draw = 100
        tank.run(25 * MINUTE_MS)
        tank.draw = 0
        tank.run(3 * HOUR_MS)
        self.assertEqual(tank.get("alarms"), 0)
        self.assertEqual(tank.get("work_state"), KEEP_WARM)

    def test_a_sensor_that_comes_back_heats_again(self):
        tank = Tank(start=300)
        tank.set(power=1)
        tank.values["tank_temperature"] = OPEN
        for _ in range(5):
            tank.step(1000)
        self.assertTrue(tank.has_alarm("temperature_sensor"))
        self.assertEqual(tank.level("element"), 0)
        tank.values["tank_temperature"] = 300
        for _ in range(13):
            tank.step(1000)
        self.assertFalse(tank.has_alarm("temperature_sensor"))
        tank.set(power=1)
        self.assertEqual(tank.level("element"), 1)

    def test_no_alarm_in_a_day_of_healthy_life(self):
        for wired in (RELAY, SSR, TWO):
            tank = Tank(wired, slice_ms=10000)
            tank.set(power=1)
            for hour in range(24):
                tank.draw = 20 if hour in (7, 12, 19) else 0
                tank.run(10 * MINUTE_MS)
                tank.draw = 0
                tank.run(50 * MINUTE_MS)
                self.assertEqual(tank.get("alarms"), 0, (wired, hour))


class Forbidden(unittest.TestCase):
    """Random inputs and wishes; what must never be is written here by hand, apart from the rows."""

    TEMPERATURES = (-20, 5, 45, 95, 300, 549, 551, 700, 851, 1100, OPEN, SHORT)
    OTHERS = {
        "element_current": (0, 0, 8000, 8000, MISSING),
        "leakage_current": (0, 0, 5, 300, MISSING),
        "leak_switch": (0, 0, 0, 1),
        "flow_meter": (0, 3),
        "inlet_temperature": (5, 120, OPEN),
    }

    def check(self, tank, inputs, since_fault_ms):
        heats = tank.level("element") or tank.level("element_ssr") or tank.level("element_upper")
        tank_t, upper = inputs["tank_temperature"], inputs["upper_temperature"]
        if not heats:
            return
        assert tank.level("main_relay"), "an element without the main relay"
        assert tank_t <= 850 and upper <= 850, "too hot"
        assert inputs["leakage_current"] <= 100, "leakage"
        # Debounced rows: their time from the first sample on, and one step.
        if since_fault_ms > 3000 + 2 * tank.slice_ms:
            assert tank_t >= 0 and upper >= 0, "sensor fault or ice"
            assert not inputs["leak_switch"] and inputs["leakage_current"] >= 0, "leak"
        assert not tank.locks.latched, "latched"

    def test_random_life(self):
        dice = 1
        for slice_ms in (100, 1000, 10000):
            tank = Tank(ALL, start=300, slice_ms=slice_ms)
            tank.values.update(HEALTHY)
            tank.physics = lambda ms: None
            tank.set(power=1, target_temperature=750)
            heated = since_ms = 0
            for _ in range(1500):
                dice = (dice * 7621 + 1) % 32768
                if dice % 7 == 0:
                    role = WaterHeater.INPUTS[dice // 7 % 7]
                    values = self.OTHERS.get(role, self.TEMPERATURES)
                    tank.values[role] = values[dice // 49 % len(values)]
                    since_ms = 0
                elif dice % 7 == 1:
                    tank.set(mode=dice // 7 % 8, tank_scope=1 + dice // 64 % 2)
                elif dice % 7 == 2 and dice % 3:
                    tank.locks.reset()
                    tank.set(power=1)
                elif dice % 7 > 4:
                    tank.values.update(HEALTHY)
                tank.run(slice_ms)
                since_ms += slice_ms
                self.check(tank, tank.values, since_ms)
                heated += tank.level("element") or tank.level("element_upper")
            self.assertGreater(heated, 20, slice_ms)


class Memory(unittest.TestCase):
    def test_a_step_allocates_nothing(self):
        for with_clock in (False, True):
            for wired in (RELAY, SSR, TWO, ALL):
                tank = Tank(wired)
                tank.values["inlet_temperature"] = 120
                tank.values["element_current"] = 8000
                tank.values["leakage_current"] = 1
                tank.values["leak_switch"] = 0
                if with_clock:
                    tank.set_clock(MONDAY, 5)
                tank.set(power=1, disinfection=1, reservation_1_on=1)
                for mode in range(8):
                    tank.set(mode=mode)
                    tank.run(2000)
                    for elapsed_ms in (0, 100, 60000):
                        self.assertFalse(tank.allocates(elapsed_ms), (wired, mode, elapsed_ms))
                tank.loop.inputs[0] = OPEN
                self.assertFalse(tank.allocates(1000))
                self.assertFalse(tank.allocates(1000))


if __name__ == "__main__":
    unittest.main()
