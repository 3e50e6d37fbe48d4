"""Light, buzzer and button of the device itself, on the whole device in memory. Runs on all interpreters."""

import unittest

from fake_hal import Bench

from rumpus.app import STEP_MS
from rumpus.drivers import buzzer, status_led
from rumpus.panel import HOLD_MS
from rumpus.ra.tables.messages import ONLY_NEW
from rumpus.wiring import PANEL

try:
    from micropython import heap_lock, heap_unlock
except ImportError:  # CPython promises nothing about its heap

    def heap_lock():
        pass

    def heap_unlock():
        pass


ROLES = (
    ("status_led", "status_led", "LED", ("active_high",)),
    ("status_buzzer", "buzzer", "BUZZER", ("active_high",)),
    ("service_button", "door_switch", "BUTTON", ("active_high", 50)),
)
LEAK = 1 << 5


class NoNotes:
    def append(self, _level):
        pass


class PanelTest(unittest.TestCase):
    def setUp(self):
        self.bench = Bench("water_heater", more_roles=ROLES)
        self.panel = self.bench.app.panel

    def light(self):
        return self.panel.levels[0]

    def sound(self):
        return self.panel.levels[1]

    def leak(self, *levels):
        for level in levels:
            self.bench.pin_of("leak_switch").level = level
            self.bench.run(5000)

    def hold(self, ms):
        self.bench.pin_of("service_button").level = 1
        self.bench.run(ms)
        self.bench.pin_of("service_button").level = 0
        self.bench.run(200)

    def test_it_lights_from_the_first_moment(self):
        self.assertEqual(self.bench.pin_of("status_led").level, 1)
        self.assertEqual(self.light(), status_led.BOOT)

    def test_from_no_network_to_all_is_well(self):
        self.bench.hal.online = False
        self.bench.run(1000)
        self.assertEqual(self.light(), status_led.NO_NETWORK)
        self.bench.hal.online = True
        self.bench.run(1000)
        self.assertEqual(self.light(), status_led.NO_CONTROLLER)
        self.bench.controller.say_hello(ONLY_NEW)
        self.bench.run(1000)
        self.assertEqual((self.light(), self.sound()), (status_led.STEADY, buzzer.SILENT))

    def test_identify_for_as_long_as_it_was_asked(self):
        self.bench.run(1000)
        self.bench.controller.control(("identify", 10))
        self.bench.run(5000)
        self.assertEqual((self.light(), self.sound()), (status_led.IDENTIFY, buzzer.IDENTIFY))
        shown = set(self.bench.pin_of("status_led").written[-20:])
        self.assertEqual(shown, {0, 1})
        self.bench.run(6000)
        self.assertEqual(
            self.light(), status_led.STEADY if self.bench.app.is_heard() else status_led.NO_CONTROLLER
        )

    def test_an_alarm_lights_until_it_is_over_and_sounds_for_a_minute(self):
        self.leak(1)
        self.assertEqual((self.light(), self.sound()), (status_led.ALARM, buzzer.ALARM))
        self.bench.run(60000)
        self.assertEqual((self.light(), self.sound()), (status_led.ALARM, buzzer.SILENT))

    def test_a_short_press_silences_and_clears_nothing(self):
        self.leak(1)
        self.hold(300)
        self.assertEqual((self.light(), self.sound()), (status_led.ALARM, buzzer.SILENT))
        self.leak(0)
        self.hold(HOLD_MS - 500)
        self.assertEqual(self.bench.app.interlocks.latched, LEAK)

    def test_a_long_press_clears_what_is_over(self):
        self.leak(1, 0)
        self.assertEqual(self.bench.app.interlocks.latched, LEAK)
        self.hold(HOLD_MS + STEP_MS)
        self.assertEqual(self.sound(), buzzer.KEY)
        self.assertEqual((self.bench.app.interlocks.latched, self.bench.app.log.active), (0, 0))
        self.assertEqual(self.bench.app.log.latched, 0)

    def test_a_long_press_does_not_clear_what_is_still_there(self):
        self.leak(1)
        self.hold(HOLD_MS + STEP_MS)
        self.assertEqual(self.sound(), buzzer.REFUSED)
        self.assertEqual(self.bench.app.interlocks.latched, LEAK)

    def test_a_jammed_button_clears_once_and_no_more(self):
        self.leak(1)
        self.bench.pin_of("service_button").level = 1
        self.bench.run(2 * HOLD_MS)
        self.leak(0)
        self.bench.run(10 * HOLD_MS)
        self.assertEqual(self.bench.app.interlocks.latched, LEAK)

    def test_the_child_lock_is_a_lock(self):
        self.leak(1, 0)
        self.bench.controller.control(("child_lock", 1))
        self.bench.run(500)
        self.hold(HOLD_MS + STEP_MS)
        self.assertEqual(self.sound(), buzzer.REFUSED)
        self.assertEqual(self.bench.app.interlocks.latched, LEAK)

    def test_off_is_dark_and_silent(self):
        self.leak(1)
        self.panel.off()
        self.assertEqual(
            (self.bench.pin_of("status_led").level, self.bench.pin_of("status_buzzer").level), (0, 0)
        )

    def test_a_step_allocates_nothing(self):
        self.bench.run(2000)
        for role in ("status_led", "status_buzzer"):
            self.bench.pin_of(role).written = NoNotes()
        heap_lock()
        try:
            for _ in range(20):
                self.panel.step(STEP_MS, self.bench.app)
        finally:
            heap_unlock()

    def test_without_such_parts_there_is_no_panel(self):
        self.assertEqual(Bench("water_heater").app.panel, None)
        self.assertEqual(sorted([row[0] for row in ROLES]), sorted(PANEL))

    def test_any_one_of_them_will_do(self):
        for row in ROLES:
            bench = Bench("water_heater", more_roles=(row,))
            bench.run(1000)
            self.assertEqual(bench.app.panel is None, False)


if __name__ == "__main__":
    unittest.main()
