"""Buzzer and status LED: when they are on, in steps of any length. Runs on all interpreters."""

import unittest

from rumpus.drivers import buzzer, status_led

try:
    from micropython import heap_lock, heap_unlock
except ImportError:  # CPython promises nothing about its heap

    def heap_lock():
        pass

    def heap_unlock():
        pass


class Pin:
    def __init__(self):
        self.level = -1

    def write(self, level):
        self.level = level


class _Pattern(unittest.TestCase):
    def shape(self, driver, level, ms, step_ms=10, option=("active_high",)):
        """On and off times in turn, on first, as the pin shows them."""
        pin = Pin()
        part = driver.make(pin, option)
        active = 0 if "active_low" in option else 1
        self.assertEqual(pin.level, 1 - active)
        times = []
        was = None
        for _ in range(0, ms, step_ms):
            part.write(level, step_ms if times else 0)
            if (pin.level == active) != was:
                was = pin.level == active
                times.append(0)
            times[-1] += step_ms
        part.off()
        self.assertEqual(pin.level, 1 - active)
        return times


class BuzzerTest(_Pattern):
    def test_level_1_sounds_while_it_is_wanted(self):
        self.assertEqual(self.shape(buzzer, buzzer.SOUND, 5000), [5000])

    def test_patterns_end_by_themselves(self):
        self.assertEqual(self.shape(buzzer, buzzer.KEY, 1000), [60, 940])
        self.assertEqual(self.shape(buzzer, buzzer.DONE, 5000), [300, 300, 300, 300, 300, 3500])
        self.assertEqual(self.shape(buzzer, buzzer.REFUSED, 1000), [80, 80, 80, 760])

    def test_alarm_goes_on(self):
        self.assertEqual(self.shape(buzzer, buzzer.ALARM, 3000), [500] * 6)

    def test_active_low(self):
        self.assertEqual(self.shape(buzzer, buzzer.KEY, 1000, 10, ("active_low",)), [60, 940])

    def test_the_same_pattern_again_needs_silence_between(self):
        pin = Pin()
        part = buzzer.make(pin, ("active_high",))
        part.write(buzzer.KEY, 100)
        part.write(buzzer.KEY, 100)
        self.assertEqual(pin.level, 0)
        part.write(buzzer.SILENT, 100)
        part.write(buzzer.KEY, 100)
        self.assertEqual(pin.level, 1)

    def test_levels_outside_the_table(self):
        pin = Pin()
        part = buzzer.make(pin, ("active_high",))
        for level in (-5, 1000):
            part.write(level, 100)
        self.assertEqual(part.level, len(buzzer.PATTERNS) - 1)


class StatusLedTest(_Pattern):
    def test_patterns(self):
        self.assertEqual(self.shape(status_led, status_led.DARK, 3000), [3000])
        self.assertEqual(self.shape(status_led, status_led.STEADY, 3000), [3000])
        self.assertEqual(self.shape(status_led, status_led.IDENTIFY, 1000), [100] * 10)
        self.assertEqual(self.shape(status_led, status_led.NO_CONTROLLER, 4000), [50, 1950, 50, 1950])
        self.assertEqual(self.shape(status_led, status_led.NO_NETWORK, 2000), [50, 200, 50, 1700])
        self.assertEqual(self.shape(status_led, status_led.BOOT, 2000), [500] * 4)
        alarm = [150, 150, 150, 150, 150, 1050]
        self.assertEqual(self.shape(status_led, status_led.ALARM, 3600), alarm * 2)

    def test_long_steps_keep_the_phase(self):
        pin = Pin()
        part = status_led.make(pin, ("active_high",))
        part.write(status_led.IDENTIFY, 0)
        for elapsed_ms, level in ((60000, 1), (60100, 0), (100, 1), (12345, 0)):
            part.write(status_led.IDENTIFY, elapsed_ms)
            self.assertEqual(pin.level, level, elapsed_ms)

    def test_who_comes_first(self):
        rows = (
            (1, 1, 1, 0, 0, "IDENTIFY"),
            (0, 1, 1, 0, 0, "BOOT"),
            (0, 0, 1, 0, 0, "ALARM"),
            (0, 0, 0, 0, 0, "NO_NETWORK"),
            (0, 0, 0, 0, 1, "NO_NETWORK"),
            (0, 0, 0, 1, 0, "NO_CONTROLLER"),
            (0, 0, 0, 1, 1, "STEADY"),
        )
        for row in rows:
            self.assertEqual(status_led.level_for(*row[:-1]), getattr(status_led, row[-1]))

    def test_allocates_nothing(self):
        part = status_led.make(Pin(), ("active_high",))
        heap_lock()
        for _ in range(50):
            part.write(status_led.level_for(0, 0, 1, 1, 1), 137)
        heap_unlock()


if __name__ == "__main__":
    unittest.main()
