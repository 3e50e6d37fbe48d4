"""UDP on the LAN: one RMDP packet a datagram, to one place or to all. No conversation: nothing is kept.

settings: udp_port (default PORT). udp_interface: address of the network to use. udp_own_port: several
devices share a computer, and with it the port that all listen at: each then speaks from a port of its own
(0: a free one), where answers find it.
"""

from ..rmdp.tables.places import GROUP, PORT


class Transport:
    def __init__(self, hal, settings, size):
        port = settings.get("udp_port", PORT)
        interface = settings.get("udp_interface", "0.0.0.0")
        self._shared = self._own = hal.datagrams(port, (GROUP, port), True, interface, size)
        if settings.get("udp_own_port") is not None:
            self._own = hal.datagrams(settings["udp_own_port"], (GROUP, port), False, interface, size)
        self.source = None

    @property
    def ready(self):
        return self._own.ready or self._shared.ready

    def join(self):
        """True when what is sent to all comes here; asked again while the network is down."""
        return self._shared.join()

    def receive(self):
        """The next datagram, from `source`, or None."""
        for one in (self._own, self._shared):
            if one.ready:
                data = one.receive()
                if data is not None:
                    self.source = one.source
                    return data
        return None

    def send(self, buf, at, end, to):
        """Send buf[at:end]; False when the network did not take it. to: a source, None = all."""
        return self._own.send(buf, at, end, to)

    def address(self, host, port):
        return self._own.address(host, port)
