"""1-Wire, I2C and infrared on CircuitPython and Blinka. The calls are those of buses_micropython.py."""

import errno
from array import array

from .names import i2c_parts
from .pins_circuitpython import pin_of

_I2C_HZ = 100000
_CARRIER_HZ = 38000
_CARRIER_DUTY = 65535 * 33 // 100
_CLOCKS_TO_FREE = 9


class OneWire:
    """The module knows bits only. A line held low looks like an answer of nothing but zeros here: the
    driver tells it by the bytes."""

    def __init__(self, name):
        import onewireio

        self._wire = onewireio.OneWire(pin_of(name))

    def reset(self):
        return 0 if self._wire.reset() else 1

    def write_byte(self, byte):
        for i in range(8):
            self._wire.write_bit(byte >> i & 1 == 1)

    def read_byte(self):
        byte = 0
        for i in range(8):
            if self._wire.read_bit():
                byte |= 1 << i
        return byte


class I2c:
    def __init__(self, name):
        data, clock = i2c_parts(name)
        self.parts = {}
        self._data = pin_of(data)
        self._clock = pin_of(clock)
        self._bus = None
        self._connect()

    def _connect(self):
        """Take the bus; False while one of its lines is low."""
        import busio

        try:
            bus = busio.I2C(self._clock, self._data, frequency=_I2C_HZ)
        except (RuntimeError, OSError):  # no pull-up found, or a chip holds a line
            return False
        bus.try_lock()  # nobody else has it, and it is never given back
        self._bus = bus
        return True

    def write(self, address, buf):
        return self._transfer(True, address, buf)

    def read(self, address, buf):
        return self._transfer(False, address, buf)

    def _transfer(self, is_write, address, buf):
        if self._bus is None and not self._connect():
            self._free()
            return -1
        try:
            if is_write:
                self._bus.writeto(address, buf)
            else:
                self._bus.readfrom_into(address, buf)
        except (OSError, RuntimeError) as error:
            # Anything but a plain "nobody there" may be a line held low: taking the bus again finds out.
            if getattr(error, "errno", 0) != errno.ENODEV:
                self._drop()
            return 0
        return 1

    def _drop(self):
        self._bus.unlock()
        self._bus.deinit()
        self._bus = None

    def _free(self):
        """Clock a chip that was cut off in the middle of a byte out of it."""
        import digitalio

        try:
            clock = digitalio.DigitalInOut(self._clock)
        except (ValueError, OSError, RuntimeError):
            return  # a bus of the operating system's own
        clock.switch_to_output(value=True, drive_mode=digitalio.DriveMode.OPEN_DRAIN)
        for _ in range(_CLOCKS_TO_FREE):
            clock.value = False
            clock.value = True
        clock.deinit()


class Ir:
    def __init__(self, name):
        import pulseio

        self._out = pulseio.PulseOut(pin_of(name), frequency=_CARRIER_HZ, duty_cycle=_CARRIER_DUTY)

    def send(self, durations):
        """Waits for the end of the frame."""
        self._out.send(array("H", durations))
