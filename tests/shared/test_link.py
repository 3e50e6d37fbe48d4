"""Packets over streams and datagrams. (Over serial lines: test_serial_link.py)"""

import unittest

from protocol_helpers import Numbers, feed, locked, unhex, vectors

from rumpus.link import CHANNELS, HEAD, RA, RMDP, RUMP, SEALED, TAIL, DatagramLink, StreamLink

PACKETS = (b"\x01", b"\x01\x02", b"\x00", b"\x03" * 7, bytes(range(256)), b"\x00\x02\x00\x02")


def frame(link, packet):
    """The bytes that a link sends for a packet."""
    out = bytearray(HEAD + len(packet) + TAIL)
    out[HEAD : HEAD + len(packet)] = packet
    start = link.frame(out, HEAD, HEAD + len(packet))
    return bytes(out[start : link.out_end])


class ChannelTest(unittest.TestCase):
    def test_channels_have_the_names_of_their_numbers(self):
        for number, name in ((RUMP, "rump"), (RMDP, "rmdp"), (RA, "ra"), (SEALED, "sealed")):
            self.assertEqual(CHANNELS[number], name)


class StreamTest(unittest.TestCase):
    def test_vectors_both_ways(self):
        for vector in vectors("link")["stream"]:
            packet, framed = unhex(vector["packet"]), unhex(vector["framed"])
            self.assertEqual(frame(StreamLink(64), packet), framed, vector["name"])
            self.assertEqual(feed(StreamLink(64), framed), [packet], vector["name"])

    def test_whole_byte_by_byte_and_doubled(self):
        framed = b"".join([frame(StreamLink(8), packet) for packet in PACKETS])
        for step in (None, 1, 2, 3, 7, 100):
            link = StreamLink(300)
            self.assertEqual(feed(link, framed + framed, step), list(PACKETS) * 2, step)
            self.assertEqual((link.packets, link.damaged, link.broken), (2 * len(PACKETS), 0, False))

    def test_tail_waits_for_the_rest(self):
        link = StreamLink(64)
        framed = frame(link, b"abc")
        self.assertEqual(feed(link, framed + framed[:3]), [b"abc"])
        self.assertEqual(feed(link, framed[3:]), [b"abc"])

    def test_largest_packet_fills_the_buffer(self):
        link = StreamLink(32)
        packet = bytes(range(30))
        self.assertEqual(feed(link, frame(link, packet) * 3, 5), [packet] * 3)

    def test_bad_length_breaks_the_stream_and_stays(self):
        for bad in (b"\x00\x00", b"\x00\x1f", b"\xff\xff"):
            link = StreamLink(32)
            good = frame(link, b"abc")
            self.assertEqual(feed(link, good + bad + good), [b"abc"], bad)
            self.assertTrue(link.broken)
            self.assertEqual(link.damaged, 1)
            self.assertFalse(link.next_packet())
            self.assertEqual(link.damaged, 1)

    def test_reset_begins_a_new_stream(self):
        link = StreamLink(32)
        feed(link, b"\x00\x00")
        link.reset()
        self.assertFalse(link.broken)
        feed(link, b"\x00\x05ab")
        link.reset()
        self.assertEqual(feed(link, frame(link, b"abc")), [b"abc"])

    def test_free_is_never_empty_while_the_stream_is_whole(self):
        numbers = Numbers(7)
        link = StreamLink(40)
        data = b"".join([frame(link, numbers.bytes(numbers.between(1, 38))) for _ in range(100)])
        at = 0
        while at < len(data):
            view = link.free()
            self.assertTrue(len(view) > 0)
            n = min(numbers.between(1, len(view)), len(data) - at)
            view[:n] = data[at : at + n]
            at += n
            link.received(n)
            while link.next_packet():
                pass
        self.assertEqual((link.packets, link.broken), (100, False))

    def test_taking_and_framing_cost_no_heap(self):
        link = StreamLink(64)
        packet = b"\x01" + bytes(40)
        out = bytearray(HEAD + len(packet) + TAIL)
        data = frame(link, packet)
        found = []

        def use():
            view = link.free()
            for i in range(len(data)):
                view[i] = data[i]
            link.received(len(data))
            if link.next_packet() and not link.next_packet():
                link.frame(out, HEAD, HEAD + 41)

        for _ in range(3):
            locked(use)
            found.append(bytes(link.buf[link.at : link.end]))
        self.assertEqual(found, [packet] * 3)


class DatagramTest(unittest.TestCase):
    def test_a_packet_is_a_datagram(self):
        for packet in PACKETS:
            link = DatagramLink(300)
            self.assertEqual(frame(link, packet), packet)
            self.assertEqual(feed(link, packet), [packet])
            self.assertEqual(link.packets, 1)

    def test_nothing_is_no_packet(self):
        link = DatagramLink(8)
        link.received(0)
        self.assertFalse(link.next_packet())
        self.assertEqual(link.packets, 0)
