"""TCP, dialling out: the device connects to its server, however late that appears."""

from ..link import StreamLink

LINK = StreamLink

# Waits between attempts: doubled from the first to the longest, each with up to a quarter of jitter,
# so that a street of devices does not come back in the same second after a power cut.
_FIRST_WAIT_MS = 1000
_LONGEST_WAIT_MS = 60000
_ATTEMPT_MS = 10000
# A connection that lasted so long was a good one: after it the waits begin anew. One that a server
# takes and drops at once is no better than none.
_LASTING_MS = 30000


class Transport:
    """settings: host and port of the server."""

    def __init__(self, hal, settings):
        self._hal = hal
        self._host = settings["host"]
        self._port = self.port = settings["port"]
        self._dialling = None
        self._wait_ms = 0
        self._next_wait_ms = _FIRST_WAIT_MS
        self._had_one = False
        self._lasted_ms = 0

    def poll(self, elapsed_ms, connected):
        """A new carrier, or None. connected: how many this transport has given that are still open."""
        if connected:
            self._lasted_ms = min(self._lasted_ms + elapsed_ms, _LASTING_MS)
            return None
        if self._had_one:  # it was lost
            if self._lasted_ms == _LASTING_MS:
                self._next_wait_ms = _FIRST_WAIT_MS
            self._had_one = False
            self._lasted_ms = 0
            self._back_off()
        self._wait_ms -= elapsed_ms
        if self._dialling is None:
            if self._wait_ms <= 0:
                self._begin()
            return None
        return self._finish()

    def _begin(self):
        try:
            self._dialling = self._hal.dial(self._host, self._port)
            self._wait_ms = _ATTEMPT_MS
        except OSError:  # no such name, no network yet
            self._back_off()

    def _finish(self):
        carrier = self._dialling.carrier()
        if carrier is not None:
            self._dialling = None
            self._had_one = True
        elif self._dialling.failed or self._wait_ms <= 0:
            self._dialling.close()
            self._dialling = None
            self._back_off()
        return carrier

    def _back_off(self):
        wait_ms = self._next_wait_ms
        self._next_wait_ms = min(2 * wait_ms, _LONGEST_WAIT_MS)
        self._wait_ms = wait_ms + self._hal.random(wait_ms // 4 + 1)
