"""Functions that have less to do in a lean build, as the sources that take the place of their own."""

from collections.abc import Sequence

from rumpus.dcmp import values

from ..modules import Device
from .program import Own
from .tables import BOOL, field_names, packed_transactions

# The rows of the interlocks are compiled already.
_COMPILED = """
def compiled(rows, inputs, outputs, alarms):
    return rows
"""
# There is one appliance, one transport and one wiring. What is loaded late is forgotten at once, so that its memory
# is free again when nobody uses it any more; it is loaded anew when it is asked for again. (What is only deleted from
# a dict of MicroPython stays in its slot, and so in memory, until something else comes there.)
# Before and while it is loaded garbage is collected, so that it lies close to what is there: see split.py.
_LATE_THRESHOLD = 2048
LATE = Own("rumpus.wiring", "load_late")
_LOAD = """
_things = {{}}
def load_late(name):
    path = "rumpus." + name
    often = gc.threshold()
    gc.threshold({threshold})
    gc.collect()
    try:
        return __import__(path, None, None, ("",))
    finally:
        gc.threshold(often)
        modules = sys.modules
        modules[path] = None
        del modules[path]
        setattr(modules["rumpus"], name, None)
        delattr(modules["rumpus"], name)
def load(path, names):
    if path == {wiring!r}:
        return load_late("roles")
    name = path.split(".")[-1]
    if name in _things:
        return _things[name]
    return load_late(path[7:].replace(".", "_"))
"""
# The names of fields, which DCMP tells, are bytes: number, length, letters.
_NAME_OF = """
_names = {names!r}
def name_of(row):
    if isinstance(row[1], str):
        return row[1]
    at = 0
    while _names[at] != row[0]:
        at += 2 + _names[at + 1]
    return _names[at + 2 : at + 2 + _names[at + 1]].decode()
"""
# Units are numbers: tables.py.
_UNIT_CODE = """
def unit_code(token):
    return token if isinstance(token, int) and token > 0 else 0
"""
_DATA_TYPE = """
def data_type(row):
    return {bool_} if row[8] == {bool_unit} else {decimal} if row[7] > 1 else {integer}
"""
# The table of transactions, whose words are numbers, those of drops first: packed_transactions().
_STEP = """
_step_rows = {rows!r}
def step(exchange, end, state, happening):
    key = bytes((exchange, end, state, happening))
    at = _step_rows.find(key)
    while at > 0 and at % 6:
        at = _step_rows.find(key, at + 1)
    if at < 0:
        return state, None
    return _step_rows[at + 4], _step_rows[at + 5]
"""
_IS_DROP = """
def is_drop(duty):
    return duty is None or duty < {first_other}
"""
# Layouts, and their tables by message type, are packed: layouts.py.
_ROWS = """
_formats = {formats!r}
def rows(layout):
    if not isinstance(layout, bytes):
        return layout
    n = range(0, len(layout), 3)
    return [(layout[i], _formats[layout[i + 1]], layout[i + 2] or None, None) for i in n]
"""
_FIND_LAYOUT = """
def find_layout(bodies, kind):
    at = 0
    while at < len(bodies):
        start, at = at + 3, at + 3 + bodies[at + 2]
        if bodies[start - 3] << 8 | bodies[start - 2] == kind:
            return bodies[start:at]
"""
_WRONG_KEYWORD = """
def wrong_keyword(keywords, kind, values):
    at = 0
    while at < len(keywords):
        start, at = at + 4, at + 4 + keywords[at + 3]
        field = keywords[start - 2]
        if keywords[start - 4] << 8 | keywords[start - 3] == kind and field in values:
            if keywords.find(b"\\0" + values[field].encode() + b"\\0", start, at) < 0:
                return field
"""


def functions(
    device: Device,
    wiring: str,
    formats: Sequence[str | bytes] | None,
    exchanges: Sequence[str] | None = None,
) -> dict[Own, str]:
    """wiring: name of the module of the wiring file. formats: of packed layouts, where the device speaks DCMP.
    exchanges: the only ones that it knows."""
    found = {
        Own("rumpus.interlock_rows", "compiled"): _COMPILED,
        Own("rumpus.wiring", "load"): _LOAD.format(wiring=wiring, threshold=_LATE_THRESHOLD),
    }
    if formats is not None:
        words, rows = packed_transactions(exchanges)
        found[Own("rumpus.dcmp.values", "name_of")] = _NAME_OF.format(names=field_names(device))
        found[Own("rumpus.dcmp.values", "unit_code")] = _UNIT_CODE
        found[Own("rumpus.dcmp.values", "data_type")] = _DATA_TYPE.format(
            bool_=values.BOOL, bool_unit=BOOL, decimal=values.DECIMAL, integer=values.INTEGER
        )
        found[Own("rumpus.wire", "rows")] = _ROWS.format(formats=tuple(formats))
        found[Own("rumpus.wire", "find_layout")] = _FIND_LAYOUT
        found[Own("rumpus.wire", "wrong_keyword")] = _WRONG_KEYWORD
        drops = sum(word.startswith("drop") for word in words)
        found[Own("rumpus.dcmp.transactions", "step")] = _STEP.format(rows=rows)
        found[Own("rumpus.dcmp.transactions", "is_drop")] = _IS_DROP.format(first_other=drops)
    return found
