"""The indoor fan: speed by wish or by need, no cold wind before the coil is warm, heat removal after.

A device wires either `indoor_fan` (0..FULL) or the three taps of a motor; both are given.
"""

from ..base import FAULTS, FULL

# Level of fan_speed 1..5.
LEVELS = (0, 300, 450, 600, 800, FULL)
LOW = 300
# fan_speed auto: need in 0.1 K from which a speed is taken; it is left 0.3 K below.
_NEEDS = (-32000, -32000, 5, 10, 20, 30)
_NEED_BAND = 3

# Heating: the fan starts with a coil of 35 degC, blows as wished from 38 on and stops under 28.
_WARM = 350
_HOT = 380
_COLD = 280
# Without the coil's sensor: after so much heating; heat removal lasts as long at most.
_WARM_UP_MS = 90000
_REMOVAL_MS = 120000
# Between two taps of a motor all are off, so that never two are closed.
_BREAK_MS = 300

OFF, PREHEAT, BLOWS, REMOVES = range(4)


class IndoorFan:
    """state: OFF, PREHEAT (waits for a warm coil), BLOWS or REMOVES (heat, after heating)."""

    def __init__(self, timers):
        self._timers = timers
        self._warm_up = timers.add()
        self._removal = timers.add()
        self._break = timers.add()
        self._speed = 1  # of auto, 1..5
        self._tap = 0  # 0 = none, 1..3
        self._is_warm = False
        self.state = OFF
        self.level = 0

    def cool(self, level, coil):
        """Blow at this level (0 = off), after what heat is left in the coil is removed."""
        self._timers.stop(self._warm_up)
        if FAULTS < coil < _WARM:
            self._is_warm = False
        if self._is_warm and not self._timers.held(self._removal, True, _REMOVAL_MS):
            self._set(max(level, LOW), REMOVES)
            return
        self._is_warm = False
        self._timers.stop(self._removal)
        self._set(level, BLOWS if level else OFF)

    def heat(self, level, coil, heats):
        """Blow at this level once the coil is warm. heats: the compressor really heats."""
        self._timers.stop(self._removal)
        has_heated = self._timers.held(self._warm_up, heats, _WARM_UP_MS)
        if coil > FAULTS:
            self._is_warm = coil >= _WARM or (self._is_warm and coil >= _COLD)
            if coil < _HOT:
                level = min(level, LOW)
        else:
            self._is_warm = has_heated
        if self._is_warm:
            self._set(level, BLOWS)
        else:
            self._set(0, PREHEAT if heats else OFF)

    def stop(self):
        """Off at once, for defrost."""
        self._is_warm = False
        self._set(0, OFF)

    def _set(self, level, state):
        self.level = level
        self.state = state

    def auto_level(self, need):
        """Level of fan_speed auto for a need in 0.1 K."""
        while self._speed < 5 and need >= _NEEDS[self._speed + 1]:
            self._speed += 1
        while self._speed > 1 and need < _NEEDS[self._speed] - _NEED_BAND:
            self._speed -= 1
        return LEVELS[self._speed]

    def tap(self):
        """The motor tap to close: 0 = none, 1..3 = low, mid, high."""
        wanted = 0
        if self.level:
            wanted = 1 if self.level <= LEVELS[2] else 2 if self.level <= LEVELS[3] else 3
        if wanted != self._tap:
            self._tap = wanted
            self._timers.start(self._break, _BREAK_MS)
        return self._tap if self._timers.is_over(self._break) else 0
