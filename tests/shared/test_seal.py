"""The seal: published MACs, a session written by hand, and everything that must not open."""

import unittest
from binascii import hexlify

from protocol_helpers import unhex, vectors

from rumpus.errors import DecodeError
from rumpus.ra.tables import sealed as t
from rumpus.seal import Mac, Seal, is_same

KEY, UUID, NONCES = bytes(range(32)), bytes(16), bytes(range(32, 64))


def pair(key=KEY, uuid=UUID, nonces=NONCES):
    """(the controller's end, the device's end)."""
    return (
        Seal(key, uuid, nonces, t.TO_DEVICE, t.TO_CONTROLLER),
        Seal(key, uuid, nonces, t.TO_CONTROLLER, t.TO_DEVICE),
    )


class MacTest(unittest.TestCase):
    def test_published_vectors(self):
        for vector in vectors("seal")["hmac"]:
            mac = Mac(unhex(vector["key"]))
            data = unhex(vector["data"])
            for cut in (0, 1, len(data)):
                self.assertEqual(hexlify(mac.digest(data[:cut], data[cut:])).decode(), vector["mac"])

    def test_comparing(self):
        self.assertTrue(is_same(b"", b""))
        self.assertTrue(is_same(b"abc", bytearray(b"abc")))
        for other in (b"abd", b"bbc", b"ab", b"abcd", b""):
            self.assertFalse(is_same(b"abc", other))


class SealTest(unittest.TestCase):
    def refused(self, seal, body, code):
        with self.assertRaises(DecodeError) as caught:
            seal.open(body)
        self.assertEqual(caught.exception.code, code)

    def test_a_session_written_by_hand(self):
        session = vectors("seal")["session"]
        nonces = unhex(session["controller_nonce"]) + unhex(session["device_nonce"])
        controller, device = pair(unhex(session["key"]), unhex(session["uuid"]), nonces)
        for end in (controller, device):
            self.assertEqual(end.proof, unhex(session["proof"]))
            self.assertEqual(end.secret_key, unhex(session["secret_key"]))
        for one, other, name in ((controller, device, "controller"), (device, controller, "device")):
            body = unhex(session[name])
            packet = body[t.PACKET_AT : -t.TAG_SIZE]
            self.assertEqual(hexlify(one.close(packet)), hexlify(body))
            self.assertEqual(other.open(body), packet)

    def test_both_ways_again_and_again(self):
        controller, device = pair()
        for n in range(1, 300):
            self.assertEqual(device.open(controller.close(bytes(n))), bytes(n))
            self.assertEqual(controller.open(device.close(b"answer")), b"answer")

    def test_every_changed_bit_and_every_truncation_is_refused(self):
        controller, device = pair()
        body = controller.close(b"\x03\x01\x40")
        for at in range(len(body)):
            for bit in range(8):
                wrong = bytearray(body)
                wrong[at] ^= 1 << bit
                self.refused(device, bytes(wrong), "seal")
            self.refused(device, body[:at], "seal" if at > t.PACKET_AT + t.TAG_SIZE else "truncated")
        self.assertEqual(device.open(body), b"\x03\x01\x40")  # and nothing of it has harmed the session

    def test_repeated_left_out_and_turned_round(self):
        controller, device = pair()
        first, second, third = [controller.close(b"abc") for _ in range(3)]
        self.refused(device, second, "replay")
        device.open(first)
        self.refused(device, first, "replay")
        self.refused(device, third, "replay")
        device.open(second)
        self.refused(controller, first, "seal")  # its own packet, sent back to it

    def test_of_another_session_key_or_device(self):
        _controller, device = pair()
        for other, _device in (
            pair(key=bytes(32)),
            pair(uuid=bytes(15) + b"\1"),
            pair(nonces=NONCES[16:] + NONCES[:16]),
        ):
            self.assertFalse(is_same(other.proof, device.proof))
            self.assertFalse(is_same(other.secret_key, device.secret_key))
            self.refused(device, other.close(b"abc"), "seal")

    def test_a_session_ends_before_its_counter_wraps(self):
        controller, device = pair()
        controller._sent = device._taken = t.LAST_COUNTER - 1
        self.assertEqual(device.open(controller.close(b"last")), b"last")
        self.assertRaises(OverflowError, controller.close, b"one more")


if __name__ == "__main__":
    unittest.main()
