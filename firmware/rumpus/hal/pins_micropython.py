"""Plain pins on MicroPython: machine.Pin, ADC and PWM behind the few calls that drivers use."""

import machine
from machine import Pin

from .names import number_of, pwm_parts
from .rest import Output

# ESP32: readings of its ADC this close to the ends are the end, see Adc.
_FULL = 65500
_NOTHING = 100
_SAMPLES = 4
_COUNT_MASK = 0xFFFFFF  # small integers; wraps


class DigitalOut(Output):
    """The pin becomes an output with its first level, so it never shows a level nobody asked for."""

    def __init__(self, name):
        super().__init__()
        self._id = number_of(name)
        self._pin = None

    def put(self, value):
        if self._pin is None:
            self._pin = Pin(self._id, Pin.OUT, value=value)
        else:
            self._pin.value(value)

    def is_as_written(self):
        return self._pin is None or self._pin.value() == self.level


class DigitalIn:
    """Pulled up: a broken wire reads 1. Pins that have no pull-up need one on the board."""

    def __init__(self, name):
        try:
            self._pin = Pin(number_of(name), Pin.IN, Pin.PULL_UP)
        except (ValueError, OSError):  # an input-only pin of an ESP32
            self._pin = Pin(number_of(name), Pin.IN)

    def read(self):
        return self._pin.value()


class Pwm(Output):
    def __init__(self, name):
        super().__init__()
        self._name, self._hertz = pwm_parts(name)
        self._pwm = None

    def put(self, value):
        if self._pwm is None:
            pin = Pin(number_of(self._name))
            self._pwm = machine.PWM(pin, freq=self._hertz, duty_u16=value)
        else:
            self._pwm.duty_u16(value)


class Adc:
    """0..65535 as a part of the supply, whatever the converter's own reference is.

    An ESP32's converter is not linear and stops below the supply: inside its range its calibrated
    microvolts count, at its ends the raw reading does, so that a broken wire still reads as a rail.
    """

    def __init__(self, name, supply_mv):
        atten = getattr(machine.ADC, "ATTN_11DB", None)
        pin = Pin(number_of(name))
        self._adc = machine.ADC(pin) if atten is None else machine.ADC(pin, atten=atten)
        self._is_calibrated = hasattr(self._adc, "read_uv")
        # Microvolts lose eight bits so that products stay below 2**30, where integers start to allocate.
        self._span = (supply_mv * 1000) >> 8

    def read(self):
        reading = self._adc.read_u16()
        if not self._is_calibrated:
            return reading
        if reading >= _FULL:
            return 65535
        if reading <= _NOTHING:
            return 0
        total = 0
        for _ in range(_SAMPLES):
            total += self._adc.read_uv() >> 8
        return min(total // _SAMPLES * 65535 // self._span, 65535)


class Counter:
    """Pulses, counted in an interrupt. An ESP32 runs it between bytecodes, eight waiting at most: above
    some hundred pulses a second, or during a long stall, some are lost."""

    def __init__(self, name):
        self._count = 0
        self._taken = 0
        self._pin = Pin(number_of(name), Pin.IN, Pin.PULL_UP)
        self._pin.irq(self._on_edge, Pin.IRQ_FALLING)

    def _on_edge(self, _pin):
        self._count = (self._count + 1) & _COUNT_MASK

    def take(self):
        """Pulses since the last take. Never writes what the interrupt writes."""
        count = self._count
        n = (count - self._taken) & _COUNT_MASK
        self._taken = count
        return n
