"""The status LED of a board: one colour, several patterns.

option: ("active_high",) or ("active_low",). Level 0 is dark and 1 lights steadily: all is well and a
controller is connected. level_for() chooses among the others; identify comes first, because somebody is
standing there looking for the device.
"""

from .pattern import Pattern

NEEDS = "digital_out"

DARK, STEADY, IDENTIFY, ALARM, OFFLINE = range(5)
# times (0 = for ever), on ms, off ms, ...
PATTERNS = (
    (0,),
    (0, 1000),
    (0, 100, 100),
    (0, 150, 150, 150, 150, 150, 1050),
    (0, 50, 1950),
)


def make(pin, option):
    return Pattern(pin, 0 if "active_low" in option else 1, PATTERNS)


def level_for(is_identifying, has_alarm, is_connected):
    """The level for these three facts. Allocates nothing."""
    if is_identifying:
        return IDENTIFY
    if has_alarm:
        return ALARM
    return STEADY if is_connected else OFFLINE
