"""An NTC thermistor between an ADC pin and ground, with a series resistor up to the supply.

option: (ohm at 25 degC, beta in kelvin, series ohm), as in (10000, 3950, 10000). The warmer, the lower
the reading. The curve is tabled once for all parts of one kind, as readings at equal steps of temperature:
reading is a binary search and a straight line, in integers, within 0.2 degC of the formula (tested).
"""

import math
from array import array

from ..appliances.base import OPEN, SHORT

NEEDS = "adc"

COLDEST = -480  # 0.1 degC, where the table starts
HOTTEST = 3040  # and ends, for the ovens
STEP = 40  # 4 degC: the widest that keeps the straight lines within 0.15 degC of the curve
RAIL = 131  # readings this close to a rail (0.2 %) are a fault of the wire, not a temperature

_tables = {}  # by option: a device has several parts of one kind, and a table is 150 bytes


def make(pin, option):
    if option not in _tables:
        _tables[option] = _table(option)
    return Ntc(pin, *_tables[option])


def _reading_at(counts, option):
    """The ADC reading 0..65535 at a temperature in 0.1 degC; the only floats of this driver."""
    ohm_25, beta, series_ohm = option
    kelvin = counts / 10 + 273.15
    ohm = ohm_25 * math.exp(beta * (1 / kelvin - 1 / 298.15))
    return int(65535 * ohm / (ohm + series_ohm) + 0.5)


def _table(option):
    """(temperature of the first reading in 0.1 degC, readings)."""
    first = HOTTEST
    readings = array("H")
    for counts in range(COLDEST, HOTTEST + 1, STEP):
        reading = _reading_at(counts, option)
        if reading < RAIL:
            break
        if reading <= 65535 - RAIL:
            first = min(first, counts)
            readings.append(reading)
    return first, readings


class Ntc:
    """first, readings: a table, see _table()."""

    def __init__(self, pin, first, readings):
        self.pin = pin
        self.first = first
        self.readings = readings

    def read(self, elapsed_ms):
        """The temperature in 0.1 degC, OPEN or SHORT. Allocates nothing."""
        reading = self.pin.read()
        readings = self.readings
        low = 0
        high = len(readings) - 1
        if reading > readings[low]:
            return OPEN
        if reading < readings[high]:
            return SHORT
        while high - low > 1:
            middle = (low + high) // 2
            if readings[middle] >= reading:
                low = middle
            else:
                high = middle
        span = readings[low] - readings[high]
        return self.first + low * STEP + ((readings[low] - reading) * STEP + span // 2) // span
