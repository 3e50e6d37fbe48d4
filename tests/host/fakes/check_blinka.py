"""hal/circuitpython.py as on CPython with Blinka, on a fake board. Run by test_hal_circuitpython.py."""

import socket

from common_circuitpython import (  # noqa: F401  the tests that hold everywhere
    BusTest,
    DigitalTest,
    WholeDeviceTest,
    _Board,
)
from world import world


class CpythonTest(_Board):
    def test_elapsed_time(self):
        hal = self.hal()
        for ms in (0, 1, 4000, 1 << 31):
            world.advance(ms)
            self.assertEqual(hal.elapsed_ms(), ms)

    def test_there_is_no_watchdog_and_no_wifi_to_start(self):
        hal = self.hal(wifi_ssid="home")
        hal.wired(None)
        hal.stepped()
        hal.halted(True)
        self.assertEqual((hal.wifi, world.watchdog), (None, None))

    def test_sockets_are_the_operating_systems(self):
        hal = self.hal()
        listener = hal.listen("127.0.0.1", 0)
        peer = socket.create_connection(("127.0.0.1", listener.port))
        carrier = None
        while carrier is None:
            hal.wait(1000)
            carrier = listener.accept()
        peer.sendall(b"hello")
        view = memoryview(bytearray(10))
        n = 0
        while not n:
            hal.wait(1000)
            n = carrier.recv_into(view)
        self.assertEqual(bytes(view[:n]), b"hello")
        dialling = hal.dial("localhost", listener.port)
        relay = hal.pin("digital_out", "D5")
        relay.write(0)
        relay.write(1)
        self.assertEqual(hal._addresses.of("localhost"), "127.0.0.1")  # remembered
        self.assertRaises(OSError, hal._addresses.of, "elsewhere")
        for thing in (dialling, carrier, listener, peer):
            thing.close()
