"""The RUMP header, the device ID and the small bodies. Layouts: tables/frame.py, tables/messages.py."""

from .. import wire
from ..errors import DecodeError
from .tables.frame import (
    DEVICE_ID,
    DEVICE_ID_SIZE,
    DEVICE_TYPES,
    HEADER_SIZE,
    MAX_BODY,
    VERSION,
)

# "Whoever you are": for the first query on a point-to-point link.
NO_DEVICE = bytes(DEVICE_ID_SIZE)
# What check_header() answers when all is well; else a token for the counter of what was dropped.
GOOD = None


def write_header(out, at, kind, sequence, device_id, body_length):
    """Write a header at out[at:]; return the offset of the body. Allocates nothing."""
    out[at] = VERSION
    out[at + 1] = kind
    out[at + 2] = sequence >> 8
    out[at + 3] = sequence & 0xFF
    for i in range(DEVICE_ID_SIZE):
        out[at + 4 + i] = device_id[i]
    out[at + 16] = body_length >> 8
    out[at + 17] = body_length & 0xFF
    return at + HEADER_SIZE


def check_header(buf, at, end):
    """GOOD, or a token that says why buf[at:end] is not one whole RUMP message. Allocates nothing."""
    if end - at < HEADER_SIZE:
        return "truncated"
    if buf[at] != VERSION:
        return "version"
    length = buf[at + 16] << 8 | buf[at + 17]
    if length > MAX_BODY:
        return "body_too_long"
    if length != end - at - HEADER_SIZE:
        return "body_length"
    return GOOD


def is_for(buf, at, device_id):
    """True when the message names this device ID, or none (all zero). Allocates nothing."""
    start = at + 4
    return buf.find(device_id, start, at + 16) == start or buf.find(NO_DEVICE, start, at + 16) == start


def sequence_of(buf, at):
    return buf[at + 2] << 8 | buf[at + 3]


def device_id_of(buf, at):
    """The 12 bytes of the header's device ID (a copy)."""
    return bytes(memoryview(buf)[at + 4 : at + 4 + DEVICE_ID_SIZE])


def make_device_id(device_type, uuid, vendor=0, model=0):
    """The 12-byte RUMP device ID of a board with this UUID (16 bytes). OURS: the unit part is the
    UUID's last six bytes, so that retyping a board keeps its unit."""
    values = {"device_type": device_type, "vendor": vendor, "model": model, "unit": uuid[10:16]}
    return wire.pack(DEVICE_ID, values)


def type_name(device_id):
    """The name of the device type in a device ID, or None."""
    value = device_id[0] << 8 | device_id[1]
    for number, name, _source in DEVICE_TYPES:
        if number == value:
            return name
    return None


def unpack_body(layout, buf, at, end):
    """The values of a version or alarm body at buf[at:end]. A longer body is a later revision's and
    its rest is left alone. Raises DecodeError."""
    values, _after = wire.unpack(layout, buf, at, end)
    return values


def require_header(buf, at, end):
    """As check_header(), raising DecodeError."""
    wrong = check_header(buf, at, end)
    if wrong:
        raise DecodeError(wrong, at)
