"""Uploads over a cable: how much may be on its way to a port that keeps a few hundred bytes.

What arrives at a REPL's port while its ring is full is lost, and the ring fills while the device stores a
block, collects garbage or waits for its flash. Nobody can tell the sender when: a UART has no flow control
here. So it finds out. It begins with blocks that fit the ring, one at a time, which cannot be lost so; it sends
more as long as all arrives, half of it when a block is lost, and is careful where the last one was lost. A
device that keeps up gets four long blocks at a time, one that does not is slower, and none fails.
"""

import time
from collections.abc import Callable

from rumpus.dcmp.file_client import FileClient
from rumpus.dcmp.send_window import SendWindow
from rumpus.dcmp.tables.bodies_files_ours import FILE_DATA_BODY_SIZE
from rumpus.dcmp.tables.header import HEADER_SIZE as DCMP_SIZE
from rumpus.dcmp.tables.timing import LEAST_BLOCK, RESEND_MS, WINDOW
from rumpus.link import HEAD, TAIL
from rumpus.rmdp.tables.header import HEADER_SIZE as RMDP_SIZE

# What a block is wrapped in.
OVERHEAD = HEAD + 1 + RMDP_SIZE + DCMP_SIZE + FILE_DATA_BODY_SIZE + TAIL
# Blocks that arrive before a little more is tried near where one was lost.
_PATIENCE = 16
# So much later than acknowledgements usually come one is missed.
_LATE_MS = 25
# Each silence after another is waited for so much longer.
_LONGER = 1.5


class CableWindow(SendWindow):
    """ring: bytes that the port keeps. byte_s: seconds of a byte on the line. clock: seconds.

    A cable keeps the order, so one acknowledgement that repeats is enough to know of a loss.
    """

    def __init__(
        self,
        size: int,
        start: int,
        block: int,
        ring: int,
        byte_s: float,
        clock: Callable[[], float] = time.monotonic,
    ):
        super().__init__(size, start, block)
        self._longest_block = block
        self._least = min(block, max(LEAST_BLOCK, ring - OVERHEAD))
        self._most = WINDOW * block
        self._lost_at = self._most  # bytes on the way when a block was lost
        self._good = 0  # blocks that arrived since more was tried
        self._again_until = -1  # up to here blocks are on their way twice, and acknowledged twice
        self._clock = clock
        self._byte_s = byte_s
        self._carried_at = clock()  # when the line has carried all that was sent
        self._since = self._carried_at  # then, or the last acknowledgement
        self._timed: tuple[int, float] | None = None  # the end of a block sent once, and when it is carried
        self._usual_ms: float | None = None  # from there to its acknowledgement
        self._spread_ms = 0.0
        self._silences = 0  # in a row
        self._make_room(self._least)

    def _make_room(self, room: float) -> None:
        self.room = max(self._least, min(int(room), self._most))
        self.block = min(self.room, self._longest_block)

    def may_send(self) -> bool:
        return self.next < self.size and self.next - self.acked + self.block <= max(self.room, self.block)

    def sent(self, n: int) -> None:
        self._since = self._carried_at = max(self._carried_at, self._clock()) + (OVERHEAD + n) * self._byte_s
        if self._timed is None and self.next >= self._furthest:
            self._timed = self.next + n, self._carried_at
        self.next += n
        self._furthest = max(self._furthest, self.next)

    def take_ack(self, offset: int) -> bool:
        if self.acked < offset <= self._furthest:
            self._arrived(offset)
            return True
        if offset == self.acked and self.next > offset > self._again_until:
            self._go_back()
        return False

    def _arrived(self, offset: int) -> None:
        n, self.acked = offset - self.acked, offset
        self.next = max(self.next, offset)
        now = self._clock()
        self._since = max(self._carried_at, now)
        self._silences = 0
        if self._timed and self._timed[0] <= offset:
            self._measure(max(0, 1000 * (now - self._timed[1])))
            self._timed = None
        self._good += 1
        near = self._lost_at * 3 // 4
        if self.room < near:
            self._make_room(min(self.room + n, near))
        elif self._good >= _PATIENCE:
            self._good = 0
            self._make_room(self.room + max(self._least // 2, self.room // 4))
            if self.room > self._lost_at:
                self._lost_at = self._most

    def _measure(self, ms: float) -> None:
        if self._usual_ms is None:
            self._usual_ms, self._spread_ms = ms, ms / 2
        self._spread_ms += (abs(ms - self._usual_ms) - self._spread_ms) / 4
        self._usual_ms += (ms - self._usual_ms) / 8

    def _go_back(self) -> None:
        """A block was lost: send again from there, and less at a time."""
        self._lost_at = min(self.room, self.next - self.acked)
        self._make_room(self.room / 2)
        self._good = 0
        self._again_until = self._furthest
        self._timed = None
        self.next = self.acked

    def elapsed(self, ms: int) -> None:
        if self.next > self.acked and self._patience_ms() <= 0:
            self._silences += 1
            self._go_back()

    def _patience_ms(self) -> float:
        """Until the oldest block on its way counts as lost."""
        wait_ms: float = RESEND_MS
        if self._usual_ms is not None:
            wait_ms = (self._usual_ms + max(_LATE_MS, 4 * self._spread_ms)) * _LONGER**self._silences
        return min(wait_ms, RESEND_MS) - 1000 * (self._clock() - self._since)

    def due_ms(self) -> int:
        return 0 if self.may_send() else max(0, int(self._patience_ms()) + 1)


class CableFiles(FileClient):
    """A FileClient that sends as the carrier takes it. ring, byte_s: CableWindow's; no ring: there is no limit."""

    ring: int | None = None
    byte_s = 0.0

    def start_sending(self, size: int, start: int, block: int) -> None:
        super().start_sending(size, start, block)
        if self.ring:
            self.send_window = CableWindow(size, start, block, self.ring, self.byte_s)
