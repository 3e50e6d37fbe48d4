"""The alarm log: one event for each edge, in a small ring that survives a restart.

An event is kept as the body of the alarm message that tells it. Sequence numbers go on across
restarts; a controller names the last it knows and is sent what follows, so that an edge which rose
and fell while the link was down is still told. Knows no file: the store is given.
"""

from .. import wire
from .tables.messages import ALARM_BODY_SIZE

# Events kept. An appliance has some ten alarms; this is several of each, both edges.
KEPT = 32
# A record in the store: the alarm body and two bytes against a torn write.
RECORD_SIZE = ALARM_BODY_SIZE + 2


def _guard(record, at):
    """Two bytes that a half-written record does not have: Fletcher-16, never both zero for zeros."""
    a = b = 1
    for i in range(ALARM_BODY_SIZE):
        a = (a + record[at + i]) % 255
        b = (b + a) % 255
    return b << 8 | a


class AlarmLog:
    """store: None, or an object with load(view, size), which fills the view with the records as they are
    stored, one for each slot (zeros stay where there is none), and save(slot, record) -> True when it is
    durable. boot_count: of this start."""

    def __init__(self, boot_count, store=None):
        self.boot_count = boot_count
        self.sequence = 0  # of the newest event
        self.active = 0  # alarm bits at the newest event
        self.latched = 0  # those of them that waited for a local reset
        self.failed = False  # the newest event could not be stored
        self._store = store
        self._ring = bytearray(KEPT * RECORD_SIZE)
        self._view = memoryview(self._ring)
        self._record = bytearray(RECORD_SIZE)
        if store:
            store.load(self._view, RECORD_SIZE)
            self._check()

    def _check(self):
        """Find the newest event in the ring as it was stored, and empty what is not whole."""
        for slot in range(KEPT):
            at = slot * RECORD_SIZE
            sequence = wire.read(">I", self._ring, at + 2)
            is_whole = wire.read(">H", self._ring, at + ALARM_BODY_SIZE) == _guard(self._ring, at)
            if not is_whole or sequence == 0 or sequence % KEPT != slot:
                for i in range(RECORD_SIZE):
                    self._ring[at + i] = 0
            elif sequence > self.sequence:
                self.sequence = sequence
                self.active = wire.read(">I", self._ring, at + 6)
                self.latched = wire.read(">I", self._ring, at + 10)

    def update(self, active, latched, uptime_s, clock_day, clock_second):
        """Log an event if the active or the latched bits differ from the last event's; True when they did.

        It is in the store before this returns, so that nothing told is ever forgotten.
        """
        changed = active ^ self.active
        if not changed and latched == self.latched:
            return False
        self.sequence += 1
        self.active = active
        self.latched = latched
        record = self._record
        wire.write(">H", record, 0, self.boot_count)
        wire.write(">I", record, 2, self.sequence)
        wire.write(">I", record, 6, active)
        wire.write(">I", record, 10, latched)
        wire.write(">I", record, 14, changed)
        wire.write(">I", record, 18, uptime_s)
        wire.write(">H", record, 22, 0xFFFF if clock_day is None else clock_day)
        wire.write(">I", record, 24, 0xFFFFFFFF if clock_second is None else clock_second)
        wire.write(">H", record, ALARM_BODY_SIZE, _guard(record, 0))
        slot = self.sequence % KEPT
        at = slot * RECORD_SIZE
        for i in range(RECORD_SIZE):
            self._ring[at + i] = record[i]
        if self._store:
            self.failed = not self._store.save(slot, record)
        return True

    def oldest(self):
        """Sequence of the oldest event still kept, 0 when there is none."""
        record = self.after(0)
        return 0 if record is None else sequence_of(record)

    def after(self, told):
        """The record of the first kept event after `told` (a view), or None when all is told."""
        sequence = max(told + 1, self.sequence - KEPT + 1, 1)
        while sequence <= self.sequence:
            at = sequence % KEPT * RECORD_SIZE
            if wire.read(">I", self._ring, at + 2) == sequence:
                return self._view[at : at + RECORD_SIZE]
            sequence += 1
        return None


def sequence_of(record):
    """The sequence number of a record."""
    return wire.read(">I", record, 2)
