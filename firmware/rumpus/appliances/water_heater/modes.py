"""Set-point rules of the water heater's modes.

Temperatures in 0.1 degC. The target in force is the user's target plus the offset, kept between low
and high. Heating begins `hysteresis` below it and ends at it; power is the share of the power limit
that a proportional output may give.

Setback: `night` and `smart` keep a lower temperature at hours when nobody needs hot water, `vacation`
always. Without a clock nobody knows the hour: `night` then acts as `eco`, `smart` as `manual`.
"""

# mode, offset, low, high, hysteresis, power (per mille), rule
MODES = (
    ("manual", 0, 300, 750, 30, 1000, "the user's target"),
    ("auto", 0, 300, 700, 60, 1000, "wide hysteresis; a third of it for two hours after a draw"),
    ("smart", 0, 300, 700, 30, 1000, "setback when nothing was drawn in this and the next hour lately"),
    ("comfort", 0, 450, 750, 15, 1000, "always hot, narrow hysteresis"),
    ("eco", -50, 300, 550, 60, 500, "5 K less, slowly"),
    ("boost", 50, 600, 750, 15, 1000, "5 K more, once; then the mode before comes back"),
    ("night", 0, 300, 700, 30, 1000, "the user's target in the cheap hours, setback in the others"),
    ("vacation", 0, 100, 100, 30, 500, "no more than protection from frost"),
)

# mode, setback offset, setback low, setback high
SETBACKS = (
    ("smart", -100, 400, 600),
    ("night", -750, 350, 350),
)

MANUAL, AUTO, SMART, COMFORT, ECO, BOOST, NIGHT, VACATION = range(8)

_AFTER_DRAW_MS = 7200000
# A draw in an hour adds so much to the hour's weight, each day takes a quarter of it away. Above the
# threshold the hour is one in which hot water is expected: for three days after a single draw.
_DRAWN = 64
_EXPECTED = 30


class Modes:
    """The rules with what they remember. clock: Clock. night_starts, night_ends: minutes of the local day."""

    def __init__(self, clock, night_starts, night_ends):
        self._clock = clock
        self._night_starts = night_starts
        self._night_ends = night_ends
        self._weights = bytearray(24)
        self._hour = None
        self._drawn = False
        self._since_draw_ms = _AFTER_DRAW_MS
        self.target = 0  # 0.1 degC
        self.hysteresis = 0  # 0.1 K
        self.power = 0  # per mille
        self.is_setback = False

    def step(self, elapsed_ms, mode, wish, is_drawing):
        """Renew target, hysteresis, power and is_setback. wish: the user's target. Allocates nothing."""
        self._learn(elapsed_ms, is_drawing)
        minute = self._clock.local_minute()
        if mode == NIGHT and minute is None:
            mode = ECO
        _name, offset, low, high, self.hysteresis, self.power, _rule = MODES[mode]
        self.target = max(low, min(high, wish + offset))
        self.is_setback = mode == VACATION
        if mode == AUTO and self._since_draw_ms < _AFTER_DRAW_MS:
            self.hysteresis //= 3
        elif mode == NIGHT and not self._is_night(minute):
            self._set_back(SETBACKS[1])
        elif mode == SMART and minute is not None and not self._is_expected(minute // 60):
            self._set_back(SETBACKS[0])

    def _set_back(self, row):
        _name, offset, low, high = row
        lower = max(low, min(high, self.target + offset))
        if lower < self.target:
            self.target = lower
            self.is_setback = True

    def _is_night(self, minute):
        if self._night_starts <= self._night_ends:
            return self._night_starts <= minute < self._night_ends
        return minute >= self._night_starts or minute < self._night_ends

    def _is_expected(self, hour):
        """Nothing learned yet: always."""
        if self._weights[hour] >= _EXPECTED or self._weights[(hour + 1) % 24] >= _EXPECTED:
            return True
        return max(self._weights) < _EXPECTED

    def _learn(self, elapsed_ms, is_drawing):
        if is_drawing:
            self._since_draw_ms = 0
            self._drawn = True
        elif self._since_draw_ms < _AFTER_DRAW_MS:
            self._since_draw_ms += elapsed_ms
        minute = self._clock.local_minute()
        hour = None if minute is None else minute // 60
        if hour != self._hour:
            if self._hour is not None:
                weight = self._weights[self._hour] * 3 // 4
                self._weights[self._hour] = min(255, weight + _DRAWN) if self._drawn else weight
            self._hour = hour
            self._drawn = is_drawing
