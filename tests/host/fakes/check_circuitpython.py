"""hal/circuitpython.py as on a CircuitPython board, on a fake one. Run by test_hal_circuitpython.py."""

import errno
import socket

import microcontroller
import usb_cdc
import wifi
from bus_onewire import Ds18b20Chip, Wire
from common_circuitpython import (  # noqa: F401  the tests that hold everywhere
    BusTest,
    DigitalTest,
    WholeDeviceTest,
    _Board,
    _Feather,
)
from world import world

from rumpus.appliances.base import MISSING, SHORT
from rumpus.drivers import ds18b20, ir_ac
from rumpus.drivers.ir_protocol import FIRST_MS
from rumpus.hal import net_circuitpython
from rumpus.hal.circuitpython import Hal
from rumpus.hal.stalls import WATCHDOG_AT_REST_MS, WATCHDOG_MS


class FeatherTest(_Feather):
    pass


class ChipTest(_Board):
    def test_pulses_are_counted_once(self):
        pin = self.hal().pin("counter", "D11")
        world.line("D11").pulse(1234)
        self.assertEqual((pin.take(), pin.take()), (1234, 0))

    def test_infrared(self):
        part = ir_ac.make(self.hal().pin("ir", "D9"), ("gree",))
        part.write(0, FIRST_MS)
        pin, hertz, durations = world.infrared[0]
        self.assertEqual((pin, hertz, len(durations), durations[:2]), ("D9", 38000, 139, [9000, 4500]))

    def test_a_thermometer_on_one_wire(self):
        chip = Ds18b20Chip()
        world.wires["D13"] = wire = Wire(chip)
        part = ds18b20.make(self.hal().pin("onewire", "D13"), ())
        for is_held_low, is_connected, wanted in (
            (False, True, 250),
            (True, True, SHORT),
            (False, True, 250),
            (False, False, MISSING),
            (False, True, 250),
        ):
            wire.is_held_low, chip.is_connected = is_held_low, is_connected
            for _ in range(40):
                world.advance(100)
                value = part.read(100)
            self.assertEqual(value, wanted)

    def test_an_open_thermistor_on_an_esp32_reads_as_the_rail(self):
        from rumpus.hal import pins_circuitpython

        pins_circuitpython._IS_ESP32 = True
        pin = self.hal().pin("adc", "A0")
        for volts, reading in ((65535, 65535), (62000, 65535), (60000, 60000), (0, 0)):
            world.volts["A0"] = volts
            self.assertEqual(pin.read(), reading)


class TimeTest(_Board):
    def test_elapsed_time_over_the_wrap_of_the_clock(self):
        hal = self.hal()
        for ms in (0, 1, 4000, 900, 200, 60000):  # the fake clock wraps after 5 s
            world.advance(ms)
            self.assertEqual(hal.elapsed_ms(), ms)

    def test_the_watchdog(self):
        hal = self.hal()
        self.assertEqual(world.watchdog, None)
        hal.wired(None)
        self.assertEqual((world.watchdog, microcontroller.watchdog.mode), (WATCHDOG_MS, "reset"))
        fed = world.feeds
        hal.wait(0)
        hal.elapsed_ms()
        self.assertEqual(world.feeds, fed)
        hal.stepped()
        self.assertEqual(world.feeds, fed + 1)
        hal.halted(False)
        self.assertEqual(microcontroller.watchdog.mode, "reset")
        hal.halted(True)
        self.assertEqual(microcontroller.watchdog.mode, None)


class WifiTest(_Board):
    def setUp(self):
        super().setUp()
        wifi.radio.__init__()
        self.relay = None

    def start(self):
        hal = Hal({"storage": "", "wifi_ssid": "home", "wifi_password": "secret", "hostname": "heater"})
        self.relay = hal.pin("digital_out", "D5")
        self.relay.write(0)
        hal.wired(None)
        return hal

    def run_ms(self, hal, ms):
        end_ms = world.now_ms + ms
        while world.now_ms < end_ms:
            world.advance(100)
            hal.elapsed_ms()

    def test_connects(self):
        world.access_points["home"] = "secret"
        hal = self.start()
        self.run_ms(hal, 2000)
        self.assertTrue(hal.wifi.is_connected)
        self.assertEqual((wifi.radio.connects, wifi.radio.hostname), (1, "heater"))

    def test_the_network_before_is_tried_in_turn_with_the_new_one(self):
        world.access_points["old"] = "other"
        names = {"wifi_ssid": "home", "wifi_ssid_before": "old", "wifi_password_before": "other"}
        hal = Hal({"storage": "", "wifi_password": "secret", **names})
        hal.wired(None)
        self.run_ms(hal, 30000)
        self.assertEqual((hal.wifi.is_connected, wifi.radio.connects), (True, 2))

    def test_another_network_is_joined_once_all_outputs_are_at_rest(self):
        world.access_points.update({"home": "secret", "next": "door"})
        hal = self.start()
        self.run_ms(hal, 2000)
        self.assertEqual(hal.wifi.joined(), "home")
        self.relay.write(1)
        hal.wifi.change([("next", "door"), ("home", "secret")])
        self.run_ms(hal, 60000)
        self.assertEqual(hal.wifi.joined(), "home")
        self.relay.write(0)
        self.run_ms(hal, 1000)
        self.assertEqual((hal.wifi.joined(), wifi.radio.connects), ("next", 2))
        self.assertEqual(world.watchdog, WATCHDOG_MS)

    def test_another_network_that_does_not_work_is_left_again(self):
        world.access_points["home"] = "secret"
        hal = self.start()
        self.run_ms(hal, 2000)
        hal.wifi.change([("next", "wrong"), ("home", "secret")])
        self.run_ms(hal, 30000)
        self.assertEqual((hal.wifi.joined(), wifi.radio.connects), ("home", 3))

    def test_the_network_of_settings_toml_is_left_for_the_one_told_since(self):
        world.access_points.update({"home": "secret", "next": "door"})
        wifi.radio.connect("home", "secret")  # the interpreter has, before any program
        hal = Hal({"storage": "", "wifi_ssid": "next", "wifi_password": "door"})
        hal.wired(None)
        self.assertEqual(hal.wifi.joined(), "home")
        self.run_ms(hal, 3000)
        self.assertEqual(hal.wifi.joined(), "next")

    def test_waits_for_the_radio_only_with_all_outputs_at_rest(self):
        hal = self.start()
        self.relay.write(1)
        self.run_ms(hal, 60000)
        self.assertEqual(wifi.radio.connects, 0)
        self.relay.write(0)
        self.run_ms(hal, 600000)
        self.assertTrue(8 <= wifi.radio.connects <= 20, wifi.radio.connects)
        self.assertEqual(world.watchdog, WATCHDOG_MS)

    def test_the_watchdog_is_stretched_meanwhile(self):
        seen = []
        hal = self.start()
        real = wifi.radio.connect

        def connect(*args, **kwargs):
            seen.append(world.watchdog)
            real(*args, **kwargs)

        wifi.radio.connect = connect
        self.run_ms(hal, 5000)
        self.assertEqual(set(seen), {WATCHDOG_AT_REST_MS})

    def test_a_lost_access_point_is_the_radios_business(self):
        world.access_points["home"] = "secret"
        hal = self.start()
        self.run_ms(hal, 2000)
        self.relay.write(1)
        del world.access_points["home"]
        self.run_ms(hal, 5000)
        self.assertFalse(hal.wifi.is_connected)
        world.access_points["home"] = "secret"
        self.run_ms(hal, 5000)
        self.assertTrue(hal.wifi.is_connected)
        self.assertEqual(wifi.radio.connects, 1)


class SocketTest(_Board):
    def setUp(self):
        super().setUp()
        self.server = self.hal()

    def pair(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        listener = self.server.listen("127.0.0.1", port)
        self.assertEqual(listener.accept(), None)
        peer = socket.create_connection(("127.0.0.1", port))
        carrier = None
        while carrier is None:
            self.server.wait(10)
            carrier = listener.accept()
        listener.close()
        return carrier, peer

    def receive(self, carrier, view):
        while True:
            self.server.wait(10)
            self.assertTrue(carrier.ready)
            n = carrier.recv_into(view)
            self.assertFalse(carrier.ready)
            if n:
                return n

    def test_bytes_both_ways_and_the_end(self):
        carrier, peer = self.pair()
        view = memoryview(bytearray(100))
        self.assertEqual(carrier.recv_into(view), 0)
        peer.sendall(b"hello")
        n = self.receive(carrier, view)
        self.assertEqual(bytes(view[:n]), b"hello")
        self.assertEqual(carrier.send(b"xanswerx", 1, 7), 6)
        self.assertEqual(peer.recv(100), b"answer")
        peer.close()
        self.assertEqual(self.receive(carrier, view), -1)
        carrier.close()

    def test_a_full_pipe_takes_nothing(self):
        carrier, peer = self.pair()
        data = bytes(65536)
        while carrier.send(data, 0, len(data)):
            pass
        peer.close()
        carrier.close()

    def test_datagrams_to_one_and_to_all(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            peer.bind(("", 0))
            peer.settimeout(10)
            group = ("239.255.178.11", peer.getsockname()[1])
            datagrams = self.server.datagrams(0, group, True, "0.0.0.0", 1200)
            self.assertTrue(datagrams.join())
            self.assertEqual(datagrams.receive(), None)
            self.assertFalse(datagrams.ready)
            # It cannot join the group, so what it says to all is broadcast.
            self.assertTrue(datagrams.send(b"xhellox", 1, 6, None))
            data, source = peer.recvfrom(100)
            self.assertEqual(data, b"hello")
            peer.sendto(b"answer", source)
            self.server.wait(10)
            self.assertTrue(datagrams.ready)
            self.assertEqual(datagrams.receive(), b"answer")
            self.assertEqual(datagrams.source, datagrams.address("127.0.0.1", group[1]))
            self.assertTrue(datagrams.send(b"again", 0, 5, datagrams.source))
            self.assertEqual(peer.recvfrom(100)[0], b"again")

    def test_dialling_waits_only_at_rest(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            relay = self.server.pin("digital_out", "D5")
            relay.write(0)
            relay.write(1)
            self.assertRaises(OSError, self.server.dial, "127.0.0.1", port)
            relay.write(0)
            carrier = self.server.dial("127.0.0.1", port).carrier()
            self.assertEqual(carrier.send(b"x", 0, 1), 1)
            carrier.close()

    def test_nobody_there(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        dialling = self.server.dial("127.0.0.1", port)
        self.assertTrue(dialling.failed)
        self.assertEqual(dialling.carrier(), None)
        dialling.close()

    def test_nothing_yet_is_told_from_an_end(self):
        class Broken:
            def __init__(self, number):
                self.number = number

            def setblocking(self, flag):
                pass

            def recv_into(self, view):
                raise OSError(self.number, "")

        for number, n in (
            (errno.EAGAIN, 0),
            (errno.ETIMEDOUT, 0),
            (errno.ENOTCONN, -1),
            (errno.ECONNRESET, -1),
        ):
            carrier = net_circuitpython.Stream(net_circuitpython.Poller(), Broken(number))
            self.assertEqual(carrier.recv_into(memoryview(bytearray(4))), n)


class ConsoleTest(_Board):
    def test_the_second_channel_carries_packets(self):
        carrier = self.hal().console()
        usb_cdc.data.received += b"\x03packet"
        view = memoryview(bytearray(4))
        self.assertEqual((carrier.recv_into(view), bytes(view)), (4, b"\x03pac"))
        self.assertEqual((carrier.recv_into(view), bytes(view[:3])), (3, b"ket"))
        self.assertEqual(carrier.recv_into(view), 0)
        self.assertEqual(carrier.send(b"xanswerx", 1, 7), 6)
        self.assertEqual(usb_cdc.data.sent, b"answer")

    def test_a_host_that_does_not_read_is_dropped(self):
        carrier = self.hal().console()
        usb_cdc.data.room = 0
        self.assertEqual(carrier.send(b"answer", 0, 6), 6)
        usb_cdc.data.room = 1 << 20

    def test_without_a_second_channel_the_repls_own_is_shared(self):
        data, usb_cdc.data = usb_cdc.data, None
        self.hal().console().send(b"x", 0, 1)
        usb_cdc.data = data
        self.assertEqual(usb_cdc.console.sent, b"x")
