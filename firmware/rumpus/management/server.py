"""The device's end of a management server (DMS): reach it, say who is here, register, and again.

settings["dms"]: "tcp://HOST:PORT" (the device dials, and comes back) or "udp://HOST:PORT". The server sees
where packets come from and answers there, so the device may be behind a router (S 4).
"""

from ..conversation import Conversation
from ..dcmp import message
from ..dcmp.requester import Requester
from ..dcmp.session import ANSWER
from ..dcmp.tables import message_codes as m
from ..link import HEAD, TAIL, StreamLink
from ..rmdp.tables.places import SERVER_PORT
from ..rmdp.tables.timing import DATAGRAM_SIZE, EXPIRE_MS
from ..transports import tcp_dial

_AGAIN_MS = 10000  # after a registration that failed
_RENEW_MS = 600000  # after one that did not: the server may have lost its store
_ROUTE_MS = 10000  # between attempts to find a name's address
_GREETED_MS = 300  # between our advertisement and the registration: who and what we are comes first (S 4)


class Server:
    """management: the Management. address: as settings["dms"] has it."""

    def __init__(self, management, hal, address):
        carrier, _, place = address.partition("://")
        host, _, port = place.partition(":")
        self.conversation = None
        self.route = None  # where the server is, once known
        self.is_registered = False
        self._management = management
        self._requester = Requester()
        management.session.roles.append(self._requester)
        self._place = host, int(port or SERVER_PORT)
        self._dialler = None
        if carrier == "tcp":
            self._dialler = tcp_dial.Transport(hal, {"host": self._place[0], "port": self._place[1]})
        self._wait_ms = 0
        self._transaction = None  # of the registration under way

    def step(self, app, elapsed_ms):
        """One turn. Allocates nothing while there is nothing to do."""
        if self._dialler:
            self._serve(app, elapsed_ms)
        self._wait_ms -= elapsed_ms
        if self._wait_ms <= 0:
            self._next(app)

    def _serve(self, app, elapsed_ms):
        conversation = self.conversation
        if conversation is None:
            carrier = self._dialler.poll(elapsed_ms, 0)
            if carrier is not None:
                link = StreamLink(HEAD + 1 + DATAGRAM_SIZE + TAIL)
                self.conversation = Conversation(carrier, link, app.log.sequence)
                self._found(self.conversation)
            return
        self._dialler.poll(elapsed_ms, 1)
        conversation.silence_ms += elapsed_ms
        conversation.serve(app)
        # A server advertises itself as everybody does; one that does not has gone without a word.
        if conversation.closed or conversation.silence_ms > EXPIRE_MS:
            conversation.closed = True
            conversation.carrier.close()
            self.conversation = self.route = None
            self.is_registered = False
            self._management.node.servers = ()
            self._management.closed(conversation)

    def _found(self, route):
        """The server is there: say who we are, and register a little later."""
        self.route = route
        self._wait_ms = _GREETED_MS
        self._management.node.servers = (route,)
        self._management.node.greet(route)

    def _next(self, app):
        """Do what is due: find the server, or register."""
        if self.route is None and self._dialler is None:
            self._wait_ms = _ROUTE_MS
            try:
                self._found(self._management.address(*self._place))
            except OSError:
                pass
            return
        if self.route is None:
            return
        self._wait_ms = _AGAIN_MS
        self._register(self._management.device.registration("Register"))

    def _register(self, values):
        management = self._management
        peer = message.UNKNOWN, self.route
        kind = m.DEVICE_REGISTRATION_REQUEST
        self._transaction = self._requester.ask(management.session, kind, message.UNKNOWN, values, peer)
        management.wake()

    def happened(self, event):
        """An event of the session: the answer to a registration is ours."""
        what, transaction, _kind, _source, _values = event
        if transaction == self._transaction:
            self.is_registered = what == ANSWER
            self._wait_ms = _RENEW_MS if self.is_registered else _AGAIN_MS

    def stop(self):
        """Cancel the registration."""
        if self.is_registered and self.route is not None:
            self._register(self._management.device.registration("Cancel"))
