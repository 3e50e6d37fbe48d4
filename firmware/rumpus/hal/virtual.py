"""The virtual board: pins and clock come from a bench at the other end of a socket.

The bench gives time in ticks, so the firmware runs in lock-step with a plant model and a week is
simulated exactly. Frames, after a line with the token and a line of JSON from the firmware:

    bench -> board   "T", u16 elapsed ms, u16 for each input   (ADC 0..65535, level 0/1, pulses)
    board -> bench   "O", u16 for each output                  (level 0/1, PWM 0..65535)
                     "I", u16 n, n times u16: infrared, microseconds; before the outputs of its step
                     "S", u16 ms, u8 n, name: a call that blocks, see stall()
                     "H" after the escape, "E" after an error: no more steps; "R": it starts again
"""

import json
import os
import sys

from .addresses import Addresses
from .files import Files, Slots
from .rest import RESTART, Output, all_at_rest

if sys.implementation.name == "cpython":
    from .net_cpython import Console, Dialling, Listener, Poller
else:
    from .net_micropython import Console, Dialling, Listener, Poller

NAME = "virtual"
_TICK = 0x54
_OUTPUTS = 0x4F
_ISIG = 1  # MicroPython's termios does not name it


class _Input:
    """digital_in, adc and counter: whatever the bench last said."""

    def __init__(self, values, index):
        self._values = values
        self._index = index

    def read(self):
        return self._values[self._index]

    def take(self):
        """Pulses since the last take."""
        n = self._values[self._index]
        self._values[self._index] = 0
        return n


class Hal:
    """settings: bench "host:port", token, storage (folder), chips (folder, see virtual_buses.py), names
    (address by name) and stalls (milliseconds by call, see stalls.py)."""

    wifi = None  # its network is that of the bench's computer

    def __init__(self, settings):
        # What is asked later; the rest of the settings need not stay in memory.
        self.chips = settings.get("chips")
        self._names = settings.get("names", {})
        self._stalls = settings.get("stalls", {})
        self.simulated = []  # called with the elapsed time of each tick, before the firmware sees it
        self._buses = {}
        self._rated = []  # outputs that must be at rest before something long
        self._addresses = Addresses(self._resolve, self.is_at_rest)
        self.files = Files(settings.get("storage", "."))
        self.poller = Poller()
        self._inputs = []
        self._outputs = []  # told to the bench after each step
        self._input_names = []
        self._output_names = []
        self._elapsed_ms = 0
        self._stepping = False
        self._random = settings.get("seed", 1) * 7919 % 0xFFFF + 1
        self._bench = self._dial(settings)
        self._frame = bytearray(3)
        self._fill = 0

    def _dial(self, settings):
        host, port = settings["bench"].rsplit(":", 1)
        dialling = Dialling(self.poller, host, int(port))
        carrier = None
        while carrier is None:
            if dialling.failed:
                raise OSError("the bench does not answer")
            self.poller.wait(-1)
            carrier = dialling.carrier()
        self._say(carrier, settings["token"] + "\n")
        return carrier

    def _say(self, carrier, text):
        data = text.encode()
        carrier.send(data, 0, len(data))

    # --- pins -------------------------------------------------------------------------------

    def pin(self, kind, name):
        """A pin object: kind is digital_in, digital_out, signal_out, adc, pwm, counter, onewire, i2c or ir."""
        if kind == "digital_out" or kind == "signal_out" or kind == "pwm":
            self._output_names.append(name)
            output = Output()
            self._outputs.append(output)
            if kind != "signal_out":
                self._rated.append(output)
            return output
        if kind == "onewire" or kind == "i2c" or kind == "ir":
            if name not in self._buses:
                from .virtual_buses import make

                self._buses[name] = make(self, kind, name)
            return self._buses[name]
        return self.input(name)

    def input(self, name):
        """A word that the bench gives in each tick."""
        self._input_names.append(name)
        self._inputs.append(0)
        return _Input(self._inputs, len(self._inputs) - 1)

    def tell(self, frame):
        """Send the bench a frame of its own."""
        self._bench.send(frame, 0, len(frame))

    def wired(self, port=None):
        """All pins are made: tell the bench, and make the frame buffers."""
        self._frame = bytearray(3 + 2 * len(self._inputs))
        self._view = memoryview(self._frame)
        self._reply = bytearray(1 + 2 * len(self._outputs))
        self._reply[0] = _OUTPUTS
        hello = {"inputs": self._input_names, "outputs": self._output_names, "port": port}
        self._say(self._bench, json.dumps(hello))
        self._say(self._bench, "\n")  # by itself: the names are as long as a kilobyte
        self._input_names = []  # told
        self._output_names = []

    # --- time -------------------------------------------------------------------------------

    def wait(self, _timeout_ms):
        """Wait for the bench or a carrier. The bench is the clock, so there is no time-out."""
        self.poller.wait(-1)
        if self._bench.ready and not self._stepping:
            view = self._view[self._fill :] if self._fill else self._view
            n = self._bench.recv_into(view)
            if n < 0:
                raise SystemExit  # the bench is gone, and with it the board
            self._fill += n
            if self._fill == len(self._frame):
                self._fill = 0
                self._take_tick()

    def _take_tick(self):
        frame = self._frame
        if frame[0] != _TICK:
            raise ValueError("bench frame")
        for i in range(len(self._inputs)):
            self._inputs[i] = frame[3 + 2 * i] << 8 | frame[4 + 2 * i]
        elapsed_ms = frame[1] << 8 | frame[2]
        for renew in self.simulated:
            renew(elapsed_ms)
        self._elapsed_ms += elapsed_ms
        self._stepping = True

    def elapsed_ms(self):
        """Milliseconds since the last call."""
        elapsed_ms, self._elapsed_ms = self._elapsed_ms, 0
        return elapsed_ms

    def ticked(self):
        """True when there is a step to be done, even one of no time."""
        return self._stepping

    def stepped(self):
        """The loop has done one turn and is healthy (a real board feeds its watchdog here)."""
        if self._stepping:
            self._stepping = False
            reply = self._reply
            for i in range(len(self._outputs)):
                level = max(0, self._outputs[i].level)  # UNWRITTEN: off
                reply[1 + 2 * i] = level >> 8
                reply[2 + 2 * i] = level & 0xFF
            self._bench.send(reply, 0, len(reply))

    def halted(self, orderly):
        """The loop has ended and the outputs are off. Tell the bench so, and whether it was an error."""
        self._stepping = True
        self.stepped()
        self._say(self._bench, "H" if orderly else "E")

    def outputs_good(self):
        """The self-check of a new version; these pins cannot fail."""
        return True

    def restart(self):
        """Start again; the outputs are off. The bench sees to it."""
        self._stepping = True
        self.stepped()
        self._say(self._bench, "R")
        sys.exit(RESTART)

    # --- the rest ---------------------------------------------------------------------------

    def random(self, below):
        """A repeatable number 0 <= n < below <= 65536 (for jitter, not for keys)."""
        self._random = (self._random * 75 + 74) % 65537
        return self._random % below

    def entropy(self, size):
        """Random bytes from the system, for nonces."""
        return os.urandom(size)

    def is_online(self):
        """True when the network is there, or none is used."""
        return True

    def slots(self, name):
        return Slots(self.files, name)

    def listen(self, host, port):
        return Listener(self.poller, host, port)

    def datagrams(self, port, to_all, joins, interface, size):
        """A socket for datagrams; see udp_socket.py."""
        from .udp_socket import Datagrams

        return Datagrams(self.poller, port, to_all, joins, interface, size, self._addresses.of)

    def dial(self, host, port):
        """A connection under way. Raises OSError while the name cannot be resolved."""
        address = self._addresses.of(host)
        self.stall("tcp connect")
        return Dialling(self.poller, address, port)

    def _resolve(self, host):
        self.stall("dns")
        try:
            return self._names[host]
        except KeyError:
            raise OSError("no such name: " + host) from None

    def stall(self, call):
        """Block as this call does on a board, if the setting `stalls` says for how long: the bench lets that
        time pass for the plant with the outputs as they are, and the loop sees it as one long turn."""
        ms = self._stalls.get(call, 0)
        if ms:
            name = call.encode()
            self.tell(b"S" + bytes((ms >> 8, ms & 0xFF, len(name))) + name)
            self._elapsed_ms += ms

    def is_at_rest(self):
        """True when no output is switched on: what may stall the loop is allowed."""
        return all_at_rest(self._rated)

    def wants_rest(self):
        """True when something long waits for all outputs to be at rest."""
        return self._addresses.is_missing

    def console(self):
        """The process's own stdin and stdout, with the keyboard interrupt switched off."""
        _keyboard_interrupt(False)
        return Console(self.poller, sys.stdin.buffer, sys.stdout.buffer)

    def release_console(self):
        """Give the console back to the REPL."""
        _keyboard_interrupt(True)


def _keyboard_interrupt(on):
    """The unix interpreters make the keyboard interrupt of the terminal's signal, so it is switched
    there; a board has micropython.kbd_intr()."""
    import termios

    mode = termios.tcgetattr(0)
    mode[3] = mode[3] | _ISIG if on else mode[3] & ~_ISIG
    termios.tcsetattr(0, termios.TCSANOW, mode)
