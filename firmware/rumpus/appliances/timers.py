"""Countdowns of one appliance, so that a loop gives the same result however time is sliced.

A loop takes elapsed time in pieces that end where the next countdown ends, and decides after each:

    self.react()
    while elapsed_ms > 0:
        ms = self.timers.until(elapsed_ms)
        self.timers.advance(ms)
        elapsed_ms -= ms
        self.react()

Inputs count as having held for the whole elapsed time. Nothing here allocates but add().
"""

_NOT_STARTED = -1


class Timers:
    """Times are milliseconds below 2**30. A timer is the number that add() returned."""

    def __init__(self):
        self.left = []
        self._running = []

    def add(self):
        """A new timer, not started."""
        self.left.append(_NOT_STARTED)
        self._running.append(0)
        return len(self.left) - 1

    def start(self, timer, ms):
        """Count down from ms."""
        self.left[timer] = ms
        self._running[timer] = 1

    def stop(self, timer):
        """Forget the timer: it is neither started nor over."""
        self.left[timer] = _NOT_STARTED
        self._running[timer] = 0

    def run(self, timer, running):
        """Count on (true), or stand still with what is left (false)."""
        self._running[timer] = 1 if running else 0

    def is_started(self, timer):
        return self.left[timer] != _NOT_STARTED

    def is_over(self, timer):
        """True from the end of the countdown until it is started or stopped again."""
        return self.left[timer] == 0

    def held(self, timer, condition, ms):
        """True once the condition has held for ms without a break."""
        if not condition:
            self.stop(timer)
            return False
        if self.left[timer] == _NOT_STARTED:
            self.start(timer, ms)
        return self.left[timer] == 0

    def until(self, limit_ms):
        """Milliseconds to the next end of a countdown, limit_ms at most, 1 at least."""
        for i in range(len(self.left)):
            if self._running[i] and 0 < self.left[i] < limit_ms:
                limit_ms = self.left[i]
        return limit_ms

    def advance(self, ms):
        """Let ms pass; not more than until() allows, or ends are passed unseen."""
        for i in range(len(self.left)):
            if self._running[i] and self.left[i] > 0:
                self.left[i] = self.left[i] - ms if self.left[i] > ms else 0
