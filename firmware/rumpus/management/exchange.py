"""DCMP over RMDP on the carriers of a device: packets in, messages out, and the time that both need.

A node (rmdp/) and a session (dcmp/). A route is the place that a packet was seen to come from: a Connection
(TCP, the cable), which loses nothing, or the source of a datagram. What the device answers is in its roles;
a subclass brings them: management.py for a device that runs, update_mode/ for one that takes an update.

settings: udp (0: none) and those of transports/udp.py; dcmp_controllers: IDs (hex) that alone may control,
upload and apply.
"""

from ..connection import Connection
from ..dcmp import message
from ..dcmp.session import Session
from ..dcmp.tables import message_codes as m
from ..link import RMDP
from ..rmdp.node import Node
from ..rmdp.tables.bodies import ADDRESS_TYPES
from ..rmdp.tables.header import HEADER_SIZE
from ..rmdp.tables.timing import DATAGRAM_SIZE
from ..wiring import load
from .sender import Sender

_IDLE_MS = 1000  # how often to look when nothing is due
_ANNOUNCE_MS = 1000  # between attempts, until the network takes the first advertisement
_RESTRICTED = (m.DEVICE_CONTROL_REQUEST, m.PUT_FILE_REQUEST, m.APPLY_REQUEST)
_IPV4 = ADDRESS_TYPES[0][0]


class Exchange:
    """app: with hal, uuid, out and answered(). The node's and the device's ID are the UUID. boot_count: so that
    no TransactionID comes again after a restart. device: the role that advertises()."""

    SESSION = Session

    def __init__(self, app, settings, boot_count, device):
        self.dropped = 0  # what was not done for want of memory
        self.ids = message.TransactionIds(boot_count.to_bytes(2, "big") + _two_bytes(app.hal))
        self.node = Node(app.uuid, self.ids, _addresses(settings), (), _is_stream)
        self.node.objects.append(app.uuid)
        self.device = device
        self.session = self.SESSION(app.uuid, (device,), self.ids, self._permits, self._load_role)
        self._controllers = [bytes.fromhex(text) for text in settings.get("dcmp_controllers", ())]
        self._idle_ms = 0  # since due_ms was found
        self._due_ms = 0
        self._announce_ms = 0  # until the next attempt; None: done
        udp = None
        if settings.get("udp", 1):
            transport = load("rumpus.transports.udp", ("Transport",)).Transport
            udp = transport(app.hal, settings, DATAGRAM_SIZE + 1)
        self.sender = Sender(self.node, self.session, udp)

    def _permits(self, source, kind):
        return not self._controllers or kind not in _RESTRICTED or source in self._controllers

    # --- what a subclass has more ---------------------------------------------------------------

    def _load_role(self, kind) -> "object":
        """The role that answers a request which no role answers yet, or None."""
        return None

    def _happened(self, event):
        """An event of the session, or None."""

    def _links(self, route) -> "bool":
        """True for a connection that what is for all goes to as well."""
        return True

    def _heard(self, app):
        """Somebody has sent a message that is for this device."""

    def _clock(self):
        """Seconds since 1900, 0 while nobody has said."""
        return 0

    def _more(self, app, elapsed_ms):
        """What else is to be done in each turn."""

    def _make_room(self):
        """Memory did not suffice: let go of what is not needed now."""

    # --- in -----------------------------------------------------------------------------------

    def receive(self, app, route, buf, at, end):
        """Take in an RMDP packet. route: the connection it came over, or the source of a datagram.

        Where memory does not suffice the packet is dropped: no request from afar ends the device.
        """
        try:
            self._receive(app, route, buf, at, end)
        except MemoryError:
            self.dropped += 1
            self._make_room()

    def _receive(self, app, route, buf, at, end):
        self._pass_time()
        self._due_ms = 0
        if isinstance(route, Connection) and route not in self.sender.links and self._links(route):
            self.sender.links.append(route)
        node, session = self.node, self.session
        if not node.receive(buf, at, end, route):
            return
        at, end = node.at, node.end
        if message.check(buf, at, end, session.device_id) is None:
            node.learn(message.source_of(buf, at), node.peer)
            if message.response_of(message.kind_of(buf, at)):
                app.answered()
            elif not message.is_to(buf, at, message.BROADCAST):  # an advertisement is no controller
                self._heard(app)
        self._happened(session.receive(buf, at, end, node.peer))

    def closed(self, connection):
        """That carrier is gone, and who was behind it."""
        if connection in self.sender.links:
            self.sender.links.remove(connection)
        self.node.directory.forget_route(connection)
        self.session.lost(connection)

    def forget(self, device_id):
        """A subscriber cannot be reached any more."""
        for role in self.session.roles:
            role.forget(device_id)

    # --- time ---------------------------------------------------------------------------------

    def wake(self):
        """There is something to do at the next turn."""
        self._due_ms = 0

    def step(self, app, elapsed_ms):
        """One turn. Allocates nothing while there is nothing to do; what memory does not suffice for is dropped."""
        try:
            self._step(app, elapsed_ms)
        except MemoryError:
            self.dropped += 1
            self._make_room()

    def _step(self, app, elapsed_ms):
        self._idle_ms += elapsed_ms
        udp = self.sender.udp
        if udp and udp.ready:
            self._take_datagrams(app, udp)
        self._more(app, elapsed_ms)
        if self._idle_ms < self._due_ms:
            return
        self._pass_time()
        self.sender.pump(app)
        self._due_ms = self._find_due_ms()

    def _pass_time(self):
        """Let the time pass that nobody was told of yet; before a packet is taken, so that it is not older."""
        ms, self._idle_ms = self._idle_ms, 0
        self.ids.set_clock(self._clock())
        for lost in self.node.elapsed(ms):
            self._happened(self.session.undelivered(lost, HEADER_SIZE, len(lost)))
        for event in self.session.elapsed(ms):
            self._happened(event)
        self.sender.elapsed(ms)
        if self._announce_ms is not None:
            self._announce_ms -= ms
            if self._announce_ms <= 0:
                self._announce()

    def due_ms(self):
        """Milliseconds until step() has something to do. Allocates nothing."""
        return max(0, self._due_ms - self._idle_ms)

    def _find_due_ms(self):
        due = _IDLE_MS
        for one in (self.node, self.session):
            ms = one.due_ms()
            if ms is not None and ms < due:
                due = ms
        return 0 if self.sender.is_waiting() else due

    def _announce(self):
        """Say that the device is there, once the network is (S 4: first RMDP, then DCMP)."""
        self._announce_ms = _ANNOUNCE_MS
        if self.sender.udp is None or self.sender.udp.join():
            self._announce_ms = None
            self.node.start()
            self.device.advertise(self.session, "Start")

    def stop(self, app):
        """Say good-bye."""
        self.device.advertise(self.session, "End")
        self.sender.pump(app)  # before the node is gone, as it came after it
        self.node.stop()
        self.sender.pump(app)

    def _take_datagrams(self, app, udp):
        data = udp.receive()
        while data is not None:
            if len(data) > 1 and data[0] == RMDP:
                self.receive(app, udp.source, data, 1, len(data))
            data = udp.receive()


def _is_stream(route):
    return isinstance(route, Connection)


def _two_bytes(hal):
    return bytes((hal.random(256), hal.random(256)))


def _addresses(settings):
    """Where controllers connect, for the node's advertisements: the port. The address is for the hearer to
    see, who may see another than we know (D71)."""
    if settings["transport"] != "tcp_listen":
        return ()
    return ({"AddrType": _IPV4, "Port": settings["port"], "Addr": bytes(16)},)
