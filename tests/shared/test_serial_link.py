"""Packets and console text on one serial line."""

import unittest
from binascii import crc32

from protocol_helpers import Numbers, feed, locked, unhex, vectors
from test_link import PACKETS, frame

from rumpus.link import HEAD, TAIL
from rumpus.serial_link import SerialLink, append_crc

TEXT = (
    b"MPY: soft reboot\r\nMicroPython v1.25.0 on ESP32\r\n>>> Traceback (most recent call last):\r\n"
    b'  File "<stdin>", line 1\r\n\x1b[0m\xc3\x96\x03\x04\xff\r\n'
)


def cobs(plain):
    """COBS as its paper describes it, one block at a time."""
    out = bytearray()
    blocks = plain.split(b"\0")
    for block in blocks:
        while len(block) > 253:
            out += b"\xff" + block[:254]
            block = block[254:]
        out += bytes((len(block) + 1,)) + block
    return bytes(out)


def framed_by_the_book(packet):
    crc = crc32(packet)
    tail = bytes((crc & 255, crc >> 8 & 255, crc >> 16 & 255, crc >> 24 & 255))
    return b"\0" + cobs(packet + tail) + b"\0"


class Console:
    """Keeps what a link hands to the console."""

    def __init__(self):
        self.text = b""

    def __call__(self, view):
        self.text += bytes(view)


class FrameTest(unittest.TestCase):
    def test_the_reference_agrees_with_the_published_examples(self):
        for vector in vectors("link")["cobs"]:
            self.assertEqual(cobs(unhex(vector["plain"])), unhex(vector["coded"]), vector["name"])

    def test_vectors_both_ways(self):
        for vector in vectors("link")["serial"]:
            packet, framed = unhex(vector["packet"]), unhex(vector["framed"])
            self.assertEqual(frame(SerialLink(64), packet), framed, vector["name"])
            self.assertEqual(feed(SerialLink(64), framed), [packet], vector["name"])

    def test_crc_is_that_of_the_standard_library(self):
        numbers = Numbers(2)
        for n in (0, 1, 2, 3, 60, 255, 256, 257, 600):
            packet = numbers.bytes(n)
            out = bytearray(2) + packet + bytearray(4)
            append_crc(out, 2, 2 + n)
            crc = crc32(packet)
            self.assertEqual(
                out[2 + n :], bytes((crc & 255, crc >> 8 & 255, crc >> 16 & 255, crc >> 24 & 255)), n
            )

    def test_frames_are_those_of_the_book(self):
        numbers = Numbers(3)
        for n in list(range(1, 12)) + list(range(246, 262)) + [504, 506, 507, 508, 509, 510, 511, 512, 1000]:
            for packet in (numbers.bytes(n), b"\x55" * n, bytes(n), b"\x55" * (n - 1) + b"\0"):
                framed = frame(SerialLink(8), packet)
                self.assertEqual(framed, framed_by_the_book(packet), n)
                self.assertFalse(b"\0" in framed[1:-1])
                self.assertEqual(feed(SerialLink(1100), framed), [packet], n)

    def test_zero_at_every_place_around_the_long_runs(self):
        for n in (253, 254, 255, 256, 300):
            for at in list(range(0, n, 23)) + list(range(max(0, n - 8), n)):
                packet = bytearray(b"\xaa" * n)
                packet[at] = 0
                framed = frame(SerialLink(8), bytes(packet))
                self.assertEqual(framed, framed_by_the_book(bytes(packet)), (n, at))
                self.assertEqual(feed(SerialLink(400), framed), [bytes(packet)], (n, at))

    def test_every_byte_value_at_every_place(self):
        link = SerialLink(64)
        for at in range(9):
            for value in range(256):
                packet = bytearray(b"\x01\x00\x03\xff\x00\x00\x03\x7f\x0a")
                packet[at] = value
                self.assertEqual(feed(link, frame(link, packet)), [bytes(packet)])
        self.assertEqual((link.packets, link.damaged, link.noise), (9 * 256, 0, 0))


class ReceiveTest(unittest.TestCase):
    def test_whole_byte_by_byte_and_doubled(self):
        framed = b"".join([frame(SerialLink(8), packet) for packet in PACKETS])
        for step in (None, 1, 2, 3, 7, 100):
            link = SerialLink(300)
            self.assertEqual(feed(link, framed + framed, step), list(PACKETS) * 2, step)
            self.assertEqual((link.packets, link.damaged, link.noise), (2 * len(PACKETS), 0, 0))

    def test_tail_waits_for_the_rest(self):
        link = SerialLink(64)
        framed = frame(link, b"abc")
        for cut in range(1, len(framed)):
            self.assertEqual(feed(link, framed + framed[:cut]), [b"abc"])
            self.assertEqual(feed(link, framed[cut:]), [b"abc"])

    def test_frames_may_share_their_zero(self):
        link = SerialLink(64)
        framed = frame(link, b"abc")
        self.assertEqual(feed(link, framed + framed[1:] + framed[1:]), [b"abc"] * 3)

    def test_packet_that_fills_the_buffer(self):
        packet = bytes(range(1, 51))
        framed = frame(SerialLink(8), packet)
        link = SerialLink(len(framed))
        for step in (None, 1, 3):
            self.assertEqual(feed(link, framed * 3, step), [packet] * 3, step)

    def test_reset_forgets_half_a_packet(self):
        link = SerialLink(64)
        framed = frame(link, b"abc")
        feed(link, framed[:4])
        link.reset()
        self.assertEqual(feed(link, framed), [b"abc"])
        feed(link, b"x" * 200)  # longer than the buffer: being skipped
        link.reset()
        self.assertEqual(feed(link, framed), [b"abc"])


class ConsoleTest(unittest.TestCase):
    def take(self, data, step=None, size=300):
        console = Console()
        link = SerialLink(size, console)
        return feed(link, data, step), console.text, link

    def test_text_between_packets_comes_through_unharmed(self):
        a, b = frame(SerialLink(8), b"abc"), frame(SerialLink(8), bytes(9))
        for step in (None, 1, 2, 5, 64):
            packets, text, link = self.take(TEXT + a + TEXT + b + b + TEXT + a, step)
            self.assertEqual(packets, [b"abc", bytes(9), bytes(9), b"abc"], step)
            self.assertEqual(text, TEXT * 3, step)
            self.assertEqual((link.noise, link.damaged), (3 * len(TEXT), 0))

    def test_text_longer_than_the_buffer_comes_through_and_harms_no_packet(self):
        a = frame(SerialLink(8), b"abc")
        for step in (None, 1, 7):
            packets, text, _link = self.take(TEXT * 9 + a + TEXT * 5 + a, step, 64)
            self.assertEqual(packets, [b"abc", b"abc"], step)
            self.assertEqual(text, TEXT * 14, step)

    def test_text_that_begins_like_a_packet_comes_through_unharmed(self):
        for text in (
            b"\x04abc",  # COBS, too short for a CRC
            b"\x03ab\x02c\x06defgh",  # COBS with a wrong CRC: its code bytes must be put back
            b"\x01\x01\x01\x01\x01\x01\x01",
            b"\xff" + b"x" * 254,  # a long run with a wrong CRC
            b"\xff" + b"x" * 254 + b"\x02y",
            b"\xff" + b"x" * 254 + b"\x09y",  # hops beyond the end
            b"\x02a\xff" + b"x" * 100,
            b"\xff",
            b"\x01",
        ):
            for step in (None, 1):
                packets, seen, _link = self.take(b"\0" + text + b"\0", step)
                self.assertEqual((packets, seen), ([], text), text)

    def test_random_bytes_come_through_unharmed(self):
        numbers = Numbers(4)
        for _ in range(40):
            noise = numbers.bytes(numbers.below(500))
            _packets, seen, _link = self.take(noise + b"\0", numbers.between(1, 60), 200)
            self.assertEqual(seen, noise.replace(b"\0", b""))

    def test_without_a_console_each_piece_is_counted(self):
        link = SerialLink(64)
        a = frame(link, b"abc")
        self.assertEqual(feed(link, TEXT[:20] + a + b"junk" + a + b"x" * 200 + a), [b"abc"] * 3)
        self.assertEqual((link.damaged, link.noise), (3, 20 + 4 + 200))

    def test_waiting_counts_one_byte_only(self):
        link = SerialLink(64)
        self.assertEqual(link.waiting(3), 0)
        feed(link, frame(link, b"abc") + b"\x03\x03\x03")
        self.assertEqual(link.waiting(3), 3)
        self.assertEqual(link.waiting(4), 0)
        feed(link, b"x")
        self.assertEqual(link.waiting(3), 0)

    def test_waiting_text_is_handed_over_and_half_a_packet_is_not(self):
        console = Console()
        link = SerialLink(64, console)
        a = frame(link, b"\x01\x02\x03")
        feed(link, b"\t>>> \xc3\x96 ~\x1b\r\n")
        link.waiting_text()
        self.assertEqual(console.text, b"\t>>> \xc3\x96 ~\x1b\r\n")
        feed(link, a[:4])
        link.waiting_text()
        self.assertEqual(feed(link, a[4:]), [b"\x01\x02\x03"])
        self.assertEqual(console.text, b"\t>>> \xc3\x96 ~\x1b\r\n")


class DamageTest(unittest.TestCase):
    def test_every_single_damaged_byte_is_noticed_and_the_next_packet_found(self):
        packet = b"\x01\x00\x03\xff\x00\x00\x03\x7f\x0a"
        good = frame(SerialLink(8), packet)
        for at in range(len(good)):
            for value in (0, 1, 3, 0x80, 0xFF, good[at] ^ 1):
                bad = bytearray(good)
                if bad[at] == value:
                    continue
                bad[at] = value
                link = SerialLink(64)
                packets = feed(link, bytes(bad) + good)
                self.assertEqual(packets[-1:], [packet], (at, value))
                self.assertEqual(len(packets), 1, (at, value))
                self.assertTrue(link.damaged >= 1, (at, value))

    def test_every_missing_and_every_doubled_byte_is_noticed(self):
        packet = b"\x01\x02\x00\x03\x04\x05"
        good = frame(SerialLink(8), packet)
        for at in range(1, len(good) - 1):
            for bad in (good[:at] + good[at + 1 :], good[:at] + good[at : at + 1] + good[at:]):
                link = SerialLink(64)
                self.assertEqual(feed(link, bad + good), [packet], at)
                self.assertEqual(link.damaged, 1, at)

    def test_damage_in_a_long_packet_is_noticed(self):
        numbers = Numbers(5)
        packet = b"\x55" * 300
        good = frame(SerialLink(8), packet)
        for _ in range(60):
            bad = bytearray(good)
            at = numbers.between(1, len(good) - 2)
            bad[at] ^= numbers.between(1, 255)
            link = SerialLink(700)
            self.assertEqual(feed(link, bytes(bad) + good), [packet], at)
            self.assertTrue(link.damaged >= 1)


class HeapTest(unittest.TestCase):
    def test_short_packets_cost_no_heap_once_their_length_was_seen(self):
        link = SerialLink(320)
        for n in (1, 5, 90, 192 - 4):
            packet = bytes([i * 7 & 255 for i in range(n)])
            data = frame(link, packet)
            found = [False]

            def receive(data=data, found=found):
                view = link.free()
                for i in range(len(data)):
                    view[i] = data[i]
                link.received(len(data))
                found[0] = link.next_packet()
                link.next_packet()

            receive()
            for _ in range(3):
                found[0] = False
                locked(receive)
                self.assertTrue(found[0], n)

    def test_framing_short_packets_costs_no_heap_once_their_length_was_seen(self):
        link = SerialLink(8)
        for n in (1, 5, 90, 192):
            packet = bytes([i * 7 & 255 for i in range(n)])
            out = bytearray(HEAD + n + TAIL)

            def use(packet=packet, out=out, n=n):
                for i in range(n):
                    out[HEAD + i] = packet[i]
                link.frame(out, HEAD, HEAD + n)

            use()
            locked(use)
            self.assertEqual(bytes(out[: link.out_end]), framed_by_the_book(packet))
