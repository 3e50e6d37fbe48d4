"""Rows <-> bytes: numbers, layouts, and what bytes from outside can do."""

import unittest

from protocol_helpers import LIMITS, Numbers, locked

from rumpus import wire
from rumpus.errors import DecodeError, EncodeError
from rumpus.ra.tables import messages as ra_messages
from rumpus.rump.tables import frame, messages

# A body with every kind of row.
ALL_KINDS = (
    ("byte", ">B", None, "OURS"),
    ("signed", ">h", None, "OURS"),
    ("raw", "3s", None, "OURS"),
    ("char", "C6", None, "OURS"),
    ("text", "S", None, "OURS"),
    ("blob", "B*", None, "OURS"),
    ("count", ">B", None, "OURS"),
    (
        "group",
        (
            ("id", ">H", None, "OURS"),
            ("inner_count", ">H", None, "OURS"),
            ("inner", ">I", "inner_count", "OURS"),
        ),
        "count",
        "OURS",
    ),
    ("single", (("a", ">B", None, "OURS"), ("b", "S", None, "OURS")), None, "OURS"),
    ("note_size", ">H", None, "OURS"),
    ("note", "C", "note_size", "OURS"),
    ("rest_size", ">B", None, "OURS"),
    ("rest", "s", "rest_size", "OURS"),
)
VALUES = {
    "byte": 7,
    "signed": -2,
    "raw": b"abc",
    "char": "Öko",
    "text": "naïve",
    "blob": b"\x00\xff",
    "group": [{"id": 1, "inner": [4294967295, 0]}, {"id": 2, "inner": []}],
    "single": {"a": 9, "b": ""},
    "note": "Öl",
    "rest": b"\x00\x01",
}
BYTES = (
    b"\x07\xff\xfeabc\xc3\x96ko\x00\x00\x06na\xc3\xafve\x02\x00\xff\x02"
    b"\x00\x01\x00\x02\xff\xff\xff\xff\x00\x00\x00\x00\x00\x02\x00\x00\x09\x00\x00\x03\xc3\x96l\x02\x00\x01"
)
BODIES = (
    ALL_KINDS,
    frame.HEADER,
    frame.DEVICE_ID,
    messages.CONTROL_BODY,
    messages.STATUS_BODY,
    messages.ALARM_BODY,
    messages.VERSION_BODY,
    ra_messages.HEADER,
    ra_messages.DEVICE_HELLO_BODY,
    ra_messages.CONTROLLER_HELLO_BODY,
)


def code_of(call, *args):
    """Code of the EncodeError or DecodeError that the call raises."""
    try:
        call(*args)
    except (EncodeError, DecodeError) as error:
        return error.code
    return None


class NumberTest(unittest.TestCase):
    def test_limits_go_there_and_back_between_untouched_neighbours(self):
        for fmt, low, high, absent in LIMITS:
            size = wire.size_of(fmt)
            for value in (low, low + 1, 0, 1, high - 1, high, absent):
                buf = bytearray(b"\xa5" * (size + 4))
                wire.write(fmt, buf, 2, value)
                self.assertEqual(wire.read(fmt, buf, 2), value, (fmt, value))
                self.assertEqual(buf[:2] + buf[2 + size :], b"\xa5" * 4)

    def test_byte_order_is_big_endian(self):
        buf = bytearray(4)
        for fmt, value, raw in (
            (">B", 0x12, b"\x12\0\0\0"),
            (">H", 0x1234, b"\x12\x34\0\0"),
            (">h", -2, b"\xff\xfe\0\0"),
            (">I", 0x12345678, b"\x12\x34\x56\x78"),
        ):
            buf[:] = bytes(4)
            wire.write(fmt, buf, 0, value)
            self.assertEqual(bytes(buf), raw)
            self.assertEqual(wire.read(fmt, raw, 0), value)

    def test_check_says_what_is_wrong(self):
        row = (1, "x", ">h", "rw", -20, 30, 10, 10, "degC", None, "OURS")
        for counts, verdict in (
            (-20, wire.GOOD),
            (0, wire.GOOD),
            (30, wire.GOOD),
            (-21, wire.BELOW),
            (31, wire.ABOVE),
            (5, wire.OFF_STEP),
            (-15, wire.OFF_STEP),
            (0x7FFF, wire.ABOVE),
        ):
            self.assertEqual(wire.check(row, counts), verdict, counts)

    def test_copy_puts_the_bytes_where_told(self):
        out = bytearray(b"......")
        wire.copy("3s", memoryview(bytearray(b"abc")), out, 2, 3)
        self.assertEqual(bytes(out), b"..abc.")

    def test_numbers_cost_no_heap(self):
        buf = bytearray(8)
        view = memoryview(bytearray(4))
        row = (1, "x", ">h", "rw", -20, 30, 10, 10, "degC", None, "OURS")

        def use():
            for fmt in (">B", ">H", ">h", ">I"):
                wire.write(fmt, buf, 1, 100)
                wire.read(fmt, buf, 1)
                wire.size_of(fmt)
            wire.check(row, 5)
            wire.copy("4s", view, buf, 2, 4)

        locked(use)


class LayoutTest(unittest.TestCase):
    def test_every_kind_of_row_goes_there_and_back(self):
        self.assertEqual(wire.pack(ALL_KINDS, VALUES), BYTES)
        values = wire.unpack_all(ALL_KINDS, BYTES)
        self.assertEqual(values["count"], 2)
        self.assertEqual(values["group"][0]["inner_count"], 2)
        for name in VALUES:
            if name != "group":
                self.assertEqual(values[name], VALUES[name], name)
        for item, wish in zip(values["group"], VALUES["group"]):
            self.assertEqual((item["id"], item["inner"]), (wish["id"], wish["inner"]))

    def test_offset_and_end_are_kept_to(self):
        values, after = wire.unpack(ALL_KINDS, b"xx" + BYTES + b"yy", 2, 2 + len(BYTES))
        self.assertEqual(after, 2 + len(BYTES))
        self.assertEqual(values["text"], "naïve")
        self.assertEqual(code_of(wire.unpack, ALL_KINDS, b"xx" + BYTES + b"yy", 2, len(BYTES)), "truncated")

    def test_every_truncation_is_a_decode_error(self):
        for n in range(len(BYTES)):
            self.assertEqual(code_of(wire.unpack_all, ALL_KINDS, BYTES[:n]), "truncated", n)

    def test_surplus_is_left_alone_or_refused(self):
        _values, after = wire.unpack(ALL_KINDS, BYTES + b"!")
        self.assertEqual(after, len(BYTES))
        self.assertEqual(code_of(wire.unpack_all, ALL_KINDS, BYTES + b"!"), "surplus_bytes")

    def test_missing_repeated_rows_are_empty_lists(self):
        layout = (("n", ">B", None, "OURS"), ("item", ">H", "n", "OURS"))
        self.assertEqual(wire.pack(layout, {}), b"\x00")
        self.assertEqual(wire.unpack_all(layout, b"\x00")["item"], [])

    def test_what_cannot_be_packed_is_an_encode_error(self):
        byte = (("x", ">B", None, "OURS"),)
        signed = (("x", ">h", None, "OURS"),)
        counted = (("n", ">B", None, "OURS"), ("x", ">B", "n", "OURS"))
        for layout, values, code in (
            (byte, {}, "missing"),
            (byte, {"x": 256}, "out_of_range"),
            (byte, {"x": -1}, "out_of_range"),
            (signed, {"x": 32768}, "out_of_range"),
            (signed, {"x": -32769}, "out_of_range"),
            ((("x", ">I", None, "OURS"),), {"x": 1 << 32}, "out_of_range"),
            ((("x", "S", None, "OURS"),), {"x": "a" * 256}, "too_long"),
            ((("x", "B*", None, "OURS"),), {"x": bytes(256)}, "too_long"),
            ((("x", "4s", None, "OURS"),), {"x": b"abc"}, "wrong_size"),
            (counted, {"x": [0] * 256}, "out_of_range"),
            ((("n", ">B", None, "OURS"), ("x", "s", "n", "OURS")), {"x": bytes(256)}, "out_of_range"),
        ):
            self.assertEqual(code_of(wire.pack, layout, values), code)

    def test_text_of_fixed_size_is_cut_between_characters(self):
        layout = (("x", "C4", None, "OURS"),)
        for text, raw in (
            ("abc", b"abc\0"),
            ("abcde", b"abcd"),
            ("abcÖ", b"abc\0"),
            ("abÖÖ", b"ab\xc3\x96"),
            ("", b"\0\0\0\0"),
        ):
            self.assertEqual(wire.pack(layout, {"x": text}), raw)

    def test_longest_text_and_blob(self):
        layout = (("x", "S", None, "OURS"), ("y", "B*", None, "OURS"))
        values = {"x": "a" * 255, "y": bytes(255)}
        self.assertEqual(wire.unpack_all(layout, wire.pack(layout, values)), values)

    def test_every_interpreter_refuses_the_same_text(self):
        layout = (("x", "S", None, "OURS"),)
        for raw in (
            b"\x80",
            b"\xc3",
            b"\xc3\xc3",
            b"\xff",
            b"\xf8\x88\x80\x80\x80",
            b"\xc0\x80",  # NUL in two bytes
            b"\xc1\xbf",
            b"\xe0\x9f\xbf",  # overlong
            b"\xed\xa0\x80",  # a surrogate
            b"\xf0\x8f\xbf\xbf",  # overlong
            b"\xf4\x90\x80\x80",  # beyond U+10FFFF
            b"\xf5\x80\x80\x80",
        ):
            self.assertEqual(code_of(wire.unpack_all, layout, bytes((len(raw),)) + raw), "not_utf8", raw)
            padded = (("x", "C6", None, "OURS"),)
            self.assertEqual(code_of(wire.unpack_all, padded, raw + bytes(6 - len(raw))), "not_utf8", raw)

    def test_every_interpreter_takes_the_same_text(self):
        layout = (("x", "S", None, "OURS"),)
        for raw in (
            b"\x00",
            b"\x7f",
            b"\xc2\x80",
            b"\xdf\xbf",
            b"\xe0\xa0\x80",
            b"\xed\x9f\xbf",
            b"\xee\x80\x80",
            b"\xf0\x90\x80\x80",
            b"\xf4\x8f\xbf\xbf",
        ):
            self.assertEqual(wire.unpack_all(layout, bytes((len(raw),)) + raw)["x"].encode(), raw)

    def test_counter_is_refused_before_anything_is_read(self):
        layout = (
            ("n", ">I", None, "OURS"),
            ("x", (("a", ">H", None, "OURS"), ("b", "S", None, "OURS")), "n", "OURS"),
        )
        body = b"\xff\xff\xff\xff" + bytes(40)
        with self.assertRaises(DecodeError) as caught:
            wire.unpack(layout, body)
        self.assertEqual((caught.exception.code, caught.exception.detail), ("truncated", 4))

    def test_random_bodies_give_values_or_a_decode_error(self):
        numbers = Numbers(1)
        for layout in BODIES:
            for _ in range(150):
                body = numbers.bytes(numbers.below(70))
                try:
                    values = wire.unpack_all(layout, body)
                except DecodeError as error:
                    self.assertTrue(0 <= error.detail <= len(body), error.detail)
                    continue
                if layout is not ALL_KINDS:  # NULs at the end of a Char[n] and lost in it are the same
                    self.assertEqual(wire.pack(layout, values), body)

    def test_every_layout_of_the_tables_survives_truncation(self):
        for layout in BODIES:
            body = bytes([0x01]) * 90
            try:
                _values, size = wire.unpack(layout, body)
            except DecodeError:
                continue
            for n in range(size):
                self.assertEqual(code_of(wire.unpack, layout, body[:n]), "truncated")
