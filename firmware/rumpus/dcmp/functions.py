"""The functions of an appliance, from RUMP's rows: one that sets, one for each action, and its events.

    set      takes any of the writable fields, all or nothing; ParamID = field number
    action   a field that can be written but not read: a function for each of its choices, or one that
             takes the value (D50: FunctionID = field << 8 | choice, or field << 8)
    events   status (all readable fields), alarm (RUMP's alarm body), sensor (what is measured)

Rows come from a State: the fields that this device has. Nothing is kept.
"""

from .. import wire
from ..rump.tables.messages import ALARM_BODY
from .tables.properties import ALARM_PARAM, SENSOR, SET, STATUS
from .values import to_text, unit_code


def is_writable(state, row):
    return "w" in row[3] and state.has(row[0])


def is_readable(state, row):
    return "r" in row[3] and state.has(row[0])


def is_measured(state, row):
    """True for what a sensor tells: read only, with a physical unit."""
    return is_readable(state, row) and "w" not in row[3] and unit_code(row[8]) != 0


def is_action(state, row):
    return is_writable(state, row) and "r" not in row[3]


_FILTERS = {SET: is_writable, STATUS: is_readable, SENSOR: is_measured}


def rows_of(state, function):
    """The rows that `set` takes, or that an event or the answer of `set` (STATUS) gives."""
    is_wanted = _FILTERS[function]
    for row in state.rows:
        if is_wanted(state, row):
            yield row


def choices(row):
    """The counts of a row's choices."""
    return [item[0] if isinstance(item, tuple) else i for i, item in enumerate(row[9])]


# --- values --------------------------------------------------------------------------------------


def field_params(state, function):
    """[(ParamID, text)] of the readable fields of a function's rows."""
    return [(row[0], to_text(state[row[0]], row[7])) for row in rows_of(state, function)]


def alarm_params(record):
    """[(ParamID, text)] of an alarm record, that is the body of RUMP's alarm message."""
    params = []
    at = 0
    for i, row in enumerate(ALARM_BODY):
        params.append((ALARM_PARAM + i, str(wire.read(row[1], record, at))))
        at += wire.size_of(row[1])
    return params


_ALARM_SEQUENCE = wire.offset_of(ALARM_BODY, "sequence")


def alarm_sequence(record):
    """The sequence number of an alarm record."""
    return wire.read(">I", record, _ALARM_SEQUENCE)


def as_param_list(params):
    """The list that goes into InputList, OutputList or ParamList."""
    return [{"ParamID": number, "Value": text} for number, text in params]
