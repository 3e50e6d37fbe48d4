"""What is known about a tank of water: time to heat it, hot water left, draws. Integers only."""

from ..base import FAULTS

# Water under 40 degC is not counted as hot.
USABLE = 400
# A draw without a flow meter: 2 K fall within 10 minutes; standing losses take hours for that.
_DRAW_FALL = 20
_DRAW_WINDOW_MS = 600000
# The flow is an average over at least this time, because pulses come one by one.
_FLOW_WINDOW_MS = 2000


def minutes_to_heat(litres, watts, temperature, target):
    """Minutes that watts need to heat litres (up to 1000) to the target, rounded up; 0 when hot enough.

    419 J heat one litre by 0.1 K.
    """
    if target <= temperature:
        return 0
    if watts <= 0:
        return 65534
    return min(65534, (419 * litres * (target - temperature) + 60 * watts - 1) // (60 * watts))


def hot_share(temperature, cold, full):
    """Percent of the heat of a tank at `full`, above `cold`; nothing when the water is not usable."""
    if temperature < USABLE:
        return 0
    if full <= cold:
        return 100
    return max(0, min(100, (temperature - cold) * 100 // (full - cold)))


class Draws:
    """Is hot water being drawn, and how fast? From a flow meter, or from a quick fall of temperature."""

    def __init__(self, pulses_per_litre):
        self._pulses_per_litre = pulses_per_litre
        self._pulses = 0
        self._flow_ms = 0
        self._highest = FAULTS
        self._window_ms = 0
        self.flow = 0  # 0.1 L/min
        self.is_drawing = False

    def step(self, elapsed_ms, pulses, temperature):
        """pulses: since the last step, or a fault code (no meter). temperature: a count or a fault code."""
        if pulses > FAULTS:
            self._measure(elapsed_ms, pulses)
            self.is_drawing = self.flow > 0
        else:
            self.flow = 0
            self.is_drawing = self._is_falling(elapsed_ms, temperature)

    def _measure(self, elapsed_ms, pulses):
        self._pulses += pulses
        self._flow_ms += elapsed_ms
        if self._flow_ms >= _FLOW_WINDOW_MS:
            # Pulses to 0.1 mL first: the product of both would leave 30 bits.
            self.flow = self._pulses * 6000 // self._pulses_per_litre * 100 // self._flow_ms
            self._pulses = self._flow_ms = 0

    def _is_falling(self, elapsed_ms, temperature):
        self._window_ms += elapsed_ms
        if temperature <= FAULTS:
            self._highest = FAULTS
            return False
        is_falling = self._highest - temperature >= _DRAW_FALL
        if is_falling or temperature >= self._highest or self._window_ms >= _DRAW_WINDOW_MS:
            self._highest = temperature
            self._window_ms = 0
        return is_falling
