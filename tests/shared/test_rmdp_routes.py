"""Where the node finds a device that is seen in more than one place, and which packets wait for it."""

import unittest

from rumpus.rmdp.delivery import Delivery
from rumpus.rmdp.directory import Directory
from rumpus.rmdp.tables.timing import GIVE_UP_MS, MOST_UNACKED

DEVICE = bytes(range(16))
NODE = bytes(range(16, 32))
OTHER = bytes(range(48, 64))
OTHER_NODE = bytes(range(32, 48))


def is_stream(route):
    return route.startswith("tcp")


class TestRoutes(unittest.TestCase):
    def setUp(self):
        self.directory = Directory(4, is_stream)

    def place(self):
        return self.directory.find(DEVICE)

    def test_the_last_datagram_counts(self):
        self.directory.learn(DEVICE, NODE, "udp 1")
        self.directory.heard(NODE, "udp 2")
        self.assertEqual(self.place(), (NODE, "udp 2"))
        self.directory.learn(DEVICE, NODE, "udp 3")
        self.assertEqual(self.place(), (NODE, "udp 3"))

    def test_a_stream_is_better_than_a_datagram_until_it_closes(self):
        self.directory.learn(DEVICE, NODE, "udp 1")
        self.directory.heard(NODE, "tcp 1")
        self.assertEqual(self.place(), (NODE, "tcp 1"))
        self.directory.elapsed(60000)
        self.directory.heard(NODE, "udp 1")
        self.directory.learn(DEVICE, NODE, "udp 1")
        self.assertEqual(self.place(), (NODE, "tcp 1"))
        self.directory.elapsed(60000)
        self.assertEqual(self.place(), (NODE, "tcp 1"))  # it was heard, wherever
        self.directory.forget_route("tcp 1")
        self.assertIsNone(self.place())
        self.directory.learn(DEVICE, NODE, "udp 1")
        self.assertEqual(self.place(), (NODE, "udp 1"))

    def test_the_newest_stream_counts(self):
        self.directory.learn(DEVICE, NODE, "tcp 1")
        self.directory.heard(NODE, "tcp 2")
        self.assertEqual(self.place(), (NODE, "tcp 2"))

    def test_a_device_that_moves_to_another_node(self):
        self.directory.learn(DEVICE, NODE, "tcp 1")
        self.directory.learn(DEVICE, OTHER_NODE, "udp 1")
        self.assertEqual(self.place(), (OTHER_NODE, "udp 1"))

    def test_a_device_that_does_not_answer_where_it_was_is_looked_for_anew(self):
        self.directory.learn(DEVICE, NODE, "udp 1")
        self.directory.elapsed(3999)
        self.directory.forget_silent(DEVICE, 4000)
        self.assertEqual(self.place(), (NODE, "udp 1"))  # it lives, and only this message was lost
        self.directory.elapsed(1)
        self.directory.forget_silent(OTHER, 4000)
        self.assertEqual(self.place(), (NODE, "udp 1"))
        self.directory.forget_silent(DEVICE, 4000)
        self.assertIsNone(self.place())


class TestTooManyWait(unittest.TestCase):
    def test_what_was_sent_longest_ago_makes_room(self):
        """Answers whose acknowledgements were lost must not stop the next ones."""
        delivery = Delivery()
        for n in range(MOST_UNACKED + 2):
            self.assertTrue(delivery.keep(bytes([n]), DEVICE, bytes([n] * 8), (NODE, "udp 1"), 1))
            delivery.elapsed(10)
        kept = [waiting.packet for waiting in delivery.waiting]
        self.assertEqual(kept, [bytes([n]) for n in range(2, MOST_UNACKED + 2)])
        self.assertEqual(delivery.elapsed(0), [])

    def test_what_was_never_sent_keeps_its_place(self):
        delivery = Delivery()
        for n in range(MOST_UNACKED):
            self.assertTrue(delivery.keep(bytes([n]), DEVICE, bytes([n] * 8), None, 0))
        self.assertFalse(delivery.keep(b"late", DEVICE, b"latelate", None, 0))
        self.assertEqual(delivery.elapsed(0), [b"late"])
        self.assertEqual(delivery.unreached, [])
        self.assertEqual(len(delivery.elapsed(GIVE_UP_MS)), MOST_UNACKED)
        self.assertEqual(delivery.unreached, [DEVICE] * MOST_UNACKED)
        self.assertEqual((delivery.elapsed(1), delivery.unreached), ([], []))


if __name__ == "__main__":
    unittest.main()
