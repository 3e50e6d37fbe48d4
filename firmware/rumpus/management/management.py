"""DCMP over RMDP on the device, joined to its carriers; loaded only where the settings say "dcmp": true.

A node (rmdp/) and a session (dcmp/) with the one device of this board behind it. A route is the place that
a packet was seen to come from: a Conversation (TCP, the cable), which loses nothing, or the source of a
datagram. What is rare (events, files, apply) is a role that is loaded when it is first asked for.

settings: name, model_number, serial_number; udp (0: none) and those of transports/udp.py; dms, see
management/server.py; dcmp_controllers: IDs (hex) that alone may control, upload and apply.
"""

from ..conversation import Conversation
from ..dcmp import info, message
from ..dcmp.device import Device
from ..dcmp.session import Session
from ..dcmp.tables import message_codes as m
from ..link import RMDP
from ..rmdp.node import Node
from ..rmdp.tables.bodies import ADDRESS_TYPES
from ..rmdp.tables.header import HEADER_SIZE
from ..rmdp.tables.timing import DATAGRAM_SIZE
from ..rump.control import Control
from ..wiring import load
from . import about
from .sender import Sender

_IDLE_MS = 1000  # how often to look when nothing is due
_ANNOUNCE_MS = 1000  # between attempts, until the network takes the first advertisement
_RESTRICTED = (m.DEVICE_CONTROL_REQUEST, m.PUT_FILE_REQUEST, m.APPLY_REQUEST)
_IPV4 = ADDRESS_TYPES[0][0]


class Management:
    """app: the App. The node's and the device's ID are the UUID."""

    def __init__(self, app, settings):
        self.dropped = 0  # what was not done for want of memory
        self.ids = message.TransactionIds(app.log.boot_count.to_bytes(2, "big") + _two_bytes(app.hal))
        self.node = Node(app.uuid, self.ids, _addresses(settings), (), _is_stream)
        self.node.objects.append(app.uuid)
        self.texts = about.Texts(app, settings)
        identity = info.Identity(app.uuid, *about.names(app.state, settings))
        self.device = Device(
            identity, self.texts.text, app.state, Control(len(app.state.row_of)), app.control
        )
        self.session = Session(app.uuid, (self.device,), self.ids, self._permits, self._load_role)
        self.events = None
        self.server = None
        self._app = app
        self._settings = settings
        self._controllers = [bytes.fromhex(text) for text in settings.get("dcmp_controllers", ())]
        self._idle_ms = 0  # since due_ms was found
        self._due_ms = 0
        self._announce_ms = 0  # until the next attempt; None: done
        self._is_full = False  # memory did not suffice for a role
        udp = None
        if settings.get("udp", 1):
            transport = load("rumpus.transports.udp", ("Transport",)).Transport
            udp = transport(app.hal, settings, DATAGRAM_SIZE + 1)
        self.sender = Sender(self.node, self.session, udp)
        if app.updater is not None:
            self.texts.more.append(app.updater.text)
            if app.updater.is_applying:  # the result is owed since before the restart
                role = self._load_role(m.APPLY_REQUEST)
                if role is not None:
                    self.session.roles.append(role)
        if settings.get("dms"):
            self.server = load("rumpus.management.server", ("Server",)).Server(self, app.hal, settings["dms"])

    # --- roles --------------------------------------------------------------------------------

    def _permits(self, source, kind):
        return not self._controllers or kind not in _RESTRICTED or source in self._controllers

    def _load_role(self, kind):
        """The role that answers a request which comes for the first time, or None, also where memory is short:
        what was loaded by half is not asked for again before a restart."""
        if self._is_full:
            return None
        try:
            return self._loaded_role(kind, self._app)
        except MemoryError:
            self._is_full = True
            return None

    def _loaded_role(self, kind, app):
        if kind == m.EVENT_SUBSCRIPTION_REQUEST:
            self.events = load("rumpus.dcmp.events", ("Events",)).Events(app.uuid, app.state, app.log)
            return self.events
        if m.GET_FILEINFO_REQUEST <= kind <= m.APPLY_REQUEST:
            return load("rumpus.management.files", ("role",)).role(kind, app, self._settings)
        return None

    # --- in -----------------------------------------------------------------------------------

    def receive(self, app, route, buf, at, end):
        """Take in an RMDP packet. route: the conversation it came over, or the source of a datagram.

        Where memory does not suffice the packet is dropped: no request from afar ends the device.
        """
        try:
            self._receive(app, route, buf, at, end)
        except MemoryError:
            self.dropped += 1

    def _receive(self, app, route, buf, at, end):
        self._pass_time()
        self._due_ms = 0
        if isinstance(route, Conversation) and route not in self.sender.links and not self._is_server(route):
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
                app.interlocks.heard()
        self._happened(session.receive(buf, at, end, node.peer))

    def _is_server(self, route):
        return self.server is not None and self.server.conversation is route

    def _happened(self, event):
        if event and self.server:
            self.server.happened(event)

    def closed(self, conversation):
        """That carrier is gone, and who was behind it."""
        if conversation in self.sender.links:
            self.sender.links.remove(conversation)
        self.node.directory.forget_route(conversation)
        self.session.lost(conversation)

    def forget(self, device_id):
        """A subscriber cannot be reached any more."""
        if self.events:
            self.events.forget(device_id)

    def status_changed(self):
        """The status or an alarm has changed. Allocates nothing."""
        if self.events and self.events.subscriptions:
            self.events.status_changed()
            self._due_ms = 0

    # --- time ---------------------------------------------------------------------------------

    def wake(self):
        """There is something to do at the next turn."""
        self._due_ms = 0

    def address(self, host, port):
        """What a datagram to this place is sent to. Raises OSError."""
        if self.sender.udp is None:
            raise OSError("no UDP")
        return self.sender.udp.address(host, port)

    def step(self, app, elapsed_ms):
        """One turn. Allocates nothing while there is nothing to do; what memory does not suffice for is dropped."""
        try:
            self._step(app, elapsed_ms)
        except MemoryError:
            self.dropped += 1

    def _step(self, app, elapsed_ms):
        self._idle_ms += elapsed_ms
        udp = self.sender.udp
        if udp and udp.ready:
            self._take_datagrams(app, udp)
        if self.server and self._announce_ms is None:  # S 4: first the LAN, then the server
            self.server.step(app, elapsed_ms)
        if self._idle_ms < self._due_ms:
            return
        self._pass_time()
        self.sender.pump(app)
        self._due_ms = self._find_due_ms()

    def _pass_time(self):
        """Let the time pass that nobody was told of yet; before a packet is taken, so that it is not older."""
        ms, self._idle_ms = self._idle_ms, 0
        self.ids.set_clock(about.ntp_second(self._app.state))
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
        if self.server:
            self.server.stop()
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
    return isinstance(route, Conversation)


def _two_bytes(hal):
    return bytes((hal.random(256), hal.random(256)))


def _addresses(settings):
    """Where controllers connect, for the node's advertisements: the port. The address is for the hearer to
    see, who may see another than we know (D71)."""
    if settings["transport"] != "tcp_listen":
        return ()
    return ({"AddrType": _IPV4, "Port": settings["port"], "Addr": bytes(16)},)
