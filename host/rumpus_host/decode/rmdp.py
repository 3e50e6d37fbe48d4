"""RMDP taken apart: the header, the bodies of discovery, and the DCMP message that a packet carries.

A packet is never cut into datagrams; what is longer than a buffer goes over a stream piece by piece. Such a
piece decodes as far as it goes, and Length says how much is missing.
"""

from rumpus import wire
from rumpus.errors import DecodeError
from rumpus.rmdp import message
from rumpus.rmdp.tables import messages
from rumpus.rmdp.tables.header import ACK_WANTED, HEADER, HEADER_SIZE, URGENT, VERSION

from . import dcmp
from . import dcmp_words as told
from .parts import Decoded, Walk

_DROPPED = "A node drops it."
_CARRIERS = (messages.SEND_MESSAGE, messages.SEND_EVENT)
# A token of message.check() -> the header field that is to blame.
_BLAMED = {
    "length": "Length", "source": "SourceNodeID", "our_own": "SourceNodeID", "transaction": "TransactionID",
    "unknown_message": "MessageType",
}  # fmt: skip


def begins_well(buf: bytes, at: int, end: int) -> bool:
    """True when version, flag and message type are known ones."""
    if end - at < 4 or buf[at] != VERSION or message.flag_of(buf, at) & ~(URGENT | ACK_WANTED):
        return False
    return message.name_of(message.kind_of(buf, at)) is not None


def is_whole(buf: bytes, at: int, end: int) -> bool:
    return end - at >= HEADER_SIZE and begins_well(buf, at, end) and _length(buf, at) == end - at


def _length(buf: bytes, at: int) -> int:
    return wire.read(">I", buf, at + wire.offset_of(HEADER, "Length"))


def decode(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    """Take a packet apart. Raises DecodeError."""
    decoded.verdict = _DROPPED
    if end - at >= HEADER_SIZE and buf[at] != VERSION:
        raise DecodeError("version", at)
    shown = decoded.values.setdefault("rmdp", {})
    Walk(decoded, "rmdp header", buf, end, told.rmdp_header_means).rows(HEADER, at, "", shown)
    kind = message.kind_of(buf, at)
    decoded.kind = message.name_of(kind)
    to = at + wire.offset_of(HEADER, "DestinationNodeID")
    wrong = message.check(buf, at, end, buf[to : to + 16])
    try:
        _decode_body(decoded, kind, buf, at + HEADER_SIZE, end)
    except DecodeError:
        if not wrong:
            raise
    if wrong:
        decoded.verdict = _DROPPED
        raise DecodeError(wrong, at + wire.offset_of(HEADER, _BLAMED[wrong]))
    decoded.verdict = ""


def _decode_body(decoded: Decoded, kind: int, buf: bytes, at: int, end: int) -> None:
    layout = message.layout_of(kind)
    if kind in _CARRIERS:
        dcmp.decode_message(decoded, buf, at, end)
    elif layout:
        wrong = None
        try:
            message.unpack(kind, buf, at, end)
        except DecodeError as error:
            wrong = error
        means = told.Body(kind, told.rmdp_keywords_of(kind)).means
        try:
            Walk(decoded, "body", buf, end, means).rows(layout, at, "", decoded.values)
        except DecodeError as error:
            raise wrong or error from None
        if wrong:
            raise wrong
