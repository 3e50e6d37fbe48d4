"""Updates of this device, as its app sees them: a version on trial, a restart, and all else when it is asked for.

    updater = Updater(Files(folder), slot)
    updater.begin_trial(hal.outputs_good, has_key)
    updater.versions()                                  what DCMP is given: see versions.py
    updater.rest()                                      nobody works with them now

A device that only runs has nothing of an update in memory.
"""


class Updater:
    """files: Files of the folder that the slots are in. slot: the one that runs. is_mode: this is the update
    mode. A version on trial is to be told so: begin_trial()."""

    def __init__(self, files, slot, is_mode=False):
        self.files = files
        self.slot = slot
        self.is_mode = is_mode
        self.wants_restart = False
        self.trial = None
        self.at_work = None  # the Versions that take in an update or carry out orders

    def begin_trial(self, outputs_good, needs_proof=False):
        """If this version is on trial: see Trial."""
        record = self.versions().record
        if record.is_on_trial:
            from .trial import Trial

            self.trial = Trial(record, outputs_good, needs_proof)

    def versions(self):
        """The Versions that this device has: those at work, while there are any."""
        if self.at_work is not None:
            return self.at_work
        from .versions import Versions

        return Versions(self)

    def rest(self):
        """Nobody works with the versions any more."""
        self.at_work = None

    def step(self, elapsed_ms):
        """A trial goes on, if there is one. Raises DeviceFault when the outputs fail their check."""
        if self.trial is not None:
            self.trial.step(elapsed_ms)
            if self.trial.is_over:
                self.trial = None

    def answered(self, is_authenticated):
        """A host asked and was answered. Allocates nothing."""
        if self.trial is not None:
            self.trial.answered(is_authenticated)

    def restart(self):
        """Start again after this turn of the loop."""
        self.wants_restart = True
