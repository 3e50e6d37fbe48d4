"""The doors of a refrigerator: light, open-too-long alarms, and whether the fan must stand."""

FRIDGE, FREEZER, BAR, VARIABLE = range(4)  # bits of the doors field
COUNT = 4


class Doors:
    """owner: the refrigerator, for its product constants. first: position of its first door input.
    masks: the alarm of each door. Only the constructor allocates."""

    def __init__(self, owner, timers, first, masks):
        self.bits = 0  # open doors
        self.alarms = 0
        self.light = 0
        self._owner = owner
        self._inputs = owner.inputs
        self._first = first
        self._masks = masks
        self._timers = timers
        self._open = [timers.add() for _ in range(COUNT)]
        self._light = timers.add()

    def is_open(self, i):
        return self._inputs[self._first + i] == 1

    def fan_must_stand(self):
        """A fan at an open door blows the cold into the kitchen. The bar has no air of the fan."""
        return self.is_open(FRIDGE) or self.is_open(FREEZER) or self.is_open(VARIABLE)

    def react(self):
        self.bits = self.alarms = 0
        for i in range(COUNT):
            if self.is_open(i):
                self.bits |= 1 << i
            if self._timers.held(self._open[i], self.is_open(i), self._owner.door_alarm_s * 1000):
                self.alarms |= self._masks[i]
        # A lamp behind a door that was left open warms what it shines on.
        lit = self.is_open(FRIDGE)
        too_long = self._timers.held(self._light, lit, self._owner.light_limit_s * 1000)
        self.light = 1 if lit and not too_long else 0
