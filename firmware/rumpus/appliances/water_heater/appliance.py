"""Water heater: one or two elements in a tank, kept at a set point.

Set-point rules of the modes: modes.py. On top of them, when the power is on, the highest
of these counts: reservations.py, disinfection.py. At all times, power off included, water is kept
above freezing. What must never happen is in interlocks.py.

`element` and `element_ssr` are the lower element as a mechanical relay and as a proportional output; a
device wires one of them. Only element_ssr can obey heating_power_limit.
"""

# TUNING becomes attributes, which a type checker cannot see.
# pyright: reportAttributeAccessIssue=false

from ...rump.tables import water_heater as table
from ..base import ALARMS, FAULTS, FULL, Appliance, bit, ids, mask_of, reason
from ..energy import Energy
from . import product
from .disinfection import TARGET as DISINFECTION_TARGET
from .disinfection import Disinfection
from .elements import FROST_HYSTERESIS, FROST_TARGET, Elements
from .modes import BOOST, MANUAL, VACATION, Modes
from .reservations import Reservations
from .tank import USABLE, Draws, hot_share, minutes_to_heat

_POWER, _TARGET, _MODE, _SCOPE, _LIMIT, _DISINFECTION = ids(
    table.FIELDS, "power", "target_temperature", "mode", "tank_scope", "heating_power_limit", "disinfection"
)
_WORK_STATE, _TEMPERATURE, _HOT_WATER, _FLOW, _TIME_LEFT, _HEATING_POWER, _ENERGY = ids(
    table.FIELDS,
    "work_state",
    "current_temperature",
    "hot_water",
    "flow",
    "heating_time_left",
    "heating_power",
    "energy_total",
)
_RESERVATION_FIRST, _RESERVATION_LAST = ids(table.FIELDS, "reservation_1_on", "reservation_3_weekdays")
_NO_HOT_WATER = bit(table.ALARMS, "no_hot_water")
_MAINTENANCE_DUE = bit(table.ALARMS, "maintenance_due")
_STOP = mask_of(table.ALARMS, "stop")

_HALF = 1
_OFF, _STANDBY, _HEATING, _KEEP_WARM, _FAULT = range(5)
_FAULT_REASON = reason("fault")

_DISINFECTION_HYSTERESIS = 20
# Hot water has run out when it falls 2 K below what is usable.
_RUN_OUT = USABLE - 20

_TANK, _UPPER, _INLET, _METER, _CURRENT, _LEAKAGE, _LEAK = range(7)
_ELEMENT, _ELEMENT_SSR, _ELEMENT_UPPER, _MAIN_RELAY = range(4)


class WaterHeater(Appliance):
    """settings: TUNING. litres, watts, upper_watts: of the tank and its elements, calibrated."""

    TABLE = table
    # 0.1 degC (three), pulses since the last step, mA, 0.1 mA, 1 = wet. tank_temperature sits low.
    INPUTS = (
        "tank_temperature",
        "upper_temperature",
        "inlet_temperature",
        "flow_meter",
        "element_current",
        "leakage_current",
        "leak_switch",
    )
    # main_relay: a second contactor in the line of all elements, closed while heating may be wanted.
    OUTPUTS = ("element", "element_ssr", "element_upper", "main_relay")
    HAZARDS = ("element", "element_ssr", "element_upper")
    NEEDS = (("tank_scope", "element_upper"), ("heating_power_limit", "element_ssr"), ("flow", "flow_meter"))
    TUNING = product.TUNING
    DEFAULTS = product.DEFAULTS
    KEPT = product.KEPT
    TOTALS = product.TOTALS
    ATTRIBUTES = product.ATTRIBUTES

    def __init__(self, state, settings, wired):
        super().__init__(state, settings, wired)
        self._is_proportional = "element_ssr" in wired
        self._modes = Modes(self.clock, self.night_starts, self.night_ends)
        self._draws = Draws(self.pulses_per_litre)
        self._disinfection = Disinfection(self.clock, self.disinfection_weekday, self.disinfection_minute)
        self._reservations = Reservations(state, self.clock, self.litres)
        self._energy = Energy(state, _ENERGY)
        self._elements = Elements(
            self.watts, self.upper_watts, "element_upper" in wired, self._is_proportional, self.both_elements
        )
        self.mode_before = MANUAL  # of boost
        self._was_hot = False
        self._target = 0  # in force, 0.1 degC
        self._hysteresis = 0

    def check(self, control):
        """A heater with a fault is not switched on."""
        if self.state[ALARMS] & _STOP and control.get(_POWER, 0):
            control.refuse(_POWER, _FAULT_REASON)

    def set(self, field, counts):
        if field == _MODE and counts == BOOST and self.state[_MODE] != BOOST:
            self.mode_before = self.state[_MODE]
        elif _RESERVATION_FIRST <= field <= _RESERVATION_LAST:
            self._reservations.forget()
        if field == _POWER or field == _TARGET or field == _MODE or field == _SCOPE:
            self._elements.wish()
        self.state[field] = counts

    def step(self, elapsed_ms):
        """Allocates nothing."""
        self.clock.advance(elapsed_ms)
        self._measure(elapsed_ms)
        self._decide_target(elapsed_ms)
        self._heat()
        self._end_boost()
        self._report()

    # --- measuring ----------------------------------------------------------------------------

    def _lower(self):
        return self.inputs[_TANK]

    def _top(self):
        """Temperature of the upper part, where its sensor is; else of the tank."""
        upper = self.inputs[_UPPER]
        return upper if upper > FAULTS else self.inputs[_TANK]

    def _here(self):
        """Temperature of the part that is to be hot, a count or a fault code."""
        return self._top() if self._is_half() else self._lower()

    def _measure(self, elapsed_ms):
        state = self.state
        self._draws.step(elapsed_ms, self.inputs[_METER], self._lower())
        watts = self._watts_now()
        self._energy.add(watts, elapsed_ms)
        state[_HEATING_POWER] = watts
        state[_FLOW] = self._draws.flow
        here = self._here()
        state[_TEMPERATURE] = here if here > FAULTS else None

    def _watts_now(self):
        """What the elements take: measured where there is a meter, else calibrated watts by their levels."""
        levels = self.levels
        current = self.inputs[_CURRENT]
        # A part of full power is full power for part of the time: a sample of the current says nothing.
        is_chopped = self._is_proportional and 0 < levels[_ELEMENT_SSR] < FULL
        if current > FAULTS and not is_chopped:
            return current * self.mains_volts // 1000
        lower = levels[_ELEMENT_SSR] if self._is_proportional else levels[_ELEMENT] * FULL
        return self._elements.watts_at(lower, levels[_ELEMENT_UPPER])

    def _cold(self):
        inlet = self.inputs[_INLET]
        return inlet if inlet > FAULTS else self.cold_temperature

    # --- the set point ------------------------------------------------------------------------

    def _decide_target(self, elapsed_ms):
        state = self.state
        is_on = state[_POWER] == 1
        modes = self._modes
        modes.step(elapsed_ms, state[_MODE], state[_TARGET], self._draws.is_drawing)
        may_disinfect = is_on and state[_DISINFECTION] == 1 and state[_MODE] != VACATION
        self._disinfection.step(elapsed_ms, may_disinfect, self._lower())
        watts = self._elements.heating_watts(self._is_half(), FULL)
        self._reservations.step(max(self._here(), 0), watts)
        self._target = modes.target if is_on else FROST_TARGET
        self._hysteresis = modes.hysteresis if is_on else FROST_HYSTERESIS
        share = modes.power if is_on else FULL
        if is_on and self._reservations.target > self._target:
            self._target = self._reservations.target
            share = FULL
        if self._disinfection.is_active and self._target < DISINFECTION_TARGET:
            self._target = DISINFECTION_TARGET
            self._hysteresis = _DISINFECTION_HYSTERESIS
            share = FULL
        if self._is_proportional:
            self._elements.allow(state[_LIMIT], share)

    def _is_half(self):
        """Heat the upper half only? Never to disinfect, and not when its element exceeds the power limit."""
        if not self._elements.may_use_upper() or self._disinfection.is_active:
            return False
        return self.state[_SCOPE] == _HALF

    # --- heating ------------------------------------------------------------------------------

    def _heat(self):
        elements = self._elements
        if self.state[ALARMS] & _STOP:
            elements.stop()
        else:
            elements.control(self._lower(), self._top(), self._target, self._hysteresis, self._is_half())
        level = elements.lower_level()
        wanted = self.wanted
        wanted[_ELEMENT] = 1 if level else 0
        wanted[_ELEMENT_SSR] = level
        wanted[_ELEMENT_UPPER] = 1 if elements.upper_on else 0
        is_ready = (self.state[_POWER] or elements.is_heating()) and not self.state[ALARMS] & _STOP
        wanted[_MAIN_RELAY] = 1 if is_ready else 0

    def _end_boost(self):
        state = self.state
        if state[_MODE] == BOOST and state[_POWER] and self._here() >= self._target:
            state[_MODE] = self.mode_before

    # --- status -------------------------------------------------------------------------------

    def _report(self):
        state = self.state
        is_heating = self._elements.is_heating()
        here = self._here()
        if state[ALARMS] & _STOP:
            state[_WORK_STATE] = _FAULT
        elif is_heating:
            state[_WORK_STATE] = _HEATING
        elif not state[_POWER]:
            state[_WORK_STATE] = _OFF
        else:
            is_waiting = self._modes.is_setback and self._target == self._modes.target
            state[_WORK_STATE] = _STANDBY if is_waiting else _KEEP_WARM
        left = 0
        if is_heating and here > FAULTS:
            litres = self.litres // 2 if self._is_half() else self.litres
            left = minutes_to_heat(litres, self._elements.heating_watts(self._is_half()), here, self._target)
        state[_TIME_LEFT] = left
        state[_HOT_WATER] = self._hot_water() if here > FAULTS else None
        self._raise_alarms()

    def _hot_water(self):
        """Percent: heat above the inlet's temperature, compared with the whole tank at the target."""
        full = max(self.state[_TARGET], USABLE)
        share = hot_share(self._top(), self._cold(), full)
        lower = self._lower()
        return (share + hot_share(lower, self._cold(), full)) // 2 if lower > FAULTS else share

    def _raise_alarms(self):
        """no_hot_water: it was hot, should still be, and has run out. maintenance_due: by energy."""
        top = self._top()
        should_be_hot = self.state[_POWER] and not self._modes.is_setback and self._target >= USABLE
        if not should_be_hot or top <= FAULTS:
            self._was_hot = False
        elif top >= USABLE:
            self._was_hot = True
        if not self._was_hot or top >= USABLE:
            self.alarms &= ~_NO_HOT_WATER
        elif top < _RUN_OUT:
            self.alarms |= _NO_HOT_WATER
        since_kwh = self.state[_ENERGY] // 1000 - self.maintained_kwh
        if 0 < self.maintenance_kwh <= since_kwh:
            self.alarms |= _MAINTENANCE_DUE
        else:
            self.alarms &= ~_MAINTENANCE_DUE
