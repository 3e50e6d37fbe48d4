"""Bytes taken apart: right ones are told completely, wrong ones with offset and reason."""

import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rumpus import wire
from rumpus.errors import DecodeError
from rumpus.link import CHANNELS, HEAD, RA, RUMP, SEALED, TAIL, StreamLink
from rumpus.ra import hello
from rumpus.ra.tables import messages as ra
from rumpus.ra.tables import sealed
from rumpus.rump import message
from rumpus.rump.controller import Controller
from rumpus.rump.layout import StatusLayouts
from rumpus.rump.state import State
from rumpus.rump.tables import frame, messages
from rumpus.serial_link import SerialLink
from rumpus_host import decode, explain, fields
from rumpus_host.decode import ra as decode_ra

VECTORS = Path(__file__).parent.parent / "vectors"
UUID = bytes(range(16))
HELLO = {
    "answers": 1,
    "device_id": message.make_device_id(1, UUID),
    "uuid": UUID,
    "revision": 1,
    "boot_count": 7,
    "event_sequence": 3,
    "oldest_event": 1,
    "firmware": "0.1.0",
    "hardware": "virtual",
    "vendor": "",
    "model": "x",
}


def device_id_of(type_name):
    return message.make_device_id(fields.table_of(type_name).DEVICE_TYPE, UUID)


def status_bytes(type_name, counts=None):
    """A status push as a device sends it."""
    state = State(fields.table_of(type_name), device_id_of(type_name))
    for name, value in (counts or {}).items():
        state[fields.by_name(type_name, name).id] = value
    return bytes(state.buf)


def control_bytes(type_name, settings):
    controller = Controller(fields.table_of(type_name), device_id_of(type_name))
    triples = [
        (fields.by_name(type_name, name).id, fields.by_name(type_name, name).format, n)
        for name, n in settings
    ]
    return controller.control(triples)[1]


def alarm_bytes():
    body = {"boot_count": 2, "sequence": 9, "active": 4, "latched": 0, "changed": 5, "uptime": 61}
    packed = wire.pack(messages.ALARM_BODY, {**body, "clock_day": 9821, "clock_second": 3661})
    out = bytearray(frame.HEADER_SIZE)
    message.write_header(out, 0, messages.ALARM, 1, device_id_of("water_heater"), len(packed))
    return bytes(out) + packed


def framed(link, channel, body):
    out = bytearray(HEAD + 1 + len(body) + 300 + TAIL)
    out[HEAD] = channel
    out[HEAD + 1 : HEAD + 1 + len(body)] = body
    start = link.frame(out, HEAD, HEAD + 1 + len(body))
    return bytes(out[start : link.out_end])


def in_frames(body, channel=RUMP):
    """The same message as every kind of input."""
    return {
        "bare": body,
        "packet": bytes((channel,)) + body,
        "tcp": framed(StreamLink(600), channel, body),
        "serial": framed(SerialLink(600), channel, body),
    }


# --- right bytes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("type_name", fields.TYPES)
def test_a_status_is_told_by_name_and_value(type_name):
    decoded = decode.decode(status_bytes(type_name, {"child_lock": 1, "alarms": 1}))
    assert decoded.error is None
    assert (decoded.channel, decoded.kind, decoded.type_name) == ("rump", "status", type_name)
    assert decoded.values["child_lock"] is True
    assert decoded.values["alarms"] == [fields.alarms_of(type_name)[0].name]
    assert decoded.values["clock_day"] is None
    assert decoded.values["result"] == "ok"
    readable = {field.name for field in fields.fields_of(type_name) if field.is_readable}
    assert readable <= set(decoded.values)


def test_a_control_is_told_and_what_a_device_would_refuse():
    sent = [("power", 1), ("target_temperature", 5000), ("current_temperature", 5), ("mode", 4)]
    decoded = decode.decode(control_bytes("water_heater", sent))
    assert decoded.error is None
    assert decoded.values["target_temperature"] == 500.0
    meanings = {part.name: part.meaning for part in decoded.parts}
    assert meanings["power"] == "on"
    assert "above_range" in meanings["target_temperature"]
    assert "read_only" in meanings["current_temperature"]
    assert meanings["mode"] == "eco"


def test_an_alarm_is_told_as_watch_tells_it():
    decoded = decode.decode(alarm_bytes())
    assert decoded.error is None
    assert decoded.values["raised"] == ["over_temperature"]
    assert decoded.values["cleared"] == ["leakage_current"]
    assert decoded.values["clock"] == "2026-11-21T01:01:01Z"
    assert decoded.values["uptime_s"] == 61


def test_a_version_response_and_a_query_are_told():
    table = fields.table_of("water_heater")
    controller = Controller(table, device_id_of("water_heater"))
    values = {"protocol": "p", "firmware": "1", "hardware": "h", "vendor": "", "model": "m°"}
    decoded = decode.decode(controller.answer_version(5, values))
    assert decoded.error is None
    assert values.items() <= decoded.values.items()
    assert decode.decode(controller.status_query()[1]).kind == "status_query"


@pytest.mark.parametrize("form", ["bare", "packet", "tcp", "serial"])
def test_every_framing_is_recognised_and_said(form):
    data = in_frames(status_bytes("refrigerator"))[form]
    decoded = decode.decode(data)
    assert decoded.error is None
    assert decoded.kind == "status"
    word = {
        "bare": "without a channel byte",
        "packet": "with its channel byte",
        "tcp": "TCP",
        "serial": "serial",
    }
    assert word[form] in decoded.assumed


@pytest.mark.parametrize("form", ["packet", "tcp", "serial"])
def test_the_channel_byte_says_ra_when_no_channel_is_given(form):
    decoded = decode.decode(in_frames(hello.pack_device_hello(HELLO), RA)[form])
    assert decoded.error is None
    assert (decoded.channel, decoded.kind, decoded.type_name) == ("ra", "device_hello", "water_heater")
    assert decoded.values["boot_count"] == 7


def test_every_message_of_remote_access_is_known():
    assert {row[1] for row in ra.MESSAGES} <= set(decode_ra._BODIES)
    decoded = decode.decode(hello.pack_device_not_now(ra.TAKING_UPDATE), "ra")
    assert decoded.error is None and decoded.values == {"reason": ra.TAKING_UPDATE}


def test_a_bare_hello_needs_the_channel():
    decoded = decode.decode(hello.pack_controller_hello(ra.ONLY_NEW, "me"), "ra")
    assert decoded.error is None
    assert decoded.values == {"last_event": ra.ONLY_NEW, "name": "me"}


def each_message():
    for name in fields.TYPES:
        yield status_bytes(name)
        yield control_bytes(name, [("child_lock", 1)])
    yield alarm_bytes()


@pytest.mark.parametrize("form", ["bare", "packet", "tcp", "serial"])
def test_the_parts_are_all_the_bytes_in_order(form):
    for body in each_message():
        decoded = decode.decode(in_frames(body)[form])
        if form == "serial":
            told = b"".join(part.raw for part in decoded.parts)
            assert told == bytes((RUMP,)) + body
            continue
        at = 0
        for part in decoded.parts:
            assert part.offset == at
            at += len(part.raw)
        assert b"".join(part.raw for part in decoded.parts) == in_frames(body)[form]


# --- wrong bytes ---------------------------------------------------------------------------------


def test_every_truncation_is_an_error_that_has_a_sentence():
    for body in each_message():
        for n in range(1, len(body)):
            error = decode.decode(body[:n]).error
            assert error is not None
            assert error.code in explain.DAMAGE
            assert 0 <= error.detail <= n


@pytest.mark.parametrize("name", ["power", "target_temperature", "mode"])
def test_a_value_out_of_range_is_told_with_its_offset(name):
    body = bytearray(status_bytes("water_heater", {name: fields.by_name("water_heater", name).high}))
    part = next(part for part in decode.decode(bytes(body)).parts if part.name == name)
    body[part.offset + len(part.raw) - 1] += 1
    error = decode.decode(bytes(body)).error
    assert (error.code, error.detail) == ("out_of_range", part.offset)


def test_a_wrong_bit_in_a_serial_frame_is_a_wrong_crc():
    data = bytearray(in_frames(status_bytes("water_heater"))["serial"])
    data[8] ^= 0x10
    assert decode.decode(bytes(data)).error.code == "crc"


def test_a_cut_tcp_frame_is_recognised():
    data = in_frames(status_bytes("water_heater"))["tcp"]
    decoded = decode.decode(data[:-3])
    assert "TCP" in decoded.assumed
    assert (decoded.error.code, decoded.error.detail) == ("truncated", len(data) - 3)
    assert decode.decode(data + b"\1").error.code == "surplus_bytes"


def test_an_unknown_type_is_told_after_the_header():
    body = bytearray(status_bytes("water_heater"))
    body[5] = 9
    decoded = decode.decode(bytes(body))
    assert decoded.error.code == "unknown_type"
    assert len(decoded.parts) == 8


def test_a_presence_bit_without_a_row_is_told():
    body = bytearray(status_bytes("water_heater"))
    part = next(part for part in decode.decode(bytes(body)).parts if part.name == "presence")
    body[part.offset + len(part.raw) - 1] |= 0x80
    error = decode.decode(bytes(body)).error
    assert (error.code, error.detail) == ("unknown_field", part.offset + len(part.raw) - 1)


def test_a_newer_revision_may_have_more_at_the_end():
    body = bytearray(status_bytes("water_heater") + b"\1\2")
    body[frame.HEADER_SIZE + 3] += 1
    body[16:18] = (len(body) - frame.HEADER_SIZE).to_bytes(2, "big")
    decoded = decode.decode(bytes(body))
    assert decoded.error is None
    assert decoded.parts[-1].name == "later_fields"


def test_an_unknown_channel_is_an_error():
    with pytest.raises(ValueError, match="none of"):
        decode.decode(b"\1", "nonsense")


def test_every_channel_of_the_link_can_be_decoded():
    assert set(decode.CHANNELS) == {*CHANNELS[1:], "dcmp"}


# --- the sealed channel --------------------------------------------------------------------------


def seal_vector(side):
    pieces = json.loads((VECTORS / "seal.json").read_text())["session"][side]
    return bytes.fromhex("".join(piece[0] for piece in pieces))


@pytest.mark.parametrize("side, kind", [("controller", "network_query"), ("device", "network_state")])
def test_a_sealed_packet_is_told_with_what_is_inside(side, kind):
    body = seal_vector(side)
    for data in (bytes((SEALED,)) + body, framed(StreamLink(600), SEALED, body)):
        decoded = decode.decode(data)
        assert (decoded.channel, decoded.kind, decoded.carries) == ("sealed", "sealed", kind)
        assert (decoded.error, decoded.values["counter"]) == (None, 1)
        assert b"".join(part.raw for part in decoded.parts) == data
    assert "takes the key" in decoded.parts[-1].meaning


def test_opening_a_session_is_told():
    opened = {"kind": sealed.OPENED, "result": sealed.NO_KEY, "nonce": bytes(16), "proof": bytes(16)}
    decoded = decode.decode(bytes((SEALED,)) + wire.pack(sealed.OPENED_BODY, opened))
    assert (decoded.error, decoded.kind, decoded.values["result"]) == (None, "opened", "no_key")
    decoded = decode.decode(bytes((SEALED, sealed.OPEN)) + bytes(16))
    assert (decoded.error, decoded.kind) == (None, "open")


@pytest.mark.parametrize(
    "data, code, offset",
    [
        (b"", "truncated", 0),
        (b"\x07", "unknown_message", 0),
        (bytes(16), "truncated", 1),
        (bytes(18), "surplus_bytes", 17),
        (b"\x02" + bytes(20), "truncated", 21),
        (b"\x02\0\0\0\1" + b"\x01" + bytes(18), "channel", 5),
        (b"\x02\0\0\0\1" + b"\x03\x01\x99" + bytes(16), "unknown_message", 7),
    ],
)
def test_a_wrong_packet_of_the_sealed_channel_is_told(data, code, offset):
    error = decode.decode(data, "sealed").error
    assert (error.code, error.detail) == (code, offset)
    assert code in explain.DAMAGE


def test_what_only_the_owner_may_ask_is_unknown_outside_of_a_seal():
    assert decode.decode(b"\x01\x40", "ra").error.code == "unknown_message"


# --- any bytes -----------------------------------------------------------------------------------


@given(st.binary(max_size=120), st.sampled_from([None, *decode.CHANNELS]))
def test_any_bytes_are_told_or_have_an_error_inside_them(data, channel):
    decoded = decode.decode(data, channel)
    if decoded.error:
        assert decoded.error.code in explain.DAMAGE
        assert 0 <= decoded.error.detail <= len(data)


@given(st.sampled_from(fields.TYPES), st.data())
def test_a_status_is_right_exactly_when_the_codec_takes_it(type_name, data):
    body = bytearray(status_bytes(type_name))
    for _ in range(data.draw(st.integers(1, 3))):
        body[data.draw(st.integers(frame.HEADER_SIZE, len(body) - 1))] = data.draw(st.integers(0, 255))
    assume(len(body) - frame.HEADER_SIZE <= frame.MAX_BODY)
    try:
        StatusLayouts(fields.table_of(type_name)).unpack(body, frame.HEADER_SIZE, len(body))
        is_right = True
    except DecodeError:
        is_right = False
    assert (decode.decode(bytes(body)).error is None) == is_right
