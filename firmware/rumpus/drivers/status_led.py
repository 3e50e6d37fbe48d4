"""The status LED of a device: one colour, several patterns.

option: ("active_high",) or ("active_low",). Level 0 is dark and 1 lights steadily: all is well and a
controller is connected. level_for() chooses among the others. A firmware that hangs leaves the LED as it
is, lit or dark; while it starts the LED lights, because every pattern begins with light.
"""

from .pattern import Pattern

NEEDS = "signal_out"

DARK, STEADY, IDENTIFY, ALARM, NO_CONTROLLER, NO_NETWORK, BOOT = range(7)
# times (0 = for ever), on ms, off ms, ...
PATTERNS = (
    (0,),
    (0, 1000),
    (0, 100, 100),
    (0, 150, 150, 150, 150, 150, 1050),
    (0, 50, 1950),
    (0, 50, 200, 50, 1700),
    (0, 500, 500),
)


def make(pin, option):
    return Pattern(pin, 0 if "active_low" in option else 1, PATTERNS)


def level_for(is_identifying, is_starting, has_alarm, is_online, is_connected):
    """The level for these facts, the first that holds: identify before all, because somebody stands there
    looking for the device. Allocates nothing."""
    if is_identifying:
        return IDENTIFY
    if is_starting:
        return BOOT
    if has_alarm:
        return ALARM
    if not is_online:
        return NO_NETWORK
    return STEADY if is_connected else NO_CONTROLLER
