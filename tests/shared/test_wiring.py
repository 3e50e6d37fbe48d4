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
