"""What an appliance keeps over a power cut: set-points soon after a change, totals now and then.

The appliance's KEPT, TOTALS and ATTRIBUTES say what (appliances/base.py). All of it is one record, one
entry for each value: number (the field's id), size, value. What a later firmware does not know, or knows
with another size or range, is ignored. The store sees to it that a record is old or new, never torn.

Wear. A sector of flash stands 100 000 erasures. Totals cost 24 writes a day, and settings 96 at most,
which the credit below grants even a controller that never stops; a household needs perhaps 10. On littlefs
with 64 sectors 3000 writes erase no sector more than 50 times (counted in tests/host/test_power_cuts.py):
100 000 / 50 * 3000 / 120 a day is 136 years. On a FAT without wear levelling each write erases the sector
of the directory: 100 000 / 34 a day is 8 years, and 2 years with the controller that never stops.
"""

from . import wire

NAME = "kept"
_COMMON = ("child_lock", "utc_offset")
# A change waits this long for others to come, so that moving a slider is one write.
SETTLE_MS = 5000
# A write of settings costs credit, which comes with time: a dozen at once, four an hour for ever.
COST_MS = 900000
MOST_CREDIT_MS = 12 * COST_MS
# So much of the totals is lost at a power cut, at most. The first time comes early: else a device
# whose power never lasts an hour would, for one, never come to defrost.
TOTALS_MS = 3600000
FIRST_TOTALS_MS = 600000
_LOOK_MS = 1000
# An attribute is an integer that is small on every board.
_ATTRIBUTE_FORMAT = ">I"
_ATTRIBUTE_HIGH = 0x3FFFFFFF


class Retained:
    """store: load(name) -> bytes or None, save(name, bytes) -> True when they are durable; damaged counts
    the files found broken."""

    def __init__(self, appliance, store):
        self.ignored = 0  # entries of a record that this firmware cannot use
        self.failed = False  # the record is lost, or could not be written: the alarm `eeprom`
        self._appliance = appliance
        self._state = appliance.state
        self._store = store
        self._rows = self._find(_COMMON + appliance.KEPT)
        self._settings = len(self._rows)  # so many of the rows are settings, the others totals
        self._rows += self._find(appliance.TOTALS)
        for number, name in appliance.ATTRIBUTES:
            self._rows.append((number, name, _ATTRIBUTE_FORMAT, "", 0, _ATTRIBUTE_HIGH, 1))
        self._saved: list = [None] * len(self._rows)
        self._credit_ms = MOST_CREDIT_MS
        self._unsaved_ms = 0  # since a setting changed
        self._since_totals_ms = TOTALS_MS - FIRST_TOTALS_MS
        self._since_look_ms = 0

    def _find(self, names):
        """The rows of these fields, as far as this device has them. Raises KeyError for no such field."""
        found = []
        for name in names:
            row = self._row(name)
            if self._state.has(row[0]):
                found.append(row)
        return found

    def _row(self, name):
        for row in self._state.rows:
            if row[1] == name:
                return row
        raise KeyError(name)

    def _value(self, i):
        row = self._rows[i]
        return self._state[row[0]] if row[3] else getattr(self._appliance, row[1])

    # --- at the start -----------------------------------------------------------------------

    def load(self):
        """Give the appliance what was kept; what was not keeps its default."""
        damaged = self._store.damaged
        record = self._store.load(NAME)
        # Lost, unless the other copy was whole: told until somebody sets something anew.
        self.failed = record is None and self._store.damaged != damaged
        record = record or b""
        at = 0
        while at + 2 <= len(record):
            number, size = record[at], record[at + 1]
            at += 2
            if at + size > len(record) or not self._take(number, size, record, at):
                self.ignored += 1
            at += size
        self._remember()

    def _take(self, number, size, record, at):
        for row in self._rows:
            if row[0] == number and wire.size_of(row[2]) == size:
                counts = wire.read(row[2], record, at)
                if wire.check(row, counts) != wire.GOOD:
                    return False
                if row[3]:
                    self._state[number] = counts
                else:
                    setattr(self._appliance, row[1], counts)
                return True
        return False

    # --- while it runs ----------------------------------------------------------------------

    def step(self, elapsed_ms):
        """Look about once a second; allocates nothing unless it writes."""
        self._since_look_ms += elapsed_ms
        if self._since_look_ms >= _LOOK_MS:
            self._look(self._since_look_ms)
            self._since_look_ms = 0

    def _look(self, elapsed_ms):
        self._credit_ms = min(MOST_CREDIT_MS, self._credit_ms + elapsed_ms)
        self._since_totals_ms = min(TOTALS_MS, self._since_totals_ms + elapsed_ms)
        if self._is_changed(0, self._settings):
            self._unsaved_ms = min(SETTLE_MS, self._unsaved_ms + elapsed_ms)
        else:
            self._unsaved_ms = 0
        if self._unsaved_ms >= SETTLE_MS and self._credit_ms >= COST_MS:
            self._credit_ms -= COST_MS
            self._save()
        elif self._since_totals_ms >= TOTALS_MS and self._is_changed(0, len(self._rows)):
            self._since_totals_ms = 0
            self._save()

    def _is_changed(self, first, end):
        for i in range(first, end):
            if self._value(i) != self._saved[i]:
                return True
        return False

    def finish(self):
        """An orderly end: write what has changed, whatever it costs."""
        if self._is_changed(0, len(self._rows)):
            self._save()

    def _save(self):
        record = bytearray()
        for i in range(len(self._rows)):
            row, counts = self._rows[i], self._value(i)
            if counts is not None:
                size = wire.size_of(row[2])
                record.extend(bytes((row[0], size)) + bytes(size))
                wire.write(row[2], record, len(record) - size, counts)
        self._unsaved_ms = 0
        # What could not be written is tried again, settings as credit allows.
        self.failed = not self._store.save(NAME, record)
        if not self.failed:
            self._remember()

    def _remember(self):
        for i in range(len(self._rows)):
            self._saved[i] = self._value(i)
