"""Takes a bundle in, piece by piece, into the slot that does not run: the storage of transfer.py.

Order, and what a power cut leaves:

    the manifest goes to the file "staging.new"        the other slot is untouched until it was found good
    a staged state ends, the other slot's manifest goes   the other slot is no version any more
    files, each folder cleared of what is not of this version when its first file comes
    staging.new becomes the other slot's manifest      a rename: there, whole, or not
    the slot record says staged

The record "staging" says which bundle this is and how many files are done, so that the same bundle goes on
where it stopped. What lies in the slot is looked at again, every byte, before it is applied: actions.py.
"""

import hashlib
import os

from .. import wire
from ..dcmp.tables.result_codes import (
    APPLY_FILE_BROKEN,
    FILE_NOT_FOUND,
    INSUFFICIENT_STORAGE,
    LOCAL_ERROR,
    PAYLOAD_SYNTAX,
    SUCCESS,
)
from ..errors import DecodeError
from . import folders
from .manifest import Manifest
from .tables.bundle import BUNDLE_HEAD, BUNDLE_HEAD_SIZE, FORMAT, MAGIC, STAGING
from .tables.slots import COMMITTED, MANIFEST, STAGED

NAME = "staging"
# A count of files done is written each time so many bytes have come.
CHECKPOINT = 16384

_ENOSPC = 28
HEAD, TEXT, FILES, WHOLE = range(4)


class Staging:
    """record: SlotRecord. files: as its. admission: Admission."""

    MAX_BLOCK = 1024
    spare = None  # memory in one piece, given back for the signature where a heap is nearly full

    def __init__(self, record, files, admission):
        self._record = record
        self._files = files
        self._admission = admission
        self._new = files.folder + "/" + NAME + ".new"
        self._phase = None
        self._out = None  # the file that is being written
        self._hash = None
        self._manifest = None
        self._rows = iter(())
        self.size = self.done = 0  # bytes, of the bundle

    @property
    def is_busy(self):
        """A bundle is coming in; done of size bytes are there."""
        return self._phase is not None and self._phase != WHOLE

    # --- what transfer.py asks for ------------------------------------------------------------

    def open(self, _file_type, _name):
        return FILE_NOT_FOUND, 0, b""

    def begin(self, _file_type, _name, version, size, digest, may_resume):
        result = self._admission.of_request(version, size)
        if result:
            return result, 0
        self.size, self.done = size, 0
        self._ident = {"Size": size, "Digest": bytes(digest), "FilesDone": 0}
        try:
            if may_resume and self._resume():
                return SUCCESS, self.done
            return self._start(), 0
        except (OSError, MemoryError) as error:
            return self._failed(error), 0

    def write(self, view):
        """Take what comes next, in pieces of any size; at most MAX_BLOCK bytes, see stalls.py."""
        at = 0
        try:
            while at < len(view):
                n = min(self._left, len(view) - at)
                if n == 0:  # all is there
                    return PAYLOAD_SYNTAX
                self._take(view[at : at + n])
                at += n
                result = self._complete()
                if result:
                    return self._give_up(result)
            return SUCCESS
        except DecodeError:
            return self._give_up(APPLY_FILE_BROKEN)
        except (OSError, MemoryError) as error:
            return self._failed(error)

    def finish(self):
        """All has come. From here on the update may be applied."""
        if self._phase != WHOLE:
            return APPLY_FILE_BROKEN
        if self._record.is_staged:
            return SUCCESS
        try:
            self._close_files()
            os.rename(self._new, self._record.path(MANIFEST))
        except (OSError, MemoryError) as error:
            return self._failed(error)
        return SUCCESS if self._record.keep(STAGED) else LOCAL_ERROR

    def close(self):
        if self._phase == FILES:
            self._note_done()
        self._close_files()
        self._phase = None

    def forget(self):
        """What was staged is no good: throw it away. Raises OSError."""
        if self._record.is_staged:
            self._record.keep(COMMITTED)
        folders.remove_file(self._record.path(MANIFEST))
        self._files.save(NAME, b"")

    # --- beginning ----------------------------------------------------------------------------

    def _start(self):
        self._files.save(NAME, b"")  # before staging.new becomes that of another bundle
        folders.remove_file(self._new)
        self._phase = HEAD
        self._left = BUNDLE_HEAD_SIZE
        self._head = bytearray()
        return SUCCESS

    def _resume(self):
        """True when a part of exactly this bundle is there; done says how much."""
        raw = self._files.load(NAME)
        kept = wire.unpack_all(STAGING, raw) if raw else None
        if not kept or kept["Size"] != self.size or kept["Digest"] != self._ident["Digest"]:
            return False
        if self._record.is_staged:
            self._phase, self._left, self.done = WHOLE, 0, self.size
            return True
        if not folders.exists(self._new) or folders.exists(self._record.path(MANIFEST)):
            return False
        self.done = BUNDLE_HEAD_SIZE + os.stat(self._new)[6]
        self._open_rows()
        for _ in range(kept["FilesDone"]):
            self.done += next(self._rows)[1]
        self._ident["FilesDone"] = kept["FilesDone"]
        self._next_file()
        return not self._complete()

    # --- piece by piece -----------------------------------------------------------------------

    def _take(self, view):
        n = len(view)
        if self._phase == HEAD:
            self._head.extend(view)
        else:
            self._out.write(view)
            if self._phase == FILES:
                self._hash.update(view)
        self._left -= n
        self.done += n

    def _complete(self):
        """End what has come whole, be it empty; a Result."""
        result = SUCCESS
        while self._left == 0 and self._phase != WHOLE and not result:
            result = self._next()
        return result

    def _next(self):
        """What is being taken is complete; a Result."""
        if self._phase == HEAD:
            head = wire.unpack_all(BUNDLE_HEAD, self._head)
            if head["Magic"] != MAGIC or head["Format"] != FORMAT:
                return APPLY_FILE_BROKEN
            self._phase, self._left = TEXT, head["ManifestSize"]
            self._out = open(self._new, "wb")
            return SUCCESS
        self._out.close()
        self._out = None
        if self._phase == TEXT:
            self.spare = None
            result = self._admission.of_manifest(self._new)
            if not result:
                self._empty_slot()
                self._open_rows()
                self._next_file()
            return result
        if self._hash.digest() != self._digest:
            return APPLY_FILE_BROKEN
        self._ident["FilesDone"] += 1
        self._since_note += self._file_size
        if self._since_note >= CHECKPOINT:
            self._note_done()
        self._next_file()
        return SUCCESS

    def _empty_slot(self):
        """From here on the other slot is no version."""
        if self._record.is_staged and not self._record.keep(COMMITTED):
            raise OSError(5)
        folders.remove_file(self._record.path(MANIFEST))
        self._note_done()

    def _open_rows(self):
        self._manifest = Manifest(self._new)
        self._rows = iter(self._manifest)
        self._folder = None
        self._since_note = 0
        self._phase = FILES

    def _next_file(self):
        """Open the next file of the manifest, its folder swept."""
        if self._ident["FilesDone"] == self._manifest.files:
            if self.done != self.size:
                raise DecodeError("size")
            self._phase, self._left = WHOLE, 0
            self._note_done()
            return
        path, self._file_size, self._digest = next(self._rows)
        root = self._record.path()
        folders.make_parents(root, path)
        folder = path.rpartition("/")[0]
        if folder != self._folder:
            self._sweep(root, folder)
            self._folder = folder
        self._out = open(root + "/" + path, "wb")
        self._hash = hashlib.sha256()
        self._left = self._file_size

    def _sweep(self, root, folder):
        """The folder and those above it, as far as the last one has not seen to it."""
        while True:
            is_new = folder and not ((self._folder or "") + "/").startswith(folder + "/")
            if self._folder is None or is_new:
                with Manifest(self._new) as manifest:
                    folders.sweep(root, folder, manifest)
            if not folder:
                return
            folder = folder.rpartition("/")[0]

    # --- the end ------------------------------------------------------------------------------

    def _note_done(self):
        self._since_note = 0
        self._files.save(NAME, wire.pack(STAGING, self._ident))

    def _close_files(self):
        for file in (self._out, self._manifest):
            if file is not None:
                file.close()
        self._out = self._manifest = None
        self._rows = iter(())

    def _give_up(self, result):
        """The bundle is no good: nothing of it is gone on with."""
        self._close_files()
        self._phase = None
        self._files.save(NAME, b"")
        return result

    def _failed(self, error):
        self._close_files()
        self._phase = None
        is_full = isinstance(error, OSError) and error.errno == _ENOSPC
        return INSUFFICIENT_STORAGE if is_full else LOCAL_ERROR
