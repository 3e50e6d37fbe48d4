"""What a device tells about itself, streamed: the length is counted first, then each payload is an iterator
of rows from one snapshot, so that nothing is built whole and nothing changes in between."""

from .. import wire
from . import described
from .identity import FULL_DESCRIPTION, SECTIONS
from .outgoing import Body
from .tables import bodies_ours as ours
from .tables import bodies_published as published
from .tables.properties import FIELD_PROPERTY
from .values import name_of, to_text, unit_code

_RESULT = b"\0\0"  # success, as the first field of a payload
_ONE_DEVICE = b"\0\1"


def body_of(kind, identity, state, snapshot):
    """The payload of an info response of this type. snapshot: of take() in snapshot.py."""

    def make():
        yield _RESULT
        for piece in pieces(kind, identity, state, snapshot):
            yield piece

    return Body(make, len(_RESULT) + size_of(kind, identity, state, snapshot))


def pieces(kind, identity, state, snapshot):
    """The payload of an info response after its Result, as an iterator of bytes."""
    if kind == "BasicInfo":
        return _basic_info(identity)
    if kind == "FunctionList":
        return _function_list(identity, state)
    if kind == FULL_DESCRIPTION:
        return _full_description(identity, state, snapshot)
    return _property_list(identity, snapshot)


def size_of(kind, identity, state, snapshot):
    """The bytes of pieces(), counted without making them."""
    if kind == "BasicInfo":
        return _ONE_BASIC_INFO + 2 * len(identity.capability)
    if kind == "FunctionList":
        size = _ONE_FUNCTION_LIST
        for _number, _category, inputs, outputs in _functions(state):
            size += _ONE_FUNCTION + ours.PARAM_DESC_SIZE * (_count(inputs()) + _count(outputs()))
        return size
    if kind == FULL_DESCRIPTION:
        size = len(_ONE_DEVICE)
        for section in SECTIONS:
            size += ours.SECTION_HEAD_SIZE + size_of(section, identity, state, snapshot)
        return size
    size = ours.PROPERTIES_HEAD_SIZE
    for _number, _unit, _name, text in _properties(snapshot):
        size += ours.PROPERTY_SIZE + len(text.encode())
    return size


def _properties(snapshot):
    """(PropertyID, unit code, name, text) of each, as an iterator."""
    texts, fields = snapshot
    for row, text in texts:
        yield row[0], unit_code(row[2]), row[1], text
    for row, counts in fields:
        yield FIELD_PROPERTY + row[0], unit_code(row[8]), name_of(row), to_text(counts, row[7])


def _functions(state):
    return described.functions(state) if state else ()


def _basic_info(identity):
    yield wire.pack(_BASIC_INFO, {"DeviceList": [identity.values()]})


def _function_list(identity, state):
    yield _ONE_DEVICE
    head = {"numoffunction": _count(_functions(state)), "DeviceID": identity.device_id}
    yield wire.pack(published.FUNCTION_LIST_DEVICE, head)
    for number, category, inputs, outputs in _functions(state):
        head = {"FunctionID": number, "FunctionCategory": category, "numofinput": _count(inputs())}
        yield wire.pack(ours.FUNCTION_HEAD, head)
        for row in inputs():
            yield described.describe(row)
        yield wire.pack(_COUNTER, {"n": _count(outputs())})
        for row in outputs():
            yield described.describe(row)


def _property_list(identity, snapshot):
    n = _count(_properties(snapshot))
    head = {"numofdevice": 1, "DeviceID": identity.device_id, "numofproperty": n}
    yield wire.pack(ours.PROPERTIES_HEAD, head)
    for number, unit, name, text in _properties(snapshot):
        yield wire.pack(ours.PROPERTY, {"PropertyID": number, "Unit": unit, "Name": name, "Value": text})


def _full_description(identity, state, snapshot):
    yield wire.pack(_COUNTER, {"n": len(SECTIONS)})
    for kind in SECTIONS:
        size = size_of(kind, identity, state, snapshot)
        yield wire.pack(ours.SECTION_HEAD, {"SectionType": kind, "SectionSize": size})
        for piece in pieces(kind, identity, state, snapshot):
            yield piece


_BASIC_INFO = published.BASIC_INFO_BODY[1:]
_COUNTER = (("n", ">H", None, "OURS"),)
_ONE_BASIC_INFO = len(_ONE_DEVICE) + wire.least_size(published.BASIC_INFO_BODY[2][1])
_ONE_FUNCTION_LIST = len(_ONE_DEVICE) + wire.least_size(published.FUNCTION_LIST_DEVICE)
_ONE_FUNCTION = wire.least_size(ours.FUNCTION_HEAD) + wire.least_size(_COUNTER)


def _count(items):
    n = 0
    for _item in items:
        n += 1
    return n
