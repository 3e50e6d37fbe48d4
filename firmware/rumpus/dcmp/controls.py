"""A DEVICE_CONTROL_REQUEST read into RUMP's Control, so that both protocols refuse alike, and answered.

Knows rows and RUMP's reasons. The Control is given: this file changes nothing of an appliance.
"""

from .. import wire
from ..rump.tables.results import REASONS
from . import codec
from .functions import as_param_list, choices, field_params, is_action
from .tables import message_codes as m
from .tables.bodies_ours import DEVICE_CONTROL_RESPONSE_BODY
from .tables.properties import SET, STATUS
from .tables.result_codes import PAYLOAD_SYNTAX, SUCCESS
from .tables.results_ours import DEVICE_ERROR, UNKNOWN_FUNCTION
from .values import to_counts

# What read_control() answers.
GOOD = 0
NO_SUCH_FUNCTION = 1
BAD_PARAMS = 2


def _reason(name):
    for number, known, _result, _source in REASONS:
        if known == name:
            return number
    raise KeyError(name)


_NO_SUCH_FIELD = _reason("no_such_field")
NOT_FOR_THIS_DEVICE = _reason("not_for_this_device")


def answer(values, device_id, state, control, apply_control):
    """The payload, or the Result, that answers a request with these values. apply_control: see device.py."""
    if values["DeviceID"] != device_id:
        control.clear()
        control.refuse(0, NOT_FOR_THIS_DEVICE)
        return _refusal(control)
    wrong = read_control(control, state, values["FunctionID"], values["InputList"])
    if wrong == NO_SUCH_FUNCTION:
        return UNKNOWN_FUNCTION
    if wrong == BAD_PARAMS:
        return PAYLOAD_SYNTAX
    apply_control(control)
    return _refusal(control) if control.reason else _outcome(device_id, state, values["FunctionID"])


def _refusal(control):
    """D51: field and reason follow the Result, which is RUMP's."""
    values = {"Result": DEVICE_ERROR + control.result(), "Field": control.field, "Reason": control.reason}
    return codec.pack(m.DEVICE_CONTROL_RESPONSE, values)


def _outcome(device_id, state, function):
    """What `set` gives back is the status, as over RUMP."""
    values = {
        "Result": SUCCESS,
        "DeviceID": device_id,
        "FunctionID": function,
        "OutputList": as_param_list(field_params(state, STATUS) if function == SET else ()),
    }
    return wire.pack(DEVICE_CONTROL_RESPONSE_BODY, values)


def read_control(control, state, function, params):
    """Fill the control from a FunctionID and its InputList.

    GOOD: it is filled, and what the rows forbid is refused in it, for the reason RUMP would give.
    NO_SUCH_FUNCTION, BAD_PARAMS: the request does not get that far.
    """
    control.clear()
    if function == SET:
        return _read_params(control, state, params)
    row = state.row(function >> 8) if function >> 8 else None
    if row is None or not is_action(state, row):
        return NO_SUCH_FUNCTION
    choice = function & 0xFF
    if row[9] is None:
        if choice:
            return NO_SUCH_FUNCTION
        if len(params) != 1 or params[0]["ParamID"] != row[0]:
            return BAD_PARAMS
        return _read_params(control, state, params)
    if choice not in choices(row):
        return NO_SUCH_FUNCTION
    if params:
        return BAD_PARAMS
    control.add(row[0], choice)
    return GOOD


def _read_params(control, state, params):
    for param in params:
        field = param["ParamID"]
        row = state.row(field) if field < 256 else None
        if row is None:
            control.refuse(field, _NO_SUCH_FIELD)
            return GOOD
        counts = to_counts(param["Value"], row[7])
        if counts is None:
            return BAD_PARAMS
        control.check(state, row, counts)
        if not control.reason:
            control.add(field, counts)
        if control.reason:
            return GOOD
    return GOOD
