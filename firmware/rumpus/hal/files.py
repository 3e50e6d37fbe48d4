"""Small files that survive a power cut: old or new, never a mixture. The same on all interpreters.

A name is kept as two files, name.0 and name.1, written in turn; the newer one that is whole counts. This
needs no rename: a FAT deletes the old file before it gives the new one its name, and CircuitPython does
not replace at all. A file that exists is written over in place, so that a FAT takes and frees no cluster.
Where the files lie on littlefs each write is atomic by itself, and the second file is merely spare.

A file holds a sequence number (u8), the length of the data (u16), the data, and a CRC-32 over all of it.
"""

import binascii
import os
import sys

_HEAD = 3
_TAIL = 4
_LONGEST = 0xFFFF

if sys.implementation.name == "cpython":

    def _finish(file):
        file.flush()
        os.fsync(file.fileno())

    def _settle():
        pass

else:

    def _finish(file):
        pass  # closing writes it out

    # CircuitPython alone keeps written sectors for a second; MicroPython's sync() is for FAT only.
    _settle = os.sync if sys.implementation.name == "circuitpython" else lambda: None


class Files:
    """Files in one folder of the board's file system."""

    def __init__(self, folder):
        self.folder = folder
        self.errors = 0  # writes that the file system refused (full, or read-only while USB has it)
        self.damaged = 0  # files found torn or otherwise broken, and ignored; counted at each look

    def path(self, name):
        return self.folder + "/" + name

    def load(self, name):
        """The bytes that were saved last, or None."""
        return self._newest(name)[2]

    def save(self, name, data):
        """Replace the bytes of a name; they are durable when this returns True.

        Cut at any moment, the next load() gives the old bytes or the new ones. data: at most 65535 bytes.
        """
        which, sequence, _old = self._newest(name)
        if len(data) > _LONGEST:
            raise ValueError("too long for a file")
        record = bytearray((sequence + 1 & 0xFF, len(data) >> 8, len(data) & 0xFF))
        record.extend(data)
        record.extend(binascii.crc32(record).to_bytes(_TAIL, "big"))
        return self.write(name + (".0" if which else ".1"), 0, record)

    def _newest(self, name):
        """(0 or 1, its sequence, its data) of the newer whole file; (1, 255, None) when there is none."""
        first, second = self._copy(name + ".0"), self._copy(name + ".1")
        if first is None and second is None:
            return 1, 0xFF, None
        if second is None or (first is not None and first[0] == second[0] + 1 & 0xFF):
            return 0, first[0], first[1]
        return 1, second[0], second[1]

    def _copy(self, name):
        """(sequence, data) of one file, or None when it is not there or not whole."""
        record = self.read(name)
        if record is None:
            return None
        if len(record) >= _HEAD + _TAIL:
            end = _HEAD + (record[1] << 8 | record[2])
            crc = record[end : end + _TAIL]
            if binascii.crc32(record[:end]).to_bytes(_TAIL, "big") == crc:
                return record[0], record[_HEAD:end]
        self.damaged += 1
        return None

    # --- plain files ------------------------------------------------------------------------

    def read(self, name):
        """The bytes of one plain file, or None."""
        try:
            with open(self.path(name), "rb") as file:
                return file.read()
        except OSError:
            return None

    def size(self, name):
        """Bytes in a plain file, 0 when it is not there."""
        try:
            return os.stat(self.path(name))[6]
        except OSError:
            return 0

    def read_into(self, name, view):
        """Fill the view from a plain file; True when that worked. Keeps nothing."""
        try:
            with open(self.path(name), "rb") as file:
                return file.readinto(view) == len(view)
        except OSError:
            return False

    def write(self, name, at, data):
        """Write into a plain file in place, making it when it is not there; True when it is durable."""
        try:
            try:
                file = open(self.path(name), "r+b")
            except OSError:
                file = open(self.path(name), "wb")
            with file:
                file.seek(at)
                file.write(data)
                _finish(file)
            _settle()
            return True
        except OSError:
            self.errors += 1
            return False


def count_boot(files):
    """The number of this start, 1 to 65535 and again 1. To be called once."""
    stored = files.load("boots")
    count = (int(stored) if stored else 0) % 0xFFFF + 1
    files.save("boots", b"%d" % count)
    return count


class Slots:
    """Records of one size in one file, each written in place; the user guards against torn ones."""

    def __init__(self, files, name):
        self._files = files
        self._name = name
        self._size = 0

    def load(self, view, size):
        """Fill the view, zeros so far, with the records; a file of another length is replaced by the zeros."""
        self._size = size
        if self._files.size(self._name) != len(view) or not self._files.read_into(self._name, view):
            self._files.write(self._name, 0, view)

    def save(self, slot, record):
        """Write one record; True when it is durable."""
        return self._files.write(self._name, slot * self._size, record)
