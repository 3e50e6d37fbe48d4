"""SHT30, SHT31, SHT35: temperature and humidity on I2C. option: see i2c_climate.py; address 0x44 or 0x45."""

from ..appliances.base import MISSING
from .crc8 import crc8_i2c
from .i2c_climate import EVERY_MS, Chip, part

NEEDS = "i2c"

ADDRESS = 0x44
MEASURE_MS = 20  # high repeatability: at most 15.5

_MEASURE = b"\x24\x00"  # single shot, high repeatability, no clock stretching


def make(pin, option):
    return part(pin, option, Sht3x, ADDRESS)


class Sht3x(Chip):
    def __init__(self, bus, address):
        super().__init__(bus, address)
        self.answer = bytearray(6)

    def go_on(self) -> int:
        if self.phase == 0:
            self.phase = 1
            return self.write(_MEASURE) or MEASURE_MS
        self.phase = 0
        answer = self.answer
        fault = self.read(answer)
        if fault:
            return fault
        if crc8_i2c(answer, 0, 2) != answer[2] or crc8_i2c(answer, 3, 5) != answer[5]:
            return MISSING
        temperature = ((answer[0] << 8 | answer[1]) * 1750 + 32767) // 65535 - 450
        humidity = ((answer[3] << 8 | answer[4]) * 100 + 32767) // 65535
        self.take(temperature, humidity)
        return EVERY_MS - MEASURE_MS
