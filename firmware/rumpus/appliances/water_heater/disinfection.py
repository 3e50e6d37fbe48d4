"""Weekly disinfection of a tank: hot enough for long enough to kill legionella.

The week's moment is a minute of a weekday in local time; a device whose clock is not set counts seven
days of operation instead. It is done when the tank has been hot for the whole holding time, whoever
heated it, and given up until the next week when the tank does not get there.
"""

from ..clock import MINUTES_A_DAY

# 65 degC is heated to; half an hour at 60 degC or more counts.
TARGET = 650
_ENOUGH = 600
_HOLD_MS = 1800000
_GIVE_UP_MS = 21600000
_WEEK_MS = 604800000
_WEEK = 7 * MINUTES_A_DAY
_STEP = 60  # minutes; a clock that moves further was set


class Disinfection:
    """clock: Clock. weekday: 0 = Monday. minute: of the local day."""

    def __init__(self, clock, weekday, minute):
        self._clock = clock
        self._moment = weekday * MINUTES_A_DAY + minute
        self._last = None  # minute of the week at the last step
        self._since_ms = 0  # last time done or given up
        self._hot_ms = 0
        self._active_ms = 0
        self.is_active = False

    def step(self, elapsed_ms, is_on, temperature):
        """Renew is_active. temperature: of the coldest part, a count or a fault code. Allocates nothing."""
        self._hot_ms = min(self._hot_ms + elapsed_ms, _HOLD_MS) if temperature >= _ENOUGH else 0
        if self._is_due(elapsed_ms) and is_on and not self.is_active:
            self.is_active = True
            self._active_ms = 0
        if not is_on:
            self.is_active = False
        if not self.is_active:
            return
        self._active_ms += elapsed_ms
        if self._hot_ms >= _HOLD_MS or self._active_ms >= _GIVE_UP_MS:
            self.is_active = False
            self._since_ms = 0

    def _is_due(self, elapsed_ms):
        if self._since_ms < _WEEK_MS:
            self._since_ms += elapsed_ms
        minute = self._clock.local_minute()
        if minute is None:
            self._last = None
            return self._since_ms >= _WEEK_MS
        now = self._clock.local_weekday() * MINUTES_A_DAY + minute
        last = now if self._last is None else self._last
        self._last = now
        # Passed by going on, not by being set to another time.
        return 0 < (self._moment - last) % _WEEK <= (now - last) % _WEEK <= _STEP
