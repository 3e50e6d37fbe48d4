"""A device at the end of a cable, in exact time: a UART that loses what its ring cannot keep, and a loop that
reads, stores blocks and stalls. For the sender's window alone; the real thing is in test_slow_cable.py."""

import collections
import random
from dataclasses import dataclass

from rumpus.dcmp.tables.timing import SILENCE_MS
from rumpus_host.dcmp.cable_window import OVERHEAD, CableWindow

_STEP_S = 0.0001
_ACK_BYTES = 130
_HOST_S = 0.002  # until the host has seen an acknowledgement
BLOCK = 1024


@dataclass
class Device:
    """read_us: to take a byte from the ring. store_ms: for a block. stall_ms: pauses, each every_ms on average."""

    ring: int = 260
    read_us: float = 1.0
    store_ms: float = 0.5
    stall_ms: float = 0.0
    every_ms: float = 100.0


class Cable:
    """One upload of `size` bytes. lost: bytes. took_s: of the model's time."""

    def __init__(self, device: Device, baud: int, size: int, seed: int = 0):
        self.now = 0.0
        self.lost = self.sent = 0
        self._device, self._size = device, size
        self._byte_s = 10 / baud
        self._dice = random.Random(seed)
        self.window = CableWindow(size, 0, BLOCK, 260, self._byte_s, lambda: self.now)
        self._line: collections.deque[list] = collections.deque()  # [offset, bytes, bytes to come, is whole]
        self._ring: collections.deque[list] = collections.deque()  # [packet, bytes]
        self._kept = 0
        self._acks: collections.deque[tuple[float, int]] = collections.deque()
        self._has = 0  # of the file, at the device
        self._busy_until = self._next_stall = 0.0
        self._due = self._owed = 0.0  # bytes on the line, bytes that could be read

    @property
    def took_s(self) -> float:
        return self.now

    @property
    def share(self) -> float:
        """Of the line's rate."""
        return self._size * self._byte_s / self.now

    def run(self) -> bool:
        """True when all has arrived, False when nothing moved for so long that both ends give up."""
        moved_at, acked = 0.0, 0
        while not self.window.is_done():
            self.now += _STEP_S
            self._carry()
            self._live()
            while self._acks and self._acks[0][0] <= self.now:
                self.window.take_ack(self._acks.popleft()[1])
            if self.window.due_ms() == 0:
                self.window.elapsed(0)
            self._send()
            if self.window.acked > acked:
                moved_at, acked = self.now, self.window.acked
            if self.now - moved_at > SILENCE_MS / 1000:
                return False
        return True

    def _send(self) -> None:
        window = self.window
        while window.may_send():
            n = min(window.block, window.size - window.next)
            self._line.append([window.next, n, n + OVERHEAD, True])
            self.sent += n
            window.sent(n)

    def _carry(self) -> None:
        """The line's next bytes into the ring, or nowhere."""
        self._due = self._due + _STEP_S / self._byte_s if self._line else 0.0
        while self._due >= 1 and self._line:
            packet = self._line[0]
            n = min(int(self._due), packet[2])
            self._due -= n
            packet[2] -= n
            kept = min(n, self._device.ring - self._kept)
            if kept < n:
                packet[3] = False
                self.lost += n - kept
            if kept:
                self._ring.append([packet, kept])
                self._kept += kept
            if packet[2] == 0:
                self._line.popleft()

    def _live(self) -> None:
        device = self._device
        if device.stall_ms and self.now >= self._next_stall:
            self._next_stall = self.now + self._dice.expovariate(1000 / device.every_ms)
            self._busy_until = max(self._busy_until, self.now) + device.stall_ms / 1000
        if self.now < self._busy_until:
            return
        self._owed = self._owed + _STEP_S * 1e6 / device.read_us if self._ring else 0.0
        while self._owed >= 1 and self._ring and self.now >= self._busy_until:
            packet, n = self._ring[0]
            taken = min(int(self._owed), n)
            self._owed -= taken
            self._kept -= taken
            self._ring[0][1] -= taken
            if not self._ring[0][1]:
                self._ring.popleft()
                if packet[2] == 0 and packet[3] and not any(packet is other for other, _n in self._ring):
                    self._take(packet)

    def _take(self, packet: list) -> None:
        if packet[0] == self._has:
            self._has += packet[1]
            self._busy_until = self.now + self._device.store_ms / 1000
        self._acks.append((max(self.now, self._busy_until) + _ACK_BYTES * self._byte_s + _HOST_S, self._has))
