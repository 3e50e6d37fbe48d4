"""RMDP: header and bodies against typed bytes, every truncation, and what a node remembers how long."""

import unittest

from test_dcmp_codec import Dice, sample

from rumpus import wire
from rumpus.errors import DecodeError, EncodeError
from rumpus.rmdp import message
from rumpus.rmdp.directory import Directory, Seen
from rumpus.rmdp.node import Node
from rumpus.rmdp.tables import bodies, header, messages, timing

NODE = bytes(range(16))
PEER = bytes(range(16, 32))
TRANSACTION = b"\1\2\3\4\5\6\7\x08"
# Typed from the design: name, message, pieces, values.
VECTORS = (
    (
        "node advertisement",
        0x0101,
        ("53746172740000000000000000000000", "000102030405060708090a0b0c0d0e0f", "0001")
        + ("0004", "4593", "c0a80007000000000000000000000000"),
        {
            "AdType": "Start",
            "NodeID": NODE,
            "Address": [{"AddrType": 4, "Port": 17811, "Addr": b"\xc0\xa8\0\7" + bytes(12)}],
        },
    ),
    ("node discovery request", 0x0111, ("ffffffffffffffffffffffffffffffff",), {"NodeID": message.BROADCAST}),
    (
        "node discovery response",
        0x0112,
        ("0000", "000102030405060708090a0b0c0d0e0f", "0000"),
        {"Result": 0, "NodeID": NODE, "Address": []},
    ),
    (
        "object advertisement",
        0x0121,
        ("456e6400000000000000000000000000", "000102030405060708090a0b0c0d0e0f", "0002")
        + ("101112131415161718191a1b1c1d1e1f", "000102030405060708090a0b0c0d0e0f"),
        {"AdType": "End", "NodeID": NODE, "DeviceID": [PEER, NODE]},
    ),
    ("acknowledgement", 0x0212, ("0000",), {"Result": 0}),
)


def a_packet(kind, payload, flag=0, source=PEER, to=NODE, transaction=TRANSACTION):
    raw = bytearray(header.HEADER_SIZE) + payload
    message.write_header(raw, 0, kind, flag, len(raw), source, to, transaction)
    return raw


class Ids:
    def __init__(self):
        self.n = 0

    def next(self):
        self.n += 1
        return self.n.to_bytes(8, "big")


class Parcel:
    """As much of dcmp/outgoing.Message as a node wants."""

    def __init__(self, to, payload=b"payload", delivery=0, peer=None):
        self.to, self.peer, self.delivery = to, peer, delivery
        self._payload = payload
        self.size = self.left = len(payload)

    def write(self, out, at, end):
        n = min(self.left, end - at)
        start = self.size - self.left
        out[at : at + n] = self._payload[start : start + n]
        self.left -= n
        return at + n


class TestMessages(unittest.TestCase):
    def test_header_against_typed_bytes(self):
        raw = a_packet(0x0211, b"xy", 2)
        typed = "0102021100000032101112131415161718191a1b1c1d1e1f000102030405060708090a0b0c0d0e0f"
        self.assertEqual(bytes(raw), bytes.fromhex(typed + "0102030405060708") + b"xy")
        self.assertEqual(len(raw) - 2, 48)
        self.assertEqual(wire.offset_of(header.HEADER, "TransactionID"), 40)

    def test_bodies_against_typed_bytes(self):
        for name, kind, pieces, values in VECTORS:
            raw = bytes.fromhex("".join(pieces))
            self.assertEqual(message.pack(kind, values), raw, name)
            found = message.unpack(kind, raw, 0, len(raw))
            for field in values:
                self.assertEqual(found[field], values[field], name)
            for size in range(len(raw)):
                with self.assertRaises(DecodeError):
                    message.unpack(kind, raw, 0, size)
            with self.assertRaises(DecodeError):
                message.unpack(kind, raw + b"\0", 0, len(raw) + 1)

    def test_faults(self):
        good = a_packet(0x0211, b"xy")
        self.assertIsNone(message.check(good, 0, len(good), NODE))
        for token, at, value in (
            ("version", 0, 2),
            ("length", 7, 0x31),
            ("length", 7, 0x33),
            ("not_for_us", 24, 9),
            ("unknown_message", 3, 0x13),
            (None, 1, 0xFF),
        ):
            bad = bytearray(good)
            bad[at] = value
            self.assertEqual(message.check(bad, 0, len(bad), NODE), token)
        for n in range(len(good)):
            self.assertIsNotNone(message.check(good[:n], 0, n, NODE))
        for token, options in (
            ("source", {"source": bytes(16)}),
            ("source", {"source": message.BROADCAST}),
            ("our_own", {"source": NODE, "to": message.BROADCAST}),
            ("transaction", {"transaction": bytes(8)}),
            (None, {"to": message.BROADCAST}),
            (None, {"to": message.UNKNOWN}),
        ):
            bad = a_packet(0x0211, b"xy", **options)
            self.assertEqual(message.check(bad, 0, len(bad), NODE), token)

    def test_keywords(self):
        with self.assertRaises(EncodeError):
            message.pack(messages.NODE_ADVERTISEMENT, {"AdType": "Begin", "NodeID": NODE})
        raw = b"start" + bytes(29)
        with self.assertRaises(DecodeError):
            message.unpack(messages.NODE_ADVERTISEMENT, raw, 0, len(raw))

    def test_random_bodies(self):
        dice = Dice(3)
        for code, name, _source in messages.MESSAGE_TYPES:
            layout = getattr(bodies, name + "_BODY", None)
            if layout is None:
                self.assertEqual(message.unpack(code, b"any", 0, 3), {"data": b"any"})
                continue
            values = sample(layout)
            if "AdType" in values:
                values["AdType"] = "End"
            raw = message.pack(code, values)
            for _ in range(100):
                bad = bytearray(raw)
                bad[dice.below(len(bad))] = dice.below(256)
                try:
                    message.unpack(code, bad, 0, len(bad) - dice.below(3))
                except DecodeError:
                    pass


class TestMemory(unittest.TestCase):
    def test_the_last_16_are_known(self):
        seen = Seen()
        for n in range(timing.REMEMBERED):
            self.assertFalse(seen.is_repeat(PEER, n.to_bytes(8, "big")))
        for n in range(timing.REMEMBERED):
            self.assertTrue(seen.is_repeat(PEER, n.to_bytes(8, "big")))
        self.assertFalse(seen.is_repeat(NODE, (5).to_bytes(8, "big")))
        self.assertFalse(seen.is_repeat(PEER, (0).to_bytes(8, "big")))

    def test_a_key_across_two_entries_is_no_repeat(self):
        seen = Seen()
        first, second = bytes(range(1, 25)), bytes(range(25, 49))
        for key in (first, second):
            self.assertFalse(seen.is_repeat(key[:16], key[16:]))
        across = (first + second)[8:32]
        self.assertFalse(seen.is_repeat(across[:16], across[16:]))

    def test_the_directory_makes_room_and_expires(self):
        directory = Directory(3)
        for n in range(3):
            directory.learn(bytes([n]) * 16, PEER, n)
            directory.elapsed(1000)
        directory.learn(bytes([0]) * 16, PEER, 7)  # heard again: now the youngest
        directory.learn(b"new" + bytes(13), PEER, 8)
        self.assertEqual([row[2] for row in directory.rows], [7, 2, 8])
        directory.elapsed(timing.EXPIRE_MS - 1000)
        self.assertEqual([row[2] for row in directory.rows], [7, 8])
        directory.forget_route(7)
        self.assertIsNone(directory.find(bytes(16)))
        directory.elapsed(1000)
        self.assertEqual(directory.rows, [])


class TestNode(unittest.TestCase):
    def setUp(self):
        self.node = Node(NODE, Ids())
        self.out = bytearray(1500)

    def write(self):
        end = self.node.write(self.out, 0)
        return bytes(self.out[:end]) if end else None

    def test_every_copy_is_acknowledged_and_the_first_is_delivered(self):
        raw = a_packet(messages.SEND_MESSAGE, b"hello", header.ACK_WANTED)
        for n in range(3):
            self.assertEqual(self.node.receive(raw, 0, len(raw), "there"), n == 0)
            ack = self.write()
            self.assertEqual(ack, bytes(a_packet(messages.SEND_MESSAGE_ACK, b"\0\0", 0, NODE, PEER)))
            self.assertEqual(self.node.route, "there")
        self.assertEqual(self.node.repeats, 2)
        self.assertEqual(self.node.peer, (PEER, "there"))
        self.assertEqual(bytes(raw[self.node.at : self.node.end]), b"hello")

    def test_what_wants_no_acknowledgement_gets_none_and_does_not_push_out_what_does(self):
        acked = a_packet(messages.SEND_MESSAGE, b"hello", header.ACK_WANTED)
        self.assertTrue(self.node.receive(acked, 0, len(acked), "there"))
        self.write()
        for n in range(40):
            bulk = a_packet(messages.SEND_MESSAGE, b"bulk", 0, PEER, NODE, (n + 1).to_bytes(8, "big"))
            self.assertTrue(self.node.receive(bulk, 0, len(bulk), "there"))
            self.assertTrue(self.node.receive(bulk, 0, len(bulk), "there"))
        self.assertIsNone(self.write())
        self.assertFalse(self.node.receive(acked, 0, len(acked), "there"))

    def test_events_come_once_and_are_not_acknowledged(self):
        raw = a_packet(messages.SEND_EVENT, b"hello", header.ACK_WANTED)
        self.assertTrue(self.node.receive(raw, 0, len(raw), "there"))
        self.assertFalse(self.node.receive(raw, 0, len(raw), "there"))
        self.assertIsNone(self.write())

    def send(self, parcel):
        end = self.node.send(parcel, self.out, 0, len(self.out))
        return bytes(self.out[:end]) if end else None

    def test_resends_until_acknowledged(self):
        self.node.directory.learn(b"device" + bytes(10), PEER, "there")
        first = self.send(Parcel(b"device" + bytes(10)))
        self.assertEqual(first[1], header.ACK_WANTED)
        times = []
        for ms in range(0, 5000, 50):
            again = self.write()
            if again:
                self.assertEqual(again, first)
                times.append(ms)
            if ms == 1500:
                ack = a_packet(messages.SEND_MESSAGE_ACK, b"\0\0", 0, PEER, NODE, first[40:48])
                self.assertFalse(self.node.receive(ack, 0, len(ack), "there"))
            self.assertEqual(self.node.elapsed(50), [])
        self.assertEqual(times, [500, 1000])

    def test_given_up(self):
        self.node.directory.learn(PEER, PEER, "there")
        first = self.send(Parcel(PEER))
        lost = []
        for _ in range(timing.GIVE_UP_MS // 50):
            self.write()
            lost += self.node.elapsed(50)
        self.assertEqual([bytes(packet) for packet in lost], [first])
        self.assertIsNone(self.node.due_ms())

    def test_an_acknowledgement_with_a_result_is_a_failure(self):
        self.node.directory.learn(PEER, PEER, "there")
        first = self.send(Parcel(PEER))
        ack = a_packet(messages.SEND_MESSAGE_ACK, b"\1\4", 0, PEER, NODE, first[40:48])
        self.node.receive(ack, 0, len(ack), "there")
        self.assertEqual(len(self.node.elapsed(0)), 1)

    def test_an_acknowledgement_from_somebody_else_counts_for_nothing(self):
        self.node.directory.learn(PEER, PEER, "there")
        first = self.send(Parcel(PEER))
        ack = a_packet(messages.SEND_MESSAGE_ACK, b"\0\0", 0, b"x" * 16, NODE, first[40:48])
        self.node.receive(ack, 0, len(ack), "there")
        self.assertEqual(self.node.drop_reason, "not_waiting")
        self.node.elapsed(500)
        self.assertEqual(self.write(), first)

    def test_an_answer_goes_to_the_observed_place(self):
        self.node.directory.learn(PEER, PEER, "advertised")
        self.send(Parcel(PEER, peer=(PEER, "observed")))
        self.assertEqual(self.node.route, "observed")

    def test_nothing_waits_on_a_reliable_route(self):
        self.node = Node(NODE, Ids(), is_reliable=lambda route: route == "tcp")
        raw = self.send(Parcel(PEER, peer=(PEER, "tcp")))
        self.assertEqual(raw[1], 0)
        self.assertIsNone(self.node.due_ms())
        self.assertTrue(self.node.carries(Parcel(PEER, bytes(5000), peer=(PEER, "tcp"))))
        self.assertFalse(self.node.carries(Parcel(PEER, bytes(1153), peer=(PEER, "udp"))))
        self.assertTrue(self.node.carries(Parcel(PEER, bytes(1152), peer=(PEER, "udp"))))

    def test_a_long_message_is_written_in_pieces(self):
        self.node = Node(NODE, Ids(), is_reliable=lambda route: True)
        parcel = Parcel(PEER, bytes(range(200)), peer=(PEER, "tcp"))
        out = bytearray(100)
        whole = bytes(out[: self.node.send(parcel, out, 0, 100)])
        while parcel.left:
            whole += bytes(out[: parcel.write(out, 0, 100)])
        self.assertEqual(len(whole), 248)
        self.assertEqual(whole[4:8], b"\0\0\0\xf8")
        self.assertEqual(whole[48:], bytes(range(200)))

    def test_advertisements_come_again_and_servers_get_their_own(self):
        self.node = Node(NODE, Ids(), servers=("server",))
        self.node.objects.append(PEER)
        self.node.start()
        said = []
        while True:
            raw = self.write()
            if raw is None:
                break
            said.append((message.kind_of(bytearray(raw), 0), self.node.route))
        ads = [messages.NODE_ADVERTISEMENT, messages.OBJECT_ADVERTISEMENT]
        expected = [(kind, None) for kind in ads] + [(kind, "server") for kind in ads]
        self.assertEqual(said, expected + [(messages.NODE_DISCOVERY_REQUEST, None)])
        self.assertEqual(self.node.due_ms(), timing.ADVERTISE_MS)
        self.node.elapsed(timing.ADVERTISE_MS)
        n = 0
        while self.write():
            n += 1
        self.assertEqual(n, 4)

    def test_discovery_is_answered_with_node_and_objects(self):
        self.node.objects.append(b"device" + bytes(10))
        for wanted, n in ((message.BROADCAST, 2), (NODE, 2), (b"another" + bytes(9), 0)):
            raw = a_packet(messages.NODE_DISCOVERY_REQUEST, wanted, 0, PEER, message.BROADCAST)
            self.node.receive(raw, 0, len(raw), "there")
            said = []
            while True:
                answer = self.write()
                if answer is None:
                    break
                said.append(answer)
            self.assertEqual(len(said), n)
            for answer in said:
                self.assertEqual(answer[24:40], PEER)

    def test_nobody_takes_our_own_device_away(self):
        self.node.objects.append(NODE)
        body = message.pack(
            messages.OBJECT_ADVERTISEMENT, {"AdType": "Start", "NodeID": PEER, "DeviceID": [NODE]}
        )
        raw = a_packet(messages.OBJECT_ADVERTISEMENT, body)
        self.node.receive(raw, 0, len(raw), "there")
        self.assertEqual(self.node.directory.rows, [])

    def test_what_is_owed_is_bounded(self):
        raw = a_packet(messages.NODE_DISCOVERY_REQUEST, message.BROADCAST, 0, PEER, message.BROADCAST)
        for _ in range(100):
            self.node.receive(raw, 0, len(raw), "there")
        n = 0
        while self.write():
            n += 1
        self.assertEqual(n, timing.MOST_OWED)
        self.assertGreater(self.node.dropped, 100)


if __name__ == "__main__":
    unittest.main()
