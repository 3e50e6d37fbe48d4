"""Packets on a carrier: one buffer in, one packet at a time out, and the framing of what is sent.

A *packet* is a channel byte and what that channel carries; the channels are in CHANNELS below.

    SerialLink    (serial_link.py) 0x00, COBS(packet, CRC-32), 0x00. What lies between two zero bytes
                  and is not a packet is console text (a banner, a traceback): it goes to `console`,
                  or is counted, and never is an error, so one cable carries protocol and console.
    StreamLink    u16 length, packet (TCP, TLS)
    DatagramLink  the packet

All offer the same five things:

    n = carrier.recv_into(link.free()); link.received(n)
    while link.next_packet():           # the packet is link.buf[link.at:link.end]
        ...                             # valid until the next call
    start = link.frame(out, at, end)    # frames out[at:end] in place; send out[start:link.out_end]

`frame` needs HEAD bytes free before the packet and TAIL after it. Nothing here allocates once a
packet length was seen before and the packet is short (serial_link.py: _KEPT_VIEWS); knows no clock.
"""

# Channel byte, the first of every packet; ours, like the framing.
RUMP = 1
RMDP = 2
RA = 3
SEALED = 4
CHANNELS = ("", "rump", "rmdp", "ra", "sealed")

HEAD = 2
TAIL = 10  # CRC, closing zero, one COBS byte for each started run of 254


class Link:
    """What all links share: one receive buffer of `size` bytes, and counters."""

    # Whoever is at the other end stands at the device: a cable, not a network.
    is_local = False

    def __init__(self, size):
        self.buf = bytearray(size)
        self.size = size
        self.at = 0
        self.end = 0
        self.out_end = 0
        self.packets = 0
        self.damaged = 0  # packets dropped: too long, bad length, bad CRC
        self._view = memoryview(self.buf)
        self._fill = 0  # bytes received
        self._next = 0  # where the next packet or piece starts

    def free(self):
        """Where the carrier may write next: a view of the free part of the buffer, never empty."""
        if self._next and self._fill == self._next:
            self._fill = self._next = 0
        elif self._next:
            self._move_to_front()
        return self._view if self._fill == 0 else self._view[self._fill :]

    def received(self, n):
        """n bytes were written to the view that free() gave."""
        self._fill += n

    def reset(self):
        """Forget what has come in so far (a new connection begins)."""
        self._fill = self._next = 0

    def _move_to_front(self):
        buf, src, n = self.buf, self._next, self._fill - self._next
        for i in range(n):
            buf[i] = buf[src + i]
        self._fill, self._next = n, 0


class DatagramLink(Link):
    """One packet a datagram."""

    def next_packet(self):
        """True when a packet lies at buf[at:end]."""
        self.at, self.end = 0, self._fill
        self._fill = 0
        self.packets += self.end > 0
        return self.end > 0

    def frame(self, out, at, end):
        """Frame out[at:end] in place; return where it starts, out_end is where it ends."""
        self.out_end = end
        return at


class StreamLink(Link):
    """A length of two bytes before each packet. A length of 0 or over the buffer ends the link:
    a stream cannot be found again after a wrong length, so `broken` is set and the carrier closed."""

    broken = False

    def reset(self):
        self._fill = self._next = 0
        self.broken = False

    def next_packet(self):
        """True when a packet lies at buf[at:end]."""
        at = self._next
        if self.broken or self._fill - at < 2:
            return False
        n = self.buf[at] << 8 | self.buf[at + 1]
        if n == 0 or n > self.size - 2:
            self.broken = True
            self.damaged += 1
            return False
        if self._fill - at - 2 < n:
            return False
        self.at = at + 2
        self.end = self._next = at + 2 + n
        self.packets += 1
        return True

    def frame(self, out, at, end):
        """Frame out[at:end] in place; return where it starts, out_end is where it ends."""
        n = end - at
        out[at - 2] = n >> 8
        out[at - 1] = n & 0xFF
        self.out_end = end
        return at - 2
