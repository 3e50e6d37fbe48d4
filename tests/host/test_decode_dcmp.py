"""DCMP and RMDP taken apart: every message by every field, and wrong ones as a receiver sees them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rumpus import wire
from rumpus.dcmp import codec, descriptions, message
from rumpus.dcmp.tables import header, message_codes, message_names_ours, messages, messages_ours
from rumpus.dcmp.tables.results import ERROR_TYPES
from rumpus.errors import DecodeError
from rumpus.link import RMDP
from rumpus.rmdp import message as rmdp
from rumpus.rmdp.tables import bodies as rmdp_bodies
from rumpus.rmdp.tables import header as rmdp_header
from rumpus.rmdp.tables import messages as rmdp_messages
from rumpus_host import decode, explain
from rumpus_host.cli import decode as verb

VECTORS = Path(__file__).parent.parent / "vectors"
DEVICE, SOURCE = bytes(range(16)), bytes(range(16, 32))
TRANSACTION = bytes.fromhex("e5a1b2c300000001")
NAMES = {row[0]: row[1] for row in (*messages.MESSAGE_TYPES, *message_names_ours.MESSAGE_TYPES)}
INFO_TYPES = ("BasicInfo", "FunctionList", "DeviceProperty", "FullDescription")


def dcmp_bytes(kind, body, to=DEVICE):
    out = bytearray(header.HEADER_SIZE)
    message.write_header(out, 0, kind, len(out) + len(body), SOURCE, to, TRANSACTION)
    return bytes(out) + body


def rmdp_bytes(kind, body, to=DEVICE):
    out = bytearray(rmdp_header.HEADER_SIZE)
    rmdp.write_header(out, 0, kind, rmdp_header.ACK_WANTED, len(out) + len(body), SOURCE, to, TRANSACTION)
    return bytes(out) + body


def vectors(name):
    return json.loads((VECTORS / name).read_text())["vectors"]


def sample(layout, keywords):
    """A value for each row of a layout; lists have two items."""
    values = {}
    for name, fmt, count, _source in layout:
        if isinstance(fmt, tuple):
            values[name] = [sample(fmt, {}), sample(fmt, {})]
        elif name in keywords:
            values[name] = keywords[name][0]
        elif fmt in ("s", "C"):
            values[name] = b"ab" if fmt == "s" else "12.5"
        elif count:
            values[name] = [SOURCE, DEVICE] if fmt == "16s" else [1, 2]
        elif fmt[0] == "C":
            values[name] = "Control" if name == "FunctionCategory" else "abc"
        elif fmt[-1] == "s":
            values[name] = bytes(range(1, wire.least_size(fmt) + 1))
        else:
            values[name] = 0 if name == "Result" else 1
    return values


def info_sample(info_type):
    if info_type != "FullDescription":
        return sample(descriptions.layout_of(info_type), {})
    sections = [
        {"SectionType": kind, "Section": {k: v for k, v in info_sample(kind).items() if k != "Result"}}
        for kind in ("BasicInfo", "FunctionList", "DeviceProperty")
    ]
    return {"Result": 0, "SectionList": sections}


def each_message():
    """(kind, body) of every message type, and of every form of an info response."""
    for kind in NAMES:
        keywords = {field: words for code, field, words, _s in codec.tables_of(kind)[1] if code == kind}
        values = sample(codec.layout_of(kind), keywords)
        if kind == message_codes.DEVICE_DISCOVERY_REQUEST:
            values = {"DiscoveryReqType": "DeviceType", "HexTypeReq": 0xFF11}
        yield kind, codec.pack(kind, values)
    for info_type in INFO_TYPES:
        yield message_codes.DEVICE_INFO_RESPONSE, descriptions.pack(info_type, info_sample(info_type))


def check_parts(decoded, data):
    """The parts are all the bytes, in order."""
    at = 0
    for part in decoded.parts:
        assert part.offset == at, part
        at += len(part.raw)
    assert b"".join(part.raw for part in decoded.parts) == data


# --- right bytes ---------------------------------------------------------------------------------


def test_there_are_twenty_five_published_messages_and_two_of_ours():
    assert (len(messages.MESSAGE_TYPES), len(message_names_ours.MESSAGE_TYPES)) == (25, 2)
    assert {kind for kind, _body in each_message()} == set(NAMES)


def test_the_header_is_told_as_the_document_has_it():
    vector = json.loads((VECTORS / "dcmp_header.json").read_text())
    pieces = vector["header"]["pieces"]
    data = bytes.fromhex("".join(piece[1] for piece in pieces))
    parts = decode.decode(data, "dcmp").parts
    assert [(part.name, part.raw.hex()) for part in parts] == [tuple(piece) for piece in pieces]
    offsets = {part.name: part.offset for part in parts}
    assert offsets == {name: at for name, at in vector["offsets"].items() if name != "source"}
    assert {part.source[:1] for part in parts} == {"S"}


@pytest.mark.parametrize("file", ["dcmp_published.json", "dcmp_ours.json"])
def test_the_bodies_of_the_vectors_are_told_piece_by_piece(file):
    mark = "S" if file == "dcmp_published.json" else "OURS"
    for vector in vectors(file):
        body = bytes.fromhex("".join(piece[1] for piece in vector["pieces"]))
        decoded = decode.decode(dcmp_bytes(vector["message"], body), "dcmp")
        assert decoded.error is None, vector["name"]
        assert decoded.kind == NAMES[vector["message"]]
        parts = [part for part in decoded.parts if part.group == "body"]
        assert [part.raw.hex() for part in parts] == [piece[1] for piece in vector["pieces"]], vector["name"]
        for part, (title, _hex) in zip(parts, vector["pieces"], strict=True):
            name = part.name.rpartition(".")[2].partition("[")[0]
            assert title.replace(",", " ").split()[0] == name, vector["name"]
            # D27's shorter forms of a published body are ours.
            is_short = vector["message"] == 0x1111 and len(body) < 34
            assert part.source.split()[0] == ("OURS" if is_short else mark), vector["name"]


@pytest.mark.parametrize("kind, body", list(each_message()))
def test_every_field_of_every_message_is_told(kind, body):
    data = dcmp_bytes(kind, body)
    decoded = decode.decode(data)
    assert (decoded.channel, decoded.kind, decoded.error) == ("dcmp", NAMES[kind], None)
    check_parts(decoded, data)
    assert all(part.source.split()[0] in ("S", "OURS") for part in decoded.parts)
    json.dumps(verb.as_dict(decoded))
    carried = rmdp_bytes(rmdp_messages.SEND_MESSAGE, data)
    for form, channel in ((carried, None), (bytes((RMDP,)) + carried, "rmdp")):
        packet = decode.decode(form, channel)
        assert (packet.channel, packet.kind, packet.carries) == ("rmdp", "SEND_MESSAGE", NAMES[kind])
        assert packet.error is None
        check_parts(packet, form)
        assert packet.values["dcmp"] == decoded.values["dcmp"]
        shift = len(form) - len(data)
        tail = [part._replace(offset=part.offset - shift) for part in packet.parts[-len(decoded.parts) :]]
        assert tail == decoded.parts


@pytest.mark.parametrize("info_type", INFO_TYPES)
def test_an_info_response_is_read_as_what_it_is_though_it_does_not_say(info_type):
    values = info_sample(info_type)
    decoded = decode.decode(
        dcmp_bytes(message_codes.DEVICE_INFO_RESPONSE, descriptions.pack(info_type, values))
    )
    assert decoded.values["info_type"] == info_type
    assert "does not say" in decoded.note


def test_the_parts_of_a_full_description_are_told_with_the_lists_they_are_in():
    body = descriptions.pack("FullDescription", info_sample("FullDescription"))
    decoded = decode.decode(dcmp_bytes(message_codes.DEVICE_INFO_RESPONSE, body))
    part = next(part for part in decoded.parts if part.name.endswith("InputList[1].Unit"))
    assert part.name == "SectionList[1].Section.DeviceList[0].FunctionList[0].InputList[1].Unit"
    section = decoded.values["SectionList"][1]["Section"]
    assert section["DeviceList"][0]["FunctionList"][0]["InputList"][1]["Unit"] == 1


@pytest.mark.parametrize("code, name, _s", rmdp_messages.MESSAGE_TYPES)
def test_every_rmdp_packet_is_told(code, name, _s):
    layout = rmdp.layout_of(code)
    keywords = {field: words for kind, field, words, _mark in rmdp_bodies.KEYWORDS if kind == code}
    carried = dcmp_bytes(message_codes.APPLY_RESPONSE, bytes(4))
    data = rmdp_bytes(code, rmdp.pack(code, sample(layout, keywords)) if layout else carried)
    decoded = decode.decode(data)
    assert (decoded.channel, decoded.kind, decoded.error) == ("rmdp", name, None)
    check_parts(decoded, data)
    own = [part for part in decoded.parts if part.group == "rmdp header"]
    assert [part.name for part in own] == [row[0] for row in rmdp_header.HEADER]
    assert {part.source.split()[0] for part in own} == {"OURS"}


def meanings(kind, values):
    return {
        part.name: part.meaning for part in decode.decode(dcmp_bytes(kind, codec.pack(kind, values))).parts
    }


def test_codes_are_told_by_name():
    told = meanings(
        message_codes.DEVICE_CONTROL_REQUEST,
        {"DeviceID": DEVICE, "FunctionID": 1, "InputList": [{"ParamID": 1, "Value": "1"}]},
    )
    assert told["Message Type"].startswith("DEVICE_CONTROL_REQUEST (0x2111), request, answered by")
    assert told["FunctionID"] == "set (0x0001)"
    told = meanings(message_codes.DEVICE_CONTROL_RESPONSE, {"Result": 0x1003, "Field": 0x11, "Reason": 6})
    assert told["Result"] == "out_of_range (device error, 0x1003)"
    assert "target_temperature" in told["Field"] and told["Reason"] == "above_range (0x0006)"
    address = {"AddrType": 4, "Port": 17811, "Addr": bytes((192, 0, 2, 7)) + bytes(12)}
    advertisement = {"AdType": "Start", "NodeID": DEVICE, "Address": [address]}
    body = rmdp.pack(rmdp_messages.NODE_ADVERTISEMENT, advertisement)
    decoded = decode.decode(rmdp_bytes(rmdp_messages.NODE_ADVERTISEMENT, body, message.BROADCAST))
    told = {part.name: part.meaning for part in decoded.parts}
    assert (told["Address[0].AddrType"], told["Address[0].Addr"]) == ("ipv4 (0x0004)", "192.0.2.7")
    assert told["DestinationNodeID"] == "everybody"


@pytest.mark.parametrize("code, name, error_class, _s", ERROR_TYPES)
def test_every_error_is_told_by_name(code, name, error_class, _s):
    decoded = decode.decode(dcmp_bytes(message_codes.APPLY_RESPONSE, code.to_bytes(2, "big")), "dcmp")
    if code:
        assert decoded.error is None
        assert decoded.parts[-1].meaning == f"{name} ({error_class} error, 0x{code:04X})"
    assert decoded.values["Result"] == name


# --- wrong bytes ---------------------------------------------------------------------------------


def at(name):
    return wire.offset_of(header.HEADER, name)


def changed(data, offset, raw):
    return data[:offset] + raw + data[offset + len(raw) :]


GOOD = dcmp_bytes(message_codes.DEVICE_INFO_REQUEST, b"BasicInfo".ljust(32, b"\0"))
WRONG = (
    (changed(GOOD, 0, b"\2"), "version", 0, "header_version"),
    (changed(GOOD, at("Length"), b"\0\0\0\1"), "length", at("Length"), "header_length"),
    (GOOD[:-1], "payload_cut", at("Length"), "payload_not_whole"),
    (GOOD + b"\0", "surplus_bytes", len(GOOD), "payload_size"),
    (GOOD[:45], "no_header", 42, "drops"),
    (GOOD[:60], "truncated", 50, "header_length"),
    (changed(GOOD, at("Source ID"), message.UNKNOWN), "source", at("Source ID"), "header_source_id"),
    (changed(GOOD, at("TransactionID"), bytes(8)), "transaction", at("TransactionID"), "header_transaction_id"),
    (changed(GOOD, at("Payload Type"), b"\2"), "payload_type", at("Payload Type"), "payload_syntax"),
    (changed(GOOD, at("Encoding Type"), b"\4"), "encoding", at("Encoding Type"), "payload_syntax"),
    (changed(GOOD, at("Message Type"), b"\x20\x1f"), "unknown_message", at("Message Type"), "header_op_code"),
    (changed(GOOD, at("Message Type"), b"\x41\x11"), "unknown_message", at("Message Type"), "drops"),
    (changed(GOOD, at("Destination ID"), message.BROADCAST), "destination", at("Destination ID"), "drops"),
    (changed(GOOD, 66, b"b"), "keyword", 66, "payload_syntax"),
    (changed(GOOD, 70, b"\xff"), "not_utf8", 66, "payload_syntax"),
    (dcmp_bytes(message_codes.DEVICE_INFO_REQUEST, b""), "no_payload", 66, "no_payload"),
    (dcmp_bytes(message_codes.DEVICE_INFO_REQUEST, b"B"), "truncated", 66, "payload_syntax"),
)  # fmt: skip


@pytest.mark.parametrize("data, code, offset, answer", WRONG, ids=[f"{row[1]} {row[2]}" for row in WRONG])
def test_what_is_wrong_is_told_with_its_offset_and_what_a_device_does(data, code, offset, answer):
    decoded = decode.decode(data, "dcmp")
    assert (decoded.error.code, decoded.error.detail) == (code, offset)
    assert answer in decoded.verdict
    carried = decode.decode(rmdp_bytes(rmdp_messages.SEND_MESSAGE, data))
    shift = rmdp_header.HEADER_SIZE
    assert (carried.error.code, carried.error.detail) == (code, offset + shift)


def test_a_wrong_keyword_is_told_at_its_own_field():
    values = {"SubscriptionType": "Subscribe", "DeviceID": DEVICE, "EventType": "All"}
    values |= {"FunctionID": 0xFFFF, "LeaseTime": 0}
    kind = message_codes.EVENT_SUBSCRIPTION_REQUEST
    data = changed(dcmp_bytes(kind, codec.pack(kind, values)), 66 + 32, b"a")
    decoded = decode.decode(data)
    assert (decoded.error.code, decoded.error.detail) == ("keyword", 66 + 32)
    assert "'all' is none of All" in next(part.meaning for part in decoded.parts if part.name == "EventType")


PACKET = rmdp_bytes(rmdp_messages.SEND_MESSAGE_ACK, bytes(2))


@pytest.mark.parametrize(
    "data, code, offset",
    [
        (changed(PACKET, 0, b"\2"), "version", 0),
        (PACKET[:-1], "length", 4),
        (changed(PACKET, 2, b"\x09\x09"), "unknown_message", 2),
        (changed(PACKET, 8, message.BROADCAST), "source", 8),
        (changed(PACKET, 8, DEVICE), "our_own", 8),
        (changed(PACKET, 40, bytes(8)), "transaction", 40),
        (PACKET[:30], "truncated", 24),
        (rmdp_bytes(rmdp_messages.NODE_ADVERTISEMENT, b"Begin".ljust(16, b"\0") + bytes(18)), "keyword", 48),
        (rmdp_bytes(rmdp_messages.SEND_MESSAGE_ACK, bytes(3)), "surplus_bytes", 50),
    ],
)
def test_a_wrong_rmdp_packet_is_told(data, code, offset):
    decoded = decode.decode(data, "rmdp")
    assert (decoded.error.code, decoded.error.detail) == (code, offset)
    assert decoded.verdict == "A node drops it."


def test_a_piece_of_a_long_packet_is_told_as_far_as_it_goes():
    body = descriptions.pack("FunctionList", info_sample("FunctionList"))
    packet = rmdp_bytes(rmdp_messages.SEND_MESSAGE, dcmp_bytes(message_codes.DEVICE_INFO_RESPONSE, body))
    framed = (len(packet) + 1).to_bytes(2, "big") + bytes((RMDP,)) + packet
    piece = framed[:300]
    decoded = decode.decode(piece)
    assert "TCP" in decoded.assumed
    assert (decoded.error.code, decoded.error.detail) == ("truncated", 300)
    assert decoded.values["info_type"] == "FunctionList"
    told = sum(len(part.raw) for part in decoded.parts)
    assert 300 - 16 < told <= 300  # all but the field that is cut
    assert decode.decode(packet[:300]).error.code == "length"


MESSAGES = tuple(each_message())


@given(st.sampled_from(MESSAGES), st.data())
def test_a_message_is_right_exactly_when_the_receiver_takes_it(known, data):
    kind, body = known
    changes = data.draw(st.lists(st.tuples(st.integers(0, len(body) - 1), st.integers(0, 255)), max_size=3))
    mutated = bytearray(body)
    for place, value in changes:
        mutated[place] = value
    mutated = bytes(mutated[: data.draw(st.integers(0, len(body)))] if data.draw(st.booleans()) else mutated)
    decoded = decode.decode(dcmp_bytes(kind, mutated), "dcmp")
    wrong = []
    if kind == message_codes.DEVICE_INFO_RESPONSE:
        for info_type in INFO_TYPES:
            try:
                descriptions.unpack(info_type, mutated, 0, len(mutated))
            except DecodeError as error:
                wrong.append(error)
        is_right = len(wrong) < len(INFO_TYPES) and mutated != b""
    else:
        try:
            codec.unpack(kind, mutated, 0, len(mutated))
        except DecodeError as error:
            wrong.append(error)
        is_right = not wrong
    assert (decoded.error is None) == is_right
    if not is_right:
        assert decoded.error.code in explain.DAMAGE
        assert header.HEADER_SIZE <= decoded.error.detail <= header.HEADER_SIZE + len(mutated)
        if kind != message_codes.DEVICE_INFO_RESPONSE:
            assert decoded.error.code == wrong[0].code
            if decoded.error.code != "keyword":  # told more exactly than by the codec
                assert decoded.error.detail == header.HEADER_SIZE + wrong[0].detail
    told = b"".join(part.raw for part in decoded.parts)
    assert dcmp_bytes(kind, mutated).startswith(told)


def test_unknown_user_messages_are_data():
    decoded = decode.decode(dcmp_bytes(messages_ours.FILE_DATA_ACK + 0x100, b"xyz"), "dcmp")
    assert decoded.error is None
    assert (decoded.kind, decoded.parts[-1].name, decoded.values["data"]) == (None, "data", "78797a")
