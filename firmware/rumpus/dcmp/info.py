"""What a device tells about itself, streamed: the length is counted first, then each payload is an iterator
of rows from one snapshot, so that nothing is built whole and nothing changes in between."""

from .. import wire
from . import described, functions
from .identity import FULL_DESCRIPTION, SECTIONS, cut
from .outgoing import Body
from .tables import bodies_ours as ours
from .tables import bodies_published as published
from .tables.properties import FIELD_PROPERTY, PROPERTIES
from .tables.timing import LONGEST_PROPERTY
from .values import name_of, to_text, unit_code

_RESULT = b"\0\0"  # success, as the first field of a payload
_ONE_DEVICE = b"\0\1"
_FIELD_KIND = "DeviceSpecificProperty"


class Snapshot:
    """The values of all properties asked for, at one moment. state: RUMP State, or None for what is no
    appliance. property_text: function of a PropertyID that gives its text, or None where there is none."""

    def __init__(self, kind, state, property_text):
        self._texts = []  # (row of PROPERTIES, text)
        self._rows = ()  # of the fields asked for
        self._counts = ()  # of these fields
        for row in PROPERTIES:
            if kind == row[3] or kind == "DeviceProperty" or kind == FULL_DESCRIPTION:
                text = property_text(row[0])
                if text is not None:
                    self._texts.append((row, cut(text, LONGEST_PROPERTY)))
        if state and kind in (_FIELD_KIND, "DeviceProperty", FULL_DESCRIPTION):
            self._rows = [row for row in state.rows if functions.is_readable(state, row)]
            self._counts = [state[row[0]] for row in self._rows]

    def properties(self):
        """(PropertyID, unit code, name, text) of each, as an iterator."""
        for row, text in self._texts:
            yield row[0], unit_code(row[2]), row[1], text
        for row, counts in zip(self._rows, self._counts):
            yield FIELD_PROPERTY + row[0], unit_code(row[8]), name_of(row), to_text(counts, row[7])


def body_of(kind, identity, state, property_text):
    """The payload of an info response of this type, from one snapshot."""
    snapshot = Snapshot(kind, state, property_text)

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
    for _number, _unit, _name, text in snapshot.properties():
        size += ours.PROPERTY_SIZE + len(text.encode())
    return size


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
    n = _count(snapshot.properties())
    head = {"numofdevice": 1, "DeviceID": identity.device_id, "numofproperty": n}
    yield wire.pack(ours.PROPERTIES_HEAD, head)
    for number, unit, name, text in snapshot.properties():
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
