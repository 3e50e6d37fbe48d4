"""Is the freezer too warm, for too long? Counted only once it has been cold since power-up."""

from ..base import is_fault

_MINUTE_MS = 60000


class FreezerWatch:
    """owner: the refrigerator, for its product constants. is_too_warm: until it is cold again."""

    def __init__(self, owner, timers):
        self.is_too_warm = False
        self._owner = owner
        self._timers = timers
        self._warm = timers.add()
        self._pull_down = timers.add()
        self._is_pulled_down = False

    def react(self, is_on, temperature):
        """is_on: the compartment; temperature: a fault code makes it unknown. Allocates nothing."""
        owner, timers = self._owner, self._timers
        if not is_on:
            self._is_pulled_down = False
        known = is_on and not is_fault(temperature)
        if known and temperature <= owner.freezer_alarm_clear:
            self._is_pulled_down = True
            self.is_too_warm = False
        pulls_down = is_on and not self._is_pulled_down
        if timers.held(self._pull_down, pulls_down, owner.pull_down_limit_min * _MINUTE_MS):
            self._is_pulled_down = True
        warm = self._is_pulled_down and known and temperature >= owner.freezer_alarm_temperature
        if timers.held(self._warm, warm, owner.freezer_alarm_min * _MINUTE_MS):
            self.is_too_warm = True
        if not known:
            self.is_too_warm = False
