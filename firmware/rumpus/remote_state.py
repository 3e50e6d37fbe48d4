"""All that an air conditioner's remote control says, as one small integer: 0 is off.

The level of the output `remote`: the appliance packs it, the driver of the infrared transmitter takes it
apart. Values are counts of the fields of the same names, see rump/tables/air_conditioner.py.
"""

POWER, MODE, FAN, VERTICAL, HORIZONTAL, TARGET = range(6)
_AT = (0, 1, 4, 7, 10, 13)
_MASK = (1, 7, 7, 7, 7, 511)


def pack(mode, target, fan, vertical, horizontal):
    """The level that means "on, like this". Counts of mode, target_temperature, fan_speed,
    swing_vertical, swing_horizontal. Below 2**22; allocates nothing."""
    return 1 | mode << 1 | fan << 4 | vertical << 7 | horizontal << 10 | target << 13


def unpack(level, what):
    """One value of a level: what is POWER, MODE, ... Allocates nothing."""
    return level >> _AT[what] & _MASK[what]
