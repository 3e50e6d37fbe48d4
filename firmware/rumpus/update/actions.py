"""Update and Rollback, as orders.py asks for them.

Before a switch every byte of the other slot is compared with its manifest, a few files at a time, so that the
loop goes on. Then: the file "order" (which slot was ordered), the slot record, the restart. A cut before the
record leaves the old version, a cut after it has done the restart.
"""

from ..dcmp.tables.result_codes import (
    APPLY_FILE_BROKEN,
    LOCAL_ERROR,
    NO_APPLY_FILE,
    NOTHING_TO_APPLY,
    SUCCESS,
)
from ..dcmp.tables.results_ours import BELOW_FLOOR
from ..errors import DecodeError
from . import folders
from .manifest import Manifest, digest_of
from .manifest_head import version_key
from .orders import ORDER, ROLLBACK, UPDATE

# Bytes looked at in one turn of the loop.
_AT_A_TIME = 16384
_BUFFER = 512


class Actions:
    """record, files, running: as Staging. restart(): end the loop and start again."""

    def __init__(self, record, files, running, staging, restart):
        self._record = record
        self._files = files
        self._running = running
        self._staging = staging
        self._restart = restart
        self._manifest = None
        self._rows = iter(())
        self._is_ordered = False
        self._outcome = None

    def check(self, kind):
        """A Result: may it be done? kind: UPDATE or ROLLBACK."""
        if kind == UPDATE:
            return SUCCESS if self._record.is_staged else NO_APPLY_FILE
        path = self._record.manifest(self._record.other)
        if self._record.is_staged or not folders.exists(path):
            return NOTHING_TO_APPLY
        try:
            with Manifest(path) as manifest:
                if version_key(manifest.version) < version_key(self._running[3]):
                    return BELOW_FLOOR
        except (DecodeError, OSError):
            return APPLY_FILE_BROKEN
        return SUCCESS

    def start(self, kind):
        self._is_ordered = kind == ROLLBACK
        try:
            self._manifest = Manifest(self._record.manifest(self._record.other))
            self._rows = iter(self._manifest)
        except (DecodeError, OSError):
            self._broken()

    def finished(self):
        """One turn's work: None, or (Result, version) when nothing comes of it."""
        if self._manifest is not None:
            try:
                if self._look():
                    self._switch()
            except (DecodeError, OSError):
                self._broken()
        outcome, self._outcome = self._outcome, None
        return outcome

    def _look(self):
        """Compare some files with the manifest; True when all were good."""
        root = self._record.path()
        view = memoryview(bytearray(_BUFFER))
        left = _AT_A_TIME
        for path, size, digest in self._rows:
            if digest_of(root + "/" + path, view) != digest:
                raise DecodeError("digest")
            left -= size
            if left <= 0:
                return False
        return True

    def _switch(self):
        self._close()
        record = self._record
        self._files.save(ORDER, record.other.encode())
        if record.is_on_trial:
            done = record.return_to_other()
        else:
            done = record.try_other(self._is_ordered)
        if done:
            self._restart()
        else:
            self._outcome = LOCAL_ERROR, self._running[2]

    def _broken(self):
        self._close()
        try:
            self._staging.forget()
        except OSError:
            pass
        self._outcome = APPLY_FILE_BROKEN, self._running[2]

    def _close(self):
        if self._manifest is not None:
            self._manifest.close()
        self._manifest = None
        self._rows = iter(())
