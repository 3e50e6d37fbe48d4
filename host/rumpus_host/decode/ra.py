"""Remote access (the hello of a connection, and what only a cable may do) taken apart."""

from typing import Any

from rumpus.errors import DecodeError
from rumpus.ra.tables import messages as ra
from rumpus.rump import message

from .. import fields
from .parts import Decoded, Values, add_later, name_in, plain, walk


def begins_well(buf: bytes, at: int, end: int) -> bool:
    """True when version and message number are known ones."""
    start = bytes(buf[at : min(at + 2, end)])
    return any(start == bytes((ra.VERSION, row[0])) for row in ra.MESSAGES)


is_whole = begins_well  # a hello does not say how long it is


_RA_BODIES = {
    "device_hello": ra.DEVICE_HELLO_BODY,
    "controller_hello": ra.CONTROLLER_HELLO_BODY,
    "local_reset": ra.LOCAL_RESET_BODY,
    "local_reset_answer": ra.LOCAL_RESET_ANSWER_BODY,
}


def decode(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    if end - at < ra.HEADER_SIZE:
        raise DecodeError("truncated", end)
    if buf[at] != ra.VERSION:
        raise DecodeError("version", at)
    decoded.kind = name_in(ra.MESSAGES, buf[at + 1])

    def means(name: str, value: Any, _values: Values) -> tuple[object, str]:
        if name == "message" and decoded.kind:
            return decoded.kind, fields.spoken(decoded.kind)
        return plain(name, value)

    _values, at = walk(decoded, "header", ra.HEADER, buf, at, end, means)
    if decoded.kind is None:
        raise DecodeError("unknown_message", at - 1)
    values, at = walk(decoded, "body", _RA_BODIES[decoded.kind], buf, at, end, _hello_means)
    decoded.device_id = values.get("device_id")
    decoded.values |= {name: plain(name, value)[0] for name, value in values.items()}
    add_later(decoded, buf, at, end)


def _hello_means(name: str, value: Any, _values: Values) -> tuple[object, str]:
    if name == "device_id":
        return value.hex(), f"a {fields.spoken(message.type_name(value) or 'device of an unknown type')}"
    if name == "last_event" and value == ra.ONLY_NEW:
        return value, "only what is new"
    return plain(name, value)
