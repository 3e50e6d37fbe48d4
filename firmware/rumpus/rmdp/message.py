"""The RMDP header and bodies: written, checked and read in place. Layouts: tables/. All of it is ours.

buf is bytes or bytearray: MicroPython searches in no other kind.
"""

from .. import wire
from ..errors import DecodeError, EncodeError
from .tables import bodies as b
from .tables import messages as m
from .tables.header import HEADER, HEADER_SIZE, VERSION

BROADCAST = b"\xff" * 16
UNKNOWN = bytes(16)
NO_TRANSACTION = bytes(8)

# What check() answers when all is well.
GOOD = None

_KIND = wire.offset_of(HEADER, "MessageType")
_LENGTH = wire.offset_of(HEADER, "Length")
_SOURCE = wire.offset_of(HEADER, "SourceNodeID")
_DESTINATION = wire.offset_of(HEADER, "DestinationNodeID")
_TRANSACTION = wire.offset_of(HEADER, "TransactionID")

_BODIES = (
    (m.NODE_ADVERTISEMENT, b.NODE_ADVERTISEMENT_BODY),
    (m.NODE_DISCOVERY_REQUEST, b.NODE_DISCOVERY_REQUEST_BODY),
    (m.NODE_DISCOVERY_RESPONSE, b.NODE_DISCOVERY_RESPONSE_BODY),
    (m.OBJECT_ADVERTISEMENT, b.OBJECT_ADVERTISEMENT_BODY),
    (m.SEND_MESSAGE_ACK, b.SEND_MESSAGE_ACK_BODY),
)


def write_header(out, at, kind, flag, size, source, destination, transaction):
    """Write a header at out[at:]; return the offset of the payload. size: of the whole packet."""
    out[at] = VERSION
    out[at + 1] = flag
    wire.write(">H", out, at + _KIND, kind)
    wire.write(">I", out, at + _LENGTH, size)
    for i in range(16):
        out[at + _SOURCE + i] = source[i]
        out[at + _DESTINATION + i] = destination[i]
    for i in range(8):
        out[at + _TRANSACTION + i] = transaction[i]
    return at + HEADER_SIZE


def set_destination(buf, at, node_id):
    """Address a packet that is written already."""
    for i in range(16):
        buf[at + _DESTINATION + i] = node_id[i]


def check(buf, at, end, node_id):
    """GOOD, or a token that says why buf[at:end] is no whole packet for this node. All such are dropped."""
    if end - at < HEADER_SIZE:
        return "truncated"
    if buf[at] != VERSION:
        return "version"
    if wire.read(">I", buf, at + _LENGTH) != end - at:
        return "length"
    to = at + _DESTINATION
    if not (_is_at(node_id, buf, to) or _is_at(BROADCAST, buf, to) or _is_at(UNKNOWN, buf, to)):
        return "not_for_us"
    if _is_at(BROADCAST, buf, at + _SOURCE) or _is_at(UNKNOWN, buf, at + _SOURCE):
        return "source"
    if _is_at(node_id, buf, at + _SOURCE):
        return "our_own"  # a broadcast that came back
    if _is_at(NO_TRANSACTION, buf, at + _TRANSACTION):
        return "transaction"
    return GOOD if name_of(kind_of(buf, at)) else "unknown_message"


def _is_at(value, buf, at):
    return buf.find(value, at, at + len(value)) == at


def is_broadcast(buf, at):
    return _is_at(BROADCAST, buf, at + _DESTINATION)


def kind_of(buf, at):
    return wire.read(">H", buf, at + _KIND)


def name_of(kind):
    """The name of a message type, or None."""
    for code, name, _source in m.MESSAGE_TYPES:
        if code == kind:
            return name
    return None


def flag_of(buf, at):
    return buf[at + 1]


def source_of(buf, at):
    """The 16 bytes of the source's node ID (a copy)."""
    return bytes(memoryview(buf)[at + _SOURCE : at + _SOURCE + 16])


def transaction_of(buf, at):
    """The 8 bytes of the TransactionID (a copy)."""
    return bytes(memoryview(buf)[at + _TRANSACTION : at + _TRANSACTION + 8])


def layout_of(kind):
    """The layout rows of a message type; None for what carries DCMP, or is no type."""
    return wire.find_layout(_BODIES, kind)


def pack(kind, values):
    """The payload of a packet that carries no DCMP message. Raises EncodeError."""
    wrong = wire.wrong_keyword(b.KEYWORDS, kind, values)
    if wrong:
        raise EncodeError("keyword", wrong)
    return wire.pack(layout_of(kind), values)


def unpack(kind, buf, at, end):
    """The values in the payload buf[at:end]; {"data": bytes} for what carries DCMP. Raises DecodeError."""
    layout = layout_of(kind)
    if layout is None:
        return {"data": bytes(memoryview(buf)[at:end])}
    values = wire.unpack_all(layout, buf, at, end)
    if wire.wrong_keyword(b.KEYWORDS, kind, values):
        raise DecodeError("keyword", at)
    return values
