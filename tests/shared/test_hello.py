"""Hello, both ways."""

import unittest
from binascii import hexlify

from protocol_helpers import Numbers, unhex, vectors

from rumpus.errors import DecodeError, EncodeError
from rumpus.ra import hello
from rumpus.ra.tables.messages import (
    CONTROLLER_HELLO,
    DEVICE_HELLO,
    DEVICE_NOT_NOW,
    LOCAL_RESET,
    LOCAL_RESET_ANSWER,
    ONLY_NEW,
)


def values_of(vector):
    values = dict(vector["values"])
    for name in ("device_id", "uuid"):
        if name in values:
            values[name] = unhex(values[name])
    return values


def packed_by_kind(kind, values):
    if kind == "device_hello":
        return hello.pack_device_hello(values), DEVICE_HELLO
    if kind == "controller_hello":
        return hello.pack_controller_hello(values["last_event"], values["name"]), CONTROLLER_HELLO
    if kind == "device_not_now":
        return hello.pack_device_not_now(values["reason"]), DEVICE_NOT_NOW
    if kind == "local_reset":
        return hello.pack_local_reset(), LOCAL_RESET
    return hello.pack_local_reset_answer(values["result"], values["latched"]), LOCAL_RESET_ANSWER


class HelloTest(unittest.TestCase):
    def test_vectors_both_ways(self):
        for vector in vectors("ra")["vectors"]:
            raw, values = unhex(vector["bytes"]), values_of(vector)
            packed, kind = packed_by_kind(vector["kind"], values)
            self.assertEqual(hexlify(packed), hexlify(raw), vector["name"])
            self.assertEqual(hello.unpack(raw, 0, len(raw)), (kind, values), vector["name"])

    def test_what_a_later_version_appends_is_left_alone(self):
        for vector in vectors("ra")["vectors"]:
            raw = unhex(vector["bytes"])
            self.assertEqual(hello.unpack(b"xx" + raw + b"more", 2, 2 + len(raw) + 4)[1], values_of(vector))

    def test_every_truncation_is_a_decode_error(self):
        for vector in vectors("ra")["vectors"]:
            raw = unhex(vector["bytes"])
            for n in range(len(raw)):
                with self.assertRaises(DecodeError) as caught:
                    hello.unpack(raw, 0, n)
                self.assertEqual(caught.exception.code, "truncated", n)

    def test_other_versions_and_messages_are_refused(self):
        for raw, code, detail in (
            (b"\x02\x02\0\0\0\0\0", "version", 0),
            (b"\x00\x02\0\0\0\0\0", "version", 0),
            (b"\x01\x00\0\0\0\0\0", "unknown_message", 1),
            (b"\x01\x04\0\0\0\0\0", "unknown_message", 1),
            (b"\x01\x02\0\0\0\0\x02\xc0\x80", "not_utf8", 7),
        ):
            with self.assertRaises(DecodeError) as caught:
                hello.unpack(raw, 0, len(raw))
            self.assertEqual((caught.exception.code, caught.exception.detail), (code, detail))

    def test_only_new_is_no_event_that_can_happen(self):
        self.assertEqual(ONLY_NEW, 0xFFFFFFFF)
        kind, values = hello.unpack(hello.pack_controller_hello(ONLY_NEW, "x"), 0, 8)
        self.assertEqual((kind, values), (CONTROLLER_HELLO, {"last_event": ONLY_NEW, "name": "x"}))

    def test_text_that_is_too_long_is_an_encode_error(self):
        with self.assertRaises(EncodeError):
            hello.pack_controller_hello(0, "x" * 256)

    def test_random_bytes_give_a_hello_or_a_decode_error(self):
        numbers = Numbers(31)
        for _ in range(600):
            raw = bytes((1, numbers.between(0, 4))) + numbers.bytes(numbers.below(80))
            try:
                kind, _values = hello.unpack(raw, 0, len(raw))
            except DecodeError as error:
                self.assertTrue(0 <= error.detail <= len(raw))
                continue
            self.assertTrue(kind in (DEVICE_HELLO, CONTROLLER_HELLO, DEVICE_NOT_NOW))
