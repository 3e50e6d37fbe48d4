"""DCMP payloads <-> dicts by field name. Layouts: tables/bodies_*.py; info responses: descriptions.py.

Bytes from outside give a dict or a DecodeError. An answer that carries an error may stop after Result
(D32), so a dict may hold nothing else. Payloads of the user range that nobody knows pass through as
{"data": bytes}.
"""

from .. import wire
from ..errors import DecodeError, EncodeError
from .tables import bodies_ours as ours
from .tables import bodies_published as published
from .tables import message_codes as m
from .tables.messages_ours import FILE_DATA, FILE_DATA_ACK
from .tables.result_codes import NO_PAYLOAD, PAYLOAD_SYNTAX

_BODIES = (
    (m.DEVICE_DISCOVERY_REQUEST, published.DEVICE_DISCOVERY_REQUEST_BODY),
    (m.DEVICE_DISCOVERY_RESPONSE, published.DEVICE_DISCOVERY_RESPONSE_BODY),
    (m.DEVICE_ADVERTISEMENT, published.DEVICE_ADVERTISEMENT_BODY),
    (m.DEVICE_INFO_REQUEST, published.DEVICE_INFO_REQUEST_BODY),
    (m.DEVICE_INFO_RESPONSE, published.BASIC_INFO_BODY),
    (m.DEVICE_CONTROL_REQUEST, ours.DEVICE_CONTROL_REQUEST_BODY),
    (m.DEVICE_CONTROL_RESPONSE, ours.DEVICE_CONTROL_RESPONSE_BODY),
    (m.EVENT_NOTIFICATION, ours.EVENT_NOTIFICATION_BODY),
    (m.EVENT_SUBSCRIPTION_REQUEST, ours.EVENT_SUBSCRIPTION_REQUEST_BODY),
    (m.EVENT_SUBSCRIPTION_RESPONSE, ours.EVENT_SUBSCRIPTION_RESPONSE_BODY),
)

_RESULT = ours.CONTROL_REFUSED[:1]  # how every answer begins


def tables_of(kind):
    """(rows of message type and layout, keyword rows) among which a message type is. The layouts of files,
    apply and registration are loaded when the first of them comes by."""
    if m.GET_FILEINFO_REQUEST <= kind <= m.APPLY_RESULT or kind == FILE_DATA or kind == FILE_DATA_ACK:
        from . import codec_files

        return codec_files.BODIES, codec_files.KEYWORDS
    if m.DEVICE_REGISTRATION_REQUEST <= kind <= m.SERVICE_REGISTRATION_RESPONSE:
        from . import codec_registration

        return codec_registration.BODIES, codec_registration.KEYWORDS
    return _BODIES, published.KEYWORDS if kind < m.DEVICE_CONTROL_REQUEST else ours.KEYWORDS


def layout_of(kind):
    """The layout rows of a message type, or None in the part of the user range that nobody knows.

    That of an info response is BasicInfo's; the others are in descriptions.py.
    """
    return wire.find_layout(tables_of(kind)[0], kind)


def pack(kind, values):
    """The payload of a message. values: dict by field name, or {"Result": n} alone.

    Raises EncodeError(missing, too_long, wrong_size or out_of_range, field name; keyword, field name).
    """
    layout = layout_of(kind)
    if layout is None:
        return bytes(values["data"])
    wrong = _wrong_keyword(kind, values)
    if wrong:
        raise EncodeError("keyword", wrong)
    if len(values) == 1 and "Result" in values:
        return wire.pack(_RESULT, values)
    if kind == m.DEVICE_CONTROL_RESPONSE and "Reason" in values:
        layout = ours.CONTROL_REFUSED
    elif kind == m.DEVICE_DISCOVERY_REQUEST:
        layout = _discovery_form(values["DiscoveryReqType"])
        if isinstance(values.get("StrTypeReq"), str):
            values = {
                "DiscoveryReqType": values["DiscoveryReqType"],
                "StrTypeReq": char16(values["StrTypeReq"]),
            }
    return wire.pack(layout, values)


def unpack(kind, buf, at, end):
    """The values in the payload buf[at:end] of a message. Raises DecodeError."""
    layout = layout_of(kind)
    if layout is None:
        return {"data": bytes(memoryview(buf)[at:end])}
    if at == end:
        raise DecodeError("no_payload", at)
    if kind == m.DEVICE_DISCOVERY_REQUEST:
        return _unpack_discovery(buf, at, end)
    if wire.rows(layout)[0][0] == "Result":
        values = _unpack_answer(kind, layout, buf, at, end)
    else:
        values = wire.unpack_all(layout, buf, at, end)
    if values.get("DeviceInfoReqType") == "StausProperty":
        values["DeviceInfoReqType"] = "StatusProperty"  # D35
    if _wrong_keyword(kind, values):
        raise DecodeError("keyword", at)
    return values


def _unpack_answer(kind, layout, buf, at, end):
    """As wire.unpack_all; an error may stop after Result, a refused control after its reason."""
    values, after = wire.unpack(_RESULT, buf, at, end)
    if values["Result"]:
        if after == end:
            return values
        if kind == m.DEVICE_CONTROL_RESPONSE and end - at == ours.CONTROL_REFUSED_SIZE:
            layout = ours.CONTROL_REFUSED
    return wire.unpack_all(layout, buf, at, end)


def result_of(error):
    """The Result that answers a request whose payload gave this DecodeError."""
    return NO_PAYLOAD if error.code == "no_payload" else PAYLOAD_SYNTAX


# --- the discovery request, whose length depends on its condition (D27) --------------------------


def _discovery_form(condition):
    if condition == "All":
        return ours.DISCOVERY_ALL
    return ours.DISCOVERY_BY_TYPE if condition == "DeviceType" else ours.DISCOVERY_BY_TEXT


def _unpack_discovery(buf, at, end):
    """Either form: with what the condition does not need left out, or all 34 bytes."""
    values, _after = wire.unpack(ours.DISCOVERY_ALL, buf, at, end)
    if _wrong_keyword(m.DEVICE_DISCOVERY_REQUEST, values):
        raise DecodeError("keyword", at)
    condition = values["DiscoveryReqType"]
    if end - at == published.DEVICE_DISCOVERY_REQUEST_BODY_SIZE:
        values = wire.unpack_all(published.DEVICE_DISCOVERY_REQUEST_BODY, buf, at, end)
    else:
        values = wire.unpack_all(_discovery_form(condition), buf, at, end)
    if condition == "DeviceName":
        values["StrTypeReq"] = wire.unpack_all((("", "C16", None, ""),), values["StrTypeReq"])[""]
    return values


def char16(text):
    """The 16 bytes of a Char[16] (D39)."""
    return wire.pack((("", "C16", None, ""),), {"": text})


# --- keywords ------------------------------------------------------------------------------------


def _wrong_keyword(kind, values):
    """The first field whose keyword is not one of its row, or None."""
    return wire.wrong_keyword(tables_of(kind)[1], kind, values)
