"""Wi-Fi on CircuitPython. connect() waits there, so it is called only while all outputs are at rest;
after the first success the radio reconnects by itself."""

import wifi

_TIMEOUT_S = 4
_FIRST_WAIT_MS = 1000
_LONGEST_WAIT_MS = 60000


class Wifi:
    """settings: wifi_ssid, wifi_password, hostname; wifi_ssid_before, wifi_password_before: the network that
    it was in before, tried in turn with the new one. random(below) gives the jitter of the waits."""

    def __init__(self, settings, random):
        self._networks = [(settings["wifi_ssid"], settings.get("wifi_password", ""))]
        if settings.get("wifi_ssid_before"):
            self._networks.append((settings["wifi_ssid_before"], settings.get("wifi_password_before", "")))
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
        ssid, password = self._networks[self.attempts % len(self._networks)]
        self.attempts += 1
        try:
            wifi.radio.connect(ssid, password, timeout=_TIMEOUT_S)
            self.is_connected = True
        except (ConnectionError, OSError, RuntimeError):
            wait_ms = self._next_wait_ms
            self._next_wait_ms = min(2 * wait_ms, _LONGEST_WAIT_MS)
            self._wait_ms = wait_ms + self._random(wait_ms // 4 + 1)
