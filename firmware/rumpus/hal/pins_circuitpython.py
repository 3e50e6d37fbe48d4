"""Plain pins on CircuitPython and Blinka: digitalio, analogio, pwmio, countio behind the few calls that
drivers use. A module that a board lacks is missed only by the wiring that needs it."""

import sys

import board
import digitalio

from .names import pwm_parts
from .rest import Output

# An ESP32's converter stops at about 3.1 V: from here on it is the rail, so that a broken wire reads so.
_ESP32_TOP = 65535 * 3060 // 3300
_IS_ESP32 = sys.platform == "Espressif"


def pin_of(name):
    """The board's pin of that name. Raises ValueError that names it."""
    pin = getattr(board, name, None)
    if pin is None:
        import microcontroller

        pin = getattr(getattr(microcontroller, "pin", None), name, None)
    if pin is None:
        raise ValueError("this board has no pin " + name)
    return pin


class DigitalOut(Output):
    """The pin becomes an output with its first level, so it never shows a level nobody asked for."""

    def __init__(self, name):
        super().__init__()
        self._pin = digitalio.DigitalInOut(pin_of(name))
        self._is_output = False

    def put(self, value):
        if self._is_output:
            self._pin.value = value > 0
        else:
            self._pin.switch_to_output(value=value > 0)
            self._is_output = True


class DigitalIn:
    """Pulled up: a broken wire reads 1. Adapters that have no pull-ups need them on the board."""

    def __init__(self, name):
        self._pin = digitalio.DigitalInOut(pin_of(name))
        try:
            self._pin.switch_to_input(pull=digitalio.Pull.UP)
        except (AttributeError, NotImplementedError, ValueError):
            self._pin.switch_to_input()

    def read(self):
        return 1 if self._pin.value else 0


class Pwm(Output):
    def __init__(self, name):
        super().__init__()
        name, self._hertz = pwm_parts(name)
        self._id = pin_of(name)
        self._pwm = None

    def put(self, value):
        if self._pwm is None:
            import pwmio

            self._pwm = pwmio.PWMOut(self._id, frequency=self._hertz, duty_cycle=value)
        else:
            self._pwm.duty_cycle = value


class Adc:
    """0..65535 as a part of the supply."""

    def __init__(self, name):
        import analogio

        self._adc = analogio.AnalogIn(pin_of(name))

    def read(self):
        reading = int(self._adc.value)
        return 65535 if _IS_ESP32 and reading >= _ESP32_TOP else reading


class Counter:
    """Pulses, counted by the chip. CPython boards have no such counter: ImportError says so at start."""

    def __init__(self, name):
        import countio

        self._counter = countio.Counter(pin_of(name), pull=digitalio.Pull.UP)
        self._taken = 0

    def take(self):
        """Pulses since the last take; the counter itself is never reset, so none is lost."""
        count = self._counter.count
        n = count - self._taken
        self._taken = count
        return n
