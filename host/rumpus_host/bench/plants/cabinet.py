"""Cabinet: a no-frost refrigerator with one evaporator and three compartments.

Each compartment is air (degC) with what lies in it, one heat capacity each:

    C_air  dT_air/dt  = G_wall (T_ambient - T_air) + G_door open (T_ambient - T_air)
                        + G_food (T_food - T_air) - G_air (T_air - T_evap)
    C_food dT_food/dt = G_food (T_air - T_food)

Fan and damper decide G_air; without the fan a tenth of it is left. Frost chokes it: G_air / (1 + m / m_half).
The evaporator, with Q the cold the compressor makes there, falling as it gets colder:

    C_evap dT_evap/dt = sum G_air (T_air - T_evap) + P_heater - Q
    Q = 150 W (1 + (T_evap + 28) / 45), not below 0, a fifth less for each 10 K of ambient above 25 degC

Moist air leaves frost on an evaporator below 0 degC: a little always, more through open doors. At 0 degC
heat melts it instead of warming it, 334 kJ/kg.

Temperatures in degC, heat capacities in J/K, conductances in W/K, power in W, mass in kg.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ..sensors import Truth
from .base import Plant

_MELT_J_KG = 334_000.0
_FROST_HALF_KG = 0.6  # halves the evaporator's conductance
_FROST_KG_S = 0.04 / 86_400  # what gets in through seals: 40 g a day
_FROST_DOOR_KG_S = 0.02 / 300  # and 20 g in five minutes of open door
_EVAPORATOR_J_K = 3_500.0
_CALM = 0.1  # share of an exchange that is left without fan or damper
_DOOR_W_K = 12.0
_TRAY_TURN_S = 12.0  # the ice tray's way around
_ICE_KG = 0.12  # of one tray
_BIN_KG = 1.8


class _Kind(NamedTuple):
    """What a compartment is made of."""

    air: float  # J/K, the liner included
    food: float  # J/K
    wall: float  # W/K
    inside: float  # W/K between air and food
    exchange: float  # W/K to the evaporator at full fan
    start: float  # degC when the plant is made


_KINDS = {
    "fridge": _Kind(18_000.0, 60_000.0, 1.4, 6.0, 4.0, 6.0),
    "freezer": _Kind(12_000.0, 40_000.0, 0.9, 5.0, 14.0, -17.0),
    "variable": _Kind(8_000.0, 15_000.0, 0.4, 3.0, 2.0, 1.0),
}
_DAMPERS = {"fridge": "fridge_damper", "variable": "variable_damper"}


class Cabinet(Plant):
    """Set at any time: ambient (degC), fridge_door, freezer_door, bar_door, variable_door (open or not),
    water_empty, mode_button, filter_button (pressed), and the broken parts compressor_broken, fan_broken,
    heater_broken."""

    def __init__(self, seed: int = 0, noise: float = 0.0) -> None:
        super().__init__(seed, noise)
        self.ambient = 22.0
        self.fridge_door = self.freezer_door = self.bar_door = self.variable_door = False
        self.water_empty = self.mode_button = self.filter_button = False
        self.compressor_broken = self.fan_broken = self.heater_broken = False
        self.air = {name: kind.start for name, kind in _KINDS.items()}
        self.food = dict(self.air)
        self.evaporator = -20.0
        self.frost_kg = 0.0
        self.ice_kg = 0.0  # in the bin
        self.tray = 0.0  # turns since home, 0..1
        self.power_w = 0.0
        self.fan_rpm = 0.0

    def set_all(self, celsius: float) -> None:
        """Everything inside at one temperature, as after a day without power."""
        for name in _KINDS:
            self.air[name] = self.food[name] = celsius
        self.evaporator = celsius
        self.frost_kg = 0.0

    def _step(self, dt: float, outputs: Mapping[str, float]) -> None:
        fan = 0.0 if self.fan_broken else outputs.get("fan", 0.0)
        heater_w = 0.0 if self.heater_broken else 180.0 * outputs.get("defrost_heater", 0.0)
        compressor = 0.0 if self.compressor_broken else outputs.get("compressor", 0.0)
        into_evaporator_w = heater_w - self._cold_w(compressor)
        for name, kind in _KINDS.items():
            into_evaporator_w += self._step_compartment(name, kind, fan, outputs, dt)
        self._step_evaporator(into_evaporator_w, fan, dt)
        self._step_ice(outputs, dt)
        self.fan_rpm = 1500.0 * fan
        self.power_w = self._power_w(compressor, fan, heater_w, outputs)

    def _cold_w(self, compressor: float) -> float:
        weather = max(0.2, 1 - 0.02 * max(0.0, self.ambient - 25))
        return compressor * weather * max(0.0, 150.0 * (1 + (self.evaporator + 28) / 45))

    def _step_compartment(
        self, name: str, kind: _Kind, fan: float, outputs: Mapping[str, float], dt: float
    ) -> float:
        """The heat that the compartment gives to the evaporator, in W."""
        air, food = self.air[name], self.food[name]
        blown = fan * outputs.get(_DAMPERS[name], 0.0) if name in _DAMPERS else fan
        exchange = kind.exchange * (_CALM + (1 - _CALM) * blown) / (1 + self.frost_kg / _FROST_HALF_KG)
        if name in _DAMPERS and not blown:
            exchange *= _CALM  # a closed damper holds back what the calm air would carry
        to_evaporator_w = exchange * (air - self.evaporator)
        outside = kind.wall + (_DOOR_W_K if self._is_open(name) else 0.0)
        from_food_w = kind.inside * (food - air)
        self.air[name] += (outside * (self.ambient - air) + from_food_w - to_evaporator_w) / kind.air * dt
        self.food[name] -= from_food_w / kind.food * dt
        return to_evaporator_w

    def _is_open(self, name: str) -> bool:
        if name == "fridge":
            return self.fridge_door or self.bar_door
        return self.freezer_door if name == "freezer" else self.variable_door

    def _step_evaporator(self, heat_w: float, fan: float, dt: float) -> None:
        doors = sum((self.fridge_door, self.freezer_door, self.bar_door, self.variable_door))
        if self.evaporator < 0:
            self.frost_kg += (_FROST_KG_S + _FROST_DOOR_KG_S * doors * (0.2 + 0.8 * fan)) * dt
        warmer = self.evaporator + heat_w / _EVAPORATOR_J_K * dt
        if self.frost_kg > 0 and warmer > 0:
            # What would lift it above 0 degC melts frost instead.
            melted_kg = min(self.frost_kg, warmer * _EVAPORATOR_J_K / _MELT_J_KG)
            self.frost_kg -= melted_kg
            warmer -= melted_kg * _MELT_J_KG / _EVAPORATOR_J_K
        self.evaporator = warmer

    def _step_ice(self, outputs: Mapping[str, float], dt: float) -> None:
        if outputs.get("ice_motor", 0.0):
            self.tray += dt / _TRAY_TURN_S
            if self.tray >= 1:
                self.tray = 0.0
                self.ice_kg += _ICE_KG

    def _power_w(self, compressor: float, fan: float, heater_w: float, outputs: Mapping[str, float]) -> float:
        compressor_w = compressor * (90.0 + 0.8 * (self.evaporator + 28) + 1.5 * (self.ambient - 25))
        return 2.0 + max(0.0, compressor_w) + 6.0 * fan + heater_w + 4.0 * outputs.get("light", 0.0)

    def _readings(self) -> dict[str, Truth]:
        return {
            "fridge_temperature": self.air["fridge"],
            "freezer_temperature": self.air["freezer"],
            "variable_temperature": self.air["variable"],
            "ambient_temperature": self.ambient,
            "evaporator_temperature": self.evaporator,
            "fridge_door": self.fridge_door,
            "freezer_door": self.freezer_door,
            "bar_door": self.bar_door,
            "variable_door": self.variable_door,
            "power": self.power_w,
            "fan_speed": self.fan_rpm,
            "ice_full": self.ice_kg >= _BIN_KG,
            "tray_home": self.tray < 0.05,
            "water_empty": self.water_empty,
            "mode_button": self.mode_button,
            "filter_button": self.filter_button,
        }
