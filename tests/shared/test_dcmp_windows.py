"""The windows of a file transfer, step by step; and what a network seldom does."""

import unittest

from test_dcmp_network import Network, Storage, a_controller, a_device, joined
from test_dcmp_session import DEVICE, SERVER, Pair, reason
from test_rmdp_node import NODE, PEER, Ids, Parcel

from rumpus.dcmp import codec, message
from rumpus.dcmp.files import Files
from rumpus.dcmp.receive_window import ReceiveWindow
from rumpus.dcmp.send_window import SendWindow
from rumpus.dcmp.session import NO_ANSWER
from rumpus.dcmp.tables import message_codes as m
from rumpus.dcmp.tables import result_codes as results
from rumpus.dcmp.tables import timing
from rumpus.dcmp.tables.messages_ours import FILE_DATA, FILE_DATA_ACK
from rumpus.rmdp.node import Node


class TestSendWindow(unittest.TestCase):
    def fill(self, window):
        """Send as much as may be; the offsets."""
        offsets = []
        while window.may_send():
            offsets.append(window.next)
            window.sent(min(window.block, window.size - window.next))
        return offsets

    def test_four_blocks_then_one_for_each_acknowledged(self):
        window = SendWindow(1000, 0, 100)
        self.assertEqual(self.fill(window), [0, 100, 200, 300])
        window.take_ack(200)
        self.assertEqual(self.fill(window), [400, 500])
        self.assertFalse(window.is_done())

    def test_repeated_acknowledgements_go_back_and_again_when_the_block_is_lost_again(self):
        window = SendWindow(1000, 0, 100)
        self.fill(window)
        window.take_ack(0)
        self.assertEqual(self.fill(window), [])
        window.take_ack(0)
        self.assertEqual(self.fill(window), [0, 100, 200, 300])
        window.take_ack(0)  # for the last block that was on its way
        self.assertEqual(self.fill(window), [])
        window.take_ack(0)  # for the blocks that were sent again, but not the first
        self.assertEqual(self.fill(window), [])
        window.take_ack(0)
        self.assertEqual(self.fill(window), [0, 100, 200, 300])
        window.take_ack(400)
        self.assertEqual(self.fill(window), [400, 500, 600, 700])

    def test_silence_goes_back(self):
        window = SendWindow(1000, 0, 100)
        self.fill(window)
        window.elapsed(timing.RESEND_MS - 1)
        self.assertEqual(self.fill(window), [])
        self.assertEqual(window.due_ms(), 1)
        window.elapsed(1)
        self.assertEqual(self.fill(window), [0, 100, 200, 300])

    def test_an_acknowledgement_of_what_was_sent_before_going_back(self):
        window = SendWindow(1000, 0, 100)
        self.fill(window)
        window.elapsed(timing.RESEND_MS)
        window.take_ack(400)
        self.assertEqual(self.fill(window), [400, 500, 600, 700])

    def test_acknowledgements_that_cannot_be(self):
        window = SendWindow(1000, 200, 100)
        self.fill(window)
        for offset in (0, 100, 700, 1000, 1001, 0xFFFFFFFF):
            window.take_ack(offset)
        self.assertEqual(window.acked, 200)
        self.assertEqual(self.fill(window), [])


class TestNoProgress(unittest.TestCase):
    def test_ends_who_are_of_two_minds_give_up(self):
        """As after an acknowledgement that was damaged past all checksums: it told more than was there."""
        ours = Storage([("Log", "x", bytes(20000))])
        network = Network()
        device, controller = a_device(network), a_controller(network, storage=ours)
        device.node.start()
        controller.files.put(controller.session, DEVICE, "Log", "x", "1")
        self.assertIsNotNone(network.run(lambda: controller.files.done))
        network.cut.add("device")
        network.run(lambda: False, 200)
        window = controller.files.send_window
        window.acked = window.next = device.session.roles[2].receive_window.next + 1024
        network.cut.clear()
        spent = network.run(lambda: controller.events, 60000)
        self.assertEqual([event[0] for event in controller.take_events()], [NO_ANSWER])
        self.assertLessEqual(spent, timing.SILENCE_MS + 100)


class TestReceiveWindow(unittest.TestCase):
    def test_in_order_only_and_every_block_is_acknowledged(self):
        window = ReceiveWindow(300, 0)
        self.assertFalse(window.owes_ack)
        self.assertFalse(window.takes(100, 100))
        self.assertTrue(window.owes_ack)
        self.assertTrue(window.takes(0, 100))
        window.took(100)
        self.assertFalse(window.takes(0, 100))
        self.assertFalse(window.takes(100, 0))
        self.assertTrue(window.fits(200))
        self.assertFalse(window.fits(201))

    def test_a_whole_file_is_acknowledged_at_once(self):
        self.assertTrue(ReceiveWindow(300, 300).owes_ack)
        self.assertTrue(ReceiveWindow(0, 0).owes_ack)

    def test_it_says_again_where_it_stands(self):
        window = ReceiveWindow(300, 0)
        window.elapsed(timing.RESEND_MS)
        self.assertTrue(window.owes_ack)


class TestBadData(unittest.TestCase):
    def begin(self):
        """A pair in which an upload of 100 bytes was accepted; and its TransactionID."""
        storage = Storage()
        pair = Pair(more_roles=[Files(storage)])
        wish = {"FileType": "Log", "FileName": "x", "FileVersion": "1", "FileSize": 100, "BlockSize": 0}
        wish["FileDigest"] = bytes(32)
        raw = self.a_message(m.PUT_FILE_REQUEST, codec.pack(m.PUT_FILE_REQUEST, wish))
        pair.device.receive(raw, 0, len(raw))
        self.assertEqual(pair.device.next_message().whole()[66:], b"\0\0" + bytes(4) + b"\4\0")
        return pair, storage

    def a_message(self, kind, payload, source=SERVER):
        raw = bytearray(66) + payload
        message.write_header(raw, 0, kind, len(raw), source, DEVICE, b"transact")
        return raw

    def answer(self, pair, payload, source=SERVER):
        raw = self.a_message(FILE_DATA, payload, source)
        pair.device.receive(raw, 0, len(raw))
        out = pair.device.next_message()
        return None if out is None else (out.kind, out.whole()[66:])

    def test_more_than_the_file_has(self):
        pair, storage = self.begin()
        data = codec.pack(FILE_DATA, {"Offset": 0, "Data": bytes(101)})
        expected = results.STORAGE_ALLOCATION_EXCEEDED.to_bytes(2, "big") + bytes(4)
        self.assertEqual(self.answer(pair, data), (FILE_DATA_ACK, expected))
        self.assertEqual(len(storage.parts["Log", "x"][0]), 0)

    def test_a_size_that_is_wrong_is_dropped(self):
        pair, _storage = self.begin()
        for payload in (b"", bytes(5), bytes(4) + b"\0\5" + bytes(4), bytes(4) + b"\0\3" + bytes(4)):
            self.assertIsNone(self.answer(pair, payload))
        self.assertEqual(pair.device.dropped, 4)

    def test_another_sender_is_told_to_stop_and_changes_nothing(self):
        pair, storage = self.begin()
        data = codec.pack(FILE_DATA, {"Offset": 0, "Data": bytes(10)})
        answer = self.answer(pair, data, bytes(15) + b"x")
        self.assertEqual(answer, (FILE_DATA_ACK, results.TRANSACTION_STOPPED.to_bytes(2, "big") + bytes(4)))
        self.assertEqual(len(storage.parts["Log", "x"][0]), 0)
        self.assertEqual(self.answer(pair, data), (FILE_DATA_ACK, b"\0\0\0\0\0\x0a"))

    def test_a_copy_of_the_request_gets_the_same_answer(self):
        pair, _storage = self.begin()
        wish = {"FileType": "Log", "FileName": "x", "FileVersion": "1", "FileSize": 100, "BlockSize": 0}
        wish["FileDigest"] = bytes(32)
        for source, expected in ((SERVER, b"\0\0\0\0\0\0\4\0"), (bytes(15) + b"x", b"\x0a\1")):
            raw = self.a_message(m.PUT_FILE_REQUEST, codec.pack(m.PUT_FILE_REQUEST, wish), source)
            pair.device.receive(raw, 0, len(raw))
            self.assertEqual(pair.device.next_message().whole()[66:], expected)


class TestTheRest(unittest.TestCase):
    def test_the_first_refusal_counts_whatever_follows(self):
        pair = Pair()
        pair.requester.control(pair.controller, DEVICE, [(0x99, "1"), (0x10, "no number")])
        event = pair.run()[0]
        self.assertEqual(event[4]["Reason"], reason("no_such_field"))
        pair.requester.control(pair.controller, DEVICE, [(0x11, "99.0"), (0x10, "no number")])
        self.assertEqual(pair.run()[0][4]["Reason"], reason("above_range"))

    def test_a_packet_that_waited_is_addressed_to_the_node_that_was_found(self):
        node = Node(NODE, Ids())
        out = bytearray(200)
        self.assertEqual(node.send(Parcel(b"device" + bytes(10)), out, 0, 200), 0)
        while node.write(out, 0):
            pass
        node.learn(b"device" + bytes(10), (PEER, "there"))
        end = node.write(out, 0)
        self.assertEqual((bytes(out[24:40]), bytes(out[48:end]), node.route), (PEER, b"payload", "there"))

    def test_nobody_is_woken_for_nothing(self):
        network, device, controller = joined()
        network.run(lambda: False, 3000)
        for end in (device, controller):
            self.assertIsNone(end.session.due_ms())
            self.assertGreater(end.node.due_ms(), 20000)


if __name__ == "__main__":
    unittest.main()
