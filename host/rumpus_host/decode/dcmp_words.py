"""What the values of RMDP and DCMP mean, row by row, for people: by the name of the row, from the tables."""

import functools
import ipaddress
from typing import Any

from rumpus.dcmp import codec
from rumpus.dcmp.tables import header, message_names_ours, messages
from rumpus.dcmp.tables.bodies_info_ours import DATA_TYPES
from rumpus.dcmp.tables.bodies_ours import ANY_FUNCTION
from rumpus.dcmp.tables.device_errors import DEVICE_ERRORS
from rumpus.dcmp.tables.device_types import DEVICE_TYPES
from rumpus.dcmp.tables.message_codes import SERVICE_REGISTRATION_REQUEST, USER_DEFINED
from rumpus.dcmp.tables.properties import ALARM_PARAM, FIELD_PROPERTY, FUNCTIONS, PROPERTIES
from rumpus.dcmp.tables.results import ERROR_TYPES
from rumpus.dcmp.tables.units import UNIT_TYPES
from rumpus.rmdp import message as rmdp
from rumpus.rmdp.tables import bodies as rmdp_bodies
from rumpus.rmdp.tables.header import ACK_WANTED, URGENT
from rumpus.rump.tables.messages import ALARM_BODY
from rumpus.rump.tables.results import REASONS

from .. import fields
from .parts import Values, name_in, plain

_MESSAGES = {row[0]: row for row in (*messages.MESSAGE_TYPES, *message_names_ours.MESSAGE_TYPES)}
_RESULTS = {row[0]: row for row in (*ERROR_TYPES, *DEVICE_ERRORS)}
_EVERYBODY, _NOBODY = b"\xff" * 16, bytes(16)
# Rows of numbers that have a name in a table, and the table.
_NAMED = {
    "DeviceType": DEVICE_TYPES, "DeviceCapability": DEVICE_TYPES, "HexTypeReq": DEVICE_TYPES, "Unit": UNIT_TYPES,
    "DataType": DATA_TYPES, "AddrType": rmdp_bodies.ADDRESS_TYPES, "Reason": REASONS,
}  # fmt: skip
_SECONDS = ("LeaseTime", "ExpectedTime")
_BYTES = (
    "Length",
    "FileSize",
    "BlockSize",
    "StartOffset",
    "Offset",
    "NextOffset",
    "BytesSent",
    "DataSize",
    "Size",
)
_BYTES += ("ParamSize", "SectionSize")
#: What a zero says.
_ZERO = {
    "LeaseTime": "until cancelled", "BlockSize": "any", "StartOffset": "from the beginning", "Field": "none",
}  # fmt: skip


def message_name(kind: int) -> str | None:
    """The name of a DCMP message type, None for one that nobody knows."""
    return _MESSAGES[kind][1] if kind in _MESSAGES else None


def keywords_of(kind: int) -> dict[str, tuple[str, ...]]:
    """The keywords that each field of a DCMP body takes."""
    return {field: words for code, field, words, _source in codec.tables_of(kind)[1] if code == kind}


def rmdp_keywords_of(kind: int) -> dict[str, tuple[str, ...]]:
    return {field: words for code, field, words, _source in rmdp_bodies.KEYWORDS if code == kind}


# --- headers --------------------------------------------------------------------------------------------


def header_means(name: str, value: Any, _values: Values) -> tuple[Any, str]:
    """Of a row of DCMP's header."""
    if name == "Flag":
        return value, {header.NORMAL: "normal", header.URGENT: "urgent"}.get(value, "unknown")
    if name in ("Payload Type", "Encoding Type"):
        rows = messages.PAYLOAD_TYPES if name == "Payload Type" else messages.ENCODING_TYPES
        known = name_in(rows, value)
        return known or value, known or "unknown"
    if name == "Message Type":
        return message_name(value) or value, _message_text(value)
    if name == "Optional Header/DATA":
        return value.hex(), "not used" if not any(value) else value.hex()
    return _common(name, value)


def rmdp_header_means(name: str, value: Any, _values: Values) -> tuple[Any, str]:
    """Of a row of RMDP's header."""
    if name == "Flag":
        texts = ((URGENT, "urgent"), (ACK_WANTED, "acknowledgement wanted"))
        return value, ", ".join(text for bit, text in texts if value & bit) or "none"
    if name == "MessageType":
        known = rmdp.name_of(value)
        return known or value, f"{known or 'unknown'} (0x{value:04X})"
    return _common(name, value)


def _common(name: str, value: Any) -> tuple[Any, str]:
    if name == "Length":
        return value, f"{value} bytes, header included"
    if name.endswith("ID") and len(value) == 16:
        return value.hex(), _id_text(value)
    return plain(name, value)


def _id_text(value: bytes) -> str:
    return {_EVERYBODY: "everybody", _NOBODY: "unknown"}.get(value, value.hex())


def _message_text(kind: int) -> str:
    if kind not in _MESSAGES:
        kind_of_it = "a user-defined one" if kind >= USER_DEFINED else "no message has this number"
        return f"0x{kind:04X}, {kind_of_it}"
    _code, name, what, response, result, _source = _MESSAGES[kind]
    text = f"{name} (0x{kind:04X}), {what.replace('_', ' ')}"
    answers = [message_name(answer) or "" for answer in (response, result) if answer]
    return f"{text}, answered by {' and '.join(answers)}" if answers else text


# --- bodies ---------------------------------------------------------------------------------------------


class Body:
    """The meanings of the rows of one message type's body."""

    def __init__(self, kind: int, keywords: dict[str, tuple[str, ...]] | None = None):
        self._keywords = keywords_of(kind) if keywords is None else keywords
        self._plain = (
            ("ParamID",) if kind == SERVICE_REGISTRATION_REQUEST else ()
        )  # the service's own numbers

    def means(self, name: str, value: Any, values: Values) -> tuple[Any, str]:
        """For Walk."""
        if name in self._keywords and value not in self._keywords[name]:
            return value, f"{value!r} is none of {', '.join(self._keywords[name])}"
        if name in _ZERO and not value:
            return value, f"0, {_ZERO[name]}"
        if name in _NAMED:
            known = name_in(_NAMED[name], value)
            return known or value, f"{known or 'unknown'} (0x{value:04X})"
        if name in _MEANINGS and name not in self._plain:
            return _MEANINGS[name](value, values)
        if name in _SECONDS:
            return value, f"{value} s"
        if name in _BYTES:
            return value, f"{value} byte{'' if value == 1 else 's'}"
        if isinstance(value, bytes):
            return value.hex(), _id_text(value) if len(value) == 16 else value.hex()
        return plain(name, value)


def _result(value: int, _values: Values) -> tuple[Any, str]:
    if value not in _RESULTS:
        return value, f"unknown (0x{value:04X})"
    _code, name, error_class, _source = _RESULTS[value]
    kind = f"{error_class} error, " if value else ""
    return name, f"{name} ({kind}0x{value:04X})"


def _function(value: int, _values: Values) -> tuple[Any, str]:
    if value == ANY_FUNCTION:
        return value, "any"
    known = name_in(FUNCTIONS, value)
    # D50: an action is a field and one of its choices.
    known = known or (field_name(value >> 8) if value >> 8 else None)
    return value, f"{known or 'unknown'} (0x{value:04X})"


def _property(value: int, _values: Values) -> tuple[Any, str]:
    known = name_in(PROPERTIES, value)
    if value >= FIELD_PROPERTY:
        known = field_name(value - FIELD_PROPERTY)
    return value, f"{known or 'unknown'} (0x{value:04X})"


def _param(value: int, _values: Values) -> tuple[Any, str]:
    place = value - ALARM_PARAM
    known = ALARM_BODY[place][0] if 0 <= place < len(ALARM_BODY) else field_name(value)
    return value, f"{known or 'unknown'} (0x{value:04X})"


@functools.cache
def field_name(number: int) -> str | None:
    """The name of a RUMP field. A message does not say what kind of appliance it is about: all names it has."""
    names = [field.name for name in fields.TYPES if (field := fields.by_id(name, number))]
    return " or ".join(dict.fromkeys(names)) or None


def _address(value: bytes, values: Values) -> tuple[Any, str]:
    kind = name_in(rmdp_bodies.ADDRESS_TYPES, values["AddrType"])
    if kind == "ipv4":
        return value.hex(), str(ipaddress.IPv4Address(value[:4]))
    return value.hex(), str(ipaddress.IPv6Address(value)) if kind == "ipv6" else value.hex()


def _wanted(value: bytes, values: Values) -> tuple[Any, str]:
    """D26: a name, or a raw DeviceID."""
    if values.get("DiscoveryReqType") != "DeviceName":
        return value.hex(), _id_text(value) if any(value) else "not used"
    text = value.rstrip(b"\0").decode(errors="replace")
    return text, text


def _digest(value: bytes, _values: Values) -> tuple[Any, str]:
    return value.hex(), f"SHA-256 {value.hex()}" if any(value) else "none"


def _data(value: bytes, values: Values) -> tuple[Any, str]:
    return value.hex(), f"{len(value)} bytes of the file, from {values.get('Offset', 0)} on"


def _info_type(value: str, _values: Values) -> tuple[Any, str]:
    return value, f"{value}, a misprint of StatusProperty (D35)" if value == "StausProperty" else value


_MEANINGS = {
    "Result": _result, "FunctionID": _function, "PropertyID": _property, "ParamID": _param, "Addr": _address,
    "StrTypeReq": _wanted, "FileDigest": _digest, "Data": _data, "DeviceInfoReqType": _info_type,
    "Field": _param, "ID": _param,
}  # fmt: skip
