"""A buzzer with its own tone: a digital output that sounds in patterns.

option: ("active_high",) or ("active_low",). Level 0 is silent and 1 sounds for as long as it is wanted,
so that an appliance that makes its own beeps works with it; higher levels are patterns.
"""

from .pattern import Pattern

NEEDS = "signal_out"

SILENT, SOUND, KEY, DONE, REFUSED, ALARM, IDENTIFY = range(7)
# times (0 = for ever), on ms, off ms, ...
PATTERNS = (
    (0,),
    (0, 1000),
    (1, 60, 40),
    (3, 300, 300),
    (2, 80, 80),
    (0, 500, 500),
    (0, 100, 900),
)


def make(pin, option):
    return Pattern(pin, 0 if "active_low" in option else 1, PATTERNS)
