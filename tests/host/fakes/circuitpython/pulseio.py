"""Fake `pulseio`: what an infrared LED sends."""

from array import array

from world import world


class PulseOut:
    def __init__(self, pin, *, frequency=38000, duty_cycle=1 << 15):
        self._name = pin.claim(self)
        self._hertz = frequency

    def send(self, pulses):
        assert isinstance(pulses, array) and pulses.typecode == "H"
        world.infrared.append((self._name, self._hertz, list(pulses)))
