"""The codec's contestants on the interpreter that runs this file: Rumpus, `struct` by hand, TLV by hand, json.

    main(rounds, slice_us)      prints one line of JSON; `rumpus` and `race` must be importable

All of a group do the same job on the same bytes (json: on the same values). "By hand" is what somebody
writes who has one appliance and no tables: the layout known in advance, the rules in a list or a dict.
"""

# ruff: noqa: B905 (MicroPython has no strict zip)

import json
import struct

from by_hand import DEVICE_ID, HEADER, HEADER_SIZE, StructDevice, TlvDevice
from race import race

TYPES = ("water_heater", "air_conditioner", "refrigerator", "microwave_oven")
# A thermostat's usual request, and one that sets all that this status body has room for.
FEW = ("power", "target_temperature", "mode")
MANY = 20


def load(path, name):
    return __import__(path, None, None, (name,))


# --- the bodies -------------------------------------------------------------------------------------------


class Body:
    """A status body: the rows that are present, their values, the bytes."""

    def __init__(self, type_name, most=None):
        from rumpus.rump.layout import StatusLayouts

        self.table = load("rumpus.rump.tables." + type_name, "FIELDS")
        self.layouts = StatusLayouts(self.table)
        rows = self.layouts.rows
        present = [i for i in range(len(rows)) if "r" in rows[i][3]][:most]
        presence = bytearray((len(rows) + 7) // 8)
        for i in present:
            presence[i // 8] |= 1 << i % 8
        self.presence = bytes(presence)
        self.rows = [rows[i] for i in present]
        self.values = [row[4] + (row[5] - row[4]) // 2 // row[6] * row[6] for row in self.rows]
        self.layout = self.layouts.of(self.table.REVISION, self.presence)
        self.shape = self.layout.shape
        self.head = (0, 0, 0, bytes((self.table.REVISION, len(presence))) + self.presence)
        self.bytes = struct.pack(self.shape, *(self.head + tuple(self.values)))

    def names(self):
        return [row[1] for row in self.rows]

    def struct(self):
        """(pack, unpack_from) as somebody in a hurry writes them on this interpreter."""
        if hasattr(struct, "Struct"):
            made = struct.Struct(self.shape)
            return made.pack, made.unpack_from
        shape = self.shape
        return lambda *values: struct.pack(shape, *values), lambda buf, at: struct.unpack_from(shape, buf, at)


def status_decode(body):
    buf, end = body.bytes, len(body.bytes)
    unpack_from = body.struct()[1]
    unpack = body.layouts.unpack
    text = json.dumps(dict(zip(body.names(), body.values)))

    def by_struct(n):
        for _ in range(n):
            unpack_from(buf, 0)

    def by_rumpus(n):
        for _ in range(n):
            unpack(buf, 0, end)

    def by_json(n):
        for _ in range(n):
            json.loads(text)

    return [("struct", by_struct), ("rumpus", by_rumpus), ("json", by_json)]


def status_encode(body):
    values = body.layouts.unpack(body.bytes, 0, len(body.bytes)).values
    pack = body.struct()[0]
    pack_checked = body.layout.pack
    named = dict(zip(body.names(), body.values))

    def by_struct(n):
        for _ in range(n):
            pack(*values)

    def by_rumpus(n):
        for _ in range(n):
            pack_checked(values)

    def by_json(n):
        for _ in range(n):
            json.dumps(named)

    return [("struct", by_struct), ("rumpus", by_rumpus), ("json", by_json)]


def status_both(body):
    buf, end = body.bytes, len(body.bytes)
    pack, unpack_from = body.struct()
    unpack = body.layouts.unpack
    text = json.dumps(dict(zip(body.names(), body.values)))

    def by_struct(n):
        for _ in range(n):
            pack(*unpack_from(buf, 0))

    def by_rumpus(n):
        for _ in range(n):
            status = unpack(buf, 0, end)
            status.layout.pack(status.values)

    def by_json(n):
        for _ in range(n):
            json.dumps(json.loads(text))

    return [("struct", by_struct), ("rumpus", by_rumpus), ("json", by_json)]


# --- the device -------------------------------------------------------------------------------------------


class Device:
    """A controlled device with a status, and what a hand-written one would keep instead."""

    def __init__(self):
        from rumpus.rump.device import ControlledDevice, Peer
        from rumpus.rump.state import State

        self.body = body = Body("water_heater")
        self.state = State(body.table, DEVICE_ID)
        for row, value in zip(body.rows, body.values):
            self.state[row[0]] = value
        self.device = ControlledDevice(self.state, ("1", "2", "3", "4"))
        self.peer = Peer()
        self.out = bytearray(300)
        self.response = HEADER + body.shape[1:]  # the whole answer in one format
        self.writable = [row for row in body.rows if "w" in row[3]]

    def fields(self, names):
        """(id, format, counts) of these fields; the values are those that the state has."""
        return [(row[0], row[2], self.state[row[0]]) for row in self.writable if row[1] in names]

    def query(self):
        return bytearray(struct.pack(HEADER, 1, 2, 0, DEVICE_ID, 0))


def control_message(fields):
    """(message, struct format of its body): a control of these fields."""
    shape = "B" + "".join(["BB" + fmt[1:] for _id, fmt, _counts in fields])
    values = [len(fields)]
    for number, fmt, counts in fields:
        values += [number, struct.calcsize(fmt), counts]
    body = struct.pack(">" + shape, *values)
    return bytearray(struct.pack(HEADER, 1, 1, 0, DEVICE_ID, len(body)) + body), shape


def query_path(device):
    """A status query comes in and the status goes out."""
    buf, out, values, head = device.query(), device.out, list(device.body.values), device.body.head
    end = len(buf)
    response, length = device.response, len(device.body.bytes)
    rump, peer = device.device, device.peer
    names = device.body.names()
    request = '{"version":1,"message":"status_query","sequence":7,"device":"rumpus"}'

    def by_struct(n):
        for i in range(n):
            buf[3] = i & 0xFF
            version, kind, sequence, to, size = struct.unpack_from(HEADER, buf, 0)
            if version == 1 and kind == 2 and to == DEVICE_ID and size == end - HEADER_SIZE:
                struct.pack_into(response, out, 0, 1, 0x82, sequence, to, length, *head, *values)

    def by_rumpus(n):
        for i in range(n):
            buf[3] = i & 0xFF
            if rump.receive(peer, buf, 0, end) == 2:
                rump.answer_status(out, 0)

    def by_json(n):
        for _ in range(n):
            asked = json.loads(request)
            if asked["version"] == 1 and asked["message"] == "status_query" and asked["device"] == "rumpus":
                answer = dict(zip(names, values))
                answer["sequence"] = asked["sequence"]
                json.dumps(answer).encode()

    return [("struct", by_struct), ("rumpus", by_rumpus), ("json", by_json)]


def control_path(device, fields):
    """A control comes in, is checked and carried out, and the response goes out."""
    buf, shape = control_message(fields)
    return [
        ("struct", _control_by_struct(device, fields, buf, shape)),
        ("rumpus", _control_by_rumpus(device, buf)),
        ("tlv", _control_by_tlv(device, buf)),
        ("json", _control_by_json(device, fields)),
    ]


def _control_by_struct(device, fields, buf, shape):
    by_hand = StructDevice(device, fields, shape, len(buf))

    def run(n):
        for i in range(n):
            buf[3] = i & 0xFF
            by_hand.handle(buf)

    return run


def _control_by_rumpus(device, buf):
    rump, peer, state, out, end = device.device, device.peer, device.state, device.out, len(buf)
    control = rump.control
    fields, values = control.fields, control.values

    def run(n):
        for i in range(n):
            buf[3] = i & 0xFF
            if rump.receive(peer, buf, 0, end) == 1 and not control.reason:
                for k in range(control.count):
                    state[fields[k]] = values[k]
            rump.answer_control(peer, out, 0)

    return run


def _control_by_tlv(device, buf):
    by_hand = TlvDevice(device)
    end = len(buf)

    def run(n):
        for i in range(n):
            buf[3] = i & 0xFF
            by_hand.handle(buf, end)

    return run


def _control_by_json(device, fields):
    names = device.body.names()
    state = dict(zip(names, device.body.values))
    rules = {row[1]: (row[3], row[4], row[5], row[6]) for row in device.body.rows}
    name_of = {row[0]: row[1] for row in device.body.rows}
    wanted = {name_of[number]: counts for number, _fmt, counts in fields}
    request = json.dumps(
        {"version": 1, "message": "control", "device": "rumpus", "sequence": 7, "set": wanted}
    )

    def is_legal(name, value):
        rule = rules.get(name)
        return (
            rule is not None
            and "w" in rule[0]
            and rule[1] <= value <= rule[2]
            and not (value - rule[1]) % rule[3]
        )

    def run(n):
        for _ in range(n):
            asked = json.loads(request)
            if asked["version"] != 1 or asked["message"] != "control" or asked["device"] != "rumpus":
                continue
            if all([is_legal(name, value) for name, value in asked["set"].items()]):
                state.update(asked["set"])
            json.dumps({"sequence": asked["sequence"], "result": 0, "status": state}).encode()

    return run


# --- the field list, both ways ----------------------------------------------------------------------------


def field_list(device, fields):
    """A control is encoded by the controller and decoded and checked by the device."""
    from rumpus.rump.controller import Controller

    buf, shape = control_message(fields)
    whole, end = HEADER + shape, len(buf)
    controller = Controller(device.body.table, DEVICE_ID)
    control, state = device.device.control, device.state
    ids = [row[0] for row in device.body.rows]
    rules = []
    for i in range(len(fields)):
        row = device.body.rows[ids.index(fields[i][0])]
        rules.append((8 + 3 * i, row[4], row[5], row[6]))
    got = struct.unpack_from(whole, buf, 0)

    def by_struct(n):
        for _ in range(n):
            data = struct.pack(whole, *got)
            struct.unpack_from(whole, data, 0)

    def by_struct_with_checks(n):
        for _ in range(n):
            data = struct.pack(whole, *got)
            for at, low, high, step in rules:
                if not low <= got[at] <= high or (got[at] - low) % step:
                    break
            found = struct.unpack_from(whole, data, 0)
            for at, low, high, step in rules:
                if not low <= found[at] <= high or (found[at] - low) % step:
                    break

    def by_rumpus(n):
        for _ in range(n):
            sequence, data = controller.control(fields)
            controller.forget(sequence)
            control.read(state, data, HEADER_SIZE, end)

    return [("struct", by_struct), ("struct_checked", by_struct_with_checks), ("rumpus", by_rumpus)]


# --- all --------------------------------------------------------------------------------------------------


def groups():
    """Yield (key, contestants) for every group that runs on all interpreters, one after the other."""
    yield "status_20_decode", status_decode(Body("water_heater", MANY))
    yield "status_20_encode", status_encode(Body("water_heater", MANY))
    yield "status_20_both", status_both(Body("water_heater", MANY))
    for name in TYPES:
        yield "status_" + name, status_both(Body(name))
    device = Device()
    few = device.fields(FEW)
    many = device.fields([row[1] for row in device.writable][:MANY])
    yield "field_list", field_list(device, many)
    yield "device_query", query_path(device)
    yield "device_control_3", control_path(device, few)
    yield "device_control_20", control_path(device, many)


def main(rounds, slice_us):
    found = {}
    for key, contestants in groups():
        found[key] = race(contestants, rounds, slice_us)
    print(json.dumps(found))
