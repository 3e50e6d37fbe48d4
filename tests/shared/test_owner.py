"""What a device does for whoever has its key, and for nobody else; against the whole device in memory."""

import sys
import unittest

from fake_hal import UUID, Bench, FakeHal

from rumpus import wire
from rumpus.hal import networks
from rumpus.link import RA, RUMP, SEALED
from rumpus.ra.tables import owner as m
from rumpus.ra.tables import sealed as t
from rumpus.ra.tables.messages import VERSION
from rumpus.seal import Seal

KEY = bytes(range(32))
NONCE = bytes(range(100, 116))
IV = bytes(range(16))
_HAS_CIPHER = sys.implementation.name == "micropython"


class Radio:
    """What the firmware's Wifi shows to others."""

    def __init__(self, known):
        self.networks = known
        self.in_network = known[0][0]

    def joined(self):
        return self.in_network

    def change(self, known):
        self.networks = known


class OwnerTest(unittest.TestCase):
    def begin(self, key=KEY, wifi=None):
        hal = FakeHal()
        hal.wifi = wifi
        self.bench = Bench("water_heater", hal, {"key": key.hex()} if key else {})
        self.bench.run(200)
        self.controller = self.bench.controller

    def ask(self, body):
        """What comes back for a body of the sealed channel; None: nothing."""
        self.controller.send(SEALED, body)
        self.bench.app.step(0)
        self.controller.events()
        return self.controller.sealed.pop() if self.controller.sealed else None

    def opened(self):
        answer = self.ask(wire.pack(t.OPEN_BODY, {"kind": t.OPEN, "nonce": NONCE}))
        return wire.unpack(t.OPENED_BODY, answer, 0, len(answer))[0]

    def open(self, key=KEY):
        values = self.opened()
        uuid = bytes.fromhex(UUID)
        self.seal = Seal(key, uuid, NONCE + values["nonce"], t.TO_DEVICE, t.TO_CONTROLLER)
        return values

    def message(self, kind, body=b""):
        """The body of the answer to a sealed message, without its header; None: no answer."""
        answer = self.ask(self.seal.close(bytes((RA, VERSION, kind)) + body))
        return answer and self.seal.open(answer)[3:]

    def dropped_as(self):
        return self.bench.app.device.drop_reason

    # --- the proof ------------------------------------------------------------------------------------

    def test_both_prove_the_key(self):
        self.begin()
        proved = []
        self.bench.app.answered = proved.append
        values = self.open()
        self.assertEqual((values["result"], values["proof"]), (t.IS_OPEN, self.seal.proof))
        self.assertEqual(proved, [])  # to have asked proves nothing
        self.assertEqual(self.message(m.NETWORK_QUERY), b"\0\0")
        self.assertEqual(proved, [True])

    def test_a_device_without_a_key_says_so_and_opens_nothing(self):
        self.begin(key=None)
        values = self.opened()
        self.assertEqual((values["result"], values["proof"]), (t.NO_KEY, bytes(16)))
        self.seal = Seal(bytes(32), bytes.fromhex(UUID), NONCE + bytes(16), t.TO_DEVICE, t.TO_CONTROLLER)
        self.assertEqual(self.message(m.NETWORK_QUERY), None)
        self.assertEqual(self.dropped_as(), "seal")

    def test_another_key_is_met_with_silence(self):
        self.begin()
        proved = []
        self.bench.app.answered = proved.append
        values = self.open(bytes(32))
        self.assertFalse(values["proof"] == self.seal.proof)
        self.assertEqual(self.message(m.NETWORK_QUERY), None)
        self.assertEqual((self.dropped_as(), proved), ("seal", []))

    def test_each_session_has_a_nonce_of_its_own(self):
        self.begin()
        self.bench.hal.entropy = lambda size, taken=[0]: taken.append(0) or bytes((len(taken),)) * size
        first = self.open()
        old = self.seal
        second = self.open()
        self.assertFalse(first["nonce"] == second["nonce"])
        self.assertEqual(first["nonce"][:2], b"\0\1")  # the count of starts
        self.assertEqual(self.ask(old.close(bytes((RA, VERSION, m.NETWORK_QUERY)))), None)
        self.assertEqual(self.message(m.NETWORK_QUERY), b"\0\0")

    def test_a_recorded_message_does_nothing_again(self):
        self.begin(wifi=Radio([("Home", "secret")]))
        self.open()
        body = self.seal.close(bytes((RA, VERSION, m.NETWORK_QUERY)))
        self.assertTrue(self.ask(body) is not None)
        self.assertEqual(self.ask(body), None)
        self.assertEqual(self.dropped_as(), "replay")

    def test_what_else_is_sealed_is_dropped(self):
        self.begin()
        self.open()
        for packet, reason in (
            (bytes((RUMP, VERSION, m.NETWORK_QUERY)), "channel"),
            (bytes((RA, VERSION)), "channel"),
            (bytes((RA, 9, m.NETWORK_QUERY)), "version"),
            (bytes((RA, VERSION, 0x7F)), "unknown_message"),
            (bytes((RA, VERSION, m.NETWORK_CHANGE, 3)), "truncated"),
        ):
            self.assertEqual(self.ask(self.seal.close(packet)), None)
            self.assertEqual(self.dropped_as(), reason)
        self.assertEqual(self.message(m.NETWORK_QUERY), b"\0\0")

    def test_rubbish_is_counted_and_survived(self):
        self.begin()
        before = self.bench.app.device.dropped
        rubbish = (b"", b"\0", b"\0" + bytes(15), b"\1" + bytes(40), b"\2", b"\2" + bytes(60), b"\xff" * 90)
        for body in rubbish:
            self.assertEqual(self.ask(body), None)
        self.assertEqual(self.bench.app.device.dropped, before + len(rubbish))
        self.open()
        self.assertEqual(self.message(m.NETWORK_QUERY), b"\0\0")

    def test_where_memory_is_short_the_packet_is_dropped(self):
        self.begin()
        conversation = self.bench.app.conversations[0]

        class Full:
            def take(self, *_):
                raise MemoryError

        conversation._owner = Full()
        self.assertEqual(self.ask(b"\0" + NONCE), None)
        self.assertEqual(self.dropped_as(), "memory")

    # --- the network ----------------------------------------------------------------------------------

    def change(self, ssid, password, iv=IV):
        if _HAS_CIPHER:
            from cryptolib import aes

            secret = aes(self.seal.secret_key, 2, iv).encrypt(
                password + bytes(m.PASSWORD_SIZE - len(password))
            )
        else:
            secret = bytes(m.PASSWORD_SIZE)
        body = wire.pack(m.NETWORK_CHANGE_BODY, {"ssid": ssid, "iv": iv, "password": secret})
        return self.message(m.NETWORK_CHANGE, body)[0]

    def test_which_network_it_is_in(self):
        radio = Radio([("Home", "secret"), ("Before", "")])
        self.begin(wifi=radio)
        self.open()
        self.assertEqual(self.message(m.NETWORK_QUERY), b"\4Home\4Home")
        radio.in_network = ""
        self.assertEqual(self.message(m.NETWORK_QUERY), b"\4Home\0")

    def test_without_wifi_no_network_is_taken(self):
        self.begin()
        self.open()
        self.assertEqual(self.change("Next", b"secret 1"), m.NO_WIFI)
        self.assertEqual(self.bench.hal.files.load(networks.RECORD), None)

    def test_another_network(self):
        radio = Radio([("Home", "secret"), ("Before", "")])
        self.begin(wifi=radio)
        self.open()
        if not _HAS_CIPHER:  # CPython leaves Wi-Fi to its system
            self.assertEqual(self.change("Next", b"secret 1"), m.BAD_VALUE)
            return
        self.assertEqual(self.change("Next", "pässword".encode()), m.ACCEPTED)
        wanted = [("Next", "pässword"), ("Home", "secret")]
        self.assertEqual(radio.networks, wanted)
        self.assertEqual(networks.known({"wifi_ssid": "Home"}, self.bench.hal.files), wanted)
        # Not joined yet, a third one is named: the one that works stays as the way back.
        self.assertEqual(self.change("Third", b"", bytes(16)), m.ACCEPTED)
        self.assertEqual(radio.networks, [("Third", ""), ("Home", "secret")])
        self.assertEqual(self.change("Home", b"secret"), m.BAD_VALUE)  # six characters
        self.assertEqual(self.change("Home", b"secret 2"), m.ACCEPTED)
        self.assertEqual(radio.networks, [("Home", "secret 2")])

    def test_what_no_network_can_be(self):
        if not _HAS_CIPHER:
            return
        radio = Radio([("Home", "secret")])
        self.begin(wifi=radio)
        self.open()
        for ssid, password in (
            ("", b"secret 1"),
            ("x" * 33, b""),
            ("a\0b", b""),
            ("x", b"short"),
            ("x", b"\xff" * 9),
        ):
            self.assertEqual(self.change(ssid, password), m.BAD_VALUE)
        self.bench.hal.files.save = lambda _name, _data: False
        self.assertEqual(self.change("x" * 32, b"f" * 64), m.NOT_KEPT)
        self.assertEqual(radio.networks, [("Home", "secret")])


class NetworksTest(unittest.TestCase):
    SETTINGS = {"wifi_ssid": "A", "wifi_password": "a", "wifi_ssid_before": "B"}

    def test_settings_until_told_otherwise(self):
        files = FakeHal().files
        self.assertEqual(networks.known({}, files), [])
        self.assertEqual(networks.known(self.SETTINGS, files), [("A", "a"), ("B", "")])
        self.assertTrue(networks.save(files, [("C", "c")]))
        self.assertEqual(networks.known(self.SETTINGS, files), [("C", "c")])

    def test_a_damaged_record_does_not_count(self):
        files = FakeHal().files
        for damaged in (b"[", b"7", b'["A"]', b"[[1]]", b"null"):
            files.save(networks.RECORD, damaged)
            self.assertEqual(networks.known(self.SETTINGS, files), [("A", "a"), ("B", "")])


if __name__ == "__main__":
    unittest.main()
