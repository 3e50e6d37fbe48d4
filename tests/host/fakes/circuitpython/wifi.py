"""Fake `wifi`: connect() waits, and after the first success the radio reconnects by itself."""

from world import world


class _Network:
    def __init__(self, ssid):
        self.ssid = ssid


class _Radio:
    def __init__(self):
        self.hostname = ""
        self.connects = 0
        self._known = None

    @property
    def connected(self):
        return self._known is not None and world.access_points.get(self._known[0]) == self._known[1]

    @property
    def ap_info(self):
        return _Network(self._known[0]) if self.connected else None

    def connect(self, ssid, password=b"", *, channel=0, timeout=None):
        self.connects += 1
        self._known = None  # one that it is in is left
        if world.access_points.get(ssid) != password:
            world.advance(1000 * timeout)
            raise ConnectionError("No network with that ssid")
        self._known = (ssid, password)


radio = _Radio()
