"""The microwave oven: fields, local buttons, and what the parts do in each work state.

Both door switches are 1 when open; what is neither 0 nor 1 (a fault, no such switch) is open too.
A door that opens stops the cooking, and closing it never starts anything. Heat with an open door,
without a fan or with a blind sensor is made impossible in interlocks.py.
"""

from ...rump.state import rows_of
from ...rump.tables import microwave_oven as table
from ..base import ALARMS, CHILD_LOCK, MISSING, NOT_WIRED, Appliance, bit, choice, ids, is_fault, mask_of
from ..beeper import Beeper
from ..timers import Timers
from . import product
from .buttons import Buttons
from .heat import Heat
from .permits import BUSY, NONE, NOT_RUNNING, Permits
from .work import (
    BROKEN,
    CLEAR,
    DELAYED,
    FAULT,
    FINISHED,
    OPENED,
    PAUSE,
    RUNNING,
    STOP,
    TOUCH,
    Work,
)

_ROWS = rows_of(table)
_OPERATION, _COOK_MODE, _POWER_LEVEL = ids(_ROWS, "operation", "cook_mode", "power_level")
_COOK_TIME, _ADD_TIME, _MENU_NUMBER = ids(_ROWS, "cook_time", "add_time", "menu_number")
_WEIGHT, _CHAMBER_TARGET, _DELAY_START = ids(_ROWS, "weight", "chamber_target", "delay_start")
_LIGHT, _BEEP, _IDENTIFY = ids(_ROWS, "light", "beep", "identify")
_WORK_STATE, _TIME_LEFT, _STAGE = ids(_ROWS, "work_state", "time_left", "stage")
_DOOR_OPEN, _CHAMBER_TEMP, _REMOTE_ENABLED = ids(_ROWS, "door_open", "chamber_temp", "remote_enabled")
# What may not change while something cooks or waits to.
_RECIPE_FIELDS = (_COOK_MODE, _POWER_LEVEL, _COOK_TIME, _MENU_NUMBER, _WEIGHT, _CHAMBER_TARGET, _DELAY_START)
_START, _PAUSE, _STOP = [choice(_ROWS, "operation", name) for name in ("start", "pause", "stop")]

_STOPS = mask_of(table.ALARMS, "stop")
_MAGNETRON, _COMMUNICATION = bit(table.ALARMS, "magnetron"), bit(table.ALARMS, "internal_communication")
_GAS_SENSOR, _KEYPAD = bit(table.ALARMS, "gas_sensor"), bit(table.ALARMS, "keypad")
_WATER_SHORTAGE, _TANK_OUT = bit(table.ALARMS, "water_shortage"), bit(table.ALARMS, "tank_out")
_COOKING_FINISHED = bit(table.ALARMS, "cooking_finished")

# Positions in INPUTS and in OUTPUTS.
_DOOR, _MONITOR, _CHAMBER, _CURRENT, _FAN_SPEED, _GAS, _WATER_LOW, _TANK, _FIRST_BUTTON = range(9)
_MAIN, _MAGNETRON_OUT, _GRILL, _CONVECTION, _STEAM, _FAN, _TURNTABLE, _LAMP, _BUZZER = range(9)


class MicrowaveOven(Appliance):
    TABLE = table
    INPUTS = (
        "door",
        "door_monitor",
        "chamber_temperature",
        "magnetron_current",
        "fan_speed",
        "gas_level",
        "water_low",
        "tank_out",
        "remote_button",
        "start_button",
        "stop_button",
    )
    OUTPUTS = (
        "main_relay",
        "magnetron",
        "grill",
        "convection",
        "steam",
        "fan",
        "turntable",
        "lamp",
        "buzzer",
    )
    HAZARDS = ("magnetron", "grill", "convection", "steam")
    NEEDS = (
        ("chamber_target", "convection"),
        ("chamber_target", "chamber_temperature"),
        ("chamber_temp", "chamber_temperature"),
        ("light", "lamp"),
        ("beep", "buzzer"),
    )
    TUNING = product.TUNING
    DEFAULTS = product.DEFAULTS
    KEPT = product.KEPT

    def __init__(self, state, settings, wired):
        super().__init__(state, settings, wired)
        self.timers = Timers()
        self.work = Work(self, self.timers)
        self.heat = Heat(self, self.timers)
        self.beeper = Beeper(self.timers)
        self.permits = Permits(self, wired)
        self.buttons = Buttons(self, _FIRST_BUTTON)
        self.remote_enabled = 0
        self._door_was_open = True  # an open door at power-up is no event
        self._was_at = self.work.at
        self._was_heating = False

    # --- what is known of the world ---------------------------------------------------------------

    def door_is_open(self):
        return self.inputs[_DOOR] != 0 or self.inputs[_MONITOR] != 0

    def has_water(self):
        return self.inputs[_WATER_LOW] != 1 and self.inputs[_TANK] != 1

    def chamber(self):
        """The chamber's temperature, or a fault code."""
        return self.inputs[_CHAMBER]

    def target(self):
        """The chamber's set point in convection."""
        return self.state[_CHAMBER_TARGET] if self.state.has(_CHAMBER_TARGET) else 0

    def chamber_is_hot(self):
        """True when the chamber has reached its set point."""
        return not is_fault(self.inputs[_CHAMBER]) and self.inputs[_CHAMBER] >= self.target()

    def is_broken(self):
        """True while an alarm stops the oven: its own, or one of the interlocks."""
        return self.work.cannot_heat or self._is_silent() or self.state[ALARMS] & _STOPS != 0

    def _is_silent(self):
        """A part on a bus does not answer."""
        for i in range(len(self.inputs)):
            if self.inputs[i] == MISSING:
                return True
        return False

    def must_go_on(self):
        return self.work.is_busy()

    # --- control ----------------------------------------------------------------------------------

    def check(self, control):
        """Refuse what this moment forbids. Changes nothing, allocates nothing."""
        if self.work.is_busy():
            for field in _RECIPE_FIELDS:
                if control.find(field) >= 0:
                    control.refuse(field, BUSY)
        lock = control.get(CHILD_LOCK, self.state[CHILD_LOCK])
        seconds = control.get(_ADD_TIME, 0)
        if seconds:
            self._need(control, _ADD_TIME, self.permits.longer(seconds))
            self._need(control, _ADD_TIME, self.permits.remote(lock))
        operation = control.get(_OPERATION, 0)
        if operation == _START:
            self._need(control, _OPERATION, self.permits.safe())
            self._need(control, _OPERATION, self.permits.remote(lock))
            self._need(control, _OPERATION, self.permits.recipe(control))
        elif operation == _PAUSE and not self.work.heats() and self.work.at != DELAYED:
            control.refuse(_OPERATION, NOT_RUNNING)

    def _need(self, control, field, why):
        if why != NONE:
            control.refuse(field, why)

    def apply(self, control):
        """Take over all fields of a control that passed check(). Allocates nothing."""
        super().apply(control)
        self.work.has_finished = False
        if control.find(_ADD_TIME) >= 0:
            self.work.recipe.add(control.get(_ADD_TIME, 0))
        operation = control.get(_OPERATION, 0)
        if operation == _START:
            self.work.begin()
        elif operation == _PAUSE:
            self.work.fire(PAUSE)
        else:
            self.work.fire(STOP if operation == _STOP else TOUCH)

    def set(self, field, counts):
        """Take over one field that is no action."""
        if field == _COOK_TIME:
            self.work.has_time = True
        elif field == _MENU_NUMBER:
            self.work.has_menu = True
        elif field == _IDENTIFY:
            self.beeper.beep(counts, 500)
        self.state[field] = counts

    def beep(self, times, ms):
        """Beep, where the user wants it."""
        if self.state.has(_BEEP) and self.state[_BEEP]:
            self.beeper.beep(times, ms)

    # --- the loop ---------------------------------------------------------------------------------

    def step(self, elapsed_ms):
        """Run the control loop for 0..60000 ms. Allocates nothing."""
        self.clock.advance(elapsed_ms)
        self._watch_door()
        self.buttons.read()
        self._react()
        while elapsed_ms > 0:
            ms = self.timers.until(elapsed_ms)
            self.timers.advance(ms)
            elapsed_ms -= ms
            self._react()
        self._show()

    def _watch_door(self):
        is_open = self.door_is_open()
        if is_open:
            self.remote_enabled = 0
            self.work.cannot_heat = False
            self.work.has_finished = False
        if is_open and not self._door_was_open:
            self.work.fire(OPENED)
        self._door_was_open = is_open

    def _react(self):
        work = self.work
        if self.is_broken():
            work.fire(BROKEN)
        elif work.at == FAULT:
            work.fire(CLEAR)
        work.react()
        self._note_changes()
        heats = work.heats()
        cooks = work.at == RUNNING
        self.heat.react(work.recipe, cooks, heats and not cooks, self.inputs[_CHAMBER], self.target())
        self.beeper.react()
        self._drive(cooks, heats)
        self._raise_alarms()

    def _note_changes(self):
        """What follows from a work state that is new."""
        work = self.work
        if work.stage_changed:
            work.stage_changed = False
            self.heat.restart_duty()
        if self._was_heating and not work.heats():
            self.heat.cool_down()
        self._was_heating = work.heats()
        if work.at != self._was_at:
            self._was_at = work.at
            if work.at == FINISHED or work.at == FAULT:
                self.remote_enabled = 0
                self.beep(3, 500)

    def _drive(self, cooks, heats):
        wanted, heat = self.wanted, self.heat
        wanted[_MAIN] = 1 if heats else 0
        wanted[_MAGNETRON_OUT] = heat.magnetron
        wanted[_GRILL] = heat.grill
        wanted[_CONVECTION] = heat.convection
        wanted[_STEAM] = heat.steam
        wanted[_FAN] = heat.fan
        wanted[_TURNTABLE] = 1 if cooks else 0
        light = self.state.has(_LIGHT) and self.state[_LIGHT]
        wanted[_LAMP] = 1 if heats or light or self.door_is_open() else 0
        wanted[_BUZZER] = self.beeper.level

    def _raise_alarms(self):
        inputs = self.inputs
        alarms = 0
        if self.work.cannot_heat:
            alarms |= _MAGNETRON
        if self._is_silent():
            alarms |= _COMMUNICATION
        if is_fault(inputs[_GAS]) and inputs[_GAS] != NOT_WIRED:
            alarms |= _GAS_SENSOR
        if self.buttons.any_stuck():
            alarms |= _KEYPAD
        if inputs[_WATER_LOW] == 1:
            alarms |= _WATER_SHORTAGE
        if inputs[_TANK] == 1:
            alarms |= _TANK_OUT
        if self.work.has_finished:
            alarms |= _COOKING_FINISHED
        self.alarms = alarms

    def _show(self):
        """The status fields."""
        state, work = self.state, self.work
        state[_WORK_STATE] = work.at
        state[_TIME_LEFT] = work.left_s()
        state[_STAGE] = work.recipe.index + 1 if work.is_busy() else None
        state[_DOOR_OPEN] = 1 if self.door_is_open() else 0
        chamber = self.inputs[_CHAMBER]
        state[_CHAMBER_TEMP] = None if is_fault(chamber) else chamber
        state[_REMOTE_ENABLED] = self.remote_enabled
