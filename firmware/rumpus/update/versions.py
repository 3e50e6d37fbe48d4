"""The versions of its firmware that this device has, and what DCMP may do with them.

    versions.staging()                                  files of the type Firmware: management/device_files.py
    versions.actions()                                  Update and Rollback: orders.py
    versions.text(PropertyID)                           running_slot, update_state, update_mode ...

What an update needs is loaded when one comes.
"""

import gc

from .record import SlotRecord
from .tables.mode import ACTIVE, AVAILABLE, MODE_NEEDED_BELOW, MODE_PROGRAM, NEEDED
from .tables.slots import FIRMWARE, LEAVE_REASONS, NO_REASON, SLOT_STATES, SLOTS

KEY_FILE = "update_key"  # a cable brought it
_UNKNOWN = "", "", "", "0.0.0"


class Versions:
    """updater: the Updater, which keeps those that are at work."""

    KEY_FILE = KEY_FILE

    def __init__(self, updater):
        self._updater = updater
        self.files = updater.files
        # While a trial goes on there is one SlotRecord, which knows what was written.
        trial = updater.trial
        self.record = trial.record if trial is not None else SlotRecord(updater.files, updater.slot)
        self._is_mode = updater.is_mode
        self._staging = None
        self._actions = None

    def leave_mode(self):
        """The next start is one of the appliance."""
        if self.record.is_in_mode:
            self.record.keep(self.record.state)

    # --- for DCMP -----------------------------------------------------------------------------

    def staging(self):
        """Where bundles go; see staging.py."""
        self._updater.at_work = self
        if self._staging is None:
            from .admission import Admission
            from .staging import Staging
            from .tables.bundle import KEY_SIZE

            key = self.files.read(KEY_FILE)
            key = key if key and len(key) == KEY_SIZE else None
            admission = Admission(self.record, self.files.folder, self._running(), key)
            self._staging = Staging(self.record, self.files, admission)
        return self._staging

    def actions(self):
        """Update and Rollback; see actions.py."""
        if self._actions is None:
            from .actions import Actions

            self._actions = Actions(
                self.record, self.files, self._running(), self.staging(), self._updater.restart
            )
        return self._actions

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
        from .manifest_head import read

        return read(self.record.manifest(slot))[:4]

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
