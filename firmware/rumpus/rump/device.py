"""RUMP for the controlled device: bytes in, an event out, answers written where told. Sans I/O.

    event = device.receive(peer, buf, at, end)
    if event == CONTROL:                   # device.control is read and checked against the rows
        ...                                # the appliance refuses or applies it
        end = device.answer_control(peer, out, at)
    elif event == STATUS_QUERY:
        end = device.answer_status(out, at)
    ...

All answers and pushes of one device are copies of its State. Knows no clock and no carrier.
Receiving, checking and answering allocate nothing.
"""

from .. import wire
from . import message
from .control import NOT_FOR_THIS_DEVICE, Control
from .tables.frame import HEADER_SIZE
from .tables.messages import (
    ALARM,
    ALARM_BODY_SIZE,
    CONTROL,
    RESPONSE,
    STATUS,
    STATUS_QUERY,
    STATUS_QUERY_RESPONSE,
    VERSION_BODY,
    VERSION_QUERY,
    VERSION_RESPONSE,
)
from .tables.timing import REMEMBERED_CONTROLS

# What receive() answers when there is nothing to do: dropped (and counted), or a repeated control.
NOTHING = 0
REPEATED = 0xFF


class Peer:
    """What the device keeps of one user/controller at the other end of a carrier."""

    def __init__(self):
        self.heard = False  # it has spoken; pushes go to those that have
        self.told = 0  # newest alarm event it was sent
        self.push_sequence = 0
        self.version = None  # its version answer, when it was asked
        self._sequences = [-1] * REMEMBERED_CONTROLS
        self._outcomes = bytearray(3 * REMEMBERED_CONTROLS)
        self._turn = 0

    def begin(self, told):
        """A new conversation: its sequences start again, alarm events after `told` are news to it."""
        self.heard = False
        self.told = told
        for i in range(REMEMBERED_CONTROLS):
            self._sequences[i] = -1

    def outcome_of(self, sequence):
        """Offset of the remembered outcome of a control, or -1."""
        for i in range(REMEMBERED_CONTROLS):
            if self._sequences[i] == sequence:
                return 3 * i
        return -1

    def remember(self, sequence, result, field, reason):
        i = self._turn
        self._turn = (i + 1) % REMEMBERED_CONTROLS
        self._sequences[i] = sequence
        self._outcomes[3 * i] = result
        self._outcomes[3 * i + 1] = field
        self._outcomes[3 * i + 2] = reason


class ControlledDevice:
    """versions: (firmware, hardware, vendor, model), texts."""

    def __init__(self, state, versions):
        self.state = state
        self.versions = versions
        self.control = Control()
        self.dropped = 0  # packets that were no RUMP message for us
        self.drop_reason = None  # token for the last of them
        self._sequence = 0  # of the request being answered
        self._repeated_at = 0

    def receive(self, peer, buf, at, end):
        """Take in buf[at:end]; return CONTROL, STATUS_QUERY, VERSION_QUERY, VERSION_RESPONSE,
        REPEATED (answer_control() answers it again) or NOTHING."""
        wrong = message.check_header(buf, at, end)
        if wrong is not None:
            return self._drop(wrong)
        kind = buf[at + 1]
        mine = message.is_for(buf, at, self.state.device_id)
        if kind != CONTROL and not mine:
            return self._drop("not_for_this_device")
        self._sequence = buf[at + 2] << 8 | buf[at + 3]
        if kind == CONTROL:
            return self._receive_control(peer, buf, at + HEADER_SIZE, end, mine)
        if kind == STATUS_QUERY or kind == VERSION_QUERY:
            if at + HEADER_SIZE != end:
                return self._drop("surplus_bytes")
            peer.heard = True
            return kind
        if kind == VERSION_RESPONSE:
            return self._receive_version(peer, buf, at + HEADER_SIZE, end)
        return self._drop("unknown_message")

    def _receive_control(self, peer, buf, at, end, mine):
        peer.heard = True
        self._repeated_at = peer.outcome_of(self._sequence)
        if self._repeated_at >= 0:
            return REPEATED
        if mine:
            self.control.read(self.state, buf, at, end)
        else:
            self.control.clear()
            self.control.refuse(0, NOT_FOR_THIS_DEVICE)
        return CONTROL

    def _receive_version(self, peer, buf, at, end):
        try:
            peer.version = message.unpack_body(VERSION_BODY, buf, at, end)
        except message.DecodeError as error:
            return self._drop(error.code)
        peer.heard = True
        return VERSION_RESPONSE

    def _drop(self, token):
        self.dropped += 1
        self.drop_reason = token
        return NOTHING

    def answer_control(self, peer, out, at):
        """Write the response to the control (or to its repeat) at out[at:]; return its end."""
        end = self._answer(RESPONSE, out, at)
        body = at + HEADER_SIZE
        if self._repeated_at >= 0:
            for i in range(3):
                out[body + i] = peer._outcomes[self._repeated_at + i]
        else:
            control = self.control
            out[body] = control.result()
            out[body + 1] = control.field
            out[body + 2] = control.reason
            peer.remember(self._sequence, out[body], control.field, control.reason)
        return end

    def answer_status(self, out, at):
        """Write the answer to a status query at out[at:]; return its end."""
        return self._answer(STATUS_QUERY_RESPONSE, out, at)

    def _answer(self, kind, out, at):
        end = self.state.copy_to(out, at)
        out[at + 1] = kind
        out[at + 2] = self._sequence >> 8
        out[at + 3] = self._sequence & 0xFF
        return end

    def write_status(self, peer, out, at):
        """Write a status push at out[at:]; return its end."""
        end = self.state.copy_to(out, at)
        out[at + 1] = STATUS
        self._number(peer, out, at)
        return end

    def write_alarm(self, peer, record, out, at):
        """Write an alarm at out[at:]; record: the ALARM_BODY_SIZE bytes of the event. Return its end."""
        end = message.write_header(out, at, ALARM, 0, self.state.device_id, ALARM_BODY_SIZE)
        self._number(peer, out, at)
        for i in range(ALARM_BODY_SIZE):
            out[end + i] = record[i]
        return end + ALARM_BODY_SIZE

    def _number(self, peer, out, at):
        peer.push_sequence = peer.push_sequence + 1 & 0xFFFF
        out[at + 2] = peer.push_sequence >> 8
        out[at + 3] = peer.push_sequence & 0xFF

    def answer_version(self, out, at):
        """Write the answer to a version query at out[at:]; return its end. Allocates the texts."""
        body = wire.pack(VERSION_BODY, self.version_values())
        return self._with_body(VERSION_RESPONSE, self._sequence, body, out, at)

    def ask_version(self, peer, out, at):
        """Write a version query to the controller at out[at:]; its answer comes as VERSION_RESPONSE."""
        self._number(peer, out, at)
        return self._with_body(VERSION_QUERY, peer.push_sequence, b"", out, at)

    def version_values(self):
        """The version body as a dict of texts."""
        firmware, hardware, vendor, model = self.versions
        protocol = "%s.%d" % (self.state.table.NAME, self.state.table.REVISION)
        return {
            "protocol": protocol,
            "firmware": firmware,
            "hardware": hardware,
            "vendor": vendor,
            "model": model,
        }

    def _with_body(self, kind, sequence, body, out, at):
        at = message.write_header(out, at, kind, sequence, self.state.device_id, len(body))
        for i in range(len(body)):
            out[at + i] = body[i]
        return at + len(body)

