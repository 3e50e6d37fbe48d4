"""MicroPython on a board: machine, network, and the REPL's port as a carrier.

Contract of a Hal: see the calls here; virtual.py and circuitpython.py have the same. Blocking calls and
how long they may take: stalls.py.
"""

import gc
import os
import select
import socket
import sys
import time

import machine
import micropython

from . import pins_micropython as pins
from .addresses import Addresses
from .files import Files, Slots
from .net_micropython import Dialling, Listener, Poller, Stream
from .rest import all_as_written, all_at_rest
from .stalls import WATCHDOG_AT_REST_MS, WATCHDOG_MS

NAME = "micropython"
_CTRL_C = 3
_FEED_MS = 1000


class Hal:
    """settings: storage (folder, default the root), supply_mv, watchdog (0: none), and those of Wifi."""

    def __init__(self, settings):
        self.settings = settings
        self.files = Files(settings.get("storage", ""))
        self.poller = Poller()
        self.wifi = None
        self._outputs = []
        self._buses = {}
        self._addresses = Addresses(self._ask, self.is_at_rest)
        self._watchdog = None
        self._feeder = None
        self._console = None
        self._now_ms = time.ticks_ms()

    # --- pins -------------------------------------------------------------------------------

    def pin(self, kind, name):
        """A pin object: digital_in, digital_out, signal_out, adc, pwm, counter, onewire, i2c or ir."""
        if kind == "digital_out" or kind == "pwm":
            output = pins.DigitalOut(name) if kind == "digital_out" else pins.Pwm(name)
            self._outputs.append(output)
            return output
        if kind == "signal_out":  # an LED or a buzzer, which may be on while the loop stalls
            return pins.DigitalOut(name)
        if kind == "digital_in":
            return pins.DigitalIn(name)
        if kind == "adc":
            return pins.Adc(name, self.settings.get("supply_mv", 3300))
        if kind == "counter":
            return pins.Counter(name)
        if name not in self._buses:
            self._buses[name] = _make_bus(kind, name)
        return self._buses[name]

    def is_at_rest(self):
        """True when no output is switched on: what may stall the loop is allowed. Allocates nothing."""
        return all_at_rest(self._outputs)

    def outputs_good(self):
        """The self-check of a new version: every pin shows what it was given, as far as that can be seen."""
        return all_as_written(self._outputs)

    def wired(self, port=None):
        """The device is made: connect, and start the watchdog that only a turning loop feeds."""
        self._network()
        has_watchdog = self.settings.get("watchdog", 1)
        self.settings = {}  # nobody asks them again, and their memory is wanted
        gc.collect()
        if has_watchdog:
            self._watchdog = machine.WDT(timeout=WATCHDOG_MS)
        self._now_ms = time.ticks_ms()

    # --- time -------------------------------------------------------------------------------

    def wait(self, timeout_ms):
        """Wait until a carrier is ready or the time is over. Allocates nothing."""
        self.poller.wait(timeout_ms)

    def elapsed_ms(self):
        """Milliseconds since the last call. Allocates nothing."""
        now_ms = time.ticks_ms()
        elapsed_ms = time.ticks_diff(now_ms, self._now_ms)
        self._now_ms = now_ms
        if self.wifi is not None:
            self.wifi.advance(elapsed_ms)
        return elapsed_ms

    def ticked(self):
        """True when there is a step to be done, even one of no time: never on a board."""
        return False

    def stepped(self):
        """The loop has done one turn and is healthy. Allocates nothing."""
        if self._watchdog is not None:
            self._watchdog.feed()

    def halted(self, orderly):
        """The loop has ended and the outputs are off. After a crash nobody feeds the watchdog, and it
        restarts the board; after an orderly end it must not bite whoever works in the REPL."""
        if orderly and self._watchdog is not None:
            self._feeder = _free_timer()
            self._feeder.init(period=_FEED_MS, callback=self._feed)

    def restart(self):
        """Start again; the outputs are off."""
        machine.reset()

    def _feed(self, _timer):
        self._watchdog.feed()

    # --- carriers ---------------------------------------------------------------------------

    def _network(self):
        """Begin to connect, once, after the outputs were made; a board without Wi-Fi settings never."""
        if self.wifi is None and self.settings.get("wifi_ssid"):
            from .networks import known
            from .wifi_micropython import Wifi

            self.wifi = Wifi(known(self.settings, self.files), self.settings.get("hostname"), self.random)

    def listen(self, host, port):
        self._network()  # an ESP32 has no sockets before its radio is on
        return Listener(self.poller, host, port)

    def datagrams(self, port, to_all, joins, interface, size):
        """A socket for datagrams; see udp_socket.py."""
        self._network()
        from .udp_socket import Datagrams

        return Datagrams(self.poller, port, to_all, joins, interface, size, self._addresses.of)

    def dial(self, host, port):
        """A connection under way. Raises OSError while the name cannot be resolved."""
        self._network()
        return Dialling(self.poller, self._addresses.of(host), port)

    def _ask(self, host):
        self._stretch_watchdog(WATCHDOG_AT_REST_MS)
        try:
            return _resolve(host)
        finally:
            self._stretch_watchdog(WATCHDOG_MS)

    def wants_rest(self):
        """True when something long waits for all outputs to be at rest. Allocates nothing."""
        return self._addresses.is_missing

    def _stretch_watchdog(self, ms):
        if self._watchdog is not None:
            try:
                self._watchdog = machine.WDT(timeout=ms)
            except ValueError:
                pass  # more than this chip can: its resolver gives up before its watchdog bites

    def console(self):
        """The REPL's port, with the keyboard interrupt off: a packet may hold its character."""
        micropython.kbd_intr(-1)
        self._console = Console(self.poller, sys.stdin.buffer, sys.stdout.buffer)
        return self._console

    def release_console(self):
        """Give the console to the REPL."""
        micropython.kbd_intr(_CTRL_C)

    # --- the rest ---------------------------------------------------------------------------

    def random(self, below):
        """A number 0 <= n < below <= 65536 (for jitter, not for keys)."""
        import random

        return random.getrandbits(16) % below

    def entropy(self, size):
        """Random bytes from the hardware, for nonces."""
        return os.urandom(size)

    def is_online(self):
        """True when the network is there, or none is used. Allocates nothing."""
        return self.wifi is None or self.wifi.is_connected

    def slots(self, name):
        return Slots(self.files, name)


class Console(Stream):
    """Byte by byte while poll says so: readinto() would wait for the whole buffer. The port's ring holds
    about 260 bytes, so the loop must come here at least every 20 ms at 115200 baud; the host paces."""

    def __init__(self, poller, stream, writer):
        super().__init__(poller, stream, writer)
        self._one = bytearray(1)
        self._look = select.poll()
        self._look.register(stream, select.POLLIN)

    def recv_into(self, view):
        """Bytes put into the view; 0 when nothing is there, never -1. Allocates nothing."""
        self.ready = False
        n = 0
        while n < len(view) and self._has_byte() and self.stream.readinto(self._one):
            view[n] = self._one[0]
            n += 1
        return n

    def _has_byte(self):
        for pair in self._look.ipoll(0):
            return pair[1] & select.POLLIN
        return 0

    def send(self, buf, at, end):
        # A terminal write that takes nothing would be tried again for ever; a UART drops instead.
        n = Stream.send(self, buf, at, end)
        return n if n > 0 else end - at

    def close(self):
        self._poller.remove(self)


def _free_timer():
    try:
        return machine.Timer(-1)
    except ValueError:  # a port without timers in software
        return machine.Timer(0)


def _make_bus(kind, name):
    from . import buses_micropython as buses

    if kind == "onewire":
        return buses.OneWire(name)
    if kind == "i2c":
        return buses.I2c(name)
    if kind == "ir":
        return buses.Ir(name)
    raise ValueError("no pin of the kind " + kind)


def _resolve(host):
    """May block for as long as stalls.py says."""
    return socket.getaddrinfo(host, 0)[0][-1][0]
