"""The wall clock: the clock fields of the state, moved on by elapsed milliseconds.

There is no clock chip. A controller (or NTP) writes clock_day and clock_second; until both have been
written there is no time of day, local_minute() is None, and everything that is bound to one waits.
"""

from ..rump.tables import common

MINUTES_A_DAY = 1440
_SECONDS_A_DAY = 86400
# 2000-01-01, day 0, was a Saturday; Monday is weekday 0.
_WEEKDAY_OF_DAY_0 = 5


def _id(name):
    for row in common.FIELDS:
        if row[1] == name:
            return row[0]


_DAY = _id("clock_day")
_SECOND = _id("clock_second")
_UTC_OFFSET = _id("utc_offset")


class Clock:
    """state: holds the clock fields. Allocates nothing after it is made."""

    def __init__(self, state):
        self._state = state
        self._part_ms = 0  # of the second that has begun

    def advance(self, elapsed_ms):
        """Let time pass. A clock that is not set stays so."""
        state = self._state
        if not self.is_set():
            self._part_ms = 0
            return
        self._part_ms += elapsed_ms
        second = state[_SECOND] + self._part_ms // 1000
        self._part_ms %= 1000
        if second >= _SECONDS_A_DAY:
            second -= _SECONDS_A_DAY
            state[_DAY] += 1
        state[_SECOND] = second

    def is_set(self):
        # The day first: "not available" of the second is no small integer on 32-bit boards.
        return self._state[_DAY] is not None and self._state[_SECOND] is not None

    def local_minute(self):
        """Minute of the local day, 0..1439, or None while the clock is not set."""
        if not self.is_set():
            return None
        return (self._state[_SECOND] // 60 + (self._state[_UTC_OFFSET] or 0)) % MINUTES_A_DAY

    def local_weekday(self):
        """0 = Monday .. 6 = Sunday in local time, or None while the clock is not set."""
        if not self.is_set():
            return None
        minutes = self._state[_SECOND] // 60 + (self._state[_UTC_OFFSET] or 0)
        return (self._state[_DAY] + _WEEKDAY_OF_DAY_0 + minutes // MINUTES_A_DAY) % 7
