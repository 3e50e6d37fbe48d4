"""One control request, taken apart and checked against the rows before anything is changed.

All-or-nothing: the first bad field refuses the whole request, and `field` and `reason` say which
and why. Reading it allocates nothing; the arrays are made once.
"""

from .. import wire
from .tables.frame import MAX_FIELDS
from .tables.results import REASONS

NONE = 0
NO_SUCH_FIELD = 1
NOT_FITTED = 2
READ_ONLY = 3
WRONG_SIZE = 4
BELOW_RANGE = 5
FIELD_TWICE = 8
TRUNCATED = 9
NOT_FOR_THIS_DEVICE = 21
TOO_MANY_FIELDS = 22
SURPLUS_BYTES = 23


class Control:
    """Field ids and counts of one request: fields[i], values[i] for i < count."""

    def __init__(self):
        self.count = 0
        self.fields = bytearray(MAX_FIELDS)
        self.values = [0] * MAX_FIELDS
        self.field = 0  # the field refused, 0 = none
        self.reason = NONE

    def refuse(self, field, reason):
        """Refuse the request. The first refusal counts."""
        if self.reason == NONE:
            self.field = field
            self.reason = reason

    def result(self):
        """The result code that goes with the reason. Allocates nothing."""
        return REASONS[self.reason][2]

    def find(self, field):
        """Index of a field in the request, or -1. Allocates nothing."""
        for i in range(self.count):
            if self.fields[i] == field:
                return i
        return -1

    def get(self, field, otherwise):
        """The counts that the request gives to a field, or `otherwise`. Allocates nothing."""
        i = self.find(field)
        return self.values[i] if i >= 0 else otherwise

    def add(self, field, counts):
        """Put one more field into the request (DCMP, tests, a local keypad)."""
        if self.count == MAX_FIELDS:
            self.refuse(field, TOO_MANY_FIELDS)
        elif self.find(field) >= 0:
            self.refuse(field, FIELD_TWICE)
        else:
            self.fields[self.count] = field
            self.values[self.count] = counts
            self.count += 1

    def clear(self):
        self.count = 0
        self.field = 0
        self.reason = NONE

    def read(self, state, buf, at, end):
        """Read a control body at buf[at:end] and check every field against the state's rows."""
        self.clear()
        if at >= end:
            self.refuse(0, TRUNCATED)
            return
        times = buf[at]
        at += 1
        for _ in range(times):
            if at + 2 > end or at + 2 + buf[at + 1] > end:
                self.refuse(0, TRUNCATED)
                return
            self._take(state, buf[at], buf[at + 1], buf, at + 2)
            if self.reason:
                return
            at += 2 + buf[at + 1]
        if at != end:
            self.refuse(0, SURPLUS_BYTES)

    def _take(self, state, field, size, buf, at):
        row = state.row(field)
        if row is None:
            self.refuse(field, NO_SUCH_FIELD)
        elif size != wire.size_of(row[2]):
            self.refuse(field, WRONG_SIZE)
        else:
            counts = wire.read(row[2], buf, at)
            self.check(state, row, counts)
            self.add(field, counts)

    def check(self, state, row, counts):
        """Refuse what this device, or the row, does not allow. Allocates nothing."""
        if not state.has(row[0]):
            self.refuse(row[0], NOT_FITTED)
        elif "w" not in row[3]:
            self.refuse(row[0], READ_ONLY)
        else:
            wrong = wire.check(row, counts)
            if wrong:
                self.refuse(row[0], BELOW_RANGE - wire.BELOW + wrong)

