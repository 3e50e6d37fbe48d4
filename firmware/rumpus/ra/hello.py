"""Hello, both ways, and the local reset. The device says what it is; the controller says how much it knows
already."""

from .. import wire
from ..errors import DecodeError
from .tables.messages import (
    CONTROLLER_HELLO,
    CONTROLLER_HELLO_BODY,
    DEVICE_HELLO,
    DEVICE_HELLO_BODY,
    DEVICE_NOT_NOW,
    DEVICE_NOT_NOW_BODY,
    HEADER_SIZE,
    LOCAL_RESET,
    LOCAL_RESET_ANSWER,
    LOCAL_RESET_ANSWER_BODY,
    LOCAL_RESET_BODY,
    VERSION,
)


def pack_device_hello(values):
    """The RA message of a device's hello. values: dict by DEVICE_HELLO_BODY."""
    return bytes((VERSION, DEVICE_HELLO)) + wire.pack(DEVICE_HELLO_BODY, values)


def pack_controller_hello(last_event, name):
    """The RA message of a controller's hello."""
    values = {"last_event": last_event, "name": name}
    return bytes((VERSION, CONTROLLER_HELLO)) + wire.pack(CONTROLLER_HELLO_BODY, values)


def pack_device_not_now(reason):
    """The RA message that a device says in the place of a hello while it runs no appliance."""
    return bytes((VERSION, DEVICE_NOT_NOW)) + wire.pack(DEVICE_NOT_NOW_BODY, {"reason": reason})


def pack_local_reset():
    """The RA message of a controller that asks a device to let go of its latched faults."""
    return bytes((VERSION, LOCAL_RESET))


def pack_local_reset_answer(result, latched):
    """The RA message that answers it."""
    values = {"result": result, "latched": latched}
    return bytes((VERSION, LOCAL_RESET_ANSWER)) + wire.pack(LOCAL_RESET_ANSWER_BODY, values)


def unpack(buf, at, end):
    """(message id, values) of an RA message. What follows the known body is a later version's and
    is left alone. Raises DecodeError."""
    if end - at < HEADER_SIZE:
        raise DecodeError("truncated", at)
    if buf[at] != VERSION:
        raise DecodeError("version", at)
    kind = buf[at + 1]
    if kind == DEVICE_HELLO:
        layout = DEVICE_HELLO_BODY
    elif kind == CONTROLLER_HELLO:
        layout = CONTROLLER_HELLO_BODY
    elif kind == DEVICE_NOT_NOW:
        layout = DEVICE_NOT_NOW_BODY
    elif kind == LOCAL_RESET:
        layout = LOCAL_RESET_BODY
    elif kind == LOCAL_RESET_ANSWER:
        layout = LOCAL_RESET_ANSWER_BODY
    else:
        raise DecodeError("unknown_message", at + 1)
    values, _after = wire.unpack(layout, buf, at + HEADER_SIZE, end)
    return kind, values
