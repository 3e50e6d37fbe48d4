"""The functions of an appliance as information tells of them: what each takes and gives."""

from .. import wire
from ..rump.tables.messages import ALARM_BODY
from .functions import choices, is_action, rows_of
from .tables import bodies_ours
from .tables.properties import ALARM, ALARM_PARAM, SENSOR, SET, STATUS
from .values import data_type, longest, name_of, to_text, unit_code

_NOTHING = ()


def functions(state):
    """(FunctionID, FunctionCategory, inputs, outputs) of each function; the last two are functions that
    give an iterator of the field rows that describe() takes."""
    status, sensor = _rows(state, STATUS), _rows(state, SENSOR)
    yield SET, "Control", _rows(state, SET), status
    for row in state.rows:
        if not is_action(state, row):
            continue
        if row[9] is None:
            yield row[0] << 8, "Control", _row(row), _no_rows
        else:
            for counts in choices(row):
                yield row[0] << 8 | counts, "Control", _no_rows, _no_rows
    yield STATUS, "Event", _no_rows, status
    yield ALARM, "Event", _no_rows, _alarm_rows
    yield SENSOR, "Event", _no_rows, sensor


def _no_rows():
    return iter(_NOTHING)


def _row(row):
    return lambda: iter((row,))


def _rows(state, function):
    return lambda: rows_of(state, function)


def _alarm_rows():
    """The rows of RUMP's alarm body in the shape of field rows."""
    for i, row in enumerate(ALARM_BODY):
        high = (1 << 8 * wire.size_of(row[1])) - 1
        yield ALARM_PARAM + i, row[0], row[1], "r", 0, high, 1, 1, "count", None, row[3]


def describe(row):
    """The PARAM_DESC bytes of a field row."""
    values = {
        "Size": longest(row),
        "ID": row[0],
        "Name": name_of(row),
        "DataType": data_type(row),
        "Unit": unit_code(row[8]),
        "Min": to_text(row[4], row[7]),
        "Max": to_text(row[5], row[7]),
    }
    return wire.pack(bodies_ours.PARAM_DESC, values)
