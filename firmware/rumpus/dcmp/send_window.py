"""The sender's end of a stream of blocks: a window of blocks, cumulative acknowledgement. No clock, no storage.

The receiver (receive_window.py) takes blocks in order only and acknowledges where it stands; the sender goes back
there when acknowledgements repeat or stay away. So the receiver keeps nothing, and the sender re-reads.
"""

from .tables.timing import REPEATED_ACKS, RESEND_MS, WINDOW


class SendWindow:
    """size: of the file. start: what the other end has already. block: bytes at a time."""

    def __init__(self, size, start, block):
        self.size = size
        self.block = block
        self.acked = start
        self.next = start  # offset of the next block to be sent
        self._furthest = start  # that was ever sent
        self._repeats = 0
        self._waited_ms = 0

    def may_send(self):
        return self.next < self.size and self.next - self.acked < WINDOW * self.block

    def sent(self, n):
        if self.next == self.acked:
            self._waited_ms = 0
        self.next += n
        self._furthest = max(self._furthest, self.next)

    def is_done(self):
        return self.acked == self.size

    def take_ack(self, offset):
        """All before offset has arrived: True when that is news. What goes back, or beyond what was sent, is
        not looked at."""
        if self.acked < offset <= self._furthest:
            self.acked = offset
            self.next = max(self.next, offset)
            self._repeats = 0
            self._waited_ms = 0
            return True
        if offset == self.acked and self.next > offset:
            self._repeats += 1
            if self._repeats >= REPEATED_ACKS:
                # What is on its way already leads to so many more; all others mean that the block was lost again.
                self._repeats = REPEATED_ACKS + 1 - WINDOW
                self.next = offset
        return False

    def elapsed(self, ms):
        """Let ms pass; go back when nothing was acknowledged for too long."""
        self._waited_ms += ms
        if self._waited_ms >= RESEND_MS and self.next > self.acked:
            self._waited_ms = 0
            self.next = self.acked

    def due_ms(self):
        return 0 if self.may_send() else max(0, RESEND_MS - self._waited_ms)
