"""Set-point rules of the air conditioner's modes.

Temperatures in 0.1 degC, differences in 0.1 K. `need` is how far the room is from the target on the
wrong side: positive when there is something to do. A mode's compressor is called at `begin` and let
go at `end`; a new wish calls it at once.

    cool, heat   need is the distance to the target in force
    dry          with a humidity sensor: percent above target_humidity, while the room is not more
                 than 2 K under the target; without one: as cool, ending 2 K under the target
    fan          never
    auto         cool from 1.5 K above the target, heat from 1.5 K below; once chosen it stays until
                 the other limit is reached. Before the first choice only the fan runs

The target in force is the user's, plus the sleep curve, plus eco.
"""

from ..base import FAULTS

AUTO, COOL, DRY, FAN, HEAT = range(5)

# mode, begin, end
CALLS = (
    ("auto", 0, 0),
    ("cool", 5, -5),
    ("dry", 3, -2),  # percent; K when there is no humidity sensor
    ("fan", 0, 0),
    ("heat", 5, -5),
)
_CHANGE_OVER = 15
_DRY_FLOOR = 20
_DRY_BEGIN = 0
_DRY_END = -20

# minutes of sleep, added when cooling, added when heating
SLEEP_CURVE = (
    (60, 5, -10),
    (120, 10, -20),
    (240, 15, -25),
)
SLEEP_MINUTES = 480
_ECO = 10

_NO_NEED = -1000


def target_in_force(wish, mode, sleep_minutes, eco):
    """The user's target with sleep curve and eco. mode: COOL, DRY or HEAT. sleep_minutes: 0 = no sleep."""
    heats = mode == HEAT
    offset = 0
    for minutes, when_cooling, when_heating in SLEEP_CURVE:
        if sleep_minutes >= minutes:
            offset = when_heating if heats else when_cooling
    if eco:
        offset += -_ECO if heats else _ECO
    return wish + offset


class Comfort:
    """What the room needs. Renewed by decide(), which allocates nothing."""

    def __init__(self):
        self.mode = FAN  # COOL, DRY, FAN or HEAT: what auto stands for just now
        self.need = _NO_NEED  # 0.1 K
        self.is_called = False
        self._is_new_wish = False
        self._is_chosen = False

    def wish(self):
        """The user changed something: be quick."""
        self._is_new_wish = True

    def forget(self):
        """auto chooses afresh."""
        self._is_chosen = False

    def decide(self, mode, room, humidity, wish, target_humidity, sleep_minutes, eco):
        """room, humidity: inputs, faults included. target_humidity: None without a humidity sensor."""
        self.mode = self._choose(room, wish) if mode == AUTO else mode
        if room <= FAULTS or self.mode == FAN:
            self.need = _NO_NEED
            self.is_called = False
            return
        target = target_in_force(wish, self.mode, sleep_minutes, eco)
        self.need = target - room if self.mode == HEAT else room - target
        _name, begin, end = CALLS[self.mode]
        amount = self.need
        if self.mode == DRY:
            if target_humidity is None or humidity <= FAULTS:
                begin = _DRY_BEGIN
                end = _DRY_END
            else:
                amount = humidity - target_humidity if self.need > -_DRY_FLOOR else end
        begins = amount >= begin or (self._is_new_wish and amount > 0)
        self.is_called = amount > end and (self.is_called or begins)
        self._is_new_wish = False

    def _choose(self, room, wish):
        if room <= FAULTS:
            return FAN
        if room >= wish + _CHANGE_OVER:
            self._change(COOL)
        elif room <= wish - _CHANGE_OVER:
            self._change(HEAT)
        elif not self._is_chosen:
            return FAN
        return self.mode

    def _change(self, mode):
        if self.mode != mode:
            self.is_called = False
        self.mode = mode
        self._is_chosen = True
