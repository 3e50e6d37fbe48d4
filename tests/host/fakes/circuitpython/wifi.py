"""Fake `wifi`: connect() waits, and after the first success the radio reconnects by itself."""

from world import world


class _Radio:
    def __init__(self):
        self.hostname = ""
        self.connects = 0
        self._known = None

    @property
    def connected(self):
        return self._known is not None and world.access_points.get(self._known[0]) == self._known[1]

    def connect(self, ssid, password=b"", *, channel=0, timeout=None):
        self.connects += 1
        if world.access_points.get(ssid) != password:
            world.advance(1000 * timeout)
            raise ConnectionError("No network with that ssid")
        self._known = (ssid, password)


radio = _Radio()
