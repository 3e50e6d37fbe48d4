"""Walks every table: each field of each type through a control and a status, at its limits and outside."""

import unittest

from protocol_helpers import LIMITS, TABLES, make_device

from rumpus import wire
from rumpus.errors import DecodeError
from rumpus.ra.tables import messages as ra_messages
from rumpus.rump import control as control_module
from rumpus.rump import message
from rumpus.rump.control import Control
from rumpus.rump.layout import StatusLayouts
from rumpus.rump.state import State, not_available, rows_of
from rumpus.rump.tables import common, frame, messages, results, units

HEADER_SIZE = frame.HEADER_SIZE


def limits_of(fmt):
    for known, low, high, _absent in LIMITS:
        if known == fmt:
            return low, high


def control_body(row, counts):
    size = wire.size_of(row[2])
    body = bytearray(3 + size)
    body[0] = 1
    body[1] = row[0]
    body[2] = size
    wire.write(row[2], body, 3, counts)
    return body


def outside(row):
    """(counts, name of the reason) of what is not legal, one step and one count outside."""
    _id, _name, fmt, _access, low, high, step = row[:7]
    lowest, highest = limits_of(fmt)
    cases = [
        (low - 1, "below_range"),
        (low - step, "below_range"),
        (lowest, "below_range" if low > lowest else None),
    ]
    cases += [(high + 1, "above_range"), (high + step, "above_range"), (highest, "above_range")]
    if step > 1:
        cases += [(low + 1, "not_a_step"), (high - 1, "not_a_step")]
    return [case for case in cases if case[1] and lowest <= case[0] <= highest]


class FieldTest(unittest.TestCase):
    def refusal(self, state, row, counts):
        """Name of the reason, checked to come with the field and with the result of its row."""
        control = Control()
        body = control_body(row, counts)
        control.read(state, body, 0, len(body))
        reason = results.REASONS[control.reason]
        self.assertEqual(control.result(), reason[2])
        if control.reason:
            self.assertEqual(control.field, row[0])
        else:
            self.assertEqual((control.count, control.get(row[0], None)), (1, counts))
        return reason[1]

    def test_every_field_takes_its_limits_and_steps(self):
        for table in TABLES:
            state = make_device(table).state
            for row in state.rows:
                wish = "none" if "w" in row[3] else "read_only"
                for counts in (row[4], row[5], row[4] + row[6]):
                    self.assertEqual(self.refusal(state, row, counts), wish, (table.NAME, row[1], counts))

    def test_every_field_refuses_what_is_outside(self):
        for table in TABLES:
            state = make_device(table).state
            for row in state.rows:
                for counts, reason in outside(row):
                    wish = reason if "w" in row[3] else "read_only"
                    self.assertEqual(self.refusal(state, row, counts), wish, (table.NAME, row[1], counts))

    def test_every_field_refuses_not_available(self):
        for table in TABLES:
            state = make_device(table).state
            for row in state.rows:
                wish = "above_range" if "w" in row[3] else "read_only"
                self.assertEqual(self.refusal(state, row, not_available(row[2])), wish, (table.NAME, row[1]))

    def test_every_field_refuses_another_size(self):
        for table in TABLES:
            state = make_device(table).state
            for row in state.rows:
                for size in (0, 1, 2, 3, 4, 5, 255):
                    if size == wire.size_of(row[2]):
                        continue
                    body = bytes((1, row[0], size)) + bytes(size)
                    control = Control()
                    control.read(state, body, 0, len(body))
                    self.assertEqual(
                        (control.field, control.reason), (row[0], control_module.WRONG_SIZE), row[1]
                    )

    def test_every_field_shows_its_limits_in_the_status(self):
        for table in TABLES:
            state = make_device(table).state
            layouts = StatusLayouts(table)
            for row in state.rows:
                if "r" not in row[3]:
                    continue
                for counts in (row[4], row[5], row[4] + row[6], None):
                    state[row[0]] = counts
                    self.assertEqual(state[row[0]], counts, (table.NAME, row[1]))
                    status = layouts.unpack(state.buf, HEADER_SIZE, state.size)
                    self.assertEqual(status[row[1]], counts, (table.NAME, row[1]))

    def test_every_field_outside_its_range_spoils_the_status(self):
        for table in TABLES:
            state = make_device(table).state
            layouts = StatusLayouts(table)
            for row in state.rows:
                if "r" not in row[3]:
                    continue
                at = state._at[row[0]]
                for counts, reason in outside(row):
                    buf = bytearray(state.buf)
                    wire.write(row[2], buf, at, counts)
                    if reason == "not_a_step" or counts == not_available(row[2]):
                        layouts.unpack(buf, HEADER_SIZE, len(buf))
                        continue
                    with self.assertRaises(DecodeError) as caught:
                        layouts.unpack(buf, HEADER_SIZE, len(buf))
                    error = caught.exception
                    self.assertEqual(
                        (error.code, error.detail), ("out_of_range", at), (table.NAME, row[1], counts)
                    )

    def test_state_is_clamped_to_the_range(self):
        for table in TABLES:
            state = make_device(table).state
            for row in state.rows:
                if "r" in row[3]:
                    state[row[0]] = row[5] + 1000
                    self.assertEqual(state[row[0]], row[5], row[1])
                    state[row[0]] = row[4] - 1000
                    self.assertEqual(state[row[0]], row[4], row[1])

    def test_not_available_lies_outside_of_every_range(self):
        for table in TABLES:
            for row in rows_of(table):
                self.assertFalse(row[4] <= not_available(row[2]) <= row[5], row[1])

    def test_not_available_is_known_for_all_formats(self):
        for fmt, _low, _high, absent in LIMITS:
            self.assertEqual(not_available(fmt), absent)
        self.assertEqual(len(LIMITS), len(units.NOT_AVAILABLE))


class TypeTest(unittest.TestCase):
    def test_every_type_has_its_number(self):
        self.assertEqual(len(TABLES), len(frame.DEVICE_TYPES))
        for table, row in zip(TABLES, frame.DEVICE_TYPES):
            self.assertEqual((table.DEVICE_TYPE, table.NAME), row[:2])
            device_id = message.make_device_id(table.DEVICE_TYPE, bytes(range(16)), 3, 4)
            self.assertEqual(device_id, bytes((0, table.DEVICE_TYPE, 0, 3, 0, 4, 10, 11, 12, 13, 14, 15)))
            self.assertEqual(message.type_name(device_id), table.NAME)
        self.assertIsNone(message.type_name(bytes(12)))

    def test_longest_status_and_control_fit(self):
        for table in TABLES:
            state = State(table, bytes(12))
            self.assertTrue(state.size - HEADER_SIZE <= frame.MAX_BODY // 2, table.NAME)
            writable = [row for row in state.rows if "w" in row[3]]
            self.assertTrue(len(writable) <= frame.MAX_FIELDS)
            self.assertTrue(1 + sum([2 + wire.size_of(row[2]) for row in writable]) <= frame.MAX_BODY)

    def test_common_fields_are_on_every_device(self):
        for row in common.FIELDS:
            self.assertTrue("!" in row[3], row[1])


class NumberTest(unittest.TestCase):
    def test_constants_are_those_of_the_rows(self):
        for module, rows in (
            (messages, messages.MESSAGES),
            (ra_messages, ra_messages.MESSAGES),
            (results, results.RESULTS),
        ):
            for row in rows:
                self.assertEqual(getattr(module, row[1].upper()), row[0], row[1])

    def test_reasons_that_code_names_are_those_of_the_rows(self):
        named = 0
        for row in results.REASONS:
            number = getattr(control_module, row[1].upper(), None)
            if number is not None:
                named += 1
                self.assertEqual(number, row[0], row[1])
        self.assertEqual(named, 11)
        self.assertEqual(
            results.REASONS[control_module.BELOW_RANGE - wire.BELOW + wire.ABOVE][1], "above_range"
        )
        self.assertEqual(
            results.REASONS[control_module.BELOW_RANGE - wire.BELOW + wire.OFF_STEP][1], "not_a_step"
        )

    def test_answers_are_their_requests_with_the_high_bit(self):
        for row in messages.MESSAGES:
            if row[3]:
                self.assertEqual(row[3], row[0] | 0x80, row[1])

    def test_sizes_are_those_of_the_layouts(self):
        for size, layout in (
            (frame.HEADER_SIZE, frame.HEADER),
            (frame.DEVICE_ID_SIZE, frame.DEVICE_ID),
            (messages.ALARM_BODY_SIZE, messages.ALARM_BODY),
            (messages.STATUS_FIXED_SIZE, messages.STATUS_BODY),
            (ra_messages.HEADER_SIZE, ra_messages.HEADER),
        ):
            self.assertEqual(wire.least_size(layout), size)

    def test_header_is_written_as_its_layout_says(self):
        out = bytearray(2 + HEADER_SIZE)
        self.assertEqual(
            message.write_header(out, 2, 0x81, 0x1234, bytes(range(12)), 0x0101), 2 + HEADER_SIZE
        )
        values = wire.unpack_all(frame.HEADER, out, 2)
        self.assertEqual(
            values,
            {
                "version": frame.VERSION,
                "message": 0x81,
                "sequence": 0x1234,
                "device_id": bytes(range(12)),
                "body_length": 0x0101,
            },
        )
        self.assertEqual(message.sequence_of(out, 2), 0x1234)
        self.assertEqual(message.device_id_of(out, 2), bytes(range(12)))
