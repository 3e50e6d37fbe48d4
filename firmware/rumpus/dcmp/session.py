"""One DCMP device on the wire: messages in, messages and events out. Sans I/O, no clock, no carrier.

    event = session.receive(buf, at, end, peer)   # peer: where from, whatever the caller calls it
    while True:
        out = session.next_message()              # outgoing.Message or None; write it before asking again
        ...
    for event in session.elapsed(ms): ...         # timers

What a session does is in its roles (role.py), each a module that a device may leave out:

    device.Device            discovery, advertisement, information, control
    events.Events            subscriptions and notifications
    files.Files, apply.Apply files, and what is done with them
    registrar.Registrar      the management server's end of registration
    requester.Requester      the asking end of everything but files
    file_client.FileClient   the asking end of files

An event is (what, transaction, message type, source, values) with the kinds below. Both ends check the
transaction table (transactions.py). Nothing but the codec's DecodeError is caught: it becomes a Result.
"""

from ..errors import DecodeError, StateError
from . import codec
from . import message as header
from .outgoing import Message
from .role import NOT_MINE
from .tables.header import HEADER_SIZE
from .tables.result_codes import HEADER_OP_CODE, PAYLOAD_NOT_WHOLE
from .tables.results_ours import NOT_DONE
from .tables.timing import KEEP_ROLE_MS, OUTBOX

# What an event says.
ANSWER = "answer"  # to a request of ours: Result 0
REFUSED = "refused"  # to a request of ours: values["Result"] says why
ACCEPTED = "accepted"  # an apply has begun; its result comes later
NO_ANSWER = "no_answer"  # to a request of ours; values["Result"] is 0A04: the outcome is unknown
END = "end"  # of a discovery: no more answers
NOTICE = "notice"  # a one-way message: advertisement, event, user-defined


class Incoming:
    """The message being taken in; valid during the call."""

    kind = 0
    source = header.UNKNOWN
    transaction = header.NO_TRANSACTION
    peer = None
    is_broadcast = False
    values = None
    buf = None
    at = end = 0  # of the payload

    def read(self, buf, at, end, peer):
        self.kind = header.kind_of(buf, at)
        self.source = header.source_of(buf, at)
        self.transaction = header.transaction_of(buf, at)
        self.is_broadcast = header.is_to(buf, at, header.BROADCAST)
        self.peer = peer
        self.values = None
        self.buf, self.at, self.end = buf, at + HEADER_SIZE, end

    def unpack(self):
        """The values of the payload; raises DecodeError."""
        if self.values is None:
            self.values = codec.unpack(self.kind, self.buf, self.at, self.end)
        return self.values


class Session:
    """device_id: 16 bytes. ids: TransactionIds. permit(source ID, message type): False refuses a request
    with the code of its NOT_DONE row; None permits all. load_role(message type): the role that answers
    a request which no role answers yet, or None; so that what is rare takes no memory before. Such a role is let
    go when it is at rest and nobody has asked anything for a while."""

    def __init__(self, device_id, roles, ids, permit=None, load_role=None):
        self.device_id = bytes(device_id)
        self.roles = list(roles)
        self.ids = ids
        self.dropped = 0
        self.drop_reason = None
        self._permit = permit
        self._load_role = load_role
        self._loaded = []  # roles that load_role gave
        self._quiet_ms = 0  # since the last message
        self._outbox = []
        self._incoming = Incoming()
        self._turn = 0

    # --- in -----------------------------------------------------------------------------------

    def receive(self, buf, at, end, peer=None):
        """Take in the message buf[at:end] (bytes or bytearray); return an event, or None."""
        fault = header.check(buf, at, end, self.device_id)
        if fault is not None:
            return self._refuse_fault(fault, buf, at, end, peer)
        self._quiet_ms = 0
        incoming = self._incoming
        incoming.read(buf, at, end, peer)
        try:
            return self._dispatch(incoming)
        except DecodeError as error:
            return self.drop(error.code)

    def _dispatch(self, incoming):
        kind = incoming.kind
        if header.response_of(kind):
            return self._answer(incoming)
        for role in self.roles:
            if kind in role.TAKES:
                event = role.take(self, incoming)
                if event is not NOT_MINE:
                    return event
        for role in self.roles:
            if kind in role.TAKES and role.take_stray(self, incoming):
                return self.drop("stray")
        if header.is_one_way(kind):
            return NOTICE, incoming.transaction, kind, incoming.source, incoming.unpack()
        return self.drop("not_asked")

    def _answer(self, incoming):
        """Let a role answer a request; whoever is not answered by a broadcast's errors is not asked."""
        role = self._role_for(incoming.kind)
        if role not in self._loaded:
            self.rest()  # what answers this may be loaded now, and need their memory
        try:
            payload = self._result_for(role, incoming)
            if payload == 0:
                incoming.unpack()
                payload = role.answer(self, incoming)
        except DecodeError as error:
            self.drop(error.code)
            payload = codec.result_of(error)
        if payload is None or (incoming.is_broadcast and isinstance(payload, int)):
            return None
        self.respond(incoming, payload)
        return None

    def _role_for(self, kind):
        for role in self.roles:
            if kind in role.ANSWERS:
                return role
        return self.load(kind)

    def load(self, kind):
        """Load the role that answers this kind of request; the role, or None."""
        role = self._load_role(kind) if self._load_role else None
        if role is not None:
            self.roles.append(role)
            self._loaded.append(role)
        return role

    def has_loaded(self):
        """Is any loaded role there?"""
        return bool(self._loaded)

    def rest(self):
        """Let go of the loaded roles that are at rest."""
        for role in list(self._loaded):
            if role.is_at_rest():
                self._loaded.remove(role)
                self.roles.remove(role)

    def _result_for(self, role, incoming):
        """0, or the Result of a request that is not done, or not for this source."""
        not_done = not_permitted = HEADER_OP_CODE
        for code, done, permitted, _source in NOT_DONE:
            if code == incoming.kind:
                not_done, not_permitted = done, permitted
        if role is None:
            return not_done
        if self._permit and not self._permit(incoming.source, incoming.kind):
            return not_permitted
        return 0

    def _refuse_fault(self, fault, buf, at, end, peer):
        """Count a faulty message; answer it when it is a request to us and has somebody to answer."""
        self.drop(fault)
        result = header.fault_result(fault)
        if not result or header.is_to(buf, at, header.BROADCAST):
            return
        incoming = self._incoming
        incoming.read(buf, at, end, peer)
        response = header.response_of(incoming.kind)
        if not response:
            return
        if fault == "source":
            incoming.source = header.UNKNOWN  # D42: only the peer knows where that is
            if peer is None:
                return
        self.send(response, incoming.source, incoming.transaction, result, peer)

    def drop(self, token):
        """Count a message that leads to nothing."""
        self.dropped += 1
        self.drop_reason = token

    def undelivered(self, buf, at, end):
        """RMDP gave up on this message of ours; return an event, or None."""
        kind = header.kind_of(buf, at)
        transaction = header.transaction_of(buf, at)
        if header.response_of(kind):
            for role in self.roles:
                event = role.undelivered(self, kind, transaction)
                if event:
                    return event
        return None

    def lost(self, route):
        """The carrier with this name is gone."""
        for role in self.roles:
            role.lost(self, route)

    # --- out ----------------------------------------------------------------------------------

    def respond(self, incoming, payload):
        """Queue the response to a request. payload: bytes, Body, or a Result that is not 0."""
        response = header.response_of(incoming.kind)
        self.send(response, incoming.source, incoming.transaction, payload, incoming.peer)

    def send(self, kind, to, transaction, payload, peer=None):
        """Queue a message; a full outbox drops it, as a network would."""
        if len(self._outbox) >= OUTBOX:
            self.drop("outbox_full")
            return
        if isinstance(payload, int):
            payload = payload.to_bytes(2, "big")  # D32
        self._outbox.append(Message(kind, self.device_id, to, transaction, payload, peer))

    def too_long(self, message):
        """The message to send instead of one that its carrier cannot carry (D53); None when that is no
        response: a request of ours is then undelivered(), and an event lost."""
        if not header.is_response(message.kind):
            return None
        result = PAYLOAD_NOT_WHOLE.to_bytes(2, "big")
        return Message(message.kind, self.device_id, message.to, message.transaction, result, message.peer)

    def ask(self, kind, to, payload, peer=None):
        """Queue a request of ours; return its TransactionID. Raises StateError(outbox_full)."""
        if len(self._outbox) >= OUTBOX:
            raise StateError("outbox_full", OUTBOX)
        transaction = self.ids.next()
        self.send(kind, to, transaction, payload, peer)
        return transaction

    def next_message(self):
        """The next message to go out, or None. It must be written, or given up, before the next call."""
        if self._outbox:
            return self._outbox.pop(0)
        for _ in self.roles:
            self._turn = (self._turn + 1) % len(self.roles)
            out = self.roles[self._turn].next_message(self)
            if out is not None:
                return out
        return None

    # --- time ---------------------------------------------------------------------------------

    def elapsed(self, ms):
        """Let ms pass; return the list of events that this leads to."""
        self.ids.elapsed(ms)
        events = []
        for role in self.roles:
            events.extend(role.elapsed(self, ms))
        self._quiet_ms += ms
        if self._loaded and self._quiet_ms >= KEEP_ROLE_MS:
            self.rest()
        return events

    def due_ms(self):
        """Milliseconds until there is something to do by itself, or None."""
        if self._outbox:
            return 0
        dues = [role.due_ms() for role in self.roles]
        dues = [due for due in dues if due is not None]
        return min(dues) if dues else None
