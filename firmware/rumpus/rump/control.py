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

_RESULTS = bytes([row[2] for row in REASONS])  # by reason


class Control:
    """Field ids and counts of one request: fields[i], values[i] for i < count.

    ids: field ids that are added or asked for are below it; the fewer, the less memory. read() takes any.
    """

    def __init__(self, ids=256):
        self.count = 0
        self.fields = bytearray(MAX_FIELDS)
        self.values = [0] * MAX_FIELDS
        self.field = 0  # the field refused, 0 = none
        self.reason = NONE
        # Where a field stands in the request, by field id. Never cleared: an entry holds when it is
        # below count and fields[] there names the same field.
        self._place = bytearray(ids)

    def refuse(self, field, reason):
        """Refuse the request. The first refusal counts."""
        if self.reason == NONE:
            self.field = field
            self.reason = reason

    def result(self):
        """The result code that goes with the reason. Allocates nothing."""
        return _RESULTS[self.reason]

    def find(self, field):
        """Index of a field in the request, or -1. Allocates nothing."""
        i = self._place[field]
        return i if i < self.count and self.fields[i] == field else -1

    def get(self, field, otherwise):
        """The counts that the request gives to a field, or `otherwise`. Allocates nothing."""
        i = self._place[field]
        return self.values[i] if i < self.count and self.fields[i] == field else otherwise

    def add(self, field, counts):
        """Put one more field into the request (DCMP, tests, a local keypad)."""
        if self.count == MAX_FIELDS:
            self.refuse(field, TOO_MANY_FIELDS)
        elif self.find(field) >= 0:
            self.refuse(field, FIELD_TWICE)
        else:
            self.fields[self.count] = field
            self.values[self.count] = counts
            self._place[field] = self.count
            self.count += 1

    def clear(self):
        self.count = 0
        self.field = 0
        self.reason = NONE

    def read(self, state, buf, at, end):
        """Read a control body at buf[at:end] and check every field against the state's rows.

        The path of every command: one loop without a call, which only sees whether all is well
        with a field; _refuse() finds out what is not.
        """
        self.clear()
        if at >= end:
            return self.refuse(0, TRUNCATED)
        fields, values, place = self.fields, self.values, self._place
        sizes, row_of, rows = state.sizes, state.row_of, state.rows
        times = buf[at]
        at += 1
        for i in range(min(times, MAX_FIELDS)):
            if at + 2 > end:
                return self.refuse(0, TRUNCATED)
            field = buf[at]
            size = sizes[field]
            after = at + 2 + size
            if not size or size != buf[at + 1] or after > end:
                return self._refuse(state, i, buf, at, end)
            row = rows[row_of[field] - 1]
            value = buf[at + 2]
            if size > 1:
                value = value << 8 | buf[at + 3]
                if size > 2:
                    value = (value << 8 | buf[at + 4]) << 8 | buf[at + 5]
                elif value > row[5] and row[2] == ">h":
                    value -= 0x10000
            low = row[4]
            if value < low or value > row[5] or (row[6] != 1 and (value - low) % row[6]):
                return self._refuse(state, i, buf, at, end)
            known = place[field]
            if known < i and fields[known] == field:
                return self._refuse(state, i, buf, at, end)
            fields[i] = field
            values[i] = value
            place[field] = i
            at = after
        self.count = min(times, MAX_FIELDS)
        if times > MAX_FIELDS:
            self.refuse(0, TOO_MANY_FIELDS)
        elif at != end:
            self.refuse(0, SURPLUS_BYTES)

    def _refuse(self, state, i, buf, at, end):
        """Refuse the field at buf[at:], the i-th of the request, for what is wrong with it."""
        field = buf[at]
        row = state.row(field)
        self.count = i
        if at + 2 + buf[at + 1] > end:
            self.refuse(0, TRUNCATED)
        elif row is None:
            self.refuse(field, NO_SUCH_FIELD)
        elif buf[at + 1] != wire.size_of(row[2]):
            self.refuse(field, WRONG_SIZE)
        else:
            counts = wire.read(row[2], buf, at + 2)
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
