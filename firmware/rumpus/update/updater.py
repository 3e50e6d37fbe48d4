"""Updates of this device, joined: what the app and its DCMP sessions are given.

    updater = Updater(Files(folder), slot)
    updater.begin_trial(hal.outputs_good, has_key)
    Files(updater.storage_with(FileStore(...)))         dcmp/files.py, transfer.py
    Apply(updater.orders(must_go_on), updater.apply_record())    dcmp/apply.py
    updater.text(PropertyID)                            running_slot, update_state, update_mode ...

What an update needs is loaded when one comes; a device that only runs has the slot record alone.
"""

import gc

from .record import SlotRecord
from .tables.mode import ACTIVE, AVAILABLE, MODE_NEEDED_BELOW, MODE_PROGRAM, NEEDED
from .tables.slots import FIRMWARE, LEAVE_REASONS, NO_REASON, SLOT_STATES, SLOTS

KEY_FILE = "update_key"  # a cable brought it
APPLYING = "applying"
_UNKNOWN = "", "", "", "0.0.0"


class Updater:
    """files: Files of the folder that the slots are in. slot: the one that runs. is_mode: this is the update
    mode. A version on trial is to be told so: begin_trial()."""

    KEY_FILE = KEY_FILE

    def __init__(self, files, slot, is_mode=False):
        self.files = files
        self.record = SlotRecord(files, slot)
        self.wants_restart = False
        self._is_mode = is_mode
        self._staging = None
        self._actions = None
        self._trial = None

    # --- the running version ------------------------------------------------------------------

    def begin_trial(self, outputs_good, needs_proof=False):
        """If this version is on trial: see Trial."""
        if self.record.is_on_trial:
            from .trial import Trial

            self._trial = Trial(self.record, outputs_good, needs_proof)

    def step(self, elapsed_ms):
        """A trial goes on, if there is one. Raises DeviceFault when the outputs fail their check."""
        if self._trial is not None:
            self._trial.step(elapsed_ms)
            if not self.record.is_on_trial:
                self._trial = None

    def answered(self, is_authenticated):
        """A host asked and was answered. Allocates nothing."""
        if self._trial is not None:
            self._trial.answered(is_authenticated)

    def restart(self):
        """Start again after this turn of the loop."""
        self.wants_restart = True

    def leave_mode(self):
        """The next start is one of the appliance."""
        if self.record.is_in_mode:
            self.record.keep(self.record.state)

    # --- for DCMP -----------------------------------------------------------------------------

    def staging(self):
        """Where bundles go; see staging.py."""
        if self._staging is None:
            from .admission import Admission
            from .staging import Staging
            from .tables.bundle import KEY_SIZE

            key = self.files.read(KEY_FILE)
            key = key if key and len(key) == KEY_SIZE else None
            running = self._running()
            admission = Admission(self.record, self.files.folder, running, key)
            self._staging = Staging(self.record, self.files, admission)
        return self._staging

    def storage_with(self, store):
        """The storage of transfer.py: firmware goes to a slot, all else to the store."""
        from .storage import Storage

        return Storage(store, self)

    def orders(self, must_go_on):
        """What APPLY does; see orders.py. must_go_on(): True while the appliance may not be restarted."""
        from .orders import Orders

        return Orders(self, must_go_on)

    def actions(self):
        """Update and Rollback; see actions.py."""
        if self._actions is None:
            from .actions import Actions

            self._actions = Actions(self.record, self.files, self._running(), self.staging(), self.restart)
        return self._actions

    def apply_record(self):
        """What apply.py keeps over a restart."""
        from .storage import ApplyRecord

        return ApplyRecord(self.files, APPLYING)

    @property
    def is_applying(self):
        """A result is owed to somebody since before the restart."""
        return bool(self.files.load(APPLYING))

    def running_version(self):
        return self._running()[2]

    def _running(self):
        """(board, type, version, floor) of the version that runs. Where that cannot be read every bundle is one
        for another board."""
        from ..errors import DecodeError

        try:
            return self._about(self.record.running)
        except (OSError, DecodeError):
            return _UNKNOWN

    # --- what is told -------------------------------------------------------------------------

    def _about(self, slot):
        """(board, type, version, floor) of a whole slot. Raises OSError, DecodeError."""
        from .manifest import Manifest

        with Manifest(self.record.manifest(slot)) as manifest:
            return manifest.board, manifest.type, manifest.version, manifest.floor

    def version(self, slot):
        """The version of the slot, None when it is not whole."""
        from ..errors import DecodeError

        try:
            return self._about(slot)[2]
        except (OSError, DecodeError, MemoryError):
            return None

    def text(self, number):
        """The text of a property, None when it is none of these."""
        from ..dcmp.tables import properties as p

        record = self.record
        if number == p.RUNNING_SLOT:
            return record.running
        if number == p.OTHER_VERSION:
            return self.version(record.other) or ""
        if number == p.UPDATE_MODE:
            return self.mode_state()
        if number == p.UPDATE_STATE:
            staging = self._staging
            if staging is not None and staging.is_busy:
                return "staging %d of %d" % (staging.done, staging.size)
            name = _name(SLOT_STATES, record.state)
            return self._with_other(name) if record.is_staged else name
        if number == p.ROLLBACK_REASON:
            name = _name(LEAVE_REASONS, record.reason)
            return name if record.reason == NO_REASON else self._with_other(name)
        return None

    def mode_state(self):
        """One of MODE_STATES, None where this version has no update mode."""
        if self._is_mode:
            return ACTIVE
        if not self.files.size(self.record.running + "/" + MODE_PROGRAM):
            return None
        gc.collect()
        is_short = hasattr(gc, "mem_free") and gc.mem_free() < MODE_NEEDED_BELOW
        return NEEDED if is_short else AVAILABLE

    def _with_other(self, name):
        return name + " " + (self.version(self.record.other) or "")

    def listing(self):
        """(FileType, FileName, FileVersion, FileSize, FileDigest) of each slot that is whole."""
        rows = []
        for slot in SLOTS:
            version = self.version(slot)
            if version is not None:
                rows.append((FIRMWARE, slot, version, 0, bytes(32)))
        return rows


def _name(rows, letter):
    for known, name, _source in rows:
        if known == letter:
            return name
    return letter
