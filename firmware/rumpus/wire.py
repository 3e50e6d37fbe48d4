"""Rows <-> bytes. Knows what a row looks like and knows no protocol.

Two kinds of row exist (columns: rump/tables/__init__.py). A *field row* is one number of a fixed
format, read and written here without touching the heap. A *layout row* is a part of a body:

    (name, format, count, source)

    format  a struct format (">B", "12s"); "C16" = text padded with NUL to 16 bytes;
            "S" = a length byte and UTF-8 text; "B*" = a length byte and raw bytes;
            "s", "C" = raw bytes, UTF-8 text, as many bytes as the row named by count says;
            a tuple of layout rows = a group
    count   None, or the name of an earlier row that says how often this one repeats

Bytes from outside produce a value or a DecodeError, nothing else.
"""

import struct

from .errors import DecodeError, EncodeError

# What check() answers.
GOOD = 0
BELOW = 1
ABOVE = 2
OFF_STEP = 3


def size_of(fmt):
    """Bytes that a field of this format takes. Allocates nothing."""
    code = fmt[-1]
    return 1 if code == "B" else 4 if code == "I" else 2


def read(fmt, buf, at):
    """The number of format fmt at buf[at:]; the caller has checked the length.

    Allocates nothing as long as the value fits a small integer (30 bits on 32-bit boards).
    """
    code = fmt[-1]
    value = buf[at]
    if code == "B":
        return value
    value = value << 8 | buf[at + 1]
    if code == "I":
        return (value << 8 | buf[at + 2]) << 8 | buf[at + 3]
    return value - 0x10000 if code == "h" and value & 0x8000 else value


def write(fmt, buf, at, value):
    """Put a number of format fmt at buf[at:]; the caller has checked value and room. Allocates nothing."""
    code = fmt[-1]
    if code != "B":
        if code == "I":
            buf[at] = value >> 24 & 0xFF
            buf[at + 1] = value >> 16 & 0xFF
            at += 2
        buf[at] = value >> 8 & 0xFF
        at += 1
    buf[at] = value & 0xFF


def check(row, counts):
    """GOOD, or what is wrong with counts as a value of the field row. Allocates nothing."""
    if counts < row[4]:
        return BELOW
    if counts > row[5]:
        return ABOVE
    if row[6] != 1 and (counts - row[4]) % row[6]:
        return OFF_STEP
    return GOOD


def _copies_by_struct():
    """MicroPython's pack_into("Ns") takes any buffer and is the one copy without garbage there."""
    try:
        struct.pack_into("2s", bytearray(2), 0, memoryview(b"ab"))
        return True
    except Exception:  # CPython: struct.error, which MicroPython does not have
        return False


if _copies_by_struct():

    def copy(fmt, view, out, at, n):
        """Put the n bytes of view at out[at:]; fmt is "Ns". Allocates nothing on MicroPython."""
        struct.pack_into(fmt, out, at, view)

else:

    def copy(fmt, view, out, at, n):
        """Put the n bytes of view at out[at:]; fmt is "Ns"."""
        out[at : at + n] = view


# --- layout rows ------------------------------------------------------------------------------


def rows(layout):
    """The rows of a layout. (A lean build keeps layouts packed.)"""
    return layout


def find_layout(bodies, kind):
    """The layout of a message type in rows of (type, layout), or None. (A lean build has them packed, too.)"""
    for code, layout in bodies:
        if code == kind:
            return layout


def wrong_keyword(keywords, kind, values):
    """The first field whose keyword is none of its row, or None. keywords: rows of (type, field, words, source)."""
    for code, field, words, _source in keywords:
        if code == kind and field in values and values[field] not in words:
            return field
    return None


def _is_group(fmt):
    return not isinstance(fmt, str)


def pack(layout, values, encoding="utf-8"):
    """The bytes of a body. values: dict by row name; a repeated row takes a list, a group a dict.

    Counters are written from what they count. Raises EncodeError(missing, too_long or
    out_of_range, row name).
    """
    out = bytearray()
    _pack(layout, values, out)
    return bytes(out)


def _pack(layout, values, out):
    layout = rows(layout)
    counters = {row[2]: row for row in layout if row[2]}
    for name, fmt, count, _source in layout:
        if name in counters:
            counted = values.get(counters[name][0], ())
            size = len(_raw(counted) if _is_sized(counters[name][1]) else counted)
            _pack_one(name, fmt, size, out)
            continue
        if name in values:
            value = values[name]
        elif count:
            value = ()
        else:
            raise EncodeError("missing", name)
        if not count:
            _pack_one(name, fmt, value, out)
        elif _is_sized(fmt):
            out.extend(_raw(value))
        else:
            fmt = rows(fmt) if _is_group(fmt) else fmt  # once for all
            for item in value:
                _pack_one(name, fmt, item, out)


def _is_sized(fmt):
    """True when the counter of such a row gives its bytes and not its repeats."""
    return not _is_group(fmt) and (fmt == "s" or fmt == "C")


def _raw(value):
    return value.encode() if isinstance(value, str) else bytes(value)


def _pack_one(name, fmt, value, out):
    if _is_group(fmt):
        _pack(fmt, value, out)
    elif fmt == "S" or fmt == "B*":
        raw = value.encode() if fmt == "S" else bytes(value)
        if len(raw) > 255:
            raise EncodeError("too_long", name)
        out.append(len(raw))
        out.extend(raw)
    elif fmt[0] == "C":
        out.extend(_padded(value, int(fmt[1:])))
    elif fmt[-1] == "s":
        if len(value) != int(fmt[:-1]):
            raise EncodeError("wrong_size", name)
        out.extend(value)
    else:
        bits = 8 * size_of(fmt)
        low = -(1 << bits - 1) if fmt[-1] == "h" else 0
        if not low <= value < low + (1 << bits):
            raise EncodeError("out_of_range", name)
        out.extend(struct.pack(fmt, value))


def _padded(text, size):
    """Text as Char[size]: UTF-8, cut at a character boundary, NUL-padded. Raw bytes pass unchanged."""
    raw = text.encode() if isinstance(text, str) else bytes(text)
    if len(raw) > size:
        end = size
        while end and raw[end] & 0xC0 == 0x80:
            end -= 1
        raw = raw[:end]
    return raw + bytes(size - len(raw))


def unpack(layout, buf, at=0, end=None):
    """(values, offset after them). Group and repeated rows as in pack(). Raises DecodeError."""
    return _unpack(layout, buf, at, len(buf) if end is None else end)


def unpack_all(layout, buf, at=0, end=None):
    """As unpack(), and every byte up to end must belong to the body."""
    end = len(buf) if end is None else end
    values, at = _unpack(layout, buf, at, end)
    if at != end:
        raise DecodeError("surplus_bytes", at)
    return values


def _unpack(layout, buf, at, end):
    values = {}
    for name, fmt, count, _source in rows(layout):
        if not count:
            values[name], at = _unpack_one(fmt, buf, at, end)
            continue
        times = values[count]
        if _is_sized(fmt):
            if times > end - at:
                raise DecodeError("truncated", at)
            raw = bytes(memoryview(buf)[at : at + times])
            values[name] = _text(raw, at) if fmt == "C" else raw
            at += times
            continue
        # The counter is checked against what is left before any memory is taken.
        if times * least_size(fmt) > end - at:
            raise DecodeError("truncated", at)
        fmt = rows(fmt) if _is_group(fmt) else fmt
        items = []
        for _ in range(times):
            item, at = _unpack_one(fmt, buf, at, end)
            items.append(item)
        values[name] = items
    return values, at


def _unpack_one(fmt, buf, at, end):
    if _is_group(fmt):
        return _unpack(fmt, buf, at, end)
    size = least_size(fmt)
    if at + size > end:
        raise DecodeError("truncated", at)
    if fmt == "S" or fmt == "B*":
        size = buf[at]
        at += 1
        if at + size > end:
            raise DecodeError("truncated", at)
        raw = bytes(buf[at : at + size])
        return (_text(raw, at) if fmt == "S" else raw), at + size
    if fmt[0] == "C":
        raw = bytes(buf[at : at + size])
        return _text(raw.rstrip(b"\0"), at), at + size
    if fmt[-1] == "s":
        return bytes(buf[at : at + size]), at + size
    return read(fmt, buf, at), at + size


# The lead bytes of UTF-8 after which not every continuation byte may follow; after C0, C1 and F5 on none.
_UTF8_LEAST = {0xE0: 0xA0, 0xF0: 0x90, 0xC0: 0xC0, 0xC1: 0xC0, 0xF5: 0xC0, 0xF6: 0xC0, 0xF7: 0xC0}
_UTF8_MOST = {0xED: 0x9F, 0xF4: 0x8F}


def _text(raw, at):
    try:
        text = raw.decode()
    except ValueError:  # UnicodeError is one
        raise DecodeError("not_utf8", at)  # not "from": MicroPython has no chaining
    # MicroPython also decodes what UTF-8 forbids: overlong forms, surrogates, beyond U+10FFFF.
    for i in range(len(raw) - 1):
        lead, follow = raw[i], raw[i + 1]
        if lead >= 0xC0 and not _UTF8_LEAST.get(lead, 0x80) <= follow <= _UTF8_MOST.get(lead, 0xBF):
            raise DecodeError("not_utf8", at)
    return text


def offset_of(layout, name):
    """Where a field lies in a layout that has no repeated row before it. Raises KeyError."""
    at = 0
    for row in rows(layout):
        if row[0] == name:
            return at
        at += least_size(row[1])
    raise KeyError(name)


def least_size(fmt):
    """The fewest bytes one item of this format can take."""
    if _is_group(fmt):
        return sum(0 if row[2] else least_size(row[1]) for row in rows(fmt))
    if fmt == "S" or fmt == "B*":
        return 1
    if fmt[0] == "C":
        return int(fmt[1:])
    if fmt[-1] == "s":
        return int(fmt[:-1])
    return size_of(fmt)
