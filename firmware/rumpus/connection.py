"""What is at the other end of one carrier: packets in, and packets out without waiting for a slow reader.

A subclass says what becomes of a packet: _take(app, link). conversation.py has the controller's, update_mode/
that of a device which is taking an update.
"""

from .link import HEAD

# The console escape: this many Ctrl-C and nothing else since the last packet, then silence. No
# packet begins so: its second byte would be channel 3, and the third that channel's version 3.
_ESCAPE = 3
_ESCAPES = 3
_SILENCE_MS = 500


class Connection:
    """link: the framing of the carrier, with its own receive buffer."""

    def __init__(self, carrier, link):
        self.carrier = carrier
        self.link = link
        self.closed = False
        self.escaped = False
        self.silence_ms = 0
        self._backlog = None  # what the carrier would not take yet; empty: a piece comes next
        self._pieces = None  # the rest of a packet that is too long to be framed whole

    def serve(self, app):
        """Take in what has come and answer it. Allocates nothing by itself."""
        if not self.carrier.ready or not self.is_free():
            return
        n = self.carrier.recv_into(self.link.free())
        if n <= 0:
            self.closed = n < 0
            return
        self.silence_ms = 0
        link = self.link
        link.received(n)
        while not self.closed and self._backlog is None and link.next_packet():
            self._take(app, link)
        if self._backlog is not None:
            self.carrier.ready = True  # the rest of the buffer waits for the backlog
        self._check_link()

    def _check_link(self):
        if getattr(self.link, "broken", False):
            self.closed = True

    def _take(self, app, link):
        """The packet that lies in the link."""

    def pass_time(self, elapsed_ms):
        """Let elapsed_ms pass; notes the console's escape."""
        self.silence_ms += elapsed_ms
        if self.link.is_local and self.silence_ms >= _SILENCE_MS:
            self.escaped = self.link.waiting(_ESCAPE) >= _ESCAPES

    def send(self, app, channel, end):
        """Frame app.out and give it to the carrier in one write; keep what it would not take."""
        app.out[HEAD] = channel
        start = self.link.frame(app.out, HEAD, end)
        end = self.link.out_end
        n = self.carrier.send(app.out, start, end)
        if n < 0:
            self.closed = True
        elif n < end - start:
            self._backlog = bytes(memoryview(app.out)[start + n : end])

    def send_pieces(self, pieces):
        """Send a packet that is framed already: an iterator of its bytes. Only when is_free()."""
        self._pieces = pieces
        self._backlog = b""
        self.is_free()

    def is_free(self):
        """True when nothing waits to be sent; tries to send what does."""
        while self._backlog is not None:
            n = self.carrier.send(self._backlog, 0, len(self._backlog)) if self._backlog else 0
            if n < 0:
                self.closed = True
                return False
            if n < len(self._backlog):
                self._backlog = bytes(self._backlog[n:])
                return False
            self._backlog = self._next_piece()
        return not self.closed

    def _next_piece(self):
        if self._pieces is not None:
            for piece in self._pieces:
                return piece
            self._pieces = None
        return None
