"""What all appliances share. Pure: inputs and elapsed milliseconds in, wanted outputs and alarms out.

No pins, no clock chip, no I/O, no floats. An input is a count (0.1 degC, 0/1, pulses ...) or a fault code
below FAULTS; a driver reports the fault, the appliance and its interlocks decide what it means.
"""

from ..rump.tables import common
from ..rump.tables.results import REASONS
from .clock import Clock

# Input fault codes; any value at or below FAULTS is one.
FAULTS = -32000
OPEN = -32768  # broken wire
SHORT = -32767  # shorted wire
MISSING = -32766  # a bus device does not answer, or answers with a bad checksum
NOT_READY = -32765  # no value yet
STUCK = -32764  # a value that does not move although it should
NOT_WIRED = -32763  # this device has no such part

# Wanted level of an output that is fully on: relays take 0 or 1, proportional ones 0..FULL.
FULL = 1000


def is_fault(value):
    """True when an input value is a fault code (a missing part included)."""
    return value <= FAULTS


def ids(rows, *names):
    """The field ids of these names, in order, so that no number stands twice.

    Raises KeyError for a name that has no row.
    """
    return tuple(_id(rows, name) for name in names)


def _id(rows, name):
    for row in rows:
        if row[1] == name:
            return row[0]
    raise KeyError(name)


def bit(alarms, name):
    """The mask of an alarm by its name in a type's ALARMS. Raises KeyError."""
    for number, known, _severity, _source in alarms:
        if known == name:
            return 1 << number
    raise KeyError(name)


def choice(rows, field, name):
    """The counts that a name stands for in a field's choices. Raises KeyError."""
    for row in rows:
        if row[1] == field:
            for i, item in enumerate(row[9]):
                counts, known = item if isinstance(item, tuple) else (i, item)
                if known == name:
                    return counts
    raise KeyError(name)


def mask_of(alarms, severity):
    """The bits of all alarms of a severity."""
    mask = 0
    for number, _name, known, _source in alarms:
        if known == severity:
            mask |= 1 << number
    return mask


ALARMS, UTC_OFFSET = ids(common.FIELDS, "alarms", "utc_offset")
EVENT_SEQUENCE, CHILD_LOCK = ids(common.FIELDS, "event_sequence", "child_lock")


def reason(name):
    """The number of a refusal's reason by its name. Raises KeyError."""
    for number, known, _result, _source in REASONS:
        if known == name:
            return number
    raise KeyError(name)


class Appliance:
    """One appliance. A type is a subclass with TABLE, INPUTS, OUTPUTS, NEEDS, TUNING and DEFAULTS.

    TABLE    the type's table module
    INPUTS   role names of the inputs; `inputs` holds their values in this order
    OUTPUTS  role names of the outputs; `wanted` holds their levels in this order
    HAZARDS  those of the outputs that must not be on while nobody looks for some seconds
    NEEDS    (field name, role name) pairs: the optional fields that exist only with that part
    TUNING   (name, default) pairs: constants of the product, which settings may override
    DEFAULTS (field name, counts) pairs: power-up values of fields

    What outlives a power cut (retained.py), apart from the clock's offset and the child lock:

    KEPT       names of fields that come back as they were; never one that ends by itself after a time,
               for nobody knows how long the power was away
    TOTALS     names of fields that count
    ATTRIBUTES (number, name) pairs: attributes of the object that are no fields, small integers from 0.
               Numbers from 0xF0 on; one that was used once never means anything else

    `levels` is what the outputs really had during the elapsed time: whoever owns the interlocks points
    it at their list. The alarms field of the state holds the loop's and the interlocks' alarms.
    """

    TABLE = None
    INPUTS: tuple = ()
    OUTPUTS: tuple = ()
    HAZARDS: tuple = ()
    NEEDS: tuple = ()
    TUNING: tuple = ()
    DEFAULTS: tuple = ()
    KEPT: tuple = ()
    TOTALS: tuple = ()
    ATTRIBUTES: tuple = ()

    def __init__(self, state, settings, wired):
        """state: rump State. settings: dict. wired: names of the roles this device has."""
        self.state = state
        self.inputs = [NOT_READY if name in wired else NOT_WIRED for name in self.INPUTS]
        self.wanted = [0] * len(self.OUTPUTS)
        self.levels = self.wanted
        self.alarms = 0
        self.clock = Clock(state)
        for name, default in self.TUNING:
            setattr(self, name, settings.get(name, default))

    @classmethod
    def fitted(cls, wired):
        """Names of the optional fields that a device with these roles has."""
        needs = {}
        for field, role in cls.NEEDS:
            needs[field] = needs.get(field, True) and role in wired
        return [row[1] for row in cls.TABLE.FIELDS if needs.get(row[1], True)]  # pyright: ignore

    def defaults(self):
        """Give the fields their power-up values; the clock stays not available until it is set."""
        for field in (EVENT_SEQUENCE, ALARMS, CHILD_LOCK, UTC_OFFSET):
            self.state[field] = 0
        for name, counts in self.DEFAULTS:
            self.state[ids(self.TABLE.FIELDS, name)[0]] = counts  # pyright: ignore

    def check(self, control):
        """Refuse what this moment forbids with control.refuse(field, reason). Changes nothing."""

    def apply(self, control):
        """Take over all fields of a control that passed check()."""
        for i in range(control.count):
            self.set(control.fields[i], control.values[i])

    def set(self, field, counts):
        """Take over one field; a type overrides this for fields that are actions."""
        self.state[field] = counts

    def must_go_on(self) -> "bool":
        """True while somebody waits at the device for what it does, so that no order from afar restarts it."""
        return False

    def step(self, elapsed_ms):
        """Run the control loop: inputs and state to wanted, alarms and status fields. A type's step()
        begins with self.clock.advance(elapsed_ms)."""
