"""DS18B20, a digital thermometer on a 1-Wire bus: three wires, 12 bits, -55 to 125 degC.

option: () for the only sensor on its pin, or ("28ff641e8fd31603",), the ROM code, where several share it.

A conversion takes 750 ms, in which nothing waits: one call of read() starts it, a later one takes the
result. Each of the two keeps the bus busy for some milliseconds (hal/stalls.py).

**85.0 degC** is what the chip says after power-on until its first conversion, and a heater's limit as
well. So before each conversion the two alarm bytes, which nothing else uses, are set to a mark that a
power-on erases, and right after the order to convert the chip must read as busy. A result without the
mark is thrown away, whatever it says. A result of exactly 85.0 counts only if the completed conversion
before it was within 2 degC of it: the first 85.0 after a start, or after a different temperature, waits
for a second conversion that repeats it.

Faults: MISSING (no presence pulse, bad checksums, power lost again and again), SHORT (the line is held
low). A value stays up to two failures in a row; the third is the fault. Parasite power (two wires) is
not supported: the supply would break down during a conversion.
"""

from ..appliances.base import MISSING, NOT_READY, SHORT
from .crc8 import crc8_onewire

NEEDS = "onewire"

CONVERT_MS = 750
TRIES = 3  # failures in a row until the value is a fault

_MATCH_ROM = 0x55
_SKIP_ROM = 0xCC
_CONVERT = 0x44
_WRITE_SCRATCHPAD = 0x4E
_READ_SCRATCHPAD = 0xBE
# High alarm, low alarm (the mark: a range that no sensor ships with), 12 bits.
_SETTINGS = b"\x55\xd3\x7f"
_MARK_LOST = 1  # not a fault code: start again
_POWER_ON = 850
_NEAR = 20  # 0.1 degC that a sensor may move in one conversion and still confirm 85.0
_COLDEST = -550
_HOTTEST = 1250
_NEVER = -32000


def make(pin, option):
    return Ds18b20(pin, bytes.fromhex(option[0]) if option else None)


class Ds18b20:
    """bus: reset() -> 1 presence, 0 nobody, -1 line low; write_byte(n); read_byte() -> n."""

    def __init__(self, bus, rom):
        self.bus = bus
        self.rom = rom
        self.value = NOT_READY
        self.scratchpad = bytearray(9)
        self.is_converting = False
        self.wait_ms = 0
        self.failures = 0
        self.last = _NEVER  # what the completed conversion before said

    def read(self, elapsed_ms):
        """The temperature in 0.1 degC, NOT_READY before the first, or a fault. Allocates nothing."""
        self.wait_ms = max(0, self.wait_ms - elapsed_ms)
        if self.wait_ms == 0:
            trouble = self._finish() if self.is_converting else self._begin()
            if trouble:
                self._fail(trouble)
        return self.value

    def _begin(self):
        """Set the mark and start a conversion; a fault code, or 0."""
        bus = self.bus
        trouble = self._select()
        if not trouble:
            bus.write_byte(_WRITE_SCRATCHPAD)
            for byte in _SETTINGS:
                bus.write_byte(byte)
            trouble = self._select()
        if not trouble:
            bus.write_byte(_CONVERT)
            if bus.read_byte():
                return MISSING  # not busy: the order was lost
            self.is_converting = True
            self.wait_ms = CONVERT_MS
        return trouble

    def _finish(self):
        """Take the result; a fault code, _MARK_LOST, or 0."""
        trouble = self._select()
        if trouble:
            return trouble
        pad = self.scratchpad
        self.bus.write_byte(_READ_SCRATCHPAD)
        for i in range(9):
            pad[i] = self.bus.read_byte()
        if pad[8] != crc8_onewire(pad, 0, 8):
            return MISSING
        if pad[4] == 0:
            return SHORT  # nine zeros have a good checksum; a real configuration byte is never zero
        self.is_converting = False
        if pad[2] != _SETTINGS[0] or pad[3] != _SETTINGS[1]:
            return _MARK_LOST
        return self._take(pad[0] | pad[1] << 8)

    def _take(self, raw):
        """A completed conversion's result in 1/16 degC, two's complement."""
        if raw & 0x8000:
            raw -= 0x10000
        counts = (raw * 5 + 4) // 8
        if counts < _COLDEST or counts > _HOTTEST:
            return MISSING
        self.failures = 0
        if counts != _POWER_ON or abs(counts - self.last) <= _NEAR:
            self.value = counts
        self.last = counts
        return 0

    def _select(self):
        """Reset the bus and address the sensor; a fault code, or 0."""
        bus = self.bus
        presence = bus.reset()
        if presence <= 0:
            return SHORT if presence else MISSING
        if self.rom is None:
            bus.write_byte(_SKIP_ROM)
        else:
            bus.write_byte(_MATCH_ROM)
            for byte in self.rom:
                bus.write_byte(byte)
        return 0

    def _fail(self, trouble):
        self.failures += 1
        if trouble == _MARK_LOST:
            trouble = MISSING
            self.last = _NEVER
        if self.failures >= TRIES:
            self.failures = TRIES  # stays there: a small integer
            self.value = trouble
            self.last = _NEVER
            self.is_converting = False
