"""Two carriers joined in memory: for tests, and for a device that talks to itself."""

from ..link import StreamLink

LINK = StreamLink


class Carrier:
    """One end; what is sent into it comes out of `other`."""

    def __init__(self, size=1024):
        self.other: "Carrier" = self  # until pair() joins it
        self.ready = True
        self.open = True
        self._waiting = bytearray(size)
        self._fill = 0

    def recv_into(self, view):
        n = min(self._fill, len(view))
        if n == 0:
            return 0 if self.open else -1
        view[:n] = memoryview(self._waiting)[:n]
        rest = bytes(memoryview(self._waiting)[n : self._fill])
        self._waiting[: len(rest)] = rest
        self._fill -= n
        return n

    def send(self, buf, at, end):
        to = self.other
        if not (self.open and to.open):
            return -1
        n = min(end - at, len(to._waiting) - to._fill)
        to._waiting[to._fill : to._fill + n] = memoryview(buf)[at : at + n]
        to._fill += n
        return n

    def close(self):
        self.open = False
        self.other.open = False


def pair(size=1024):
    """Two joined carriers."""
    one, two = Carrier(size), Carrier(size)
    one.other, two.other = two, one
    return one, two


class Transport:
    """settings: carrier, one end of a pair()."""

    port = None

    def __init__(self, hal, settings):
        self._carrier = settings["carrier"]

    def poll(self, elapsed_ms, connected):
        """The carrier, once."""
        carrier, self._carrier = self._carrier, None
        return carrier
