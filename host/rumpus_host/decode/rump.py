"""RUMP taken apart, by the rows of rump/tables. A control with a wrong value decodes: refusing is the device's
business, and the meaning says what it would answer."""

import functools
from collections.abc import Callable
from typing import Any

from rumpus import wire
from rumpus.errors import DecodeError
from rumpus.rump import message
from rumpus.rump.layout import Layout
from rumpus.rump.state import not_available, rows_of
from rumpus.rump.tables import frame, messages
from rumpus.rump.tables.results import REASONS, RESULTS

from .. import fields
from .parts import Decoded, Values, add_later, name_in, plain, walk

# A reason of the device's own check for each answer of wire.check().
_WOULD_REFUSE = {wire.BELOW: "below_range", wire.ABOVE: "above_range", wire.OFF_STEP: "not_a_step"}


def begins_well(buf: bytes, at: int, end: int) -> bool:
    """True when version and message number are known ones."""
    start = bytes(buf[at : min(at + 2, end)])
    return any(start == bytes((frame.VERSION, row[0])) for row in messages.MESSAGES)


def is_whole(buf: bytes, at: int, end: int) -> bool:
    return message.check_header(buf, at, end) == message.GOOD and begins_well(buf, at, end)


def decode(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
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
    for name, fmt, _count, source in frame.HEADER:
        read, after = wire.unpack(((name, fmt, None, ""),), buf, at, end)
        value = read[name]
        if name == "device_id":
            _decode_device_id(decoded, buf, at, after)
        elif name == "message":
            decoded.kind = name_in(messages.MESSAGES, value)
            decoded.add("header", buf, at, after, name, decoded.kind or value, _message_text(value), source)
        else:
            meaning = f"{value} bytes of body" if name == "body_length" else str(value)
            decoded.add("header", buf, at, after, name, value, meaning, source)
            decoded.values[name] = value
        at = after


def _message_text(number: int) -> str:
    for row in messages.MESSAGES:
        if row[0] == number:
            sender = "either side" if row[2] == "both" else f"the {row[2]}"
            answer = name_in(messages.MESSAGES, row[3])
            text = f"{fields.spoken(row[1])}, sent by {sender}"
            return f"{text}, answered by {fields.spoken(answer)}" if answer else text
    return f"no message has the number {number}"


def _decode_device_id(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    decoded.device_id = bytes(buf[at:end])
    if decoded.device_id == message.NO_DEVICE:
        meaning = "none: whoever is at the other end"
        source = next(row[3] for row in frame.HEADER if row[0] == "device_id")
        decoded.add("header", buf, at, end, "device_id", decoded.device_id.hex(), meaning, source)
        return

    def means(name: str, value: Any, _values: Values) -> tuple[object, str]:
        if name == "device_type":
            type_name = decoded.type_name
            return type_name or value, type_name or f"no type has the number {value}"
        return plain(name, value)

    walk(decoded, "header", frame.DEVICE_ID, buf, at, end, means)


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
    meaning = f"{count} field{'' if count == 1 else 's'}"
    decoded.add("body", buf, at, at + 1, "count", count, meaning, messages.CONTROL_BODY[0][3])
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
    decoded.add("body", buf, at, end, name, value, meaning, field.source if field else "")


def _status_means(type_name: str, name: str, value: Any, _values: Values) -> tuple[object, str]:
    """What the rows in front of a status's fields say."""
    if name in ("result", "reason"):
        known = name_in(RESULTS if name == "result" else REASONS, value)
        return known or value, known or "unknown"
    if name == "field":
        field = fields.by_id(type_name, value)
        return (field.name, field.name) if field else (value, "unknown") if value else (None, "none")
    if name == "presence":
        return value.hex(), f"{sum(byte.bit_count() for byte in value)} fields follow"
    return plain(name, value)


def _decode_status(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    type_name = _type_of(decoded, at)
    table = fields.table_of(type_name)
    start = at

    means = functools.partial(_status_means, type_name)
    values, at = walk(decoded, "body", messages.STATUS_BODY, buf, at, end, means)
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
        meaning = f"{text} ({extra})" if extra else text
        decoded.add("body", buf, at, after, field.name, value, meaning, field.source)
        if value is not None and not field.low <= counts <= field.high:
            raise DecodeError("out_of_range", at)
        decoded.values[field.name] = value
        at = after
    return at


def _decode_alarm(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    type_name = _type_of(decoded, at)

    def means(name: str, value: Any, _values: Values) -> tuple[object, str]:
        if name in ("active", "latched", "changed"):
            names = fields.alarms(type_name, value)
            return names, ", ".join(names) or "none"
        if name.startswith("clock_"):
            return _clock_means(fields.by_name(type_name, name), value)
        return value, f"{value} s since the start" if name == "uptime" else str(value)

    values, at = walk(decoded, "body", messages.ALARM_BODY, buf, at, end, means)
    decoded.values |= fields.alarm_values(type_name, values)
    add_later(decoded, buf, at, end)


def _clock_means(field: fields.Field, counts: int) -> tuple[object, str]:
    value = fields.to_value(field, counts)
    return value, "not available" if value is None else fields.note(field, counts)


def _decode_version(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    values, at = walk(decoded, "body", messages.VERSION_BODY, buf, at, end, plain)
    decoded.values |= values
    add_later(decoded, buf, at, end)


_BODIES: dict[str | None, Callable[[Decoded, bytes, int, int], None]] = {
    "control": _decode_control,
    "status": _decode_status,
    "alarm": _decode_alarm,
    "version": _decode_version,
    "empty": _decode_empty,
}
