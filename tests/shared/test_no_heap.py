"""The promise that serving a controller allocates nothing: heap locked from receiving to answering.

Bytes come from a controller's session, through a carrier that does not allocate either, into a real
Conversation over both stream links. CPython only checks the answers; the locked heap is MicroPython's.
"""

import unittest

from protocol_helpers import DEVICE_ID, VERSIONS, heap_lock, heap_unlock

from rumpus.conversation import Conversation
from rumpus.link import HEAD, RUMP, StreamLink
from rumpus.rump.alarms import AlarmLog
from rumpus.rump.controller import ANSWER, STATUS, Controller
from rumpus.rump.device import ControlledDevice
from rumpus.rump.state import State
from rumpus.rump.tables import water_heater
from rumpus.rump.tables.timing import HEARTBEAT_MS
from rumpus.serial_link import SerialLink

_POWER, _TARGET, _LIMIT = 0x10, 0x11, 0x14


class Carrier:
    """Gives the bytes of `incoming`, keeps what is sent in `sent`; copies byte by byte."""

    def __init__(self):
        self.ready = True
        self.incoming = b""
        self.sent = bytearray(400)
        self.n = 0

    def recv_into(self, view):
        n = len(self.incoming)
        for i in range(n):
            view[i] = self.incoming[i]
        return n

    def send(self, buf, at, end):
        self.n = end - at
        for i in range(self.n):
            self.sent[i] = buf[at + i]
        return self.n


class StubApp:
    """What a Conversation needs of the app; a control is carried out as an appliance would."""

    def answered(self):
        """A host asked and is answered."""

    def __init__(self):
        state = State(water_heater, DEVICE_ID)
        self.device = ControlledDevice(state, VERSIONS)
        self.log = AlarmLog(1)
        self.out = bytearray(400)

    def control(self, control):
        if not control.reason:
            for i in range(control.count):
                self.device.state[control.fields[i]] = control.values[i]


class Serving:
    """A controller and a device; the heap is locked while the device serves, once it is warm.

    Warm: a packet of each length was seen, for that is when a serial link makes the view that it keeps.
    """

    is_warm = False

    def __init__(self, make_link):
        self.app = StubApp()
        self.carrier = Carrier()
        self.conversation = Conversation(self.carrier, make_link(320), 0)
        self.controller = Controller(water_heater, DEVICE_ID)
        self._theirs = make_link(400)

    def exchange(self, message):
        """Serve one message; the event that the device's answer is."""
        out = bytearray(400)
        out[HEAD] = RUMP
        end = HEAD + 1 + len(message)
        out[HEAD + 1 : end] = message
        start = self._theirs.frame(out, HEAD, end)
        self.carrier.incoming = bytes(out[start : self._theirs.out_end])
        self.carrier.ready = True
        self.carrier.n = 0
        if not self.is_warm:
            self.conversation.serve(self.app)
            return self.answer()
        heap_lock()
        try:
            self.conversation.serve(self.app)
        finally:
            heap_unlock()
        return self.answer()

    def push(self, elapsed_ms):
        self.carrier.n = 0
        heap_lock()
        try:
            self.conversation.push(self.app, elapsed_ms)
        finally:
            heap_unlock()
        return self.answer()

    def answer(self):
        """The event in what was sent last, None when nothing was."""
        link, n = self._theirs, self.carrier.n
        view = link.free()
        view[:n] = self.carrier.sent[:n]
        link.received(n)
        return self.controller.receive(link.buf, link.at + 1, link.end) if link.next_packet() else None


class NoHeap(unittest.TestCase):
    def serve_all(self, make_link):
        """A query, controls of every outcome and pushes, three times; the first time to warm up."""
        serving = Serving(make_link)
        controls = (
            ((_POWER, ">B", 1),),
            ((_POWER, ">B", 0), (_TARGET, ">h", 550), (_LIMIT, ">H", 2000)),
            ((_TARGET, ">h", 9990),),
            ((0xEE, ">B", 1),),
            ((_POWER, ">B", 1), (_POWER, ">B", 1)),
            ((_POWER, ">H", 1),),
        )
        for _ in range(3):
            sequence, message = serving.controller.status_query()
            self.assert_answer(serving.exchange(message), sequence, 0)
            for fields, result in zip(controls, (0, 0, 3, 2, 8, 8)):
                sequence, message = serving.controller.control(fields)
                self.assert_answer(serving.exchange(message), sequence, result)
            serving.is_warm = True
            self.assertEqual(serving.push(HEARTBEAT_MS)[0], STATUS)
            self.assertIsNone(serving.push(0))

    def assert_answer(self, event, sequence, result):
        self.assertEqual(event[:2], (ANSWER, sequence))
        self.assertEqual(event[2].result, result)

    def test_stream_link(self):
        self.serve_all(StreamLink)

    def test_serial_link(self):
        self.serve_all(SerialLink)

    def test_a_repeated_control(self):
        serving = Serving(StreamLink)
        serving.is_warm = True
        sequence, message = serving.controller.control(((_POWER, ">B", 1),))
        self.assert_answer(serving.exchange(message), sequence, 0)
        self.assertIsNone(serving.exchange(message))  # answered again, but nothing waits for it any more
        self.assertTrue(serving.carrier.n > 0)

    def test_rubbish(self):
        serving = Serving(StreamLink)
        serving.is_warm = True
        for message in (b"\1", b"\1\2" + bytes(15), bytes(18), b"\1\x55" + bytes(16)):
            self.assertIsNone(serving.exchange(message))
        self.assertEqual(serving.app.device.dropped, 4)
