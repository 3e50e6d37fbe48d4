"""What the user of an air conditioner may wish, what excludes what, and what ends by itself.

Rules:

    sleep   ends after eight hours; turbo after twenty minutes; self_clean after its programme
    turbo   excludes sleep, quiet and eco: the last wish counts
    timers  count down in minutes to 0 and then switch the power; a restart forgets them
    mode    a mode ends what means nothing in it, and refuses to have it switched on
"""

from ...rump.tables import air_conditioner as table
from ..base import ALARMS, ids, mask_of, reason
from .modes import AUTO, DRY, FAN, HEAT, SLEEP_MINUTES

_POWER, _MODE, _TARGET, _TARGET_HUMIDITY = ids(
    table.FIELDS, "power", "mode", "target_temperature", "target_humidity"
)
_SLEEP, _TURBO, _QUIET, _ECO = ids(table.FIELDS, "sleep", "turbo", "quiet", "eco")
_AUX_HEAT, _SELF_CLEAN = ids(table.FIELDS, "aux_heat", "self_clean")
_TIMER_ON, _TIMER_OFF = ids(table.FIELDS, "timer_on", "timer_off")
_FAULT, _BUSY, _WRONG_MODE = reason("fault"), reason("busy"), reason("wrong_mode")

STOP = mask_of(table.ALARMS, "stop")
_MINUTE_MS = 60000
_TURBO_MS = 1200000
_SLEEP_MS = SLEEP_MINUTES * _MINUTE_MS
# Self-clean: the coil is made wet, and with the compressor's rest before it this takes so long; then
# the fan dries it.
_WET_MS = 780000
_DRY_MS = 600000


class Wishes:
    """state: rump State. timers: Timers of the appliance."""

    def __init__(self, state, timers):
        self._state = state
        self._timers = timers
        self._on = timers.add()
        self._off = timers.add()
        self._sleep = timers.add()
        self._turbo = timers.add()
        self._clean = timers.add()
        self.is_new = False  # room temperature is to follow at once
        self.is_new_choice = False  # auto is to choose afresh

    def check(self, control, is_defrosting):
        """Refuse to start with a fault, and what means nothing in the mode that is asked for."""
        mode = control.get(_MODE, self._state[_MODE])
        if self._state[ALARMS] & STOP:
            if control.get(_POWER, 0):
                control.refuse(_POWER, _FAULT)
            elif control.get(_SELF_CLEAN, 0):
                control.refuse(_SELF_CLEAN, _FAULT)
        if control.get(_SELF_CLEAN, 0) and is_defrosting:
            control.refuse(_SELF_CLEAN, _BUSY)
        if control.get(_AUX_HEAT, 0) and mode != HEAT and mode != AUTO:
            control.refuse(_AUX_HEAT, _WRONG_MODE)
        if mode == FAN and control.get(_SLEEP, 0):
            control.refuse(_SLEEP, _WRONG_MODE)
        if (mode == FAN or mode == DRY) and control.get(_TURBO, 0):
            control.refuse(_TURBO, _WRONG_MODE)

    def set(self, field, counts):
        """Take over one field. Allocates nothing."""
        state = self._state
        state[field] = counts
        if field == _POWER or field == _MODE:
            self._end(_SELF_CLEAN, self._clean)
            self.is_new_choice = True
        if field == _MODE:
            self._leave_mode(counts)
        elif field == _TIMER_ON:
            self._start(self._on, counts * _MINUTE_MS)
        elif field == _TIMER_OFF:
            self._start(self._off, counts * _MINUTE_MS)
        elif field == _SLEEP:
            self._start(self._sleep, counts * _SLEEP_MS)
        elif field == _TURBO:
            self._start(self._turbo, counts * _TURBO_MS)
        elif field == _SELF_CLEAN:
            self._start(self._clean, counts * (_WET_MS + _DRY_MS))
        if counts and (field == _SLEEP or field == _QUIET or field == _ECO):
            self._end(_TURBO, self._turbo)
        elif counts and field == _TURBO:
            self._end(_SLEEP, self._sleep)
            state[_QUIET] = 0
            state[_ECO] = 0
        if field == _POWER or field == _MODE or field == _TARGET or field == _TARGET_HUMIDITY:
            self.is_new = True

    def _leave_mode(self, mode):
        if mode != HEAT and mode != AUTO:
            self._state[_AUX_HEAT] = 0
        if mode == FAN:
            self._end(_SLEEP, self._sleep)
        if mode == FAN or mode == DRY:
            self._end(_TURBO, self._turbo)

    def _start(self, timer, ms):
        if ms:
            self._timers.start(timer, ms)
        else:
            self._timers.stop(timer)

    def _end(self, field, timer):
        self._state[field] = 0
        self._timers.stop(timer)

    def react(self):
        """End what is over. Allocates nothing."""
        timers = self._timers
        if timers.is_over(self._sleep):
            self._end(_SLEEP, self._sleep)
        if timers.is_over(self._turbo):
            self._end(_TURBO, self._turbo)
        if timers.is_over(self._clean):
            self._end(_SELF_CLEAN, self._clean)
        if timers.is_over(self._on):
            self._end(_TIMER_ON, self._on)
            self.set(_POWER, 1)
        if timers.is_over(self._off):
            self._end(_TIMER_OFF, self._off)
            self.set(_POWER, 0)

    def report(self):
        """Put the minutes left into the timer fields."""
        self._state[_TIMER_ON] = self._minutes(self._on)
        self._state[_TIMER_OFF] = self._minutes(self._off)

    def _minutes(self, timer):
        return max(0, self._timers.left[timer] + _MINUTE_MS - 1) // _MINUTE_MS

    def sleep_minutes(self):
        """Minutes since sleep began; 0 when there is none."""
        if not self._timers.is_started(self._sleep):
            return 0
        return (_SLEEP_MS - self._timers.left[self._sleep]) // _MINUTE_MS

    def is_cleaning(self):
        return self._timers.is_started(self._clean)

    def is_wetting(self):
        """Self-clean: cool to make the coil wet."""
        return self._timers.left[self._clean] > _DRY_MS

    def is_drying(self):
        """Self-clean: blow it dry."""
        return self.is_cleaning() and not self.is_wetting()
