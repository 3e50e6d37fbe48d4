"""The sealed channel taken apart: how a session is opened, and the packet inside a sealed one.

What is sealed can be read, and not be proved: nobody has the key here.
"""

from typing import Any

from rumpus import wire
from rumpus.errors import DecodeError
from rumpus.link import CHANNELS, RA
from rumpus.ra.tables import messages as ra_messages
from rumpus.ra.tables import owner
from rumpus.ra.tables import sealed as t

from . import ra
from .parts import Decoded, Values, name_in, plain, walk

_BODIES = {t.OPEN: t.OPEN_BODY, t.OPENED: t.OPENED_BODY}
_RESULTS = ((t.IS_OPEN, "open"), (t.NO_KEY, "no_key"))
_SOURCE = t.MESSAGES[t.SEALED][3]


def begins_well(buf: bytes, at: int, end: int) -> bool:
    """True when the kind is a known one."""
    return at < end and name_in(t.MESSAGES, buf[at]) is not None


def is_whole(buf: bytes, at: int, end: int) -> bool:
    if not begins_well(buf, at, end):
        return False
    if buf[at] in _BODIES:
        return end - at == sum(wire.least_size(row[1]) for row in _BODIES[buf[at]])
    return end - at > t.PACKET_AT + t.TAG_SIZE and buf[at + t.PACKET_AT] == RA


def decode(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    """Take a packet of this channel apart. Raises DecodeError."""
    if at == end:
        raise DecodeError("truncated", at)
    kind = buf[at]
    decoded.kind = name_in(t.MESSAGES, kind)
    if decoded.kind is None:
        raise DecodeError("unknown_message", at)
    if kind == t.SEALED:
        _decode_sealed(decoded, buf, at, end)
        return
    values, after = walk(decoded, "body", _BODIES[kind], buf, at, end, _means)
    decoded.values |= {name: _means(name, value, values)[0] for name, value in values.items()}
    if after != end:
        raise DecodeError("surplus_bytes", after)


def _means(name: str, value: Any, _values: Values) -> tuple[Any, str]:
    if name in ("kind", "result"):
        known = name_in(t.MESSAGES if name == "kind" else _RESULTS, value)
        return known or value, known or "unknown"
    return plain(name, value)


def _decode_sealed(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    """kind, counter, a packet, tag."""
    inner, tag = at + t.PACKET_AT, end - t.TAG_SIZE
    if tag <= inner:
        raise DecodeError("truncated", end)
    counter = wire.read(">I", buf, at + t.COUNTER_AT)
    decoded.values["counter"] = counter
    decoded.add("sealed header", buf, at, at + 1, "kind", decoded.kind, "sealed", _SOURCE)
    decoded.add(
        "sealed header", buf, at + 1, inner, "counter", counter, f"packet {counter} this way", _SOURCE
    )
    channel = CHANNELS[buf[inner]] if buf[inner] < len(CHANNELS) else ""
    decoded.add("sealed header", buf, inner, inner + 1, "channel", channel, channel or "unknown", _SOURCE)
    if buf[inner] != RA:
        raise DecodeError("channel", inner)
    message = Decoded("ra", "")
    try:
        ra.decode(message, buf, inner + 1, tag, (*ra_messages.MESSAGES, *owner.MESSAGES))
    finally:
        decoded.carries = message.kind
        decoded.parts += message.parts
        decoded.values |= message.values
    decoded.add("tag", buf, tag, end, "tag", buf[tag:end].hex(), "not checked: that takes the key", _SOURCE)
