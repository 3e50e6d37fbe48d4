"""The real adafruit-blinka with an MCP2221A adapter, whose USB end is fake. Run by test_hal_circuitpython.py."""

import digitalio
from bus_i2c import Lines, Sht3xChip
from common_circuitpython import WholeDeviceTest, _Board  # noqa: F401  its wiring is this adapter's
from world import world

from rumpus.appliances.base import MISSING, SHORT
from rumpus.drivers import ntc, sht3x


class AdapterTest(_Board):
    def run_ms(self, part, ms):
        for _ in range(0, ms, 100):
            world.advance(100)
            value = part.read(100)
        return value

    def test_it_is_the_real_blinka(self):
        self.assertTrue("site-packages" in digitalio.__file__)

    def test_an_output(self):
        pin = self.hal().pin("digital_out", "G0")
        for level in (0, 1, 0):
            pin.write(level)
            self.assertEqual(world.line("G0").level(), level)

    def test_an_input_without_pull_ups(self):
        pin = self.hal().pin("digital_in", "G2")
        for level in (0, 1, 0):
            world.line("G2").outside = level
            self.assertEqual(pin.read(), level)

    def test_an_analog_input_of_ten_bits(self):
        pin = self.hal().pin("adc", "G1")
        for volts in (0, 64, 32768, 65535):
            world.volts["G1"] = volts
            self.assertEqual(pin.read(), volts & ~63)

    def test_an_open_thermistor_is_seen_in_spite_of_ten_bits(self):
        world.volts["G1"] = 65535
        self.assertEqual(ntc.make(self.hal().pin("adc", "G1"), (10000, 3950, 15000)).read(0), ntc.OPEN)

    def test_a_missing_and_a_held_bus(self):
        chip = Sht3xChip()
        world.i2c[("SDA", "SCL")] = lines = Lines(chip)
        part = sht3x.make(self.hal().pin("i2c", "SDA/SCL"), ("temperature",))
        self.assertEqual(self.run_ms(part, 3000), 215)
        chip.is_connected = False
        self.assertEqual(self.run_ms(part, 3000), MISSING)
        chip.is_connected = True
        self.assertEqual(self.run_ms(part, 3000), 215)
        lines.holder = -1
        self.assertTrue(self.run_ms(part, 3000) in (MISSING, SHORT))
        lines.holder = 0
        self.assertEqual(self.run_ms(part, 3000), 215)
