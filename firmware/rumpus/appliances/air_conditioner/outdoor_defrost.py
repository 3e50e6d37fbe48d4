"""Defrost of the outdoor coil in heat mode: the circuit is reversed until the ice is gone.

It is due when the compressor has heated for long enough with a cold coil; without the coil's sensor
outdoor air near freezing counts, without that one every running minute. It ends by the coil's
temperature, or by time.
"""

from ..base import FAULTS
from .heat_pump import COOLS, HEATS

# sensor, at or below this it counts (0.1 degC), running time until due, longest defrost
_BY_COIL = (-50, 2400000, 600000)
_BY_OUTDOOR = (50, 3600000, 360000)
_BY_TIME = (0, 5400000, 360000)
_CLEAR_COIL = 100


class OutdoorDefrost:
    def __init__(self, timers):
        self._timers = timers
        self._due = timers.add()
        self._limit = timers.add()
        self.is_active = False

    def decide(self, is_heating, level, valve, coil, outdoor):
        """Renew is_active. is_heating: heat is wanted. level, valve: what the compressor and the valve
        really have. coil, outdoor: temperatures, or fault codes. Allocates nothing."""
        timers = self._timers
        if not is_heating:
            self._end()
            return
        if coil > FAULTS:
            cold, due_ms, limit_ms = _BY_COIL
            is_cold = coil <= cold
        elif outdoor > FAULTS:
            cold, due_ms, limit_ms = _BY_OUTDOOR
            is_cold = outdoor <= cold
        else:
            _cold, due_ms, limit_ms = _BY_TIME
            is_cold = True
        if self.is_active:
            runs = level and valve == COOLS
            timers.run(self._limit, runs)
            if timers.is_over(self._limit) or (runs and coil >= _CLEAR_COIL):
                self._end()
            return
        if not timers.is_started(self._due):
            timers.start(self._due, due_ms)
        timers.run(self._due, level and valve == HEATS and is_cold)
        if timers.is_over(self._due):
            self.is_active = True
            timers.start(self._limit, limit_ms)
            timers.run(self._limit, False)

    def _end(self):
        self.is_active = False
        self._timers.stop(self._due)
        self._timers.stop(self._limit)
