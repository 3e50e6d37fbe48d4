"""The device that somebody writes by hand: one appliance, `struct`, no tables. Two ways to read a control.

They have the duties of the real one: version, receiver, length, field, size, range and step are checked,
all or nothing, a repeated control is answered and not executed, the answer names the field and the reason,
and a change that is to be pushed is noticed.
"""

import struct

DEVICE_ID = b"\x00\x01\x00\x00\x00\x00rumpus"
HEADER = ">BBH12sH"
HEADER_SIZE = 18
FINE = (0, 0, 0)  # result, field, reason


class ByHand:
    """What both hand-written devices keep: the status as a list, and the outcomes of the last controls."""

    def __init__(self, device):
        self.response = device.response
        self.length = len(device.body.bytes)
        self.shape = device.body.head[3]
        self.values = list(device.body.values)
        self.out = device.out
        self.recent = [-1] * 8
        self.outcomes = [None] * 8
        self.turn = 0
        self.changed = False
        self.pushed = ["n" in row[3] for row in device.body.rows]

    def put(self, place, value):
        if self.values[place] != value:
            self.values[place] = value
            if self.pushed[place]:
                self.changed = True

    def answer(self, sequence, outcome):
        result, field, reason = outcome
        struct.pack_into(
            self.response, self.out, 0,
            1, 0x81, sequence, DEVICE_ID, self.length, result, field, reason, self.shape, *self.values
        )  # fmt: skip

    def remember(self, sequence, outcome):
        self.recent[self.turn] = sequence
        self.outcomes[self.turn] = outcome
        self.turn = (self.turn + 1) % 8


class StructDevice(ByHand):
    """The request's layout known in advance, as if every request set the same fields."""

    def __init__(self, device, fields, shape, size):
        ByHand.__init__(self, device)
        self.request = HEADER + shape
        self.size = size - HEADER_SIZE
        self.rules = []  # place in the request, low, high, step, place in the status, id
        ids = [row[0] for row in device.body.rows]
        for i in range(len(fields)):
            place = ids.index(fields[i][0])
            row = device.body.rows[place]
            self.rules.append((8 + 3 * i, row[4], row[5], row[6], place, row[0]))

    def handle(self, buf):
        got = struct.unpack_from(self.request, buf, 0)
        if got[0] != 1 or got[1] != 1 or got[3] != DEVICE_ID or got[4] != self.size:
            return
        sequence = got[2]
        if sequence in self.recent:
            return self.answer(sequence, self.outcomes[self.recent.index(sequence)])
        outcome = self.check(got)
        if outcome is FINE:
            for at, _low, _high, _step, place, _field in self.rules:
                self.put(place, got[at])
        self.answer(sequence, outcome)
        self.remember(sequence, outcome)

    def check(self, got):
        for at, low, high, step, _place, field in self.rules:
            value = got[at]
            if not low <= value <= high:
                return (3, field, 5 if value < low else 6)
            if (value - low) % step:
                return (3, field, 7)
        return FINE


class TlvDevice(ByHand):
    """Field by field, the rules in a dict by field number."""

    def __init__(self, device):
        ByHand.__init__(self, device)
        self.rules = {}
        for place in range(len(device.body.rows)):
            number, _name, fmt, access, low, high, step = device.body.rows[place][:7]
            is_open = "w" in access
            self.rules[number] = (fmt, struct.calcsize(fmt), is_open, low, high, step, place)

    def handle(self, buf, end):
        version, kind, sequence, to, size = struct.unpack_from(HEADER, buf, 0)
        if version != 1 or kind != 1 or to != DEVICE_ID or size != end - HEADER_SIZE:
            return
        if sequence in self.recent:
            return self.answer(sequence, self.outcomes[self.recent.index(sequence)])
        new = {}
        outcome = self.take(buf, HEADER_SIZE, end, new)
        if outcome is FINE:
            for place, value in new.items():
                self.put(place, value)
        self.answer(sequence, outcome)
        self.remember(sequence, outcome)

    def take(self, buf, at, end, new):
        """Read and check the fields at buf[at:end] into new; return the outcome."""
        rules = self.rules
        times = buf[at]
        at += 1
        for _ in range(times):
            if at + 2 > end:
                return (8, 0, 9)
            number, size = struct.unpack_from("BB", buf, at)
            if at + 2 + size > end:
                return (8, 0, 9)
            rule = rules.get(number)
            if rule is None:
                return (2, number, 1)
            fmt, wanted, is_open, low, high, step, place = rule
            if size != wanted:
                return (8, number, 4)
            if not is_open:
                return (5, number, 3)
            if place in new:
                return (8, number, 8)
            value = struct.unpack_from(fmt, buf, at + 2)[0]
            if not low <= value <= high:
                return (3, number, 5 if value < low else 6)
            if (value - low) % step:
                return (3, number, 7)
            new[place] = value
            at += 2 + size
        return FINE if at == end else (8, 0, 23)
