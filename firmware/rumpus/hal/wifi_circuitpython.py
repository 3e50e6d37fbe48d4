"""Wi-Fi on CircuitPython. connect() waits there, so it is called only while all outputs are at rest;
after the first success the radio reconnects by itself."""

import wifi

_TIMEOUT_S = 4
_FIRST_WAIT_MS = 1000
_LONGEST_WAIT_MS = 60000


class Wifi:
    """settings: wifi_ssid, wifi_password, hostname. random(below) gives the jitter of the waits."""

    def __init__(self, settings, random):
        self._ssid = settings["wifi_ssid"]
        self._password = settings.get("wifi_password", "")
        self._random = random
        if "hostname" in settings:
            wifi.radio.hostname = settings["hostname"]
        self.is_connected = wifi.radio.connected
        self.attempts = 0
        self._wait_ms = 0
        self._next_wait_ms = _FIRST_WAIT_MS

    def advance(self, elapsed_ms, is_at_rest):
        """Let time pass; may wait for the radio if is_at_rest."""
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
        self.attempts += 1
        try:
            wifi.radio.connect(self._ssid, self._password, timeout=_TIMEOUT_S)
            self.is_connected = True
        except (ConnectionError, OSError, RuntimeError):
            wait_ms = self._next_wait_ms
            self._next_wait_ms = min(2 * wait_ms, _LONGEST_WAIT_MS)
            self._wait_ms = wait_ms + self._random(wait_ms // 4 + 1)
