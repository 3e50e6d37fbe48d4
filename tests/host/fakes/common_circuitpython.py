"""Tests of hal/circuitpython.py that hold on CircuitPython and on CPython with Blinka alike."""

import os
import unittest

import board
from bus_i2c import Lines, Sht3xChip
from fake_hal import UUID, FakeController
from heater_bench import NTC, HeaterBench, check_heater, reading_at
from world import world

from boards.adafruit_feather_esp32s3.water_heater import ROLES as FEATHER
from boards.mcp2221a_blinka.water_heater import ROLES as MCP2221A
from rumpus.app import App
from rumpus.appliances.base import MISSING, SHORT
from rumpus.drivers import ntc, sht3x
from rumpus.hal import circuitpython, pins_circuitpython
from rumpus.hal.circuitpython import Hal
from rumpus.transports import loopback

FOLDER = os.environ["FAKE_FOLDER"]
IS_BLINKA = circuitpython._IS_BLINKA
if IS_BLINKA:  # virtual time there as well
    circuitpython._ticks_ms = lambda: world.now_ms


class _Board(unittest.TestCase):
    """A fresh world for each test. The fakes hold on to the object, so it is emptied, not replaced."""

    def setUp(self):
        world.__init__()
        getattr(board, "release_all", list)()
        pins_circuitpython._IS_ESP32 = False
        for name in os.listdir(FOLDER):
            os.remove(FOLDER + "/" + name)

    def hal(self, **settings):
        settings["storage"] = FOLDER
        return Hal(settings)


class DigitalTest(_Board):
    def test_an_output_shows_only_levels_that_were_asked_for(self):
        for first in (0, 1):
            self.setUp()
            pin = self.hal().pin("digital_out", "D5")
            self.assertEqual(world.line("D5").shown, [])
            for level in (first, first, 1 - first):
                pin.write(level)
            self.assertEqual(world.line("D5").shown, [first, 1 - first])

    def test_a_pin_that_the_board_lacks_is_named(self):
        with self.assertRaises(ValueError) as caught:
            self.hal().pin("digital_out", "X99")
        self.assertTrue("X99" in str(caught.exception))

    def test_an_input_is_pulled_up(self):
        pin = self.hal().pin("digital_in", "D12")
        self.assertEqual(pin.read(), 1)
        world.line("D12").outside = 0
        self.assertEqual(pin.read(), 0)

    def test_pwm(self):
        pin = self.hal().pin("pwm", "D9@25000")
        self.assertEqual(world.pwm, {})
        for duty in (0, 32768, 65535):
            pin.write(duty)
        self.assertEqual((world.line("D9").shown, world.pwm["D9"]), ([0, 32768, 65535], (25000, 65535)))

    def test_at_rest_means_as_the_drivers_left_it(self):
        hal = self.hal()
        relay, inverted = hal.pin("digital_out", "D5"), hal.pin("digital_out", "D6")
        relay.write(0)
        inverted.write(1)
        self.assertTrue(hal.is_at_rest())
        inverted.write(0)
        self.assertFalse(hal.is_at_rest())

    def test_thermistor_over_its_range(self):
        part = ntc.make(self.hal().pin("adc", "A0"), NTC)
        world.chip = "rp2"
        for celsius in range(-20, 120, 7):
            world.volts["A0"] = reading_at(celsius)
            self.assertTrue(abs(part.read(0) - 10 * celsius) <= 3)


class BusTest(_Board):
    def run_ms(self, parts, ms):
        for _ in range(0, ms, 100):
            world.advance(100)
            values = [part.read(100) for part in parts]
        return values

    def climate(self):
        chip = Sht3xChip()
        world.i2c[("SDA", "SCL")] = lines = Lines(chip)
        hal = self.hal()
        parts = [sht3x.make(hal.pin("i2c", "SDA/SCL"), (name,)) for name in ("temperature", "humidity")]
        return chip, lines, parts

    def test_two_roles_on_one_chip(self):
        _chip, _lines, parts = self.climate()
        self.assertEqual(self.run_ms(parts, 3000), [215, 48])

    def test_a_missing_chip(self):
        chip, _lines, parts = self.climate()
        chip.is_connected = False
        self.assertEqual(self.run_ms(parts, 3000), [MISSING, MISSING])
        chip.is_connected = True
        self.assertEqual(self.run_ms(parts, 3000), [215, 48])

    def test_a_bus_held_for_ever_is_short(self):
        _chip, lines, parts = self.climate()
        self.run_ms(parts, 3000)
        lines.holder = -1
        self.assertEqual(self.run_ms(parts, 3000), [SHORT, SHORT])
        lines.holder = 0
        self.assertEqual(self.run_ms(parts, 3000), [215, 48])

    def test_a_bus_held_by_a_chip_is_clocked_free(self):
        _chip, lines, parts = self.climate()
        for clocks in (1, 9):
            self.run_ms(parts, 3000)
            lines.holder = clocks
            self.assertEqual(self.run_ms(parts, 4000), [215, 48])
            self.assertEqual(lines.holder, 0)

    def test_a_bus_that_is_low_at_start(self):
        chip = Sht3xChip()
        world.i2c[("SDA", "SCL")] = lines = Lines(chip)
        lines.holder = -1
        part = sht3x.make(self.hal().pin("i2c", "SDA/SCL"), ("temperature",))
        self.assertEqual(self.run_ms([part], 3000), [SHORT])
        lines.holder = 0
        self.assertEqual(self.run_ms([part], 3000), [215])


class WholeDeviceTest(_Board):
    def test_a_water_heater_with_one_thermistor(self):
        """The wiring of the MCP2221A adapter."""
        world.chip = "mcp2221a"

        def show(bench):
            world.volts["G1"] = reading_at(bench.celsius)
            world.line("G2").outside = 0

        bench = HeaterBench(self.hal(), MCP2221A, show, ("G0", "G3"), {"watts": 2000})

        def break_sensor():
            bench.show = lambda bench: world.volts.update({"G1": 65535})

        check_heater(self, bench, break_sensor)

    def test_an_air_conditioner_sees_both_values_of_an_sht3x(self):
        world.i2c[("SDA", "SCL")] = Lines(Sht3xChip())
        roles = (
            ("room_temperature", "sht3x", "SDA/SCL", ("temperature",)),
            ("room_humidity", "sht3x", "SDA/SCL", ("humidity",)),
            ("compressor", "relay", "G0", ("active_high",)),
        )
        near, far = loopback.pair()
        settings = {"appliance": "air_conditioner", "board": "fake", "uuid": UUID, "transport": "loopback"}
        hal = self.hal()
        app = App(hal, settings | {"carrier": far}, roles)
        FakeController(app, near)
        for _ in range(40):
            world.advance(100)
            app.step(hal.elapsed_ms())
        ids = {row[1]: row[0] for row in app.state.rows}
        self.assertEqual(app.state[ids["indoor_temperature"]], 215)
        self.assertEqual(app.state[ids["indoor_humidity"]], 48)


class _Feather(_Board):
    def test_a_water_heater_on_a_feather_esp32s3(self):
        """Its own wiring, with a converter that ends below the supply and a flow meter."""
        world.chip = "esp32"
        pins_circuitpython._IS_ESP32 = True

        def show(bench):
            world.volts["D5"] = world.volts["D6"] = reading_at(bench.celsius)
            world.volts["D9"] = 19000 if bench.is_heating() else 0
            world.volts["D10"] = 0
            world.line("D12").outside = 0

        bench = HeaterBench(self.hal(), FEATHER, show, ("A4", "A3", "A2"), {"watts": 2000})

        def break_sensor():
            bench.show = lambda bench: world.volts.update({"D5": 65535, "D6": 65535})

        check_heater(self, bench, break_sensor)
