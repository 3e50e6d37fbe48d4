"""A controller and a device over a line that drops, doubles, delays and damages, from a seed."""

import unittest

from protocol_helpers import DEVICE_ID, Numbers, field, fill, make_device

from rumpus.link import HEAD
from rumpus.ra import hello
from rumpus.rump.alarms import AlarmLog, sequence_of
from rumpus.rump.controller import ALARM, ANSWER, STATUS, UNANSWERED, Controller
from rumpus.rump.device import REPEATED, Peer
from rumpus.rump.tables import messages, water_heater
from rumpus.rump.tables.timing import REMEMBERED_CONTROLS
from rumpus.serial_link import SerialLink

LIMIT = field(water_heater, "heating_power_limit")
TURN_MS = 100
# A control is sent every second turn at most, so a frame this late meets fewer newer controls than
# the device remembers.
LONGEST_DELAY = 2 * (REMEMBERED_CONTROLS - 2)


class Line:
    """One direction. Frames come out as bytes of a stream, at their turn, in an order that chance makes."""

    def __init__(self, numbers, percent):
        self.numbers = numbers
        self.percent = percent  # of each: dropped, doubled, delayed, damaged
        self.under_way = []  # [turns left, frame]

    def chance(self):
        return self.numbers.below(100) < self.percent

    def put(self, frame):
        for _ in range(2 if self.chance() else 1):
            if self.chance():
                continue
            raw = bytearray(frame)
            if self.chance():
                for _ in range(self.numbers.between(1, 4)):
                    raw[self.numbers.below(len(raw))] = self.numbers.below(256)
            delay = self.numbers.below(LONGEST_DELAY) if self.chance() else 0
            self.under_way.append([delay, bytes(raw)])

    def take(self):
        """The bytes that arrive now."""
        now = [item for item in self.under_way if item[0] <= 0]
        self.under_way = [[item[0] - 1, item[1]] for item in self.under_way if item[0] > 0]
        return b"".join([item[1] for item in now])


class End:
    """A serial link and the lines it reads from and writes to."""

    def __init__(self, reads, writes):
        self.link = SerialLink(320)
        self.reads = reads
        self.writes = writes
        self.out = bytearray(400)

    def send(self, packet):
        self.out[HEAD : HEAD + len(packet)] = packet
        start = self.link.frame(self.out, HEAD, HEAD + len(packet))
        self.writes.put(bytes(self.out[start : self.link.out_end]))

    def packets(self):
        data = self.reads.take()
        at = 0
        while at < len(data):
            view = self.link.free()
            n = min(len(view), len(data) - at)
            view[:n] = data[at : at + n]
            at += n
            self.link.received(n)
            while self.link.next_packet():
                yield bytes(self.link.buf[self.link.at : self.link.end])


class World:
    """Both sessions; counts what was executed and what was said about it."""

    def __init__(self, seed, percent):
        self.numbers = numbers = Numbers(seed)
        self.up, self.down = Line(numbers, percent), Line(numbers, percent)
        self.near, self.far = End(self.down, self.up), End(self.up, self.down)
        self.controller = Controller(water_heater, DEVICE_ID, 10 * TURN_MS)
        self.device = make_device()
        fill(self.device.state, {"heating_power_limit": 500})
        self.log = AlarmLog(1)
        self.peer = Peer()
        self.peer.begin(0)
        self.asked = {}  # counts by sequence of the control
        self.executed = []  # sequences
        self.answered = {}  # result by sequence
        self.unanswered = []
        self.told = {}  # alarm bodies by event
        self.known = 0  # newest event before which none is missing

    # --- the device ------------------------------------------------------------------------------

    def run_device(self):
        out = bytearray(400)
        for packet in self.far.packets():
            event = self.device.receive(self.peer, packet, 0, len(packet))
            if event == messages.CONTROL:
                self.carry_out(packet)
            if event == messages.CONTROL or event == REPEATED:
                self.far.send(out[: self.device.answer_control(self.peer, out, 0)])
            elif event == messages.STATUS_QUERY:
                self.far.send(out[: self.device.answer_status(out, 0)])
        if self.numbers.below(4) == 0:
            self.log.update(self.log.active ^ 1 << self.numbers.below(10), 0, 0, None, None)
        self.push()

    def carry_out(self, packet):
        control = self.device.control
        if not control.reason:
            self.executed.append(packet[2] << 8 | packet[3])
            self.device.state[LIMIT[0]] = control.get(LIMIT[0], None)

    def push(self):
        out = bytearray(400)
        record = self.log.after(self.peer.told)
        while record is not None:
            self.far.send(out[: self.device.write_alarm(self.peer, record, out, 0)])
            self.peer.told = sequence_of(record)
            record = self.log.after(self.peer.told)
        if self.numbers.below(8) == 0:
            self.far.send(out[: self.device.write_status(self.peer, out, 0)])

    # --- the controller --------------------------------------------------------------------------

    def run_controller(self, is_asking):
        if is_asking:
            counts = 500 + 100 * self.numbers.below(46) + (0 if self.numbers.below(5) else 1)
            sequence, packet = self.controller.control([(LIMIT[0], LIMIT[2], counts)])
            self.asked[sequence] = counts
            self.near.send(packet)
        for packet in self.near.packets():
            event = self.controller.receive(packet, 0, len(packet))
            if event:
                self.take(event)
        self.miss(self.controller.elapsed(TURN_MS))

    def take(self, event):
        kind, sequence, values = event
        if kind == ANSWER and sequence in self.asked:
            assert sequence not in self.answered and sequence not in self.unanswered
            self.answered[sequence] = values.result
        elif kind == ALARM:
            self.told[values["sequence"]] = values["active"]
            while self.known + 1 in self.told:
                self.known += 1
        else:
            assert kind in (STATUS, ANSWER)

    def miss(self, events):
        for kind, sequence, request in events:
            assert kind == UNANSWERED and sequence not in self.answered and sequence not in self.unanswered
            if request == messages.CONTROL:
                self.unanswered.append(sequence)

    # --- the link dies, and a good one comes -------------------------------------------------------

    def reconnect(self):
        """What was under way is gone; the controller says what it knows."""
        self.miss(self.controller.closed())
        for end in (self.near, self.far):
            end.link.reset()
            end.reads.under_way = []
        raw = hello.pack_controller_hello(self.known, "test")
        _kind, values = hello.unpack(raw, 0, len(raw))
        self.peer.begin(values["last_event"])

    def turns(self, n, ask=True):
        for i in range(n):
            self.run_controller(ask and i % 2 == 0)
            self.run_device()


class LossyTest(unittest.TestCase):
    def play(self, seed, percent, kills):
        world = World(seed, percent)
        for _ in range(kills + 1):
            world.turns(160 // (kills + 1))
            if kills:
                world.reconnect()
        world.turns(30, ask=False)
        world.up.percent = world.down.percent = 0
        world.reconnect()
        world.turns(3, ask=False)
        world.run_controller(False)
        return world

    def check(self, world):
        # Every control has exactly one outcome, and none was executed twice.
        self.assertEqual(len(world.answered) + len(world.unanswered), len(world.asked))
        for sequence in world.asked:
            self.assertEqual((sequence in world.answered) + world.unanswered.count(sequence), 1)
            self.assertTrue(world.executed.count(sequence) <= 1, sequence)
        # What was reported as done was done, what was reported as refused was not.
        for sequence, result in world.answered.items():
            is_good = world.asked[sequence] % 100 == 0
            self.assertEqual(result == 0, is_good)
            self.assertEqual(world.executed.count(sequence), 1 if is_good else 0)
        # The status shows what was executed last.
        if world.executed:
            self.assertEqual(world.device.state[LIMIT[0]], world.asked[world.executed[-1]])

    def check_alarms(self, world):
        # Once the line is good again, every edge that is kept was told, however short it was.
        oldest = world.log.oldest()
        for sequence in range(oldest, world.log.sequence + 1):
            self.assertTrue(sequence in world.told, sequence)

    def test_good_line_answers_everything(self):
        world = self.play(1, 0, 0)
        self.check(world)
        self.assertEqual((len(world.unanswered), world.near.link.damaged, world.far.link.damaged), (0, 0, 0))
        self.assertEqual(world.known, world.log.sequence)

    def test_no_control_is_executed_twice_and_none_is_success_without_an_answer(self):
        answered = unanswered = damaged = 0
        for seed in range(12):
            for percent in (5, 20, 40):
                world = self.play(100 * seed + percent, percent, 0)
                self.check(world)
                answered += len(world.answered)
                unanswered += len(world.unanswered)
                damaged += world.near.link.damaged + world.far.link.damaged
        # The line did what it is for.
        self.assertTrue(
            answered > 500 and unanswered > 500 and damaged > 500, (answered, unanswered, damaged)
        )

    def test_dying_links_change_nothing_of_that_and_no_edge_is_lost(self):
        for seed in range(10):
            world = self.play(7000 + seed, 15, 16)
            self.check(world)
            self.check_alarms(world)
            self.assertEqual(world.known, world.log.sequence)
