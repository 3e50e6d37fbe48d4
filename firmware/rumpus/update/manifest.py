"""What a version consists of, read from the flash line by line. Layout: tables/bundle.py."""

import binascii
import hashlib

from .. import signature
from ..errors import DecodeError
from .manifest_head import about, text_of, value_of
from .tables.bundle import EXPONENT_BITS, KEY_SIZE, LONGEST_LINE, LONGEST_ROW

_DIGEST_SIZE = 32


class Manifest:
    """An open manifest: board, type, version, floor, files. Iterate once, for (path, size, digest).

    Raises OSError when there is none, DecodeError where it is not what it should be. A context manager.
    """

    def __init__(self, path):
        self._file = open(path, "rb")
        try:
            self._hash = hashlib.sha256()
            self.board, self.type, self.version, self.floor, self.files = about(self._line())
        except DecodeError:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    def close(self):
        self._file.close()

    def _line(self):
        line = self._file.readline(LONGEST_ROW)
        self._hash.update(line)
        return value_of(line)

    def __iter__(self):
        for _ in range(self.files):
            row = self._line()
            if not isinstance(row, list) or len(row) != 3:
                raise DecodeError("manifest")
            path, size, digest = row
            if not is_safe(path) or not isinstance(size, int) or size < 0:
                raise DecodeError("path")
            yield path, size, _bytes(digest)

    def is_signed(self, key):
        """True when its last line is a signature by the key (bytes of the modulus). After the rows."""
        digest = self._hash.digest()
        line = value_of(self._file.readline(LONGEST_LINE))
        if self._file.read(1) or not isinstance(line, list) or len(line) != 2 or line[0] != "signature":
            return False
        raw = _bytes(line[1])
        return len(key) == KEY_SIZE and signature.is_good(key, raw, digest, EXPONENT_BITS)


def _bytes(text):
    try:
        return binascii.unhexlify(text_of(text))
    except ValueError:
        raise DecodeError("manifest")


def is_safe(path):
    """True for a path that stays in its slot: letters, digits, _ and . in names that do not begin with a dot."""
    if not isinstance(path, str) or len(path) > 100:
        return False
    for name in path.split("/"):
        if not name or name[0] == "." or name.replace("_", "").replace(".", "").replace("-", "") == "":
            return False
        for letter in name:
            if not ("a" <= letter <= "z" or "A" <= letter <= "Z" or "0" <= letter <= "9" or letter in "_.-"):
                return False
    return path != "manifest"


def digest_of(path, buffer):
    """SHA-256 of a file, read through the buffer (a memoryview). Raises OSError."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while True:
            n = file.readinto(buffer)
            if not n:
                return digest.digest()
            digest.update(buffer[:n])
