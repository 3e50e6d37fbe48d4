"""Packets that wait for their acknowledgement: sent again at fixed times, then given up. Knows no clock.

A packet whose device is not known yet has the route None: it waits for found().
"""

from . import message as header
from .tables.timing import GIVE_UP_MS, MOST_UNACKED, RESEND_1_MS, RESEND_2_MS, RESEND_3_MS

# When copy n is due, and after the last: when it is given up.
_DUE_MS = (0, RESEND_1_MS, RESEND_2_MS, RESEND_3_MS, GIVE_UP_MS)


class Waiting:
    """packet: bytearray. to: device ID. copies: sent so far."""

    def __init__(self, packet, to, transaction, peer, copies):
        self.packet = packet
        self.to = to
        self.transaction = transaction
        self.node_id, self.route = peer or (header.UNKNOWN, None)
        self.copies = copies
        self.age_ms = 0

    def is_due(self):
        return self.route is not None and self.age_ms >= _DUE_MS[self.copies]

    def due_ms(self):
        return max(0, (GIVE_UP_MS if self.route is None else _DUE_MS[self.copies]) - self.age_ms)


class Delivery:
    """All packets of a node that wait, and those that were lost since anybody asked."""

    def __init__(self):
        self.waiting = []
        self.unreached = []  # devices whose packets the last elapsed() gave up
        self._lost = []

    def keep(self, packet, to, transaction, peer, copies):
        """Wait for an acknowledgement; False when too many wait already, and this one is lost."""
        if len(self.waiting) >= MOST_UNACKED and not self._make_room():
            self._lost.append(packet)
            return False
        self.waiting.append(Waiting(packet, to, transaction, peer, copies))
        return True

    def _make_room(self):
        """The packet that was sent longest ago waits no longer: most likely it has arrived, and only its
        acknowledgement has not. Whoever wants an answer to it still has DCMP's time-out. False when none was
        sent."""
        oldest = None
        for waiting in self.waiting:
            if waiting.copies and (oldest is None or waiting.age_ms > oldest.age_ms):
                oldest = waiting
        if oldest is not None:
            self.waiting.remove(oldest)
        return oldest is not None

    def acknowledged(self, node_id, transaction, result):
        """The node has it (or refuses it: a Result); False when nothing waited for that."""
        for waiting in self.waiting:
            if waiting.transaction == transaction and waiting.node_id in (node_id, header.UNKNOWN):
                self.waiting.remove(waiting)
                if result:
                    self._lost.append(waiting.packet)
                return True
        return False

    def found(self, device_id, peer):
        """The device is at (node ID, route): its packets go there now."""
        for waiting in self.waiting:
            if waiting.route is None and waiting.to == device_id:
                waiting.node_id, waiting.route = peer
                waiting.age_ms = 0
                header.set_destination(waiting.packet, 0, waiting.node_id)

    def next_due(self):
        """The next packet to be sent now, counted as sent, or None."""
        for waiting in self.waiting:
            if waiting.is_due():
                waiting.copies += 1
                return waiting
        return None

    def elapsed(self, ms):
        """Let ms pass; return the packets that were lost."""
        if self.unreached:
            self.unreached = []
        for waiting in list(self.waiting):
            waiting.age_ms += ms
            if waiting.age_ms >= GIVE_UP_MS:
                self.waiting.remove(waiting)
                self.unreached.append(waiting.to)
                self._lost.append(waiting.packet)
        lost, self._lost = self._lost, []
        return lost

    def due_ms(self):
        if self._lost:
            return 0
        return min([waiting.due_ms() for waiting in self.waiting]) if self.waiting else None
