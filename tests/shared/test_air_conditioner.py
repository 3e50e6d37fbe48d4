"""The air conditioner in a simple room: loop, wishes, defrost, interlock rows. Runs on all interpreters."""

import unittest

from appliance_bench import HOUR_MS, MINUTE_MS, ApplianceBench, RowBench, RowCase, without

from rumpus.appliances.air_conditioner.appliance import AirConditioner
from rumpus.appliances.air_conditioner.interlocks import ROWS
from rumpus.appliances.air_conditioner.modes import Comfort, target_in_force
from rumpus.appliances.base import MISSING, NOT_WIRED, OPEN, bit

# All that act by relays and inverters; what acts by infrared is in test_infrared_ac.py.
ALL = tuple(
    [
        role
        for role in AirConditioner.INPUTS + AirConditioner.OUTPUTS
        if role != "unit_power" and role != "remote"
    ]
)
RELAY = (
    "room_temperature",
    "indoor_coil",
    "outdoor_temperature",
    "outdoor_coil",
    "compressor",
    "four_way_valve",
    "outdoor_fan",
    "indoor_fan",
)
INVERTER = RELAY + ("compressor_speed",)
AUTO, COOL, DRY, FAN, HEAT = range(5)
NORMAL, DEFROST, PREHEAT, HEAT_REMOVAL = range(4)
REASON_FAULT, REASON_BUSY, REASON_WRONG_MODE = 12, 13, 20
# The compressor's rest at boot.
REST_MS = 180000


class Room(ApplianceBench):
    """A room of 3 kW, coils that follow the compressor within a minute or so. Temperatures in 0.1 degC."""

    def __init__(self, wired=RELAY, room=300, outdoor=350, slice_ms=1000, **settings):
        super().__init__(AirConditioner, ROWS, wired, {}, settings, slice_ms)
        self.room = self.coil = room
        self.outdoor = self.outdoor_coil = outdoor
        self.humidity = 70
        self.is_watching = True
        self.most_wind = 0  # fan level with a coil under 28 degC
        self.physics(0)

    def physics(self, elapsed_ms):
        seconds = elapsed_ms / 1000
        speed = self.level("compressor_speed") / 1000 if "compressor_speed" in self.wired else 1
        speed *= self.level("compressor")
        heats = self.level("four_way_valve")
        air = self.level("indoor_fan") / 1000
        change = min(1, seconds / 60)
        self.coil += (self.room + speed * (220 if heats else -180) - self.coil) * change
        self.outdoor_coil += (self.outdoor + speed * (-100 if heats else 150) - self.outdoor_coil) * change
        self.room += (self.outdoor - self.room) * seconds / 36000
        self.room += (self.coil - self.room) * air * seconds / 6000
        if speed and not heats:
            self.humidity = max(40, self.humidity - seconds / 300)
        for role, value in (
            ("room_temperature", self.room),
            ("indoor_coil", self.coil),
            ("outdoor_temperature", self.outdoor),
            ("outdoor_coil", self.outdoor_coil),
            ("room_humidity", self.humidity),
        ):
            self.values[role] = int(value)
        if heats and speed and self.coil < 280:
            self.most_wind = max(self.most_wind, self.level("indoor_fan"))

    def start(self, mode, **fields):
        """Switch on with the rest of the compressor behind us."""
        self.run(REST_MS + 1000)
        self.assert_taken(self.set(power=1, mode=mode, **fields))
        return self

    def assert_taken(self, reason):
        assert reason == 0, reason

    def watch(self, ms):
        """Let ms pass; return (lowest, highest) room temperature and the compressor's starts and least
        times on and off in seconds."""
        low = high = self.room
        starts = 0
        since_ms = 0
        least_on = least_off = 10**9
        was_on = self.level("compressor")
        is_first = True
        while ms > 0:
            valve = self.level("four_way_valve")
            self.run(self.slice_ms)
            ms -= self.slice_ms
            since_ms += self.slice_ms
            low = min(low, self.room)
            high = max(high, self.room)
            is_on = self.level("compressor")
            if valve != self.level("four_way_valve"):
                assert not was_on and not is_on, "the valve moved under pressure"
            if is_on != was_on:
                if not is_first and was_on:
                    least_on = min(least_on, since_ms // 1000)
                elif not is_first:
                    least_off = min(least_off, since_ms // 1000)
                starts += is_on
                is_first = False
                since_ms = 0
            was_on = is_on
        return low, high, starts, least_on, least_off


class Cooling(unittest.TestCase):
    def test_reaches_the_target_and_holds_it(self):
        for wired in (RELAY, INVERTER):
            room = Room(wired).start(COOL, target_temperature=240)
            self.assertIsNotNone(room.run_until(lambda room=room: room.room <= 240, 2 * HOUR_MS))
            room.run(30 * MINUTE_MS)
            low, high, starts, least_on, least_off = room.watch(2 * HOUR_MS)
            self.assertGreater(low, 220)
            self.assertLess(high, 252)
            if wired is RELAY:
                self.assertGreater(starts, 1)
            self.assertGreaterEqual(least_on, 180)
            self.assertGreaterEqual(least_off, 180)
            self.assertEqual(room.get("alarms"), 0)

    def test_the_slices_of_time_do_not_matter(self):
        seen = []
        for slice_ms in (100, 1000):
            room = Room(INVERTER, slice_ms=slice_ms).start(COOL, sleep=1, timer_off=600)
            room.run(25 * MINUTE_MS)
            seen.append((room.room, room.get("energy_total"), room.get("timer_off")))
        self.assertAlmostEqual(seen[0][0], seen[1][0], delta=2)
        self.assertAlmostEqual(seen[0][1], seen[1][1], delta=4)
        self.assertEqual(seen[0][2], seen[1][2])

    def test_minimum_off_is_assumed_unexpired_at_boot(self):
        room = Room()
        room.set(power=1, mode=COOL)
        self.assertEqual(room.run_until(lambda: room.level("compressor"), HOUR_MS), REST_MS)
        self.assertEqual(room.get("compressor"), 0)
        room.run(1000)
        self.assertEqual(room.get("compressor"), 1)

    def test_minimum_off_with_jitter(self):
        room = Room()
        room.locks = ApplianceBench(AirConditioner, ROWS, RELAY, {}, jitter_ms=30000).locks
        room.loop.levels = room.locks.levels
        room.set(power=1, mode=COOL)
        self.assertEqual(room.run_until(lambda: room.level("compressor"), HOUR_MS), REST_MS + 30000)

    def test_minimum_on_gives_way_to_the_user(self):
        room = Room().start(COOL)
        room.run(10000)
        self.assertEqual(room.level("compressor"), 1)
        room.set(target_temperature=320)
        self.assertEqual(room.level("compressor"), 1)
        room.run(200000)
        self.assertEqual(room.level("compressor"), 0)
        room.set(target_temperature=200)
        room.run(REST_MS)
        self.assertEqual(room.level("compressor"), 1)
        room.set(power=0)
        self.assertEqual((room.level("compressor"), room.level("outdoor_fan")), (0, 0))

    def test_an_inverter_slows_down_near_the_target(self):
        room = Room(INVERTER).start(COOL, target_temperature=240)
        self.assertEqual(room.level("compressor_speed"), 1000)
        for temperature, speed in ((255, 850), (240, 400), (237, 310)):
            room.values["room_temperature"] = temperature
            room.step(100)
            self.assertEqual(room.loop.wanted[1], speed, temperature)
        room = Room(INVERTER).start(COOL, target_temperature=240)
        room.set(quiet=1)
        self.assertEqual(room.loop.wanted[1], 500)
        room.set(eco=1, quiet=0)
        self.assertEqual(room.loop.wanted[1], 600)
        room.set(turbo=1)
        self.assertEqual(room.loop.wanted[1], 1000)
        room.values["indoor_coil"] = 40
        room.loop.inputs[2] = 40
        room.loop.step(100)
        self.assertEqual(room.loop.wanted[1], 300)

    def test_a_freezing_coil_stops_the_compressor_and_thaws(self):
        room = Room(RELAY, room=200, outdoor=200).start(COOL, target_temperature=160)
        room.physics = lambda ms: None
        for coil in (90, -20):
            room.values["indoor_coil"] = coil
            room.run(1000)
        took_ms = room.run_until(lambda: room.has_alarm("freeze_protection"), HOUR_MS)
        self.assertAlmostEqual(took_ms // 1000, 120, delta=2)
        self.assertEqual(room.level("compressor"), 0)
        self.assertGreater(room.level("indoor_fan"), 0)
        room.values["indoor_coil"] = 80
        room.run(2000)
        self.assertFalse(room.has_alarm("freeze_protection"))
        room.run(REST_MS)
        self.assertEqual(room.level("compressor"), 1)

    def test_drying_by_humidity(self):
        room = Room(RELAY + ("room_humidity",), room=250, outdoor=280)
        room.start(DRY, target_temperature=240, target_humidity=60)
        self.assertEqual((room.level("compressor"), room.level("indoor_fan")), (1, 300))
        self.assertIsNotNone(room.run_until(lambda: not room.level("compressor"), 2 * HOUR_MS))
        self.assertTrue(room.humidity < 59 or room.room <= 220, (room.humidity, room.room))
        self.assertAlmostEqual(room.get("indoor_humidity"), room.humidity, delta=1)

    def test_drying_without_a_humidity_sensor_ends_two_kelvin_below(self):
        room = Room(RELAY, room=250, outdoor=250).start(DRY, target_temperature=240)
        self.assertIsNotNone(room.run_until(lambda: not room.level("compressor"), 3 * HOUR_MS))
        self.assertAlmostEqual(room.room, 220, delta=3)

    def test_fan_only(self):
        room = Room().start(FAN, fan_speed=3)
        room.run(10 * MINUTE_MS)
        self.assertEqual((room.level("compressor"), room.level("indoor_fan")), (0, 600))


class Heating(unittest.TestCase):
    def winter(self, wired=RELAY, outdoor=70, room=170, **fields):
        return Room(wired, room, outdoor).start(HEAT, target_temperature=220, **fields)

    def test_reaches_the_target_and_holds_it(self):
        room = self.winter()
        self.assertIsNotNone(room.run_until(lambda: room.room >= 220, 3 * HOUR_MS))
        room.run(30 * MINUTE_MS)
        low, high, _starts, least_on, least_off = room.watch(3 * HOUR_MS)
        self.assertGreater(low, 205)
        self.assertLess(high, 240)
        self.assertGreaterEqual(least_on, 180)
        self.assertGreaterEqual(least_off, 180)
        self.assertEqual(room.level("four_way_valve"), 1)

    def test_no_cold_wind(self):
        room = self.winter(fan_speed=5)
        room.run(10000)
        self.assertEqual((room.level("compressor"), room.level("indoor_fan")), (1, 0))
        self.assertEqual(room.get("special_state"), PREHEAT)
        self.assertIsNotNone(room.run_until(lambda: room.level("indoor_fan"), HOUR_MS))
        self.assertGreaterEqual(room.coil, 345)
        self.assertEqual(room.level("indoor_fan"), 300)
        room.run(5 * MINUTE_MS)
        self.assertEqual(room.level("indoor_fan"), 1000)
        self.assertEqual(room.get("special_state"), NORMAL)
        room.watch(2 * HOUR_MS)
        self.assertEqual(room.most_wind, 0)

    def test_without_a_coil_sensor_the_fan_waits_by_time(self):
        wired = tuple([role for role in RELAY if role != "indoor_coil"])
        room = self.winter(wired)
        self.assertIsNotNone(room.run_until(lambda: room.level("compressor"), HOUR_MS))
        took_ms = room.run_until(lambda: room.level("indoor_fan"), HOUR_MS)
        self.assertAlmostEqual(took_ms // 1000, 91, delta=2)

    def test_heat_is_removed_after_heating(self):
        room = self.winter()
        room.run(15 * MINUTE_MS)
        room.set(power=0)
        self.assertEqual((room.level("compressor"), room.level("indoor_fan")), (0, 300))
        self.assertEqual(room.get("special_state"), HEAT_REMOVAL)
        room.run(3 * MINUTE_MS)
        self.assertEqual((room.level("indoor_fan"), room.get("special_state")), (0, NORMAL))

    def test_the_valve_moves_only_with_the_compressor_stopped(self):
        room = self.winter()
        for _ in range(4):
            room.watch(7 * MINUTE_MS)
            room.set(mode=COOL, target_temperature=160)
            room.watch(7 * MINUTE_MS)
            self.assertEqual((room.level("compressor"), room.level("four_way_valve")), (1, 0))
            room.set(mode=HEAT, target_temperature=300)
        room.watch(9 * MINUTE_MS)
        self.assertEqual((room.level("compressor"), room.level("four_way_valve")), (1, 1))

    def test_defrost_by_the_coil(self):
        room = self.winter(outdoor=-20, room=150)
        took_ms = room.run_until(lambda: room.get("special_state") == DEFROST, 3 * HOUR_MS)
        self.assertAlmostEqual(took_ms // MINUTE_MS, 41, delta=2)
        self.assertEqual(room.level("indoor_fan"), 0)
        self.assertIsNotNone(
            room.run_until(lambda: room.level("compressor") and not room.level("four_way_valve"), HOUR_MS)
        )
        self.assertEqual((room.level("outdoor_fan"), room.level("indoor_fan")), (0, 0))
        room.run_until(lambda: room.get("special_state") != DEFROST, HOUR_MS)
        self.assertGreaterEqual(room.outdoor_coil, 99)
        room.watch(10 * MINUTE_MS)
        self.assertEqual((room.level("compressor"), room.level("four_way_valve")), (1, 1))
        self.assertEqual((room.most_wind, room.get("alarms")), (0, 0))

    def test_defrost_that_is_due_early_in_a_run_waits_with_the_fans_on(self):
        room = self.winter(outdoor=-20, room=150)
        room.run_until(lambda: room.level("compressor"), HOUR_MS)
        room.run(150000)
        loop = room.loop
        loop.timers.start(loop._defrost._due, 1000)
        self.assertIsNotNone(room.run_until(lambda: room.get("special_state") == DEFROST, 10000))
        waited_ms = 0
        while room.level("compressor"):
            self.assertEqual((room.level("four_way_valve"), room.level("outdoor_fan")), (1, 1))
            self.assertGreaterEqual(room.level("indoor_fan"), 300)
            waited_ms += room.slice_ms
            room.run(room.slice_ms)
        self.assertAlmostEqual(waited_ms // 1000, 28, delta=5)
        self.assertEqual((room.level("outdoor_fan"), room.level("indoor_fan")), (0, 0))

    def test_defrost_ends_by_time(self):
        room = self.winter(outdoor=-20, room=150)
        room.run_until(lambda: room.get("special_state") == DEFROST, 3 * HOUR_MS)
        physics = room.physics

        def ice(elapsed_ms):
            physics(elapsed_ms)
            room.values["outdoor_coil"] = -20

        room.physics = ice
        room.run_until(lambda: room.level("compressor") and not room.level("four_way_valve"), HOUR_MS)
        took_ms = room.run_until(lambda: room.get("special_state") != DEFROST, HOUR_MS)
        self.assertAlmostEqual(took_ms // 1000, 600, delta=3)

    def test_defrost_without_the_coil_sensor(self):
        wired = tuple([role for role in RELAY if role != "outdoor_coil"])
        room = self.winter(wired, outdoor=0, room=150)
        took_ms = room.run_until(lambda: room.get("special_state") == DEFROST, 3 * HOUR_MS)
        self.assertAlmostEqual(took_ms // MINUTE_MS, 61, delta=3)
        wired = tuple([role for role in wired if role != "outdoor_temperature"])
        room = self.winter(wired, outdoor=0, room=150)
        room.set(target_temperature=320)
        took_ms = room.run_until(lambda: room.get("special_state") == DEFROST, 3 * HOUR_MS)
        self.assertAlmostEqual(took_ms // MINUTE_MS, 91, delta=3)

    def test_no_defrost_when_it_is_mild(self):
        room = self.winter(outdoor=100)
        room.set(target_temperature=320)
        self.assertIsNone(room.run_until(lambda: room.get("special_state") == DEFROST, 2 * HOUR_MS))

    def test_auxiliary_heat_needs_the_fan_and_the_fan_runs_on(self):
        room = self.winter(RELAY + ("aux_heater", "main_relay"), aux_heat=1)
        self.assertEqual(room.level("aux_heater"), 0)
        room.run(5 * MINUTE_MS)
        self.assertEqual(room.level("aux_heater"), 1)
        self.assertGreater(room.get("power_now"), 2400)
        room.values["room_temperature"] = OPEN
        for _ in range(3):
            room.step(1000)
        self.assertEqual((room.level("aux_heater"), room.level("compressor")), (0, 0))
        self.assertGreaterEqual(room.level("indoor_fan"), 300)
        room.set(power=0)
        room.step(30000)
        self.assertGreaterEqual(room.level("indoor_fan"), 300)


class Choosing(unittest.TestCase):
    def test_auto_chooses_by_the_room(self):
        for temperature, mode in ((300, COOL), (255, COOL), (250, FAN), (226, FAN), (225, HEAT)):
            room = Room(RELAY, temperature, temperature)
            room.set(power=1, mode=AUTO, target_temperature=240)
            self.assertEqual(room.loop._comfort.mode, mode, temperature)

    def test_auto_stays_with_its_choice(self):
        comfort = Comfort()
        seen = []
        for temperature in (300, 250, 235, 226, 225, 230, 250, 254, 255):
            comfort.decide(AUTO, temperature, 50, 240, None, 0, 0)
            seen.append((comfort.mode, comfort.is_called))
        expected = [(COOL, True), (COOL, True), (COOL, False), (COOL, False)]
        expected += [(HEAT, True), (HEAT, True), (HEAT, False), (HEAT, False), (COOL, True)]
        self.assertEqual(seen, expected)

    def test_auto_begins_anew_after_power_on(self):
        room = Room(RELAY, 240, 240)
        room.set(power=1, mode=AUTO, target_temperature=200)
        self.assertEqual(room.loop._comfort.mode, COOL)
        room.set(target_temperature=240)
        self.assertEqual(room.loop._comfort.mode, COOL)
        room.set(power=1)
        self.assertEqual(room.loop._comfort.mode, FAN)

    def test_the_target_in_force(self):
        for minutes, cool, heat in (
            (0, 240, 240),
            (59, 240, 240),
            (60, 245, 230),
            (120, 250, 220),
            (479, 255, 215),
        ):
            self.assertEqual(target_in_force(240, COOL, minutes, 0), cool, minutes)
            self.assertEqual(target_in_force(240, HEAT, minutes, 0), heat, minutes)
        self.assertEqual(target_in_force(240, COOL, 0, 1), 250)
        self.assertEqual(target_in_force(240, HEAT, 0, 1), 230)

    def test_sleep_ends_after_eight_hours(self):
        room = Room(slice_ms=60000)
        room.set(power=1, mode=COOL, sleep=1)
        room.run(479 * MINUTE_MS)
        self.assertEqual((room.get("sleep"), room.loop._wishes.sleep_minutes()), (1, 479))
        room.run(MINUTE_MS)
        self.assertEqual((room.get("sleep"), room.loop._wishes.sleep_minutes()), (0, 0))

    def test_turbo_ends_after_twenty_minutes_and_excludes_others(self):
        room = Room()
        room.set(power=1, mode=COOL, sleep=1, eco=1, quiet=1)
        room.set(turbo=1)
        self.assertEqual([room.get(name) for name in ("turbo", "sleep", "eco", "quiet")], [1, 0, 0, 0])
        self.assertEqual(room.level("indoor_fan"), 1000)
        room.set(quiet=1)
        self.assertEqual((room.get("turbo"), room.level("indoor_fan")), (0, 300))
        room.set(turbo=1)
        room.slice_ms = 10000
        room.run(20 * MINUTE_MS - 10000)
        self.assertEqual(room.get("turbo"), 1)
        room.run(10000)
        self.assertEqual(room.get("turbo"), 0)

    def test_fan_speeds(self):
        room = Room(RELAY, 240, 240)
        room.set(power=1, mode=COOL, target_temperature=240)
        for speed, level in ((1, 300), (2, 450), (3, 600), (4, 800), (5, 1000), (0, 300)):
            room.set(fan_speed=speed)
            self.assertEqual(room.level("indoor_fan"), level)
        for temperature, level in (
            (245, 450),
            (243, 450),
            (241, 300),
            (261, 800),
            (270, 1000),
            (268, 1000),
            (266, 800),
        ):
            room.values["room_temperature"] = temperature
            room.step(1000)
            self.assertEqual(room.level("indoor_fan"), level, temperature)

    def test_taps_break_before_they_make(self):
        wired = RELAY + ("indoor_fan_low", "indoor_fan_mid", "indoor_fan_high")
        taps = ("indoor_fan_low", "indoor_fan_mid", "indoor_fan_high")
        room = Room(wired, slice_ms=100)
        room.set(power=1, mode=FAN, fan_speed=1)
        for speed, levels in ((1, [1, 0, 0]), (3, [0, 1, 0]), (5, [0, 0, 1]), (2, [1, 0, 0])):
            room.set(fan_speed=speed)
            room.run(100)
            if speed != 1:
                self.assertEqual([room.level(tap) for tap in taps], [0, 0, 0])
            room.run(300)
            self.assertEqual([room.level(tap) for tap in taps], levels)

    def test_timers(self):
        for slice_ms in (1000, 7000, 60000):
            room = Room(slice_ms=slice_ms)
            room.set(mode=FAN, timer_on=30)
            room.run(29 * MINUTE_MS + 10000)
            self.assertEqual((room.get("power"), room.get("timer_on")), (0, 1))
            room.run(60000)
            self.assertEqual((room.get("power"), room.get("timer_on")), (1, 0), slice_ms)
            room.set(timer_off=2)
            room.run(60000)
            self.assertEqual((room.get("power"), room.get("timer_off")), (1, 1))
            room.run(70000)
            self.assertEqual((room.get("power"), room.get("timer_off")), (0, 0))

    def test_a_timer_is_taken_back_with_zero(self):
        room = Room()
        room.set(timer_on=1)
        room.set(timer_on=0)
        room.run(2 * MINUTE_MS)
        self.assertEqual(room.get("power"), 0)

    def test_louvers(self):
        room = Room(RELAY + ("louver_vertical", "louver_horizontal"))
        room.set(power=1, mode=FAN)
        for position in range(2, 7):
            room.set(swing_vertical=position, swing_horizontal=position)
            self.assertEqual(room.level("louver_vertical"), (position - 2) * 250)
            self.assertEqual(room.level("louver_horizontal"), (position - 2) * 250)
        room.set(swing_vertical=1)
        low = high = room.level("louver_vertical")
        for _ in range(200):
            room.run(100)
            low = min(low, room.level("louver_vertical"))
            high = max(high, room.level("louver_vertical"))
        self.assertEqual((low, high), (0, 1000))
        room.run(3000)
        room.set(swing_vertical=0)
        stands = room.level("louver_vertical")
        room.run(3000)
        self.assertEqual(room.level("louver_vertical"), stands)
        room.set(power=0)
        self.assertEqual(room.level("louver_vertical"), 0)

    def test_small_wishes(self):
        room = Room(RELAY + ("ioniser", "fresh_air_fan", "display", "buzzer"), slice_ms=100)
        room.set(power=1, mode=FAN, health=1, fresh_air=1, display=1, beep=1)
        roles = ("ioniser", "fresh_air_fan", "display", "buzzer")
        self.assertEqual([room.level(role) for role in roles], [1, 1, 1, 1])
        room.run(200)
        self.assertEqual(room.level("buzzer"), 0)
        room.set(health=0, fresh_air=0, display=0, beep=0)
        self.assertEqual([room.level(role) for role in roles], [0, 0, 0, 0])

    def test_refusals(self):
        room = Room(RELAY + ("aux_heater",))
        room.set(power=1, mode=COOL)
        self.assertEqual(room.set(aux_heat=1), REASON_WRONG_MODE)
        self.assertEqual(room.set(mode=DRY, turbo=1), REASON_WRONG_MODE)
        self.assertEqual(room.set(mode=FAN, sleep=1), REASON_WRONG_MODE)
        self.assertEqual(room.get("mode"), COOL)
        self.assertEqual(room.set(mode=HEAT, aux_heat=1), 0)
        self.assertEqual(room.set(mode=COOL), 0)
        self.assertEqual(room.get("aux_heat"), 0)
        # The order of fields in a request does not matter.
        self.assertEqual(room.set(aux_heat=1, mode=HEAT), 0)
        self.assertEqual(room.get("aux_heat"), 1)
        room.loop._defrost.is_active = True
        self.assertEqual(room.set(self_clean=1), REASON_BUSY)
        room.values["room_temperature"] = OPEN
        for _ in range(3):
            room.step(1000)
        self.assertEqual(room.set(power=1), REASON_FAULT)
        self.assertEqual(room.set(self_clean=1), REASON_FAULT)
        self.assertEqual(room.set(power=0), 0)

    def test_self_clean_wets_then_dries_and_ends(self):
        room = Room(INVERTER, 250, 250)
        room.run(REST_MS)
        room.set(self_clean=1)
        room.run(2 * MINUTE_MS)
        self.assertEqual((room.level("compressor"), room.level("indoor_fan")), (1, 300))
        room.run(12 * MINUTE_MS)
        self.assertEqual((room.level("compressor"), room.level("indoor_fan")), (0, 1000))
        room.run(10 * MINUTE_MS)
        self.assertEqual((room.get("self_clean"), room.level("indoor_fan")), (0, 0))
        self.assertEqual(room.get("alarms"), 0)

    def test_optional_fields(self):
        fitted = AirConditioner.fitted(RELAY)
        for name in ("aux_heat", "health", "swing_vertical", "target_humidity", "beep"):
            self.assertNotIn(name, fitted)
            self.assertIn(name, AirConditioner.fitted(ALL))


class Status(unittest.TestCase):
    def test_temperatures_and_what_is_missing(self):
        room = Room(ALL, 251, 349)
        room.step(0)
        self.assertEqual((room.get("indoor_temperature"), room.get("outdoor_temperature")), (251, 349))
        room.values["room_temperature"] = OPEN
        room.step(0)
        self.assertIsNone(room.get("indoor_temperature"))

    def test_nominal_power_and_energy(self):
        room = Room(INVERTER).start(COOL, target_temperature=160, fan_speed=5)
        room.run(1000)
        self.assertEqual(room.get("power_now"), 3 + 900 + 40 + 50)
        before = room.get("energy_total")
        room.run(6 * MINUTE_MS)
        self.assertAlmostEqual(room.get("energy_total") - before, 99, delta=1)

    def test_measured_power(self):
        room = Room(RELAY + ("supply_current", "supply_voltage"))
        room.values["supply_current"] = 2000
        room.values["supply_voltage"] = 225
        room.step(100)
        self.assertEqual(room.get("power_now"), 450)

    def test_filter(self):
        room = Room(RELAY + ("filter_key",), filter_life_h=2, filter_used_min=30, slice_ms=10000)
        room.values["filter_key"] = 0
        room.set(power=1, mode=FAN)
        room.run(89 * MINUTE_MS)
        self.assertEqual((room.get("filter_dirty"), room.has_alarm("filter_reminder")), (0, False))
        room.run(2 * MINUTE_MS)
        self.assertEqual((room.get("filter_dirty"), room.has_alarm("filter_reminder")), (1, True))
        self.assertEqual(room.level("indoor_fan"), 300)
        room.values["filter_key"] = 1
        room.step(1000)
        room.values["filter_key"] = 0
        room.step(5000)
        self.assertEqual(room.get("filter_dirty"), 1)
        room.values["filter_key"] = 1
        room.step(0)
        room.step(3000)
        room.step(0)
        self.assertEqual((room.get("filter_dirty"), room.has_alarm("filter_reminder")), (0, False))


HEALTHY = {
    "room_temperature": 260,
    "room_humidity": 50,
    "indoor_coil": 120,
    "outdoor_temperature": 300,
    "outdoor_coil": 450,
    "discharge_temperature": 700,
    "supply_current": 2000,
    "supply_voltage": 230,
    "pressure_switch": 0,
    "water_switch": 0,
    "indoor_fan_pulses": 30,
    "outdoor_fan_pulses": 30,
    "outdoor_unit": 1,
    "filter_key": 0,
    "unit_power": NOT_WIRED,
}
COOLS = {
    "compressor": 1,
    "compressor_speed": 1000,
    "four_way_valve": 0,
    "outdoor_fan": 1,
    "indoor_fan": 800,
    "indoor_fan_high": 1,
    "main_relay": 1,
    "aux_heater": 1,
}
IDLE = {
    "compressor": 0,
    "compressor_speed": 0,
    "aux_heater": 0,
    "outdoor_fan": 0,
    "indoor_fan": 0,
    "supply_current": 0,
}
HEATS = {"four_way_valve": 1}
BOOT_MS = 190000
# Without its fan, and so without auxiliary heat.
NO_FAN = {"indoor_fan": 0, "indoor_fan_high": 0, "aux_heater": 0}


def case(changes=None, ms=3000, before=None, before_ms=BOOT_MS):
    return RowCase(changes, ms, None, before, before_ms)


class ShortBreak(RowCase):
    """The changes hold for a second, then everything is wanted again for ms."""

    def play(self, bench):
        bench.run(self.before_ms)
        was_active = bench.locks.active
        bench.put(self.changes)
        bench.run(1000)
        bench.put(COOLS)
        bench.run(self.ms)
        return was_active


CASES = {
    "welded": case({"supply_current": 3000}, 12000, IDLE),
    "room_sensor": case({"room_temperature": OPEN}),
    "room_jumping": case({"room_temperature": 320}),
    "coil_sensor": case({"indoor_coil": OPEN}),
    "coil_jumping": case({"indoor_coil": 280}, 1000),
    "outdoor_sensor": case({"outdoor_temperature": OPEN}),
    "outdoor_coil_sensor": case({"outdoor_coil": MISSING}),
    "discharge_sensor": case({"discharge_temperature": OPEN}),
    "discharge_cold": case({"discharge_temperature": 340}, 902000),
    "over_current": case({"supply_current": 14000}, 4000),
    "current_meter": case({"supply_current": MISSING}, 4000),
    "voltage_low": case({"supply_voltage": 180}, 7000),
    "voltage_high": case({"supply_voltage": 270}, 7000),
    "voltage_meter": case({"supply_voltage": OPEN}, 4000),
    "pressure_switch": case({"pressure_switch": 1}),
    "pressure_silent": case({"pressure_switch": MISSING}),
    "coil_hot": case({"indoor_coil": 621}, 7000, {"indoor_coil": 600, "four_way_valve": 1}),
    "outdoor_coil_hot": case({"outdoor_coil": 651}, 7000),
    "discharge_hot": case({"discharge_temperature": 1151}, 7000),
    "no_effect": case({"indoor_coil": 240}, 602000),
    "cools_wrongly": case({"indoor_coil": 350}, 602000, {"indoor_coil": 300}),
    "heats_wrongly": case({"indoor_coil": 150}, 602000, {"indoor_coil": 200, "four_way_valve": 1}),
    "coil_freezes": case({"indoor_coil": -1}, 122000),
    "cold_without_fan": case({}, 780000, NO_FAN),
    "water_full": case({"water_switch": 1}, 7000),
    "water_unknown": case({"water_switch": MISSING}),
    "indoor_fan_stands": case({"indoor_fan_pulses": 0}, 22000),
    "indoor_fan_meter": case({"indoor_fan_pulses": MISSING}, 4000),
    "outdoor_fan_stands": case({"outdoor_fan_pulses": 0}, 22000),
    "outdoor_unit": case({"outdoor_unit": 0}, 12000),
    "outdoor_unit_unknown": case({"outdoor_unit": MISSING}),
    "loop_stalled": None,
    "fan_run_on": case(NO_FAN, 3000),
    "fan_run_on_low": case(NO_FAN, 3000),
    "tap_high": case({"indoor_fan": 0, "aux_heater": 0}, 62000),
    "one_tap_mid": case({"indoor_fan_mid": 1}),
    "one_tap_low": case({"indoor_fan_low": 1}),
    "main_first": case({"main_relay": 0}),
    "main_first_speed": case({"main_relay": 0}),
    "rest": case({}, 1000, before_ms=0),
    "rest_speed": ShortBreak({"compressor_speed": 0}, 170000, before_ms=BOOT_MS),
    "valve_stands": case(HEATS),
}
OUTPUT_TESTS = ("run_on", "needs", "min_off", "hold")


def make_rows(rows=ROWS):
    return RowBench(AirConditioner, rows, HEALTHY, COOLS)


class Rows(unittest.TestCase):
    """Each row trips as it says, lets go as it says, and is missed when it is not there."""

    def test_every_row_has_a_case(self):
        self.assertEqual(sorted(CASES), sorted(row[0] for row in ROWS))

    def test_each_condition_row_trips(self):
        for row in ROWS:
            wrong = CASES[row[0]]
            if wrong is None or row[2] in OUTPUT_TESTS:
                continue
            with self.subTest(row=row[0]):
                bench = make_rows()
                self.assertEqual(wrong.play(bench), 0)
                self.assertTrue(bench.locks.is_tripped(row[0]))
                self.assertEqual(bench.locks.active, bit(AirConditioner.TABLE.ALARMS, row[8]))
                for role, level in row[7]:
                    self.assertEqual(bench.levels()[role], level, role)

    def test_a_row_that_is_deleted_is_missed(self):
        for row in ROWS:
            wrong = CASES[row[0]]
            if wrong is None:
                continue
            with self.subTest(row=row[0]):
                seen = []
                for rows in (ROWS, without(ROWS, row[0])):
                    bench = make_rows(rows)
                    wrong.play(bench)
                    seen.append((bench.locks.active, bench.levels()))
                self.assertNotEqual(seen[0], seen[1])

    def test_each_condition_row_lets_go(self):
        for row in ROWS:
            wrong = CASES[row[0]]
            if wrong is None or row[2] in OUTPUT_TESTS:
                continue
            with self.subTest(row=row[0]):
                bench = make_rows()
                wrong.play(bench)
                bench.put(HEALTHY)
                bench.put(IDLE)
                bench.slice_ms = 10000
                bench.run(1900000)
                self.assertEqual(bench.locks.is_tripped(row[0]), row[9] == 1)
                bench.locks.reset()
                self.assertFalse(bench.locks.is_tripped(row[0]))

    def test_a_stalled_loop_stops_the_compressor(self):
        bench = make_rows()
        bench.run(BOOT_MS)
        self.assertEqual(bench.levels()["compressor"], 1)
        bench.locks.apply(60001, bench.inputs, bench.wanted)
        self.assertEqual((bench.levels()["compressor"], bench.levels()["aux_heater"]), (0, 0))

    def test_stop_alarms_stop_the_compressor(self):
        stop = 0
        for number, _name, severity, _source in AirConditioner.TABLE.ALARMS:
            stop |= (severity == "stop") << number
        for name, wrong in CASES.items():
            if wrong is not None:
                bench = make_rows()
                wrong.play(bench)
                if bench.locks.active & stop:
                    self.assertEqual(bench.levels()["compressor"], 0, name)
                    self.assertEqual(bench.levels()["compressor_speed"], 0, name)

    def test_an_inverter_turns_only_with_its_compressor_output(self):
        """All condition rows watch `compressor`: a speed alone would escape them."""
        bench = make_rows()
        bench.run(BOOT_MS)
        self.assertEqual(bench.levels()["compressor_speed"], 1000)
        bench.put({"compressor": 0})
        bench.run(1000)
        self.assertEqual((bench.levels()["compressor"], bench.levels()["compressor_speed"]), (0, 0))

    def test_taps_turn_only_with_the_fan_output(self):
        for tap in ("indoor_fan_low", "indoor_fan_mid", "indoor_fan_high"):
            bench = make_rows()
            bench.put({"indoor_fan_high": 0, "aux_heater": 0, tap: 1})
            bench.run(1000)
            self.assertEqual(bench.levels()[tap], 1)
            bench.put({"indoor_fan": 0})
            bench.run(1000)
            self.assertEqual(bench.levels()[tap], 0)

    def test_a_welded_compressor_is_kept_alive_by_its_fans(self):
        bench = make_rows()
        CASES["welded"].play(bench)
        levels = bench.levels()
        self.assertEqual((levels["main_relay"], levels["outdoor_fan"], levels["indoor_fan"]), (0, 1, 600))

    def test_fan_runs_on_a_minute_after_the_heater(self):
        bench = make_rows()
        bench.run(10000)
        bench.put(NO_FAN)
        bench.run(1000)
        self.assertEqual((bench.levels()["aux_heater"], bench.levels()["indoor_fan"]), (0, 300))
        bench.run(58000)
        self.assertEqual(bench.levels()["indoor_fan"], 300)
        bench.run(2000)
        self.assertEqual(bench.levels()["indoor_fan"], 0)


class Forbidden(unittest.TestCase):
    """Random inputs and wishes; what must never be is written here by hand, apart from the rows."""

    VALUES = {
        "room_temperature": (160, 200, 230, 260, 300, OPEN),
        "room_humidity": (40, 70, OPEN),
        "indoor_coil": (-20, 60, 120, 300, 400, 630, OPEN),
        "outdoor_temperature": (-100, 70, 300, OPEN),
        "outdoor_coil": (-120, -60, 50, 300, 660, MISSING),
        "discharge_temperature": (300, 700, 1200, OPEN),
        "supply_current": (0, 2000, 2000, 2000, 9000),
        "supply_voltage": (180, 230, 230, 270),
        "pressure_switch": (0, 0, 0, 1),
        "water_switch": (0, 0, 0, 1),
        "indoor_fan_pulses": (0, 30),
        "outdoor_fan_pulses": (0, 30),
        "outdoor_unit": (0, 1, 1),
        "filter_key": (0, 1),
    }

    def check(self, room, before, off_ms):
        runs = room.level("compressor") or room.level("compressor_speed")
        if runs and not before[0]:
            assert off_ms >= REST_MS, "started after %d ms" % off_ms
        if before[1] != room.level("four_way_valve"):
            assert not before[0] and not runs, "the valve moved under pressure"
        taps = room.level("indoor_fan_low") + room.level("indoor_fan_mid") + room.level("indoor_fan_high")
        assert taps <= 1, "two taps"
        if room.level("aux_heater"):
            assert room.level("indoor_fan"), "heater without fan"
        if runs:
            assert room.level("main_relay"), "compressor without the main relay"
            assert room.values["supply_current"] < 13000, "over-current"

    def test_random_life(self):
        dice = 1
        for slice_ms, throws in ((1000, 80), (20000, 250)):
            room = Room(ALL, slice_ms=slice_ms)
            room.physics = lambda ms: None
            room.values.update(HEALTHY)
            room.set(power=1, mode=COOL)
            ran = 0
            off_ms = 0
            for _ in range(throws):
                dice = (dice * 7621 + 1) % 32768
                if dice % 9 < 2:
                    role = AirConditioner.INPUTS[dice // 9 % 14]
                    values = self.VALUES[role]
                    room.values[role] = values[dice // 126 % len(values)]
                elif dice % 9 == 2:
                    room.set(mode=(COOL, HEAT, AUTO, DRY, FAN)[dice // 9 % 5])
                elif dice % 9 == 3:
                    room.set(power=0 if dice % 4 == 0 else 1, aux_heat=0)
                elif dice % 9 == 4:
                    room.set(aux_heat=1, fan_speed=dice // 9 % 6)
                    room.locks.reset()
                else:
                    room.values.update(HEALTHY)
                # Long enough after most throws for the compressor to start again.
                for _ in range(300000 // slice_ms if dice % 9 > 4 else 10):
                    before = (room.level("compressor"), room.level("four_way_valve"))
                    room.run(slice_ms)
                    off_ms = 0 if before[0] else off_ms + slice_ms
                    self.check(room, before, off_ms)
                    ran += room.level("compressor")
            self.assertGreater(ran, 20, slice_ms)


class Memory(unittest.TestCase):
    def test_a_step_allocates_nothing(self):
        for wired in (RELAY, INVERTER, ALL):
            room = Room(wired)
            for role in AirConditioner.INPUTS:
                room.values[role] = room.values.get(role, HEALTHY[role])
            room.set(power=1, mode=COOL, timer_off=100, sleep=1)
            for mode in range(5):
                room.set(mode=mode)
                for temperature in (160, 240, 300):
                    room.values["room_temperature"] = temperature
                    room.step(60000)
                    for elapsed_ms in (0, 100, 60000):
                        self.assertFalse(room.allocates(elapsed_ms), (wired, mode, elapsed_ms))
            room.set(power=0)
            room.set(self_clean=1)
            self.assertFalse(room.allocates(1000))
            room.loop.inputs[0] = OPEN
            self.assertFalse(room.allocates(1000))


if __name__ == "__main__":
    unittest.main()
