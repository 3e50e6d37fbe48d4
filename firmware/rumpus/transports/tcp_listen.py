"""TCP, listening: controllers on the LAN connect to the device."""

from ..link import StreamLink

LINK = StreamLink


class Transport:
    """settings: host (default all addresses), port."""

    def __init__(self, hal, settings):
        self._listener = hal.listen(settings.get("host", "0.0.0.0"), settings["port"])
        self.port = settings["port"]

    def poll(self, elapsed_ms, connected):
        """A new carrier, or None. connected: how many this transport has given that are still open."""
        return self._listener.accept()
