"""The joints to DCMP: files of the type Firmware go to a slot, and a record of the apply that is going on."""

from ..dcmp.tables.result_codes import FILE_NOT_FOUND, LOCAL_ERROR
from .tables.slots import FIRMWARE


class Storage:
    """The storage of transfer.py. store: the storage of all other files."""

    def __init__(self, store, updater):
        self._store = store
        self._updater = updater
        self._active = store
        self.MAX_BLOCK = store.MAX_BLOCK

    def files(self, file_type, name):
        rows = [row for row in self._store.files(file_type, name) if row[0] != FIRMWARE]
        if file_type in ("All", FIRMWARE):
            rows += [row for row in self._updater.listing() if name in ("", row[1])]
        return rows

    def open(self, file_type, name):
        if file_type == FIRMWARE:
            return FILE_NOT_FOUND, 0, b""  # a slot is no file
        self._active = self._store
        return self._store.open(file_type, name)

    def read(self, offset, view):
        return self._store.read(offset, view)

    def begin(self, file_type, name, version, size, digest, may_resume):
        self._active = self._store
        if file_type == FIRMWARE:
            try:
                self._active = self._updater.staging()
            except MemoryError:  # not even for the modules
                return LOCAL_ERROR, 0
        return self._active.begin(file_type, name, version, size, digest, may_resume)

    def resume(self, file_type, name, digest):
        return self._store.resume(file_type, name, digest)

    def write(self, view):
        return self._active.write(view)

    def finish(self):
        return self._active.finish()

    def close(self):
        self._active.close()


class ApplyRecord:
    """The record of apply.py: some bytes under a name."""

    def __init__(self, files, name):
        self._files = files
        self._name = name

    def load(self):
        return self._files.load(self._name) or None

    def save(self, raw):
        return self._files.save(self._name, raw)

    def clear(self):
        self._files.save(self._name, b"")
