"""Status bodies as the controller reads them."""

import unittest

from protocol_helpers import TABLES, Numbers, make_device, unhex, vectors

from rumpus import wire
from rumpus.errors import DecodeError, EncodeError
from rumpus.rump.layout import Layout, StatusLayouts
from rumpus.rump.state import not_available, rows_of
from rumpus.rump.tables import water_heater
from rumpus.rump.tables.frame import HEADER_SIZE
from rumpus.rump.tables.messages import STATUS_FIXED_SIZE
from rumpus.rump.tables.results import REASONS, RESULTS

STATUS_KINDS = ("status", "response", "status_query_response")


def status_vectors():
    """(table, vector, body) of every vector with a status body."""
    for table in TABLES:
        for vector in vectors(table.NAME)["vectors"]:
            if vector["kind"] in STATUS_KINDS:
                yield table, vector, unhex(vector["bytes"])[HEADER_SIZE:]


def presence_of(names, table):
    rows = rows_of(table)
    presence = bytearray((len(rows) + 7) // 8)
    for i, row in enumerate(rows):
        if row[1] in names:
            presence[i // 8] |= 1 << i % 8
    return bytes(presence)


def code_of(layouts, body, end=None):
    try:
        layouts.unpack(body, 0, len(body) if end is None else end)
    except DecodeError as error:
        return error.code
    return None


class VectorTest(unittest.TestCase):
    def test_vectors_both_ways(self):
        for table, vector, body in status_vectors():
            status = StatusLayouts(table).unpack(body, 0, len(body))
            wish = (vector["result"], vector["field"], vector["reason"])
            self.assertEqual((status.result, status.field, status.reason), wish, vector["name"])
            self.assertEqual(
                {name: status[name] for name in status.names()}, vector["values"], vector["name"]
            )
            self.assertEqual(status.layout.pack(status.values), body, vector["name"])

    def test_place_in_the_buffer_does_not_matter(self):
        for table, vector, body in status_vectors():
            status = StatusLayouts(table).unpack(b"abc" + body + b"xyz", 3, 3 + len(body))
            self.assertEqual({name: status[name] for name in status.names()}, vector["values"])

    def test_every_truncation_is_a_decode_error(self):
        for table, _vector, body in status_vectors():
            known = StatusLayouts(table)
            known.unpack(body, 0, len(body))
            for n in range(len(body)):
                self.assertEqual(code_of(StatusLayouts(table), body[:n]), "truncated", n)
                self.assertEqual(code_of(known, body[:n]), "truncated", n)
                self.assertEqual(code_of(known, body, n), "truncated", n)

    def test_surplus_is_a_decode_error(self):
        for table, _vector, body in status_vectors():
            self.assertEqual(code_of(StatusLayouts(table), body + b"\0"), "surplus_bytes")


class StatusTest(unittest.TestCase):
    def setUp(self):
        for _table, vector, body in status_vectors():
            if vector["name"] == "status push with every field":
                self.body = body
                break
        self.layouts = StatusLayouts(water_heater)

    def test_absent_field_is_a_key_error(self):
        body = unhex("00 00 00 01 05 80 00 00 00 00 01")
        status = self.layouts.unpack(body, 0, len(body))
        self.assertEqual(status.names(), ["power"])
        self.assertEqual(status["power"], 1)
        self.assertTrue("power" in status)
        self.assertFalse("mode" in status)
        with self.assertRaises(KeyError):
            status["mode"]

    def test_no_field_at_all(self):
        for body in ("00 00 00 01 00", "08 00 17 01 01 00", "00 FF 00 01 05 0000000000"):
            status = self.layouts.unpack(unhex(body), 0, len(unhex(body)))
            self.assertEqual(status.names(), [])

    def test_unknown_result_or_reason_is_a_decode_error(self):
        for at, most in ((0, len(RESULTS)), (2, len(REASONS))):
            for value in (most - 1, most, 255):
                body = bytearray(self.body)
                body[at] = value
                self.assertEqual(code_of(self.layouts, body), None if value < most else "unknown_result")

    def test_field_of_a_row_that_nobody_knows_is_a_decode_error(self):
        rows = len(rows_of(water_heater))
        for i in range(rows, 40):
            presence = bytearray(5)
            presence[i // 8] |= 1 << i % 8
            self.assertEqual(
                code_of(self.layouts, unhex("00000001 05") + presence + bytes(4)), "unknown_field"
            )

    def test_rows_that_a_later_revision_appends_are_left_alone(self):
        body = bytearray(self.body)
        body[3] = 2
        body[9] |= 0x18  # two more rows
        body += b"\x12\x34\x56"
        status = self.layouts.unpack(body, 0, len(body))
        self.assertEqual(status["energy_total"], 12345678)
        self.assertEqual(len(status.names()), 34)
        self.assertEqual(code_of(self.layouts, body[:60]), "truncated")
        # and ours again, though the presence of another revision was seen
        self.assertIsNone(code_of(self.layouts, self.body))

    def test_same_presence_in_two_revisions(self):
        body = bytearray(self.body)
        body[3] = 2
        for _ in range(3):
            self.assertIsNone(code_of(self.layouts, body + b"!"))
            self.assertEqual(code_of(self.layouts, self.body + b"!"), "surplus_bytes")

    def test_hostile_shapes_cost_no_more_than_a_few(self):
        numbers = Numbers(51)
        for _ in range(200):
            body = unhex("00000001 04") + numbers.bytes(4)
            code_of(self.layouts, body + bytes(100))
        self.assertTrue(len(self.layouts._known) <= 16)
        self.assertIsNone(code_of(self.layouts, self.body))

    def test_pack_refuses_what_unpack_refuses(self):
        status = self.layouts.unpack(self.body, 0, len(self.body))
        values = list(status.values)
        for i, value, name in (
            (0, len(RESULTS), "result"),
            (2, len(REASONS), "result"),
            (4 + status.names().index("power"), 2, "power"),
            (4 + status.names().index("target_temperature"), 751, "target_temperature"),
        ):
            bad = values[:i] + [value] + values[i + 1 :]
            with self.assertRaises(EncodeError) as caught:
                status.layout.pack(tuple(bad))
            self.assertEqual((caught.exception.code, caught.exception.detail), ("out_of_range", name))


class CheckTest(unittest.TestCase):
    def test_compiled_check_agrees_with_the_rows(self):
        numbers = Numbers(52)
        for table in TABLES:
            rows = [row for row in rows_of(table) if "r" in row[3]]
            for _ in range(60):
                chosen = [row for row in rows if numbers.below(3)]
                layout = Layout(rows_of(table), 1, presence_of([row[1] for row in chosen], table))
                self.assertEqual([row[1] for row in layout.rows], [row[1] for row in chosen])
                values, legal = [0, 0, 0, layout.constant], True
                for row in chosen:
                    counts = self.count(numbers, row)
                    legal = legal and (row[4] <= counts <= row[5] or counts == not_available(row[2]))
                    values.append(counts)
                body = self.body(layout, values)
                if legal:
                    self.assertEqual(layout.unpack(body), tuple(values))
                    self.assertEqual(layout.pack(values), body)
                else:
                    with self.assertRaises(DecodeError):
                        layout.unpack(body)
                    with self.assertRaises(EncodeError):
                        layout.pack(values)

    def count(self, numbers, row):
        """Mostly legal, at times just outside, at times not available."""
        what = numbers.below(60)
        if what == 0 and not (row[2] != ">h" and row[4] == 0):
            return row[4] - 1
        if what == 1:
            return row[5] + 1
        if what < 10:
            return not_available(row[2])
        return numbers.choose((row[4], row[5], row[4] + numbers.below(min(row[5] - row[4], 1 << 30) + 1)))

    def body(self, layout, values):
        body = bytearray(bytes(values[:3]) + layout.constant)
        for row, counts in zip(layout.rows, values[4:]):
            at = len(body)
            body.extend(bytes(wire.size_of(row[2])))
            wire.write(row[2], body, at, counts)
        return bytes(body)

    def test_device_and_controller_mean_the_same_shape(self):
        numbers = Numbers(53)
        for table in TABLES:
            for _ in range(20):
                fitted = [row[1] for row in rows_of(table) if numbers.below(2)]
                state = make_device(table, fitted).state
                for row in state.rows:
                    state[row[0]] = None if numbers.below(4) == 0 else self.count(numbers, row)
                status = StatusLayouts(table).unpack(state.buf, HEADER_SIZE, state.size)
                shown = [row for row in state.rows if "r" in row[3] and state.has(row[0])]
                self.assertEqual(status.names(), [row[1] for row in shown])
                self.assertEqual([status[row[1]] for row in shown], [state[row[0]] for row in shown])

    def test_random_bodies_give_a_status_or_a_decode_error(self):
        numbers = Numbers(54)
        for table, _vector, body in status_vectors():
            layouts = StatusLayouts(table)
            taken = 0
            for _ in range(150):
                raw = bytearray(body)
                for _ in range(numbers.between(1, 3)):
                    raw[numbers.below(len(raw))] = numbers.below(256)
                raw = raw[: len(raw) - numbers.choose((0, 0, 0, 1, 9))]
                taken += code_of(layouts, raw) is None
                code_of(layouts, numbers.bytes(numbers.below(STATUS_FIXED_SIZE + 20)))
            self.assertTrue(taken > 5, taken)
