"""The work of a microwave oven: in which state it is, what it cooks, and when that changes by itself."""

from ...rump.state import rows_of
from ...rump.tables import microwave_oven as table
from ..base import choice, ids
from .recipe import AUTO_MENU, CONVECTION, STEAM, Recipe, menu_at
from .states import EVENTS, compile_transitions

_ROWS = rows_of(table)
_COOK_MODE, _POWER_LEVEL, _COOK_TIME = ids(_ROWS, "cook_mode", "power_level", "cook_time")
_MENU_NUMBER, _WEIGHT, _DELAY_START = ids(_ROWS, "menu_number", "weight", "delay_start")

STATES = [row[9] for row in _ROWS if row[1] == "work_state"][0]
STANDBY, IDLE, RUNNING, FINISHED, DELAYED, PAUSED, PREHEATING, FAULT = [
    choice(_ROWS, "work_state", name)
    for name in ("standby", "idle", "running", "finished", "delayed", "paused", "preheating", "fault")
]
(TOUCH, START, PREHEAT, DELAY, PAUSE, STOP, OPENED, TIMEOUT, HOT, DONE, BROKEN, CLEAR) = range(len(EVENTS))
_NEXT = bytes(compile_transitions(STATES))


class Work:
    """owner: the oven, for its state and product constants. Only the constructor allocates."""

    def __init__(self, owner, timers):
        self.at = STANDBY
        self.recipe = Recipe(timers)
        self.has_time = False  # given since the last cook ended: each cook is told anew
        self.has_menu = False
        self.has_finished = False  # until the door opens or something new is asked
        self.cannot_heat = False  # preheating took too long; until the door or the stop button
        self.stage_changed = False  # for the duty cycle; whoever looks clears it
        self._owner = owner
        self._state = owner.state
        self._timers = timers
        self._is_preheated = False
        self._delay = timers.add()
        self._preheat = timers.add()
        self._pause = timers.add()
        self._idle = timers.add()

    def is_busy(self):
        """True while something cooks, or will."""
        return self.heats() or self.at == DELAYED or self.at == PAUSED

    def heats(self):
        return self.at == RUNNING or self.at == PREHEATING

    def is_delayed(self):
        """True while a delay is running, or paused."""
        return self._timers.is_started(self._delay)

    def fire(self, event):
        """Take the transition of this event, if the present state has one."""
        after = _NEXT[self.at * len(EVENTS) + event]
        if not after:
            return
        was_busy = self.is_busy()
        self.at = after
        if was_busy and not self.is_busy():
            self._end()
        if after == FINISHED:
            self.has_finished = True
        self.stage_changed = True

    def _end(self):
        self.recipe.clear()
        self.has_time = self.has_menu = False
        self._timers.stop(self._delay)
        self._state[_DELAY_START] = 0

    def begin(self):
        """Start what the fields say, go on after a pause, or skip the rest of a delay."""
        state, timers = self._state, self._timers
        self.has_finished = False
        if self.at == DELAYED:
            timers.stop(self._delay)
        elif self.at != PAUSED:
            self._load()
            if state[_DELAY_START]:
                timers.start(self._delay, state[_DELAY_START] * 60000)
        if self.is_delayed():
            self.fire(DELAY)
        else:
            self._cook()

    def _load(self):
        state = self._state
        self._is_preheated = False
        mode = state[_COOK_MODE]
        if mode == AUTO_MENU:
            self.recipe.load_menu(menu_at(state[_MENU_NUMBER]), state[_WEIGHT])
        else:
            self.recipe.load(mode, state[_POWER_LEVEL], state[_COOK_TIME])

    def _cook(self):
        self._state[_DELAY_START] = 0
        warm = self.recipe.mode() != CONVECTION or self._is_preheated or self._owner.chamber_is_hot()
        self.fire(START if warm else PREHEAT)

    def react(self):
        """What changes by itself: time is over, or the chamber is hot. Sets the timers going."""
        timers = self._timers
        if self.at == DELAYED and timers.is_over(self._delay):
            timers.stop(self._delay)
            self._cook()
        if self.at == PREHEATING:
            if self._owner.chamber_is_hot():
                self._is_preheated = True
                self.fire(HOT)
            elif timers.is_over(self._preheat):
                self.cannot_heat = True
                self.fire(BROKEN)
        if self.at == RUNNING and self.recipe.mode() == STEAM and not self._owner.has_water():
            self.fire(PAUSE)
        if self.at == RUNNING and self.recipe.stage_is_over():
            if self.recipe.next_stage():
                self.stage_changed = True
            else:
                self.fire(DONE)
        if (self.at == PAUSED and timers.is_over(self._pause)) or (
            self.at == IDLE and timers.is_over(self._idle)
        ):
            self.fire(TIMEOUT)
        self._run_timers()

    def _run_timers(self):
        owner, timers = self._owner, self._timers
        self.recipe.run(self.at == RUNNING)
        if self.is_delayed():
            timers.run(self._delay, self.at == DELAYED)
        timers.held(self._preheat, self.at == PREHEATING, owner.preheat_limit_s * 1000)
        timers.held(self._pause, self.at == PAUSED, owner.pause_limit_s * 1000)
        timers.held(self._idle, self.at == IDLE and not owner.door_is_open(), owner.standby_after_s * 1000)

    def left_s(self):
        """Seconds to the start while delayed, else to the end of cooking; 0 when nothing cooks."""
        if self.is_delayed():
            return (self._timers.left[self._delay] + 999) // 1000
        return self.recipe.left_s()
