"""RMDP packets and the DCMP in them, a line each: who to whom, what, and what became of it."""

from typing import Any, NamedTuple

from rumpus.dcmp import codec
from rumpus.dcmp import message as dcmp
from rumpus.dcmp.tables.header import HEADER_SIZE as DCMP_HEADER_SIZE
from rumpus.dcmp.tables.message_names_ours import MESSAGE_TYPES as OUR_TYPES
from rumpus.dcmp.tables.messages import MESSAGE_TYPES
from rumpus.errors import DecodeError
from rumpus.rmdp import message as rmdp
from rumpus.rmdp.tables import messages as rmdp_messages
from rumpus.rmdp.tables.header import HEADER_SIZE

from . import words

_TYPES = {code: name for code, name, *_rest in (*MESSAGE_TYPES, *OUR_TYPES)}
_CARRIERS = (rmdp_messages.SEND_MESSAGE, rmdp_messages.SEND_EVENT)
#: Fields that say the most, in this order.
_TELLING = (
    "Result", "AdType", "RegType", "DiscoveryReqType", "DeviceInfoReqType", "SubscriptionType", "EventType",
    "FunctionID", "DeviceType", "DeviceName", "ModelName", "ServiceName", "LeaseTime", "FileType", "FileName",
    "FileSize", "StartOffset", "Offset", "NextOffset", "BytesSent", "ApplyType",
)  # fmt: skip


class Line(NamedTuple):
    """rmdp, dcmp: message names ("" where there is no DCMP). source, to: IDs, shortened. values: what tells most."""

    rmdp: str
    dcmp: str
    source: str
    to: str
    size: int
    values: dict[str, Any]

    def __str__(self) -> str:
        name = f"{self.rmdp} {self.dcmp}".rstrip()
        told = ", ".join(f"{key} {_shown(key, value)}" for key, value in self.values.items())
        return f"{self.source} -> {self.to}  {name} ({self.size} bytes)" + (f": {told}" if told else "")


def line_of(packet: bytes, names: dict[bytes, str] | None = None) -> Line:
    """A packet in words. names: of nodes and devices, instead of the first digits of their IDs."""
    if len(packet) < HEADER_SIZE:
        return Line("too short", "", "?", "?", len(packet), {})
    kind = rmdp.kind_of(packet, 0)
    source, to = packet[8:24], packet[24:40]
    title = rmdp.name_of(kind) or f"0x{kind:04X}"
    if kind not in _CARRIERS:
        return Line(
            title,
            "",
            _id(source, names),
            _id(to, names),
            len(packet),
            _values(rmdp, kind, packet, HEADER_SIZE),
        )
    at = HEADER_SIZE
    if len(packet) < at + DCMP_HEADER_SIZE:
        return Line(title, "too short", _id(source, names), _id(to, names), len(packet), {})
    inner = dcmp.kind_of(packet, at)
    name = _TYPES.get(inner, f"0x{inner:04X}")
    source, to = dcmp.source_of(packet, at), dcmp.destination_of(packet, at)
    values = _values(codec, inner, packet, at + DCMP_HEADER_SIZE)
    return Line(title, name, _id(source, names), _id(to, names), len(packet), values)


def _values(module: Any, kind: int, packet: bytes, at: int) -> dict[str, Any]:
    """What tells most of a payload. Info responses but BasicInfo's do not say what they are (D31)."""
    try:
        values = module.unpack(kind, packet, at, len(packet))
    except (DecodeError, KeyError):
        values = {}
        if len(packet) >= at + 2 and dcmp.is_response(kind):
            values = {"Result": int.from_bytes(packet[at : at + 2], "big")}
    return {key: values[key] for key in _TELLING if key in values}


def _id(raw: bytes, names: dict[bytes, str] | None) -> str:
    if names and raw in names:
        return names[raw]
    if raw == dcmp.BROADCAST:
        return "all"
    return "?" if raw == dcmp.UNKNOWN else raw.hex()[:8]


def _shown(key: str, value: Any) -> str:
    if key == "Result":
        return words.result_name(value)
    if key == "DeviceType":
        return words.type_name(value)
    return repr(value) if isinstance(value, str) else str(value)
