"""Files that come and go on a real file system, in a folder of their own."""

import hashlib
import os
import unittest

from rumpus.dcmp.tables import result_codes as r
from rumpus.management.file_store import RESERVE, FileStore, _is_good

DATA = bytes([i * 31 & 0xFF for i in range(5000)])


def digest_of(data):
    return hashlib.sha256(data).digest()


def remove_tree(path):
    try:
        names = os.listdir(path)
    except OSError:
        return os.remove(path)
    for name in names:
        remove_tree(path + "/" + name)
    os.rmdir(path)


class Stored(unittest.TestCase):
    def setUp(self):
        self.root = "/tmp/rumpus-store-%d" % id(self)
        os.mkdir(self.root)
        self.store = FileStore(self.root)

    def tearDown(self):
        self.store.close()
        remove_tree(self.root)

    def put(self, data, name="a.txt", kind="UserDefined", version="1", upto=None, digest=None):
        """(Result, offset) of begin(), then the data from there; the Result of finish() when all was written."""
        result, at = self.store.begin(kind, name, version, len(data), digest or digest_of(data), True)
        if result:
            return result, at
        end = len(data) if upto is None else upto
        for i in range(at, end, 1000):
            self.assertEqual(self.store.write(memoryview(data)[i : min(i + 1000, end)]), 0)
        if end < len(data):
            self.store.close()
            return None, at
        return self.store.finish(), at

    def get(self, name="a.txt", kind="UserDefined"):
        result, size, digest = self.store.open(kind, name)
        self.assertEqual(result, 0)
        out = bytearray(size)
        at = 0
        while at < size:
            at += self.store.read(at, memoryview(out)[at : min(at + 700, size)])
        self.store.close()
        self.assertEqual(digest_of(out), digest)
        return bytes(out)

    def test_a_file_is_written_listed_and_read(self):
        self.assertEqual(self.put(DATA), (0, 0))
        self.assertEqual(
            self.store.files("All", ""), [("UserDefined", "a.txt", "1", len(DATA), digest_of(DATA))]
        )
        self.assertEqual(self.store.files("Firmware", ""), [])
        self.assertEqual(self.store.files("All", "b"), [])
        self.assertEqual(self.get(), DATA)

    def test_an_empty_file(self):
        self.assertEqual(self.put(b""), (0, 0))
        self.assertEqual(self.get(), b"")

    def test_it_goes_on_with_exactly_that_file_also_after_a_restart(self):
        self.put(DATA, upto=3000)
        self.assertEqual(self.store.files("All", ""), [])
        self.store = FileStore(self.root)
        self.assertEqual(self.put(DATA), (0, 3000))
        self.assertEqual(self.get(), DATA)
        self.put(DATA, upto=3000)
        other = bytes(len(DATA))
        self.assertEqual(self.put(other), (0, 0))  # another file of that name and size
        self.assertEqual(self.get(), other)

    def test_the_old_file_stays_until_the_new_one_is_whole_and_right(self):
        self.put(DATA)
        new = DATA + b"new"
        self.put(new, version="2", upto=2000)
        self.assertEqual(self.get(), DATA)
        self.assertEqual(self.put(new, version="2", digest=digest_of(b"else")), (r.APPLY_FILE_BROKEN, 0))
        self.assertEqual(self.get(), DATA)
        self.assertEqual(self.put(new, version="2"), (0, 0))  # nothing of the broken one is kept
        self.assertEqual(self.store.files("All", "a.txt")[0][2:4], ("2", len(new)))

    def test_room_is_checked_before_with_the_reserve(self):
        told = os.statvfs(self.root)
        free = told[1] * told[3]
        digest = bytes(32)
        for reserve, size, expected in (
            (RESERVE, free, r.INSUFFICIENT_STORAGE),
            (free, 1, r.INSUFFICIENT_STORAGE),
            (free - 100000, 200000, r.INSUFFICIENT_STORAGE),
            (RESERVE, 1000, 0),
        ):
            store = FileStore(self.root, reserve)
            self.assertEqual(store.begin("UserDefined", "a", "", size, digest, True)[0], expected)
            store.close()

    def test_names_and_types_that_are_not_taken(self):
        for name in (
            "",
            ".",
            "..",
            ".part",
            "a/b",
            "../settings.json",
            "a\\b",
            "ü",
            "x" * 27,
            "a.about",
            "a b",
        ):
            self.assertFalse(_is_good(name), name)
            self.assertEqual(self.put(b"x", name), (r.ILLEGAL_FILE_NAME, 0), name)
        for kind, expected in (("Log", r.NOT_LOGGED_IN), ("Configuration", r.NOT_LOGGED_IN), ("Firmware", 0)):
            self.assertEqual(self.put(b"x", "n", kind)[0], expected, kind)
        self.assertEqual(self.store.open("Log", "settings.json")[0], r.FILE_NOT_FOUND)
        self.assertEqual(self.store.open("UserDefined", "../events")[0], r.FILE_NOT_FOUND)

    def test_the_log_of_the_device_can_be_read(self):
        with open(self.root + "/events", "wb") as file:
            file.write(DATA[:960])
        with open(self.root + "/settings.json", "wb") as file:
            file.write(b"secret")
        self.assertEqual([one[:4] for one in self.store.files("All", "")], [("Log", "events", "", 960)])
        self.assertEqual(self.get("events", "Log"), DATA[:960])

    def test_a_torn_description_costs_only_what_it_says(self):
        self.put(DATA)
        with open(self.root + "/user/a.txt.about", "wb") as file:
            file.write(b"torn")
        self.assertEqual(self.store.files("All", "")[0][2:], ("", len(DATA), bytes(32)))
        self.assertEqual(self.get(), DATA)  # its digest is worked out instead


if __name__ == "__main__":
    unittest.main()
