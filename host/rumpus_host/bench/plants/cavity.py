"""Cavity: a microwave oven with food in it.

    C_food dT_food/dt       = P_waves + 0.3 P_grill + 0.5 P_steam + G_food (T_chamber - T_food)
    C_chamber dT_chamber/dt = 0.7 P_grill + P_convection + 0.5 P_steam + G_food (T_food - T_chamber)
                              - G_wall (T_chamber - T_room)
    C_tube dT_tube/dt       = P_magnetron - P_waves - G_tube (T_tube - T_room)

The magnetron takes 1250 W and gives 800 W of waves to the food; the rest warms its tube, which the fan
cools. Without food the waves come back and end in the tube as well. Frozen food thaws at 0 degC (334 kJ/kg
of its ice). Food boils at 100 degC: from there on heat turns its water into steam (2257 kJ/kg). The main
relay is before all of them.

A real oven's door switches also break the line; these do not, so that leaked_j, the waves that left
through an open door, shows what the firmware alone does. It may be one step's worth, never more.

Temperatures in degC, heat capacities in J/K, conductances in W/K, power in W, mass in kg.
"""

from collections.abc import Mapping

from ..sensors import Truth
from .base import Plant

_WAVES_W = 800.0
_MAGNETRON_W = 1_250.0
_GRILL_W = 1_000.0
_STEAM_W = 900.0
_CONVECTION_W = 1_800.0
_FOOD_J_KG_K = 3_700.0
_MELT_J_KG = 334_000.0
_BOIL_J_KG = 2_257_000.0
_CHAMBER_J_K = 4_500.0
_TUBE_J_K = 900.0
_FOOD_W_K = 3.0
_WALL_W_K = (5.0, 25.0)  # with the door closed, and open
_TUBE_W_K = (1.0, 9.0)  # without the cooling fan, and what it adds


class Cavity(Plant):
    """Set at any time: door (open or not), food_kg, food and room (degC), ice_kg (of it), mains_volts, water_low,
    tank_out, remote_button, start_button, stop_button (pressed or not), and the broken parts magnetron_broken,
    fan_broken. leaked_j: what left through the open door as microwaves."""

    def __init__(
        self, seed: int = 0, noise: float = 0.0, *, food_kg: float = 0.4, start: float = 20.0
    ) -> None:
        super().__init__(seed, noise)
        self.room = 22.0
        self.mains_volts = 230.0
        self.door = self.water_low = self.tank_out = False
        self.remote_button = self.start_button = self.stop_button = False
        self.magnetron_broken = self.fan_broken = False
        self.food_kg = food_kg
        self.food = start
        self.ice_kg = 0.0
        self.chamber = self.tube = self.room
        self.steam_kg_s = 0.0
        self.leaked_j = 0.0
        self.magnetron_w = 0.0
        self.fan = 0.0

    def _step(self, dt: float, outputs: Mapping[str, float]) -> None:
        mains = outputs.get("main_relay", 1.0)
        magnetron = 0.0 if self.magnetron_broken else mains * outputs.get("magnetron", 0.0)
        grill_w = mains * _GRILL_W * outputs.get("grill", 0.0)
        steam_w = mains * _STEAM_W * outputs.get("steam", 0.0) * (not self.tank_out and not self.water_low)
        convection_w = mains * _CONVECTION_W * outputs.get("convection", 0.0)
        self.magnetron_w = magnetron * _MAGNETRON_W
        self.fan = 0.0 if self.fan_broken else outputs.get("fan", 0.0)
        has_food = self.food_kg > 0 and not self.door
        waves_w = magnetron * _WAVES_W
        if self.door:
            self.leaked_j += waves_w * dt
        food_w = waves_w + 0.3 * grill_w + 0.5 * steam_w if has_food else 0.0
        self._step_tube(self.magnetron_w - (waves_w if has_food else 0.0), dt)
        across_w = _FOOD_W_K * (self.chamber - self.food) if self.food_kg > 0 else 0.0
        lost_w = _WALL_W_K[self.door] * (self.chamber - self.room)
        chamber_w = convection_w + 0.7 * grill_w + 0.5 * steam_w - across_w - lost_w
        self.chamber += chamber_w / _CHAMBER_J_K * dt
        self._heat_food(food_w + across_w, dt)

    def _step_tube(self, heat_w: float, dt: float) -> None:
        cooling_w_k = _TUBE_W_K[0] + _TUBE_W_K[1] * self.fan
        self.tube += (heat_w - cooling_w_k * (self.tube - self.room)) / _TUBE_J_K * dt

    def _heat_food(self, heat_w: float, dt: float) -> None:
        self.steam_kg_s = 0.0
        if self.food_kg <= 0:
            return
        capacity = self.food_kg * _FOOD_J_KG_K
        self.food += heat_w * dt / capacity
        if self.ice_kg > 0 and self.food > 0:
            melted_kg = min(self.ice_kg, self.food * capacity / _MELT_J_KG)
            self.ice_kg -= melted_kg
            self.food -= melted_kg * _MELT_J_KG / capacity
        if self.food > 100:
            self.steam_kg_s = (self.food - 100) * capacity / _BOIL_J_KG / dt
            self.food_kg = max(0.0, self.food_kg - self.steam_kg_s * dt)
            self.food = 100.0

    def _readings(self) -> dict[str, Truth]:
        return {
            "door": self.door,
            "door_monitor": self.door,
            "chamber_temperature": self.chamber,
            "magnetron_current": self.magnetron_w / self.mains_volts * 1000 if self.mains_volts else 0.0,
            "fan_speed": 2_400 * self.fan,
            "gas_level": 5.0 + 45.0 * (self.food > 70) + 100_000 * self.steam_kg_s,
            "water_low": self.water_low,
            "tank_out": self.tank_out,
            "remote_button": self.remote_button,
            "start_button": self.start_button,
            "stop_button": self.stop_button,
        }
