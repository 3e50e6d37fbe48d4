"""Bytes of one message taken apart, for people: every part with its offset, name, value and meaning.

    decoded = decode(bytes.fromhex("0101..."), "rump")
    decoded.parts       what was understood, in order; also when the rest is wrong
    decoded.error       None, or the DecodeError that a receiver would raise; detail is the offset

The bytes may be a bare message, a packet (with its channel byte), or a packet in the framing of a TCP
or serial link; `decoded.assumed` says which it was taken for. The rows do the work: nothing here knows
a number of the protocol. Refusing is the receiver's business, so a control with a wrong value decodes,
and its meaning says what a device would answer.
"""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from rumpus import link, wire
from rumpus.errors import DecodeError, StateError
from rumpus.ra.tables import messages as ra
from rumpus.rump import message
from rumpus.rump.layout import Layout
from rumpus.rump.state import not_available, rows_of
from rumpus.rump.tables import frame, messages
from rumpus.rump.tables.results import REASONS, RESULTS
from rumpus.serial_link import SerialLink

from . import fields

# A reason of the device's own check for each answer of wire.check().
_WOULD_REFUSE = {wire.BELOW: "below_range", wire.ABOVE: "above_range", wire.OFF_STEP: "not_a_step"}


class Part(NamedTuple):
    """group: link, header or body. raw: the bytes at `offset`. value: for JSON; meaning: for people."""

    group: str
    offset: int
    raw: bytes
    name: str
    value: object
    meaning: str


class Decoded:
    """What became of the bytes. values: by name, as the other verbs' JSON has them. kind: of message."""

    def __init__(self, channel: str, assumed: str):
        self.channel = channel
        self.assumed = assumed
        self.kind: str | None = None
        self.device_id: bytes | None = None
        self.parts: list[Part] = []
        self.values: dict[str, object] = {}
        self.error: DecodeError | None = None

    @property
    def type_name(self) -> str | None:
        return message.type_name(self.device_id) if self.device_id else None

    def add(self, group: str, buf: bytes, at: int, end: int, name: str, value: object, meaning: str) -> None:
        self.parts.append(Part(group, at, bytes(buf[at:end]), name, value, meaning))


class NoDecoder(StateError):
    """There is no decoder for that channel yet; str() is a sentence."""

    def __str__(self) -> str:
        return f"There is no decoder for {self.code} yet: its tables do not exist in this version."


def decode(data: bytes, channel: str | None = None) -> Decoded:
    """Take bytes apart. channel: a name in DECODERS; None: rump, or what the channel byte says.

    Raises NoDecoder; ValueError for an unknown channel. Wrong bytes are in the answer's `error`.
    """
    if channel is not None and channel not in DECODERS:
        raise ValueError(f"channel {channel!r} is none of {', '.join(DECODERS)}")
    if channel is not None and DECODERS[channel] is None:
        raise NoDecoder(channel)
    found = _find_message(data, channel)
    decoder = DECODERS.get(found.channel)
    if decoder is None:
        raise NoDecoder(found.channel)
    decoded = Decoded(found.channel, found.assumed)
    decoded.parts.extend(found.parts)
    try:
        if found.error:
            raise found.error
        decoder(decoded, found.buf, found.at, found.end)
    except DecodeError as error:
        decoded.error = error
    return decoded


# --- framing ----------------------------------------------------------------------------------------


class _Found(NamedTuple):
    """Where the message lies: buf[at:end]."""

    channel: str
    assumed: str
    buf: bytes
    at: int
    end: int
    parts: tuple[Part, ...] = ()
    error: DecodeError | None = None


def _find_message(data: bytes, channel: str | None) -> _Found:
    """The reading under which the bytes make sense; if none does, the most likely one."""
    bare = _Found(channel or "rump", "a bare message, without a channel byte", data, 0, len(data))
    readings = [bare, *_packets(data, 0, "a packet with its channel byte, without link framing")]
    readings += _tcp_frame(data) + _serial_frame(data)
    if channel:
        readings = [reading for reading in readings if reading.channel == channel]
    for reading in readings:
        if reading.error is None and _is_whole(reading):
            return reading
    for reading in reversed(readings):
        if reading.error or _begins_well(reading):
            return reading
    return bare


def _packets(data: bytes, at: int, assumed: str, parts: tuple[Part, ...] = ()) -> list[_Found]:
    """The reading of data[at:] as a packet, when its first byte is a channel."""
    if at >= len(data) or not 0 < data[at] < len(link.CHANNELS):
        return []
    name = link.CHANNELS[data[at]]
    part = Part("link", at, data[at : at + 1], "channel", name, name)
    return [_Found(name, assumed, data, at + 1, len(data), (*parts, part))]


def _tcp_frame(data: bytes) -> list[_Found]:
    if len(data) < 3:
        return []
    size = int.from_bytes(data[:2], "big")
    part = Part("link", 0, data[:2], "length", size, f"{size} bytes follow")
    readings = _packets(data, 2, "a packet in TCP framing (length)", (part,))
    if size == len(data) - 2:
        return readings
    error = DecodeError("truncated" if size > len(data) - 2 else "surplus_bytes", min(len(data), size + 2))
    return [reading._replace(error=error) for reading in readings if _begins_well(reading)]


def _serial_frame(data: bytes) -> list[_Found]:
    """The readings of 00 ... 00: undone by the real serial link."""
    inner = data.strip(b"\0")
    if len(data) < 3 or data[0] or data[-1] or 0 in inner or not inner:
        return []
    serial = SerialLink(len(data) + 2)
    serial.free()[: len(data)] = data
    serial.received(len(data))
    if not serial.next_packet():
        error = DecodeError("crc", 0)
        return [_Found("rump", "a packet in serial framing (COBS, CRC-32)", data, 0, len(data), (), error)]
    packet = bytes(serial.buf[serial.at : serial.end])
    return _packets(packet, 0, "a packet in serial framing; offsets count in the packet inside it")


def _is_whole(reading: _Found) -> bool:
    if reading.channel == "ra":
        return _begins_well(reading)
    wrong = message.check_header(reading.buf, reading.at, reading.end)
    return wrong == message.GOOD and _begins_well(reading)


def _begins_well(reading: _Found) -> bool:
    """True when version and message number are known ones of the channel."""
    start = bytes(reading.buf[reading.at : reading.at + 2])
    if reading.channel == "rump":
        return any(start == bytes((frame.VERSION, row[0])) for row in messages.MESSAGES)
    if reading.channel == "ra":
        return any(start == bytes((ra.VERSION, row[0])) for row in ra.MESSAGES)
    return True


# --- rows -------------------------------------------------------------------------------------------


Meaning = Callable[[str, Any], tuple[object, str]]


def _walk(
    decoded: Decoded, group: str, layout: tuple, buf: bytes, at: int, end: int, means: Meaning
) -> tuple[dict[str, Any], int]:
    """Add a part for each layout row. means: (row name, value) -> (value for JSON, meaning).

    Returns (values as on the wire, offset after them). Raises DecodeError.
    """
    values = {}
    for name, fmt, _count, _source in layout:
        read, after = wire.unpack(((name, fmt, None, ""),), buf, at, end)
        values[name] = read[name]
        shown, meaning = means(name, read[name])
        decoded.add(group, buf, at, after, name, shown, meaning)
        at = after
    return values, at


def _plain(_name: str, value: object) -> tuple[object, str]:
    if isinstance(value, bytes):
        return value.hex(), value.hex() or "empty"
    return value, str(value) if value != "" else "empty"


def _of_rows(rows: tuple, value: int) -> str | None:
    for row in rows:
        if row[0] == value:
            return row[1]
    return None


# --- RUMP -------------------------------------------------------------------------------------------


def _decode_rump(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    wrong = message.check_header(buf, at, end)
    if wrong in ("truncated", "version"):
        raise DecodeError(wrong, end if wrong == "truncated" else at)
    body = at + frame.HEADER_SIZE
    _decode_header(decoded, buf, at, body)
    if wrong:
        raise DecodeError(wrong, body - 2)
    decoder = _BODIES.get(_body_of(decoded.kind))
    if decoder is None:
        raise DecodeError("unknown_message", at + 1)
    decoder(decoded, buf, body, end)


def _body_of(kind: str | None) -> str | None:
    for row in messages.MESSAGES:
        if row[1] == kind:
            return row[4]
    return None


def _decode_header(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    for name, fmt, _count, _source in frame.HEADER:
        read, after = wire.unpack(((name, fmt, None, ""),), buf, at, end)
        value = read[name]
        if name == "device_id":
            _decode_device_id(decoded, buf, at, after)
        elif name == "message":
            decoded.kind = _of_rows(messages.MESSAGES, value)
            decoded.add("header", buf, at, after, name, decoded.kind or value, _message_text(value))
        else:
            meaning = f"{value} bytes of body" if name == "body_length" else str(value)
            decoded.add("header", buf, at, after, name, value, meaning)
            decoded.values[name] = value
        at = after


def _message_text(number: int) -> str:
    for row in messages.MESSAGES:
        if row[0] == number:
            sender = "either side" if row[2] == "both" else f"the {row[2]}"
            answer = _of_rows(messages.MESSAGES, row[3])
            text = f"{fields.spoken(row[1])}, sent by {sender}"
            return f"{text}, answered by {fields.spoken(answer)}" if answer else text
    return f"no message has the number {number}"


def _decode_device_id(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    decoded.device_id = bytes(buf[at:end])
    if decoded.device_id == message.NO_DEVICE:
        meaning = "none: whoever is at the other end"
        decoded.add("header", buf, at, end, "device_id", decoded.device_id.hex(), meaning)
        return

    def means(name: str, value: Any) -> tuple[object, str]:
        if name == "device_type":
            type_name = decoded.type_name
            return type_name or value, type_name or f"no type has the number {value}"
        return _plain(name, value)

    _walk(decoded, "header", frame.DEVICE_ID, buf, at, end, means)


def _type_of(decoded: Decoded, at: int) -> str:
    if decoded.type_name is None:
        raise DecodeError("unknown_type", at)
    return decoded.type_name


def _decode_empty(_decoded: Decoded, _buf: bytes, at: int, end: int) -> None:
    if at != end:
        raise DecodeError("surplus_bytes", at)


def _decode_control(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    type_name = _type_of(decoded, at)
    if at >= end:
        raise DecodeError("truncated", at)
    count = buf[at]
    decoded.add("body", buf, at, at + 1, "count", count, f"{count} field{'' if count == 1 else 's'}")
    at += 1
    for _ in range(count):
        if at + 2 > end or at + 2 + buf[at + 1] > end:
            raise DecodeError("truncated", at)
        after = at + 2 + buf[at + 1]
        _decode_setting(decoded, type_name, buf, at, after)
        at = after
    if at != end:
        raise DecodeError("surplus_bytes", at)


def _decode_setting(decoded: Decoded, type_name: str, buf: bytes, at: int, end: int) -> None:
    """One field of a control: id, size, value."""
    field = fields.by_id(type_name, buf[at])
    name, value, wrong = f"field_{buf[at]}", bytes(buf[at + 2 : end]).hex(), None
    meaning = value or "no value"
    if field is None:
        wrong = "no_such_field"
    else:
        name = field.name
        if buf[at + 1] != wire.size_of(field.format):
            wrong = "wrong_size"
        else:
            counts = wire.read(field.format, buf, at + 2)
            is_missing = counts == not_available(field.format)
            value, meaning = fields.to_value(field, counts), fields.to_text(field, counts)
            wrong = None if field.is_writable else "read_only"
            wrong = wrong or ("above_range" if is_missing else _WOULD_REFUSE.get(wire.check(field, counts)))
    if name in decoded.values:
        wrong = wrong or "field_twice"
    if wrong:
        meaning += f" (a device refuses this: {wrong})"
    decoded.values[name] = value
    decoded.add("body", buf, at, end, name, value, meaning)


def _status_means(type_name: str, name: str, value: Any) -> tuple[object, str]:
    """What the rows in front of a status's fields say."""
    if name in ("result", "reason"):
        known = _of_rows(RESULTS if name == "result" else REASONS, value)
        return known or value, known or "unknown"
    if name == "field":
        field = fields.by_id(type_name, value)
        return (field.name, field.name) if field else (value, "unknown") if value else (None, "none")
    if name == "presence":
        return value.hex(), f"{sum(byte.bit_count() for byte in value)} fields follow"
    return _plain(name, value)


def _decode_status(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    type_name = _type_of(decoded, at)
    table = fields.table_of(type_name)
    start = at

    means = functools.partial(_status_means, type_name)
    values, at = _walk(decoded, "body", messages.STATUS_BODY, buf, at, end, means)
    decoded.values |= {part.name: part.value for part in decoded.parts[-len(messages.STATUS_BODY) :]}
    decoded.values.pop("presence")
    is_ours = values["revision"] == table.REVISION
    known = len(rows_of(table))
    for bit in range(known, 8 * len(values["presence"])):
        if is_ours and values["presence"][bit // 8] >> bit % 8 & 1:
            raise DecodeError("unknown_field", at - len(values["presence"]) + bit // 8)
    at = _decode_fields(decoded, Layout(rows_of(table), values["revision"], values["presence"]), buf, at, end)
    if at != end:
        if is_ours:
            raise DecodeError("surplus_bytes", at)
        decoded.add("body", buf, at, end, "later_fields", buf[at:end].hex(), "of a newer revision than ours")
    if values["result"] >= len(RESULTS) or values["reason"] >= len(REASONS):
        raise DecodeError("unknown_result", start)


def _decode_fields(decoded: Decoded, layout: Layout, buf: bytes, at: int, end: int) -> int:
    """The values of a status; returns the offset after them."""
    type_name = decoded.type_name or ""
    for row in layout.rows:
        field = fields.by_name(type_name, row[1])
        after = at + wire.size_of(field.format)
        if after > end:
            raise DecodeError("truncated", at)
        counts = wire.read(field.format, buf, at)
        value, text = fields.to_value(field, counts), fields.to_text(field, counts)
        extra = "" if value is None else fields.note(field, counts)
        decoded.add("body", buf, at, after, field.name, value, f"{text} ({extra})" if extra else text)
        if value is not None and not field.low <= counts <= field.high:
            raise DecodeError("out_of_range", at)
        decoded.values[field.name] = value
        at = after
    return at


def _decode_alarm(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    type_name = _type_of(decoded, at)

    def means(name: str, value: Any) -> tuple[object, str]:
        if name in ("active", "latched", "changed"):
            names = fields.alarms(type_name, value)
            return names, ", ".join(names) or "none"
        if name.startswith("clock_"):
            return _clock_means(fields.by_name(type_name, name), value)
        return value, f"{value} s since the start" if name == "uptime" else str(value)

    values, at = _walk(decoded, "body", messages.ALARM_BODY, buf, at, end, means)
    decoded.values |= fields.alarm_values(type_name, values)
    _add_later(decoded, buf, at, end)


def _clock_means(field: fields.Field, counts: int) -> tuple[object, str]:
    value = fields.to_value(field, counts)
    return value, "not available" if value is None else fields.note(field, counts)


def _decode_version(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    values, at = _walk(decoded, "body", messages.VERSION_BODY, buf, at, end, _plain)
    decoded.values |= values
    _add_later(decoded, buf, at, end)


def _add_later(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    """What follows a known body is a later version's; a receiver leaves it alone."""
    if at != end:
        decoded.add("body", buf, at, end, "later_part", buf[at:end].hex(), "of a newer version than ours")


_BODIES: dict[str | None, Callable[[Decoded, bytes, int, int], None]] = {
    "control": _decode_control,
    "status": _decode_status,
    "alarm": _decode_alarm,
    "version": _decode_version,
    "empty": _decode_empty,
}


# --- RA ---------------------------------------------------------------------------------------------

_RA_BODIES = {
    "device_hello": ra.DEVICE_HELLO_BODY,
    "controller_hello": ra.CONTROLLER_HELLO_BODY,
    "local_reset": ra.LOCAL_RESET_BODY,
    "local_reset_answer": ra.LOCAL_RESET_ANSWER_BODY,
}


def _decode_ra(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    if end - at < ra.HEADER_SIZE:
        raise DecodeError("truncated", end)
    if buf[at] != ra.VERSION:
        raise DecodeError("version", at)
    decoded.kind = _of_rows(ra.MESSAGES, buf[at + 1])

    def means(name: str, value: Any) -> tuple[object, str]:
        if name == "message" and decoded.kind:
            return decoded.kind, fields.spoken(decoded.kind)
        return _plain(name, value)

    _values, at = _walk(decoded, "header", ra.HEADER, buf, at, end, means)
    if decoded.kind is None:
        raise DecodeError("unknown_message", at - 1)
    values, at = _walk(decoded, "body", _RA_BODIES[decoded.kind], buf, at, end, _hello_means)
    decoded.device_id = values.get("device_id")
    decoded.values |= {name: _plain(name, value)[0] for name, value in values.items()}
    _add_later(decoded, buf, at, end)


def _hello_means(name: str, value: Any) -> tuple[object, str]:
    if name == "device_id":
        return value.hex(), f"a {fields.spoken(message.type_name(value) or 'device of an unknown type')}"
    if name == "last_event" and value == ra.ONLY_NEW:
        return value, "only what is new"
    return _plain(name, value)


# Channel -> its decoder. None: the channel exists, its tables do not yet. A file that decodes one puts
# its function here: (decoded, buf, at, end) adds parts and values, and raises DecodeError.
DECODERS: dict[str, Callable[[Decoded, bytes, int, int], None] | None] = {
    "rump": _decode_rump,
    "ra": _decode_ra,
    "rmdp": None,
    "dcmp": None,
    "sealed": None,
}
