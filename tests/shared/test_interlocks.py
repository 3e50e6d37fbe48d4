"""The interlock engine, test by test and output row by output row. Runs on all interpreters."""

import unittest

from appliance_bench import heap_lock, heap_unlock

from rumpus.appliances.base import MISSING, NOT_READY, NOT_WIRED, OPEN, SHORT
from rumpus.interlocks import Interlocks

INPUTS = ("heat", "room", "door")
OUTPUTS = ("heater", "fan", "valve", "pump")
ALARMS = ((0, "hot", "stop", ""), (1, "sensor", "stop", ""), (2, "open", "warn", ""))


def make(*rows, **options):
    return Interlocks(rows, INPUTS, OUTPUTS, ALARMS, **options)


def row(
    test, limit, clear=0, for_ms=0, when=(), forces=(("heater", 0),), alarm="hot", latched=0, source="heat"
):
    return ("the_row", source, test, limit, clear, for_ms, when, forces, alarm, latched, "why")


class _Rows(unittest.TestCase):
    def start(self, *rows, **options):
        self.locks = make(*rows, **options)
        self.inputs = [200, 200, 0]
        self.wanted = [1, 0, 0, 0]
        self.apply(0)

    def apply(self, elapsed_ms, heat=None, **inputs):
        if heat is not None:
            self.inputs[0] = heat
        for name, value in inputs.items():
            self.inputs[INPUTS.index(name)] = value
        self.locks.apply(elapsed_ms, self.inputs, self.wanted)
        return self.locks.levels[0]


class ConditionRows(_Rows):
    def test_above_has_a_hysteresis(self):
        self.start(row("above", 800, 700))
        self.assertEqual(self.apply(1000, 800), 1)
        self.assertEqual(self.apply(1000, 801), 0)
        self.assertEqual(self.locks.active, 1)
        self.assertEqual(self.apply(1000, 701), 0)
        self.assertEqual(self.apply(1000, 700), 1)
        self.assertEqual(self.locks.active, 0)

    def test_below_has_a_hysteresis(self):
        self.start(row("below", 0, 50))
        self.assertEqual(self.apply(1000, 0), 1)
        self.assertEqual(self.apply(1000, -1), 0)
        self.assertEqual(self.apply(1000, 49), 0)
        self.assertEqual(self.apply(1000, 50), 1)

    def test_is_clears_after_its_time(self):
        self.start(row("is", 1, 3000, source="door"))
        self.assertEqual(self.apply(1000, door=1), 0)
        self.assertEqual(self.apply(1000, door=0), 0)
        self.assertEqual(self.apply(1000), 0)
        self.assertEqual(self.apply(1000), 1)

    def test_within_is_symmetric(self):
        self.start(row("within", 30, source=("heat", "room")))
        for heat, level in ((230, 1), (229, 0), (171, 0), (170, 1)):
            self.assertEqual(self.apply(1000, heat), level, heat)

    def test_a_pair_is_a_difference_and_needs_both(self):
        self.start(row("above", 100, 50, source=("heat", "room")))
        self.assertEqual(self.apply(1000, 301), 0)
        self.assertEqual(self.apply(1000, 301, room=OPEN), 0)
        self.assertEqual(self.apply(1000, 250, room=200), 1)
        self.assertEqual(self.apply(1000, 900, room=OPEN), 1)

    def test_fault_takes_any_code_but_not_wired(self):
        self.start(row("fault", 0, alarm="sensor"))
        for code in (OPEN, SHORT, MISSING, NOT_READY):
            self.assertEqual(self.apply(1000, code), 0, code)
            self.assertEqual(self.locks.active, 2)
            self.assertEqual(self.apply(1000, 200), 1)
        self.assertEqual(self.apply(1000, NOT_WIRED), 1)

    def test_fault_can_take_one_code(self):
        self.start(row("fault", SHORT))
        self.assertEqual(self.apply(1000, OPEN), 1)
        self.assertEqual(self.apply(1000, SHORT), 0)

    def test_for_ms_needs_the_condition_all_the_time(self):
        self.start(row("above", 800, 800, 2000))
        self.apply(1000, 900)
        self.assertEqual(self.apply(1999), 1)
        self.apply(100, 700)
        self.apply(1000, 900)
        self.assertEqual(self.apply(1999), 1)
        self.assertEqual(self.apply(1), 0)

    def test_reaction_is_within_for_ms_and_one_step(self):
        for slice_ms in (10, 100, 700, 1000, 5000):
            self.start(row("above", 800, 800, 2000))
            at_ms = 0
            while self.apply(slice_ms, 900):
                at_ms += slice_ms
            self.assertTrue(2000 - slice_ms <= at_ms <= 2000 + slice_ms, (slice_ms, at_ms))

    def test_a_fault_code_releases_no_row(self):
        for test, limit, bad in (("above", 800, 900), ("below", 0, -5), ("is", 7, 7), ("jump", 50, 900)):
            self.start(row(test, limit, limit))
            self.assertEqual(self.apply(1000, bad), 0, test)
            self.assertEqual(self.apply(1000, OPEN), 0, test)
            self.assertEqual(self.apply(60000, OPEN), 0, test)

    def test_unknown_names_are_refused(self):
        self.assertRaises(ValueError, make, row("above", 1, source="heet"))
        self.assertRaises(ValueError, make, row("abov", 1))
        self.assertRaises(ValueError, make, row("above", 1, forces=(("heeter", 0),)))
        self.assertRaises(ValueError, make, row("above", 1, when=(("heeter", 0),)))
        self.assertRaises(KeyError, make, row("above", 1, alarm="hott"))


class MovingRows(_Rows):
    def test_jump_is_a_change_between_two_samples(self):
        self.start(row("jump", 50, 5000))
        self.assertEqual(self.apply(100, 250), 1)
        self.assertEqual(self.apply(100, 301), 0)
        self.assertEqual(self.apply(4999, 301), 0)
        self.assertEqual(self.apply(1, 301), 1)

    def test_jump_allows_its_limit_for_each_second(self):
        self.start(row("jump", 50))
        self.assertEqual(self.apply(10000, 700), 1)
        self.assertEqual(self.apply(10000, 1201), 0)

    def test_jump_compares_nothing_with_a_fault(self):
        self.start(row("jump", 50))
        self.apply(100, OPEN)
        self.assertEqual(self.apply(100, 900), 1)

    def test_jump_again_prolongs(self):
        self.start(row("jump", 50, 5000))
        self.apply(100, 400)
        self.apply(3000, 400)
        self.apply(100, 200)
        self.assertEqual(self.apply(4000), 0)
        self.assertEqual(self.apply(1000), 1)

    def test_jump_at_the_first_sample_after_it_let_go(self):
        self.start(row("jump", 50, 5000))
        self.apply(100, 301)
        self.assertEqual(self.apply(5000, 301), 1)
        self.assertEqual(self.apply(100, 200), 0)

    def test_rise_looks_at_a_window(self):
        for slice_ms in (100, 1000, 10000):
            for per_minute, level in ((50, 1), (300, 0)):
                self.start(row("rise", 100, 0, 60000, latched=1))
                for n in range(120000 // slice_ms):
                    self.apply(slice_ms, 200 + per_minute * n * slice_ms // 60000)
                self.assertEqual(self.locks.levels[0], level, (slice_ms, per_minute))

    def test_rise_of_steps_longer_than_its_window(self):
        self.start(row("rise", 100, 0, 10000))
        self.assertEqual(self.apply(20000, 390), 1)
        self.assertEqual(self.apply(20000, 600), 0)

    def test_flat_lets_falling_and_rising_values_be(self):
        for per_minute, level in ((5, 1), (-5, 1), (0, 0)):
            self.start(row("flat", 3, 0, 600000, latched=1))
            for n in range(1200):
                self.apply(1000, 500 + per_minute * n // 60)
            self.assertEqual(self.locks.levels[0], level, per_minute)

    def test_stuck_sees_either_way(self):
        for amplitude, level in ((3, 1), (2, 0)):
            self.start(row("stuck", 3, 0, 600000, latched=1))
            for n in range(1200):
                self.apply(1000, 500 + amplitude * (n // 60 % 2))
            self.assertEqual(self.locks.levels[0], level, amplitude)

    def test_windows_start_again_with_when(self):
        self.start(row("flat", 3, 0, 60000, when=(("heater", 1),), latched=1))
        self.apply(50000)
        self.wanted[0] = 0
        self.apply(1000)
        self.apply(1000)
        self.wanted[0] = 1
        self.apply(1000)
        self.apply(50000)
        self.assertEqual(self.apply(59000), 1)
        self.assertEqual(self.apply(1000), 0)


class WhenAndTime(_Rows):
    def test_when_means_the_levels_of_the_elapsed_time(self):
        self.start(row("when", 0, 0, 5000, when=(("heater", 1),), latched=1))
        self.apply(1000)
        self.apply(4000)
        self.assertEqual(self.locks.levels[0], 1)
        self.assertEqual(self.apply(1000), 0)

    def test_when_zero_means_off_and_an_input_counts_too(self):
        self.start(row("when", 0, 0, 0, when=(("fan", 0), ("door", 1))))
        self.assertEqual(self.apply(1000), 1)
        self.assertEqual(self.apply(1000, door=1), 0)
        self.wanted[1] = 500
        self.apply(1000)
        self.assertEqual(self.apply(1000), 1)
        self.wanted[1] = 0
        self.apply(1000)
        self.assertEqual(self.apply(1000, door=OPEN), 1)

    def test_lost_controller_only_where_a_row_says_so(self):
        self.start()
        self.assertEqual(self.apply(1 << 28), 1)
        self.start(row("lost", 60000, 0, source=""))
        self.assertEqual(self.apply(60000), 1)
        self.assertEqual(self.apply(1), 0)
        self.locks.heard()
        self.assertEqual(self.apply(1), 1)

    def test_silence_does_not_outgrow_a_small_integer(self):
        self.start()
        for _ in range(10):
            self.apply(1 << 28)
        self.assertLess(self.locks.silent_ms, 1 << 30)

    def test_a_stalled_loop(self):
        self.start(row("stalled", 5000, 10000, source=""))
        self.assertEqual(self.apply(5000), 1)
        self.assertEqual(self.apply(5001), 0)
        self.assertEqual(self.apply(5000), 0)
        self.assertEqual(self.apply(5000), 1)


class LatchedRows(_Rows):
    def test_only_a_reset_clears_and_only_when_it_is_over(self):
        self.start(row("above", 800, 700, latched=1))
        self.apply(1000, 900)
        self.assertEqual((self.locks.active, self.locks.latched), (1, 1))
        self.assertEqual(self.locks.reset(), 1)
        self.assertEqual(self.apply(1000, 750), 0)
        self.assertEqual(self.locks.reset(), 1)
        self.assertEqual(self.apply(60000, 200), 0)
        self.assertEqual(self.locks.active, 1)
        self.assertEqual(self.locks.reset(), 0)
        self.assertEqual(self.apply(0), 1)
        self.assertEqual((self.locks.active, self.locks.latched), (0, 0))

    def test_what_is_not_latched_is_active_only(self):
        self.start(row("above", 800, 700))
        self.apply(1000, 900)
        self.assertEqual((self.locks.active, self.locks.latched), (1, 0))

    def test_reset_works_when_the_cause_cannot_be_seen_any_more(self):
        self.start(row("below", 100, 100, 5000, when=(("heater", 1),), latched=1))
        self.apply(1000, 0)
        self.apply(5000, 0)
        self.assertEqual(self.locks.latched, 1)
        self.apply(1000)
        self.assertEqual(self.locks.reset(), 0)

    def test_latched_rows_come_back_after_a_restart(self):
        self.start(row("above", 800, 700, latched=1), row("above", 500, 400, alarm="sensor"))
        self.locks.restore(3)
        self.assertEqual(self.apply(1000), 0)
        self.assertEqual((self.locks.active, self.locks.latched), (1, 1))
        self.assertTrue(self.locks.is_tripped("the_row"))
        self.assertEqual(self.locks.reset(), 0)


class Outputs(_Rows):
    def test_before_the_first_complete_inputs_everything_is_safe(self):
        self.locks = make(("safe", "fan", "safe", 0, 300, 0, (), (), None, 0, "why"))
        self.assertEqual(self.locks.levels, [0, 300, 0, 0])
        self.wanted = [1, 1, 1, 1]
        self.inputs = [200, NOT_READY, 0]
        self.apply(1000)
        self.assertEqual(self.locks.levels, [0, 300, 0, 0])
        self.apply(1000, room=NOT_WIRED)
        self.assertEqual(self.locks.levels, [1, 1, 1, 1])
        self.apply(1000, room=NOT_READY)
        self.assertEqual(self.locks.levels, [1, 1, 1, 1])

    def test_safe_on_demand(self):
        self.start(("safe", "fan", "safe", 0, 300, 0, (), (), None, 0, "why"))
        self.locks.apply(1000, self.inputs, self.wanted, True)
        self.assertEqual(self.locks.levels, [0, 300, 0, 0])

    def test_the_first_row_decides(self):
        on = row("above", 500, 400, forces=(("fan", 700),))
        off = row("above", 500, 400, forces=(("fan", 0), ("pump", 1)))
        for rows, fan in (((on, off), 700), ((off, on), 0)):
            self.start(*rows)
            self.apply(1000, 600)
            self.assertEqual(self.locks.levels, [1, fan, 0, 1])

    def test_a_forced_duty_cycle(self):
        self.start(row("fault", 0, forces=(("heater", 1, 3000, 7000),)))
        self.wanted[0] = 0
        seen = ""
        for _ in range(25):
            seen += str(self.apply(1000, OPEN))
        self.assertEqual(seen, "1110000000111000000011100")

    def test_min_off_counts_from_boot_with_jitter(self):
        self.start(("rest", "heater", "min_off", 3000, 0, 0, (), (), None, 0, "why"), jitter_ms=500)
        self.assertEqual(self.apply(3400), 0)
        self.assertEqual(self.apply(100), 1)
        self.wanted[0] = 0
        self.assertEqual(self.apply(1000), 0)
        self.wanted[0] = 1
        self.assertEqual(self.apply(2999), 0)
        self.assertEqual(self.apply(1), 1)

    def test_min_off_does_not_hold_an_output_on(self):
        self.start(("rest", "heater", "min_off", 3000, 0, 0, (), (), None, 0, "why"))
        self.apply(3000)
        self.assertEqual(self.apply(100), 1)
        self.wanted[0] = 0
        self.assertEqual(self.apply(100), 0)

    def test_min_off_holds_back_a_duty_cycle(self):
        rest = ("rest", "heater", "min_off", 5000, 0, 0, (), (), None, 0, "why")
        self.start(row("fault", 0, forces=(("heater", 1, 3000, 3000),)), rest)
        self.wanted[0] = 0
        seen = ""
        for _ in range(16):
            seen += str(self.apply(1000, OPEN))
        self.assertEqual(seen, "0000001110000010")

    def test_run_on_after_the_heater(self):
        self.start(("cool", "fan", "run_on", 3000, 400, 0, (("heater", 1),), (), None, 0, "why"))
        self.assertEqual(self.locks.levels[1], 400)
        self.wanted[0] = 0
        self.apply(1000)
        self.apply(2000)
        self.assertEqual(self.locks.levels[1], 400)
        self.apply(1000)
        self.assertEqual(self.locks.levels[1], 0)

    def test_run_on_after_a_trip_and_in_the_safe_state(self):
        cool = ("cool", "fan", "run_on", 3000, 400, 0, (("heater", 1),), (), None, 0, "why")
        self.start(row("above", 500, 400), cool)
        self.apply(1000, 600)
        self.assertEqual(self.locks.levels, [0, 400, 0, 0])
        self.start(cool)
        self.locks.apply(1000, self.inputs, self.wanted, True)
        self.assertEqual(self.locks.levels, [0, 400, 0, 0])

    def test_a_condition_row_beats_run_on(self):
        cool = ("cool", "fan", "run_on", 3000, 400, 0, (("heater", 1),), (), None, 0, "why")
        self.start(row("above", 500, 400, forces=(("fan", 0),)), cool)
        self.apply(1000, 600)
        self.assertEqual(self.locks.levels[1], 0)

    def test_needs_looks_at_the_levels_that_come(self):
        self.start(("air", "heater", "needs", 0, 0, 0, (("fan", 300),), (), None, 0, "why"))
        self.assertEqual(self.locks.levels[0], 0)
        self.wanted[1] = 300
        self.assertEqual(self.apply(1000), 1)
        self.wanted[1] = 299
        self.assertEqual(self.apply(1000), 0)

    def test_hold_keeps_a_valve_while_the_pump_runs_and_after(self):
        self.start(("stand", "valve", "hold", 2000, 0, 0, (("pump", 1),), (), None, 0, "why"))
        self.wanted[3] = 1
        self.wanted[2] = 1
        self.apply(1000)
        self.assertEqual(self.locks.levels[2:], [0, 1])
        self.wanted[3] = 0
        self.apply(1000)
        self.assertEqual(self.locks.levels[2:], [0, 0])
        self.apply(1999)
        self.assertEqual(self.locks.levels[2], 0)
        self.apply(1)
        self.assertEqual(self.locks.levels[2], 1)

    def test_hold_stands_in_the_safe_state_too(self):
        self.start(("stand", "valve", "hold", 2000, 0, 0, (("pump", 1),), (), None, 0, "why"))
        self.wanted[2] = 1
        self.apply(1000)
        self.wanted[3] = 1
        self.apply(1000)
        self.locks.apply(1000, self.inputs, self.wanted, True)
        self.assertEqual(self.locks.levels[2:], [1, 0])


class Memory(unittest.TestCase):
    def test_apply_allocates_nothing(self):
        tests = (
            "above",
            "below",
            "is",
            "within",
            "fault",
            "jump",
            "rise",
            "flat",
            "stuck",
            "when",
            "lost",
            "stalled",
        )
        when = (("heater", 1), ("door", 0))
        rows = [row(test, 100, 50, 5000, when, (("heater", 0), ("fan", 1, 100, 100))) for test in tests]
        rows += [row(test, 100, latched=1) for test in ("above", "fault")]
        for test in ("min_off", "needs", "run_on", "hold"):
            rows.append(("out", "valve", test, 2000, 1, 0, when, (), None, 0, "why"))
        locks = make(*rows)
        wanted = [1, 1, 1, 1]
        inputs = [200, 200, 0]
        values = (200, 500, OPEN, -400, NOT_READY, 200)
        locks.apply(0, inputs, wanted)
        heap_lock()
        try:
            for value in values:
                inputs[0] = value
                for elapsed_ms in (0, 100, 1000, 60000):
                    locks.apply(elapsed_ms, inputs, wanted)
            locks.heard()
            locks.reset()
            locks.restore(1)
        finally:
            heap_unlock()
        self.assertEqual(locks.latched, 1)


if __name__ == "__main__":
    unittest.main()
