"""The three buttons at a microwave oven: remote enable, start, stop. Momentary; each is optional."""

from ...rump.control import Control
from ...rump.state import rows_of
from ...rump.tables import microwave_oven as table
from ..base import CHILD_LOCK, NOT_WIRED, ids, is_fault
from .permits import NONE
from .recipe import MICROWAVE
from .work import DELAYED, PAUSE, STOP, TOUCH

_COOK_MODE, _POWER_LEVEL, _COOK_TIME = ids(rows_of(table), "cook_mode", "power_level", "cook_time")
_REMOTE, _START, _STOP = range(3)
_COUNT = 3


class Buttons:
    """oven: the appliance; first: position of the first button in its inputs. Only the constructor
    allocates."""

    def __init__(self, oven, first):
        self._oven = oven
        self._inputs = oven.inputs
        self._first = first
        self._nothing = Control(len(oven.state.row_of))  # what the start button says besides the fields
        self._was_pressed = [0] * _COUNT
        self._stuck = [oven.timers.add() for _ in range(_COUNT)]

    def read(self):
        """Do what a press asks for."""
        for i in range(_COUNT):
            pressed = 1 if self._inputs[self._first + i] == 1 else 0
            if pressed > self._was_pressed[i]:
                self._press(i)
            self._was_pressed[i] = pressed

    def _press(self, button):
        """The child lock leaves the stop button alone."""
        oven = self._oven
        oven.work.has_finished = False
        if button == _STOP:
            self._press_stop()
        elif oven.state[CHILD_LOCK] or oven.door_is_open():
            oven.beep(2, 100)
        elif button == _START:
            self._press_start()
        else:
            oven.remote_enabled = 1
            oven.work.fire(TOUCH)
            oven.beep(1, 100)

    def _press_stop(self):
        """Once: pause. Again: stop, and the remote may not start what someone here has stopped."""
        work = self._oven.work
        work.cannot_heat = False
        if work.heats() or work.at == DELAYED:
            work.fire(PAUSE)
        else:
            self._oven.remote_enabled = 0
            work.fire(STOP)
        self._oven.beep(1, 100)

    def _press_start(self):
        """Start, go on, or cook a little longer; with nothing chosen, heat for a little while."""
        oven, work = self._oven, self._oven.work
        why = oven.permits.safe()
        if why == NONE and work.heats():
            why = oven.permits.longer(oven.quick_start_s)
            if why == NONE:
                work.recipe.add(oven.quick_start_s)
        elif why == NONE:
            if not work.is_busy() and not work.has_time and not work.has_menu:
                oven.set(_COOK_MODE, MICROWAVE)
                oven.set(_POWER_LEVEL, 100)
                oven.set(_COOK_TIME, oven.quick_start_s)
            why = oven.permits.recipe(self._nothing)
            if why == NONE:
                work.begin()
        oven.beep(1 if why == NONE else 2, 100)

    def any_stuck(self):
        """True when a button is held for ever, or its line is broken."""
        found = False
        for i in range(_COUNT):
            value = self._inputs[self._first + i]
            if self._oven.timers.held(self._stuck[i], value == 1, self._oven.stuck_button_s * 1000):
                found = True
            elif is_fault(value) and value != NOT_WIRED:
                found = True
        return found
