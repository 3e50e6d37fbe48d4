"""A proportional output: fan, inverter or dimmer input behind a PWM pin.

option: ("active_high",) or ("active_low",); active_low is for an inverting stage such as one transistor.
"""

NEEDS = "pwm"

FULL = 1000  # level that is fully on
PIN_FULL = 65535  # duty that the pin takes for fully on


def make(pin, option):
    return PwmOut(pin, option)


class PwmOut:
    def __init__(self, pin, option):
        self.pin = pin
        self.inverted = "active_low" in option
        self.off()

    def write(self, level, elapsed_ms=0):
        """Give level 0..1000, clamped. Allocates nothing."""
        duty = min(max(level, 0), FULL) * PIN_FULL // FULL
        self.pin.write(PIN_FULL - duty if self.inverted else duty)

    def off(self):
        """Give nothing. Allocates nothing."""
        self.write(0)
