"""The DCMP header: written, checked and read in place. Layout: tables/header.py. No clock, no carrier.

check() gives a token for what is wrong; fault_result() the Result that is emitted for it. buf is bytes
or bytearray: MicroPython searches in no other kind.
"""

from .. import wire
from .tables import header, message_codes, messages_ours
from .tables.header import HEADER, HEADER_SIZE
from .tables.results_ours import FAULTS

# Not devices, so neither may be a source (D42).
BROADCAST = b"\xff" * 16
UNKNOWN = bytes(16)
NO_TRANSACTION = bytes(8)

# What check() answers when all is well.
GOOD = None

# How RMDP is to deliver a message.
ACKED = 0  # SEND_MESSAGE, acknowledged and sent again
PLAIN = 1  # SEND_MESSAGE, once
EVENT = 2  # SEND_EVENT, once

_PAYLOAD_TYPE = wire.offset_of(HEADER, "Payload Type")
_ENCODING_TYPE = wire.offset_of(HEADER, "Encoding Type")
_LENGTH = wire.offset_of(HEADER, "Length")
_SOURCE = wire.offset_of(HEADER, "Source ID")
_DESTINATION = wire.offset_of(HEADER, "Destination ID")
_MESSAGE_TYPE = wire.offset_of(HEADER, "Message Type")
_TRANSACTION = wire.offset_of(HEADER, "TransactionID")
# From so many bytes on it is known whom to answer.
_ANSWERABLE = wire.offset_of(HEADER, "Optional Header/DATA")
_VERSION = header.VERSION
_BINARY = header.BINARY
_ASCII = header.ASCII
_UTF_8 = header.UTF_8


def write_header(out, at, kind, size, source, destination, transaction, flag=header.NORMAL):
    """Write a header at out[at:]; return the offset of the payload. size: of the whole message.

    Allocates nothing while size is below 2**30.
    """
    out[at] = _VERSION
    out[at + 1] = flag
    out[at + _PAYLOAD_TYPE] = _BINARY
    out[at + _ENCODING_TYPE] = _UTF_8
    wire.write(">I", out, at + _LENGTH, size)
    for i in range(16):
        out[at + _SOURCE + i] = source[i]
        out[at + _DESTINATION + i] = destination[i]
        out[at + _ANSWERABLE + i] = 0  # D23
    wire.write(">H", out, at + _MESSAGE_TYPE, kind)
    for i in range(8):
        out[at + _TRANSACTION + i] = transaction[i]
    return at + HEADER_SIZE


def check(buf, at, end, device_id):
    """GOOD, or the token of a FAULTS row: why buf[at:end] is no whole message for device_id.

    The destination comes first, so that nobody answers what is meant for somebody else. The optional
    header is not looked at (D23), nor is the flag. Allocates nothing while Length is below 2**30.
    """
    n = end - at
    if n < _ANSWERABLE:
        return "no_header"
    if not (is_to(buf, at, device_id) or is_to(buf, at, BROADCAST) or is_to(buf, at, UNKNOWN)):
        return "not_for_us"
    if n < HEADER_SIZE:
        return "truncated"
    if buf[at] != _VERSION:
        return "version"
    length = wire.read(">I", buf, at + _LENGTH)
    if length != n:
        return "length" if length < HEADER_SIZE else "payload_cut" if length > n else "surplus_bytes"
    if _is_at(BROADCAST, buf, at + _SOURCE) or _is_at(UNKNOWN, buf, at + _SOURCE):
        return "source"
    if _is_at(NO_TRANSACTION, buf, at + _TRANSACTION):
        return "transaction"
    if buf[at + _PAYLOAD_TYPE] != _BINARY:
        return "payload_type"  # D41: XML too
    if buf[at + _ENCODING_TYPE] != _UTF_8 and buf[at + _ENCODING_TYPE] != _ASCII:
        return "encoding"
    return _check_kind(kind_of(buf, at), is_to(buf, at, BROADCAST), is_to(buf, at, UNKNOWN))


def _check_kind(kind, is_broadcast, is_unknown):
    """GOOD, or what is wrong with the message type and its destination."""
    if not is_known(kind):
        return "unknown_message"
    if is_broadcast or is_unknown:
        for code, broadcast, unknown, _source in messages_ours.OPEN_TO:
            if code == kind and (broadcast if is_broadcast else unknown):
                return GOOD
        return "destination"  # D49
    return GOOD


def fault_result(token):
    """The Result that is emitted for a fault, 0 when it is dropped and counted."""
    for known, result, _source in FAULTS:
        if known == token:
            return result
    return 0


def _is_at(value, buf, at):
    return buf.find(value, at, at + len(value)) == at


def is_to(buf, at, device_id):
    """True when device_id (16 bytes) is the destination. Allocates nothing."""
    return _is_at(device_id, buf, at + _DESTINATION)


def kind_of(buf, at):
    """The message type. Allocates nothing."""
    return wire.read(">H", buf, at + _MESSAGE_TYPE)


def source_of(buf, at):
    """The 16 bytes of the source's device ID (a copy)."""
    return bytes(memoryview(buf)[at + _SOURCE : at + _SOURCE + 16])


def destination_of(buf, at):
    """The 16 bytes of the destination's device ID (a copy)."""
    return bytes(memoryview(buf)[at + _DESTINATION : at + _DESTINATION + 16])


def transaction_of(buf, at):
    """The 8 bytes of the TransactionID (a copy)."""
    return bytes(memoryview(buf)[at + _TRANSACTION : at + _TRANSACTION + 8])


def is_one_way(kind):
    """True for a published message that belongs to no exchange, and for all of the user range."""
    if kind >= message_codes.USER_DEFINED:
        return True
    for code, _source in message_codes.ONE_WAY:
        if code == kind:
            return True
    return False


def is_known(kind):
    """True for a message type of Table 2 or of the user range."""
    for row in message_codes.EXCHANGES:
        if kind and (kind == row[0] or kind == row[1] or kind == row[2]):
            return True
    return is_one_way(kind)


def is_response(kind):
    """True for the first answer to a request."""
    for row in message_codes.EXCHANGES:
        if row[1] == kind:
            return True
    return False


def answers_to(request):
    """(response, result) of a request; (0, 0) for what is no request, result 0 where there is none."""
    for row in message_codes.EXCHANGES:
        if row[0] == request:
            return row[1], row[2]
    return 0, 0


def response_of(kind):
    """The response that answers a request, or an unknown type of a family that has one (D48); else 0."""
    is_unknown = not is_known(kind)
    for row in message_codes.EXCHANGES:
        if row[0] == kind or (is_unknown and row[0] ^ kind < 16):
            return row[1]
    return 0


def delivery_of(kind, destination):
    """ACKED, PLAIN or EVENT: how RMDP is to deliver a message."""
    for code, name, _source in messages_ours.DELIVERIES:
        if code == kind:
            return EVENT if name == "event" else PLAIN
    return EVENT if destination == BROADCAST else ACKED


class TransactionIds:
    """The TransactionIDs of one device (D24): never used twice, never zero.

    boot_random: 4 bytes that differ from start to start. Once the clock is set the IDs are NTP
    time stamps; before, they are these bytes and a counter.
    """

    def __init__(self, boot_random):
        self._start = bytes(boot_random)
        self._count = 0
        self._second = 0  # NTP seconds, 0 = the clock was not set
        self._ms = 0

    def set_clock(self, ntp_second):
        """ntp_second: seconds since 1900, of which the IDs tell 32 bits. A clock that goes back is not followed."""
        if ntp_second > self._second:
            self._second = ntp_second
            self._count = self._ms = 0

    def elapsed(self, ms):
        if self._second:
            self._ms += ms
            if self._ms >= 1000:
                self._second += self._ms // 1000
                self._ms %= 1000
                self._count = 0

    def next(self):
        """The next 8 bytes. The fraction of a second is a count, which no two of one second share."""
        self._count += 1
        head = (self._second & 0xFFFFFFFF).to_bytes(4, "big") if self._second else self._start
        return head + self._count.to_bytes(4, "big")
