"""Whether a new version is kept: the outputs passed their self-check, and a host was answered.

Once the device has a key only a host that has proved to know it counts. A server that is dead reverts
nothing: a start counts as failed only when it ended within HEALTHY_MS, by a crash, a hang or a person who
switched off and on. So three times off and on within that time bring the old version back, without a
cable; and a version that cannot be talked to and does not crash can be left that way.
"""

from ..errors import DeviceFault
from .tables.slots import STARTS

CHECK_MS = 10000
HEALTHY_MS = 600000
_LOOK_MS = 1000


class Trial:
    """record: SlotRecord. outputs_good(): every output has the level that it was given. needs_proof: the
    device has a key."""

    def __init__(self, record, outputs_good, needs_proof):
        self.record = record
        self._outputs_good = outputs_good
        self._needs_proof = needs_proof
        self._since_start_ms = 0
        self._since_look_ms = 0
        self._answered = False
        self._was_good = False

    @property
    def is_over(self):
        return not self.record.is_on_trial

    def answered(self, is_authenticated):
        """A host asked and was answered, on whatever carrier. Allocates nothing."""
        if is_authenticated or not self._needs_proof:
            self._answered = True

    def step(self, elapsed_ms):
        """Raises DeviceFault when the outputs fail their check: a crash, which ends this start."""
        self._since_look_ms += elapsed_ms
        if self._since_look_ms >= _LOOK_MS:
            self._since_start_ms = min(HEALTHY_MS, self._since_start_ms + self._since_look_ms)
            self._since_look_ms = 0
            self._look()

    def _look(self):
        record = self.record
        if self._since_start_ms < CHECK_MS or not record.is_on_trial:
            return
        if not self._was_good and not self._outputs_good():
            raise DeviceFault("self_check")
        self._was_good = True
        if self._answered:
            record.commit()
        elif self._since_start_ms >= HEALTHY_MS and record.starts < STARTS:
            record.give_back()
