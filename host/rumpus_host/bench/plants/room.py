"""Room: a room with walls, an air conditioner between it and the weather.

    C_air dT_air/dt   = G_out (T_out - T_air) + G_mass (T_mass - T_air) + H_in (T_coil - T_air)
                        + gains + P_aux
    C_mass dT_mass/dt = G_mass (T_air - T_mass)
    C_coil dT_coil/dt = H_in (T_air - T_coil) + condensation heat + what the refrigerant brings
    C_unit dT_unit/dt = H_out (T_out - T_unit) + what the refrigerant brings       (the outdoor coil)

H_in and H_out grow with their fans. The compressor at speed s pumps from the cold coil to the hot one,
the less the higher the lift from cold to hot, and the less the colder the cold coil, where the vapour is
thin; its own power ends in the hot coil:

    Q = s 3600 W (1 - (lift - 30 K) / 80 K) (1 - (10 degC - T_cold) / 50 K), each within 0 and 1
    W = s (350 W + 12 W/K lift)

The four-way valve says which coil is hot. An outdoor coil below 0 degC gathers frost from the outdoor
air, which chokes it (H_out / (1 + m / m_half)) until heat melts it (334 kJ/kg). The room's humidity falls
by what condenses on a coil colder than the dew point, and rises by people and by outdoor air. The discharge
pipe follows the hot coil plus a superheat with a time constant of a minute. The compressor's overload
protector and the auxiliary heater's cut-out are built in, as in a real unit.

Temperatures in degC, heat capacities in J/K, conductances in W/K, power in W, humidity in percent.
"""

import math
from collections.abc import Mapping

from ..sensors import Truth
from .base import Plant

_AIR_J_K = 120_000.0  # 40 m3 of air and what follows it at once
_MASS_J_K = 3_000_000.0
_COIL_J_K = 8_000.0
_OUT_W_K = 35.0
_MASS_W_K = 150.0
_INDOOR_W_K = (15.0, 250.0)  # of the indoor coil without fan, and what the full fan adds
_OUTDOOR_W_K = (25.0, 260.0)
_TAPS = (("indoor_fan_low", 0.4), ("indoor_fan_mid", 0.7), ("indoor_fan_high", 1.0))
_PUMP_W = 3_600.0
_THIN_BELOW, _THIN_K = 10.0, 50.0  # degC of the cold coil; K below that at which nothing is pumped any more
_MELT_J_KG = 334_000.0
_FROST_HALF_KG = 0.8
_FROST_KG_S_K = 0.000_04  # for each degree of the coil below 0 degC
_DEEPEST_FROST_K = 10.0  # below which the air is too dry to give more
_CONDENSE_J_KG = 2_500_000.0
_AIR_KG = 48.0
_AIR_CP = 1_005.0
_PEOPLE_KG_S = 0.1 / 3_600
_AIR_CHANGE_S = 3_600 / 0.4
_DISCHARGE_S = 60.0
_OVERLOAD_DEGC = 80.0  # the compressor's own protector opens
_CUT_OUT_DEGC = 60.0  # and so does the auxiliary heater's, in the air
_DAY_S = 86_400.0
_HOTTEST_S = 15 * 3_600.0


def saturated(celsius: float) -> float:
    """Water that air can hold, kg per kg (Magnus formula, at sea level)."""
    pressure_hpa = 6.112 * math.exp(17.62 * celsius / (243.12 + celsius))
    pressure_hpa = min(pressure_hpa, 900.0)  # an oven of a room needs a number too
    return 0.622 * pressure_hpa / (1013.0 - pressure_hpa)


class Room(Plant):
    """Set at any time: outdoor_mean and daily_swing (degC; hottest at 15 h), outdoor_humidity (percent),
    gains (W: sun, people, machines), mains_volts, filter_dirty (less air), water_full, over_pressure,
    filter_key (pressed), and the broken parts compressor_broken, indoor_fan_broken, outdoor_fan_broken,
    outdoor_unit_silent. time_of_day_s is where the day begins.
    """

    def __init__(
        self, seed: int = 0, noise: float = 0.0, *, start: float = 29.0, outdoor: float = 33.0
    ) -> None:
        super().__init__(seed, noise)
        self.outdoor_mean, self.daily_swing = outdoor, 0.0
        self.time_of_day_s = 12 * 3_600.0
        self.outdoor_humidity = 60.0
        self.gains = 150.0
        self.mains_volts = 230.0
        self.filter_dirty = self.water_full = self.over_pressure = self.filter_key = False
        self.outdoor_unit_silent = False
        self.compressor_broken = self.indoor_fan_broken = self.outdoor_fan_broken = False
        self.air = self.mass = self.indoor_coil = start
        self.outdoor_coil = self.discharge = self.outdoor
        self.frost_kg = 0.0
        self.vapour = 0.55 * saturated(start)  # kg per kg
        self.power_w = 0.0
        self.indoor_rpm = self.outdoor_rpm = 0.0

    @property
    def outdoor(self) -> float:
        """The outdoor temperature of this moment."""
        phase = (self.time_of_day_s + self.elapsed_s - _HOTTEST_S) / _DAY_S
        return self.outdoor_mean + self.daily_swing * math.cos(2 * math.pi * phase)

    @property
    def humidity(self) -> float:
        """Relative humidity of the room, in percent."""
        return min(100.0, 100 * self.vapour / saturated(self.air))

    def set_all(self, celsius: float) -> None:
        """Room, walls and indoor coil at one temperature."""
        self.air = self.mass = self.indoor_coil = celsius

    def _step(self, dt: float, outputs: Mapping[str, float]) -> None:
        indoor_fan = 0.0 if self.indoor_fan_broken else self._air(outputs)
        outdoor_fan = 0.0 if self.outdoor_fan_broken else outputs.get("outdoor_fan", 0.0)
        speed = 0.0 if self.compressor_broken else self._speed(outputs)
        heats = outputs.get("four_way_valve", 0.0) > 0
        cold, hot = (self.outdoor_coil, self.indoor_coil) if heats else (self.indoor_coil, self.outdoor_coil)
        if hot > _OVERLOAD_DEGC:
            speed = 0.0
        lift = max(0.0, hot - cold)
        thin = max(0.0, 1 - max(0.0, _THIN_BELOW - cold) / _THIN_K)
        pumped_w = speed * _PUMP_W * min(1.0, max(0.0, 1 - (lift - 30) / 80)) * thin
        own_w = speed * (350 + 12 * lift)
        indoor_w, outdoor_w = (pumped_w + own_w, -pumped_w) if heats else (-pumped_w, pumped_w + own_w)
        self._step_outdoor(outdoor_w, outdoor_fan, dt)
        aux_w = 1_500.0 * outputs.get("aux_heater", 0.0) * (self.air < _CUT_OUT_DEGC)
        self._step_indoor(indoor_w, indoor_fan, aux_w, dt)
        superheat = 15 + 15 * speed if speed else 0.0
        self.discharge += (max(hot, cold) + superheat - self.discharge) * dt / _DISCHARGE_S
        self.power_w = 3.0 + own_w + 40 * indoor_fan + 50 * outdoor_fan + aux_w
        self.indoor_rpm, self.outdoor_rpm = 1_200 * indoor_fan, 800 * outdoor_fan

    @staticmethod
    def _speed(outputs: Mapping[str, float]) -> float:
        """A compressor on a relay runs at full speed, one on an inverter at the speed it is given."""
        mains = outputs.get("main_relay", 1.0)
        return mains * outputs.get("compressor_speed", outputs.get("compressor", 0.0))

    @staticmethod
    def _air(outputs: Mapping[str, float]) -> float:
        """The indoor fan's share of full: by a proportional output, or by one of three motor taps."""
        taps = [share * outputs.get(role, 0.0) for role, share in _TAPS]
        return max(outputs.get("indoor_fan", 0.0), *taps)

    def _step_indoor(self, refrigerant_w: float, fan: float, aux_w: float, dt: float) -> None:
        exchange = (_INDOOR_W_K[0] + _INDOOR_W_K[1] * fan) * (0.6 if self.filter_dirty else 1.0)
        to_coil_w = exchange * (self.air - self.indoor_coil)
        to_mass_w = _MASS_W_K * (self.air - self.mass)
        out_w = _OUT_W_K * (self.outdoor - self.air)
        condensed_kg_s = 0.7 * exchange / _AIR_CP * max(0.0, self.vapour - saturated(self.indoor_coil))
        self.indoor_coil += (to_coil_w + condensed_kg_s * _CONDENSE_J_KG + refrigerant_w) / _COIL_J_K * dt
        self.air += (out_w + self.gains + aux_w - to_mass_w - to_coil_w) / _AIR_J_K * dt
        self.mass += to_mass_w / _MASS_J_K * dt
        outdoor_vapour = self.outdoor_humidity / 100 * saturated(self.outdoor)
        gained_kg_s = _PEOPLE_KG_S + _AIR_KG * (outdoor_vapour - self.vapour) / _AIR_CHANGE_S
        self.vapour = min(self.vapour + (gained_kg_s - condensed_kg_s) / _AIR_KG * dt, saturated(self.air))

    def _step_outdoor(self, refrigerant_w: float, fan: float, dt: float) -> None:
        exchange = (_OUTDOOR_W_K[0] + _OUTDOOR_W_K[1] * fan) / (1 + self.frost_kg / _FROST_HALF_KG)
        heat_w = exchange * (self.outdoor - self.outdoor_coil) + refrigerant_w
        if self.outdoor_coil < 0 and self.outdoor_coil < self.outdoor:
            depth = min(-self.outdoor_coil, _DEEPEST_FROST_K)
            self.frost_kg += _FROST_KG_S_K * depth * self.outdoor_humidity / 100 * dt
        warmer = self.outdoor_coil + heat_w / _COIL_J_K * dt
        if self.frost_kg > 0 and warmer > 0:
            melted_kg = min(self.frost_kg, warmer * _COIL_J_K / _MELT_J_KG)
            self.frost_kg -= melted_kg
            warmer -= melted_kg * _MELT_J_KG / _COIL_J_K
        self.outdoor_coil = warmer

    def _readings(self) -> dict[str, Truth]:
        return {
            "room_temperature": self.air,
            "room_humidity": self.humidity,
            "indoor_coil": self.indoor_coil,
            "outdoor_temperature": self.outdoor,
            "outdoor_coil": self.outdoor_coil,
            "discharge_temperature": self.discharge,
            "supply_current": self.power_w / self.mains_volts * 1000 if self.mains_volts else 0.0,
            "supply_voltage": self.mains_volts,
            "pressure_switch": self.over_pressure,
            "water_switch": self.water_full,
            "indoor_fan_pulses": self.indoor_rpm,
            "outdoor_fan_pulses": self.outdoor_rpm,
            "outdoor_unit": not self.outdoor_unit_silent,
            "filter_key": self.filter_key,
        }
