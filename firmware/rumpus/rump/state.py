"""The values of one appliance, kept as the status message that is sent.

Reading is a few index reads, writing patches the bytes, answering copies the block: nothing is
built and nothing is allocated. Knows rows and the status layout; no clock, no pins.
"""

from .. import wire
from ..errors import StateError
from ..wire import copy
from . import message
from .tables import common
from .tables.frame import HEADER_SIZE
from .tables.messages import STATUS, STATUS_FIXED_SIZE
from .tables.units import NOT_AVAILABLE


def rows_of(table):
    """All field rows of a type, in wire order: the common ones, then its own."""
    return common.FIELDS + table.FIELDS


def not_available(fmt):
    """The count that means "not available" in this format."""
    for known, counts, _source in NOT_AVAILABLE:
        if known == fmt:
            return counts
    raise KeyError(fmt)


class State:
    """table: a type's table module. device_id: 12 bytes. fitted: names of the optional fields that
    this device has, or None for all; mandatory ones are always there.

    What "allocates nothing" below leaves out: on a 32-bit board, four-byte counts over 30 bits, the
    one for "not available" included.
    """

    def __init__(self, table, device_id, fitted=None):
        self.rows = rows = rows_of(table)
        self.table = table
        self.device_id = device_id
        self.changed = False  # a field whose changes are pushed at once has changed
        # Bytes of a field that a control may set, 0 = none; by field id, any that a peer may name.
        self.sizes = bytearray(256)
        # These are as long as the type's ids need: a kilobyte of 256 entries each would be mostly zeros.
        self.row_of = bytearray(max([row[0] for row in rows]) + 1)  # row number + 1, 0 = no such field
        self._at = bytearray(len(self.row_of))  # offset, 0 = not in the status
        presence = bytearray((len(rows) + 7) // 8)
        at = HEADER_SIZE + STATUS_FIXED_SIZE + len(presence)
        for i, row in enumerate(rows):
            self.row_of[row[0]] = i + 1
            if fitted is not None and "!" not in row[3] and row[1] not in fitted:
                continue
            if "w" in row[3]:
                self.sizes[row[0]] = wire.size_of(row[2])
            if "r" in row[3]:
                presence[i // 8] |= 1 << i % 8
                self._at[row[0]] = at
                at += wire.size_of(row[2])
        self.size = at
        self.buf = bytearray(at)
        self._view = memoryview(self.buf)
        self._copy_format = "%ds" % at
        message.write_header(self.buf, 0, STATUS, 0, device_id, at - HEADER_SIZE)
        self.buf[HEADER_SIZE + 3] = table.REVISION
        self.buf[HEADER_SIZE + 4] = len(presence)
        start = HEADER_SIZE + STATUS_FIXED_SIZE
        self.buf[start : start + len(presence)] = presence
        for row in rows:
            if self._at[row[0]]:
                wire.write(row[2], self.buf, self._at[row[0]], not_available(row[2]))

    def row(self, field):
        """The row of a field id, or None. Allocates nothing."""
        n = self.row_of[field] if field < len(self.row_of) else 0
        return self.rows[n - 1] if n else None

    def has(self, field):
        """True when this device has the field. Allocates nothing."""
        return self.sizes[field] > 0 or (field < len(self._at) and self._at[field] > 0)

    def __getitem__(self, field):
        """Counts of a field in the status; None when it is not available. Allocates nothing."""
        at = self._at[field]
        if not at:
            raise StateError("not_in_status", field)
        fmt = self.rows[self.row_of[field] - 1][2]
        counts = wire.read(fmt, self.buf, at)
        return None if counts == not_available(fmt) else counts

    def __setitem__(self, field, counts):
        """Set a field (None: not available), clamped to the row's range; nothing happens when this
        device does not have it. Allocates nothing."""
        at = self._at[field]
        if not at:
            return
        row = self.rows[self.row_of[field] - 1]
        if counts is None:
            counts = not_available(row[2])
        elif counts < row[4]:
            counts = row[4]
        elif counts > row[5]:
            counts = row[5]
        if row[2] == ">B":  # most fields, so without a call
            if self.buf[at] == counts:
                return
            self.buf[at] = counts
        elif wire.read(row[2], self.buf, at) == counts:
            return
        else:
            wire.write(row[2], self.buf, at, counts)
        if "n" in row[3]:
            self.changed = True

    def copy_to(self, out, at, kind=STATUS, sequence=0):
        """Write the whole status message, as one of this kind and sequence, to out[at:]; return the
        offset after it. Allocates nothing."""
        copy(self._copy_format, self._view, out, at, self.size)
        out[at + 1] = kind
        out[at + 2] = sequence >> 8
        out[at + 3] = sequence & 0xFF
        return at + self.size
