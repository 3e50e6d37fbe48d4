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
from .tables.frame import HEADER_SIZE, MAX_BODY, VERSION
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
_LONGEST = HEADER_SIZE + MAX_BODY


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
        known = self._sequences
        return 3 * known.index(sequence) if sequence in known else -1

    def remember(self, sequence, control):
        """Remember the outcome of a control; return the offset that outcome_of() will tell."""
        i = self._turn
        self._turn = (i + 1) % REMEMBERED_CONTROLS
        self._sequences[i] = sequence
        i *= 3
        self._outcomes[i] = control.result()
        self._outcomes[i + 1] = control.field
        self._outcomes[i + 2] = control.reason
        return i

    def recall(self, i, out, at):
        """Write a remembered outcome at out[at:]."""
        out[at] = self._outcomes[i]
        out[at + 1] = self._outcomes[i + 1]
        out[at + 2] = self._outcomes[i + 2]


class ControlledDevice:
    """versions: (firmware, hardware, vendor, model), texts."""

    def __init__(self, state, versions):
        self.state = state
        self.versions = versions
        self.control = Control(len(state.row_of))
        self.dropped = 0  # packets that were no RUMP message for us
        self.drop_reason = None  # token for the last of them
        self._sequence = 0  # of the request being answered
        self._repeated_at = 0

    def receive(self, peer, buf, at, end):
        """Take in buf[at:end]; return CONTROL, STATUS_QUERY, VERSION_QUERY, VERSION_RESPONSE,
        REPEATED (answer_control() answers it again) or NOTHING."""
        # All of check_header() in one condition for what is good; few names, so that they stay off the heap.
        if (
            not HEADER_SIZE <= end - at <= _LONGEST
            or buf[at] != VERSION
            or (buf[at + 16] << 8 | buf[at + 17]) != end - at - HEADER_SIZE
        ):
            return self._drop_damaged(buf, at, end)
        self._sequence = buf[at + 2] << 8 | buf[at + 3]
        if buf[at + 1] == CONTROL:
            return self._receive_control(peer, buf, at, end)
        if not message.is_for(buf, at, self.state.device_id):
            return self._drop("not_for_this_device")
        if buf[at + 1] == VERSION_RESPONSE:
            return self._receive_version(peer, buf, at + HEADER_SIZE, end)
        if buf[at + 1] != STATUS_QUERY and buf[at + 1] != VERSION_QUERY:
            return self._drop("unknown_message")
        if at + HEADER_SIZE != end:
            return self._drop("surplus_bytes")
        peer.heard = True
        return buf[at + 1]

    def _drop_damaged(self, buf, at, end):
        return self._drop(message.check_header(buf, at, end))

    def _receive_control(self, peer, buf, at, end):
        peer.heard = True
        self._repeated_at = peer.outcome_of(self._sequence)
        if self._repeated_at >= 0:
            return REPEATED
        if message.is_for(buf, at, self.state.device_id):
            self.control.read(self.state, buf, at + HEADER_SIZE, end)
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
        if self._repeated_at < 0:
            self._repeated_at = peer.remember(self._sequence, self.control)
        self.state.copy_to(out, at, RESPONSE, self._sequence)
        peer.recall(self._repeated_at, out, at + HEADER_SIZE)
        return at + self.state.size

    def answer_status(self, out, at):
        """Write the answer to a status query at out[at:]; return its end."""
        return self.state.copy_to(out, at, STATUS_QUERY_RESPONSE, self._sequence)

    def write_status(self, peer, out, at):
        """Write a status push at out[at:]; return its end."""
        return self.state.copy_to(out, at, STATUS, self._number(peer))

    def write_alarm(self, peer, record, out, at):
        """Write an alarm at out[at:]; record: the ALARM_BODY_SIZE bytes of the event. Return its end."""
        sequence = self._number(peer)
        at = message.write_header(out, at, ALARM, sequence, self.state.device_id, ALARM_BODY_SIZE)
        for i in range(ALARM_BODY_SIZE):
            out[at + i] = record[i]
        return at + ALARM_BODY_SIZE

    def _number(self, peer):
        """The sequence of the next push to this peer."""
        peer.push_sequence = peer.push_sequence + 1 & 0xFFFF
        return peer.push_sequence

    def answer_version(self, out, at):
        """Write the answer to a version query at out[at:]; return its end. Allocates the texts."""
        body = wire.pack(VERSION_BODY, self.version_values())
        return self._with_body(VERSION_RESPONSE, self._sequence, body, out, at)

    def ask_version(self, peer, out, at):
        """Write a version query to the controller at out[at:]; its answer comes as VERSION_RESPONSE."""
        return self._with_body(VERSION_QUERY, self._number(peer), b"", out, at)

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
