"""Control bodies: all-or-nothing, and every refusal with its field and reason."""

import unittest

from protocol_helpers import TABLES, Numbers, field, locked, make_device, unhex, vectors

from rumpus.rump.control import Control
from rumpus.rump.tables import water_heater
from rumpus.rump.tables.frame import MAX_FIELDS
from rumpus.rump.tables.results import REASONS, RESULTS

POWER, TARGET, MODE = (field(water_heater, name)[0] for name in ("power", "target_temperature", "mode"))
FLOW, DISINFECTION = (field(water_heater, name)[0] for name in ("flow", "disinfection"))

GOOD = "11 02 0226"
# body, field refused, reason, result
REFUSALS = (
    ("", 0, "truncated", "bad_frame"),
    ("01", 0, "truncated", "bad_frame"),
    ("01 10", 0, "truncated", "bad_frame"),
    ("01 10 01", 0, "truncated", "bad_frame"),
    ("01 11 02 02", 0, "truncated", "bad_frame"),
    ("02 10 01 01", 0, "truncated", "bad_frame"),
    ("FF 10 01 01", 0, "truncated", "bad_frame"),
    ("01 10 01 01 00", 0, "surplus_bytes", "bad_frame"),
    ("00 10 01 01", 0, "surplus_bytes", "bad_frame"),
    ("01 0F 01 01", 0x0F, "no_such_field", "unknown_field"),
    ("01 00 01 01", 0, "no_such_field", "unknown_field"),
    ("01 FF 01 01", 0xFF, "no_such_field", "unknown_field"),
    ("01 15 01 01", DISINFECTION, "not_fitted", "unsupported"),
    ("01 43 01 01", FLOW, "not_fitted", "unsupported"),
    ("01 40 01 01", 0x40, "read_only", "unsupported"),
    ("01 01 04 00000001", 0x01, "read_only", "unsupported"),
    ("01 10 02 0001", POWER, "wrong_size", "bad_frame"),
    ("01 11 01 01", TARGET, "wrong_size", "bad_frame"),
    ("01 11 00", TARGET, "wrong_size", "bad_frame"),
    ("01 11 02 0122", TARGET, "below_range", "out_of_range"),
    ("01 11 02 8000", TARGET, "below_range", "out_of_range"),
    ("01 11 02 02F8", TARGET, "above_range", "out_of_range"),
    ("01 11 02 7FFF", TARGET, "above_range", "out_of_range"),
    ("01 11 02 0227", TARGET, "not_a_step", "out_of_range"),
    ("01 12 01 08", MODE, "above_range", "out_of_range"),
    ("02 10 01 01 10 01 00", POWER, "field_twice", "bad_frame"),
)


def read(text, fitted=()):
    control = Control()
    state = make_device(water_heater, fitted).state
    body = b"\xee\xee" + unhex(text)
    control.read(state, body + b"\xee", 2, len(body))
    return control


class ControlTest(unittest.TestCase):
    def check(self, control, number, reason, result):
        self.assertEqual(control.field, number)
        self.assertEqual(REASONS[control.reason][1], reason)
        self.assertEqual(RESULTS[control.result()][1], result)

    def test_every_refusal_names_field_and_reason(self):
        for text, number, reason, result in REFUSALS:
            self.check(read(text), number, reason, result)

    def test_one_bad_field_refuses_the_whole_request_wherever_it_stands(self):
        for text, number, reason, result in REFUSALS:
            fields = text[2:].strip()
            if text[:2] != "01" or reason in ("truncated", "surplus_bytes"):
                continue
            self.check(read("03 %s 12 01 00 %s" % ("07 02 003C", fields)), number, reason, result)
            if fields[:2] not in ("12", "07"):
                self.check(read("02 %s 07 02 003C" % fields), number, reason, result)

    def test_first_refusal_counts(self):
        control = read("02 11 02 7FFF 0F 01 01")
        self.check(control, TARGET, "above_range", "out_of_range")
        control.refuse(POWER, 15)
        self.check(control, TARGET, "above_range", "out_of_range")

    def test_appliance_refuses_what_the_rows_allow(self):
        control = read("01 " + GOOD)
        self.check(control, 0, "none", "ok")
        control.refuse(TARGET, 15)
        self.check(control, TARGET, "child_lock", "wrong_state")

    def test_good_fields_are_there_in_order(self):
        control = read("03 10 01 01 11 02 0226 07 02 FF10")
        self.check(control, 0, "none", "ok")
        self.assertEqual([control.fields[i] for i in range(control.count)], [POWER, TARGET, 7])
        self.assertEqual(control.values[: control.count], [1, 550, -240])
        self.assertEqual((control.find(TARGET), control.find(MODE)), (1, -1))
        self.assertEqual((control.get(TARGET, 5), control.get(MODE, 5)), (550, 5))

    def test_empty_request_is_good(self):
        control = read("00")
        self.check(control, 0, "none", "ok")
        self.assertEqual(control.count, 0)

    def test_vectors_are_read_as_they_mean(self):
        for table in TABLES:
            for vector in vectors(table.NAME)["vectors"]:
                if vector["kind"] != "control":
                    continue
                raw = unhex(vector["bytes"])
                control = Control()
                control.read(make_device(table).state, raw, 18, len(raw))
                self.assertEqual(control.reason, 0, vector["name"])
                self.assertEqual(control.count, len(vector["fields"]))
                for name, counts in vector["fields"]:
                    self.assertEqual(control.get(field(table, name)[0], None), counts, name)

    def test_any_field_id_is_read_by_a_control_as_long_as_the_types_ids(self):
        for table in TABLES:
            device = make_device(table)
            for number in range(256):
                device.control.read(device.state, bytes((1, number, 1, 0)), 0, 4)
                is_known = device.state.row(number) is not None
                is_refused_as_unknown = REASONS[device.control.reason][1] == "no_such_field"
                self.assertEqual(is_refused_as_unknown, not is_known, (table.NAME, number))

    def test_nothing_is_left_of_the_request_before(self):
        control = read("02 10 01 01 11 02 7FFF")
        state = make_device().state
        control.read(state, b"\x00", 0, 1)
        self.check(control, 0, "none", "ok")
        self.assertEqual((control.count, control.get(POWER, None)), (0, None))

    def test_add_knows_its_limits(self):
        control = Control()
        for i in range(MAX_FIELDS):
            control.add(i + 1, i)
        self.assertEqual((control.count, control.reason), (MAX_FIELDS, 0))
        control.add(MAX_FIELDS + 1, 0)
        self.check(control, MAX_FIELDS + 1, "too_many_fields", "bad_frame")
        control.clear()
        control.add(5, 1)
        control.add(5, 1)
        self.check(control, 5, "field_twice", "bad_frame")

    def test_random_bodies_are_read_or_refused(self):
        numbers = Numbers(11)
        control = Control()
        state = make_device().state
        good = unhex("03 10 01 01 11 02 0226 07 02 FF10")
        for _ in range(1500):
            if numbers.below(3):
                body = bytearray(good)
                for _ in range(numbers.between(1, 3)):
                    body[numbers.below(len(body))] = numbers.below(256)
                body = body[: numbers.between(1, len(body))]
            else:
                body = numbers.bytes(numbers.below(40))
            control.read(state, body, 0, len(body))
            self.assertTrue(control.reason < len(REASONS))
            self.assertTrue(control.reason == 0 or control.result() != 0)
            self.assertTrue(control.count <= MAX_FIELDS)

    def test_reading_costs_no_heap(self):
        control = Control()
        state = make_device().state
        good = unhex("03 10 01 01 11 02 0226 07 02 FF10")
        bad = unhex("02 10 01 01 11 02 7FFF")
        verdicts = bytearray(2)

        def use():
            control.read(state, good, 0, 12)
            verdicts[0] = control.result() + control.get(TARGET, 0) - 550
            control.read(state, bad, 0, 8)
            verdicts[1] = control.result()

        locked(use)
        self.assertEqual(bytes(verdicts), b"\x00\x03")
