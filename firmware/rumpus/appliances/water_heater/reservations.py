"""Three weekday reservations: hot water of a temperature, ready at a minute of the local day.

Heating begins early enough to be ready in time, but no more than six hours before; the temperature is
then held for an hour. A reservation without a weekday is for the next time its minute comes, once.
While the clock is not set nobody knows the time: reservations wait and the mode's own target is held.
A reservation only ever raises the target.
"""

from ...rump.tables.water_heater import FIELDS
from ..base import ids
from ..clock import MINUTES_A_DAY
from .tank import minutes_to_heat

_EARLIEST_MINUTES = 360
_HOLD_MINUTES = 60


def _fields(start):
    names = [start + part for part in ("on", "temperature", "hour", "minute", "weekdays")]
    return ids(FIELDS, *names)


# Field ids of on, temperature, hour, minute, weekdays of each reservation.
_FIELDS = (
    _fields("reservation_1_"),
    _fields("reservation_2_"),
    _fields("reservation_3_"),
)


class Reservations:
    """state: rump State. clock: Clock. litres: of the tank. step() allocates nothing."""

    def __init__(self, state, clock, litres):
        self._state = state
        self._clock = clock
        self._litres = litres
        self._begun = bytearray(len(_FIELDS))
        self.target = 0  # 0.1 degC, the highest of those in force; 0 = none

    def forget(self):
        """A reservation was changed: what has begun may not be what is wanted."""
        for i in range(len(_FIELDS)):
            self._begun[i] = 0

    def step(self, temperature, watts):
        """Renew the target. temperature: of the tank, a count. watts: what heating will have."""
        self.target = 0
        now = self._clock.local_minute()
        for i in range(len(_FIELDS)):
            on, wanted, hour, minute, _weekdays = _FIELDS[i]
            state = self._state
            if now is None or not state[on]:
                self._begun[i] = 0
                continue
            ready = state[hour] * 60 + state[minute]
            lead = minutes_to_heat(self._litres, watts, temperature, state[wanted])
            self._begin_or_end(i, now, ready, lead + lead // 8 + 1)
            if self._begun[i]:
                self.target = max(self.target, state[wanted])

    def _begin_or_end(self, i, now, ready, lead):
        on, _wanted, _hour, _minute, weekdays = _FIELDS[i]
        mask = self._state[weekdays]
        ahead = (ready - now) % MINUTES_A_DAY
        behind = (now - ready) % MINUTES_A_DAY
        today = self._clock.local_weekday()
        if behind < _HOLD_MINUTES:
            # Begun only by being on time: one that is set for an hour ago waits for its next day.
            if not self._begun[i]:
                self._begun[i] = behind == 0 and _has(mask, today)
        elif ahead > _EARLIEST_MINUTES:
            if self._begun[i] and not mask:
                self._state[on] = 0
            self._begun[i] = 0
        elif not self._begun[i] and ahead <= lead:
            self._begun[i] = _has(mask, today + 1 if ready < now else today)


def _has(mask, weekday):
    return not mask or mask >> weekday % 7 & 1
