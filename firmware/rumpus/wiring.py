"""From the rows of a board's wiring file to drivers: which part hangs at which pin.

A row is (role, driver, pin, option); roles are the names in an appliance's INPUTS and OUTPUTS. Only
the drivers named are imported.
"""

from .appliances.base import FAULTS, NOT_WIRED

# Roles of the device itself, apart from its appliance: panel.py.
PANEL = ("status_led", "status_buzzer", "service_button")


def load(path, names):
    """The module `path` (dotted), imported with the given names."""
    return __import__(path, None, None, names)


def made(hal, roles):
    """Rows with a driver in the place of each driver's name; as lists, so that they are known to be made.
    Making an output driver switches it off."""
    return [row if isinstance(row, list) else _made(hal, row) for row in roles]


def _made(hal, row):
    role, driver, pin, option = row
    module = load("rumpus.drivers." + driver, ("make",))
    return [role, module.make(hal.pin(module.NEEDS, pin), option), pin, option]


class Wiring:
    """hal makes the pins; roles: rows, as written or as made() made them; inputs, outputs: role names of
    the appliance. offsets: counts that are added to an input, by role: a sensor's correction."""

    def __init__(self, hal, roles, inputs, outputs, offsets=None):
        roles = made(hal, roles)
        self.names = [row[0] for row in roles]
        for row in roles:  # a remote control moves parts that have no pin here
            self.names += getattr(row[1], "PROVIDES", ())
        self._readers = _parts(roles, inputs)
        self._writers = _parts(roles, outputs)
        self._offsets = [(offsets or {}).get(name, 0) for name in inputs]

    def excuse(self, outputs, hazards):
        """All outputs but the hazards may be on while the loop stands still."""
        for i in range(len(outputs)):
            if self._writers[i] and outputs[i] not in hazards:
                self._writers[i].pin.is_hazard = False

    def read(self, values, elapsed_ms):
        """Put the value or fault code of each input into values."""
        readers = self._readers
        for i in range(len(readers)):
            value = readers[i].read(elapsed_ms) if readers[i] else NOT_WIRED
            values[i] = value if value <= FAULTS else value + self._offsets[i]

    def write(self, levels, elapsed_ms):
        """Set the outputs. The interlocks are the only caller that matters."""
        writers = self._writers
        for i in range(len(writers)):
            if writers[i]:
                writers[i].write(levels[i], elapsed_ms)

    def off(self):
        """Switch every output off, whatever state anything is in. A part that fails keeps no other one from
        it; it is tried twice, and what it says then is raised when all others are off."""
        error = self._try_off()
        if error is not None:  # a Ctrl-C in the middle of one is an error that the second time does not see
            error = self._try_off()
        if error is not None:
            raise error

    def _try_off(self):
        """One try for each output; what the last failure said, or None."""
        last = None
        for part in self._writers:
            if part:
                try:
                    part.off()
                except BaseException as error:
                    last = error
        return last


def _parts(roles, names):
    """A driver for each name, None where this device has no such part."""
    parts: list = [None] * len(names)
    for role, driver, _pin, _option in roles:
        if role in names:
            parts[names.index(role)] = driver
    return parts
