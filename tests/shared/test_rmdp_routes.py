"""Where the node finds a device that is seen in more than one place."""

import unittest

from rumpus.rmdp.directory import Directory

DEVICE = bytes(range(16))
NODE = bytes(range(16, 32))
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


if __name__ == "__main__":
    unittest.main()
