"""Condition rows of the interlocks: is there something wrong, for long enough, and is it over?

The columns are described in interlocks.py, which also turns what is tripped into outputs.
"""

from .appliances.base import FAULTS, NOT_READY, NOT_WIRED
from .interlock_rows import compiled

# Tests of condition rows, then of output rows, as they stand in a compiled row.
ABOVE, BELOW, IS, WITHIN, FAULT, JUMP, RISE, FLAT, STUCK, WHEN, LOST = range(11)
STALLED, SAFE, RUN_ON, NEEDS, MIN_OFF, HOLD = range(11, 17)

_IDLE = 0
_PENDING = 1  # the condition is there, but not yet for for_ms
TRIPPED = 2


class Conditions:
    """What is known about each row of a type's table. Made once; watching allocates nothing."""

    def __init__(self, rows, inputs, outputs, alarms):
        self._rows = compiled(rows, inputs, outputs, alarms)
        self._inputs = len(inputs)
        self._state = bytearray(len(rows))
        self._gone = bytearray(len(rows))  # tripped, but the condition is over
        self._timer_ms = [0] * len(rows)
        self._phase_ms = [0] * len(rows)  # of a forced duty cycle
        self._reference = [NOT_READY] * len(rows)
        self.levels = [0] * len(outputs)
        self.silent_ms = 0  # since a controller was heard

    def _watch(self, i, elapsed_ms, inputs):
        kind, first, second, limit, clear, for_ms, when, _forces, _mask, latched = self._rows[i]
        value = self._value(first, second, inputs)
        holds = self._holds(when, inputs, self.levels)
        is_windowed = kind >= RISE and kind <= STUCK
        if not holds:
            self._reference[i] = NOT_READY
        if self._state[i] == TRIPPED:
            self._phase_ms[i] += elapsed_ms
            present = holds and not is_windowed
            present = present and self._is_present(i, kind, value, limit, for_ms, elapsed_ms)
            self._gone[i] = self._is_gone(i, kind, value, clear, latched and not holds, present, elapsed_ms)
            if self._gone[i] and not latched:
                self._release(i)
        elif not holds or not self._is_present(i, kind, value, limit, for_ms, elapsed_ms):
            self._state[i] = _IDLE
        elif is_windowed or for_ms == 0:
            self._trip(i)
        elif self._state[i] == _IDLE:
            self._state[i] = _PENDING
            self._timer_ms[i] = 0
        else:
            self._timer_ms[i] += elapsed_ms
            if self._timer_ms[i] >= for_ms:
                self._trip(i)

    def _is_gone(self, i, kind, value, clear, is_idle, present, elapsed_ms):
        """Is the condition of a tripped row over? is_idle: it cannot be seen any more."""
        if kind != FAULT and value <= FAULTS and value != NOT_WIRED:
            return False
        if kind == ABOVE:
            return is_idle or value <= clear
        if kind == BELOW:
            return is_idle or value >= clear
        if present:
            self._timer_ms[i] = 0
            return False
        if self._timer_ms[i] < clear:
            self._timer_ms[i] += elapsed_ms
        return self._timer_ms[i] >= clear

    def _is_present(self, i, kind, value, limit, for_ms, elapsed_ms):
        if kind == WHEN:
            return True
        if kind == LOST:
            return self.silent_ms > limit
        if kind == STALLED:
            return elapsed_ms > limit
        if kind == FAULT:
            return value <= FAULTS and value != NOT_WIRED and (limit == 0 or value == limit)
        if value <= FAULTS:
            self._reference[i] = NOT_READY
            return False
        if kind == ABOVE:
            return value > limit
        if kind == BELOW:
            return value < limit
        if kind == IS:
            return value == limit
        if kind == WITHIN:
            return -limit < value < limit
        return self._has_moved(i, kind, value, limit, for_ms, elapsed_ms)

    def _has_moved(self, i, kind, value, limit, window_ms, elapsed_ms):
        """jump, rise, flat and stuck: compare with a reference that each of them renews in its way."""
        if self._reference[i] == NOT_READY:
            self._reference[i] = value
            self._timer_ms[i] = 0
            return False
        moved = value - self._reference[i]
        if kind == JUMP:
            self._reference[i] = value
            return abs(moved) > limit * max(elapsed_ms, 1000) // 1000
        self._timer_ms[i] += elapsed_ms
        is_over = self._timer_ms[i] >= window_ms
        if kind == RISE:
            renew = is_over or moved < 0
            present = moved > limit * max(elapsed_ms, window_ms) // window_ms
        else:
            renew = moved >= limit or (moved < 0 if kind == FLAT else moved <= -limit)
            present = is_over and not renew
        if renew:
            self._reference[i] = value
            self._timer_ms[i] = 0
        return present

    def _value(self, first, second, inputs):
        if first < 0 or first >= self._inputs:
            return NOT_WIRED
        value = inputs[first]
        if second < 0 or value <= FAULTS:
            return value
        other = inputs[second]
        return other if other <= FAULTS else value - other

    def _holds(self, when, inputs, levels):
        for at in range(0, len(when), 2):
            n = when[at]
            value = inputs[n] if n < self._inputs else levels[n - self._inputs]
            level = when[at + 1]
            if value < level or (level == 0 and value):
                return False
        return True

    def _trip(self, i):
        self._state[i] = TRIPPED
        self._gone[i] = 0
        self._timer_ms[i] = 0
        self._phase_ms[i] = 0

    def _release(self, i):
        self._state[i] = _IDLE
        if self._rows[i][0] != JUMP:  # which compares with the last sample, tripped or not
            self._reference[i] = NOT_READY
