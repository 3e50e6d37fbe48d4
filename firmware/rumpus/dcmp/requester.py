"""The asking end of all transactions but those of files. DCMP never asks twice (D43).

    transaction = requester.info(session, device_id, "BasicInfo")

Each request ends with exactly one event: ANSWER, REFUSED or NO_ANSWER (then its outcome is unknown, also
for a control); an apply has ACCEPTED before, a discovery any number of ANSWERs and then END.
"""

from ..errors import StateError
from . import codec, descriptions
from . import message as header
from . import session as s
from .role import NOT_MINE, Role
from .tables import message_codes as m
from .tables.properties import SET
from .tables.result_codes import TRANSACTION_TIMEOUT
from .tables.timing import MOST_PENDING, RESPONSE_TIMEOUT_MS, RESULT_TIMEOUT_MS
from .transactions import IDLE, is_drop, step


class Pending:
    """A transaction of ours that has not ended."""

    def __init__(self, transaction, exchange, kind, to, info_type, left_ms):
        self.transaction = transaction
        self.exchange = exchange
        self.kind = kind  # of the request
        self.to = to
        self.info_type = info_type
        self.left_ms = left_ms
        self.state = IDLE


class Requester(Role):
    """timeout_ms: for a response (D45). most: requests at a time."""

    TAKES = (
        m.DEVICE_DISCOVERY_RESPONSE,
        m.DEVICE_INFO_RESPONSE,
        m.DEVICE_CONTROL_RESPONSE,
        m.EVENT_SUBSCRIPTION_RESPONSE,
        m.GET_FILEINFO_RESPONSE,
        m.APPLY_RESPONSE,
        m.APPLY_RESULT,
        m.DEVICE_REGISTRATION_RESPONSE,
        m.SERVICE_REGISTRATION_RESPONSE,
    )

    def __init__(self, timeout_ms=RESPONSE_TIMEOUT_MS, most=MOST_PENDING):
        self.timeout_ms = timeout_ms
        self._most = most
        self._pending = []

    # --- asking -------------------------------------------------------------------------------

    def ask(self, session, kind, to, values, peer=None, timeout_ms=None):
        """Queue a request; return its TransactionID. values: dict by the rows of its body.

        Raises EncodeError, StateError(too_many_pending or outbox_full).
        """
        if len(self._pending) >= self._most:
            raise StateError("too_many_pending", self._most)
        payload = codec.pack(kind, values)
        exchange = "two"
        if kind == m.APPLY_REQUEST:
            exchange = "apply"
        elif kind == m.DEVICE_DISCOVERY_REQUEST:
            exchange = "many"
        transaction = session.ask(kind, to, payload, peer)
        info_type = values.get("DeviceInfoReqType")
        pending = Pending(transaction, exchange, kind, to, info_type, timeout_ms or self.timeout_ms)
        self._pending.append(pending)
        self._move(session, pending, "start", None)
        return transaction

    def discover(self, session, condition="All", value=None, to=header.BROADCAST, timeout_ms=None):
        """Who is there? condition: All, DeviceID (16 bytes), DeviceType (a code) or DeviceName (text)."""
        field = "HexTypeReq" if condition == "DeviceType" else "StrTypeReq"
        values = {"DiscoveryReqType": condition, field: value}
        return self.ask(session, m.DEVICE_DISCOVERY_REQUEST, to, values, None, timeout_ms)

    def info(self, session, to, info_type):
        return self.ask(session, m.DEVICE_INFO_REQUEST, to, {"DeviceInfoReqType": info_type})

    def control(self, session, to, params, function=SET):
        """params: (ParamID, text) pairs."""
        inputs = [{"ParamID": number, "Value": text} for number, text in params]
        values = {"DeviceID": to, "FunctionID": function, "InputList": inputs}
        return self.ask(session, m.DEVICE_CONTROL_REQUEST, to, values)

    def cancel(self, transaction):
        """Wait for it no longer."""
        self._pending = [p for p in self._pending if p.transaction != transaction]

    # --- what comes back ----------------------------------------------------------------------

    def take(self, session, incoming):
        for pending in self._pending:
            if pending.transaction == incoming.transaction and self._fits(pending, incoming):
                values = self._unpack(pending, incoming)
                if incoming.kind == m.APPLY_RESULT:
                    happening = "failure" if values["Result"] else "result"
                else:
                    happening = "refusal" if values["Result"] else "response"
                return self._move(session, pending, happening, incoming)
        return NOT_MINE

    def _fits(self, pending, incoming):
        """From whom it was asked, and of the kind that answers it."""
        if incoming.kind not in header.answers_to(pending.kind):
            return False
        return pending.to in (incoming.source, header.BROADCAST, header.UNKNOWN)

    def _unpack(self, pending, incoming):
        if pending.info_type:
            incoming.values = descriptions.unpack(pending.info_type, incoming.buf, incoming.at, incoming.end)
        return incoming.unpack()

    def _move(self, session, pending, happening, incoming):
        """Take the step that the table says; return the event that it leads to, or None."""
        pending.state, duty = step(pending.exchange, "requester", pending.state, happening)
        if pending.state == IDLE:
            self._pending.remove(pending)
        if duty == "report_timeout":
            return _ended(s.NO_ANSWER, pending, TRANSACTION_TIMEOUT)
        if duty == "report_end":
            return _ended(s.END, pending, 0)
        if duty == "send_request":
            return None
        if is_drop(duty):
            return session.drop(duty or "no_transition")
        if duty == "report_accepted":
            pending.left_ms = 1000 * incoming.values["ExpectedTime"] + RESULT_TIMEOUT_MS
            return _event(s.ACCEPTED, incoming)
        return _event(s.ANSWER if duty == "report" else s.REFUSED, incoming)

    def undelivered(self, session, kind, transaction):
        for pending in self._pending:
            if pending.transaction == transaction:
                return self._move(session, pending, "undelivered", None)
        return None

    # --- time ---------------------------------------------------------------------------------

    def elapsed(self, session, ms):
        events = []
        for pending in list(self._pending):
            pending.left_ms -= ms
            if pending.left_ms <= 0:
                events.append(self._move(session, pending, "timeout", None))
        return events

    def due_ms(self):
        return max(0, min([p.left_ms for p in self._pending])) if self._pending else None


def _event(what, incoming):
    return what, incoming.transaction, incoming.kind, incoming.source, incoming.values


def _ended(what, pending, result):
    return what, pending.transaction, pending.kind, pending.to, {"Result": result}
