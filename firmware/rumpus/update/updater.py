"""Updates of this device, joined: what the app and its DCMP sessions are given.

updater = Updater(Files(folder), slot, settings, restart)
Files(updater.staging)      for FileType "Firmware": dcmp/files.py, transfer.py
Apply(updater.actions, ..)  dcmp/apply.py
updater.trial               None when there is none
updater.text(PropertyID)    running_slot, update_state, rollback_reason
"""

from ..dcmp.tables.properties import ROLLBACK_REASON, RUNNING_SLOT, UPDATE_STATE
from ..errors import DecodeError
from .actions import Actions
from .manifest import Manifest
from .record import SlotRecord
from .staging import Staging
from .tables.bundle import KEY_SIZE
from .tables.slots import LEAVE_REASONS, NO_REASON, SLOT_STATES, SLOTS

KEY_FILE = "update_key"


class Updater:
    """files: Files of the folder that the slots are in. slot: the one that runs. restart(): end the loop and
    start again."""

    def __init__(self, files, slot, restart):
        self._files = files
        self.record = SlotRecord(files, slot)
        running = self._read(slot)
        self.staging = Staging(self.record, files, running, self._key())
        self.actions = Actions(self.record, files, running, self.staging, restart)

    def _read(self, slot):
        with Manifest(self.record.manifest(slot)) as manifest:
            return manifest.board, manifest.type, manifest.version, manifest.floor

    def _key(self):
        """The modulus that updates are checked by; a cable brought it."""
        key = self._files.read(KEY_FILE)
        return key if key and len(key) == KEY_SIZE else None

    # --- what is told -------------------------------------------------------------------------

    def version(self, slot):
        """The version of the slot, None when it is not whole."""
        try:
            return self._read(slot)[2]
        except (OSError, DecodeError):
            return None

    def text(self, number):
        """The text of a property, None when it is none of these."""
        record = self.record
        if number == RUNNING_SLOT:
            return record.running
        if number == UPDATE_STATE:
            state = _name(SLOT_STATES, record.state)
            return state + " " + (self.version(record.other) or "") if record.is_staged else state
        if number == ROLLBACK_REASON:
            if record.reason == NO_REASON:
                return _name(LEAVE_REASONS, NO_REASON)
            return _name(LEAVE_REASONS, record.reason) + " " + (self.version(record.other) or "")
        return None

    def listing(self):
        """(FileType, FileName, FileVersion, FileSize, FileDigest) of each slot that is whole."""
        rows = []
        for slot in SLOTS:
            version = self.version(slot)
            if version is not None:
                rows.append(("Firmware", slot, version, 0, bytes(32)))
        return rows


def _name(rows, letter):
    for known, name, _source in rows:
        if known == letter:
            return name
    return letter
