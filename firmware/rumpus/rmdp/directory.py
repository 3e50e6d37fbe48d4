"""Which device is behind which node, and where that node was last seen.

A route is whatever the caller of Node.receive() calls the place a packet came from: the observed source
counts, not the advertised address (a device behind a router does not know its own). A stream that is open
is better than the source of a datagram, since long answers pass it. Knows no clock.
"""

from .tables.timing import EXPIRE_MS, MOST_DEVICES, REMEMBERED

_KEY = 24  # node ID and TransactionID


def no_stream(_route):
    return False


class Directory:
    """Rows [device ID, node ID, route, age in ms]; the one not heard of longest makes room."""

    def __init__(self, most=MOST_DEVICES, is_reliable=None):
        self.rows = []
        self._most = most
        self._is_reliable = is_reliable or no_stream

    def find(self, device_id):
        """(node ID, route) of a device, or None."""
        for row in self.rows:
            if row[0] == device_id:
                return row[1], row[2]
        return None

    def learn(self, device_id, node_id, route):
        for row in self.rows:
            if row[0] == device_id:
                if row[1] != node_id or self._is_as_good(route, row[2]):
                    row[1], row[2] = node_id, route
                row[3] = 0
                return
        if len(self.rows) >= self._most:
            oldest = self.rows[0]
            for row in self.rows:
                if row[3] > oldest[3]:
                    oldest = row
            self.rows.remove(oldest)
        self.rows.append([device_id, node_id, route, 0])

    def heard(self, node_id, route):
        """The node lives, and is there now."""
        for row in self.rows:
            if row[1] == node_id:
                if self._is_as_good(route, row[2]):
                    row[2] = route
                row[3] = 0

    def _is_as_good(self, route, known):
        """False for a datagram's source while there is a stream; forget_route() ends that."""
        return self._is_reliable(route) or not self._is_reliable(known)

    def forget_node(self, node_id):
        self.rows = [row for row in self.rows if row[1] != node_id]

    def forget_device(self, device_id):
        self.rows = [row for row in self.rows if row[0] != device_id]

    def forget_silent(self, device_id, ms):
        """The device does not answer: if its node was silent for ms too, it is looked for anew."""
        self.rows = [row for row in self.rows if row[0] != device_id or row[3] < ms]

    def forget_route(self, route):
        """That carrier is closed."""
        self.rows = [row for row in self.rows if row[2] != route]

    def elapsed(self, ms):
        expired = False
        for row in self.rows:
            row[3] += ms
            expired = expired or row[3] >= EXPIRE_MS
        if expired:
            self.rows = [row for row in self.rows if row[3] < EXPIRE_MS]


class Seen:
    """The last packets by source and TransactionID, so that a repeat is noticed. Takes no memory before the first."""

    def __init__(self):
        self._keys = None
        self._turn = 0

    def is_repeat(self, node_id, transaction):
        """True for a packet that was here already; remembers it otherwise."""
        key = node_id + transaction
        if self._keys is None:
            self._keys = bytearray(_KEY * REMEMBERED)
        at = self._keys.find(key)
        while at >= 0:
            if at % _KEY == 0:
                return True
            at = self._keys.find(key, at + 1)
        at = self._turn * _KEY
        self._keys[at : at + _KEY] = key
        self._turn = (self._turn + 1) % REMEMBERED
        return False
