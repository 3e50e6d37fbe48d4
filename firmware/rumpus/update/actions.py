"""Update, Rollback and Reboot, as dcmp/apply.py asks for them.

Before a switch every byte of the other slot is compared with its manifest, a few files at a time, so that the
loop goes on. Then: the file "order" (which slot was ordered), the slot record, the restart. A cut before the
record leaves the old version, a cut after it has done the restart.
"""

from ..dcmp.tables.result_codes import (
    APPLY_FILE_BROKEN,
    APPLY_NOT_EXECUTABLE,
    LOCAL_ERROR,
    NO_APPLY_FILE,
    NOTHING_TO_APPLY,
    SUCCESS,
)
from ..dcmp.tables.results_ours import BELOW_FLOOR
from ..errors import DecodeError
from . import folders
from .manifest import Manifest, digest_of, version_key

ORDER = "order"
UPDATE = "Update"
ROLLBACK = "Rollback"
REBOOT = "Reboot"
# Seconds until the result: looking at each byte, the restart, the trial.
EXPECTED_S = 60
REBOOT_S = 15
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
        self._kind = None
        self._outcome = None

    def check(self, apply_type, _file_type, _file_name):
        if apply_type == REBOOT:
            return SUCCESS, REBOOT_S
        if apply_type == UPDATE:
            return (SUCCESS if self._record.is_staged else NO_APPLY_FILE), EXPECTED_S
        if apply_type == ROLLBACK:
            return self._check_rollback(), EXPECTED_S
        return APPLY_NOT_EXECUTABLE, 0

    def _check_rollback(self):
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

    def start(self, apply_type, _file_type, _file_name):
        self._kind = apply_type
        if apply_type == REBOOT:
            self._restart()
            return
        try:
            self._manifest = Manifest(self._record.manifest(self._record.other))
            self._rows = iter(self._manifest)
        except (DecodeError, OSError):
            self._broken()

    def finished(self):
        """One turn's work; see dcmp/apply.py."""
        if self._manifest is not None:
            try:
                if self._look():
                    self._switch()
            except (DecodeError, OSError):
                self._broken()
        elif self._kind is None and self._outcome is None:
            self._outcome = self._after_restart()
        outcome = self._outcome
        if outcome:
            self._outcome = self._kind = None
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
        is_ordered = self._kind == ROLLBACK
        self._files.save(ORDER, record.other.encode())
        if record.is_on_trial:
            done = record.return_to_other()
        else:
            done = record.try_other(is_ordered)
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

    def _after_restart(self):
        """None while the trial goes on, else what became of the order."""
        if self._record.is_on_trial:
            return None
        ordered = (self._files.load(ORDER) or b"").decode()
        if ordered:
            self._files.save(ORDER, b"")
        is_there = not ordered or ordered == self._record.running
        return (SUCCESS if is_there else APPLY_NOT_EXECUTABLE), self._running[2]
