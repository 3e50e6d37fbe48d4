"""Fake `digitalio` on the world's lines. A pin that is in use cannot be taken again, as on a board."""

from world import world


class Pull:
    UP, DOWN = 1, 0


class DriveMode:
    PUSH_PULL, OPEN_DRAIN = "push-pull", "open drain"


class DigitalInOut:
    def __init__(self, pin):
        self._name = pin.claim(self)
        self._pin = pin
        self._line = world.line(self._name)

    def deinit(self):
        self._line.is_output = False
        self._pin.release()

    def switch_to_output(self, value=False, drive_mode=DriveMode.PUSH_PULL):
        self._line.is_output = True
        self._line.is_open_drain = drive_mode == DriveMode.OPEN_DRAIN
        self._line.drive(value)

    def switch_to_input(self, pull=None):
        self._line.is_output = False
        self._line.pull = pull

    @property
    def value(self):
        bus = world.bus_of(self._name)
        if bus and any(pins[0] == self._name for pins in world.i2c):
            return bool(bus.data())
        return bool(self._line.level())

    @value.setter
    def value(self, level):
        if not self._line.is_output:
            raise AttributeError("Cannot set value when direction is input.")
        bus = world.bus_of(self._name)
        if bus and level and not self._line.latch:
            bus.clock()
        self._line.drive(level)
