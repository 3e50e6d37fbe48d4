"""The user/controller: which answer belongs to which request, and what becomes of those without one."""

import unittest

from protocol_helpers import DEVICE_ID, TABLES, Numbers, field, fill, make_device, unhex, vectors

from rumpus.errors import EncodeError, StateError
from rumpus.rump.controller import ALARM, ANSWER, MAX_PENDING, STATUS, UNANSWERED, VERSION_QUERY, Controller
from rumpus.rump.device import NOTHING, REPEATED, Peer
from rumpus.rump.message import NO_DEVICE
from rumpus.rump.tables import messages, water_heater
from rumpus.rump.tables.frame import HEADER_SIZE, MAX_BODY, MAX_FIELDS
from rumpus.rump.tables.timing import RESPONSE_TIMEOUT_MS

POWER = field(water_heater, "power")


class Pair:
    """A controller and a device, and nothing between them."""

    def __init__(self, timeout_ms=RESPONSE_TIMEOUT_MS):
        self.controller = Controller(water_heater, DEVICE_ID, timeout_ms)
        self.device = make_device()
        fill(self.device.state, {"power": 0, "target_temperature": 500, "mode": 0})
        self.peer = Peer()
        self.out = bytearray(400)

    def answer(self, packet):
        """The device's answer to a request."""
        event = self.device.receive(self.peer, packet, 0, len(packet))
        if event in (messages.CONTROL, REPEATED):
            end = self.device.answer_control(self.peer, self.out, 0)
        elif event == messages.STATUS_QUERY:
            end = self.device.answer_status(self.out, 0)
        elif event == messages.VERSION_QUERY:
            end = self.device.answer_version(self.out, 0)
        else:
            return None
        return bytes(self.out[:end])

    def receive(self, packet):
        return self.controller.receive(packet, 0, len(packet))

    def push(self):
        return bytes(self.out[: self.device.write_status(self.peer, self.out, 0)])


class RequestTest(unittest.TestCase):
    def test_control_vectors(self):
        for table in TABLES:
            file = vectors(table.NAME)
            for vector in file["vectors"]:
                if vector["kind"] == "control":
                    controller = Controller(table, unhex(file["device_id"]))
                    controller._sequence = vector["sequence"] - 1
                    rows = [(field(table, name), counts) for name, counts in vector["fields"]]
                    wish = (vector["sequence"], unhex(vector["bytes"]))
                    self.assertEqual(controller.control([(row[0], row[2], n) for row, n in rows]), wish)

    def test_query_vectors(self):
        file = vectors("rump")
        for vector in file["vectors"]:
            if vector["kind"] not in ("status_query", "version_query"):
                continue
            controller = Controller(water_heater, unhex(file["device_id"]))
            controller._sequence = vector["sequence"] - 1
            self.assertEqual(
                getattr(controller, vector["kind"])(), (vector["sequence"], unhex(vector["bytes"]))
            )

    def test_version_answer_vector(self):
        file = vectors("rump")
        for vector in file["vectors"]:
            if vector["kind"] == "version_response":
                controller = Controller(water_heater, unhex(file["device_id"]))
                packet = controller.answer_version(vector["sequence"], vector["values"])
                self.assertEqual(packet, unhex(vector["bytes"]))

    def test_sequences_go_round_and_leave_out_0(self):
        controller = Controller(water_heater, DEVICE_ID)
        controller._sequence = 0xFFFE
        self.assertEqual([controller.status_query()[0] for _ in range(3)], [0xFFFF, 1, 2])

    def test_what_does_not_fit_is_an_encode_error_and_leaves_nothing_pending(self):
        controller = Controller(water_heater, DEVICE_ID)
        for fields in (
            [(16, ">B", 256)],
            [(16, ">B", -1)],
            [(17, ">h", 32768)],
            [(17, ">h", -32769)],
            [(1, ">I", 1 << 32)],
            [(16, ">B", 0)] * (MAX_FIELDS + 1),
        ):
            with self.assertRaises(EncodeError):
                controller.control(fields)
        self.assertIsNone(controller.due_ms())

    def test_longest_control_fits_a_body(self):
        controller = Controller(water_heater, DEVICE_ID)
        _sequence, packet = controller.control([(1, ">I", 0xFFFFFFFF)] * MAX_FIELDS)
        self.assertTrue(len(packet) - HEADER_SIZE <= MAX_BODY)

    def test_a_bench_can_send_what_the_rows_forbid(self):
        pair = Pair()
        _sequence, packet = pair.controller.control([(17, ">h", 9999)])
        _kind, _sequence, status = pair.receive(pair.answer(packet))
        self.assertEqual((status.result, status.field), (3, 17))

    def test_pending_requests_are_limited(self):
        controller = Controller(water_heater, DEVICE_ID)
        for _ in range(MAX_PENDING):
            controller.status_query()
        with self.assertRaises(StateError):
            controller.status_query()
        self.assertEqual(len(controller.closed()), MAX_PENDING)
        controller.status_query()


class AnswerTest(unittest.TestCase):
    def test_each_request_gets_its_answer(self):
        pair = Pair()
        sequence, packet = pair.controller.control([(POWER[0], POWER[2], 1)])
        kind, answered, status = pair.receive(pair.answer(packet))
        self.assertEqual((kind, answered, status.result), (ANSWER, sequence, 0))
        sequence, packet = pair.controller.status_query()
        kind, answered, status = pair.receive(pair.answer(packet))
        self.assertEqual((kind, answered, status["target_temperature"]), (ANSWER, sequence, 500))
        sequence, packet = pair.controller.version_query()
        kind, answered, values = pair.receive(pair.answer(packet))
        self.assertEqual((kind, answered, values["protocol"]), (ANSWER, sequence, "water_heater.1"))
        self.assertIsNone(pair.controller.due_ms())

    def test_several_pending_are_matched_in_any_order(self):
        numbers = Numbers(61)
        for _ in range(20):
            pair = Pair()
            requests = []
            for _ in range(10):
                what = numbers.below(3)
                if what == 0:
                    requests.append(pair.controller.control([(POWER[0], POWER[2], numbers.below(2))]))
                elif what == 1:
                    requests.append(pair.controller.status_query())
                else:
                    requests.append(pair.controller.version_query())
            answers = [(sequence, pair.answer(packet)) for sequence, packet in requests]
            while answers:
                sequence, packet = answers.pop(numbers.below(len(answers)))
                event = pair.receive(packet)
                self.assertEqual(event[:2], (ANSWER, sequence))
                self.assertIsNone(pair.receive(packet))  # once
                self.assertEqual(pair.controller.drop_reason, "not_asked")

    def test_answer_of_another_kind_or_sequence_is_ignored(self):
        pair = Pair()
        sequence, packet = pair.controller.control([(POWER[0], POWER[2], 1)])
        good = pair.answer(packet)
        for kind in range(256):
            if kind in (messages.RESPONSE, messages.STATUS, messages.ALARM, messages.VERSION_QUERY):
                continue
            self.assertIsNone(pair.receive(good[:1] + bytes((kind,)) + good[2:]))
            wish = "not_asked" if kind & 0x80 else "unknown_message"
            self.assertEqual(pair.controller.drop_reason, wish)
        for wrong in (b"\0\0", b"\0\2", b"\1\1", b"\xff\xff"):
            self.assertIsNone(pair.receive(good[:2] + wrong + good[4:]))
        self.assertEqual(pair.receive(good)[:2], (ANSWER, sequence))

    def test_answer_that_cannot_be_read_leaves_the_request_pending(self):
        pair = Pair()
        sequence, packet = pair.controller.control([(POWER[0], POWER[2], 1)])
        good = pair.answer(packet)
        bad = bytearray(good)
        bad[HEADER_SIZE] = 99
        self.assertIsNone(pair.receive(bytes(bad)))
        self.assertEqual((pair.controller.dropped, pair.controller.drop_reason), (1, "unknown_result"))
        self.assertEqual(pair.receive(good)[:2], (ANSWER, sequence))

    def test_answer_of_another_device_is_dropped(self):
        pair = Pair()
        _sequence, packet = pair.controller.status_query()
        good = pair.answer(packet)
        self.assertIsNone(pair.receive(good[:4] + bytes((0, 9)) + good[6:]))
        self.assertEqual(pair.controller.drop_reason, "another_device")
        anyone = Controller(water_heater, NO_DEVICE)
        sequence, packet = anyone.status_query()
        answer = pair.answer(packet)
        self.assertEqual(anyone.receive(answer, 0, len(answer))[:2], (ANSWER, sequence))

    def test_refusal_is_an_answer(self):
        pair = Pair()
        sequence, packet = pair.controller.control([(POWER[0], POWER[2], 2)])
        kind, answered, status = pair.receive(pair.answer(packet))
        self.assertEqual((kind, answered), (ANSWER, sequence))
        self.assertEqual((status.result, status.field, status.reason), (3, POWER[0], 6))


class PushTest(unittest.TestCase):
    def test_status_and_alarm_pushes_are_events(self):
        pair = Pair()
        kind, number, status = pair.receive(pair.push())
        self.assertEqual((kind, number, status["mode"]), (STATUS, 1, 0))
        for vector in vectors("rump")["vectors"]:
            if vector["kind"] == "alarm":
                end = pair.device.write_alarm(pair.peer, unhex(vector["bytes"])[HEADER_SIZE:], pair.out, 0)
                kind, number, values = pair.receive(bytes(pair.out[:end]))
                self.assertEqual((kind, values), (ALARM, vector["values"]))
                self.assertEqual(pair.controller.last_push, number)

    def test_pushes_are_no_answers(self):
        pair = Pair()
        sequence, _packet = pair.controller.status_query()
        self.assertEqual(sequence, 1)
        self.assertEqual(pair.receive(pair.push())[:2], (STATUS, 1))
        self.assertTrue(pair.controller.due_ms() is not None)

    def test_version_is_asked_both_ways(self):
        pair = Pair()
        end = pair.device.ask_version(pair.peer, pair.out, 0)
        kind, sequence, _values = pair.receive(bytes(pair.out[:end]))
        self.assertEqual(kind, VERSION_QUERY)
        values = {"protocol": "rumpus", "firmware": "1", "hardware": "", "vendor": "Ö", "model": ""}
        packet = pair.controller.answer_version(sequence, values)
        self.assertEqual(pair.device.receive(pair.peer, packet, 0, len(packet)), messages.VERSION_RESPONSE)
        self.assertEqual(pair.peer.version, values)

    def test_version_answer_with_bad_text_is_dropped_on_both_sides(self):
        pair = Pair()
        _sequence, query = pair.controller.version_query()
        good = pair.answer(query)
        bad = bytearray(good)
        bad[HEADER_SIZE + 1] = 0xFF
        self.assertIsNone(pair.receive(bytes(bad)))
        self.assertEqual(pair.controller.drop_reason, "not_utf8")
        self.assertEqual(pair.device.receive(pair.peer, bad, 0, len(bad)), NOTHING)
        self.assertEqual(pair.device.drop_reason, "not_utf8")


class TimeTest(unittest.TestCase):
    def test_what_gets_no_answer_in_time_is_unanswered_once(self):
        pair = Pair(timeout_ms=100)
        first, _packet = pair.controller.control([(POWER[0], POWER[2], 1)])
        self.assertEqual(pair.controller.due_ms(), 100)
        self.assertEqual(pair.controller.elapsed(60), [])
        second, packet = pair.controller.status_query()
        self.assertEqual(pair.controller.due_ms(), 40)
        self.assertEqual(pair.controller.elapsed(39), [])
        self.assertEqual(pair.controller.elapsed(1), [(UNANSWERED, first, messages.CONTROL)])
        self.assertEqual(pair.controller.due_ms(), 60)
        self.assertEqual(pair.receive(pair.answer(packet))[:2], (ANSWER, second))
        self.assertEqual(pair.controller.elapsed(10000), [])
        self.assertIsNone(pair.controller.due_ms())

    def test_late_answer_is_dropped(self):
        pair = Pair(timeout_ms=100)
        _sequence, packet = pair.controller.control([(POWER[0], POWER[2], 1)])
        answer = pair.answer(packet)
        self.assertEqual(len(pair.controller.elapsed(100)), 1)
        self.assertIsNone(pair.receive(answer))
        self.assertEqual(pair.controller.drop_reason, "not_asked")

    def test_all_that_is_pending_when_the_link_closes_is_unanswered(self):
        pair = Pair()
        control, _packet = pair.controller.control([(POWER[0], POWER[2], 1)])
        query, _packet = pair.controller.status_query()
        version, _packet = pair.controller.version_query()
        wish = [
            (UNANSWERED, control, messages.CONTROL),
            (UNANSWERED, query, messages.STATUS_QUERY),
            (UNANSWERED, version, messages.VERSION_QUERY),
        ]
        self.assertEqual(pair.controller.closed(), wish)
        self.assertEqual(pair.controller.closed(), [])
        self.assertEqual(pair.controller.elapsed(10000), [])

    def test_forgotten_request_is_not_missed(self):
        pair = Pair()
        sequence, packet = pair.controller.status_query()
        pair.controller.forget(sequence)
        self.assertIsNone(pair.receive(pair.answer(packet)))
        self.assertEqual(pair.controller.elapsed(10000), [])


class RubbishTest(unittest.TestCase):
    def test_every_truncation_of_every_vector_is_dropped(self):
        for table in TABLES:
            file = vectors(table.NAME)
            controller = Controller(table, unhex(file["device_id"]))
            controller.status_query()
            n = 0
            for vector in file["vectors"] + vectors("rump")["vectors"]:
                raw = unhex(vector["bytes"])
                for end in range(len(raw)):
                    self.assertIsNone(controller.receive(raw, 0, end))
                    n += 1
            self.assertEqual(controller.dropped, n)

    def test_random_and_mutated_bytes_give_events_or_are_counted(self):
        numbers = Numbers(62)
        for table in TABLES:
            file = vectors(table.NAME)
            controller = Controller(table, NO_DEVICE)
            good = [unhex(vector["bytes"]) for vector in file["vectors"] + vectors("rump")["vectors"]]
            events = 0
            for _ in range(400):
                controller.closed()
                controller.status_query()
                raw = bytearray(numbers.choose(good))
                for _ in range(numbers.below(4)):
                    raw[numbers.below(len(raw))] = numbers.below(256)
                if numbers.below(5) == 0:
                    raw = numbers.bytes(numbers.below(60))
                events += controller.receive(raw, 0, len(raw)) is not None
            self.assertEqual(events + controller.dropped, 400)
            self.assertTrue(events > 40)
