"""Pin names of a wiring file: as printed on the board, with what else the kind of pin needs.

"IO4"          one pin
"IO21/IO22"    an I2C bus: data / clock
"IO5@25000"    a PWM pin and its frequency in hertz
"""

DEFAULT_PWM_HZ = 1000
_PREFIXES = ("GPIO", "IO", "GP")


def number_of(name):
    """ "IO21", "GPIO21", "GP21" or "21" -> 21; any other name stays as it is, for the port to know."""
    for prefix in _PREFIXES:
        if name[: len(prefix)] == prefix:
            name = name[len(prefix) :]
            break
    try:
        return int(name)
    except ValueError:
        return name


def pwm_parts(name):
    """ "IO5@25000" -> ("IO5", 25000)."""
    pin, _at, hertz = name.partition("@")
    return pin, int(hertz) if hertz else DEFAULT_PWM_HZ


def i2c_parts(name):
    """ "IO21/IO22" -> ("IO21", "IO22"). Raises ValueError."""
    data, slash, clock = name.partition("/")
    if not slash:
        raise ValueError("an I2C pin is written data/clock: " + name)
    return data, clock
