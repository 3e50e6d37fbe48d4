"""The serial cable that is also the console: one carrier, always there."""

from ..serial_link import SerialLink

LINK = SerialLink


class Transport:
    """No settings: it is the port that the board's REPL uses."""

    port = None

    def __init__(self, hal, settings):
        self._carrier = hal.console()

    def poll(self, elapsed_ms, connected):
        """The carrier, once."""
        carrier, self._carrier = self._carrier, None
        return carrier
