"""A louver moved by a servo: stands, swings, or takes one of five positions."""

from ..base import FULL

FIXED = 0
SWING = 1
# One sweep to the other end.
_SWEEP_MS = 10000


class Louver:
    def __init__(self):
        self.level = FULL // 2
        self._phase_ms = _SWEEP_MS // 2  # 0.._SWEEP_MS up, then down again

    def step(self, elapsed_ms, swing):
        """Renew the level, 0..FULL. swing: counts of the field. Allocates nothing."""
        if swing == SWING:
            self._phase_ms = (self._phase_ms + elapsed_ms) % (2 * _SWEEP_MS)
            at_ms = self._phase_ms
            self.level = (at_ms if at_ms <= _SWEEP_MS else 2 * _SWEEP_MS - at_ms) * FULL // _SWEEP_MS
        elif swing > SWING:
            self.level = (swing - 2) * FULL // 4
            self._phase_ms = self.level * _SWEEP_MS // FULL
