"""A flow meter that gives pulses (a turbine with a Hall sensor), or the tachometer of a fan.

option: ("pulses", pulses per litre) gives the pulses since the last reading; ("rate", pulses per litre,
window_ms) gives the flow in 0.1 L/min, renewed once per window. For a fan: pulses per turn, and 0.1 turns
per minute.
"""

NEEDS = "counter"

_PER_MINUTE = 600000  # milliseconds of a minute times the 10 of 0.1 L/min


def make(pin, option):
    return Pulses(pin) if option[0] == "pulses" else Rate(pin, option[1], option[2])


class Pulses:
    def __init__(self, pin):
        self.pin = pin

    def read(self, elapsed_ms):
        """Pulses since the last reading. Allocates nothing."""
        return self.pin.take()


class Rate:
    def __init__(self, pin, pulses_per_litre, window_ms):
        self.pin = pin
        self.per_pulse = (_PER_MINUTE + pulses_per_litre // 2) // pulses_per_litre
        self.window_ms = window_ms
        self.pulses = 0  # in this window
        self.elapsed_ms = 0  # of this window
        self.rate = 0
        self.taken = 0  # pulses since take()

    def read(self, elapsed_ms):
        """The flow in 0.1 L/min, of the last whole window. Allocates nothing below 1000 L a window."""
        pulses = self.pin.take()
        self.taken += pulses
        self.pulses += pulses
        self.elapsed_ms += elapsed_ms
        if self.elapsed_ms >= self.window_ms:
            self.rate = (self.pulses * self.per_pulse + self.elapsed_ms // 2) // self.elapsed_ms
            self.pulses = 0
            self.elapsed_ms = 0
        return self.rate

    def take(self):
        """Pulses that read() has seen since the last take(), for totals. Allocates nothing."""
        taken = self.taken
        self.taken = 0
        return taken
