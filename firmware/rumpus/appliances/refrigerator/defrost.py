"""Defrosting a no-frost evaporator: when to begin, when to end, and what must rest meanwhile.

    cooling   compressor run time is counted
    heating   compressor and fan stand, the heater is on; ended by the evaporator's temperature or time
    dripping  everything stands until the water has run off
    chilling  the compressor may run, the fan waits for a cold evaporator

The heater is on only while the evaporator's temperature is known; without it (or without a heater)
the standing compressor does what it can until the time is over.
"""

from ..base import is_fault

COOLING = 0
HEATING = 1
DRIPPING = 2
CHILLING = 3

_MINUTE_MS = 60000


class Defrost:
    """owner: the refrigerator, for its product constants; has_heater: it can fail to defrost."""

    def __init__(self, owner, timers, has_heater):
        self.phase = COOLING
        self.has_failed = False  # the last defrost ended by time although it could be measured
        self._owner = owner
        self._timers = timers
        self._has_heater = has_heater
        self._run = timers.add()
        self._phase_timer = timers.add()
        # Until set_left() says how long the compressor had run, begin in the middle.
        timers.start(self._run, owner.defrost_interval_min * _MINUTE_MS // 2)
        timers.run(self._run, False)

    def left_min(self):
        """Minutes of compressor run time until the next defrost."""
        return (self._timers.left[self._run] + _MINUTE_MS - 1) // _MINUTE_MS

    def set_left(self, minutes):
        """As left_min() said before the power went. Only before the first react()."""
        self._timers.start(self._run, min(minutes, self._owner.defrost_interval_min) * _MINUTE_MS)
        self._timers.run(self._run, False)

    def is_defrosting(self):
        """True while the compressor and the fan must stand."""
        return self.phase == HEATING or self.phase == DRIPPING

    def fan_waits(self):
        return self.phase != COOLING

    def wants_heater(self, evaporator):
        return self.phase == HEATING and not is_fault(evaporator)

    def begin(self):
        """Defrost now. Allocates nothing."""
        self._enter(HEATING, self._owner.defrost_limit_min)

    def react(self, evaporator):
        """evaporator: its temperature or a fault code. Allocates nothing."""
        known = not is_fault(evaporator)
        if self.phase == COOLING and self._timers.is_over(self._run):
            self.begin()
        if self.phase == HEATING:
            warm = known and evaporator >= self._owner.defrost_end_temperature
            if warm or self._timers.is_over(self._phase_timer):
                self.has_failed = known and self._has_heater and not warm
                self._timers.start(self._run, self._owner.defrost_interval_min * _MINUTE_MS)
                self._enter(DRIPPING, self._owner.drip_min)
        if self.phase == DRIPPING and self._timers.is_over(self._phase_timer):
            self._enter(CHILLING, self._owner.fan_delay_min)
        if self.phase == CHILLING:
            cold = known and evaporator <= self._owner.fan_start_temperature
            if cold or self._timers.is_over(self._phase_timer):
                self.phase = COOLING
                self._timers.stop(self._phase_timer)

    def count_run(self, is_running):
        """Say whether the compressor runs from now on."""
        self._timers.run(self._run, is_running and not self.is_defrosting())

    def _enter(self, phase, minutes):
        self.phase = phase
        self._timers.start(self._phase_timer, minutes * _MINUTE_MS)
