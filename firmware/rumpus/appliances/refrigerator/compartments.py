"""The compartments of a refrigerator: which temperature each aims at, and which calls for cold.

A compartment whose sensor is dead calls by a duty cycle: food spoils when a refrigerator just stops.
"""

from ...rump.state import rows_of
from ...rump.tables import refrigerator as table
from ..base import choice, ids, is_fault
from .set_points import AMBIENT_UNKNOWN, RAPID_COOL, RAPID_FREEZE, SET_POINTS

# In the order of the first inputs and of the columns of SET_POINTS.
FRIDGE, FREEZER, VARIABLE = range(3)
COUNT = 3

_ROWS = rows_of(table)
SETS = ids(_ROWS, "fridge_set", "freezer_set", "variable_set")
SWITCHES = ids(_ROWS, "fridge_on", "freezer_on", "variable_on")
_MODE, _RAPID_COOL, _RAPID_FREEZE = ids(_ROWS, "mode", "rapid_cool", "rapid_freeze")
HOLIDAY = choice(_ROWS, "mode", "holiday")
_RULE_MODES = tuple([choice(_ROWS, "mode", row[0]) for row in SET_POINTS])

_MINUTE_MS = 60000


class Compartments:
    """owner: the refrigerator, for its product constants. Only the constructor allocates.

    targets: 0.1 degC aimed at, None where a compartment is off. calls: 1 where one wants cold."""

    def __init__(self, owner, timers):
        self.targets: list = [None] * COUNT
        self.calls = [0] * COUNT
        self._owner = owner
        self._state = owner.state
        self._inputs = owner.inputs
        self._bands = (owner.fridge_band, owner.freezer_band, owner.variable_band)
        self._timers = timers
        self._rapid_cool = timers.add()
        self._rapid_freeze = timers.add()
        self._duty = timers.add()
        self._duty_level = 1

    def is_on(self, i):
        return self._state.has(SWITCHES[i]) and self._state[SWITCHES[i]] == 1

    def any_on(self):
        return self.is_on(FRIDGE) or self.is_on(FREEZER) or self.is_on(VARIABLE)

    def any_calls(self):
        return self.calls[FRIDGE] or self.calls[FREEZER] or self.calls[VARIABLE]

    def react(self, ambient):
        """Set targets and calls. ambient: its temperature, or a fault code."""
        owner = self._owner
        fit = self.is_on(FRIDGE) and self._state[_MODE] != HOLIDAY
        self._keep_rapid(
            self._rapid_cool, _RAPID_COOL, fit and not self._is_cold(FRIDGE, RAPID_COOL), owner.rapid_cool_min
        )
        fit = self.is_on(FREEZER)
        self._keep_rapid(
            self._rapid_freeze,
            _RAPID_FREEZE,
            fit and not self._is_cold(FREEZER, RAPID_FREEZE),
            owner.rapid_freeze_min,
        )
        rule = self._rule(AMBIENT_UNKNOWN if is_fault(ambient) else ambient)
        self._run_duty()
        for i in range(COUNT):
            self.targets[i] = self._target(i, rule)
            self.calls[i] = self._call(i)

    def _is_cold(self, i, end):
        return not is_fault(self._inputs[i]) and self._inputs[i] <= end

    def _keep_rapid(self, timer, field, fit, minutes):
        """A rapid field ends by itself: cold enough, long enough, or no longer fit."""
        if self._timers.held(timer, self._state[field] == 1 and fit, minutes * _MINUTE_MS):
            self._timers.stop(timer)
        if not self._timers.is_started(timer):
            self._state[field] = 0

    def _rule(self, ambient):
        """The row of SET_POINTS that counts now."""
        mode = self._state[_MODE]
        rule = SET_POINTS[0]
        for k in range(len(SET_POINTS)):
            if _RULE_MODES[k] == mode and SET_POINTS[k][1] <= ambient:
                rule = SET_POINTS[k]
        return rule

    def _target(self, i, rule):
        if not self.is_on(i):
            return None
        if i == FRIDGE and self._state[_RAPID_COOL]:
            return RAPID_COOL
        if i == FREEZER and self._state[_RAPID_FREEZE]:
            return RAPID_FREEZE
        own = rule[2 + i]
        return self._state[SETS[i]] if own is None else own

    def _call(self, i):
        target = self.targets[i]
        if target is None:
            return 0
        temperature = self._inputs[i]
        if is_fault(temperature):
            return self._duty_level
        if temperature >= target + self._bands[i]:
            return 1
        if temperature <= target - self._bands[i]:
            return 0
        return self.calls[i]

    def _run_duty(self):
        """The cycle of a compartment with a dead sensor; it begins with cooling."""
        dead = False
        for i in range(COUNT):
            if self.is_on(i) and is_fault(self._inputs[i]):
                dead = True
        if not dead:
            self._timers.stop(self._duty)
            self._duty_level = 1
        elif not self._timers.is_started(self._duty):
            self._timers.start(self._duty, self._owner.duty_on_min * _MINUTE_MS)
        elif self._timers.is_over(self._duty):
            self._duty_level = 1 - self._duty_level
            minutes = self._owner.duty_on_min if self._duty_level else self._owner.duty_off_min
            self._timers.start(self._duty, minutes * _MINUTE_MS)
