"""Which slot runs, and on what terms: the slot record, of which entry/main.py is the other reader and writer.

Each call that changes something is one write of the record, which a power cut leaves old or new.
"""

from .tables.slots import (
    COMMITTED,
    FAILED_STARTS,
    MANIFEST,
    NO_REASON,
    ORDERED,
    RECORD,
    SLOTS,
    STAGED,
    STARTS,
    TRIAL,
)


class SlotRecord:
    """files: Files of the folder that the slots are in. running: the slot that this runs from."""

    def __init__(self, files, running):
        self._files = files
        self.running = running
        self.other = SLOTS[running == SLOTS[0]]
        self.state, self.starts, self.reason = COMMITTED, 0, NO_REASON
        letters = (files.load(RECORD) or b"").decode()
        if len(letters) == 4:
            self.reason = letters[3]
            if letters[0] == running:
                self.state, self.starts = letters[1], int(letters[2])
            elif letters[1] == TRIAL:  # its start could not be written down, so main.py came here
                self.reason = FAILED_STARTS

    def path(self, name=""):
        """Of something in the other slot."""
        return self._files.folder + "/" + self.other + ("/" + name if name else "")

    def manifest(self, slot):
        return self._files.folder + "/" + slot + "/" + MANIFEST

    @property
    def is_on_trial(self):
        return self.state == TRIAL

    @property
    def is_staged(self):
        return self.state == STAGED

    @property
    def is_in_mode(self):
        """The next start is one of the update mode."""
        return self.state != TRIAL and self.starts > 0

    # --- each is one write; True when it is durable ------------------------------------------

    def _save(self, slot, state, starts, reason):
        if not self._files.save(RECORD, (slot + state + str(starts) + reason).encode()):
            return False
        if slot == self.running:
            self.state, self.starts, self.reason = state, starts, reason
        return True

    def keep(self, state):
        """Stay with this slot: COMMITTED or STAGED. An older reason stays readable."""
        return self._save(self.running, state, 0, self.reason)

    def enter_mode(self):
        """The next starts are those of the update mode. keep() ends that, as does every other change."""
        return self._save(self.running, self.state, STARTS, self.reason)

    def commit(self):
        """The trial went well."""
        return self._save(self.running, COMMITTED, 0, self.reason)

    def give_back(self):
        """This start was none that failed."""
        return self._save(self.running, TRIAL, STARTS, self.reason)

    def try_other(self, is_ordered):
        """From the next start on the other slot is on trial."""
        return self._save(self.other, TRIAL, STARTS, ORDERED if is_ordered else NO_REASON)

    def return_to_other(self):
        """End the trial: the other slot, which ran before, is committed."""
        return self._save(self.other, COMMITTED, 0, ORDERED)
