"""From rows to drivers: inputs are read, corrected, and faults stay faults."""

import unittest

from rumpus.appliances.base import MISSING, NOT_WIRED, OPEN, SHORT
from rumpus.wiring import Wiring


class Part:
    def __init__(self, value):
        self.value = value

    def read(self, elapsed_ms):
        return self.value


def read(values, offsets):
    roles = [["r" + str(i), Part(value), "", ()] for i, value in enumerate(values)]
    names = ["r" + str(i) for i in range(len(values) + 1)]
    found = [0] * len(names)
    Wiring(None, roles, names, (), offsets).read(found, 100)
    return found


class OffsetTest(unittest.TestCase):
    def test_a_sensor_is_corrected_by_its_offset(self):
        self.assertEqual(read([550, -180], {"r0": -5, "r1": 12}), [545, -168, NOT_WIRED])
        self.assertEqual(read([550, -180], None), [550, -180, NOT_WIRED])

    def test_a_fault_stays_a_fault(self):
        for offset in (-50, 50):
            self.assertEqual(
                read([OPEN, SHORT, MISSING], {"r0": offset, "r1": offset, "r2": offset, "r3": offset}),
                [OPEN, SHORT, MISSING, NOT_WIRED],
            )


class Output:
    """An output whose off() fails the first times."""

    def __init__(self, failures=0, error=None):
        self.failures = failures
        self.error = error or OSError(5)
        self.is_on = True

    def off(self):
        if self.failures:
            self.failures -= 1
            raise self.error
        self.is_on = False


def wire_outputs(parts):
    names = tuple(["output_%d" % i for i in range(len(parts))])
    return Wiring(None, [[name, part, "", ""] for name, part in zip(names, parts)], (), names)


class Off(unittest.TestCase):
    def test_an_interrupted_part_is_switched_off_again_and_nobody_hears_of_it(self):
        parts = Output(), Output(1, KeyboardInterrupt()), Output()
        wire_outputs(parts).off()
        self.assertEqual([part.is_on for part in parts], [False, False, False])

    def test_a_broken_part_keeps_no_other_one_on_and_is_told(self):
        parts = Output(9), Output(), Output()
        with self.assertRaises(OSError):
            wire_outputs(parts).off()
        self.assertEqual([part.is_on for part in parts], [True, False, False])
