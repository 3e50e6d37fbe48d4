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

    unpack() gives (result, field, reason, counts of rows[0], counts of rows[1] ...).
    """

    def __init__(self, rows, revision, presence):
        self.rows = tuple([row for i, row in enumerate(rows) if _has(presence, i)])
        self.index = {row[1]: 3 + i for i, row in enumerate(self.rows)}
        shape = "".join([row[2][1:] for row in self.rows])
        self.shape = ">BBB%ds%s" % (2 + len(presence), shape)
        self.size = struct.calcsize(self.shape)
        # What tells this shape from others, at offset 3 of the body.
        self.constant = bytes((revision, len(presence))) + presence
        self.constant_end = 3 + len(self.constant)
        self.packs, self.unpacks = _struct_of(self.shape)
        self._check = _compile_check(self.rows)

    def unpack(self, buf, at=0):
        """The tuple of counts at buf[at:], each in its row's range or not available. Raises DecodeError."""
        values = self.unpacks(buf, at)
        if not self._check(values):
            self._refuse(values, at)
        return values

    def pack(self, values):
        """The bytes of a body; values as unpack() gave them. Raises EncodeError(out_of_range, row name)
        or EncodeError(unknown_result)."""
        if not self._check(values):
            for i, row in enumerate(self.rows):
                if not _legal(row, values[4 + i]):
                    raise EncodeError("out_of_range", row[1])
            if values[0] >= len(RESULTS) or values[2] >= len(REASONS):
                raise EncodeError("unknown_result")
        return self.packs(*values)

    def _refuse(self, values, at):
        """Say which value is wrong; return when it was only one that is not available."""
        offset = at + 3 + len(self.constant)
        for i, row in enumerate(self.rows):
            if not _legal(row, values[4 + i]):
                raise DecodeError("out_of_range", offset)
            offset += wire.size_of(row[2])
        if values[0] >= len(RESULTS) or values[2] >= len(REASONS):
            raise DecodeError("unknown_result", at)


def _has(presence, i):
    """True when bit i of the bitmap is set."""
    return i // 8 < len(presence) and presence[i // 8] >> i % 8 & 1 == 1


def _struct_of(shape):
    """(pack, unpack_from) of a shape; compiled once where the interpreter can."""
    if hasattr(struct, "Struct"):
        compiled = struct.Struct(shape)
        return compiled.pack, compiled.unpack_from
    return lambda *values: struct.pack(shape, *values), lambda buf, at: struct.unpack_from(shape, buf, at)


def _legal(row, counts):
    return row[4] <= counts <= row[5] or counts == not_available(row[2])


def _compile_check(rows):
    """A function that is true when all counts are in range; made from the rows because a loop over
    rows costs more than everything else together."""
    names = ["v%d" % i for i in range(len(rows))]
    tests = ["r < %d" % len(RESULTS), "s < %d" % len(REASONS)]
    flags = [name for name, row in zip(names, rows) if row[4] == 0 and row[5] == 1 and row[2] == ">B"]
    if flags:
        tests.append("(%s) < 2" % " | ".join(flags))
    for name, row in zip(names, rows):
        if name not in flags and not _takes_all(row):
            least = "" if row[4] == 0 and row[2] != ">h" else "%d <= " % row[4]
            tests.append("%s%s <= %d" % (least, name, row[5]))
    source = "def check(v):\n r, f, s, c, %s = v\n return %s\n"
    scope = {}
    exec(source % (", ".join(names) if names else "*_", " and ".join(tests)), scope)  # noqa: S102
    return scope["check"]


def _takes_all(row):
    """True when every count that the format can hold is legal."""
    return row[4] == 0 and row[5] == not_available(row[2]) - 1 and row[2] != ">h"


class StatusLayouts:
    """The layouts of one type of device, found by the start of a body."""

    def __init__(self, table):
        self.table = table
        self.rows = rows_of(table)
        self._known = {}
        self._last = None

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
        layout = self._last
        if layout is None or buf[at + 3 : at + layout.constant_end] != layout.constant:
            layout = self._last = self._layout_at(buf, at, end)
        size = end - at
        if size != layout.size:
            if size < layout.size:
                raise DecodeError("truncated", end)
            if layout.constant[0] == self.table.REVISION:
                raise DecodeError("surplus_bytes", at + layout.size)
        return Status(layout, layout.unpack(buf, at))

    def _layout_at(self, buf, at, end):
        start = at + STATUS_FIXED_SIZE
        if end < start or end < start + buf[at + 4]:
            raise DecodeError("truncated", at)
        return self.of(buf[at + 3], bytes(buf[start : start + buf[at + 4]]))


class Status:
    """One decoded status: result, field, reason, and counts by field name."""

    def __init__(self, layout, values):
        self.layout = layout
        self.values = values

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
