"""A sensor whose voltage is proportional to what it measures: humidity, gas, a level, a pressure.

option: (zero reading, counts at full scale), as in (0, 100) for percent. Full scale is the reading 65535.
A part with a live zero (zero reading above 0) that reads below half of it is OPEN.
"""

from ..appliances.base import OPEN

NEEDS = "adc"

# Readings lose two bits so that their product with any scale up to 65000 stays below 2**30, where
# MicroPython's 32-bit integers start to allocate. That leaves more than any of these converters has.
_SHIFT = 2


def make(pin, option):
    return AnalogIn(pin, option[0], option[1])


class AnalogIn:
    """zero: reading that means 0. scale: counts at the reading 65535."""

    def __init__(self, pin, zero, scale):
        self.pin = pin
        self.zero = zero
        self.scale = scale
        self.span = 65535 - zero >> _SHIFT

    def read(self, elapsed_ms):
        """Counts, 0 below the zero reading, or OPEN. Allocates nothing."""
        reading = self.pin.read()
        if reading < self.zero // 2:
            return OPEN
        if reading <= self.zero:
            return 0
        return ((reading - self.zero >> _SHIFT) * self.scale + self.span // 2) // self.span
