"""The answer to who wants to be told of events: see events.py, which tells."""

from . import codec
from .tables import message_codes as m
from .tables.bodies_ours import ANY_FUNCTION
from .tables.properties import FUNCTIONS
from .tables.result_codes import SUCCESS
from .tables.results_ours import DEVICE_BUSY, UNKNOWN_DEVICE, UNKNOWN_EVENT
from .tables.timing import MOST_SUBSCRIPTIONS


def answer(events, device_id, source, values):
    """The payload of the response, or a Result. events: the Events. values: of the request."""
    event_type, function, lease = values["EventType"], values["FunctionID"], values["LeaseTime"]
    if values["DeviceID"] != device_id:
        return UNKNOWN_DEVICE
    if values["SubscriptionType"] == "Cancel":
        events.cancel(source, event_type, function)
        return _granted(0)
    if not _exists(event_type, function):
        return UNKNOWN_EVENT
    for known in events.subscriptions:
        if (known.source, known.event_type, known.function) == (source, event_type, function):
            break
    else:
        if len(events.subscriptions) >= MOST_SUBSCRIPTIONS:
            return DEVICE_BUSY
        known = events.add(source, event_type, function)
    known.left_ms = 1000 * lease or None
    return _granted(lease)


def _granted(lease):
    return codec.pack(m.EVENT_SUBSCRIPTION_RESPONSE, {"Result": SUCCESS, "LeaseTime": lease})


def _exists(event_type, function):
    """True when a device has events of that type and function."""
    for number, _name, category, known_type, _source in FUNCTIONS:
        if category == "Event" and function in (ANY_FUNCTION, number) and event_type in ("All", known_type):
            return True
    return False
