"""Air conditioner: a reversible split unit acted on by relays and proportional outputs.

Set-point rules of the modes: modes.py; what may be wished: wishes.py;
compressor and valve: heat_pump.py; further outdoor_defrost.py, indoor_fan.py, louver.py. What must
never happen, minimum-off included, is in interlocks.py.

Two outputs that mean the same part are two ways to wire it: `compressor` (relay) and
`compressor_speed` (inverter), `indoor_fan` (proportional) and the three motor taps. A device that
acts by infrared wires none of them but `remote`: remote.py.
"""

# TUNING becomes attributes, which a type checker cannot see.
# pyright: reportAttributeAccessIssue=false

from ...rump.tables import air_conditioner as table
from ..base import ALARMS, FAULTS, FULL, Appliance, bit, ids
from ..energy import Energy
from ..timers import Timers
from . import product, remote
from .air_filter import AirFilter
from .heat_pump import COOLS, HEATS, HeatPump
from .indoor_fan import LEVELS, LOW, PREHEAT, REMOVES, IndoorFan
from .inverter import DEFROST_SPEED, DRY_SPEED, LEAST, is_nearly_freezing, speed_for
from .louver import Louver
from .modes import COOL, DRY, FAN, HEAT, Comfort
from .outdoor_defrost import OutdoorDefrost
from .power import watts_now
from .wishes import STOP, Wishes

_POWER, _MODE, _TARGET, _FAN_SPEED = ids(table.FIELDS, "power", "mode", "target_temperature", "fan_speed")
_VERTICAL, _HORIZONTAL = ids(table.FIELDS, "swing_vertical", "swing_horizontal")
_TARGET_HUMIDITY, _TURBO, _QUIET, _ECO = ids(table.FIELDS, "target_humidity", "turbo", "quiet", "eco")
_AUX_HEAT, _HEALTH, _FRESH_AIR = ids(table.FIELDS, "aux_heat", "health", "fresh_air")
_DISPLAY, _BEEP = ids(table.FIELDS, "display", "beep")
_INDOOR, _OUTDOOR = ids(table.FIELDS, "indoor_temperature", "outdoor_temperature")
_HUMIDITY, _SPECIAL, _RUNNING = ids(table.FIELDS, "indoor_humidity", "special_state", "compressor")
_FILTER_DIRTY, _POWER_NOW, _ENERGY = ids(table.FIELDS, "filter_dirty", "power_now", "energy_total")
_FILTER_REMINDER = bit(table.ALARMS, "filter_reminder")

_NORMAL, _DEFROST, _PREHEAT, _HEAT_REMOVAL = range(4)

# Positions in INPUTS and OUTPUTS.
_ROOM, _ROOM_HUMIDITY, _COIL, _OUTDOOR_AIR, _OUTDOOR_COIL = range(5)
_FILTER_KEY, _UNIT_POWER = 13, 14
_COMPRESSOR, _SPEED, _VALVE, _OUTDOOR_FAN, _INDOOR_FAN, _TAP_LOW, _TAP_MID, _TAP_HIGH = range(8)
_AUX, _MAIN_RELAY, _LOUVER_V, _LOUVER_H, _IONISER, _FRESH_AIR_FAN, _LIGHTS, _BUZZER, _REMOTE = range(8, 17)

_BEEP_MS = 100
# Auxiliary heater: on and off at this need (0.1 K).
_AUX_BEGIN = 15
_AUX_END = 5


class AirConditioner(Appliance):
    TABLE = table
    # fmt: off
    # 0.1 degC and percent, mA, V; 1 = tripped, full, answers, pressed; pulses since the last step; W.
    INPUTS = (
        "room_temperature", "room_humidity", "indoor_coil", "outdoor_temperature", "outdoor_coil",
        "discharge_temperature", "supply_current", "supply_voltage", "pressure_switch", "water_switch",
        "indoor_fan_pulses", "outdoor_fan_pulses", "outdoor_unit", "filter_key", "unit_power",
    )
    # Proportional, 0..FULL: compressor_speed, indoor_fan, both louvers. All others 0 or 1. main_relay: a
    # second contactor in the line of compressor and heater. remote: see remote_state.py.
    OUTPUTS = (
        "compressor", "compressor_speed", "four_way_valve", "outdoor_fan", "indoor_fan", "indoor_fan_low",
        "indoor_fan_mid", "indoor_fan_high", "aux_heater", "main_relay", "louver_vertical",
        "louver_horizontal", "ioniser", "fresh_air_fan", "display", "buzzer", "remote",
    )
    HAZARDS = ("compressor", "compressor_speed", "aux_heater")
    NEEDS = (
        ("swing_vertical", "louver_vertical"), ("swing_horizontal", "louver_horizontal"),
        ("target_humidity", "room_humidity"), ("indoor_humidity", "room_humidity"),
        ("outdoor_temperature", "outdoor_temperature"), ("aux_heat", "aux_heater"), ("health", "ioniser"),
        ("fresh_air", "fresh_air_fan"), ("display", "display"), ("beep", "buzzer"),
    )
    TUNING, DEFAULTS = product.TUNING, product.DEFAULTS
    KEPT = product.KEPT
    TOTALS = product.TOTALS
    ATTRIBUTES = product.ATTRIBUTES
    # fmt: on

    def __init__(self, state, settings, wired):
        super().__init__(state, settings, wired)
        self.timers = timers = Timers()
        self._wishes = Wishes(state, timers)
        self._comfort = Comfort()
        self._pump = HeatPump(timers, self.compressor_min_on_s * 1000)
        self._defrost = OutdoorDefrost(timers)
        self._fan = IndoorFan(timers)
        self.filter = AirFilter(self, timers)
        self._vertical = Louver()
        self._horizontal = Louver()
        self._energy = Energy(state, _ENERGY)
        self._beep = timers.add()
        self._is_inverter = "compressor_speed" in wired
        self._is_remote = "remote" in wired
        self._aux = False

    @classmethod
    def fitted(cls, wired):
        names = super().fitted(wired)
        return remote.known(names, wired) if "remote" in wired else names

    def check(self, control):
        self._wishes.check(control, self._defrost.is_active)

    def apply(self, control):
        # The mode first: it ends what means nothing in it, and the rest of the request comes after.
        i = control.find(_MODE)
        if i >= 0:
            self._wishes.set(_MODE, control.values[i])
        for i in range(control.count):
            if control.fields[i] != _MODE:
                self._wishes.set(control.fields[i], control.values[i])
        self.timers.start(self._beep, _BEEP_MS)

    def set(self, field, counts):
        self._wishes.set(field, counts)

    def step(self, elapsed_ms):
        """Allocates nothing."""
        self.clock.advance(elapsed_ms)
        self._measure(elapsed_ms)
        self._swing(elapsed_ms)
        self._react()
        while elapsed_ms > 0:
            ms = self.timers.until(elapsed_ms)
            self.timers.advance(ms)
            elapsed_ms -= ms
            self._react()
        self._report()

    def _react(self):
        self._wishes.react()
        self.filter.react(self.inputs[_FILTER_KEY])
        if self._is_remote:
            self.wanted[_REMOTE] = remote.wished(self.state, self._wishes.sleep_minutes())
        else:
            self._decide_comfort()
            self._run_pump()
            self._blow()
            self._heat_more()
        self._set_small_outputs()

    def _optional(self, field):
        """Counts of a field that this device may not have; then 0."""
        return (self.state[field] or 0) if self.state.has(field) else 0

    def _may_work(self):
        return self.state[_POWER] == 1 and not self._wishes.is_cleaning()

    # --- compressor ---------------------------------------------------------------------------

    def _decide_comfort(self):
        state = self.state
        wishes = self._wishes
        if wishes.is_new_choice:
            self._comfort.forget()
        if wishes.is_new:
            self._comfort.wish()
        wishes.is_new = wishes.is_new_choice = False
        self._comfort.decide(
            state[_MODE],
            self.inputs[_ROOM],
            self.inputs[_ROOM_HUMIDITY],
            state[_TARGET],
            state[_TARGET_HUMIDITY] if state.has(_TARGET_HUMIDITY) else None,
            wishes.sleep_minutes(),
            state[_ECO],
        )

    def _run_pump(self):
        comfort = self._comfort
        level = self.levels[_COMPRESSOR]
        is_stopped = self.state[ALARMS] & STOP != 0
        is_heating = self._may_work() and comfort.mode == HEAT
        self._defrost.decide(
            is_heating, level, self.levels[_VALVE], self.inputs[_OUTDOOR_COIL], self.inputs[_OUTDOOR_AIR]
        )
        is_defrosting = self._defrost.is_active
        # A wet coil cleans, ice does not.
        wets = self._wishes.is_wetting() and not is_nearly_freezing(self.inputs[_COIL])
        is_called = is_defrosting or wets or (self._may_work() and comfort.is_called)
        side = HEATS if is_heating and not is_defrosting else COOLS
        if self._may_work() and comfort.mode == FAN:
            side = self._pump.valve  # auto has not chosen: the valve stays where it is
        self._pump.decide(is_called, side, is_stopped or not (is_called or self._may_work()), level)
        wanted = self.wanted
        wanted[_COMPRESSOR] = self._pump.run
        wanted[_SPEED] = self._speed() if self._pump.run else 0
        wanted[_VALVE] = self._pump.valve
        # A defrost that is due waits for the compressor's least running time, still heating.
        still = is_defrosting and self._pump.valve != HEATS
        wanted[_OUTDOOR_FAN] = 1 if self._pump.run and not still else 0

    def _speed(self):
        """Level of an inverter."""
        if self._defrost.is_active:
            return DEFROST_SPEED
        if self._wishes.is_wetting() or self._comfort.mode == DRY:
            return DRY_SPEED
        if self._comfort.mode == COOL and is_nearly_freezing(self.inputs[_COIL]):
            return LEAST
        state = self.state
        return speed_for(self._comfort.need, state[_TURBO], state[_ECO], state[_QUIET])

    # --- air ----------------------------------------------------------------------------------

    def _blow(self):
        fan = self._fan
        coil = self.inputs[_COIL]
        if self._defrost.is_active and not (self._pump.run and self._pump.valve == HEATS):
            fan.stop()
        elif self._may_work() and self._comfort.mode == HEAT:
            heats = self.levels[_COMPRESSOR] and self.levels[_VALVE] == HEATS
            fan.heat(self._fan_level(), coil, heats)
        elif self._may_work():
            fan.cool(self._fan_level(), coil)
        else:
            fan.cool(LOW if self._wishes.is_wetting() else FULL if self._wishes.is_drying() else 0, coil)
        tap = fan.tap()
        wanted = self.wanted
        wanted[_INDOOR_FAN] = fan.level
        wanted[_TAP_LOW] = 1 if tap == 1 else 0
        wanted[_TAP_MID] = 1 if tap == 2 else 0
        wanted[_TAP_HIGH] = 1 if tap == 3 else 0

    def _fan_level(self):
        state = self.state
        if state[_TURBO]:
            return FULL
        if state[_QUIET] or self._comfort.mode == DRY:
            return LOW
        speed = state[_FAN_SPEED]
        return LEVELS[speed] if speed else self._fan.auto_level(self._comfort.need)

    def _heat_more(self):
        need = self._comfort.need
        self._aux = need > _AUX_END and (self._aux or need >= _AUX_BEGIN)
        is_wanted = self._may_work() and self._optional(_AUX_HEAT) and self._comfort.mode == HEAT
        if not is_wanted or not self._fan.level or self.state[ALARMS] & STOP:
            self._aux = False
        self.wanted[_AUX] = 1 if self._aux else 0

    def _swing(self, elapsed_ms):
        if self.state[_POWER] == 1:
            self._vertical.step(elapsed_ms, self._optional(_VERTICAL))
            self._horizontal.step(elapsed_ms, self._optional(_HORIZONTAL))

    def _set_small_outputs(self):
        state = self.state
        wanted = self.wanted
        is_on = state[_POWER] == 1
        beeps = not self.timers.is_over(self._beep) and self.timers.is_started(self._beep)
        wanted[_MAIN_RELAY] = 1 if is_on or self._pump.run or self._aux else 0
        wanted[_LOUVER_V] = self._vertical.level if is_on else 0
        wanted[_LOUVER_H] = self._horizontal.level
        wanted[_IONISER] = 1 if self._optional(_HEALTH) and is_on and self._fan.level else 0
        wanted[_FRESH_AIR_FAN] = 1 if self._optional(_FRESH_AIR) and is_on else 0
        wanted[_LIGHTS] = 1 if self._optional(_DISPLAY) and is_on else 0
        wanted[_BUZZER] = 1 if beeps and self._optional(_BEEP) else 0

    # --- status -------------------------------------------------------------------------------

    def _measure(self, elapsed_ms):
        watts = self.inputs[_UNIT_POWER] if self._is_remote else watts_now(self, self._is_inverter)
        is_known = watts > FAULTS
        if is_known:
            self._energy.add(watts, elapsed_ms)
        runs = (
            remote.compresses(watts, self.compressor_watts) if self._is_remote else self.levels[_COMPRESSOR]
        )
        self.state[_RUNNING] = (1 if runs else 0) if is_known else None
        self.state[_POWER_NOW] = watts if is_known else None
        if self.levels[_INDOOR_FAN] or self.levels[_REMOTE]:
            self.filter.add(elapsed_ms)

    def _report(self):
        state = self.state
        self._wishes.report()
        room = self.inputs[_ROOM]
        state[_INDOOR] = room if room > FAULTS else None
        humidity = self.inputs[_ROOM_HUMIDITY]
        state[_HUMIDITY] = humidity if humidity > FAULTS else None
        outdoor = self.inputs[_OUTDOOR_AIR]
        state[_OUTDOOR] = outdoor if outdoor > FAULTS else None
        state[_SPECIAL] = self._special_state()
        is_dirty = self.filter.is_dirty()
        state[_FILTER_DIRTY] = 1 if is_dirty else 0
        self.alarms = _FILTER_REMINDER if is_dirty else 0

    def _special_state(self):
        if self._is_remote:
            return None  # the unit does not tell
        if self._defrost.is_active:
            return _DEFROST
        if self._fan.state == PREHEAT:
            return _PREHEAT
        return _HEAT_REMOVAL if self._fan.state == REMOVES else _NORMAL
