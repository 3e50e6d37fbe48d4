"""DCMP taken apart: the header, and the body of each message type.

What a receiver says comes from its own code: dcmp/message.py judges the header, codec.py and descriptions.py the
body, and their verdict is the error. The parts are found by walking the same layout rows.
"""

from rumpus import wire
from rumpus.dcmp import codec, descriptions, message
from rumpus.dcmp.info import SECTIONS
from rumpus.dcmp.tables import bodies_ours, message_codes
from rumpus.dcmp.tables.header import HEADER, HEADER_SIZE, VERSION
from rumpus.dcmp.tables.messages import ENCODING_TYPES, PAYLOAD_TYPES
from rumpus.errors import DecodeError

from ..dcmp import words
from . import dcmp_words as told
from .parts import Decoded, Values, Walk, name_in

# A token of message.check() -> the header field that is to blame. The others are about the length of it all.
_BLAMED = {
    "version": "Version", "length": "Length", "payload_cut": "Length", "source": "Source ID",
    "transaction": "TransactionID", "payload_type": "Payload Type", "encoding": "Encoding Type",
    "unknown_message": "Message Type", "destination": "Destination ID",
}  # fmt: skip
# Other forms of a body than that of its table. Which it is the codec says, by what it reads.
_FORMS = {
    message_codes.DEVICE_DISCOVERY_REQUEST: (
        bodies_ours.DISCOVERY_ALL,
        bodies_ours.DISCOVERY_BY_TYPE,
        bodies_ours.DISCOVERY_BY_TEXT,
    ),
    message_codes.DEVICE_CONTROL_RESPONSE: (bodies_ours.CONTROL_REFUSED,),
}
# An info response does not say of which type it is (D31). Lists of properties all look alike.
_INFO_TYPES = (*SECTIONS, "FullDescription")


def begins_well(buf: bytes, at: int, end: int) -> bool:
    """True when version, payload and encoding type, and message type are known ones."""
    if end - at < wire.offset_of(HEADER, "TransactionID") or buf[at] != VERSION:
        return False
    payload, encoding = (
        at + wire.offset_of(HEADER, "Payload Type"),
        at + wire.offset_of(HEADER, "Encoding Type"),
    )
    if not name_in(PAYLOAD_TYPES, buf[payload]) or not name_in(ENCODING_TYPES, buf[encoding]):
        return False
    return message.is_known(message.kind_of(buf, at))


def is_whole(buf: bytes, at: int, end: int) -> bool:
    return end - at >= HEADER_SIZE and begins_well(buf, at, end) and _length(buf, at) == end - at


def _length(buf: bytes, at: int) -> int:
    return wire.read(">I", buf, at + wire.offset_of(HEADER, "Length"))


def decode(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    """Take a message of the channel dcmp apart: one without RMDP around it."""
    try:
        decode_message(decoded, buf, at, end)
    finally:
        decoded.kind, decoded.carries = decoded.carries, None


def decode_message(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    """Add the parts of buf[at:end], in a packet of another protocol (`carries`). Raises DecodeError."""
    destination = at + wire.offset_of(HEADER, "Destination ID")
    wrong = message.check(buf, at, end, buf[destination : destination + 16])
    if wrong:
        _judge(decoded, buf, at, message.fault_result(wrong))
    if wrong == "version":
        raise DecodeError(wrong, at)
    shown = decoded.values.setdefault("dcmp", {})
    try:
        Walk(decoded, "dcmp header", buf, end, told.header_means).rows(HEADER, at, "", shown)
    except DecodeError as error:
        raise DecodeError(wrong or error.code, error.detail) from None
    kind = message.kind_of(buf, at)
    decoded.carries = told.message_name(kind)
    stop = min(end, max(at + HEADER_SIZE, at + _length(buf, at)))
    try:
        if wrong != "unknown_message":
            _decode_body(decoded, kind, buf, at + HEADER_SIZE, stop)
    except DecodeError as error:
        if not wrong:
            _judge(decoded, buf, at, codec.result_of(error))
            raise
    if wrong:
        blamed = _BLAMED.get(wrong)
        raise DecodeError(wrong, at + wire.offset_of(HEADER, blamed) if blamed else stop)


def _judge(decoded: Decoded, buf: bytes, at: int, result: int) -> None:
    """What a device does with a wrong message."""
    is_answered = result and message.response_of(message.kind_of(buf, at))
    if is_answered and not message.is_to(buf, at, message.BROADCAST):
        decoded.verdict = f"A device answers {words.result_name(result)} (0x{result:04X})."
    else:
        decoded.verdict = "A device drops and counts it."


# --- bodies ---------------------------------------------------------------------------------------------


def _decode_body(decoded: Decoded, kind: int, buf: bytes, at: int, end: int) -> None:
    layout = codec.layout_of(kind)
    if layout is None:
        decoded.add(
            "body", buf, at, end, "data", buf[at:end].hex(), f"{end - at} bytes, for whoever knows them"
        )
        decoded.values["data"] = buf[at:end].hex()
    elif kind == message_codes.DEVICE_INFO_RESPONSE:
        _decode_info(decoded, buf, at, end)
    else:
        _decode_known(decoded, kind, layout, buf, at, end)


def _decode_known(decoded: Decoded, kind: int, layout: tuple, buf: bytes, at: int, end: int) -> None:
    wrong, values = None, None
    try:
        values = codec.unpack(kind, buf, at, end)
    except DecodeError as error:
        wrong = error
    walker = Walk(decoded, "body", buf, end, told.Body(kind).means)
    try:
        walker.rows(_form_of(kind, layout, values), at, "", decoded.values)
    except DecodeError as error:
        raise wrong or error from None
    if wrong:
        raise _placed(wrong, decoded, kind)


def _form_of(kind: int, layout: tuple, values: Values | None) -> tuple:
    """The layout that has just these values, for a body that may have more than one form."""
    if values is None:
        return layout
    for form in (layout, *_FORMS.get(kind, ())):
        if {row[0] for row in form} == set(values):
            return form
    return tuple(row for row in layout if row[0] in values)  # Result alone


def _placed(error: DecodeError, decoded: Decoded, kind: int) -> DecodeError:
    """A wrong keyword is told with the offset of its field: the codec gives that of the body."""
    if error.code == "keyword":
        for name, keywords in told.keywords_of(kind).items():
            for part in decoded.parts:
                if part.group == "body" and part.name == name and part.value not in keywords:
                    return DecodeError("keyword", part.offset)
    return error


def _decode_info(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    """The reading that fits; of a damaged one the reading that looks most like text where text belongs."""
    if at == end:
        raise DecodeError("no_payload", at)
    readings = [_read_info(info_type, buf, at, end) for info_type in _INFO_TYPES]
    best = max(readings, key=_likelihood)
    decoded.parts += best.parts
    decoded.values |= best.values
    decoded.note = best.note
    if best.error:
        raise best.error


def _read_info(info_type: str, buf: bytes, at: int, end: int) -> Decoded:
    reading = Decoded("dcmp", "")
    if end - at > 2:
        name = "list of properties" if info_type == "DeviceProperty" else info_type
        reading.note = f"The answer does not say what it tells: read as {name}."
        reading.values["info_type"] = info_type
    try:
        descriptions.unpack(info_type, buf, at, end)
    except DecodeError as error:
        reading.error = error
    layout = descriptions.layout_of(info_type)
    walker = Walk(reading, "body", buf, end, told.Body(message_codes.DEVICE_INFO_RESPONSE).means, _section)
    try:
        walker.rows(layout if end - at > 2 else layout[:1], at, "", reading.values)
    except DecodeError as error:
        reading.error = error if reading.error else None  # of a section: the offset in the whole
    return reading


def _section(name: str, values: Values) -> tuple | None:
    """The layout of a section of a full description, which is raw bytes there."""
    if name != "Section" or values["SectionType"] not in SECTIONS:
        return None
    return descriptions.layout_of(values["SectionType"])[1:]


def _likelihood(reading: Decoded) -> tuple[bool, int, int]:
    texts = [part.value for part in reading.parts if isinstance(part.value, str)]
    return (
        reading.error is None,
        -sum(not text.isprintable() for text in texts),
        sum(len(part.raw) for part in reading.parts),
    )
