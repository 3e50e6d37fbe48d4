"""How DCMP's packets leave the device: one buffer for all of them, one slow reader at a time.

Everything is written in app.out; what is longer goes out in pieces. A message whose reader takes nothing waits,
and the others behind it, but not for long.
"""

from ..connection import Connection
from ..dcmp.tables.message_codes import EVENT_NOTIFICATION
from ..link import HEAD, RMDP, TAIL
from ..rmdp.pieces import serial_pieces, stream_pieces

_AT = HEAD
_BODY = HEAD + 1
MOST_HELD_MS = 2000  # so long a message waits for a reader that takes nothing


class Sender:
    """node, session: of rmdp/ and dcmp/. udp: transports/udp.py's, or None."""

    def __init__(self, node, session, udp):
        self.links = []  # connections that have spoken RMDP: what is for all goes there, too
        self.dropped = 0
        self.udp = udp
        self._node = node
        self._session = session
        self._held = None  # a message whose reader is slow
        self._held_ms = 0

    def elapsed(self, ms):
        """Let ms pass."""
        if self._held:
            self._held_ms += ms

    def pump(self, app):
        """Send what node and session owe, as far as the carriers take it."""
        node, out = self._node, app.out
        end = node.write(out, _BODY)
        while end:
            self._deliver(app, end, node.route)
            end = node.write(out, _BODY)
        if self._held:
            held, self._held = self._held, None
            self._send(app, held)
        while not self._held:
            message = self._session.next_message()
            if message is None:
                break
            self._held_ms = 0
            self._send(app, message)

    def is_waiting(self):
        """True while a carrier has not taken all that it was given; tries to send it."""
        for link in self.links:
            if not link.is_free():
                return True
        return False

    def _send(self, app, message):
        node = self._node
        if not node.carries(message):
            message = self._session.too_long(message)
            if message is None:
                return
        peer = node.peer_of(message)
        route = peer[1] if peer else None
        if isinstance(route, Connection):
            if route.closed:  # who was there may have come back another way
                message.peer = None
                if node.peer_of(message):
                    self._send(app, message)
                return
            if not route.is_free():
                self._wait_for(message)
                return
        out = app.out
        end = node.send(message, out, _BODY, len(out) - TAIL)
        if end == 0:
            if peer is None and message.kind == EVENT_NOTIFICATION:
                app.management.forget(message.to)  # it is silent or gone, and its lease with it
        elif not message.left:
            self._deliver(app, end, node.route)
        else:
            make = serial_pieces if route.link.is_local else stream_pieces
            out[_AT] = RMDP
            route.send_pieces(make(out, _AT, end, message))

    def _wait_for(self, message):
        if self._held_ms < MOST_HELD_MS:
            self._held = message
        else:
            self.dropped += 1

    def _deliver(self, app, end, route):
        """Send the packet in app.out[_BODY:end] on its way. route: None = to all."""
        if isinstance(route, Connection):
            if route.is_free():
                route.send(app, RMDP, end)
            else:
                self.dropped += 1
            return
        out = app.out
        out[_AT] = RMDP
        if self.udp and not self.udp.send(out, _AT, end, route):
            self.dropped += 1
        if route is None and self.links:
            packet = bytes(memoryview(out)[_BODY:end])  # framing changes it
            for link in self.links:
                out[_BODY:end] = packet
                self._deliver(app, end, link)
