"""The refrigerator: up to three compartments cooled by one compressor, no-frost.

The freezer's evaporator makes the cold; a fan spreads it, dampers let it into the refrigerator and
the variable compartment. Any compartment that calls makes the compressor run.

Doors, buttons and switches are 1 when open, pressed or active. Compressor minimum-off, and everything
else that must hold whatever this loop does, is in interlocks.py.
"""

# TUNING becomes attributes, which a type checker cannot see.
# pyright: reportAttributeAccessIssue=false

from ...rump.state import rows_of
from ...rump.tables import refrigerator as table
from ..base import MISSING, NOT_WIRED, Appliance, bit, ids, is_fault, reason
from ..beeper import Beeper
from ..energy import Energy
from ..timers import Timers
from . import product
from .compartments import COUNT, FREEZER, FRIDGE, HOLIDAY, SWITCHES, VARIABLE, Compartments
from .compressor_guard import CompressorGuard
from .defrost import Defrost
from .doors import Doors
from .freezer_watch import FreezerWatch
from .ice_maker import BIN_FULL, OFF, ON, IceMaker

_ROWS = rows_of(table)
_CHILD_LOCK, _IDENTIFY = ids(_ROWS, "child_lock", "identify")
_MODE, _RAPID_COOL, _RAPID_FREEZE = ids(_ROWS, "mode", "rapid_cool", "rapid_freeze")
_ICE_MAKER, _DEODORISE, _DEFROST_NOW = ids(_ROWS, "ice_maker", "deodorise", "defrost_now")
_TEMPS = ids(_ROWS, "fridge_temp", "freezer_temp", "variable_temp", "ambient_temp")
_DOORS, _RUNNING, _DEFROSTING = ids(_ROWS, "doors", "compressor", "defrosting")
_FILTER_LEFT, _POWER_NOW, _ENERGY_TOTAL = ids(_ROWS, "filter_left", "power_now", "energy_total")

_MODE_COUNT = 4
_ABOVE_RANGE, _POWERED_OFF = reason("above_range"), reason("powered_off")
_BUSY, _FAULT, _WRONG_MODE = reason("busy"), reason("fault"), reason("wrong_mode")

_ALARMS = table.ALARMS
_DOOR_ALARMS = tuple([bit(_ALARMS, door + "_door") for door in ("fridge", "freezer", "bar", "variable")])
_OVER_TEMPERATURE = bit(_ALARMS, "freezer_over_temperature")
_FAN_ALARM, _COMPRESSOR_ALARM = bit(_ALARMS, "fan"), bit(_ALARMS, "compressor_failure")
_DEFROST_ALARM, _ICE_ALARM = bit(_ALARMS, "defrost_system"), bit(_ALARMS, "ice_maker")
_COMMUNICATION = bit(_ALARMS, "internal_communication")

# Positions in INPUTS (the compartments' temperatures come first) and OUTPUTS.
_AMBIENT, _EVAPORATOR, _FIRST_DOOR = 3, 4, 5
_POWER, _FAN_SPEED, _ICE_FULL, _TRAY_HOME, _WATER_EMPTY, _MODE_BUTTON, _FILTER_BUTTON = range(9, 16)
_COMPRESSOR, _FAN, _HEATER, _FRIDGE_DAMPER, _VARIABLE_DAMPER, _LIGHT = range(6)
_ICE_MOTOR, _ICE_VALVE, _DEODORISER, _BUZZER = range(6, 10)

_MINUTE_MS = 60000
_DOOR_BEEP_PAUSE_MS = 30000


class Refrigerator(Appliance):
    TABLE = table
    INPUTS = (
        "fridge_temperature",
        "freezer_temperature",
        "variable_temperature",
        "ambient_temperature",
        "evaporator_temperature",
        "fridge_door",
        "freezer_door",
        "bar_door",
        "variable_door",
        "power",
        "fan_speed",
        "ice_full",
        "tray_home",
        "water_empty",
        "mode_button",
        "filter_button",
    )
    OUTPUTS = (
        "compressor",
        "fan",
        "defrost_heater",
        "fridge_damper",
        "variable_damper",
        "light",
        "ice_motor",
        "ice_valve",
        "deodoriser",
        "buzzer",
    )
    HAZARDS = ("compressor", "defrost_heater", "ice_valve")
    NEEDS = (
        ("variable_set", "variable_temperature"),
        ("variable_on", "variable_temperature"),
        ("variable_temp", "variable_temperature"),
        ("ambient_temp", "ambient_temperature"),
        ("ice_maker", "ice_motor"),
        ("ice_maker", "ice_valve"),
        ("deodorise", "deodoriser"),
        ("filter_left", "deodoriser"),
    )
    TUNING = product.TUNING
    DEFAULTS = product.DEFAULTS
    KEPT = product.KEPT
    TOTALS = product.TOTALS
    ATTRIBUTES = product.ATTRIBUTES

    def __init__(self, state, settings, wired):
        super().__init__(state, settings, wired)
        self.timers = timers = Timers()
        self.compartments = Compartments(self, timers)
        self.doors = Doors(self, timers, _FIRST_DOOR, _DOOR_ALARMS)
        self.defrost = Defrost(self, timers, "defrost_heater" in wired)
        self.guard = CompressorGuard(self, timers)
        self.ice_maker = IceMaker(self, timers)
        self.freezer_watch = FreezerWatch(self, timers)
        self.beeper = Beeper(timers)
        self.energy = Energy(state, _ENERGY_TOTAL)
        self._beep_pause = timers.add()
        self._fan_timer = timers.add()
        self._fan_stands = False
        self._mode_button = self._filter_button = 0  # as they were
        self._filter_ms = 0

    @property
    def defrost_left_min(self):
        """Minutes that the compressor will run until the next defrost; 0 during one."""
        return self.defrost.left_min()

    @defrost_left_min.setter
    def defrost_left_min(self, minutes):
        self.defrost.set_left(minutes)

    # --- control ----------------------------------------------------------------------------------

    def check(self, control):
        """Refuse what this moment forbids. Changes nothing, allocates nothing."""
        state = self.state
        if control.get(_ICE_MAKER, OFF) == BIN_FULL:
            control.refuse(_ICE_MAKER, _ABOVE_RANGE)
        if control.get(_RAPID_COOL, 0):
            if not control.get(SWITCHES[FRIDGE], state[SWITCHES[FRIDGE]]):
                control.refuse(_RAPID_COOL, _POWERED_OFF)
            elif control.get(_MODE, state[_MODE]) == HOLIDAY:
                control.refuse(_RAPID_COOL, _WRONG_MODE)
        if control.get(_RAPID_FREEZE, 0) and not control.get(SWITCHES[FREEZER], state[SWITCHES[FREEZER]]):
            control.refuse(_RAPID_FREEZE, _POWERED_OFF)
        if control.get(_DEFROST_NOW, 0):
            if self.defrost.is_defrosting():
                control.refuse(_DEFROST_NOW, _BUSY)
            elif self._is_dead(_EVAPORATOR) or self._is_dead(FREEZER):
                control.refuse(_DEFROST_NOW, _FAULT)

    def _is_dead(self, i):
        return is_fault(self.inputs[i]) and self.inputs[i] != NOT_WIRED

    def set(self, field, counts):
        """Take over one field. Allocates nothing."""
        if field == _DEFROST_NOW:
            if counts:
                self.defrost.begin()
        elif field == _IDENTIFY:
            self.beeper.beep(counts, 500)
        else:
            self.state[field] = counts

    # --- the loop ---------------------------------------------------------------------------------

    def step(self, elapsed_ms):
        """Run the control loop for 0..60000 ms. Allocates nothing."""
        self.clock.advance(elapsed_ms)
        self._read_buttons()
        self._react()
        while elapsed_ms > 0:
            ms = self.timers.until(elapsed_ms)
            self.energy.add(self._watts(), ms)
            self._wear_filter(ms)
            self.timers.advance(ms)
            elapsed_ms -= ms
            self._react()
        self._show()

    def _read_buttons(self):
        """Local buttons: the next mode; a new deodorant filter. The child lock keeps them from working."""
        mode_button = 1 if self.inputs[_MODE_BUTTON] == 1 else 0
        filter_button = 1 if self.inputs[_FILTER_BUTTON] == 1 else 0
        if not self.state[_CHILD_LOCK]:
            if mode_button > self._mode_button:
                self.state[_MODE] = (self.state[_MODE] + 1) % _MODE_COUNT
                self.beeper.beep(1, 100)
            if filter_button > self._filter_button:
                self.filter_used_min = 0
                self.beeper.beep(1, 100)
        self._mode_button = mode_button
        self._filter_button = filter_button

    def _react(self):
        self.doors.react()
        self.compartments.react(self.inputs[_AMBIENT])
        self.defrost.react(self.inputs[_EVAPORATOR])
        self._cool()
        self._make_ice()
        self._watch_fan()
        self.freezer_watch.react(self.compartments.is_on(FREEZER), self.inputs[FREEZER])
        self._serve()
        self._raise_alarms()

    def _cool(self):
        """Compressor, heater, fan and dampers."""
        wanted, levels, calls = self.wanted, self.levels, self.compartments.calls
        may_run = self.compartments.any_on() and not self.defrost.is_defrosting()
        wanted[_COMPRESSOR] = self.guard.decide(self.compartments.any_calls(), may_run, levels[_COMPRESSOR])
        self.guard.watch(levels[_COMPRESSOR], self.inputs[_POWER])
        self.defrost.count_run(levels[_COMPRESSOR])
        wanted[_HEATER] = 1 if self.defrost.wants_heater(self.inputs[_EVAPORATOR]) else 0
        still = self.defrost.fan_waits()
        blow = levels[_COMPRESSOR] and not still and not self.doors.fan_must_stand()
        wanted[_FAN] = 1 if blow else 0
        wanted[_FRIDGE_DAMPER] = 1 if calls[FRIDGE] and not still else 0
        wanted[_VARIABLE_DAMPER] = 1 if calls[VARIABLE] and not still else 0

    def _make_ice(self):
        if not self.state.has(_ICE_MAKER):
            return
        is_on = self.state[_ICE_MAKER] != OFF
        full = self.inputs[_ICE_FULL] == 1
        self.ice_maker.react(is_on, self.inputs[FREEZER], full, self.inputs[_TRAY_HOME])
        self.wanted[_ICE_MOTOR] = self.ice_maker.motor
        self.wanted[_ICE_VALVE] = self.ice_maker.valve
        self.state[_ICE_MAKER] = OFF if not is_on else BIN_FULL if full else ON

    def _watch_fan(self):
        """A fan that is on and does not turn; the alarm stays until it is seen turning."""
        speed = self.inputs[_FAN_SPEED]
        stands = self.levels[_FAN] and speed != NOT_WIRED and speed <= 0
        if self.timers.held(self._fan_timer, stands, self.fan_stall_s * 1000):
            self._fan_stands = True
        elif speed > 0 or speed == NOT_WIRED:
            self._fan_stands = False

    def _serve(self):
        """Light, deodoriser, buzzer."""
        wanted = self.wanted
        wanted[_LIGHT] = self.doors.light
        if self.state.has(_DEODORISE):
            wanted[_DEODORISER] = 1 if self.state[_DEODORISE] and self.compartments.is_on(FRIDGE) else 0
        self.beeper.react()
        if not self.doors.alarms:
            self.timers.stop(self._beep_pause)
        elif not self.timers.is_started(self._beep_pause) or self.timers.is_over(self._beep_pause):
            self.beeper.beep(3, 300)
            self.timers.start(self._beep_pause, _DOOR_BEEP_PAUSE_MS)
        wanted[_BUZZER] = self.beeper.level

    def _raise_alarms(self):
        alarms = self.doors.alarms
        if self.freezer_watch.is_too_warm:
            alarms |= _OVER_TEMPERATURE
        if self._fan_stands:
            alarms |= _FAN_ALARM
        if self.guard.has_failed:
            alarms |= _COMPRESSOR_ALARM
        if self.defrost.has_failed:
            alarms |= _DEFROST_ALARM
        if self.ice_maker.has_failed or self.inputs[_WATER_EMPTY] == 1:
            alarms |= _ICE_ALARM
        for i in range(len(self.inputs)):
            if self.inputs[i] == MISSING:
                alarms |= _COMMUNICATION
        self.alarms = alarms

    # --- what is told -----------------------------------------------------------------------------

    def _watts(self):
        """Power of the appliance: measured, or what its parts are known to take."""
        if not is_fault(self.inputs[_POWER]):
            return self.inputs[_POWER]
        levels = self.levels
        watts = self.standby_watts + levels[_COMPRESSOR] * self.compressor_watts
        watts += levels[_HEATER] * self.heater_watts + levels[_FAN] * self.fan_watts
        return watts + levels[_LIGHT] * self.light_watts

    def _wear_filter(self, ms):
        if self.levels[_DEODORISER]:
            self._filter_ms += ms
            while self._filter_ms >= _MINUTE_MS:
                self._filter_ms -= _MINUTE_MS
                self.filter_used_min += 1

    def _show(self):
        """The status fields."""
        state = self.state
        for i in range(COUNT + 1):
            state[_TEMPS[i]] = None if is_fault(self.inputs[i]) else self.inputs[i]
        state[_DOORS] = self.doors.bits
        state[_RUNNING] = 1 if self.levels[_COMPRESSOR] else 0
        state[_DEFROSTING] = 1 if self.defrost.is_defrosting() else 0
        state[_POWER_NOW] = self._watts()
        if state.has(_FILTER_LEFT):
            state[_FILTER_LEFT] = 100 - min(100, self.filter_used_min * 5 // (3 * self.filter_life_h))
