"""A relay, contactor or lamp: a digital output that is on or off.

option: ("active_high",) or ("active_low",), the level of the pin that energises the load.
"""

NEEDS = "digital_out"


def make(pin, option):
    return Relay(pin, option)


class Relay:
    def __init__(self, pin, option):
        self.pin = pin
        self.active = 0 if "active_low" in option else 1
        self.off()

    def write(self, level, elapsed_ms=0):
        """Switch on when level is above 0. Allocates nothing."""
        self.pin.write(self.active if level > 0 else 1 - self.active)

    def off(self):
        """Switch off, whatever went before. Allocates nothing."""
        self.pin.write(1 - self.active)
