"""1-Wire, I2C and infrared on MicroPython. Errors of a bus are results here, not exceptions.

onewire   reset() -> 1 somebody answered, 0 nobody, -1 the line is held low; write_byte, read_byte
i2c       write(address, buf), read(address, buf) -> 1 done, 0 no acknowledge, -1 a line is held low;
          parts: a dict for drivers that share a chip
ir        send(durations): microseconds, marks and spaces in turn, at 38 kHz
"""

import time

import machine
from machine import Pin

from .names import i2c_parts, number_of

_I2C_HZ = 100000
_I2C_TIMEOUT_US = 2000
_CLOCKS_TO_FREE = 9  # a chip cut off in the middle of a byte lets go after at most so many
_CARRIER_HZ = 38000
_CARRIER_PERCENT = 33


class OneWire:
    def __init__(self, name):
        import onewire

        self._pin = Pin(number_of(name))
        self._wire = onewire.OneWire(self._pin)  # makes it an open drain with a pull-up
        self.write_byte = self._wire.writebyte
        self.read_byte = self._wire.readbyte

    def reset(self):
        """A line held low looks like an answer, so it is looked at again when all have let go."""
        answered = self._wire.reset()
        if not self._pin.value():
            return -1
        return 1 if answered else 0


class I2c:
    """Bit-banged by the interpreter: any pins, a known time-out, the same on all ports."""

    def __init__(self, name):
        data, clock = i2c_parts(name)
        self.parts = {}
        self._data = Pin(number_of(data), Pin.OPEN_DRAIN, Pin.PULL_UP, value=1)
        self._clock = Pin(number_of(clock), Pin.OPEN_DRAIN, Pin.PULL_UP, value=1)
        self._connect()

    def _connect(self):
        self._bus = machine.SoftI2C(scl=self._clock, sda=self._data, freq=_I2C_HZ, timeout=_I2C_TIMEOUT_US)

    def write(self, address, buf):
        if not self._is_free():
            return -1
        try:
            return 1 if self._bus.writeto(address, buf) == len(buf) else 0
        except OSError:
            return 0

    def read(self, address, buf):
        if not self._is_free():
            return -1
        try:
            self._bus.readfrom_into(address, buf)
        except OSError:
            return 0
        return 1

    def _is_free(self):
        """A data line held low would acknowledge everything; try to clock its holder out of its byte."""
        if self._data.value() and self._clock.value():
            return True
        self._data.init(Pin.OPEN_DRAIN, Pin.PULL_UP, value=1)
        self._clock.init(Pin.OPEN_DRAIN, Pin.PULL_UP, value=1)
        for _ in range(_CLOCKS_TO_FREE):
            self._clock.value(0)
            time.sleep_us(5)
            self._clock.value(1)
            time.sleep_us(5)
        self._connect()
        return self._data.value() == 1 and self._clock.value() == 1


class Ir:
    """An ESP32 sends by its remote control peripheral; other chips switch a PWM, timed in Python."""

    def __init__(self, name):
        pin = Pin(number_of(name), Pin.OUT, value=0)
        try:
            import esp32

            # 1 us per tick: 80 MHz divided by 80, on every chip of the family.
            carrier = (_CARRIER_HZ, _CARRIER_PERCENT, True)
            self._rmt = esp32.RMT(0, pin=pin, clock_div=80, tx_carrier=carrier)
        except ImportError:
            self._rmt = None
            self._pwm = machine.PWM(pin, freq=_CARRIER_HZ, duty_u16=0)

    def send(self, durations):
        if self._rmt is not None:
            self._rmt.write_pulses(durations)
            return
        duty = 65535 * _CARRIER_PERCENT // 100
        at_us = time.ticks_us()
        for i in range(len(durations)):
            self._pwm.duty_u16(0 if i & 1 else duty)
            at_us = time.ticks_add(at_us, durations[i])
            while time.ticks_diff(at_us, time.ticks_us()) > 0:
                pass
        self._pwm.duty_u16(0)
