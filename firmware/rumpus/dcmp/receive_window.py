"""The receiver's end of a stream of blocks: see send_window.py."""

from .tables.timing import RESEND_MS


class ReceiveWindow:
    """size: of the file. start: what is there already."""

    def __init__(self, size, start):
        self.size = size
        self.next = start
        self.owes_ack = start == size  # nothing will come, so the sender hears it at once
        self._quiet_ms = 0

    def is_done(self):
        return self.next == self.size

    def takes(self, offset, n):
        """True when this block is the next one. Any block is worth an acknowledgement."""
        self.owes_ack = True
        self._quiet_ms = 0
        return offset == self.next and n > 0

    def fits(self, n):
        return self.next + n <= self.size

    def took(self, n):
        self.next += n

    def elapsed(self, ms):
        """Let ms pass; when nothing comes, say again where we stand: the last time may have been lost."""
        self._quiet_ms += ms
        if self._quiet_ms >= RESEND_MS:
            self._quiet_ms = 0
            self.owes_ack = True

    def due_ms(self):
        return 0 if self.owes_ack else RESEND_MS - self._quiet_ms
