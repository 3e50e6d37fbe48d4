"""Wi-Fi on MicroPython, polled: nothing here waits for the radio.

After the first connection an ESP32 reconnects by itself; what this adds is a fresh attempt when that
has not helped for a while, with waits that grow.
"""

import network

_ATTEMPT_MS = 20000
_FIRST_WAIT_MS = 1000
_LONGEST_WAIT_MS = 60000
_LOOK_MS = 500
_CHANGE_MS = 1000  # after an order to change: its answer goes out first


class Wifi:
    """networks: as networks.py gives them, tried in turn. hostname: or None. random(below) gives the jitter of
    the waits."""

    def __init__(self, networks, hostname, random):
        self.networks = networks
        self._random = random
        if hostname:
            network.hostname(hostname)
        self._wlan = network.WLAN(network.STA_IF)
        self._wlan.active(True)
        self._sleep_less()
        self.is_connected = False
        self.attempts = 0
        self._tried = ""
        self._change_ms = 0  # until the network that it is in is left for another; 0: it stays
        self._look_ms = 0
        self._attempt_ms = 0  # left of the attempt under way
        self._wait_ms = 0  # until the next attempt
        self._next_wait_ms = _FIRST_WAIT_MS

    def _sleep_less(self):
        """Modem sleep would add up to 300 ms to each answer; a device on the mains need not save."""
        try:
            self._wlan.config(pm=self._wlan.PM_NONE)
        except (AttributeError, OSError, ValueError):
            pass  # a port without that setting

    def joined(self):
        """The name of the network that it is in, or none."""
        return self._tried if self.is_connected else ""

    def change(self, networks):
        """Leave the network, in a moment, for the first of these."""
        self.networks = networks
        self._change_ms = _CHANGE_MS

    def advance(self, elapsed_ms):
        """Let time pass."""
        if self._change_ms:
            self._change_ms = max(0, self._change_ms - elapsed_ms)
            if not self._change_ms:
                self.attempts = 0
                self._begin()
        self._look_ms -= elapsed_ms
        self._attempt_ms = max(0, self._attempt_ms - elapsed_ms)
        self._wait_ms = max(0, self._wait_ms - elapsed_ms)
        if self._look_ms > 0:
            return
        self._look_ms = _LOOK_MS
        was, self.is_connected = self.is_connected, self._wlan.isconnected()
        if self.is_connected:
            self._next_wait_ms = _FIRST_WAIT_MS
        elif was:
            self._attempt_ms = _ATTEMPT_MS  # just lost: let the radio try by itself first
        elif not self._attempt_ms and not self._wait_ms:
            self._begin()

    def _begin(self):
        if self._tried:
            try:
                self._wlan.disconnect()
            except OSError:
                pass  # it was not connected
        self.is_connected = False
        self._tried, password = self.networks[self.attempts % len(self.networks)]
        try:
            self._wlan.connect(self._tried, password)
        except OSError:
            pass  # the radio's own state; the next attempt comes
        self.attempts += 1
        wait_ms = self._next_wait_ms
        self._next_wait_ms = min(2 * wait_ms, _LONGEST_WAIT_MS)
        self._attempt_ms = _ATTEMPT_MS
        self._wait_ms = _ATTEMPT_MS + wait_ms + self._random(wait_ms // 4 + 1)
