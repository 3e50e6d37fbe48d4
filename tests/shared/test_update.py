"""Updates: signatures, manifests, the slot record and the trial. Whole updates: tests/host/test_update*.py."""

import binascii
import hashlib
import json
import os
import unittest

from test_dcmp_codec import Dice

from rumpus.errors import DecodeError, DeviceFault
from rumpus.hal.files import Files
from rumpus.signature import is_good
from rumpus.update import manifest, manifest_head
from rumpus.update.record import SlotRecord
from rumpus.update.tables.bundle import EXPONENT_BITS, KEY_SIZE
from rumpus.update.tables.slots import LEAVE_REASONS, SLOT_STATES
from rumpus.update.trial import CHECK_MS, HEALTHY_MS, Trial

FOLDER = "update.test"
# A key and a signature of b"rumpus", made by the cryptography package: tests/host/test_update_keys.py.
with open(__file__.replace("\\", "/").rpartition("/")[0] + "/../vectors/update.json") as file:
    VECTORS = json.load(file)
KEY = binascii.unhexlify(VECTORS["modulus"])
SIGNED = VECTORS["signed"].encode()
SIGNATURE = binascii.unhexlify(VECTORS["signature"])
DIGEST = hashlib.sha256(SIGNED).digest()


class Folder:
    """Files in a folder of their own; removed by clean()."""

    def __init__(self):
        self.clean()
        os.mkdir(FOLDER)
        self.files = Files(FOLDER)

    def write(self, name, data):
        with open(FOLDER + "/" + name, "wb") as file:
            file.write(data)
        return FOLDER + "/" + name

    def clean(self):
        try:
            for name in os.listdir(FOLDER):
                os.remove(FOLDER + "/" + name)
            os.rmdir(FOLDER)
        except OSError:
            pass  # it was not there


class Signatures(unittest.TestCase):
    def good(self, key=KEY, signature=SIGNATURE, digest=DIGEST):
        return is_good(key, signature, digest, EXPONENT_BITS)

    def test_a_signature_of_another_program(self):
        self.assertEqual(len(KEY), KEY_SIZE)
        self.assertTrue(self.good())

    def test_any_bit_changed(self):
        dice = Dice(1)
        for _ in range(6):
            bent = bytearray(SIGNATURE)
            bent[dice.below(KEY_SIZE)] ^= 1 << dice.below(8)
            self.assertFalse(self.good(signature=bytes(bent)))
        self.assertFalse(self.good(digest=hashlib.sha256(b"Rumpus").digest()))
        bent = bytearray(KEY)
        bent[100] ^= 4
        self.assertFalse(self.good(key=bytes(bent)))

    def test_numbers_that_are_none_of_a_signer(self):
        n = int.from_bytes(KEY, "big")
        for number in (0, 1, n - 1, n):
            self.assertFalse(self.good(signature=number.to_bytes(KEY_SIZE, "big")))
        self.assertFalse(
            self.good(signature=(int.from_bytes(SIGNATURE, "big") + n).to_bytes(KEY_SIZE + 1, "big"))
        )
        self.assertFalse(self.good(signature=b""))
        self.assertFalse(self.good(signature=SIGNATURE[1:]))


HEAD = {"board": "b", "type": "t", "version": "1.2.3", "floor": "1.0.0", "files": 2}
ROWS = [["a.py", 3, "00" * 32], ["rumpus/x.mpy", 0, "11" * 32]]


def text_of(*values):
    return b"".join([json.dumps(value).encode() + b"\n" for value in values])


class Manifests(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()

    def tearDown(self):
        self.folder.clean()

    def read(self, text):
        """(version, rows) of a manifest. Raises DecodeError."""
        with manifest.Manifest(self.folder.write("m", text)) as found:
            return found.version, list(found)

    def test_what_it_says(self):
        version, rows = self.read(text_of(HEAD, *ROWS))
        self.assertEqual(version, "1.2.3")
        self.assertEqual(rows, [("a.py", 3, bytes(32)), ("rumpus/x.mpy", 0, b"\x11" * 32)])

    def test_what_is_none(self):
        for bad in (
            b"",
            b"\xff\n",
            b"[]\n",
            b"{}\n",
            text_of({"board": "b"}),
            text_of(HEAD),
            text_of(HEAD, ROWS[0]),
            text_of(HEAD, ROWS[0], ["x", 1]),
            text_of(HEAD, ROWS[0], ["x", -1, "00" * 32]),
            text_of(HEAD, ROWS[0], ["x", "1", "00" * 32]),
            text_of(HEAD, ROWS[0], ["x", 1, "0"]),
            text_of(HEAD, ROWS[0], ["../boot.py", 1, "00" * 32]),
            text_of(HEAD, ROWS[0], ["/boot.py", 1, "00" * 32]),
            text_of(HEAD, ROWS[0], ["a//b", 1, "00" * 32]),
            text_of(HEAD, ROWS[0], ["manifest", 1, "00" * 32]),
            text_of(dict(HEAD, version="1.2"), *ROWS),
            text_of(dict(HEAD, floor="x.y.z"), *ROWS),
            text_of(dict(HEAD, files=0), *ROWS),
            text_of(dict(HEAD, files="2"), *ROWS),
        ):
            with self.assertRaises(DecodeError):
                self.read(bad)

    def test_any_byte_changed(self):
        """A manifest is read before its signature is looked at: anything may stand there."""
        good = text_of(HEAD, *ROWS)
        dice = Dice(2)
        for _ in range(300):
            bent = bytearray(good)
            for _change in range(1 + dice.below(3)):
                bent[dice.below(len(bent))] = dice.below(256)
            try:
                self.read(bytes(bent))
            except DecodeError:
                pass

    def test_versions_are_compared_as_numbers(self):
        key = manifest_head.version_key
        self.assertTrue(key("1.9.0") < key("1.10.0") < key("2.0.0"))
        for bad in ("", "1", "1.2", "1.2.3.4", "1.2.x", "1..2", "1.2.3 ", "-1.2.3", "1.2.123456"):
            with self.assertRaises(DecodeError):
                key(bad)


class Records(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()

    def tearDown(self):
        self.folder.clean()

    def record(self, running):
        return SlotRecord(self.folder.files, running)

    def letters(self):
        return self.folder.files.load("slot").decode()

    def test_a_device_that_was_never_updated(self):
        record = self.record("a")
        self.assertEqual((record.running, record.other, record.state, record.reason), ("a", "b", "c", "-"))

    def test_the_way_of_an_update(self):
        record = self.record("a")
        self.assertTrue(record.keep("s"))
        self.assertTrue(record.is_staged)
        self.assertTrue(record.try_other(False))
        self.assertEqual(self.letters(), "bt3-")
        record = self.record("b")
        self.assertTrue(record.is_on_trial)
        self.assertTrue(record.commit())
        self.assertEqual(self.letters(), "bc0-")

    def test_a_trial_that_was_ended_by_order(self):
        self.record("a").try_other(True)
        self.assertEqual(self.letters(), "bt3o")
        self.assertTrue(self.record("b").return_to_other())
        self.assertEqual(self.letters(), "ac0o")

    def test_a_trial_that_could_not_be_counted(self):
        """main.py has taken the other slot, and could not write that down."""
        self.record("a").try_other(False)
        record = self.record("a")
        self.assertFalse(record.is_on_trial)
        self.assertEqual(record.reason, "f")

    def test_the_letters_have_names(self):
        for rows in (SLOT_STATES, LEAVE_REASONS):
            self.assertEqual(len(rows), len({row[0] for row in rows}))
            self.assertEqual(len(rows), len({row[1] for row in rows}))


class Trials(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        SlotRecord(self.folder.files, "a").try_other(False)
        self.folder.files.save("slot", b"bt2-")  # one start is counted
        self.record = SlotRecord(self.folder.files, "b")
        self.is_good = True

    def tearDown(self):
        self.folder.clean()

    def trial(self, needs_proof=False):
        return Trial(self.record, lambda: self.is_good, needs_proof)

    def live(self, trial, ms):
        while ms > 0:
            trial.step(500)
            ms -= 500

    def test_both_conditions(self):
        trial = self.trial()
        trial.answered(False)
        self.live(trial, CHECK_MS - 500)
        self.assertTrue(self.record.is_on_trial)
        self.live(trial, 2000)
        self.assertFalse(self.record.is_on_trial)
        self.assertEqual(self.folder.files.load("slot"), b"bc0-")

    def test_nobody_asks(self):
        trial = self.trial()
        self.live(trial, HEALTHY_MS - 2000)
        self.assertEqual(self.folder.files.load("slot"), b"bt2-")
        self.live(trial, 4000)
        self.assertEqual(self.folder.files.load("slot"), b"bt3-")
        trial.answered(False)
        self.live(trial, 2000)
        self.assertEqual(self.folder.files.load("slot"), b"bc0-")

    def test_with_a_key_only_who_knows_it_counts(self):
        trial = self.trial(True)
        trial.answered(False)
        self.live(trial, 2 * CHECK_MS)
        self.assertTrue(self.record.is_on_trial)
        trial.answered(True)
        self.live(trial, 2000)
        self.assertFalse(self.record.is_on_trial)

    def test_an_output_that_is_not_what_it_was_given(self):
        trial = self.trial()
        trial.answered(False)
        self.is_good = False
        with self.assertRaises(DeviceFault):
            self.live(trial, 2 * CHECK_MS)
        self.assertTrue(self.record.is_on_trial)
