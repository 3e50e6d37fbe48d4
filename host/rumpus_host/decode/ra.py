"""Remote access (the hello of a connection, what only a cable may do, what only the owner may) taken apart."""

from typing import Any

from rumpus.errors import DecodeError
from rumpus.ra.tables import messages as ra
from rumpus.ra.tables import owner
from rumpus.rump import message

from .. import fields
from .parts import Decoded, Values, add_later, name_in, plain, walk

_BODIES = {
    "device_hello": ra.DEVICE_HELLO_BODY,
    "controller_hello": ra.CONTROLLER_HELLO_BODY,
    "device_not_now": ra.DEVICE_NOT_NOW_BODY,
    "local_reset": ra.LOCAL_RESET_BODY,
    "local_reset_answer": ra.LOCAL_RESET_ANSWER_BODY,
    "network_query": owner.NETWORK_QUERY_BODY,
    "network_state": owner.NETWORK_STATE_BODY,
    "network_change": owner.NETWORK_CHANGE_BODY,
    "network_changed": owner.NETWORK_CHANGED_BODY,
}


def begins_well(buf: bytes, at: int, end: int) -> bool:
    """True when version and message number are known ones."""
    start = bytes(buf[at : min(at + 2, end)])
    return any(start == bytes((ra.VERSION, row[0])) for row in ra.MESSAGES)


is_whole = begins_well  # a hello does not say how long it is


def decode(
    decoded: Decoded, buf: bytes, at: int, end: int, messages: tuple[tuple, ...] = ra.MESSAGES
) -> None:
    """messages: those that may come here; the owner's only inside a sealed packet. Raises DecodeError."""
    if end - at < ra.HEADER_SIZE:
        raise DecodeError("truncated", end)
    if buf[at] != ra.VERSION:
        raise DecodeError("version", at)
    kind = decoded.kind = name_in(messages, buf[at + 1])

    def header_means(name: str, value: Any, _values: Values) -> tuple[object, str]:
        return (kind, fields.spoken(kind)) if name == "message" and kind else plain(name, value)

    def means(name: str, value: Any, _values: Values) -> tuple[object, str]:
        if name == "result" and kind == "network_changed":
            known = name_in(owner.RESULTS, value)
            return known or value, known or "unknown"
        return _means(name, value)

    _values, at = walk(decoded, "header", ra.HEADER, buf, at, end, header_means)
    if kind is None:
        raise DecodeError("unknown_message", at - 1)
    values, at = walk(decoded, "body", _BODIES[kind], buf, at, end, means)
    decoded.device_id = values.get("device_id")
    decoded.values |= {name: plain(name, value)[0] for name, value in values.items()}
    add_later(decoded, buf, at, end)


def _means(name: str, value: Any) -> tuple[object, str]:
    if name == "device_id":
        return value.hex(), f"a {fields.spoken(message.type_name(value) or 'device of an unknown type')}"
    if name == "last_event" and value == ra.ONLY_NEW:
        return value, "only what is new"
    if name == "reason" and value == ra.TAKING_UPDATE:
        return value, "it is taking an update"
    if name == "password":
        return value.hex(), "encrypted"
    return plain(name, value)
