"""The alarm log: no edge is lost, whatever happens between update() and the next start."""

import unittest

from protocol_helpers import Numbers, unhex, vectors

from rumpus import wire
from rumpus.rump.alarms import KEPT, RECORD_SIZE, AlarmLog, sequence_of
from rumpus.rump.tables.messages import ALARM_BODY, ALARM_BODY_SIZE


class Store:
    """Slots in memory. tear_after: bytes of the next record that reach the slot before the power goes;
    backwards: it is the record's end that reaches it."""

    def __init__(self):
        self.slots = [None] * KEPT
        self.tear_after = None
        self.backwards = False
        self.saved = 0

    def load(self, view, size):
        assert (len(view), size) == (KEPT * RECORD_SIZE, RECORD_SIZE)
        for i, record in enumerate(self.slots):
            if record:
                view[i * size : i * size + len(record)] = record

    def save(self, slot, record):
        self.saved += 1
        if self.tear_after is None:
            self.slots[slot] = bytes(record)
            return True
        old = self.slots[slot] or b"\xff" * RECORD_SIZE
        n = self.tear_after
        if self.backwards:
            self.slots[slot] = old[: RECORD_SIZE - n] + bytes(record[RECORD_SIZE - n :])
        else:
            self.slots[slot] = bytes(record[:n]) + old[n:]
        self.is_torn = self.slots[slot] != bytes(record)
        return True


def body(record):
    return wire.unpack_all(ALARM_BODY, bytes(record[:ALARM_BODY_SIZE]))


def replay(log, told):
    """Sequences of all that follows `told`."""
    found = []
    while True:
        record = log.after(told)
        if record is None:
            return found
        told = sequence_of(record)
        found.append(told)


def toggle(log, times):
    for _ in range(times):
        log.update(log.active ^ 1, 0, 0, None, None)


class AlarmLogTest(unittest.TestCase):
    def test_vectors_are_what_is_kept(self):
        for vector in vectors("rump")["vectors"]:
            if vector["kind"] != "alarm":
                continue
            values = vector["values"]
            log = AlarmLog(values["boot_count"])
            log.sequence = values["sequence"] - 1
            log.active = values["active"] ^ values["changed"]
            day, second = values["clock_day"], values["clock_second"]
            if day == 0xFFFF:
                day = second = None
            self.assertTrue(log.update(values["active"], values["latched"], values["uptime"], day, second))
            record = log.after(values["sequence"] - 1)
            self.assertEqual(bytes(record[:ALARM_BODY_SIZE]), unhex(vector["bytes"])[18:], vector["name"])
            self.assertEqual(body(record), values)

    def test_each_edge_is_one_event_and_no_edge_is_none(self):
        log = AlarmLog(1)
        self.assertFalse(log.update(0, 0, 0, None, None))
        self.assertTrue(log.update(0b101, 0b100, 5, 9000, 60))
        self.assertFalse(log.update(0b101, 0b100, 6, 9000, 61))
        self.assertTrue(log.update(0b011, 0b101, 7, 9000, 62))
        self.assertEqual(replay(log, 0), [1, 2])
        self.assertEqual(body(log.after(0))["changed"], 0b101)
        last = body(log.after(1))
        self.assertEqual((last["active"], last["latched"], last["changed"]), (0b011, 0b101, 0b110))
        self.assertEqual((last["uptime"], last["clock_day"], last["clock_second"]), (7, 9000, 62))

    def test_a_latch_without_an_edge_is_an_event_or_a_restart_would_forget_it(self):
        store = Store()
        log = AlarmLog(1, store)
        log.update(0b1, 0, 5, None, None)
        self.assertTrue(log.update(0b1, 0b1, 6, None, None))
        self.assertEqual(body(log.after(1))["changed"], 0)
        self.assertEqual(AlarmLog(2, store).latched, 0b1)

    def test_replay_from_any_sequence(self):
        for events in (0, 1, 2, KEPT - 1, KEPT, KEPT + 1, 3 * KEPT + 5):
            log = AlarmLog(1)
            toggle(log, events)
            first = max(1, events - KEPT + 1)
            self.assertEqual(log.oldest(), first if events else 0)
            for told in range(events + 3):
                self.assertEqual(replay(log, told), list(range(max(first, told + 1), events + 1)))

    def test_log_goes_on_after_a_restart(self):
        store = Store()
        for start in range(1, 8):
            log = AlarmLog(start, store)
            before = log.sequence
            self.assertEqual(before, (start - 1) * 11)
            self.assertEqual(log.active, before & 1)
            toggle(log, 11)
            self.assertEqual(replay(log, before), list(range(before + 1, before + 12)))
            self.assertEqual(body(log.after(before))["boot_count"], start)
            # What a controller that was told nothing gets: all that is kept, earlier starts included.
            self.assertEqual(replay(log, 0), list(range(max(1, before + 12 - KEPT), before + 12)))

    def test_event_is_in_the_store_before_update_returns(self):
        store = Store()
        log = AlarmLog(1, store)
        for i in range(1, 80):
            toggle(log, 1)
            self.assertEqual(store.saved, i)
            self.assertEqual(sequence_of(store.slots[i % KEPT]), i)

    def test_torn_record_is_forgotten_and_its_number_given_again(self):
        self.tear(False)

    def test_record_torn_at_its_beginning_too(self):
        self.tear(True)

    def tear(self, backwards):
        for events in (0, 1, 5, KEPT - 1, KEPT, KEPT + 7, 8 * KEPT - 1):
            for tear_after in range(RECORD_SIZE - 2 if backwards else RECORD_SIZE):
                store = Store()
                store.backwards = backwards
                log = AlarmLog(1, store)
                toggle(log, events)
                store.tear_after = tear_after
                toggle(log, 1)
                if not store.is_torn:  # what was not written was there already
                    continue
                store.tear_after = None
                log = AlarmLog(2, store)
                self.assertEqual((log.sequence, log.active), (events, events & 1), tear_after)
                kept = list(range(max(1, events - KEPT + 1), events + 1))
                if replay(log, 0) != kept:  # the old record in the torn slot is gone
                    self.assertEqual(replay(log, 0), kept[1:])
                    self.assertTrue(events >= KEPT)
                # Whoever was told all is told the edge that the log now finds.
                toggle(log, 1)
                self.assertEqual(replay(log, events), [events + 1])

    def test_damaged_slots_are_left_out(self):
        numbers = Numbers(21)
        for _ in range(60):
            store = Store()
            toggle(AlarmLog(1, store), 50)
            bad = {}
            for _ in range(numbers.between(1, 5)):
                slot = numbers.below(KEPT)
                record = bytearray(store.slots[slot])
                what = numbers.below(4)
                if what == 0:
                    store.slots[slot] = None
                elif what == 1:
                    store.slots[slot] = bytes(record[:-1])
                elif what == 2:
                    store.slots[slot] = bytes(store.slots[slot - 1] or b"")  # the record of another slot
                else:
                    record[numbers.below(ALARM_BODY_SIZE)] ^= numbers.between(1, 254)
                    store.slots[slot] = bytes(record)
                bad[slot] = True
            log = AlarmLog(2, store)
            kept = [sequence for sequence in range(19, 51) if sequence % KEPT not in bad]
            self.assertEqual(replay(log, 0), kept)
            self.assertEqual(log.oldest(), kept[0])
            self.assertEqual(log.sequence, kept[-1])

    def test_empty_and_erased_stores_are_empty_logs(self):
        for record in (None, b"", bytes(RECORD_SIZE), b"\xff" * RECORD_SIZE):
            store = Store()
            store.slots = [record] * KEPT
            log = AlarmLog(1, store)
            self.assertEqual((log.sequence, log.active, log.oldest()), (0, 0, 0))
            self.assertIsNone(log.after(0))

    def test_bits_above_30_are_kept(self):
        log = AlarmLog(0xFFFF, Store())
        log.update(0x80000000, 0xC0000000, 0xFFFFFFFF, 65534, 86399)
        self.assertEqual(body(log.after(0))["active"], 0x80000000)
        self.assertEqual(body(log.after(0))["latched"], 0xC0000000)
        again = AlarmLog(1, log._store)
        self.assertEqual(again.active, 0x80000000)
