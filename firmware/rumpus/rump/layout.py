"""Status bodies for the controller: one struct for each set of fields that a device has.

A device declares its fields by the presence bitmap, so all its statuses have one shape. The shape
is worked out when it is first seen, and from then on a body is one unpack and one range check.
(The device itself needs none of this: it keeps its status as bytes, see state.py.)
"""

import struct

from .. import wire
from ..errors import DecodeError, EncodeError
from .state import not_available, rows_of
from .tables.messages import STATUS_FIXED_SIZE
from .tables.results import REASONS, RESULTS

# Shapes kept per device; a peer that sends more than this is playing.
_MOST_SHAPES = 16


class Layout:
    """The shape of a status body: `rows` are the rows present, in wire order.

    A tuple of counts is (result, field, reason, constant, counts of rows[0], counts of rows[1] ...).
    """

    def __init__(self, rows, revision, presence):
        self.rows = tuple([row for i, row in enumerate(rows) if _has(presence, i)])
        self.index = {row[1]: 3 + i for i, row in enumerate(self.rows)}
        # What tells this shape from others, at offset 3 of the body.
        self.constant = bytes((revision, len(presence))) + presence
        shape = "".join([row[2][1:] for row in self.rows])
        self.shape = ">BBB%ds%s" % (len(self.constant), shape)
        self.size = struct.calcsize(self.shape)
        # unpack_good(buf, at, end): the Status, or None when the body is of another shape or not legal.
        # pack(values): the bytes of a body; values as in a Status. Raises EncodeError(out_of_range,
        # row name).
        self.unpack_good, self.pack = _compile(self)

    def unpack(self, buf, at=0):
        """The tuple of counts at buf[at:], each in its row's range or not available. Raises DecodeError."""
        status = self.unpack_good(buf, at, at + self.size)
        if status is None:
            self._refuse(struct.unpack_from(self.shape, buf, at), at)
        return status.values

    def _refuse(self, values, at):
        offset = at + 3 + len(self.constant)
        for i, row in enumerate(self.rows):
            if not _legal(row, values[4 + i]):
                raise DecodeError("out_of_range", offset)
            offset += wire.size_of(row[2])
        raise DecodeError("unknown_result", at)


def _has(presence, i):
    """True when bit i of the bitmap is set."""
    return i // 8 < len(presence) and presence[i // 8] >> i % 8 & 1 == 1


def _legal(row, counts):
    return row[4] <= counts <= row[5] or counts == not_available(row[2])


# Made from the rows, because a loop over rows costs more than everything else together. The tests stand
# in an `if`: there CPython joins a comparison and its jump, in `return a and b` it does not.
_SOURCE = """
def unpack_good(buf, at, end):
    if end - at == %(size)d:
        v = r, f, s, c%(names)s = unpack_from(buf, at)
        if c == CONSTANT and r < %(results)d and s < %(reasons)d and (%(all_good)s):
            status = Status()
            status.layout = LAYOUT
            status.values = v
            return status
    return None

def pack(v):
    r, f, s, c%(names)s = v
    if r < %(results)d and s < %(reasons)d and (%(all_good)s):
        return pack_all(*v)
    refuse(v)
"""


def _compile(layout):
    """(unpack_good, pack) of a layout."""
    rows = layout.rows
    names = ["v%d" % i for i in range(len(rows))]
    tested = [(name, row) for name, row in zip(names, rows) if not _takes_all(row)]
    in_range = [_in_range(name, row) for name, row in tested]
    legal = [
        "(%s or %s == %d)" % (test, name, not_available(row[2]))
        for test, (name, row) in zip(in_range, tested)
    ]

    def refuse(values):
        for i, row in enumerate(rows):
            if not _legal(row, values[4 + i]):
                raise EncodeError("out_of_range", row[1])
        raise EncodeError("out_of_range", "result")

    pack_all, unpack_from = _struct_of(layout.shape)
    # Most bodies have all values, so that is tried first.
    all_good = "%s or %s" % (" and ".join(in_range) or "True", " and ".join(legal) or "True")
    source = _SOURCE % {
        "names": "".join([", " + name for name in names]),
        "size": layout.size,
        "results": len(RESULTS),
        "reasons": len(REASONS),
        "all_good": all_good,
    }
    scope = {"LAYOUT": layout, "CONSTANT": layout.constant, "Status": Status}
    scope.update({"pack_all": pack_all, "unpack_from": unpack_from, "refuse": refuse})
    exec(source, scope)
    return scope["unpack_good"], scope["pack"]


def _struct_of(shape):
    """(pack, unpack_from) of a shape; compiled once where the interpreter can."""
    if hasattr(struct, "Struct"):
        compiled = struct.Struct(shape)
        return compiled.pack, compiled.unpack_from
    return lambda *values: struct.pack(shape, *values), lambda buf, at: struct.unpack_from(shape, buf, at)


def _in_range(name, row):
    """The test that a count is in its row's range."""
    above = "%s <= %d" % (name, row[5])
    return above if row[4] == 0 and row[2] != ">h" else "%s >= %d and %s" % (name, row[4], above)


def _takes_all(row):
    """True when every count that the format can hold is legal."""
    return row[4] == 0 and row[5] == not_available(row[2]) - 1 and row[2] != ">h"


def _none(buf, at, end):
    """Before the first body."""
    return None


class StatusLayouts:
    """The layouts of one type of device, found by the start of a body."""

    def __init__(self, table):
        self.table = table
        self.rows = rows_of(table)
        self._known = {}
        self._unpack_last = _none

    def of(self, revision, presence):
        """The Layout of a revision and presence bitmap. Raises DecodeError for rows nobody knows."""
        known = self._known.get(presence)
        if known is not None and known.constant[0] == revision:
            return known
        if revision == self.table.REVISION:
            for i in range(len(self.rows), 8 * len(presence)):
                if _has(presence, i):
                    raise DecodeError("unknown_field", STATUS_FIXED_SIZE)
        layout = Layout(self.rows, revision, presence)
        if len(self._known) < _MOST_SHAPES:
            self._known[presence] = layout
        return layout

    def unpack(self, buf, at, end):
        """The Status in a body at buf[at:end]. A newer revision may only add rows at the end: what
        follows the rows that we know is left alone. Raises DecodeError."""
        unpack_good = self._unpack_last
        status = unpack_good(buf, at, end)
        return self._unpack_another(buf, at, end) if status is None else status

    def _unpack_another(self, buf, at, end):
        """A body that is not of the last one's shape, or not right."""
        layout = self._layout_at(buf, at, end)
        self._unpack_last = layout.unpack_good
        size = end - at
        if size < layout.size:
            raise DecodeError("truncated", end)
        if size > layout.size and layout.constant[0] == self.table.REVISION:
            raise DecodeError("surplus_bytes", at + layout.size)
        layout.unpack(buf, at)
        return layout.unpack_good(buf, at, at + layout.size)

    def _layout_at(self, buf, at, end):
        start = at + STATUS_FIXED_SIZE
        if end < start or end < start + buf[at + 4]:
            raise DecodeError("truncated", at)
        return self.of(buf[at + 3], bytes(buf[start : start + buf[at + 4]]))


class Status:
    """One decoded status: result, field, reason, and counts by field name. Made by a Layout only."""

    layout: "Layout"
    values: "tuple[int, ...]"

    @property
    def result(self):
        return self.values[0]

    @property
    def field(self):
        """Id of the field that was refused, 0 = none."""
        return self.values[1]

    @property
    def reason(self):
        return self.values[2]

    def __contains__(self, name):
        return name in self.layout.index

    def __getitem__(self, name):
        """Counts of a field, None when not available. Raises KeyError when the device has no such field."""
        i = self.layout.index[name] + 1
        counts = self.values[i]
        return None if counts == not_available(self.layout.rows[i - 4][2]) else counts

    def names(self):
        return [row[1] for row in self.layout.rows]
