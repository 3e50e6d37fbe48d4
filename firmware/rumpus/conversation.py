"""One controller at the other end of one carrier: packets in, answers, and what it is owed.

Nothing is queued. What a controller is owed follows from three facts: the status changed since it
was told, the newest alarm event it was told, and the time since the last push. So a slow reader
costs no memory, and a replay of missed alarms is only an older "told".
"""

from .connection import Connection
from .errors import DecodeError
from .link import CHANNELS, HEAD, RA, RMDP, RUMP, SEALED
from .ra import hello
from .ra.tables.messages import CONTROLLER_HELLO, LOCAL_RESET, ONLY_NEW, RESET_DONE, RESET_NOT_LOCAL
from .rump.alarms import sequence_of
from .rump.device import NOTHING, REPEATED, Peer
from .rump.tables.messages import CONTROL, STATUS_QUERY, VERSION_QUERY
from .rump.tables.timing import HEARTBEAT_MS, PUSH_INTERVAL_MS
from .wiring import load

# A packet starts here in the shared output buffer: room for the framing, the channel byte.
_BODY = HEAD + 1


class Conversation(Connection):
    """Taking in and answering allocates nothing for RUMP, a version query excepted. told: newest alarm event
    that the controller knows."""

    def __init__(self, carrier, link, told):
        super().__init__(carrier, link)
        self.peer = Peer()
        self.peer.begin(told)
        self.owed_status = False
        self._owner = None  # whoever has proved to know the key
        self._since_push_ms = HEARTBEAT_MS

    # What MicroPython keeps off the heap is a call with at most eleven names and intermediate values, so
    # the functions that every message passes have few of them.

    def _take(self, app, link):
        """The packet that lies in the link."""
        channel = link.buf[link.at]
        if channel == RUMP:
            self._take_rump(app, link)
        elif channel == RA:
            self._take_ra(app, link.buf, link.at + 1, link.end)
        elif channel == RMDP and app.management is not None:
            app.management.receive(app, self, link.buf, link.at + 1, link.end)
        elif channel == SEALED:
            self._take_sealed(app, bytes(memoryview(link.buf)[link.at + 1 : link.end]))
        else:
            app.device.dropped += 1
            app.device.drop_reason = "channel" if channel >= len(CHANNELS) else CHANNELS[channel]

    def _take_rump(self, app, link):
        event = app.device.receive(self.peer, link.buf, link.at + 1, link.end)
        if event == STATUS_QUERY:
            end = app.device.answer_status(app.out, _BODY)
            self.send(app, RUMP, end)
        elif event == CONTROL:
            app.control(app.device.control)
            self._answer_control(app)
        elif event == REPEATED:
            self._answer_control(app)
        elif event == VERSION_QUERY:
            end = app.device.answer_version(app.out, _BODY)
            self.send(app, RUMP, end)
        elif event != NOTHING:
            app.controller_version = self.peer.version
        if event != NOTHING:
            app.answered()

    def _answer_control(self, app):
        end = app.device.answer_control(self.peer, app.out, _BODY)
        self.send(app, RUMP, end)

    def _take_ra(self, app, buf, at, end):
        try:
            kind, values = hello.unpack(buf, at, end)
        except DecodeError as error:
            app.device.dropped += 1
            app.device.drop_reason = error.code
            return
        if kind == CONTROLLER_HELLO:
            self._take_hello(app, values)
        elif kind == LOCAL_RESET:
            self._reset_latched(app)

    def _take_sealed(self, app, body):
        """Loads what it needs when such a packet first comes. Where memory is short the packet is dropped."""
        try:
            if self._owner is None:
                self._owner = load("rumpus.owner", ("Owner",)).Owner()
            self._owner.take(app, self, body)
        except DecodeError as error:
            app.device.dropped += 1
            app.device.drop_reason = error.code
        except MemoryError:
            app.device.dropped += 1
            app.device.drop_reason = "memory"

    def _take_hello(self, app, values):
        last = values["last_event"]
        self.peer.begin(app.log.sequence if last == ONLY_NEW else min(last, app.log.sequence))
        self.peer.heard = True
        self.say_hello(app, 1)

    def _reset_latched(self, app):
        """A latched fault is cleared by somebody at the device: over the cable, never over a network."""
        if self.link.is_local:
            app.reset_latched()
        result = RESET_DONE if self.link.is_local else RESET_NOT_LOCAL
        self.send_body(app, RA, hello.pack_local_reset_answer(result, app.interlocks.latched))

    def say_hello(self, app, answers=0):
        """Send the device's hello. answers: 1 when it answers a controller's."""
        self.send_body(app, RA, app.hello(answers))

    def send_body(self, app, channel, body):
        """Send a packet that was built apart; it is shorter than app.out."""
        end = _BODY + len(body)
        app.out[_BODY:end] = body
        self.send(app, channel, end)

    def ask_version(self, app):
        """Ask the controller for its version; the answer ends in app.controller_version."""
        self.send(app, RUMP, app.device.ask_version(self.peer, app.out, _BODY))

    def push(self, app, elapsed_ms):
        """Send what the controller is owed and the carrier takes: alarms first, then the status."""
        self.pass_time(elapsed_ms)
        self._since_push_ms += elapsed_ms
        if self.closed or not self.peer.heard or not self.is_free():
            return
        while self._backlog is None and self.peer.told < app.log.sequence:
            self._push_alarm(app)
        due = PUSH_INTERVAL_MS if self.owed_status else HEARTBEAT_MS
        if self._backlog is None and self._since_push_ms >= due:
            self._push_status(app)

    def _push_alarm(self, app):
        record = app.log.after(self.peer.told)
        if record is None:
            self.peer.told = app.log.sequence
        else:
            end = app.device.write_alarm(self.peer, record, app.out, _BODY)
            self.send(app, RUMP, end)
            self.peer.told = sequence_of(record)

    def _push_status(self, app):
        self.owed_status = False
        self._since_push_ms = 0
        end = app.device.write_status(self.peer, app.out, _BODY)
        self.send(app, RUMP, end)

    def due_ms(self):
        """Milliseconds until push() may have something to do."""
        due = PUSH_INTERVAL_MS if self.owed_status else HEARTBEAT_MS
        return max(0, due - self._since_push_ms)
