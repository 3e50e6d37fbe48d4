"""CircuitPython on a board, and CPython on a Linux board or with a USB adapter through adafruit-blinka.

The pins are the same there (board, digitalio, busio ...); sockets, clock, console and watchdog are not,
and this file decides between them. Contract of a Hal: see micropython.py. Blocking calls: stalls.py.
"""

import os
import random
import sys
import time

from . import pins_circuitpython as pins
from .addresses import Addresses
from .files import Files, Slots
from .rest import RESTART, all_as_written, all_at_rest
from .stalls import WATCHDOG_AT_REST_MS, WATCHDOG_MS

_IS_BLINKA = sys.implementation.name == "cpython"
if _IS_BLINKA:
    from .net_cpython import Dialling, Listener, Poller
else:
    from .net_circuitpython import Dialling, Listener, Poller

NAME = "circuitpython"


def _ticks_ms():
    """Wraps at 2**29 where the interpreter's small integers end, never on CPython."""
    return time.monotonic_ns() // 1000000


_WRAP = 0
if not _IS_BLINKA:
    import supervisor

    _ticks_ms = supervisor.ticks_ms
    _WRAP = (1 << 29) - 1


def _resolve(host):
    """On CPython; CircuitPython resolves where it connects."""
    import socket

    return socket.gethostbyname(host)


class Hal:
    """settings: storage (folder), watchdog (0: none), and those of Wifi."""

    def __init__(self, settings):
        self.settings = settings
        self.files = Files(settings.get("storage", "." if _IS_BLINKA else ""))
        self.poller = Poller()
        self.wifi = None
        self._outputs = []
        self._buses = {}
        self._addresses = Addresses(_resolve, self.is_at_rest)
        self._watchdog = None
        self._now_ms = _ticks_ms()

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
            return pins.Adc(name)
        if kind == "counter":
            return pins.Counter(name)
        if name not in self._buses:
            self._buses[name] = _make_bus(kind, name)
        return self._buses[name]

    def is_at_rest(self):
        """True when no output is switched on: what may stall the loop is allowed."""
        return all_at_rest(self._outputs)

    def outputs_good(self):
        """The self-check of a new version: every pin shows what it was given, as far as that can be seen."""
        return all_as_written(self._outputs)

    def wired(self, port=None):
        """The device is made: connect, and start the watchdog that only a turning loop feeds."""
        self._network()
        if self.settings.get("watchdog", 1) and not _IS_BLINKA:
            import microcontroller
            import watchdog

            self._watchdog = microcontroller.watchdog
            self._watchdog.timeout = WATCHDOG_MS / 1000
            self._watchdog.mode = watchdog.WatchDogMode.RESET
        self._now_ms = _ticks_ms()

    # --- time -------------------------------------------------------------------------------

    def wait(self, timeout_ms):
        """Wait until a carrier is ready or the time is over; at most a moment on CircuitPython."""
        self.poller.wait(timeout_ms)

    def elapsed_ms(self):
        """Milliseconds since the last call."""
        now_ms = _ticks_ms()
        elapsed_ms = now_ms - self._now_ms
        if _WRAP:
            elapsed_ms &= _WRAP
        self._now_ms = now_ms
        if self.wifi is not None:
            self._reach_network(elapsed_ms)
        return elapsed_ms

    def _reach_network(self, elapsed_ms):
        is_at_rest = self.is_at_rest()
        if is_at_rest and self.wifi.wants_rest():
            self._stretch_watchdog(WATCHDOG_AT_REST_MS)
            self.wifi.advance(elapsed_ms, True)
            self._stretch_watchdog(WATCHDOG_MS)
        else:
            self.wifi.advance(elapsed_ms, False)

    def ticked(self):
        """True when there is a step to be done, even one of no time: never on a board."""
        return False

    def stepped(self):
        """The loop has done one turn and is healthy."""
        if self._watchdog is not None:
            self._watchdog.feed()

    def halted(self, orderly):
        """The loop has ended and the outputs are off. After a crash nobody feeds the watchdog, and it
        restarts the board; after an orderly end it must not bite whoever works in the REPL."""
        if orderly and self._watchdog is not None:
            self._watchdog.mode = None

    def restart(self):
        """Start again; the outputs are off."""
        if _IS_BLINKA:
            sys.exit(RESTART)
        import microcontroller

        microcontroller.reset()

    # --- carriers ---------------------------------------------------------------------------

    def _network(self):
        """Begin to connect, once, after the outputs were made; never without Wi-Fi settings."""
        if self.wifi is None and self.settings.get("wifi_ssid") and not _IS_BLINKA:
            from .networks import known
            from .wifi_circuitpython import Wifi

            self.wifi = Wifi(known(self.settings, self.files), self.settings.get("hostname"), self.random)

    def listen(self, host, port):
        self._network()
        return Listener(self.poller, host, port)

    def datagrams(self, port, to_all, joins, interface, size):
        """A socket for datagrams; see udp_socket.py."""
        self._network()
        if _IS_BLINKA:
            from .udp_socket import Datagrams
        else:
            from .udp_circuitpython import Datagrams
        return Datagrams(self.poller, port, to_all, joins, interface, size, self._addresses.of)

    def dial(self, host, port):
        """A connection. Where resolving and connecting wait, only at rest: OSError else."""
        self._network()
        if not _IS_BLINKA:
            if not self.is_at_rest():
                raise OSError("not while an output is on")
            self._stretch_watchdog(WATCHDOG_AT_REST_MS)
            try:
                return Dialling(self.poller, host, port)
            finally:
                self._stretch_watchdog(WATCHDOG_MS)
        return Dialling(self.poller, self._addresses.of(host), port)

    def wants_rest(self):
        """True when something long waits for all outputs to be at rest."""
        return self._addresses.is_missing or not self.is_online()

    def _stretch_watchdog(self, ms):
        if self._watchdog is not None:
            try:
                self._watchdog.timeout = ms / 1000
            except ValueError:
                pass  # more than this chip can

    def console(self):
        """The serial channel for packets: usb_cdc.data, the REPL's own if there is none; the process's
        stdin and stdout on CPython, with the keyboard interrupt off."""
        if _IS_BLINKA:
            from .net_cpython import Console

            _keyboard_interrupt(False)
            return Console(self.poller, sys.stdin.buffer, sys.stdout.buffer)
        import usb_cdc

        from .net_circuitpython import Console

        return Console(self.poller, usb_cdc.data or usb_cdc.console)

    def release_console(self):
        """Give the console back."""
        if _IS_BLINKA:
            _keyboard_interrupt(True)

    # --- the rest ---------------------------------------------------------------------------

    def random(self, below):
        """A number 0 <= n < below <= 65536 (for jitter, not for keys)."""
        return random.getrandbits(16) % below

    def entropy(self, size):
        """Random bytes from the hardware, for nonces."""
        return os.urandom(size)

    def is_online(self):
        """True when the network is there, or none is used. Allocates nothing."""
        return self.wifi is None or self.wifi.is_connected

    def slots(self, name):
        return Slots(self.files, name)


def _make_bus(kind, name):
    from . import buses_circuitpython as buses

    if kind == "onewire":
        return buses.OneWire(name)
    if kind == "i2c":
        return buses.I2c(name)
    if kind == "ir":
        return buses.Ir(name)
    raise ValueError("no pin of the kind " + kind)


def _keyboard_interrupt(on):
    """A terminal makes the interrupt of its signal character."""
    import termios

    if sys.stdin.isatty():
        mode = termios.tcgetattr(0)
        mode[3] = mode[3] | termios.ISIG if on else mode[3] & ~termios.ISIG
        termios.tcsetattr(0, termios.TCSANOW, mode)
