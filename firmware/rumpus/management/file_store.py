"""Files that DCMP lists, sends and takes, in folders below one: the storage of dcmp/transfer.py.

A file that is coming in is FOLDER/.part until it is whole and its digest right; what it is to become stands in
FOLDER/.coming, so that an upload goes on after a restart. FOLDER/NAME.about holds version and digest of a
file that came so. Cut at any moment there is the old file or the new one, on a file system whose rename
replaces (littlefs; a FAT's does not, and may leave neither).
"""

import hashlib
import os

from .. import wire
from ..dcmp.tables import result_codes as r
from ..errors import DecodeError

# file type, folder, may be written. The folder "" is where the device keeps its own files; of those only
# what OWN names can be read.
TYPES = (
    ("Firmware", "staging", 1),
    ("UserDefined", "user", 1),
    ("Log", "", 0),
)
OWN = ("events",)  # the ring of alarm events, as the device has it: rump/alarms.py
# So much of the file system stays free, for what the device keeps itself.
RESERVE = 32768
MAX_BLOCK = 1024
_FLUSH = 8  # blocks; so many are lost at most when the power goes
_LONGEST_NAME = 26
NO_DIGEST = bytes(32)

# What .coming and NAME.about hold; storage, not wire.
_ABOUT = (
    ("FileVersion", "C16", None, ""),
    ("FileSize", ">I", None, ""),
    ("FileDigest", "32s", None, ""),
    ("FileName", "C32", None, ""),
)


# Read whole a file would need a larger piece of memory than it is long.
_LONGEST_ABOUT = 128


class FileStore:
    """root: the folder."""

    MAX_BLOCK = MAX_BLOCK

    def __init__(self, root, reserve=RESERVE):
        self._root = root
        self._reserve = reserve
        self._file = None
        self._folder = ""
        self._name = ""
        self._about = None  # of the file that is coming in
        self._hash = None
        self._blocks = 0

    # --- what there is ------------------------------------------------------------------------

    def files(self, file_type, name):
        """(FileType, FileName, FileVersion, FileSize, FileDigest) of each file."""
        found = []
        for kind, folder, _writable in TYPES:
            if file_type in ("All", kind):
                for known in self._names(folder):
                    if name in ("", known):
                        found.append(self._describe(kind, folder, known))
        return found

    def _names(self, folder):
        if not folder:
            return [name for name in OWN if _size(self._path(folder, name)) is not None]
        try:
            names = os.listdir(self._path(folder))
        except OSError:
            return []
        return [name for name in sorted(names) if _is_good(name)]

    def _describe(self, kind, folder, name):
        size = _size(self._path(folder, name)) or 0
        about = self._read_about(folder, name + ".about") if folder else None
        if about is None or about["FileSize"] != size:
            return kind, name, "", size, NO_DIGEST
        return kind, name, about["FileVersion"], size, about["FileDigest"]

    # --- sending ------------------------------------------------------------------------------

    def open(self, file_type, name):
        folder, _writable = _folder_of(file_type)
        if folder is None or name not in self._names(folder):
            return r.FILE_NOT_FOUND, 0, NO_DIGEST
        path = self._path(folder, name)
        _kind, _name, _version, size, digest = self._describe(file_type, folder, name)
        if digest == NO_DIGEST:
            digest = _digest_of(path, size).digest()
        self._file = open(path, "rb")
        return r.SUCCESS, size, digest

    def read(self, offset, view):
        self._file.seek(offset)
        return self._file.readinto(view)

    # --- taking -------------------------------------------------------------------------------

    def begin(self, file_type, name, version, size, digest, may_resume):
        folder, writable = _folder_of(file_type)
        if not writable:
            return r.NOT_LOGGED_IN, 0
        if not _is_good(name):
            return r.ILLEGAL_FILE_NAME, 0
        about = {"FileVersion": version, "FileSize": size, "FileDigest": digest, "FileName": name}
        part = self._path(folder, ".part")
        try:
            _make_folder(self._path(folder))
            kept = _size(part) or 0
            if not may_resume or kept > size or self._read_about(folder, ".coming") != about:
                kept = self._discard(folder)
            if size - kept > self._room():
                return r.INSUFFICIENT_STORAGE, 0
            if not kept:
                self._write(folder, ".coming", wire.pack(_ABOUT, about))
            self._hash = _digest_of(part, kept)
            self._file = open(part, "ab")
        except OSError:
            return r.LOCAL_ERROR, 0
        self._folder, self._name, self._about, self._blocks = folder, name, about, 0
        return r.SUCCESS, kept

    def resume(self, file_type, name, digest):
        """A device downloads nothing."""
        return 0

    def write(self, view):
        try:
            self._file.write(view)
            self._blocks += 1
            if self._blocks % _FLUSH == 0:
                self._file.flush()
        except OSError:
            return r.INSUFFICIENT_STORAGE
        self._hash.update(view)
        return r.SUCCESS

    def finish(self):
        """Check the digest; the file gets its name when it is right."""
        folder, name = self._folder, self._name
        self.close()
        if self._hash.digest() != self._about["FileDigest"]:
            self._discard(folder)
            return r.APPLY_FILE_BROKEN
        try:
            _remove(self._path(folder, name + ".about"))
            _replace(self._path(folder, ".part"), self._path(folder, name))
            _replace(self._path(folder, ".coming"), self._path(folder, name + ".about"))
        except OSError:
            return r.LOCAL_ERROR
        return r.SUCCESS

    def close(self):
        file, self._file = self._file, None
        if file:
            file.close()

    # --- files --------------------------------------------------------------------------------

    def _path(self, folder, name=""):
        return self._root + ("/" + folder if folder else "") + ("/" + name if name else "")

    def _room(self):
        """Bytes that may be filled: what is free, less the reserve."""
        told = os.statvfs(self._root or "/")
        # littlefs counts a block twice that two versions of a file share; on a full flash its difference wraps.
        free = told[3] if 0 <= told[3] <= told[2] else 0
        return (told[1] or told[0]) * free - self._reserve

    def _discard(self, folder):
        """Throw away what came in; 0 bytes of it are kept."""
        _remove(self._path(folder, ".part"))
        _remove(self._path(folder, ".coming"))
        return 0

    def _read_about(self, folder, name):
        try:
            with open(self._path(folder, name), "rb") as file:
                return wire.unpack_all(_ABOUT, file.read(_LONGEST_ABOUT))
        except (OSError, DecodeError):
            return None

    def _write(self, folder, name, data):
        with open(self._path(folder, name), "wb") as file:
            file.write(data)


def _folder_of(file_type):
    for kind, folder, writable in TYPES:
        if kind == file_type:
            return folder, writable
    return None, 0


def _is_good(name):
    """A name that people may choose: no path, nothing hidden, none of ours."""
    if not 0 < len(name) <= _LONGEST_NAME or name[0] == "." or name.endswith(".about"):
        return False
    for c in name:
        if not (c.isalpha() or c.isdigit() or c in "._-") or ord(c) > 127:
            return False
    return True


def _size(path):
    """Bytes of a file, None when there is no such file."""
    try:
        return os.stat(path)[6]
    except OSError:
        return None


def _make_folder(path):
    try:
        os.mkdir(path)
    except OSError:
        pass  # it is there; and if not, writing will say so


def _remove(path):
    try:
        os.remove(path)
    except OSError:
        pass  # it is gone already


def _replace(path, target):
    try:
        os.rename(path, target)
    except OSError:  # a FAT, where a name that exists is in the way
        os.remove(target)
        os.rename(path, target)


def _digest_of(path, size):
    """A SHA-256 object that has seen the first bytes of a file."""
    digest = hashlib.sha256()
    if size:
        piece = bytearray(256)
        with open(path, "rb") as file:
            while size > 0:
                n = min(file.readinto(piece), size)
                if not n:
                    break
                digest.update(memoryview(piece)[:n])
                size -= n
    return digest
