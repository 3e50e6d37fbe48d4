"""Fake `hid`: a USB adapter with an MCP2221A on it, so that the real Blinka can be used without one.

Reports by Microchip's data sheet DS20005565: GPIO, ADC and I2C end on the world's lines and buses. What
the chip really does when a pin becomes GPIO is kept: it is an output for a moment, low.
"""

from world import world

_VDD_PINS = ("G0", "G1", "G2", "G3")


def enumerate():
    return [{"vendor_id": 0x04D8, "product_id": 0x00DD}]


class device:
    def __init__(self):
        self.modes = [0x08] * 4
        self.reply = bytearray(64)
        self.answer = b""
        self.was_refused = False

    def open(self, vendor, product):
        assert (vendor, product) == (0x04D8, 0x00DD)

    def close(self):
        pass

    def write(self, frame):
        assert len(frame) == 65 and frame[0] == 0
        report = frame[1:]
        self.reply = bytearray(64)
        self.reply[0] = report[0]
        reports = {0x10: self._status, 0x50: self._set_pins, 0x51: self._get_pins, 0x60: self._set_modes}
        reports.update({0x40: self._get_data, 0x90: self._write_i2c, 0x91: self._read_i2c})
        if report[0] in reports:
            reports[report[0]](report)
        else:
            assert report[0] in (0x61, 0x70)
        return 65

    def read(self, n):
        return bytes(self.reply[:n])

    # --- pins -------------------------------------------------------------------------------

    def _set_modes(self, report):
        if report[7] & 0x80:
            for i in range(4):
                if self.modes[i] != report[8 + i]:
                    self._show(i, report[8 + i])

    def _set_pins(self, report):
        for i in range(4):
            change_value, value, change_direction, direction = report[2 + 4 * i : 6 + 4 * i]
            mode = self.modes[i]
            if change_value:
                mode = mode & ~0x10 | (0x10 if value else 0)
            if change_direction:
                mode = mode & ~0x08 | (0x08 if direction else 0)
            if change_value or change_direction:
                self._show(i, mode)

    def _show(self, i, mode):
        self.modes[i] = mode
        line = world.line(_VDD_PINS[i])
        line.is_output = mode & 0x0F == 0
        if line.is_output:
            line.drive(mode & 0x10)

    def _get_pins(self, _report):
        for i in range(4):
            is_gpio = self.modes[i] & 0x07 == 0
            self.reply[2 + 2 * i] = world.line(_VDD_PINS[i]).level() if is_gpio else 0xEE

    def _status(self, _report):
        bus = world.i2c.get(("SDA", "SCL"))
        self.reply[8] = 0x12 if bus and not bus.data() else 0  # no start condition on a line held low
        self.reply[20] = 0x40 if self.was_refused else 0
        for i in (1, 2, 3):
            reading = world.volts.get(_VDD_PINS[i], 65535) >> 6  # 10 bits of the supply
            self.reply[48 + 2 * i], self.reply[49 + 2 * i] = reading & 0xFF, reading >> 8

    # --- I2C --------------------------------------------------------------------------------

    def _write_i2c(self, report):
        bus = world.i2c[("SDA", "SCL")]
        n = report[1] | report[2] << 8
        if not bus.data():
            self.reply[1], self.reply[2] = 1, 0x12
            return
        self.was_refused = bus.writeto(report[3] >> 1, report[4 : 4 + n]) < n

    def _read_i2c(self, report):
        bus = world.i2c[("SDA", "SCL")]
        data = bytearray(report[1] | report[2] << 8)
        self.was_refused = not bus.data() or not bus.readfrom_into(report[3] >> 1, data)
        self.answer = bytes(data)

    def _get_data(self, _report):
        if self.was_refused:
            self.reply[2] = 0x25
            return
        self.reply[2], self.reply[3] = 0x55, len(self.answer)
        self.reply[4 : 4 + len(self.answer)] = self.answer
