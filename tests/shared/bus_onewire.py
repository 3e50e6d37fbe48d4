"""A 1-Wire bus in time slots, with simulated chips on it. Used by the shared tests and by the fake boards.

`Wire` is the line: everything on it happens in reset pulses and slots of one bit, each the wired AND of
what master and chips do. `ByteBus` is what a HAL makes of it for drivers.
"""

RESET_US = 960
SLOT_US = 65


def crc8(data):
    """Written apart from the driver's: bit by bit over the polynomial's shift register, as drawn in the
    data sheet."""
    crc = [0] * 8
    for byte in data:
        for i in range(8):
            feedback = crc[0] ^ (byte >> i & 1)
            crc = crc[1:] + [feedback]
            crc[3] ^= feedback  # x^4, counted from the output
            crc[2] ^= feedback  # x^5
    return sum([crc[i] << i for i in range(8)])


class Wire:
    def __init__(self, *chips):
        self.chips = list(chips)
        self.is_held_low = False
        self.us = 0  # how long the bus was busy
        self.now_ms = 0

    def idle(self):
        return 0 if self.is_held_low else 1

    def reset(self):
        """The level in the presence window: 0 when somebody answers."""
        self.us += RESET_US
        level = self.idle()
        for chip in self.chips:
            if chip.on_reset():
                level = 0
        return level

    def slot(self, bit):
        """A slot in which the master sends bit (1: it only samples); returns the line's level."""
        self.us += SLOT_US
        if self.is_held_low:
            bit = 0
        level = bit
        for chip in self.chips:
            level &= chip.on_slot(bit)
        return level

    def advance(self, ms):
        self.now_ms += ms
        for chip in self.chips:
            chip.advance(ms)


class ByteBus:
    """The calls of the HAL's 1-Wire pin. is_blind: it cannot see the idle line, as on CircuitPython."""

    def __init__(self, wire, is_blind=False):
        self.wire = wire
        self.is_blind = is_blind

    def reset(self):
        level = self.wire.reset()
        if not self.is_blind and not self.wire.idle():
            return -1
        return 1 - level

    def write_byte(self, byte):
        for i in range(8):
            self.wire.slot(byte >> i & 1)

    def read_byte(self):
        byte = 0
        for i in range(8):
            byte |= self.wire.slot(1) << i
        return byte


class Ds18b20Chip:
    """A DS18B20 with external supply. sixteenths: the real temperature. Faults to set: is_connected,
    loses_converts (the next so many orders), flip (a bit 0..71 of the scratchpad that is read
    wrong), is_browning_out."""

    def __init__(self, rom=b"\x28\x01\x02\x03\x04\x05\x06", sixteenths=400):
        self.rom = rom + bytes([crc8(rom)])
        self.sixteenths = sixteenths
        self.is_connected = True
        self.loses_converts = 0
        self.is_browning_out = False
        self.flip = -1
        self.eeprom = b"\x4b\x46\x7f"  # as delivered
        self.conversions = 0
        self.power_on()

    def power_on(self):
        self.pad = bytearray(b"\x50\x05" + self.eeprom + b"\xff\x0c\x10")
        self.left_ms = 0
        self._listen("dead")  # until the next reset pulse

    def advance(self, ms):
        if not self.left_ms:
            return
        self.left_ms = max(0, self.left_ms - ms)
        if self.is_browning_out:
            self.power_on()
        elif not self.left_ms:
            self.pad[0] = self.sixteenths & 0xFF
            self.pad[1] = self.sixteenths >> 8 & 0xFF
            self.pad[6] = 0x10 - (self.sixteenths & 0x0F)
            self.conversions += 1

    def on_reset(self):
        if not self.is_connected:
            return False
        self._listen("rom")
        return True

    def _listen(self, phase):
        self.phase = phase
        self.byte = self.bits = 0
        self.taken = bytearray()
        self.sends = b""
        self.sent = 0

    def on_slot(self, bit):
        """What the chip does to the line in this slot: 0 pulls, 1 lets go."""
        if not self.is_connected or self.phase == "dead":
            return 1
        if self.phase == "converting":
            return 0 if self.left_ms else 1
        if self.phase == "sending":
            return self._send()
        self.byte |= bit << self.bits
        self.bits += 1
        if self.bits == 8:
            byte, self.byte, self.bits = self.byte, 0, 0
            self._take(byte)
        return 1

    def _send(self):
        if self.sent >= 8 * len(self.sends):
            return 1
        bit = self.sends[self.sent // 8] >> self.sent % 8 & 1
        if self.sent == self.flip:
            bit = 1 - bit
        self.sent += 1
        return bit

    def _take(self, byte):
        if self.phase == "rom":
            self._take_rom_command(byte)
        elif self.phase == "match":
            self.taken.append(byte)
            if len(self.taken) == 8:
                self._listen("function" if self.taken == self.rom else "dead")
        elif self.phase == "function":
            self._take_function(byte)
        elif self.phase == "settings":
            self.taken.append(byte)
            if len(self.taken) == 3:
                self.pad[2:5] = self.taken[:2] + bytes([self.taken[2] & 0x60 | 0x1F])

    def _take_rom_command(self, byte):
        if byte == 0xCC:
            self._listen("function")
        elif byte == 0x55:
            self._listen("match")
        elif byte == 0x33:
            self._listen("sending")
            self.sends = self.rom
        else:
            self._listen("dead")

    def _take_function(self, byte):
        if byte == 0x4E:
            self._listen("settings")
        elif byte == 0xBE:
            self._listen("sending")
            self.sends = bytes(self.pad) + bytes([crc8(self.pad)])
        elif byte == 0x44 and self.loses_converts:
            self.loses_converts -= 1
            self._listen("dead")
        elif byte == 0x44:
            self._listen("converting")
            self.left_ms = 94 << (self.pad[4] >> 5) if self.pad[4] < 0x7F else 750
        else:
            self._listen("dead")
