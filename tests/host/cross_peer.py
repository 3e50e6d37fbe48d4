"""One side of test_cross.py. Runs on CPython and MicroPython: reads jobs, prints what came of each.

    INTERPRETER cross_peer.py FIRMWARE_FOLDER JOBS_FILE

A job is a line with a JSON list, its answer is a line:

    ["encode", kind, type, sequence, values]    the message in hex
    ["decode", side, type, sequence, hex]       what `side` makes of the bytes: an event with all its
                                                values, or why they were dropped
"""

import json
import sys
from binascii import hexlify, unhexlify

if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])

from rumpus import wire
from rumpus.errors import DecodeError
from rumpus.link import HEAD, TAIL, StreamLink
from rumpus.ra import hello
from rumpus.rump.controller import Controller
from rumpus.rump.device import REPEATED, ControlledDevice, Peer
from rumpus.rump.layout import Status
from rumpus.rump.message import NO_DEVICE, write_header
from rumpus.rump.state import State, rows_of
from rumpus.rump.tables import air_conditioner, messages, microwave_oven, refrigerator, water_heater
from rumpus.serial_link import SerialLink

TABLES = (water_heater, air_conditioner, refrigerator, microwave_oven)
DEVICE_ID = b"\x00\x01\x00\x02\x00\x03\xa1\xb2\xc3\xd4\xe5\xf6"
ROWS = [{row[1]: row for row in rows_of(table)} for table in TABLES]
CONTROLLERS = [Controller(table, DEVICE_ID) for table in TABLES]


def text_of(value):
    """Any value as text that is the same on every interpreter."""
    if isinstance(value, dict):
        return "{" + " ".join([key + "=" + text_of(value[key]) for key in sorted(value)]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + " ".join([text_of(item) for item in value]) + "]"
    if isinstance(value, Status):
        return text_of(
            [value.result, value.field, value.reason, {name: value[name] for name in value.names()}]
        )
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, (bytes, bytearray)):
        return "x" + hexlify(value).decode()
    return str(value)


# --- encode -----------------------------------------------------------------------------------------


def make_device(number, fitted=None, texts=("", "", "", "")):
    return ControlledDevice(State(TABLES[number], DEVICE_ID, fitted), texts)


def request(kind, sequence, body=b""):
    out = bytearray(18) + body
    write_header(out, 0, kind, sequence, DEVICE_ID, len(body))
    return out


def encode(kind, number, sequence, values):
    """The bytes of a message."""
    return ENCODERS[kind](number, sequence, values)


def encode_control(number, sequence, values):
    controller = Controller(TABLES[number], DEVICE_ID)
    controller._sequence = sequence - 1
    return controller.control(
        [(ROWS[number][name][0], ROWS[number][name][2], counts) for name, counts in values]
    )[1]


def encode_status_query(number, sequence, _values):
    controller = Controller(TABLES[number], DEVICE_ID)
    controller._sequence = sequence - 1
    return controller.status_query()[1]


def encode_version_query(number, sequence, _values):
    device, peer, out = make_device(number), Peer(), bytearray(40)
    peer.push_sequence = sequence - 1
    return out[: device.ask_version(peer, out, 0)]


def filled(number, values):
    device = make_device(number, values["fitted"])
    for name in values["values"]:
        device.state[ROWS[number][name][0]] = values["values"][name]
    return device


def encode_status(number, sequence, values):
    device, peer, out = filled(number, values), Peer(), bytearray(300)
    peer.push_sequence = sequence - 1
    return out[: device.write_status(peer, out, 0)]


def encode_response(number, sequence, values):
    device, peer, out = filled(number, values), Peer(), bytearray(300)
    asked = request(messages.CONTROL, sequence, b"\0")
    device.receive(peer, asked, 0, len(asked))
    if values["reason"]:
        device.control.refuse(values["field"], values["reason"])
    return out[: device.answer_control(peer, out, 0)]


def encode_status_query_response(number, sequence, values):
    device, out = filled(number, values), bytearray(300)
    asked = request(messages.STATUS_QUERY, sequence)
    device.receive(Peer(), asked, 0, len(asked))
    return out[: device.answer_status(out, 0)]


def encode_alarm(number, sequence, values):
    device, peer, out = make_device(number), Peer(), bytearray(100)
    peer.push_sequence = sequence - 1
    return out[: device.write_alarm(peer, wire.pack(messages.ALARM_BODY, values), out, 0)]


def encode_version_response(number, sequence, values):
    return Controller(TABLES[number], DEVICE_ID).answer_version(sequence, values)


def encode_controller_hello(_number, _sequence, values):
    return hello.pack_controller_hello(values["last_event"], values["name"])


def encode_device_hello(_number, _sequence, values):
    values = dict(values)
    values["device_id"] = DEVICE_ID
    values["uuid"] = unhexlify(values["uuid"])
    return hello.pack_device_hello(values)


def encode_frame(link, packet):
    out = bytearray(HEAD) + packet + bytearray(TAIL)
    start = link.frame(out, HEAD, HEAD + len(packet))
    return out[start : link.out_end]


def encode_serial(_number, _sequence, values):
    return encode_frame(SerialLink(8), unhexlify(values))


def encode_stream(_number, _sequence, values):
    return encode_frame(StreamLink(8), unhexlify(values))


ENCODERS = {
    "control": encode_control,
    "status_query": encode_status_query,
    "version_query": encode_version_query,
    "status": encode_status,
    "response": encode_response,
    "status_query_response": encode_status_query_response,
    "alarm": encode_alarm,
    "version_response": encode_version_response,
    "controller_hello": encode_controller_hello,
    "device_hello": encode_device_hello,
    "serial": encode_serial,
    "stream": encode_stream,
}


# --- decode -----------------------------------------------------------------------------------------


def decode(side, number, sequence, raw):
    """What a side makes of the bytes, as text."""
    return DECODERS[side](number, sequence, raw)


def decode_by_device(number, _sequence, raw):
    device, peer, out = make_device(number), Peer(), bytearray(300)
    event = device.receive(peer, raw, 0, len(raw))
    if event == messages.CONTROL or event == REPEATED:
        control = device.control
        fields = [[control.fields[i], control.values[i]] for i in range(control.count)]
        answer = out[: device.answer_control(peer, out, 0)]
        return text_of(["control", control.reason, control.field, fields, answer])
    if event == messages.VERSION_RESPONSE:
        return text_of(["version_response", peer.version])
    if event:
        return text_of([event])
    return text_of(["dropped", device.drop_reason])


def decode_by_controller(number, sequence, raw):
    controller = CONTROLLERS[number]
    controller.device_id = DEVICE_ID if sequence % 2 else NO_DEVICE
    controller._pending = [[sequence, kind | 0x80, kind, 1000] for kind in (1, 2, 3)]
    event = controller.receive(raw, 0, len(raw))
    if event is None:
        return text_of(["dropped", controller.drop_reason])
    kind, number, values = event
    again = values.layout.pack(values.values) if isinstance(values, Status) else b""
    return text_of([kind, number, values, again])


def decode_hello(_number, _sequence, raw):
    try:
        return text_of(hello.unpack(raw, 0, len(raw)))
    except DecodeError as error:
        return text_of(["dropped", error.code, error.detail])


def feed(link, raw):
    packets = []
    at = 0
    while at < len(raw):
        view = link.free()
        n = min(len(view), len(raw) - at, 50)
        if not n:
            break
        view[:n] = raw[at : at + n]
        at += n
        link.received(n)
        while link.next_packet():
            packets.append(bytes(link.buf[link.at : link.end]))
    return packets


def decode_serial(_number, _sequence, raw):
    texts = []
    link = SerialLink(320, lambda view: texts.append(bytes(view)))
    packets = feed(link, raw)
    return text_of([packets, b"".join(texts), link.noise, link.damaged])


def decode_stream(_number, _sequence, raw):
    link = StreamLink(320)
    packets = feed(link, raw)
    return text_of([packets, link.damaged, link.broken])


DECODERS = {
    "device": decode_by_device,
    "controller": decode_by_controller,
    "ra": decode_hello,
    "serial": decode_serial,
    "stream": decode_stream,
}


def run(line):
    """The answer to one job."""
    what, name, number, sequence, values = json.loads(line)
    if what == "encode":
        return hexlify(encode(name, number, sequence, values)).decode()
    return decode(name, number, sequence, unhexlify(values))


def main():
    with open(sys.argv[2], encoding="utf-8") as file:
        for line in file:
            print(run(line))


if __name__ == "__main__":
    main()
