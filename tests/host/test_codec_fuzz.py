"""Any bytes give an event, None or a DecodeError; any legal values go there and back."""

import struct

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rumpus import wire
from rumpus.errors import DecodeError, EncodeError
from rumpus.link import HEAD, TAIL, DatagramLink, StreamLink
from rumpus.ra import hello
from rumpus.ra.tables import messages as ra_messages
from rumpus.rump import controller as controller_module
from rumpus.rump.control import Control
from rumpus.rump.controller import Controller
from rumpus.rump.device import NOTHING, REPEATED, ControlledDevice, Peer
from rumpus.rump.layout import Layout, Status, StatusLayouts
from rumpus.rump.message import NO_DEVICE
from rumpus.rump.state import State, not_available, rows_of
from rumpus.rump.tables import (
    air_conditioner,
    frame,
    messages,
    microwave_oven,
    refrigerator,
    water_heater,
)
from rumpus.rump.tables.results import REASONS, RESULTS
from rumpus.serial_link import SerialLink

TABLES = (water_heater, air_conditioner, refrigerator, microwave_oven)
DEVICE_ID = b"\x00\x01\x00\x02\x00\x03\xa1\xb2\xc3\xd4\xe5\xf6"
BODIES = (
    messages.CONTROL_BODY,
    messages.STATUS_BODY,
    messages.ALARM_BODY,
    messages.VERSION_BODY,
    ra_messages.DEVICE_HELLO_BODY,
    ra_messages.CONTROLLER_HELLO_BODY,
    frame.HEADER,
    frame.DEVICE_ID,
)
tables = st.sampled_from(TABLES)
KINDS = [row[0] for row in messages.MESSAGES]
EVENTS = {getattr(controller_module, name) for name in ("ANSWER", "STATUS", "ALARM", "VERSION_QUERY")}


@st.composite
def packets(draw):
    """RUMP messages: mostly a good header around any body, at times any bytes."""
    if draw(st.integers(0, 5)) == 0:
        return draw(st.binary(max_size=80))
    body = draw(st.one_of(st.binary(max_size=80), status_bodies(), control_bodies()))
    kind = draw(st.one_of(st.sampled_from(KINDS), st.integers(0, 255)))
    device_id = draw(st.sampled_from([DEVICE_ID, NO_DEVICE, DEVICE_ID[::-1]]))
    sequence = draw(st.integers(0, 9))
    return (
        bytes((frame.VERSION, kind))
        + sequence.to_bytes(2, "big")
        + device_id
        + len(body).to_bytes(2, "big")
        + body
    )


@st.composite
def control_bodies(draw):
    rows = rows_of(draw(tables))
    chosen = draw(st.lists(st.sampled_from(rows), max_size=6))
    body = bytes((len(chosen),))
    for row in chosen:
        low, high = (0, 256 ** wire.size_of(row[2]) - 1)
        counts = draw(
            st.one_of(
                st.integers(low, high), st.integers(max(row[4], 0), row[5]) if row[5] > 0 else st.just(0)
            )
        )
        body += bytes((row[0], wire.size_of(row[2]))) + counts.to_bytes(wire.size_of(row[2]), "big")
    return body


@st.composite
def status_bodies(draw):
    table = draw(tables)
    rows = rows_of(table)
    presence = draw(st.binary(max_size=(len(rows) + 7) // 8 + 1))
    outcome = draw(st.tuples(st.integers(0, 10), st.integers(0, 255), st.integers(0, 30)))
    revision = draw(st.sampled_from([1, 1, 1, 2]))
    values = draw(st.binary(min_size=0, max_size=80))
    return bytes(outcome) + bytes((revision, len(presence))) + presence + values


def legal(row):
    """Strategy: counts that may stand in a status."""
    return st.one_of(st.integers(row[4], row[5]), st.sampled_from([row[4], row[5], not_available(row[2])]))


def presence_of(rows, chosen):
    presence = bytearray((len(rows) + 7) // 8)
    for i, row in enumerate(rows):
        if row in chosen:
            presence[i // 8] |= 1 << i % 8
    return bytes(presence)


def feed(link, data, cuts):
    """The packets that a link finds in data, cut into pieces."""
    found = []
    at = 0
    cuts = iter(cuts)
    while at < len(data):
        view = link.free()
        if not len(view):
            break
        n = min(len(view), len(data) - at, next(cuts, 50))
        view[:n] = data[at : at + n]
        at += n
        link.received(n)
        while link.next_packet():
            assert 0 <= link.at < link.end <= link.size
            found.append(bytes(link.buf[link.at : link.end]))
    return found


def framed(link, packet):
    out = bytearray(HEAD) + packet + bytearray(TAIL)
    start = link.frame(out, HEAD, HEAD + len(packet))
    return bytes(out[start : link.out_end])


# --- links ------------------------------------------------------------------------------------------------

pieces = st.lists(st.integers(1, 60), max_size=30)
# Bytes that matter to a link come more often than others.
noise = st.lists(st.one_of(st.sampled_from(b"\x00\x01\x02\x03\xff"), st.integers(0, 255)), max_size=400).map(
    bytes
)


@given(noise, pieces)
def test_any_bytes_into_a_serial_link_are_packets_or_console(data, cuts):
    texts = []
    link = SerialLink(128, lambda view: texts.append(bytes(view)))
    found = feed(link, data, cuts)
    feed(link, b"\0", [])
    assert link.noise == sum(map(len, texts))
    if not found:
        assert b"".join(texts) == data.replace(b"\0", b"")
    good = b"\x01\x00\x02"
    assert feed(link, framed(link, good), []) == [good]


@given(noise, pieces)
def test_any_bytes_into_a_stream_are_packets_or_break_it(data, cuts):
    link = StreamLink(128)
    found = feed(link, data, cuts)
    assert all(1 <= len(packet) <= 126 for packet in found)
    assert link.damaged == int(link.broken)
    if not link.broken:
        assert (
            b"".join(framed(link, packet) for packet in found)
            == data[: len(data) - (link._fill - link._next)]
        )


@given(
    st.lists(st.binary(min_size=1, max_size=300), max_size=6),
    pieces,
    st.sampled_from([SerialLink, StreamLink]),
)
def test_any_packets_go_through_a_link(sent, cuts, kind):
    link = kind(320)
    data = b"".join(framed(link, packet) for packet in sent)
    assert feed(link, data, cuts) == sent
    assert (link.damaged, link.packets) == (0, len(sent))


@given(st.binary(min_size=1, max_size=300), noise.filter(lambda data: b"\0" not in data), pieces)
def test_packets_and_console_text_share_a_line(packet, text, cuts):
    texts = []
    link = SerialLink(340, lambda view: texts.append(bytes(view)))
    assert feed(link, text + framed(link, packet) + text + framed(link, packet), cuts) == [packet, packet]
    assert b"".join(texts) == text + text


@given(st.binary(min_size=1, max_size=128))
def test_a_datagram_is_a_packet(data):
    link = DatagramLink(128)
    assert feed(link, data, [128]) == [data]


# --- sessions ---------------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(tables, st.lists(packets(), max_size=12))
def test_any_messages_to_a_device_are_answered_or_dropped(table, received):
    state = State(table, DEVICE_ID, ())
    device, peer, out = ControlledDevice(state, ("", "", "", "")), Peer(), bytearray(400)
    before = bytes(state.buf)
    for packet in received:
        dropped = device.dropped
        event = device.receive(peer, packet, 0, len(packet))
        assert (event == NOTHING) == (device.dropped == dropped + 1)
        if event in (messages.CONTROL, REPEATED):
            end = device.answer_control(peer, out, 0)
            status = StatusLayouts(table).unpack(out, frame.HEADER_SIZE, end)
            assert status.result == REASONS[status.reason][2]
            assert bytes(out[2:4]) == packet[2:4]
        elif event != NOTHING:
            assert event in (messages.STATUS_QUERY, messages.VERSION_QUERY, messages.VERSION_RESPONSE)
    # Receiving changes no value: that is left to the appliance.
    assert bytes(state.buf) == before


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(tables, st.lists(packets(), max_size=12), st.sampled_from([DEVICE_ID, NO_DEVICE]))
def test_any_messages_to_a_controller_are_events_or_dropped(table, received, device_id):
    controller = Controller(table, device_id)
    for ask in (controller.status_query, controller.version_query, lambda: controller.control([])) * 3:
        ask()
    answered = set()
    for packet in received:
        dropped = controller.dropped
        event = controller.receive(packet, 0, len(packet))
        assert (event is None) == (controller.dropped == dropped + 1)
        if event:
            assert event[0] in EVENTS
            assert event[1] == int.from_bytes(packet[2:4], "big")
            assert event[0] != controller_module.ANSWER or event[1] not in answered
            answered |= {event[1]} if event[0] == controller_module.ANSWER else set()
    assert len(controller.closed()) == 9 - len(answered)


@given(st.binary(max_size=120), st.integers(0, 3))
def test_any_hello_is_read_or_a_decode_error(data, kind):
    for raw in (data, bytes((ra_messages.VERSION, kind)) + data):
        try:
            found, values = hello.unpack(raw, 0, len(raw))
        except DecodeError as error:
            assert 0 <= error.detail <= len(raw)
        else:
            if found == ra_messages.DEVICE_HELLO:
                again = hello.pack_device_hello(values)
            elif found == ra_messages.DEVICE_NOT_NOW:
                again = hello.pack_device_not_now(values["reason"])
            else:
                again = hello.pack_controller_hello(values["last_event"], values["name"])
            assert raw.startswith(again)


# --- layouts ----------------------------------------------------------------------------------------------


@given(st.sampled_from(BODIES), st.binary(max_size=120))
def test_any_body_is_unpacked_or_a_decode_error(layout, body):
    try:
        values, end = wire.unpack(layout, body)
    except DecodeError as error:
        assert 0 <= error.detail <= len(body)
    else:
        assert wire.pack(layout, values) == body[:end]


@st.composite
def layout_values(draw, layout):
    """Any values that a layout can carry."""
    counters = {row[2] for row in layout}
    values = {}
    for name, fmt, counter, _source in layout:
        if name in counters:
            continue
        item = value_of(fmt)
        values[name] = draw(st.lists(item, max_size=5) if counter else item)
    return values


def value_of(fmt):
    if isinstance(fmt, tuple):
        return layout_values(fmt)
    if fmt == "S":
        return st.text(max_size=60).filter(lambda text: len(text.encode(errors="replace")) <= 255)
    if fmt == "B*":
        return st.binary(max_size=255)
    if fmt.endswith("s"):
        return st.binary(min_size=int(fmt[:-1]), max_size=int(fmt[:-1]))
    bits = 8 * struct.calcsize(fmt)
    return (
        st.integers(0, 2**bits - 1)
        if fmt[-1] != "h"
        else st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    )


@given(st.data(), st.sampled_from(BODIES))
def test_any_values_of_a_layout_go_there_and_back(data, layout):
    values = data.draw(layout_values(layout))
    body = wire.pack(layout, values)
    found = wire.unpack_all(layout, body)
    for name, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            assert [{key: item[key] for key in value[0]} for item in found[name]] == value
        else:
            assert found[name] == value
    for n in range(len(body)):
        try:
            wire.unpack_all(layout, body[:n])
        except DecodeError:
            continue
        raise AssertionError("a truncated body was read")


# --- statuses and controls --------------------------------------------------------------------------------


@given(st.data(), tables)
def test_any_legal_state_is_what_the_controller_reads(data, table):
    rows = [row for row in rows_of(table) if "r" in row[3]]
    optional = [row[1] for row in rows if "!" not in row[3]]
    fitted = data.draw(st.lists(st.sampled_from(optional), unique=True)) if optional else []
    state = State(table, DEVICE_ID, fitted)
    shown = [row for row in rows if state.has(row[0])]
    values = {row[1]: data.draw(legal(row)) for row in shown}
    for row in shown:
        state[row[0]] = None if values[row[1]] == not_available(row[2]) else values[row[1]]
    status = StatusLayouts(table).unpack(state.buf, frame.HEADER_SIZE, state.size)
    assert status.names() == [row[1] for row in shown]
    for row in shown:
        wish = None if values[row[1]] == not_available(row[2]) else values[row[1]]
        assert status[row[1]] == state[row[0]] == wish
    assert status.layout.pack(status.values) == bytes(state.buf[frame.HEADER_SIZE :])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), tables)
def test_layout_agrees_with_a_row_by_row_check(data, table):
    rows = rows_of(table)
    chosen = data.draw(st.lists(st.sampled_from(rows), unique=True, max_size=12))
    chosen.sort(key=lambda row: rows.index(row))
    layout = Layout(rows, 1, presence_of(rows, chosen))
    outcome = data.draw(
        st.tuples(st.integers(0, len(RESULTS)), st.integers(0, 255), st.integers(0, len(REASONS)))
    )
    counts = []
    for row in chosen:
        low, high = (-0x8000, 0x7FFF) if row[2] == ">h" else (0, 256 ** wire.size_of(row[2]) - 1)
        near = [n for n in (row[4] - 1, row[4], row[5], row[5] + 1) if low <= n <= high]
        counts.append(data.draw(st.one_of(st.sampled_from([*near, not_available(row[2])]), legal(row))))
    values = (*outcome[:3], layout.constant, *counts)
    body = (
        bytes(outcome) + layout.constant + struct.pack(">" + "".join(row[2][1:] for row in chosen), *counts)
    )
    is_good = outcome[0] < len(RESULTS) and outcome[2] < len(REASONS)
    for row, count in zip(chosen, counts, strict=True):
        is_good = is_good and (row[4] <= count <= row[5] or count == not_available(row[2]))
    for call, argument, result, error in (
        (layout.unpack, body, values, DecodeError),
        (layout.pack, values, body, EncodeError),
    ):
        try:
            assert call(argument) == result
            assert is_good
        except error:
            assert not is_good


@given(st.data(), tables)
def test_any_legal_control_is_read_as_sent(data, table):
    rows = [row for row in rows_of(table) if "w" in row[3]]
    chosen = data.draw(st.lists(st.sampled_from(rows), unique=True, max_size=12))
    counts = [row[4] + row[6] * data.draw(st.integers(0, (row[5] - row[4]) // row[6])) for row in chosen]
    fields = [(row[0], row[2], count) for row, count in zip(chosen, counts, strict=True)]
    sequence, packet = Controller(table, DEVICE_ID).control(fields)
    device = ControlledDevice(State(table, DEVICE_ID), ("", "", "", ""))
    assert device.receive(Peer(), packet, 0, len(packet)) == messages.CONTROL
    control = device.control
    assert (sequence, control.reason, control.count) == (1, 0, len(chosen))
    assert [(control.fields[i], control.values[i]) for i in range(control.count)] == [
        (f[0], f[2]) for f in fields
    ]


@given(tables, st.binary(max_size=60))
def test_any_control_body_is_read_or_refused_with_a_reason(table, body):
    control = Control()
    control.read(State(table, DEVICE_ID, ()), body, 0, len(body))
    assert 0 <= control.reason < len(REASONS)
    assert (control.result() == 0) == (control.reason == 0)


@given(tables, status_bodies())
def test_any_status_body_is_read_or_a_decode_error(table, body):
    layouts = StatusLayouts(table)
    for _ in range(2):  # the second time the shape is known
        try:
            status = layouts.unpack(body, 0, len(body))
        except DecodeError:
            continue
        assert isinstance(status, Status)
        for name in status.names():
            assert status[name] is None or isinstance(status[name], int)
