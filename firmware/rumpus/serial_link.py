"""The serial link: COBS, CRC-32 and zero bytes between; console text passes through.

Both are done in place: COBS by hopping from zero to zero with compiled searches, the check of a
received packet by one compiled CRC-32 that gives the same small number for every good packet.
"""

import sys
from binascii import crc32

from .link import HEAD, Link

# The CRC of anything followed by its own little-endian CRC. It fits 30 bits, so that checking a
# good packet makes no big integer on a 32-bit board.
_RESIDUE = 0x2144DF1C
# Packets up to this length get a memoryview that is kept, so that checking them allocates nothing.
_KEPT_VIEWS = 192
_SMALL_INTS_ARE_SMALL = sys.maxsize < 1 << 32


class SerialLink(Link):
    """COBS, CRC-32 and zero bytes between.

    console: called with the bytes (a view, valid during the call) of what is not a packet; without
    it such bytes are counted as damaged.
    """

    is_local = True

    def __init__(self, size, console=None):
        super().__init__(size)
        self.console = console
        self.noise = 0  # bytes that were no packet
        self._views: list = [None] * (_KEPT_VIEWS + 1)
        self._out = None  # the buffer that was framed last, and views of it
        self._out_views: "list | None" = None
        self._skipping = False  # in a piece that is longer than the buffer
        self._searched = 0

    def reset(self):
        self._fill = self._next = self._searched = 0
        self._skipping = False

    def free(self):
        """Where the carrier may write next; drops a piece that cannot become a packet any more."""
        self._searched -= self._next
        if self._fill == self._next:
            self._searched = 0
        if self._next == 0 and self._fill == self.size:
            self._not_a_packet(0, self._fill, not self._skipping)
            self._skipping = True
            self._fill = self._searched = 0
        return Link.free(self)

    def next_packet(self):
        """True when a packet lies at buf[at:end], decoded in place."""
        while True:
            at = self._next
            zero = self.buf.find(b"\0", max(at, self._searched), self._fill)
            if zero < 0:
                self._searched = self._fill
                return False
            self._next = self._searched = zero + 1
            if zero == at:
                continue  # two zeros in a row: nothing between them
            if self._skipping:
                self._skipping = False
                self._not_a_packet(at, zero, False)
            elif self._decode(at, zero):
                self.packets += 1
                return True

    def waiting(self, byte):
        """How many bytes wait since the last packet if all of them are `byte`, else 0."""
        for i in range(self._next, self._fill):
            if self.buf[i] != byte:
                return 0
        return self._fill - self._next

    def waiting_text(self):
        """Hand what has come in so far to the console, if it reads as text. Call when the line is quiet."""
        at, end = self._next, self._fill
        for i in range(at, end):
            b = self.buf[i]
            if not (32 <= b < 127 or 9 <= b <= 13 or b == 27 or b >= 0x80):
                return
        if end > at:
            self._next = self._searched = end
            self._not_a_packet(at, end, False)

    def _not_a_packet(self, at, end, count):
        self.noise += end - at
        if self.console:
            self.console(self._view[at:end])
        elif count:
            self.damaged += 1

    def _decode(self, at, end):
        """COBS by hopping from code byte to code byte: each becomes the zero that it stands for."""
        buf = self.buf
        hop = at
        code = buf[at]
        while hop + code < end and code != 0xFF:
            hop += code
            code = buf[hop]
        if hop + code != end and code != 0xFF:
            self._not_a_packet(at, end, True)  # the hops end elsewhere: no packet, buffer untouched
            return False
        if code == 0xFF:
            return self._decode_long(at, end)
        hop = at + buf[at]
        while hop < end:
            code = buf[hop]
            buf[hop] = 0
            hop += code
        if end - at > 5 and crc32(self._seen(at + 1, end)) == _RESIDUE:
            self.at, self.end = at + 1, end - 4
            return True
        self._restore(at, end)
        return False

    def _restore(self, at, end):
        """Not a packet after all: put the code bytes back, so that the console text is what came in."""
        last = end
        for i in range(end - 1, at, -1):
            if self.buf[i] == 0:
                self.buf[i] = last - i
                last = i
        self._not_a_packet(at, end, True)

    def _decode_long(self, at, end):
        """As _decode, for a packet that has runs of 254 bytes without a zero; allocates."""
        plain = bytearray()
        hop = at
        while hop < end:
            code = self.buf[hop]
            if hop + code > end:
                self._not_a_packet(at, end, True)
                return False
            plain.extend(self._view[hop + 1 : hop + code])
            hop += code
            if code != 0xFF and hop < end:
                plain.append(0)
        if len(plain) < 5 or crc32(plain) != _RESIDUE:
            self._not_a_packet(at, end, True)
            return False
        self.buf[at : at + len(plain)] = plain
        self.at, self.end = at, at + len(plain) - 4
        return True

    def _seen(self, at, end):
        """A view of buf[at:end]; kept when the packet is short and starts where packets mostly do."""
        n = end - at
        if at != 2 or n > _KEPT_VIEWS:
            return self._view[at:end]
        view = self._views[n]
        if view is None:
            view = self._views[n] = self._view[at:end]
        return view

    def _framed(self, out, at, end):
        """As _seen(), of the buffer that packets are framed in."""
        if out is not self._out:
            self._out = out
            self._out_views = [None] * (_KEPT_VIEWS + 1)
        n = end - at
        if at != HEAD or n > _KEPT_VIEWS:
            return memoryview(out)[at:end]
        view = self._out_views[n]
        if view is None:
            view = self._out_views[n] = memoryview(out)[at:end]
        return view

    def frame(self, out, at, end):
        """Frame out[at:end] in place; return where it starts, out_end is where it ends."""
        append_crc(out, at, end, None if _SMALL_INTS_ARE_SMALL else self._framed(out, at, end))
        end += 4
        out[at - 2] = 0
        hop = at - 1
        zero = out.find(b"\0", at, end)
        while zero >= 0:
            if zero - hop > 254:
                break
            out[hop] = zero - hop
            hop = zero
            zero = out.find(b"\0", hop + 1, end)
        if (zero if zero >= 0 else end) - hop > 254:
            return self._frame_long(out, at, end, hop)
        out[hop] = end - hop
        out[end] = 0
        self.out_end = end + 1
        return at - 2

    def _frame_long(self, out, at, end, hop):
        """The rest of frame() from the code byte at hop on, where a run is longer than 254; allocates."""
        rest = bytes(memoryview(out)[hop + 1 : end])
        n = 0
        while True:
            zero = rest.find(b"\0", n)
            stop = zero if zero >= 0 else len(rest)
            while stop - n >= 254:
                out[hop] = 0xFF
                out[hop + 1 : hop + 255] = rest[n : n + 254]
                hop += 255
                n += 254
            out[hop] = stop - n + 1
            out[hop + 1 : hop + 1 + stop - n] = rest[n:stop]
            hop += 1 + stop - n
            if zero < 0:
                break
            n = stop + 1
        out[hop] = 0
        self.out_end = hop + 1
        return at - 2


def append_crc(out, at, end, view=None):
    """Put the little-endian CRC-32 of out[at:end] at out[end:]. view: out[at:end] if the caller keeps one.

    Allocates nothing with a view, nor up to 256 bytes where small integers are small.
    """
    if _SMALL_INTS_ARE_SMALL and end - at <= 256:
        # The compiled crc32 makes a big integer here three times out of four, this loop never.
        high = low = 0xFFFF
        for i in range(at, end):
            low ^= out[i]
            n = low & 15
            low = (low >> 4 | (high & 15) << 12) ^ _LOW[n]
            high = high >> 4 ^ _HIGH[n]
            n = low & 15
            low = (low >> 4 | (high & 15) << 12) ^ _LOW[n]
            high = high >> 4 ^ _HIGH[n]
        high ^= 0xFFFF
        low ^= 0xFFFF
    else:
        crc = crc32(view or memoryview(out)[at:end])
        low = crc & 0xFFFF
        high = crc >> 16
    out[end] = low & 0xFF
    out[end + 1] = low >> 8
    out[end + 2] = high & 0xFF
    out[end + 3] = high >> 8


# CRC-32 (reflected 0xEDB88320) of the 16 nibbles, in halves of 16 bits.
_HIGH = (
    0x0000, 0x1DB7, 0x3B6E, 0x26D9, 0x76DC, 0x6B6B, 0x4DB2, 0x5005,
    0xEDB8, 0xF00F, 0xD6D6, 0xCB61, 0x9B64, 0x86D3, 0xA00A, 0xBDBD,
)  # fmt: skip
_LOW = (
    0x0000, 0x1064, 0x20C8, 0x30AC, 0x4190, 0x51F4, 0x6158, 0x713C,
    0x8320, 0x9344, 0xA3E8, 0xB38C, 0xC2B0, 0xD2D4, 0xE278, 0xF21C,
)  # fmt: skip
