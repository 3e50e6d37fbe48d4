"""A compressor with a four-way valve: which side, and when it may run.

The valve moves only after the compressor has rested, the compressor starts only after the valve has
settled. Minimum-on is kept here, and gives way to `at_once`; minimum-off is an interlock, and so is
once more that the valve stands still while the compressor runs.
"""

COOLS = 0
HEATS = 1

# Pressures must have fallen before the valve moves, and the slider must have arrived before the start.
_REST_MS = 60000
_SETTLE_MS = 5000


class HeatPump:
    """timers: Timers of the appliance. min_on_ms: a start is followed by at least so much running."""

    def __init__(self, timers, min_on_ms):
        self._timers = timers
        self._min_on_ms = min_on_ms
        self._on = timers.add()
        self._rest = timers.add()
        self._settle = timers.add()
        self.valve = COOLS  # wanted level of the valve, energised for heating
        self.run = 0  # wanted level of the compressor

    def decide(self, is_called, side, at_once, level):
        """Renew valve and run. level: what the compressor really has. at_once: stop it now.

        Allocates nothing.
        """
        timers = self._timers
        has_run = timers.held(self._on, level, self._min_on_ms)
        has_rested = timers.held(self._rest, not level and not self.run, _REST_MS)
        must_run = level and not has_run and not at_once
        if self.valve != side:
            self.run = 1 if must_run else 0
            if has_rested:
                self.valve = side
                timers.start(self._settle, _SETTLE_MS)
        elif timers.is_started(self._settle) and not timers.is_over(self._settle):
            self.run = 0
        else:
            self.run = 1 if must_run or (is_called and not at_once) else 0
