"""AHT20, AHT21 (on its own, not with an ENS160): temperature and humidity on I2C, address 0x38.

option: see i2c_climate.py. After power-on the chip needs 40 ms and may need to be told to load its
calibration; while it measures, its busy bit is set.
"""

from ..appliances.base import MISSING
from .crc8 import crc8_i2c
from .i2c_climate import EVERY_MS, Chip, part

NEEDS = "i2c"

ADDRESS = 0x38
POWER_ON_MS = 40
CALIBRATE_MS = 10
MEASURE_MS = 80
STILL_BUSY_MS = 20
MOST_BUSY = 5  # times that a measurement may be found unfinished

_STATUS = b"\x71"
_CALIBRATE = b"\xbe\x08\x00"
_MEASURE = b"\xac\x33\x00"
_BUSY = 0x80
_CALIBRATED = 0x08
_START, _CHECK, _ORDER, _FETCH = range(4)


def make(pin, option):
    return part(pin, option, Aht20, ADDRESS)


class Aht20(Chip):
    def __init__(self, bus, address):
        super().__init__(bus, address)
        self.status = bytearray(1)
        self.answer = bytearray(7)
        self.busy = 0

    def go_on(self) -> int:
        phase = self.phase
        if phase == _START:  # also after a failure: the chip may have lost its power
            self.phase = _CHECK
            return POWER_ON_MS
        if phase == _CHECK:
            return self._check()
        if phase == _ORDER:
            self.phase = _FETCH
            self.busy = 0
            return self.write(_MEASURE) or MEASURE_MS
        return self._fetch()

    def _check(self):
        fault = self.write(_STATUS) or self.read(self.status)
        if fault:
            return fault
        self.phase = _ORDER
        if self.status[0] & _CALIBRATED:
            return 0
        return self.write(_CALIBRATE) or CALIBRATE_MS

    def _fetch(self):
        answer = self.answer
        fault = self.read(answer)
        if fault:
            return fault
        if answer[0] & _BUSY:
            self.busy += 1
            return STILL_BUSY_MS if self.busy <= MOST_BUSY else MISSING
        # A bad checksum, or a calibration lost with the power: begin again.
        if crc8_i2c(answer, 0, 6) != answer[6] or not answer[0] & _CALIBRATED:
            return MISSING
        # Both are 20 bits. The last two of the temperature are left out: products stay below 2**30, where
        # MicroPython's integers start to allocate.
        humidity = answer[1] << 12 | answer[2] << 4 | answer[3] >> 4
        temperature = (answer[3] & 0x0F) << 14 | answer[4] << 6 | answer[5] >> 2
        self.take((temperature * 2000 + (1 << 17) >> 18) - 500, humidity * 100 + (1 << 19) >> 20)
        self.phase = _ORDER
        return EVERY_MS - MEASURE_MS
