"""One message on its way out, written piece by piece into whatever buffer the caller has.

    if message.left <= room: end = message.write(out, at, at + room)        # whole
    while message.left:      end = message.write(out, at, at + room)        # or in pieces

Nothing is ever built whole that is longer than one row: a payload is either bytes, or a Body, whose
length is known before its rows are made.
"""

from . import message as header
from .tables.header import HEADER_SIZE


class Body:
    """A payload made row by row. make: gives an iterator of bytes, `size` of them together."""

    def __init__(self, make, size):
        self.make = make
        self.size = size


class Message:
    """kind: message type. to: device ID. payload: bytes, or a Body. peer: where the request that this
    answers came from, as the caller of receive() named it; None: look `to` up in RMDP's table.

    size is the whole length, left what is not yet written, delivery one of ACKED, PLAIN, EVENT.
    """

    def __init__(self, kind, source, to, transaction, payload, peer=None):
        self.kind = kind
        self.to = to
        self.transaction = transaction
        self.peer = peer
        self.delivery = header.delivery_of(kind, to)
        is_body = isinstance(payload, Body)
        self.size = self.left = HEADER_SIZE + (payload.size if is_body else len(payload))
        self._piece = bytearray(HEADER_SIZE)
        header.write_header(self._piece, 0, kind, self.size, source, to, transaction)
        self._at = 0  # in the piece
        self._rest = payload.make() if is_body else iter((payload,))

    def write(self, out, at, end):
        """Write what comes next to out[at:end]; return the offset after it. At least one byte free."""
        end = min(end, at + self.left)
        start = at
        while at < end:
            if self._at == len(self._piece):
                self._piece = next(self._rest)
                self._at = 0
            n = min(end - at, len(self._piece) - self._at)
            out[at : at + n] = memoryview(self._piece)[self._at : self._at + n]
            self._at += n
            at += n
        self.left -= at - start
        return at

    def whole(self):
        """The message as bytes, for one that is short."""
        out = bytearray(self.left)
        self.write(out, 0, len(out))
        return bytes(out)
