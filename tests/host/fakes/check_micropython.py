"""hal/micropython.py on a fake board under a real MicroPython. Run by test_hal_micropython.py."""

import os
import socket
import sys
import unittest

import esp32
import micropython
import network
from bus_i2c import Lines, Sht3xChip
from bus_onewire import Ds18b20Chip, Wire
from heater_bench import NTC, HeaterBench, check_heater, reading_at
from world import world

from boards.esp32_devkitc.water_heater import ROLES as DEVKITC
from boards.raspberry_pi_pico_w.water_heater import ROLES as PICO
from rumpus.appliances.base import MISSING, SHORT
from rumpus.drivers import ds18b20, ir_ac, ntc, sht3x
from rumpus.drivers.ir_protocol import FIRST_MS
from rumpus.hal import buses_micropython, pins_micropython
from rumpus.hal.micropython import Console, Hal
from rumpus.hal.net_micropython import Poller
from rumpus.hal.stalls import WATCHDOG_AT_REST_MS, WATCHDOG_MS

FOLDER = os.getenv("FAKE_FOLDER")


class _Board(unittest.TestCase):
    """A fresh world for each test. The fakes hold on to the object, so it is emptied, not replaced."""

    def setUp(self):
        world.__init__()
        network.WLAN.connects = 0
        for name in os.listdir(FOLDER):
            os.remove(FOLDER + "/" + name)

    def hal(self, **settings):
        settings["storage"] = FOLDER
        return Hal(settings)


class DigitalTest(_Board):
    def test_an_output_shows_only_levels_that_were_asked_for(self):
        for first in (0, 1):
            world.__init__()
            pin = self.hal().pin("digital_out", "IO23")
            self.assertEqual(world.line(23).shown, [])
            pin.write(first)
            pin.write(first)
            pin.write(1 - first)
            self.assertEqual(world.line(23).shown, [first, 1 - first])

    def test_names(self):
        hal = self.hal()
        for name, number in (("IO4", 4), ("GPIO5", 5), ("GP6", 6), ("7", 7), ("LED", "LED")):
            hal.pin("digital_out", name).write(1)
            self.assertEqual(world.line(number).shown, [1], name)
        self.assertRaises(ValueError, self.hal().pin("digital_out", "D4").write, 1)
        self.assertRaises(ValueError, self.hal().pin, "spi", "IO4")

    def test_an_input_is_pulled_up(self):
        pin = self.hal().pin("digital_in", "IO26")
        self.assertEqual(pin.read(), 1)
        world.line(26).outside = 0
        self.assertEqual(pin.read(), 0)

    def test_an_input_only_pin_has_no_pull(self):
        pin = self.hal().pin("digital_in", "IO35")
        self.assertEqual(world.line(35).pull, None)
        world.line(35).outside = 1
        self.assertEqual(pin.read(), 1)

    def test_pulses_are_counted_once(self):
        pin = self.hal().pin("counter", "IO25")
        self.assertEqual(pin.take(), 0)
        world.line(25).pulse(1234)
        self.assertEqual((pin.take(), pin.take()), (1234, 0))
        pin._count = pin._taken = pins_micropython._COUNT_MASK
        world.line(25).pulse(3)
        self.assertEqual(pin.take(), 3)

    def test_pwm(self):
        hal = self.hal()
        hal.pin("pwm", "IO5").write(65535)
        self.assertEqual(world.pwm[5], (1000, 65535))
        pin = hal.pin("pwm", "IO18@25000")
        self.assertEqual(world.line(18).shown, [])
        for duty in (0, 0, 32768, 65535):
            pin.write(duty)
        self.assertEqual(world.line(18).shown, [0, 32768, 65535])
        self.assertEqual(world.pwm[18], (25000, 65535))

    def test_at_rest_means_as_the_drivers_left_it(self):
        hal = self.hal()
        relay, inverted = hal.pin("digital_out", "IO23"), hal.pin("digital_out", "IO22")
        relay.write(0)
        inverted.write(1)
        self.assertTrue(hal.is_at_rest())
        inverted.write(0)
        self.assertFalse(hal.is_at_rest())
        inverted.write(1)
        self.assertTrue(hal.is_at_rest())


class AdcTest(_Board):
    def part(self):
        return ntc.make(self.hal().pin("adc", "IO34"), NTC)

    def test_the_calibrated_range_of_an_esp32(self):
        part = self.part()
        for celsius in range(-20, 103, 7):
            world.volts[34] = reading_at(celsius)
            self.assertTrue(abs(part.read(0) - 10 * celsius) <= 6, (celsius, part.read(0)))

    def test_broken_and_shorted_wires_read_as_rails(self):
        pin = self.hal().pin("adc", "IO34")
        for volts, reading in ((65535, 65535), (63000, 65535), (0, 0), (2000, 0)):
            world.volts[34] = volts
            self.assertEqual(pin.read(), reading)

    def test_a_converter_without_calibration_is_taken_as_it_is(self):
        pin = self.hal().pin("adc", "GP26")
        pin._is_calibrated = False
        world.chip = "rp2"
        for reading in (0, 1, 12345, 65535):
            world.volts[26] = reading
            self.assertEqual(pin.read(), reading)

    def test_reading_allocates_nothing(self):
        pin = pins_micropython.Adc("IO34", 3300)
        world.volts[34] = 32768
        pin._adc = _FixedAdc()
        micropython.heap_lock()
        for _ in range(50):
            reading = pin.read()
        micropython.heap_unlock()
        self.assertTrue(abs(reading - 32768) < 20, reading)


class _FixedAdc:
    def read_u16(self):
        return 32768

    def read_uv(self):
        return 1650000


class BusTest(_Board):
    def test_a_thermometer_on_one_wire(self):
        chip = Ds18b20Chip()
        world.wires[4] = wire = Wire(chip)
        hal = self.hal()
        part = ds18b20.make(hal.pin("onewire", "IO4"), ())
        self.assertTrue(hal.pin("onewire", "IO4") is hal.pin("onewire", "IO4"))
        for fault, values in (
            (None, 250),
            ("is_held_low", SHORT),
            (None, 250),
        ):
            wire.is_held_low = fault is not None
            for _ in range(40):
                world.advance(100)
                value = part.read(100)
            self.assertEqual(value, values)
        chip.is_connected = False
        for _ in range(20):
            world.advance(100)
            value = part.read(100)
        self.assertEqual(value, MISSING)

    def climate(self, chip):
        world.i2c[(21, 22)] = lines = Lines(chip)
        hal = self.hal()
        parts = [sht3x.make(hal.pin("i2c", "IO21/IO22"), (name,)) for name in ("temperature", "humidity")]
        return lines, parts

    def run_ms(self, parts, ms):
        for _ in range(0, ms, 100):
            world.advance(100)
            values = [part.read(100) for part in parts]
        return values

    def test_two_roles_on_one_chip_on_i2c(self):
        _lines, parts = self.climate(Sht3xChip())
        self.assertEqual(self.run_ms(parts, 3000), [215, 48])

    def test_a_missing_chip_on_i2c(self):
        chip = Sht3xChip()
        chip.is_connected = False
        _lines, parts = self.climate(chip)
        self.assertEqual(self.run_ms(parts, 3000), [MISSING, MISSING])

    def test_a_data_line_held_by_a_chip_is_clocked_free(self):
        lines, parts = self.climate(Sht3xChip())
        for clocks in (1, 5, 9):
            self.assertEqual(self.run_ms(parts, 3000), [215, 48])
            lines.holder = clocks
            self.assertEqual(self.run_ms(parts, 3000), [215, 48])
            self.assertEqual(lines.holder, 0)

    def test_a_data_line_held_for_ever_is_short(self):
        lines, parts = self.climate(Sht3xChip())
        self.run_ms(parts, 3000)
        lines.holder = -1
        self.assertEqual(self.run_ms(parts, 3000), [SHORT, SHORT])
        lines.holder = 0
        self.assertEqual(self.run_ms(parts, 3000), [215, 48])

    def test_an_i2c_pin_without_a_slash_is_refused(self):
        self.assertRaises(ValueError, self.hal().pin, "i2c", "IO21")

    def test_infrared_by_the_esp32s_peripheral(self):
        part = ir_ac.make(self.hal().pin("ir", "IO4"), ("coolix",))
        part.write(0, FIRST_MS)
        pin, hertz, durations = world.infrared[0]
        self.assertEqual((pin, hertz, len(durations), durations[:2]), (4, 38000, 199, [4692, 4416]))

    def test_infrared_without_the_peripheral_switches_a_carrier(self):
        rmt = esp32.RMT
        sent = buses_micropython.Ir("IO4")
        sent._rmt = None
        sent._pwm = pins_micropython.machine.PWM(pins_micropython.Pin(5), freq=38000, duty_u16=0)
        world.line(5).shown.clear()
        sent.send([500, 500, 500])
        on = 65535 * 33 // 100
        self.assertEqual(world.line(5).shown, [on, 0, on, 0])
        self.assertTrue(rmt is esp32.RMT)


class TimeTest(_Board):
    def test_elapsed_time_over_the_wrap_of_the_clock(self):
        hal = self.hal()
        total = 0
        for ms in (0, 1, 4000, 900, 200, 60000):  # the fake clock wraps after 5 s
            world.advance(ms)
            elapsed_ms = hal.elapsed_ms()
            self.assertEqual(elapsed_ms, ms)
            total += elapsed_ms
        self.assertEqual(total, world.now_ms)

    def test_the_watchdog_is_fed_by_turns_only(self):
        hal = self.hal()
        self.assertEqual(world.watchdog, None)
        hal.wired(None)
        self.assertEqual(world.watchdog, WATCHDOG_MS)
        fed = world.feeds
        hal.wait(0)
        hal.elapsed_ms()
        hal.halted(False)
        world.advance(20000)
        self.assertEqual(world.feeds, fed)
        hal.stepped()
        self.assertEqual(world.feeds, fed + 1)

    def test_no_watchdog_when_the_settings_say_so(self):
        hal = self.hal(watchdog=0)
        hal.wired(None)
        hal.stepped()
        self.assertEqual(world.watchdog, None)

    def test_the_repl_is_not_bitten_after_an_orderly_end(self):
        for chip in ("esp32", "old"):
            self.setUp()
            world.chip = chip
            hal = self.hal()
            hal.wired(None)
            hal.halted(True)
            fed = world.feeds
            world.advance(20000)
            self.assertTrue(world.feeds >= fed + 19)

    def test_a_turn_allocates_nothing(self):
        hal = self.hal()
        hal.wired(None)
        hal.pin("digital_out", "IO23").write(0)
        real = Hal.elapsed_ms.__globals__["time"]
        Hal.elapsed_ms.__globals__["time"] = _Clock()
        hal.wait(0)
        micropython.heap_lock()
        for _ in range(50):
            hal.wait(0)
            elapsed_ms = hal.elapsed_ms()
            is_at_rest = hal.is_at_rest()
            hal.stepped()
        micropython.heap_unlock()
        Hal.elapsed_ms.__globals__["time"] = real
        self.assertEqual((elapsed_ms, is_at_rest), (7, True))

    def test_files_survive(self):
        self.hal().files.save("boots", b"7")
        self.assertEqual(self.hal().files.load("boots"), b"7")
        slots = self.hal().slots("events")
        records = bytearray(32)
        slots.load(memoryview(records), 8)
        self.assertEqual(records, bytes(32))
        slots.save(2, b"12345678")
        self.hal().slots("events").load(memoryview(records), 8)
        self.assertEqual(records[16:24], b"12345678")

    def test_random_numbers_stay_below(self):
        hal = self.hal()
        numbers = [hal.random(1000) for _ in range(200)]
        self.assertTrue(0 <= min(numbers) < 500 < max(numbers) < 1000)


class _Clock:
    """Small integers, as the real calls give; the fake ones compute with big ones on 32 bits."""

    def ticks_ms(self):
        return 1000

    def ticks_diff(self, end, start):
        return 7


class WifiTest(_Board):
    def hal(self):
        hal = super().hal(wifi_ssid="home", wifi_password="secret", hostname="heater")
        hal._network()
        return hal

    def run_ms(self, hal, ms):
        for _ in range(0, ms, 100):
            world.advance(100)
            hal.elapsed_ms()

    def test_nothing_is_connected_before_the_device_is_made(self):
        hal = _Board.hal(self, wifi_ssid="home")
        self.assertEqual(hal.wifi, None)
        hal.wired(None)
        self.assertTrue(hal.wifi is not None)

    def test_connects_and_does_not_sleep(self):
        world.access_points["home"] = "secret"
        hal = self.hal()
        self.run_ms(hal, 4000)
        self.assertTrue(hal.wifi.is_connected)
        self.assertEqual((network.WLAN.connects, network.names[-1]), (1, "heater"))
        self.assertEqual(world.wlan.settings, {"pm": 0})

    def test_goes_on_trying_with_growing_waits(self):
        hal = self.hal()
        self.run_ms(hal, 600000)
        self.assertTrue(8 <= network.WLAN.connects <= 14, network.WLAN.connects)
        world.access_points["home"] = "secret"
        self.run_ms(hal, 100000)
        self.assertTrue(hal.wifi.is_connected)

    def test_the_network_before_is_tried_in_turn_with_the_new_one(self):
        world.access_points["old"] = "other"
        hal = _Board.hal(
            self,
            wifi_ssid="home",
            wifi_password="secret",
            wifi_ssid_before="old",
            wifi_password_before="other",
        )
        hal._network()
        self.run_ms(hal, 60000)
        self.assertEqual((hal.wifi.is_connected, network.WLAN.connects), (True, 2))
        self.assertEqual(world.wlan.wanted, ("old", "other"))

    def test_another_network_and_back_when_it_does_not_work(self):
        world.access_points.update({"home": "secret", "next": "door"})
        hal = self.hal()
        self.run_ms(hal, 5000)
        hal.wifi.change([("next", "door"), ("home", "secret")])
        self.run_ms(hal, 900)
        self.assertEqual(hal.wifi.joined(), "home")  # its answer goes out first
        self.run_ms(hal, 5000)
        self.assertEqual((hal.wifi.joined(), network.WLAN.connects), ("next", 2))
        hal.wifi.change([("home", "wrong"), ("next", "door")])
        self.run_ms(hal, 5000)
        self.assertEqual(hal.wifi.joined(), "")
        self.run_ms(hal, 30000)
        self.assertEqual((hal.wifi.joined(), network.WLAN.connects), ("next", 4))

    def test_a_lost_access_point_is_found_again(self):
        world.access_points["home"] = "secret"
        hal = self.hal()
        self.run_ms(hal, 5000)
        del world.access_points["home"]
        self.run_ms(hal, 120000)
        self.assertFalse(hal.wifi.is_connected)
        world.access_points["home"] = "secret"
        self.run_ms(hal, 90000)
        self.assertTrue(hal.wifi.is_connected)


class NameTest(_Board):
    """Asking a resolver may take long: only with all outputs at rest, and with the watchdog stretched."""

    def setUp(self):
        super().setUp()
        self.asked = []
        self.real = socket.getaddrinfo
        Hal.dial.__globals__["_resolve"] = self.resolve

    def resolve(self, host):
        self.asked.append((host, world.watchdog))
        return "127.0.0.1"

    def test_a_number_is_never_asked_for(self):
        self.assertEqual(self.hal()._addresses.of("192.168.1.20"), "192.168.1.20")
        self.assertEqual(self.asked, [])

    def test_a_name_is_asked_for_at_rest_and_remembered(self):
        hal = self.hal()
        hal.wired(None)
        relay = hal.pin("digital_out", "IO23")
        relay.write(0)
        relay.write(1)
        self.assertRaises(OSError, hal._addresses.of, "server")
        self.assertEqual(self.asked, [])
        relay.write(0)
        self.assertEqual(hal._addresses.of("server"), "127.0.0.1")
        self.assertEqual((self.asked, world.watchdog), ([("server", WATCHDOG_AT_REST_MS)], WATCHDOG_MS))
        relay.write(1)
        self.assertEqual(hal._addresses.of("server"), "127.0.0.1")
        self.assertEqual(len(self.asked), 1)

    def test_a_chip_that_cannot_stretch_its_watchdog(self):
        world.chip = "rp2"
        hal = self.hal()
        hal.wired(None)
        self.assertEqual(hal._addresses.of("server"), "127.0.0.1")
        self.assertEqual(world.watchdog, WATCHDOG_MS)


class DatagramTest(_Board):
    GROUP = "239.255.178.11"

    def test_to_one_and_to_a_group(self):
        hal = self.hal()
        group = (self.GROUP, 27811)
        listening = hal.datagrams(27811, group, True, "127.0.0.1", 1200)
        own = hal.datagrams(0, group, False, "127.0.0.1", 1200)
        self.assertTrue(listening.join())
        self.assertTrue(own.join())
        self.assertTrue(own.send(b"xhellox", 1, 6, None))
        self.assertEqual(self.received(hal, listening), b"hello")
        source = listening.source
        self.assertTrue(listening.send(bytearray(b"answer"), 0, 6, source))
        self.assertEqual(self.received(hal, own), b"answer")
        self.assertEqual(bytes(own.source), bytes(own.address("127.0.0.1", 27811)))
        self.assertEqual(own.receive(), None)
        self.assertFalse(own.ready)

    def received(self, hal, datagrams):
        for _ in range(100):
            hal.wait(10)
            if datagrams.ready:
                data = datagrams.receive()
                if data is not None:
                    return data
        return None


class ConsoleTest(_Board):
    def test_the_interrupt_character_is_off_while_packets_come(self):
        told = []
        Hal.console.__globals__["micropython"] = _Keyboard(told)
        hal = self.hal()
        hal.console()
        hal.release_console()
        Hal.console.__globals__["micropython"] = micropython
        self.assertEqual(told, [-1, 3])

    def test_reads_what_is_there_and_no_more(self):
        stream = open(FOLDER + "/input", "w+b")  # noqa: SIM115  not here
        stream.write(bytes(range(100)))
        stream.seek(0)
        console = Console(Poller(), sys.stdin.buffer, sys.stdout.buffer)
        console.stream = stream
        left = [40]
        console._look = _Look(left)
        view = memoryview(bytearray(300))
        self.assertEqual(console.recv_into(view), 40)
        self.assertEqual(bytes(view[:40]), bytes(range(40)))
        self.assertEqual(console.recv_into(view), 0)
        left[0] = 1000  # poll says yes at the end of a file as well: still no harm
        self.assertEqual(console.recv_into(view), 60)
        self.assertEqual(console.recv_into(view), 0)
        left[0] = 1000
        stream.seek(0)
        self.assertEqual(console.recv_into(view[:7]), 7)
        stream.close()


class _Keyboard:
    def __init__(self, told):
        self.told = told

    def kbd_intr(self, character):
        self.told.append(character)


class _Look:
    """A poll object that says "readable" a number of times."""

    def __init__(self, left):
        self.left = left

    def ipoll(self, timeout_ms):
        if self.left[0] <= 0:
            return ()
        self.left[0] -= 1
        return ((None, 1),)


class WholeDeviceTest(_Board):
    def test_a_water_heater_with_thermistors_on_an_esp32(self):
        def show(bench):
            for pin in (34, 35, 32):
                world.volts[pin] = reading_at(bench.celsius if pin != 32 else 15)
            # Its own current sensor sees what the relays do: 8.7 A of 30 A.
            world.volts[33] = 19000 if bench.is_heating() else 0
            world.volts[36] = 0
            world.line(26).outside = 0

        bench = HeaterBench(self.hal(), DEVKITC, show, (23, 22, 21), {"watts": 2000})

        def break_sensor():
            bench.show = lambda bench: world.volts.update({34: 65535})

        check_heater(self, bench, break_sensor)

    def test_a_water_heater_with_digital_thermometers_on_a_pico(self):
        world.chip = "rp2"
        lower, upper = Ds18b20Chip(), Ds18b20Chip(b"\x28\x11\x12\x13\x14\x15\x16")
        world.wires[22], world.wires[20] = Wire(lower), Wire(upper)

        def show(bench):
            lower.sixteenths = upper.sixteenths = int(bench.celsius * 16)
            world.volts[26] = 19000 if bench.is_heating() else 0
            world.volts[27] = 0
            world.volts[28] = reading_at(15)
            world.line(19).outside = 0

        def plain(name, _supply_mv):
            adc = _Plain()
            adc.id = int(name[2:])
            return adc

        real, pins_micropython.Adc = pins_micropython.Adc, plain
        bench = HeaterBench(self.hal(), PICO, show, (15, 14, 13), {"watts": 2000})
        pins_micropython.Adc = real

        def break_sensor():
            lower.is_connected = False

        check_heater(self, bench, break_sensor)

    def test_outputs_are_off_when_the_loop_dies(self):
        world.volts.update({34: reading_at(20), 35: reading_at(20), 32: reading_at(15), 33: 0, 36: 0})
        world.line(26).outside = 0
        bench = HeaterBench(self.hal(), DEVKITC, lambda bench: None, (23, 22, 21))
        bench.control(("power", 1), ("mode", 0), ("target_temperature", 600))
        bench.run(20000)
        self.assertTrue(bench.is_heating())

        def fail(*_args):
            raise RuntimeError("a bug")

        bench.app.appliance.step = fail
        bench.app.step = lambda _ms: bench.app.drive(100)
        fed = world.feeds
        self.assertRaises(RuntimeError, bench.app.run)
        self.assertEqual(bench.is_on(), [0, 0, 0])
        self.assertEqual(world.feeds, fed)


class _Plain:
    def read(self):
        return world.volts[self.id]
