"""RUMP for the user/controller: requests out, events in. Sans I/O, no clock.

    sequence, packet = controller.control(fields)        # bytes to send
    event = controller.receive(buf, at, end)             # None: dropped and counted
    for event in controller.elapsed(ms): ...             # what got no answer in time
    for event in controller.closed(): ...                # the link died: what was pending

Several requests may be pending; an answer belongs to one when sequence *and* kind fit. A control
is never sent again from here: without an answer its outcome is unknown, and that is what the event
says. An event is (kind, sequence, values) with the kinds below.
"""

from .. import wire
from ..errors import DecodeError, EncodeError, StateError
from . import message
from .layout import StatusLayouts
from .tables import messages
from .tables.frame import MAX_FIELDS
from .tables.timing import RESPONSE_TIMEOUT_MS

ANSWER = "answer"  # to a request of ours; values: Status or version dict
STATUS = "status"  # push; values: Status
ALARM = "alarm"  # push; values: dict of the alarm body
VERSION_QUERY = "version_query"  # the device asks us; answer with answer_version(sequence)
UNANSWERED = "unanswered"  # values: kind of the request (message id)

# Requests that may wait for an answer at once; more is a caller that does not wait at all.
MAX_PENDING = 64


class Controller:
    """table: the type's table module. device_id: 12 bytes the device named in its hello, or NO_DEVICE."""

    def __init__(self, table, device_id, timeout_ms=RESPONSE_TIMEOUT_MS):
        self.device_id = device_id
        self.timeout_ms = timeout_ms
        self.dropped = 0
        self.drop_reason = None
        self.last_push = None  # sequence of the last push, to notice a lost one
        self._layouts = StatusLayouts(table)
        self._sequence = 0
        self._pending = []  # [sequence, kind of the answer, kind of the request, milliseconds left]

    # --- requests ---------------------------------------------------------------------------

    def control(self, fields):
        """(sequence, message) that sets these fields. fields: (field id, format, counts) triples.

        Counts are not checked against the rows here: a bench must be able to send what is wrong.
        Raises EncodeError when they do not fit their format or are too many.
        """
        if len(fields) > MAX_FIELDS:
            raise EncodeError("too_many_fields", MAX_FIELDS)
        body = bytearray((len(fields),))
        for field, fmt, counts in fields:
            size = wire.size_of(fmt)
            low = -(1 << 8 * size - 1) if fmt[-1] == "h" else 0
            if not low <= counts < low + (1 << 8 * size):
                raise EncodeError("out_of_range", field)
            at = len(body)
            body.extend(bytes((field, size)) + bytes(size))
            wire.write(fmt, body, at + 2, counts)
        return self._request(messages.CONTROL, body)

    def status_query(self):
        """(sequence, message) that asks for the status."""
        return self._request(messages.STATUS_QUERY, b"")

    def version_query(self):
        """(sequence, message) that asks for the versions."""
        return self._request(messages.VERSION_QUERY, b"")

    def answer_version(self, sequence, values):
        """The message that answers a device's version query. values: dict by VERSION_BODY."""
        return self._message(messages.VERSION_RESPONSE, sequence, wire.pack(messages.VERSION_BODY, values))

    def _request(self, kind, body):
        if len(self._pending) >= MAX_PENDING:
            raise StateError("too_many_pending", MAX_PENDING)
        self._sequence = self._sequence % 0xFFFF + 1
        self._pending.append([self._sequence, kind | 0x80, kind, self.timeout_ms])
        return self._sequence, self._message(kind, self._sequence, body)

    def _message(self, kind, sequence, body):
        out = bytearray(message.HEADER_SIZE + len(body))
        at = message.write_header(out, 0, kind, sequence, self.device_id, len(body))
        out[at:] = body
        return bytes(out)

    # --- what comes in ----------------------------------------------------------------------

    def receive(self, buf, at, end):
        """The event in one RUMP message, or None when it was dropped (and counted)."""
        wrong = message.check_header(buf, at, end)
        if wrong:
            return self._drop(wrong)
        kind = buf[at + 1]
        sequence = message.sequence_of(buf, at)
        if not message.is_for(buf, at, self.device_id) and self.device_id != message.NO_DEVICE:
            return self._drop("another_device")
        try:
            return self._event(kind, sequence, buf, at + message.HEADER_SIZE, end)
        except DecodeError as error:
            return self._drop(error.code)

    def _event(self, kind, sequence, buf, at, end):
        if kind == messages.STATUS:
            self.last_push = sequence
            return STATUS, sequence, self._layouts.unpack(buf, at, end)
        if kind == messages.ALARM:
            self.last_push = sequence
            return ALARM, sequence, message.unpack_body(messages.ALARM_BODY, buf, at, end)
        if kind == messages.VERSION_QUERY:
            return VERSION_QUERY, sequence, None
        if not kind & 0x80:
            return self._drop("unknown_message")
        for i, waiting in enumerate(self._pending):
            if waiting[0] == sequence and waiting[1] == kind:
                if kind == messages.VERSION_RESPONSE:
                    values = message.unpack_body(messages.VERSION_BODY, buf, at, end)
                else:
                    values = self._layouts.unpack(buf, at, end)
                self._pending.pop(i)
                return ANSWER, sequence, values
        return self._drop("not_asked")

    def _drop(self, token):
        self.dropped += 1
        self.drop_reason = token
        return None

    # --- time and loss ----------------------------------------------------------------------

    def elapsed(self, ms):
        """Let ms pass; the list of UNANSWERED events of requests that got no answer in time."""
        late = []
        for waiting in self._pending:
            waiting[3] -= ms
            if waiting[3] <= 0:
                late.append(waiting)
        for waiting in late:
            self._pending.remove(waiting)
        return [(UNANSWERED, waiting[0], waiting[2]) for waiting in late]

    def forget(self, sequence):
        """Wait no longer for the answer to this request; a late one will be dropped."""
        self._pending = [waiting for waiting in self._pending if waiting[0] != sequence]

    def closed(self):
        """The link died; the list of UNANSWERED events of all that was pending."""
        late, self._pending = self._pending, []
        return [(UNANSWERED, waiting[0], waiting[2]) for waiting in late]

    def due_ms(self):
        """Milliseconds until elapsed() has something to say, None when nothing is pending."""
        return min([waiting[3] for waiting in self._pending]) if self._pending else None
