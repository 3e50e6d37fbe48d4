"""Drivers of the plain parts, with pins that are lists of readings. Runs on all interpreters."""

import math
import unittest

from rumpus.appliances.base import OPEN, SHORT
from rumpus.drivers import analog_in, current_sensor, door_switch, flow_meter, ntc, pwm_out, relay, ssr

try:
    from micropython import heap_lock, heap_unlock
except ImportError:  # CPython promises nothing about its heap

    def heap_lock():
        pass

    def heap_unlock():
        pass


class Pin:
    """Any pin: what the bench side sets is read, what the driver writes is kept."""

    def __init__(self, level=0):
        self.level = level

    def read(self):
        return self.level

    def take(self):
        level = self.level
        self.level = 0
        return level

    def write(self, level):
        self.level = level


NTC_10K = (10000, 3950, 10000)
NTC_OVEN = (100000, 3950, 1000)


def formula(option, counts):
    """The reading at a temperature in 0.1 degC, from the definition of beta."""
    ohm = option[0] * math.exp(option[1] * (1 / (counts / 10 + 273.15) - 1 / 298.15))
    return int(round(65535 * ohm / (ohm + option[2])))


class RelayTest(unittest.TestCase):
    def test_making_one_switches_it_off(self):
        for option, off in ((("active_high",), 0), (("active_low",), 1)):
            pin = Pin(1 - off)
            relay.make(pin, option)
            self.assertEqual(pin.level, off)

    def test_any_level_above_0_switches_on(self):
        for option, on in ((("active_high",), 1), (("active_low",), 0)):
            pin = Pin()
            part = relay.make(pin, option)
            for level in (1, 1000):
                part.write(level)
                self.assertEqual(pin.level, on)
                part.write(0)
                self.assertEqual(pin.level, 1 - on)
            part.write(1)
            part.off()
            self.assertEqual(pin.level, 1 - on)


class PwmOutTest(unittest.TestCase):
    def test_levels_become_duties(self):
        pin = Pin()
        part = pwm_out.make(pin, ("active_high",))
        for level, duty in ((0, 0), (500, 32767), (1000, 65535), (-5, 0), (1001, 65535)):
            part.write(level)
            self.assertEqual(pin.level, duty)

    def test_inverting_stage_is_off_at_full_duty(self):
        pin = Pin()
        part = pwm_out.make(pin, ("active_low",))
        self.assertEqual(pin.level, 65535)
        part.write(1000)
        self.assertEqual(pin.level, 0)
        part.off()
        self.assertEqual(pin.level, 65535)


class SsrTest(unittest.TestCase):
    def shares(self, level, steps_ms, window_ms=2000, total_ms=600000):
        """Part of the time that it was on, in per mille, and the shortest pulse either way in ms."""
        pin = Pin()
        part = ssr.make(pin, ("active_high", window_ms))
        on_ms = run_ms = at_ms = i = 0
        shortest_ms = total_ms
        was = 0
        while at_ms < total_ms:
            step_ms = steps_ms[i % len(steps_ms)]
            i += 1
            at_ms += step_ms
            run_ms += step_ms
            on_ms += step_ms * was
            part.write(level, step_ms)
            if pin.level != was:
                if at_ms > window_ms:
                    shortest_ms = min(shortest_ms, run_ms)
                run_ms = 0
                was = pin.level
        return on_ms * 1000 // at_ms, shortest_ms

    def test_mean_power_is_exact_for_even_and_uneven_steps(self):
        for steps_ms in ((10,), (100,), (100, 0, 7, 350)):
            for level in (50, 250, 333, 500, 900, 975):
                share, _shortest_ms = self.shares(level, steps_ms)
                self.assertTrue(abs(share - level) <= 8, (steps_ms, level, share))

    def test_pulses_are_never_shorter_than_a_quarter_window(self):
        for level in (10, 250, 500, 990):
            _share, shortest_ms = self.shares(level, (10,))
            self.assertTrue(shortest_ms >= 500, (level, shortest_ms))

    def test_half_power_turns_once_in_a_window(self):
        _share, shortest_ms = self.shares(500, (10,))
        self.assertEqual(shortest_ms, 1000)

    def test_none_and_full_act_at_once(self):
        pin = Pin()
        part = ssr.make(pin, ("active_high", 2000))
        part.write(1000)
        self.assertEqual(pin.level, 1)
        part.write(0)
        self.assertEqual(pin.level, 0)
        part.write(1000)
        part.off()
        self.assertEqual(pin.level, 0)

    def test_active_low_starts_off(self):
        pin = Pin()
        part = ssr.make(pin, ("active_low", 2000))
        self.assertEqual(pin.level, 1)
        part.write(1000)
        self.assertEqual(pin.level, 0)

    def test_a_long_stall_is_not_made_good(self):
        pin = Pin()
        part = ssr.make(pin, ("active_high", 2000))
        part.write(900, 60000)
        on_ms = 0
        while pin.level and on_ms < 60000:
            part.write(100, 100)
            on_ms += 100
        self.assertTrue(on_ms <= 3000, on_ms)


class NtcTest(unittest.TestCase):
    def check_range(self, option, low, high):
        pin = Pin()
        part = ntc.make(pin, option)
        for counts in range(low, high + 1):
            pin.level = formula(option, counts)
            self.assertTrue(abs(part.read(0) - counts) <= 2, (option, counts, part.read(0)))

    def test_within_0_2_degC_of_the_formula(self):
        self.check_range(NTC_10K, -400, 1500)
        self.check_range((10000, 3435, 10000), -400, 1250)
        self.check_range((5000, 3470, 5100), -400, 1000)

    def test_oven_sensor_within_0_2_degC_of_the_formula(self):
        self.check_range(NTC_OVEN, 200, 3000)

    def test_parts_of_one_kind_share_their_table_and_others_do_not(self):
        one, other = ntc.make(Pin(), NTC_10K), ntc.make(Pin(), NTC_10K)
        self.assertTrue(one.readings is other.readings)
        self.assertEqual(one.first, other.first)
        self.assertTrue(ntc.make(Pin(), NTC_OVEN).readings is not one.readings)

    def test_rails_are_faults(self):
        for option in (NTC_10K, NTC_OVEN):
            pin = Pin(65535)
            part = ntc.make(pin, option)
            self.assertEqual(part.read(0), OPEN)
            pin.level = 65535 - 60
            self.assertEqual(part.read(0), OPEN)
            pin.level = 60
            self.assertEqual(part.read(0), SHORT)
            pin.level = 0
            self.assertEqual(part.read(0), SHORT)

    def test_every_reading_is_a_temperature_or_a_fault_and_falls_steadily(self):
        pin = Pin()
        part = ntc.make(pin, NTC_10K)
        last = 3041
        for reading in range(0, 65536, 13):
            pin.level = reading
            value = part.read(0)
            if value != OPEN and value != SHORT:
                self.assertTrue(-480 <= value <= last, (reading, value))
                last = value


class DoorSwitchTest(unittest.TestCase):
    def test_opening_counts_at_once(self):
        pin = Pin(0)
        part = door_switch.make(pin, ("active_high", 50))
        self.assertEqual(part.read(10), 0)
        pin.level = 1
        self.assertEqual(part.read(0), 1)

    def test_closing_counts_when_it_lasts(self):
        pin = Pin(1)
        part = door_switch.make(pin, ("active_high", 50))
        self.assertEqual(part.read(0), 1)
        pin.level = 0
        self.assertEqual([part.read(20) for _ in range(5)], [1, 1, 1, 0, 0])

    def test_a_bounce_starts_the_wait_again(self):
        pin = Pin(1)
        part = door_switch.make(pin, ("active_high", 50))
        part.read(0)
        seen = []
        for level in (0, 0, 0, 1, 0, 0, 0, 0, 0):
            pin.level = level
            seen.append(part.read(20))
        self.assertEqual(seen, [1, 1, 1, 1, 1, 1, 1, 0, 0])

    def test_the_first_reading_counts_at_once(self):
        for level in (0, 1):
            part = door_switch.make(Pin(level), ("active_low", 50))
            self.assertEqual(part.read(0), 1 - level)

    def test_active_low(self):
        pin = Pin(0)
        part = door_switch.make(pin, ("active_low", 0))
        self.assertEqual(part.read(0), 1)
        pin.level = 1
        self.assertEqual(part.read(0), 0)


class FlowMeterTest(unittest.TestCase):
    def test_pulses_of_a_window_become_a_flow(self):
        pin = Pin()
        part = flow_meter.make(pin, ("rate", 450, 1000))
        seen = []
        for pulses in (4, 4, 4, 3, 0):  # 15 pulses in 1 s are 2 L/min
            pin.level = pulses
            seen.append(part.read(250))
        self.assertEqual(seen, [0, 0, 0, 20, 20])
        for _ in range(4):
            last = part.read(250)
        self.assertEqual(last, 0)

    def test_a_long_step_is_its_own_window(self):
        pin = Pin(450)
        part = flow_meter.make(pin, ("rate", 450, 1000))
        self.assertEqual(part.read(60000), 10)

    def test_pulses_are_given_as_they_come(self):
        pin = Pin(7)
        part = flow_meter.make(pin, ("pulses", 450))
        self.assertEqual([part.read(100), part.read(100)], [7, 0])

    def test_take_gives_each_pulse_once(self):
        pin = Pin(7)
        part = flow_meter.make(pin, ("rate", 450, 1000))
        part.read(100)
        pin.level = 5
        part.read(100)
        self.assertEqual(part.take(), 12)
        self.assertEqual(part.take(), 0)


class AnalogInTest(unittest.TestCase):
    def test_readings_become_counts(self):
        pin = Pin()
        part = analog_in.make(pin, (0, 100))
        for reading, value in ((0, 0), (32768, 50), (65535, 100)):
            pin.level = reading
            self.assertEqual(part.read(0), value)


class CurrentSensorTest(unittest.TestCase):
    def test_readings_become_mA(self):
        pin = Pin()
        part = current_sensor.make(pin, ("mA", 0, 100))
        for reading, value in ((0, 0), (32768, 50), (65535, 100)):
            pin.level = reading
            self.assertEqual(part.read(0), value)

    def test_leakage_in_tenths(self):
        part = current_sensor.make(Pin(32768), ("0.1mA", 0, 1000))
        self.assertEqual(part.read(0), 500)

    def test_readings_become_W_at_the_mains_voltage(self):
        pin = Pin(65535)
        part = current_sensor.make(pin, ("W", 0, 30000, 230))
        self.assertEqual(part.read(0), 6900)
        pin.level = 19000
        self.assertTrue(abs(part.read(0) - 2000) <= 1)

    def test_zero_offset_and_live_zero(self):
        pin = Pin()
        part = current_sensor.make(pin, ("mA", 13107, 20000))
        for reading, value in ((13107, 0), (12000, 0), (6553, 0), (6552, OPEN), (0, OPEN), (65535, 20000)):
            pin.level = reading
            self.assertEqual(part.read(0), value)
        pin.level = 39321
        self.assertTrue(abs(part.read(0) - 10000) <= 2)


class AllocationTest(unittest.TestCase):
    def test_reading_and_writing_allocate_nothing(self):
        pin = Pin(30000)
        readers = [
            ntc.make(pin, NTC_10K),
            door_switch.make(pin, ("active_high", 50)),
            flow_meter.make(pin, ("rate", 450, 1000)),
            flow_meter.make(pin, ("pulses", 450)),
            current_sensor.make(pin, ("W", 0, 65000, 1000)),
        ]
        writers = [
            relay.make(Pin(), ("active_high",)),
            ssr.make(Pin(), ("active_high", 120000)),
            pwm_out.make(Pin(), ("active_low",)),
        ]
        readings = (65535, 13500, 1, 0)
        levels = (0, 1, 500, 999, 1000)
        heap_lock()
        try:
            for reading in readings:
                for part in readers:
                    pin.level = reading
                    part.read(60000)
            for level in levels:
                for part in writers:
                    part.write(level, 60000)
                    part.write(level, 60000)
                    part.write(level)
                    part.off()
        finally:
            heap_unlock()


if __name__ == "__main__":
    unittest.main()
