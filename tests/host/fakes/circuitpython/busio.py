"""Fake `busio`: I2C on the world's lines, with the errors that a board raises."""

import errno

from world import world


class I2C:
    def __init__(self, scl, sda, *, frequency=100000, timeout=255):
        self._bus = world.i2c[(sda.name, scl.name)]
        if not self._bus.data():
            raise RuntimeError("No pull up found on SDA or SCL; check your wiring")
        self._pins = (scl, sda)
        for pin in self._pins:
            pin.claim(self)
        self._is_locked = False

    def deinit(self):
        for pin in self._pins:
            pin.release()
        self._bus = None

    def try_lock(self):
        was, self._is_locked = self._is_locked, True
        return not was

    def unlock(self):
        self._is_locked = False

    def writeto(self, address, buffer, *, start=0, end=None):
        self._check()
        if self._bus.writeto(address, buffer) < 0:
            raise OSError(errno.ENODEV, "No such device")

    def readfrom_into(self, address, buffer, *, start=0, end=None):
        self._check()
        if not self._bus.readfrom_into(address, buffer):
            raise OSError(errno.ENODEV, "No such device")

    def _check(self):
        if not self._is_locked:
            raise RuntimeError("Function requires lock")
        if not self._bus.data():
            raise OSError(errno.ETIMEDOUT, "Timed out")
