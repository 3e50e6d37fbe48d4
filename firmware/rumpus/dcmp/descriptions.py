"""INFO_RESPONSE payloads of all types, for whoever asked: bytes to dicts and back.

A response does not say of which type it is (D31): the asker remembers. The published beginnings and our
rest are put together here; the device streams the same layouts from its rows (info.py).
"""

from .. import wire
from ..errors import DecodeError, EncodeError
from .identity import FULL_DESCRIPTION, SECTIONS
from .tables import bodies_info_ours as ours
from .tables import bodies_published as published

_FUNCTIONS = published.FUNCTION_LIST_DEVICE + (("FunctionList", ours.FUNCTION, "numoffunction", "OURS"),)
FUNCTION_LIST_BODY = published.FUNCTION_LIST_HEAD + (("DeviceList", _FUNCTIONS, "numofdevice", "OURS D30"),)

_RESULT = published.FUNCTION_LIST_HEAD[:1]


def layout_of(info_type):
    """The layout rows of an info response; the sections of a full description are raw bytes in it.

    Raises KeyError for a type that is no keyword.
    """
    if info_type == "BasicInfo":
        return published.BASIC_INFO_BODY
    if info_type == "FunctionList":
        return FUNCTION_LIST_BODY
    if info_type == FULL_DESCRIPTION:
        return ours.FULL_DESCRIPTION_BODY
    if info_type.endswith("Property"):
        return ours.PROPERTIES_BODY
    raise KeyError(info_type)


def pack(info_type, values):
    """The payload of a response of this type; sections of a full description as {"SectionType", "Section":
    dict without Result}. Raises EncodeError."""
    if len(values) == 1:
        return wire.pack(_RESULT, values)
    if info_type != FULL_DESCRIPTION:
        return wire.pack(layout_of(info_type), values)
    sections = []
    for section in values["SectionList"]:
        kind = section["SectionType"]
        if kind not in SECTIONS:
            raise EncodeError("keyword", "SectionType")
        raw = wire.pack(wire.rows(layout_of(kind))[1:], section["Section"])
        sections.append({"SectionType": kind, "Section": raw})
    return wire.pack(ours.FULL_DESCRIPTION_BODY, {"Result": values["Result"], "SectionList": sections})


def unpack(info_type, buf, at, end):
    """The values of a response to a request of this type. Raises DecodeError."""
    layout = layout_of(info_type)
    result, after = wire.unpack(_RESULT, buf, at, end)
    if result["Result"] and after == end:
        return result
    values = wire.unpack_all(layout, buf, at, end)
    if info_type == "FunctionList":
        _check_categories(values, at)
    elif info_type == FULL_DESCRIPTION:
        for section in values["SectionList"]:
            section["Section"] = _unpack_section(section["SectionType"], section["Section"], at)
    return values


def _unpack_section(kind, raw, at):
    if kind not in SECTIONS:
        raise DecodeError("keyword", at)
    values = wire.unpack_all(wire.rows(layout_of(kind))[1:], raw)
    if kind == "FunctionList":
        _check_categories(values, at)
    return values


def _check_categories(values, at):
    for device in values["DeviceList"]:
        for function in device["FunctionList"]:
            if function["FunctionCategory"] not in ("Control", "Event"):
                raise DecodeError("keyword", at)
