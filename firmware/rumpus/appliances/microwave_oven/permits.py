"""Why a microwave oven does not do what it is asked. Each answer is a reason, NONE when there is none."""

from ...rump.state import rows_of
from ...rump.tables import microwave_oven as table
from ..base import ids, is_fault, reason
from .menus import MENUS
from .recipe import (
    AUTO_MENU,
    COMBI,
    CONVECTION,
    DEFROSTING,
    GRILL,
    LONGEST_S,
    MICROWAVE,
    STEAM,
    menu_at,
    menu_needs,
)
from .work import DELAYED, FAULT, PAUSED

NONE = reason("none")
BUSY, DOOR_OPEN, BROKEN = reason("busy"), reason("door_open"), reason("fault")
NOT_RUNNING, NOT_FITTED = reason("not_running"), reason("not_fitted")
NOTHING_TO_COOK = reason("nothing_to_cook")
REMOTE_DISABLED, LOCKED = reason("remote_disabled"), reason("child_lock")
BELOW_RANGE, ABOVE_RANGE = reason("below_range"), reason("above_range")

_ROWS = rows_of(table)
_COOK_MODE, _COOK_TIME, _MENU_NUMBER, _WEIGHT = ids(_ROWS, "cook_mode", "cook_time", "menu_number", "weight")


class Permits:
    """oven: asked for what it knows; wired: names of its roles. Only the constructor allocates."""

    def __init__(self, oven, wired):
        self._oven = oven
        self._work = oven.work
        self._state = oven.state
        self._fits = fits = [True] * (AUTO_MENU + 1)
        fits[MICROWAVE] = fits[DEFROSTING] = "magnetron" in wired
        fits[GRILL] = "grill" in wired
        fits[CONVECTION] = "convection" in wired and "chamber_temperature" in wired
        fits[COMBI] = fits[MICROWAVE] and fits[GRILL]
        fits[STEAM] = "steam" in wired

    def remote(self, lock):
        """What stops a remote start or a longer time, whatever is to be cooked. lock: child lock."""
        if not self._oven.remote_enabled:
            return REMOTE_DISABLED
        return LOCKED if lock else NONE

    def safe(self):
        """What stops any start."""
        if self._work.at == FAULT or self._oven.is_broken():
            return BROKEN
        return DOOR_OPEN if self._oven.door_is_open() else NONE

    def recipe(self, control):
        """What is wrong with what the fields, and those of the control, say to cook."""
        state, work = self._state, self._work
        if work.heats():
            return BUSY
        if work.at == PAUSED or work.at == DELAYED:
            return self._parts(work.recipe.mode())
        mode = control.get(_COOK_MODE, state[_COOK_MODE])
        if mode != AUTO_MENU:
            has_time = work.has_time or control.find(_COOK_TIME) >= 0
            return self._parts(mode) if has_time else NOTHING_TO_COOK
        menu = menu_at(control.get(_MENU_NUMBER, state[_MENU_NUMBER]))
        if menu < 0 or not (work.has_menu or control.find(_MENU_NUMBER) >= 0):
            return NOTHING_TO_COOK
        return self._menu(menu, control.get(_WEIGHT, state[_WEIGHT]))

    def _menu(self, menu, grams):
        if grams < MENUS[menu][2]:
            return BELOW_RANGE
        if grams > MENUS[menu][3]:
            return ABOVE_RANGE
        for mode in range(AUTO_MENU):
            if menu_needs(menu, mode) and self._parts(mode) != NONE:
                return self._parts(mode)
        return NONE

    def _parts(self, mode):
        """Does this device have what a cook mode takes, and does it work?"""
        if not self._fits[mode]:
            return NOT_FITTED
        if mode == CONVECTION and is_fault(self._oven.chamber()):
            return BROKEN
        return BROKEN if mode == STEAM and not self._oven.has_water() else NONE

    def longer(self, seconds):
        """What stops the cook from growing by this."""
        if not self._work.is_busy():
            return NOT_RUNNING
        return ABOVE_RANGE if self._work.recipe.left_s() + seconds > LONGEST_S else NONE
