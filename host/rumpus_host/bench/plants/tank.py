"""Tank: a storage water heater of two zones, hot water on top.

Cold water comes in below, pushes the lower zone up and the upper zone out. For each zone, with
C = volume 4186 J/K and half the standing losses:

    C dT_upper/dt = P_upper + F (T_lower - T_upper) + K (T_lower - T_upper) - G/2 (T_upper - T_ambient)
    C dT_lower/dt = P_lower + F (T_inlet - T_lower) + K (T_upper - T_lower) - G/2 (T_lower - T_ambient)

F is the draw-off as a heat flow, 4186 J/(kg K) times kg/s; water that is drawn is missed nowhere, because
the mains replace it. K is small while the upper zone is the warmer one and large when it is not, since
warm water rises. Water at 0 degC freezes (334 kJ/kg) before it gets colder and boils at 100 degC. A dry
tank is a little metal, which warms a hundred times as fast.

Temperatures in degC, flow in L/min, power in W, currents in mA, volumes in L, G and K in W/K.
"""

from collections.abc import Mapping

from ..sensors import Truth
from .base import Plant

_WATER_J_KG_K = 4186.0
_MELT_J_KG = 334_000.0
_LAYERED_W_K = 1.0
_RISING_W_K = 500.0
_DRY_J_K = 1_500.0  # of a zone without water: the element and the metal round it
_DRY_W_K = 3.0


class Tank(Plant):
    """Set at any time: draw_off (L/min), inlet and ambient (degC), dry (no water in the tank), leakage_ma,
    wet (water on the floor), mains_volts, and the broken parts element_broken, upper_broken.

    litres, watts and upper_watts must be those of the firmware's settings for its estimates to be right.
    """

    def __init__(
        self,
        seed: int = 0,
        noise: float = 0.0,
        *,
        litres: float = 50.0,
        watts: float = 2000.0,
        upper_watts: float = 2000.0,
        losses_w_k: float = 1.4,
        start: float = 18.0,
    ) -> None:
        super().__init__(seed, noise)
        self.zone_kg = litres / 2
        self.watts, self.upper_watts, self.losses_w_k = watts, upper_watts, losses_w_k
        self.draw_off = 0.0
        self.inlet = 12.0
        self.ambient = 20.0
        self.leakage_ma = 0.2
        self.mains_volts = 230.0
        self.dry = self.wet = self.element_broken = self.upper_broken = False
        self.lower = self.upper = start
        self.lower_ice_kg = self.upper_ice_kg = 0.0
        self.power_w = 0.0

    def _step(self, dt: float, outputs: Mapping[str, float]) -> None:
        lower_w, upper_w = self._heating(outputs)
        self.power_w = lower_w + upper_w
        flow_w_k = 0.0 if self.dry else max(0.0, self.draw_off) / 60 * _WATER_J_KG_K
        mixing_w_k = _LAYERED_W_K if self.upper >= self.lower else _RISING_W_K
        across_w = mixing_w_k * (self.upper - self.lower)
        upper_w += flow_w_k * (self.lower - self.upper) - across_w - self._lost_w(self.upper)
        lower_w += flow_w_k * (self.inlet - self.lower) + across_w - self._lost_w(self.lower)
        self.upper, self.upper_ice_kg = self._heated(self.upper, self.upper_ice_kg, upper_w * dt)
        self.lower, self.lower_ice_kg = self._heated(self.lower, self.lower_ice_kg, lower_w * dt)

    def _heating(self, outputs: Mapping[str, float]) -> tuple[float, float]:
        """Power of the lower and the upper element; the main relay, where there is one, is before both."""
        mains = outputs.get("main_relay", 1.0) * (self.mains_volts / 230.0) ** 2
        lower = max(outputs.get("element", 0.0), outputs.get("element_ssr", 0.0))
        upper = outputs.get("element_upper", 0.0)
        return (
            0.0 if self.element_broken else mains * lower * self.watts,
            0.0 if self.upper_broken else mains * upper * self.upper_watts,
        )

    def _lost_w(self, celsius: float) -> float:
        return (_DRY_W_K if self.dry else self.losses_w_k / 2) * (celsius - self.ambient)

    def _heated(self, celsius: float, ice_kg: float, joules: float) -> tuple[float, float]:
        """Temperature and ice of a zone after it was given some heat."""
        if self.dry:
            return celsius + joules / _DRY_J_K, 0.0
        capacity = self.zone_kg * _WATER_J_KG_K
        celsius += joules / capacity
        # Heat below 0 degC is made by freezing and heat above 0 degC used up by melting, as far as it goes.
        melted_kg = celsius * capacity / _MELT_J_KG
        melted_kg = min(max(melted_kg, ice_kg - self.zone_kg), ice_kg)
        return min(celsius - melted_kg * _MELT_J_KG / capacity, 100.0), ice_kg - melted_kg

    def _readings(self) -> dict[str, Truth]:
        return {
            "tank_temperature": self.lower,
            "upper_temperature": self.upper,
            "inlet_temperature": self.inlet,
            "flow_meter": 0.0 if self.dry else max(0.0, self.draw_off),
            "element_current": self.power_w / self.mains_volts * 1000 if self.mains_volts else 0.0,
            "leakage_current": self.leakage_ma,
            "leak_switch": self.wet,
        }
