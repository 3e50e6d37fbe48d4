"""What a compressor's loop owes it: minimum on time, and noticing that it does not start.

Minimum off time is not here but in the interlocks, where nothing can get round it.
"""

from ..base import is_fault

# A motor that draws nothing this long after it was switched on does not run.
_START_MS = 10000


class CompressorGuard:
    """owner: the appliance, for its product constants."""

    def __init__(self, owner, timers):
        self.has_failed = False  # until it is seen running again
        self._owner = owner
        self._timers = timers
        self._on = timers.add()
        self._start = timers.add()
        self._retry = timers.add()

    def decide(self, is_called, may_run, level):
        """Wanted level. level: what the output really has. Allocates nothing."""
        if self._timers.is_over(self._start):
            self.has_failed = True
            self._timers.start(self._retry, self._owner.compressor_retry_s * 1000)
            self._timers.stop(self._start)
        if not may_run or self._retry_waits():
            return 0
        if level and not self._timers.is_over(self._on):
            return 1
        return 1 if is_called else 0

    def _retry_waits(self):
        return self._timers.is_started(self._retry) and not self._timers.is_over(self._retry)

    def watch(self, level, watts):
        """Note how the compressor does. watts: power of the appliance, or a fault code. Allocates nothing."""
        self._timers.held(self._on, level, self._owner.compressor_min_on_s * 1000)
        known = not is_fault(watts)
        runs = known and watts >= self._owner.compressor_least_watts
        self._timers.held(self._start, level and known and not runs, _START_MS)
        if level and runs:
            self.has_failed = False
