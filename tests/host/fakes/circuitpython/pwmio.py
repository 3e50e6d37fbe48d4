"""Fake `pwmio`."""

from world import world


class PWMOut:
    def __init__(self, pin, *, duty_cycle=0, frequency=500):
        self._name = pin.claim(self)
        self._hertz = frequency
        self.duty_cycle = duty_cycle

    @property
    def duty_cycle(self):
        return world.pwm[self._name][1]

    @duty_cycle.setter
    def duty_cycle(self, duty):
        assert isinstance(duty, int) and 0 <= duty <= 65535
        world.pwm[self._name] = (self._hertz, duty)
        world.line(self._name).shown.append(duty)
