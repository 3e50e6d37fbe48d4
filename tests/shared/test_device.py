"""The controlled device: requests in, answers out, and what it does not let itself be told."""

import unittest

from protocol_helpers import (
    DEVICE_ID,
    TABLES,
    VERSIONS,
    Numbers,
    field,
    fill,
    locked,
    make_device,
    unhex,
    vectors,
)

from rumpus.rump.alarms import AlarmLog
from rumpus.rump.device import NOTHING, REPEATED, ControlledDevice, Peer
from rumpus.rump.layout import StatusLayouts
from rumpus.rump.message import NO_DEVICE
from rumpus.rump.state import State
from rumpus.rump.tables import messages, results, water_heater
from rumpus.rump.tables.frame import HEADER_SIZE, MAX_BODY
from rumpus.rump.tables.messages import (
    ALARM,
    CONTROL,
    RESPONSE,
    STATUS,
    STATUS_QUERY,
    STATUS_QUERY_RESPONSE,
    VERSION_QUERY,
    VERSION_RESPONSE,
)
from rumpus.rump.tables.timing import REMEMBERED_CONTROLS

POWER, TARGET = (field(water_heater, name)[0] for name in ("power", "target_temperature"))
SET_55 = unhex("02 10 01 01 11 02 0226")


def message(kind, sequence, body=b"", device_id=DEVICE_ID):
    return (
        unhex("01") + bytes((kind, sequence >> 8, sequence & 255)) + device_id + bytes((0, len(body))) + body
    )


class Session:
    """One peer that talks to a device which carries out what the rows allow."""

    def __init__(self, table=water_heater, fitted=None, device_id=DEVICE_ID):
        self.device = ControlledDevice(State(table, device_id, fitted), VERSIONS)
        self.layouts = StatusLayouts(table)
        self.peer = Peer()
        self.peer.begin(0)
        self.out = bytearray(400)
        self.executed = []

    def receive(self, packet, at=3):
        """The event of a packet that lies somewhere in a buffer."""
        buf = bytearray(at) + packet + b"\xee\xee"
        return self.device.receive(self.peer, buf, at, at + len(packet))

    def control(self, sequence, body, device_id=DEVICE_ID):
        """The bytes that answer a control."""
        event = self.receive(message(CONTROL, sequence, body, device_id))
        if event == CONTROL:
            if not self.device.control.reason:
                self.carry_out(sequence)
        elif event != REPEATED:
            return None
        return bytes(self.out[5 : self.device.answer_control(self.peer, self.out, 5)])

    def carry_out(self, sequence):
        control = self.device.control
        self.executed.append(sequence)
        for i in range(control.count):
            self.device.state[control.fields[i]] = control.values[i]

    def status(self, raw):
        return self.layouts.unpack(raw, HEADER_SIZE, len(raw))


class ControlTest(unittest.TestCase):
    def test_vectors_are_answered_as_they_say(self):
        for vector in vectors("water_heater")["vectors"]:
            if vector["kind"] != "response":
                continue
            file = vectors("water_heater")
            session = Session(water_heater, vector["fitted"], unhex(file["device_id"]))
            fill(session.device.state, vector["values"])
            body = unhex("01 11 02 02F8" if vector["result"] else "01 11 02 0226")
            answer = session.control(vector["sequence"], body, unhex(file["device_id"]))
            self.assertEqual(answer, unhex(vector["bytes"]), vector["name"])

    def test_answer_shows_the_state_after_the_control(self):
        session = Session()
        answer = session.control(0x1234, SET_55)
        self.assertEqual((answer[1], answer[2:4], answer[4:16]), (RESPONSE, b"\x12\x34", DEVICE_ID))
        status = session.status(answer)
        self.assertEqual((status.result, status.field, status.reason), (0, 0, 0))
        self.assertEqual((status["power"], status["target_temperature"]), (1, 550))

    def test_refused_control_changes_nothing_and_says_why(self):
        session = Session()
        session.control(1, SET_55)
        before = bytes(session.device.state.buf)
        for sequence, bad in enumerate(
            ("12 01 08", "11 02 02F8", "11 02 0227", "40 01 01", "EE 01 01", "10 01 01")
        ):
            body = b"\x03" + unhex("10 01 00 07 02 003C") + unhex(bad)
            answer = session.control(10 + sequence, body)
            status = session.status(answer)
            self.assertTrue(status.result > 0, bad)
            self.assertEqual(status.field, unhex(bad)[0], bad)
            self.assertEqual(results.REASONS[status.reason][2], status.result)
            self.assertEqual(bytes(session.device.state.buf), before)
        self.assertEqual(session.executed, [1])

    def test_state_never_keeps_the_refusal(self):
        session = Session()
        session.control(1, unhex("01 11 02 02F8"))
        end = session.device.write_status(session.peer, session.out, 0)
        self.assertEqual(bytes(session.out[HEADER_SIZE : HEADER_SIZE + 3]), bytes(3))
        session.receive(message(STATUS_QUERY, 2))
        end = session.device.answer_status(session.out, 0)
        self.assertEqual(session.status(bytes(session.out[:end])).result, 0)

    def test_repeated_control_is_answered_and_not_executed(self):
        session = Session()
        first = session.control(7, SET_55)
        for _ in range(3):
            self.assertEqual(session.control(7, SET_55), first)
        refused = session.control(8, unhex("01 11 02 02F8"))
        self.assertEqual(session.control(8, unhex("01 11 02 02F8")), refused)
        self.assertEqual(session.control(7, unhex("01 10 01 00")), first)
        self.assertEqual(session.executed, [7])

    def test_repeat_shows_the_state_of_now_with_the_outcome_of_then(self):
        session = Session()
        session.control(7, unhex("01 11 02 02F8"))
        session.control(8, SET_55)
        status = session.status(session.control(7, unhex("01 11 02 02F8")))
        self.assertEqual((status.result, status.field), (3, TARGET))
        self.assertEqual(status["target_temperature"], 550)

    def test_as_many_controls_as_promised_are_remembered(self):
        session = Session()
        for sequence in range(1, REMEMBERED_CONTROLS + 1):
            session.control(sequence, SET_55)
        for sequence in range(1, REMEMBERED_CONTROLS + 1):
            session.control(sequence, SET_55)
        self.assertEqual(session.executed, list(range(1, REMEMBERED_CONTROLS + 1)))

    def test_each_peer_has_sequences_of_its_own(self):
        session = Session()
        session.control(7, SET_55)
        session.peer = Peer()
        session.peer.begin(0)
        session.control(7, SET_55)
        self.assertEqual(session.executed, [7, 7])

    def test_new_conversation_begins_anew(self):
        session = Session()
        session.control(7, SET_55)
        session.peer.begin(3)
        self.assertEqual((session.peer.told, session.peer.heard), (3, False))
        session.control(7, SET_55)
        self.assertEqual(session.executed, [7, 7])

    def test_control_for_another_device_is_refused_and_says_who_we_are(self):
        session = Session()
        other = bytes((0, 2)) + DEVICE_ID[2:]
        answer = session.control(5, SET_55, other)
        self.assertEqual(answer[4:16], DEVICE_ID)
        status = session.status(answer)
        self.assertEqual(results.RESULTS[status.result][1], "unknown_device")
        self.assertEqual(results.REASONS[status.reason][1], "not_for_this_device")
        self.assertEqual(session.executed, [])

    def test_control_for_whoever_it_is(self):
        session = Session()
        self.assertEqual(session.control(5, SET_55, NO_DEVICE)[4:16], DEVICE_ID)
        self.assertEqual(session.executed, [5])

    def test_appliance_may_refuse(self):
        session = Session()
        session.receive(message(CONTROL, 9, SET_55))
        session.device.control.refuse(POWER, 15)
        end = session.device.answer_control(session.peer, session.out, 0)
        status = session.status(bytes(session.out[:end]))
        self.assertEqual((status.result, status.field, status.reason), (4, POWER, 15))


class QueryTest(unittest.TestCase):
    def test_query_vectors(self):
        file = vectors("rump")
        for vector in file["vectors"]:
            device = make_device(water_heater, None, unhex(file["device_id"]))
            raw = unhex(vector["bytes"])
            event = device.receive(Peer(), raw, 0, len(raw))
            if vector["kind"] in ("status_query", "version_query", "version_response"):
                self.assertEqual(event, getattr(messages, vector["kind"].upper()), vector["name"])
            else:
                self.assertEqual((event, device.drop_reason), (NOTHING, "unknown_message"), vector["name"])

    def test_version_vector(self):
        file = vectors("rump")
        for vector in file["vectors"]:
            if vector["kind"] != "version_response":
                continue
            values = vector["values"]
            texts = (values["firmware"], values["hardware"], values["vendor"], values["model"])
            device = ControlledDevice(State(water_heater, unhex(file["device_id"])), texts)
            query = message(VERSION_QUERY, vector["sequence"], b"", unhex(file["device_id"]))
            self.assertEqual(device.receive(Peer(), query, 0, len(query)), VERSION_QUERY)
            out = bytearray(300)
            end = device.answer_version(out, 4)
            self.assertEqual(bytes(out[4:end]), unhex(vector["bytes"]))
            peer = Peer()
            raw = unhex(vector["bytes"])
            self.assertEqual(device.receive(peer, raw, 0, len(raw)), VERSION_RESPONSE)
            self.assertEqual(peer.version, values)

    def test_status_query_vector(self):
        file = vectors("air_conditioner")
        for vector in file["vectors"]:
            if vector["kind"] != "status_query_response":
                continue
            device_id = unhex(file["device_id"])
            session = Session(TABLES[1], vector["fitted"], device_id)
            fill(session.device.state, vector["values"])
            query = message(STATUS_QUERY, vector["sequence"], b"", device_id)
            self.assertEqual(session.receive(query), STATUS_QUERY)
            end = session.device.answer_status(session.out, 3)
            self.assertEqual(bytes(session.out[3:end]), unhex(vector["bytes"]))

    def test_alarm_vectors(self):
        file = vectors("rump")
        for vector in file["vectors"]:
            if vector["kind"] == "alarm":
                device = make_device(water_heater, None, unhex(file["device_id"]))
                raw = unhex(vector["bytes"])
                out = bytearray(100)
                end = device.write_alarm(Peer(), raw[HEADER_SIZE:] + b"\xff\xff", out, 1)
                self.assertEqual(bytes(out[1:end]), raw, vector["name"])

    def test_query_with_a_body_is_dropped(self):
        session = Session()
        for kind in (STATUS_QUERY, VERSION_QUERY):
            self.assertEqual(session.receive(message(kind, 1, b"x")), NOTHING)
            self.assertEqual(session.device.drop_reason, "surplus_bytes")

    def test_what_is_for_others_is_dropped(self):
        session = Session()
        other = bytes((0, 2)) + DEVICE_ID[2:]
        for kind in (STATUS_QUERY, VERSION_QUERY, VERSION_RESPONSE):
            self.assertEqual(session.receive(message(kind, 1, bytes(5), other)), NOTHING)
            self.assertEqual(session.device.drop_reason, "not_for_this_device")
        self.assertEqual(session.device.dropped, 3)
        self.assertFalse(session.peer.heard)

    def test_every_message_a_device_sends_is_dropped_by_a_device(self):
        session = Session()
        for kind in range(256):
            event = session.receive(message(kind, 1, b""))
            if kind in (CONTROL, STATUS_QUERY, VERSION_QUERY):
                self.assertEqual(event, kind)
            else:
                self.assertEqual(event, NOTHING, kind)

    def test_pushes_are_numbered_and_answers_are_not(self):
        session = Session()
        device, out = session.device, session.out
        device.write_status(session.peer, out, 0)
        self.assertEqual(bytes(out[1:4]), bytes((STATUS, 0, 1)))
        device.write_alarm(session.peer, bytes(30), out, 0)
        self.assertEqual(bytes(out[1:4]), bytes((ALARM, 0, 2)))
        session.receive(message(STATUS_QUERY, 700))
        device.answer_status(out, 0)
        self.assertEqual(bytes(out[1:4]), bytes((STATUS_QUERY_RESPONSE, 2, 188)))
        device.ask_version(session.peer, out, 0)
        self.assertEqual(bytes(out[1:4]), bytes((VERSION_QUERY, 0, 3)))
        session.peer.push_sequence = 0xFFFF
        device.write_status(session.peer, out, 0)
        self.assertEqual(bytes(out[1:4]), bytes((STATUS, 0, 0)))

    def test_peer_is_heard_once_it_has_spoken(self):
        version = message(VERSION_RESPONSE, 1, bytes(5))
        for packet in (
            message(STATUS_QUERY, 1),
            message(VERSION_QUERY, 1),
            message(CONTROL, 1, b"\0"),
            version,
        ):
            session = Session()
            self.assertFalse(session.peer.heard)
            session.receive(packet)
            self.assertTrue(session.peer.heard)


class RubbishTest(unittest.TestCase):
    def test_header_that_is_wrong_is_dropped_with_a_token(self):
        good = message(CONTROL, 1, SET_55)
        for packet, token in (
            (b"", "truncated"),
            (good[: HEADER_SIZE - 1], "truncated"),
            (b"\x00" + good[1:], "version"),
            (b"\x02" + good[1:], "version"),
            (good[:-1], "body_length"),
            (good + b"x", "body_length"),
            (
                good[:16] + bytes((MAX_BODY + 1 >> 8, MAX_BODY + 1 & 255)) + bytes(MAX_BODY + 1),
                "body_too_long",
            ),
            (good[:16] + b"\xff\xff" + SET_55, "body_too_long"),
        ):
            session = Session()
            self.assertEqual(session.receive(packet), NOTHING, token)
            self.assertEqual((session.device.dropped, session.device.drop_reason), (1, token))

    def test_every_truncation_of_every_vector_is_survived(self):
        for table in TABLES:
            for vector in vectors(table.NAME)["vectors"] + vectors("rump")["vectors"]:
                raw = unhex(vector["bytes"])
                session = Session(table)
                for n in range(len(raw)):
                    self.assertEqual(session.receive(raw[:n]), NOTHING)
                self.assertEqual(session.device.dropped, len(raw))

    def test_random_and_mutated_bytes_are_survived(self):
        numbers = Numbers(41)
        for table in TABLES:
            session = Session(table)
            good = [unhex(v["bytes"]) for v in vectors(table.NAME)["vectors"] + vectors("rump")["vectors"]]
            events = {}
            for _ in range(400):
                if numbers.below(4):
                    raw = bytearray(numbers.choose(good))
                    raw[4:16] = DEVICE_ID
                    for _ in range(numbers.below(3)):
                        raw[numbers.below(len(raw))] = numbers.below(256)
                else:
                    raw = numbers.bytes(numbers.below(60))
                event = session.receive(raw)
                events[event] = True
                if event in (CONTROL, REPEATED):
                    session.device.answer_control(session.peer, session.out, 0)
            self.assertTrue(CONTROL in events and NOTHING in events)
            # It still answers.
            self.assertEqual(session.receive(message(STATUS_QUERY, 1)), STATUS_QUERY)


class HeapTest(unittest.TestCase):
    def test_requests_and_answers_cost_no_heap(self):
        session = Session()
        device, peer, out = session.device, session.peer, session.out
        log = AlarmLog(1)
        log.update(1, 1, 1, None, None)
        record = log.after(0)
        packets = (
            bytearray(message(CONTROL, 1, SET_55)),
            bytearray(message(CONTROL, 2, unhex("01 11 02 02F8"))),
            bytearray(message(STATUS_QUERY, 3)),
            bytearray(message(CONTROL, 1, SET_55)),
            bytearray(message(0x55, 4)),
            bytearray(message(CONTROL, 5, SET_55, bytes((0, 2)) + DEVICE_ID[2:])),
        )
        events = bytearray(len(packets))

        def use():
            n = 0
            for packet in packets:
                events[n] = device.receive(peer, packet, 0, len(packet))
                if events[n] == CONTROL or events[n] == REPEATED:
                    device.answer_control(peer, out, 3)
                n += 1

        def answer():
            device.answer_status(out, 3)
            device.write_status(peer, out, 3)
            device.write_alarm(peer, record, out, 3)

        locked(use)
        self.assertEqual(list(events), [CONTROL, CONTROL, STATUS_QUERY, REPEATED, NOTHING, CONTROL])
        locked(answer)
        self.assertEqual(out[4], ALARM)
