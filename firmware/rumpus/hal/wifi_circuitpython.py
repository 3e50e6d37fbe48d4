"""Wi-Fi on CircuitPython. connect() waits there, so it is called only while all outputs are at rest;
after the first success the radio reconnects by itself."""

import wifi

_TIMEOUT_S = 4
_FIRST_WAIT_MS = 1000
_LONGEST_WAIT_MS = 60000
_CHANGE_MS = 1000  # after an order to change: its answer goes out first


class Wifi:
    """networks: as networks.py gives them, tried in turn. hostname: or None. random(below) gives the jitter of
    the waits."""

    def __init__(self, networks, hostname, random):
        self.networks = networks
        self._random = random
        if hostname:
            wifi.radio.hostname = hostname
        self.is_connected = wifi.radio.connected
        self.attempts = 0
        self._change_ms = None  # until the network that it is in may be left for another; None: it stays
        self._wait_ms = 0
        self._next_wait_ms = _FIRST_WAIT_MS
        self._tried = ""
        if self.is_connected:  # by settings.toml, before this program
            self._tried = wifi.radio.ap_info.ssid
            if self._tried != networks[0][0]:
                self.change(networks)

    def joined(self):
        """The name of the network that it is in, or none."""
        return self._tried if self.is_connected else ""

    def change(self, networks):
        """Leave the network, in a moment, for the first of these."""
        self.networks = networks
        self._change_ms = _CHANGE_MS

    def wants_rest(self):
        """True when there is something to do that may wait for the radio."""
        return not self.is_connected or self._change_ms == 0

    def advance(self, elapsed_ms, is_at_rest):
        """Let time pass; may wait for the radio if is_at_rest."""
        if self._change_ms:
            self._change_ms = max(0, self._change_ms - elapsed_ms)
        elif self._change_ms == 0 and is_at_rest:
            self._change_ms = None
            self.attempts = 0
            self._attempt()
        self._wait_ms = max(0, self._wait_ms - elapsed_ms)
        if self._wait_ms:
            return
        self._wait_ms = _FIRST_WAIT_MS
        self.is_connected = wifi.radio.connected
        if self.is_connected:
            self._next_wait_ms = _FIRST_WAIT_MS
        elif is_at_rest:
            self._attempt()

    def _attempt(self):
        self._tried, password = self.networks[self.attempts % len(self.networks)]
        self.attempts += 1
        self.is_connected = False
        try:
            wifi.radio.connect(self._tried, password, timeout=_TIMEOUT_S)  # leaves the one that it is in
            self.is_connected = True
        except (ConnectionError, OSError, RuntimeError):
            wait_ms = self._next_wait_ms
            self._next_wait_ms = min(2 * wait_ms, _LONGEST_WAIT_MS)
            self._wait_ms = wait_ms + self._random(wait_ms // 4 + 1)
