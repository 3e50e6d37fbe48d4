"""Functions that have less to do in a lean build, as the sources that take the place of their own."""

from .program import Own
from .tables import packed_transactions

# The rows of the interlocks are compiled already.
_COMPILED = """
def compiled(rows, inputs, outputs, alarms):
    return rows
"""
# There is one appliance, one transport and one wiring, which is forgotten once it was read.
_LOAD = """
_things = {{}}
def load(path, names):
    if path == {wiring!r}:
        from sys import modules
        import rumpus.roles as module
        del modules["rumpus.roles"]
        del modules["rumpus"].roles
        return module
    name = path.split(".")[-1]
    if name in _things:
        return _things[name]
    return __import__("rumpus." + path[7:].replace(".", "_"), None, None, names)
"""
# The names of fields, which DCMP tells, are bytes in a file that is loaded when they are asked for.
_NAME_OF = """
def name_of(row):
    if isinstance(row[1], str):
        return row[1]
    from rumpus.field_names import NAMES
    at = 0
    while NAMES[at] != row[0]:
        at += 2 + NAMES[at + 1]
    return NAMES[at + 2 : at + 2 + NAMES[at + 1]].decode()
"""
# The table of transactions, of which words and rows are told by packed_transactions().
_STEP = """
_words = {words!r}
_rows = {rows!r}
def step(exchange, end, state, happening):
    key = bytes([_words.index(word) for word in (exchange, end, state, happening)])
    at = _rows.find(key)
    while at > 0 and at % 6:
        at = _rows.find(key, at + 1)
    if at < 0:
        return state, None
    return _words[_rows[at + 4]], _words[_rows[at + 5]]
"""


def functions(wiring: str, is_managed: bool) -> dict[Own, str]:
    """wiring: name of the module of the wiring file. is_managed: the device speaks DCMP."""
    found = {
        Own("rumpus.interlock_rows", "compiled"): _COMPILED,
        Own("rumpus.wiring", "load"): _LOAD.format(wiring=wiring),
        Own("rumpus.dcmp.values", "name_of"): _NAME_OF,
    }
    if is_managed:
        words, rows = packed_transactions()
        found[Own("rumpus.dcmp.transactions", "step")] = _STEP.format(words=words, rows=rows)
    return found
