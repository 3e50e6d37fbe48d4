"""What the properties of a device say at one moment: info.py tells it."""

from .functions import is_readable
from .identity import FULL_DESCRIPTION, cut
from .tables.properties import PROPERTIES
from .tables.timing import LONGEST_PROPERTY

_FIELD_KIND = "DeviceSpecificProperty"


def take(kind, state, text_of):
    """(texts, fields) of the properties that a DeviceInfoReqType asks for: rows of PROPERTIES and of the state, each
    with the text or counts of now.

    state: RUMP State, or None for what is no appliance. text_of(PropertyID): its text, or None where there is none.
    """
    texts, fields = [], []
    for row in PROPERTIES:
        if kind == row[3] or kind == "DeviceProperty" or kind == FULL_DESCRIPTION:
            text = text_of(row[0])
            if text is not None:
                texts.append((row, cut(text, LONGEST_PROPERTY)))
    if state and kind in (_FIELD_KIND, "DeviceProperty", FULL_DESCRIPTION):
        for row in state.rows:
            if is_readable(state, row):
                fields.append((row, state[row[0]]))
    return texts, fields
