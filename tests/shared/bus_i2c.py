"""An I2C bus in bytes and acknowledges, with simulated chips on it. Used by the shared tests and by the
fake boards.

`Lines` is the bus: start with an address, bytes each with its acknowledge, stop. `Bus` is what a HAL
makes of it for drivers.
"""


def crc8(data):
    """Written apart from the driver's: long division of the message by x^8 + x^5 + x^4 + 1, begun at 0xFF."""
    bits = [byte >> 7 - i & 1 for byte in data for i in range(8)] + [0] * 8
    for i in range(8):
        bits[i] ^= 1
    for i in range(len(bits) - 8):
        if bits[i]:
            for k in (0, 3, 4, 8):
                bits[i + k] ^= 1
    return sum([bit << 7 - i for i, bit in enumerate(bits[-8:])])


class Lines:
    """holder: how many clocks until whoever holds the data line low lets go; 0 nobody, -1 never."""

    def __init__(self, *chips):
        self.chips = list(chips)
        self.holder = 0
        self.now_ms = 0
        self.bytes = 0  # moved, addresses included
        self._chip = None

    def data(self):
        """The level of the data line when nobody sends."""
        return 0 if self.holder else 1

    def clock(self):
        """One pulse on the clock line that belongs to no transfer."""
        if self.holder > 0:
            self.holder -= 1

    def start(self, address, is_read):
        """True when it is acknowledged; a data line held low looks so."""
        self.bytes += 1
        self._chip = None
        if self.holder:
            return True
        for chip in self.chips:
            if chip.is_connected and chip.address == address and chip.begin(is_read):
                self._chip = chip
        return self._chip is not None

    def put(self, byte):
        """True when it is acknowledged."""
        self.bytes += 1
        return (self._chip is not None and self._chip.put(byte)) or self.holder != 0

    def get(self):
        self.bytes += 1
        if self.holder:
            return 0
        return self._chip.get() if self._chip else 0xFF

    def stop(self):
        if self._chip:
            self._chip.stop()
        self._chip = None

    def advance(self, ms):
        self.now_ms += ms
        for chip in self.chips:
            chip.advance(ms)

    # --- transfers, for those who think in buffers ------------------------------------------

    def writeto(self, address, buf):
        """How many bytes were acknowledged; -1 when the address was not."""
        n = -1
        if self.start(address, False):
            n = 0
            for byte in buf:
                if not self.put(byte):
                    break
                n += 1
        self.stop()
        return n

    def readfrom_into(self, address, buf):
        """False when the address was not acknowledged."""
        answered = self.start(address, True)
        if answered:
            for i in range(len(buf)):
                buf[i] = self.get()
        self.stop()
        return answered


class Bus:
    """The calls of the HAL's I2C pin."""

    def __init__(self, lines):
        self.lines = lines
        self.parts = {}

    def write(self, address, buf):
        if not self.lines.data():
            return -1
        return 1 if self.lines.writeto(address, buf) == len(buf) else 0

    def read(self, address, buf):
        if not self.lines.data():
            return -1
        return 1 if self.lines.readfrom_into(address, buf) else 0


class _Chip:
    """temperature in 0.1 degC, humidity in 0.1 percent. flip: a bit of the next answers read wrong."""

    def __init__(self, address, temperature=215, humidity=480):
        self.address = address
        self.temperature = temperature
        self.humidity = humidity
        self.is_connected = True
        self.flip = -1
        self.left_ms = 0
        self.measurements = 0
        self._taken = bytearray()
        self._answer = b""
        self._at = 0

    def advance(self, ms):
        self.left_ms = max(0, self.left_ms - ms)

    def put(self, byte):
        self._taken.append(byte)
        return True

    def get(self):
        byte = self._answer[self._at] if self._at < len(self._answer) else 0xFF
        if self.flip // 8 == self._at:
            byte ^= 1 << self.flip % 8
        self._at += 1
        return byte


class Sht3xChip(_Chip):
    """SHT31 by its data sheet: single shot without clock stretching; a read while it measures is not
    acknowledged."""

    def __init__(self, address=0x44, temperature=215, humidity=480):
        super().__init__(address, temperature, humidity)
        self._ordered = False

    def begin(self, is_read):
        self._taken = bytearray()
        self._at = 0
        if not is_read:
            return True
        if self.left_ms or not self._ordered:
            return False
        t = ((self.temperature + 450) * 65535 + 875) // 1750
        h = (self.humidity * 65535 + 500) // 1000
        first, second = bytes([t >> 8, t & 0xFF]), bytes([h >> 8, h & 0xFF])
        self._answer = first + bytes([crc8(first)]) + second + bytes([crc8(second)])
        self._ordered = False
        return True

    def stop(self):
        if bytes(self._taken) == b"\x24\x00":
            self.left_ms = 16
            self._ordered = True
            self.measurements += 1
        self._taken = bytearray()


class Aht20Chip(_Chip):
    """AHT20 by its data sheet. stays_busy_ms: how much longer than 80 ms a measurement takes."""

    def __init__(self, temperature=215, humidity=480):
        super().__init__(0x38, temperature, humidity)
        self.stays_busy_ms = 0
        self.power_on()

    def power_on(self):
        self.is_calibrated = False
        self.left_ms = 40

    def begin(self, is_read):
        if self.left_ms and self.measurements == 0 and not is_read and not self.is_calibrated:
            return False  # still starting
        self._at = 0
        if is_read:
            self._answer = self._data()
        else:
            self._taken = bytearray()
        return True

    def _data(self):
        status = (0x80 if self.left_ms else 0) | (0x08 if self.is_calibrated else 0) | 0x10
        t = ((self.temperature + 500) * (1 << 20) + 1000) // 2000
        h = min((self.humidity * (1 << 20) + 500) // 1000, (1 << 20) - 1)
        rest = [h >> 12, h >> 4 & 0xFF, (h & 0x0F) << 4 | t >> 16, t >> 8 & 0xFF, t & 0xFF]
        data = bytes([status] + rest)
        return data + bytes([crc8(data)])

    def stop(self):
        taken = bytes(self._taken)
        if taken == b"\xbe\x08\x00":
            self.is_calibrated = True
            self.left_ms = 10
        elif taken == b"\xac\x33\x00" and not self.left_ms:
            self.left_ms = 80 + self.stays_busy_ms
            self.measurements += 1
        self._taken = bytearray()
