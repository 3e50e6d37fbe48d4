"""DCMP between two sessions that lose nothing: discovery, information, control, events, apply ..."""

import unittest

from test_dcmp_codec import Dice

from rumpus import wire
from rumpus.dcmp import codec, described, descriptions, message, transactions, values
from rumpus.dcmp.apply import Apply
from rumpus.dcmp.device import Device
from rumpus.dcmp.events import Events
from rumpus.dcmp.identity import Identity, cut
from rumpus.dcmp.registrar import Registrar
from rumpus.dcmp.requester import Requester
from rumpus.dcmp.session import ACCEPTED, ANSWER, END, NO_ANSWER, NOTICE, REFUSED, Session
from rumpus.dcmp.tables import message_codes as m
from rumpus.dcmp.tables import properties, results_ours, timing
from rumpus.dcmp.tables import result_codes as results
from rumpus.dcmp.tables.header import HEADER_SIZE
from rumpus.errors import StateError
from rumpus.rump.alarms import AlarmLog
from rumpus.rump.control import Control
from rumpus.rump.device import ControlledDevice, Peer
from rumpus.rump.message import write_header
from rumpus.rump.state import State
from rumpus.rump.tables import air_conditioner, microwave_oven, refrigerator, water_heater
from rumpus.rump.tables.frame import HEADER_SIZE as RUMP_HEADER_SIZE
from rumpus.rump.tables.messages import CONTROL
from rumpus.rump.tables.results import REASONS

DEVICE = bytes(range(16))
CONTROLLER = bytes(range(16, 32))
SERVER = bytes(range(32, 48))
RUMP_ID = b"\0\1\0\0\0\0abcdef"
TABLES = (water_heater, air_conditioner, refrigerator, microwave_oven)


def number(table, name):
    for row in table.FIELDS:
        if row[1] == name:
            return row[0]
    raise KeyError(name)


def reason(name):
    return [row[0] for row in REASONS if row[1] == name][0]


class Appliance:
    """A state, and a control that some moments forbid."""

    def __init__(self, table=water_heater, fitted=None):
        self.state = State(table, RUMP_ID, fitted)
        for row in self.state.rows:
            if "r" in row[3]:
                self.state[row[0]] = row[4]
        self.control = Control()
        self.forbids = None  # (field, reason)
        self.applied = []

    def apply_control(self, control):
        if not control.reason and self.forbids:
            control.refuse(*self.forbids)
        if not control.reason:
            for i in range(control.count):
                self.applied.append((control.fields[i], control.values[i]))
                self.state[control.fields[i]] = control.values[i]


TEXTS = {0x0101: "Rumpus", 0x0102: "Demo", 0x0106: "1.0", 0x0304: "77", 0x0201: "x" * 80}


class Pair:
    """A device and a controller, joined by a wire that takes everything at once."""

    def __init__(self, table=water_heater, more_roles=(), log=None, permit=None, fitted=None):
        self.appliance = appliance = Appliance(table, fitted)
        identity = Identity(DEVICE, 0xFF11, "boiler", "attic", (0xFF02,))
        self.role = Device(
            identity, lambda: TEXTS.get, appliance.state, appliance.control, appliance.apply_control
        )
        self.events = Events(DEVICE, appliance.state, log)
        roles = [self.role, self.events] + list(more_roles)
        self.device = Session(DEVICE, roles, message.TransactionIds(b"devi"), permit)
        self.requester = Requester()
        self.controller = Session(CONTROLLER, [self.requester], message.TransactionIds(b"ctrl"))
        self.heard = []  # events of the controller
        self.log = []  # (kind, bytes) of all that crossed

    def run(self):
        """Let both say what they have to say; return the controller's events since the last time."""
        for _ in range(100):
            if not self.carry(self.controller, self.device) + self.carry(self.device, self.controller):
                break
        heard, self.heard = self.heard, []
        return heard

    def carry(self, source, target):
        n = 0
        while True:
            out = source.next_message()
            if out is None:
                return n
            raw = bytearray(out.whole())
            self.log.append((out.kind, raw))
            event = target.receive(raw, 0, len(raw), "wire")
            if target is self.controller and event:
                self.heard.append(event)
            n += 1

    def elapse(self, ms):
        self.device.elapsed(ms)
        return self.run() + list(self.controller.elapsed(ms))


class TestDiscovery(unittest.TestCase):
    def discover(self, *args):
        pair = Pair()
        pair.requester.discover(pair.controller, *args)
        return pair, pair.run()

    def test_all_conditions_that_match(self):
        for args in (
            ("All",),
            ("DeviceID", DEVICE),
            ("DeviceType", 0xFF11),
            ("DeviceType", 0xFF02),
            ("DeviceName", "boiler"),
        ):
            pair, heard = self.discover(*args)
            self.assertEqual(len(heard), 1, args)
            self.assertEqual(heard[0][0], ANSWER)
            self.assertEqual(heard[0][4]["DeviceID"], DEVICE)
            self.assertEqual(heard[0][4]["DeviceCapability"], [0xFF02])
            self.assertEqual(len(pair.log[1][1]), 66 + 54 + 2)
            end = pair.elapse(timing.RESPONSE_TIMEOUT_MS)
            self.assertEqual([event[0] for event in end], [END])

    def test_who_is_not_meant_is_silent(self):
        for args in (("DeviceID", CONTROLLER), ("DeviceType", 0xFF12), ("DeviceName", "Boiler")):
            _pair, heard = self.discover(*args)
            self.assertEqual(heard, [])

    def test_a_long_name_is_found_by_what_is_sent_of_it(self):
        pair = Pair()
        pair.role.identity.name = "a name longer than sixteen"
        pair.requester.discover(pair.controller, "DeviceName", "a name longer than sixteen")
        self.assertEqual(len(pair.run()), 1)

    def test_advertisements(self):
        pair = Pair()
        for ad_type in ("Start", "End"):
            pair.role.advertise(pair.device, ad_type)
            what, _transaction, kind, source, found = pair.run()[0]
            self.assertEqual((what, kind, source), (NOTICE, m.DEVICE_ADVERTISEMENT, DEVICE))
            self.assertEqual(found["AdType"], ad_type)
        self.assertEqual(len(pair.log[0][1]), 66 + 68 + 2)


class TestInfo(unittest.TestCase):
    def test_every_type_of_every_appliance(self):
        for table in TABLES:
            for kind in (
                "FullDescription",
                "BasicInfo",
                "FunctionList",
                "DeviceProperty",
                "CommonProperty",
                "ConfigProperty",
                "StatusProperty",
                "DeviceSpecificProperty",
            ):
                pair = Pair(table)
                pair.requester.info(pair.controller, DEVICE, kind)
                heard = pair.run()
                self.assertEqual([event[0] for event in heard], [ANSWER], (table.NAME, kind))
                raw = pair.log[1][1]
                again = descriptions.pack(kind, heard[0][4])
                self.assertEqual(bytes(raw[66:]), again, (table.NAME, kind))

    def test_basic_info_has_the_published_size(self):
        pair = Pair()
        pair.requester.info(pair.controller, DEVICE, "BasicInfo")
        pair.run()
        self.assertEqual(len(pair.log[1][1]), 66 + 56 + 2)

    def test_an_answer_is_the_same_in_pieces_of_any_size(self):
        appliance = Appliance(air_conditioner)
        role = Device(Identity(DEVICE, 0xFF12, "ac"), lambda: TEXTS.get, appliance.state)
        session = Session(DEVICE, [role, Requester()], message.TransactionIds(b"devi"))
        request = Pair(air_conditioner)
        request.requester.info(request.controller, DEVICE, "FunctionList")
        raw = bytearray(request.controller.next_message().whole())
        session.receive(raw, 0, len(raw))
        whole = session.next_message().whole()
        for room in (1, 3, 64, 500):
            session.receive(raw, 0, len(raw))
            out = session.next_message()
            self.assertEqual(out.size, len(whole))
            buf = bytearray(room + 2)
            got = b""
            while out.left:
                end = out.write(buf, 1, 1 + room)
                got += bytes(buf[1:end])
            self.assertEqual(got, whole)
            self.assertEqual(buf[0], 0)
            self.assertEqual(buf[-1], 0)

    def test_an_answer_does_not_change_while_it_is_written(self):
        pair = Pair()
        field = number(water_heater, "target_temperature")
        pair.requester.info(pair.controller, DEVICE, "DeviceSpecificProperty")
        pair.carry(pair.controller, pair.device)
        out = pair.device.next_message()
        buf = bytearray(out.size)
        at = out.write(buf, 0, 70)
        pair.appliance.state[0x46] = 123456789  # a longer text than before
        pair.appliance.state[field] = 555
        out.write(buf, at, len(buf))
        self.assertEqual(out.left, 0)
        descriptions.unpack("DeviceSpecificProperty", buf, 66, len(buf))

    def test_a_description_says_what_the_row_says(self):
        raw = described.describe(
            (0x11, "target_temperature", ">h", "rwn!", 300, 750, 10, 10, "degC", None, "")
        )
        self.assertEqual(
            raw,
            b"\0\4"
            + b"\0\x11"
            + b"target_temperatu"
            + b"\0\3"
            + b"\xff\1"
            + b"30.0"
            + bytes(12)
            + b"75.0"
            + bytes(12),
        )

    def test_cut_names_are_still_unique(self):
        for table in TABLES:
            names = [cut(row[1], 16) for row in State(table, RUMP_ID).rows]
            self.assertEqual(len(set(names)), len(names), table.NAME)

    def test_fields_that_are_not_fitted_are_not_described(self):
        for fitted, expected in ((None, True), ((), False)):
            pair = Pair(fitted=fitted)
            pair.requester.info(pair.controller, DEVICE, "FunctionList")
            found = pair.run()[0][4]["DeviceList"][0]["FunctionList"][0]
            self.assertEqual("disinfection" in [item["Name"] for item in found["InputList"]], expected)

    def test_what_is_too_long_for_a_carrier(self):
        pair = Pair()
        pair.requester.info(pair.controller, DEVICE, "FunctionList")
        pair.carry(pair.controller, pair.device)
        short = pair.device.too_long(pair.device.next_message())
        raw = bytearray(short.whole())
        event = pair.controller.receive(raw, 0, len(raw))
        self.assertEqual((event[0], event[4]), (REFUSED, {"Result": results.PAYLOAD_NOT_WHOLE}))
        pair.requester.info(pair.controller, DEVICE, "BasicInfo")
        self.assertIsNone(pair.controller.too_long(pair.controller.next_message()))

    def test_a_device_without_an_appliance(self):
        role = Device(Identity(SERVER, 0xFF04, "server"))
        for kind in ("FunctionList", "FullDescription"):
            body = role._answer_info(kind)
            raw = b"".join(list(body.make()))
            descriptions.unpack(kind, raw, 0, len(raw))


class TestValues(unittest.TestCase):
    def test_texts_both_ways(self):
        cases = ((0, 1, "0"), (-18, 1, "-18"), (455, 10, "45.5"), (-5, 10, "-0.5"), (-185, 10, "-18.5"))
        for counts, scale, text in cases + ((7, 100, "0.07"), (4294967294, 1, "4294967294")):
            self.assertEqual(values.to_text(counts, scale), text)
            self.assertEqual(values.to_counts(text, scale), counts)
        self.assertEqual(values.to_text(None), "")

    def test_texts_that_are_taken_too(self):
        for text, counts in (("45", 450), ("45.50", 455), ("007", 70), ("-0", 0)):
            self.assertEqual(values.to_counts(text, 10), counts, text)

    def test_texts_that_are_no_numbers(self):
        for text in (
            "",
            "-",
            ".5",
            "5.",
            "+5",
            "5 ",
            "1e3",
            "1_000",
            "5.55",
            "--5",
            "½",
            "٣",
            "1" * 17,
            "5\0",
        ):
            self.assertIsNone(values.to_counts(text, 10), text)


class TestControl(unittest.TestCase):
    def control(self, pair, params, function=properties.SET):
        pair.requester.control(pair.controller, DEVICE, params, function)
        return pair.run()[0]

    def test_set_is_done_and_answers_with_the_status(self):
        pair = Pair()
        power, target = number(water_heater, "power"), number(water_heater, "target_temperature")
        event = self.control(pair, [(power, "1"), (target, "45.0")])
        self.assertEqual(event[0], ANSWER)
        self.assertEqual(pair.appliance.applied, [(power, 1), (target, 450)])
        found = {item["ParamID"]: item["Value"] for item in event[4]["OutputList"]}
        self.assertEqual((found[power], found[target]), ("1", "45.0"))
        self.assertEqual(len(found), len([row for row in pair.appliance.state.rows if "r" in row[3]]))

    def test_refusals_are_those_of_rump(self):
        pair = Pair()
        target = number(water_heater, "target_temperature")
        for params, field, name in (
            ([(target, "99.0")], target, "above_range"),
            ([(target, "9.0")], target, "below_range"),
            ([(target, "45.5")], target, "not_a_step"),
            ([(0x41, "20.0")], 0x41, "read_only"),
            ([(0x99, "1")], 0x99, "no_such_field"),
            ([(0x1234, "1")], 0x1234, "no_such_field"),
            ([(target, "45.0"), (target, "46.0")], target, "field_twice"),
        ):
            event = self.control(pair, params)
            rump = [row for row in REASONS if row[1] == name][0]
            expected = {"Result": 0x1000 + rump[2], "Field": field, "Reason": rump[0]}
            self.assertEqual((event[0], event[4]), (REFUSED, expected), name)
        self.assertEqual(pair.appliance.applied, [])

    def test_what_the_moment_forbids(self):
        pair = Pair()
        pair.appliance.forbids = (0x10, reason("fault"))
        event = self.control(pair, [(0x10, "1")])
        self.assertEqual(event[4], {"Result": 0x1004, "Field": 0x10, "Reason": reason("fault")})

    def test_another_device(self):
        pair = Pair()
        inputs = {"DeviceID": SERVER, "FunctionID": 1, "InputList": []}
        pair.requester.ask(pair.controller, m.DEVICE_CONTROL_REQUEST, DEVICE, inputs)
        event = pair.run()[0]
        self.assertEqual(event[4], {"Result": 0x1001, "Field": 0, "Reason": reason("not_for_this_device")})

    def test_actions(self):
        pair = Pair(microwave_oven)
        operation, add_time = number(microwave_oven, "operation"), number(microwave_oven, "add_time")
        self.assertEqual(self.control(pair, [], operation << 8 | 1)[0], ANSWER)
        self.assertEqual(self.control(pair, [(add_time, "30")], add_time << 8)[0], ANSWER)
        self.assertEqual(self.control(pair, [(operation, "3")])[0], ANSWER)  # set takes actions too
        self.assertEqual(pair.appliance.applied, [(operation, 1), (add_time, 30), (operation, 3)])

    def test_functions_that_do_not_exist_and_params_that_do_not_fit(self):
        pair = Pair(microwave_oven)
        operation, add_time = number(microwave_oven, "operation"), number(microwave_oven, "add_time")
        for function, params, result in (
            (0, [], results_ours.UNKNOWN_FUNCTION),
            (2, [], results_ours.UNKNOWN_FUNCTION),
            (0xFFFF, [], results_ours.UNKNOWN_FUNCTION),
            (operation << 8, [], results_ours.UNKNOWN_FUNCTION),
            (operation << 8 | 9, [], results_ours.UNKNOWN_FUNCTION),
            (add_time << 8 | 1, [], results_ours.UNKNOWN_FUNCTION),
            (number(microwave_oven, "cook_time") << 8, [], results_ours.UNKNOWN_FUNCTION),
            (operation << 8 | 1, [(1, "1")], results.PAYLOAD_SYNTAX),
            (add_time << 8, [], results.PAYLOAD_SYNTAX),
            (add_time << 8, [(operation, "1")], results.PAYLOAD_SYNTAX),
            (1, [(add_time, "soon")], results.PAYLOAD_SYNTAX),
            (1, [(add_time, "")], results.PAYLOAD_SYNTAX),
        ):
            event = self.control(pair, params, function)
            self.assertEqual((event[0], event[4]), (REFUSED, {"Result": result}), (function, params))
        self.assertEqual(pair.appliance.applied, [])

    def test_every_function_that_is_listed_works(self):
        for table in TABLES:
            pair = Pair(table)
            pair.requester.info(pair.controller, DEVICE, "FunctionList")
            listed = pair.run()[0][4]["DeviceList"][0]["FunctionList"]
            self.assertEqual(len(set([item["FunctionID"] for item in listed])), len(listed))
            for item in listed:
                if item["FunctionCategory"] == "Control":
                    params = [(desc["ID"], desc["Min"]) for desc in item["InputList"]]
                    self.assertEqual(self.control(pair, params, item["FunctionID"])[0], ANSWER, item)
                    params = [(desc["ID"], desc["Max"]) for desc in item["InputList"]]
                    self.assertEqual(self.control(pair, params, item["FunctionID"])[0], ANSWER, item)

    def test_same_verdict_as_over_rump(self):
        """Random controls, each sent over both protocols to two equal appliances."""
        dice = Dice(5)
        refused = 0
        for table in TABLES:
            pair = Pair(table, fitted=[row[1] for row in table.FIELDS if dice.below(3)])
            twin = Appliance(table, [row[1] for row in table.FIELDS if pair.appliance.state.has(row[0])])
            rump = ControlledDevice(twin.state, ("", "", "", ""))
            for turn in range(150):
                params = random_params(dice, pair.appliance.state)
                event = self.control(pair, [(row[0], values.to_text(n, row[7])) for row, n in params])
                outcome = control_over_rump(rump, twin, turn + 1, params)
                found = event[4]
                if found["Result"]:
                    refused += 1
                    self.assertEqual((found["Result"] - 0x1000, found["Field"], found["Reason"]), outcome)
                else:
                    self.assertEqual(outcome, (0, 0, 0))
            self.assertEqual(pair.appliance.applied, twin.applied)
        self.assertGreater(refused, 100)
        self.assertLess(refused, 550)


def random_params(dice, state):
    params = []
    for _ in range(1 + dice.below(3)):
        row = state.rows[dice.below(len(state.rows))]
        bits = 8 * wire.size_of(row[2])
        low = -(1 << bits - 1) if row[2][-1] == "h" else 0
        steps = (row[5] - row[4]) // row[6]
        counts = row[4] + row[6] * dice.below(min(steps, 1000) + 1)
        if dice.below(8) == 0:
            counts = max(low, min(low + (1 << bits) - 1, counts + dice.below(500) - 250))
        params.append((row, counts))
    return params


def control_over_rump(rump, twin, sequence, params):
    """(result, field, reason) of the same control as a RUMP message."""
    body = bytearray([len(params)])
    for row, counts in params:
        size = wire.size_of(row[2])
        body += bytes([row[0], size]) + bytes(size)
        wire.write(row[2], body, len(body) - size, counts)
    raw = bytearray(RUMP_HEADER_SIZE + len(body))
    at = write_header(raw, 0, CONTROL, sequence, RUMP_ID, len(body))
    raw[at:] = body
    rump.receive(Peer(), raw, 0, len(raw))
    twin.apply_control(rump.control)
    return rump.control.result(), rump.control.field, rump.control.reason


class Store:
    """An alarm log's store is not needed here; a registrar's is."""

    def __init__(self):
        self.devices = {}
        self.services = []

    def register(self, values, peer):
        self.devices[values["DeviceID"]] = (values, peer)
        return 0

    def cancel(self, device_id):
        return 0 if self.devices.pop(device_id, None) else results.FILE_NOT_FOUND

    def service(self, values):
        self.services.append(values)
        return 0


class TestEvents(unittest.TestCase):
    def subscribe(self, pair, event_type="All", function=0xFFFF, lease=0, kind="Subscribe"):
        wish = {
            "SubscriptionType": kind,
            "DeviceID": DEVICE,
            "EventType": event_type,
            "FunctionID": function,
            "LeaseTime": lease,
        }
        pair.requester.ask(pair.controller, m.EVENT_SUBSCRIPTION_REQUEST, DEVICE, wish)
        return pair.run()

    def test_a_subscriber_is_told_how_things_are_and_what_changes(self):
        pair = Pair()
        heard = self.subscribe(pair)
        self.assertEqual([event[0] for event in heard], [ANSWER, NOTICE, NOTICE])
        self.assertEqual(
            [event[4].get("FunctionID") for event in heard[1:]], [properties.STATUS, properties.SENSOR]
        )
        self.assertEqual(pair.elapse(1000), [])
        pair.events.status_changed()
        self.assertEqual(len(pair.run()), 2)
        pair.events.status_changed()
        self.assertEqual(pair.run(), [])  # too soon
        self.assertEqual(len(pair.elapse(timing.EVENT_INTERVAL_MS)), 2)

    def test_only_what_was_asked_for(self):
        for event_type, function, expected in (
            ("SensorData", 0xFFFF, [properties.SENSOR]),
            ("DeviceStatus", 0xFFFF, [properties.STATUS]),
            ("All", properties.STATUS, [properties.STATUS]),
            ("DeviceStatus", properties.ALARM, []),
        ):
            pair = Pair()
            heard = self.subscribe(pair, event_type, function)
            self.assertEqual([event[4]["FunctionID"] for event in heard[1:]], expected)

    def test_events_that_do_not_exist(self):
        for event_type, function in (
            ("NetworkStatus", 0xFFFF),
            ("SensorData", properties.STATUS),
            ("All", 1),
        ):
            event = self.subscribe(Pair(), event_type, function)[0]
            self.assertEqual((event[0], event[4]["Result"]), (REFUSED, results_ours.UNKNOWN_EVENT))

    def test_lease_ends_and_is_renewed(self):
        pair = Pair()
        self.subscribe(pair, lease=10)
        pair.elapse(9000)
        self.assertEqual(self.subscribe(pair, lease=10)[0][4]["LeaseTime"], 10)
        self.assertEqual(len(pair.events.subscriptions), 1)
        pair.elapse(9999)
        self.assertEqual(len(pair.events.subscriptions), 1)
        pair.elapse(1)
        self.assertEqual(pair.events.subscriptions, [])

    def test_cancel(self):
        pair = Pair()
        self.subscribe(pair, "SensorData")
        self.subscribe(pair, "DeviceStatus")
        self.subscribe(pair, "SensorData", kind="Cancel")
        self.assertEqual(len(pair.events.subscriptions), 1)
        self.assertEqual(self.subscribe(pair, kind="Cancel")[0][0], ANSWER)
        self.assertEqual(pair.events.subscriptions, [])
        self.assertEqual(self.subscribe(pair, kind="Cancel")[0][0], ANSWER)

    def test_no_more_subscriptions_than_there_is_room_for(self):
        pair = Pair()
        wish = {"SubscriptionType": "Subscribe", "DeviceID": DEVICE, "EventType": "All"}
        wish.update({"FunctionID": 0xFFFF, "LeaseTime": 0})
        payload = codec.pack(m.EVENT_SUBSCRIPTION_REQUEST, wish)
        for i in range(timing.MOST_SUBSCRIPTIONS + 1):
            raw = bytearray(HEADER_SIZE) + payload
            source = bytes([i + 1]) * 16
            message.write_header(raw, 0, m.EVENT_SUBSCRIPTION_REQUEST, len(raw), source, DEVICE, b"12345678")
            pair.device.receive(raw, 0, len(raw))
            answer = pair.device.next_message().whole()
        self.assertEqual(answer[66:], b"\x10\x06")
        self.assertEqual(len(pair.events.subscriptions), timing.MOST_SUBSCRIPTIONS)

    def test_alarms_are_told_one_by_one(self):
        log = AlarmLog(3)
        log.update(1, 0, 5, None, None)
        pair = Pair(log=log)
        self.subscribe(pair)  # told from now on
        log.update(3, 2, 10, None, None)
        log.update(0, 0, 20, None, None)
        heard = [event for event in pair.elapse(0) if event[4].get("FunctionID") == properties.ALARM]
        self.assertEqual(len(heard), 2)
        found = {item["ParamID"]: item["Value"] for item in heard[0][4]["OutputList"]}
        self.assertEqual([found[properties.ALARM_PARAM + i] for i in range(5)], ["3", "2", "3", "2", "2"])

    def test_no_subscription_no_event(self):
        pair = Pair()
        pair.events.status_changed()
        self.assertEqual(pair.elapse(10000), [])
        self.assertEqual(pair.log, [])
        self.assertIsNone(pair.device.due_ms())


class TestFaults(unittest.TestCase):
    def answer_to(self, kind, payload, to=DEVICE, change=None):
        pair = Pair()
        raw = bytearray(HEADER_SIZE) + payload
        message.write_header(raw, 0, kind, len(raw), CONTROLLER, to, b"12345678")
        if change:
            raw[change[0]] = change[1]
        pair.device.receive(raw, 0, len(raw), "wire")
        out = pair.device.next_message()
        return None if out is None else (out.kind, out.whole()[66:], out.peer)

    def test_results_of_bad_requests(self):
        good = codec.pack(m.DEVICE_INFO_REQUEST, {"DeviceInfoReqType": "BasicInfo"})
        for change, result in (
            ((0, 9), b"\1\1"),
            ((2, 2), b"\2\4"),
            ((3, 4), b"\2\4"),
            ((7, 0x22), b"\1\2"),
            ((7, 0x63), b"\2\2"),
            ((7, 0x61), b"\2\3"),
            ((66, 0x62), b"\2\4"),
        ):
            found = self.answer_to(m.DEVICE_INFO_REQUEST, good, DEVICE, change)
            self.assertEqual(found, (m.DEVICE_INFO_RESPONSE, result, "wire"), change)
        self.assertEqual(self.answer_to(m.DEVICE_INFO_REQUEST, b"")[1], b"\2\1")
        self.assertEqual(self.answer_to(0x2015, b"")[:2], (m.DEVICE_INFO_RESPONSE, b"\1\5"))

    def test_what_this_device_does_not_do(self):
        for code, result in (
            (m.GET_FILE_REQUEST, b"\x0b\1"),
            (m.PUT_FILE_REQUEST, b"\x0b\1"),
            (m.APPLY_REQUEST, b"\x0c\2"),
            (m.DEVICE_REGISTRATION_REQUEST, b"\1\5"),
        ):
            self.assertEqual(self.answer_to(code, b"x")[1], result)

    def test_what_is_never_answered(self):
        good = codec.pack(m.DEVICE_INFO_REQUEST, {"DeviceInfoReqType": "BasicInfo"})
        bad_discovery = bytes(16)
        for kind, payload, to, change in (
            (m.DEVICE_INFO_REQUEST, good, SERVER, None),
            (m.DEVICE_INFO_REQUEST, good, message.BROADCAST, None),
            (m.DEVICE_CONTROL_REQUEST, b"", message.BROADCAST, None),
            (m.DEVICE_DISCOVERY_REQUEST, bad_discovery, message.BROADCAST, None),
            (m.DEVICE_DISCOVERY_REQUEST, bad_discovery, message.BROADCAST, (0, 9)),
            (m.DEVICE_INFO_RESPONSE, b"\0\0", DEVICE, None),
            (m.DEVICE_INFO_RESPONSE, b"\0\0", DEVICE, (0, 9)),
            (m.DEVICE_ADVERTISEMENT, b"", DEVICE, None),
            (m.EVENT_NOTIFICATION, b"x", DEVICE, None),
            (0x1125, b"", DEVICE, None),
            (0x8055, b"", DEVICE, None),
        ):
            self.assertIsNone(self.answer_to(kind, payload, to, change), (kind, to, change))

    def test_a_request_to_whoever_it_is(self):
        good = codec.pack(m.DEVICE_INFO_REQUEST, {"DeviceInfoReqType": "BasicInfo"})
        self.assertEqual(self.answer_to(m.DEVICE_INFO_REQUEST, good, message.UNKNOWN)[1][:2], b"\0\0")
        self.assertEqual(self.answer_to(m.DEVICE_CONTROL_REQUEST, b"x", message.UNKNOWN)[1], b"\1\4")

    def test_a_source_that_is_none_is_answered_to_its_peer_only(self):
        pair = Pair()
        for source, expected in ((message.UNKNOWN, message.UNKNOWN), (message.BROADCAST, message.UNKNOWN)):
            raw = bytearray(HEADER_SIZE) + bytes(32)
            message.write_header(raw, 0, m.DEVICE_INFO_REQUEST, len(raw), source, DEVICE, b"12345678")
            pair.device.receive(raw, 0, len(raw), "wire")
            out = pair.device.next_message()
            self.assertEqual((out.to, out.whole()[66:]), (expected, b"\1\3"))
            pair.device.receive(raw, 0, len(raw), None)
            self.assertIsNone(pair.device.next_message())

    def test_permission(self):
        pair = Pair(permit=lambda source, kind: kind != m.DEVICE_CONTROL_REQUEST)
        pair.requester.control(pair.controller, DEVICE, [(0x10, "1")])
        self.assertEqual(pair.run()[0][4], {"Result": results_ours.NOT_BOUND})
        pair.requester.info(pair.controller, DEVICE, "BasicInfo")
        self.assertEqual(pair.run()[0][0], ANSWER)

    def test_a_role_is_loaded_when_the_first_request_for_it_comes(self):
        pair = Pair()
        asked = []

        def load_role(kind):
            asked.append(kind)
            return Apply(Actions(), Record()) if kind == m.APPLY_REQUEST else None

        pair.device._load_role = load_role
        wish = {"ApplyType": "Reboot", "FileType": "", "FileName": ""}
        for _ in range(2):
            pair.requester.ask(pair.controller, m.APPLY_REQUEST, DEVICE, wish)
        self.assertEqual([event[0] for event in pair.run()], [ACCEPTED, REFUSED])
        self.assertEqual(asked, [m.APPLY_REQUEST])
        self.assertEqual(len(pair.device.roles), 3)

    def test_a_full_outbox_drops(self):
        pair = Pair()
        good = codec.pack(m.DEVICE_INFO_REQUEST, {"DeviceInfoReqType": "BasicInfo"})
        raw = bytearray(HEADER_SIZE) + good
        message.write_header(raw, 0, m.DEVICE_INFO_REQUEST, len(raw), CONTROLLER, DEVICE, b"12345678")
        for _ in range(timing.OUTBOX + 3):
            pair.device.receive(raw, 0, len(raw))
        self.assertEqual(pair.device.dropped, 3)
        n = 0
        while pair.device.next_message():
            n += 1
        self.assertEqual(n, timing.OUTBOX)


class TestRequester(unittest.TestCase):
    def test_no_answer_is_reported_once_and_nothing_is_sent_again(self):
        pair = Pair()
        transaction = pair.requester.info(pair.controller, DEVICE, "BasicInfo")
        self.assertIsNotNone(pair.controller.next_message())
        self.assertEqual(pair.requester.due_ms(), timing.RESPONSE_TIMEOUT_MS)
        self.assertEqual(pair.controller.elapsed(timing.RESPONSE_TIMEOUT_MS - 1), [])
        event = pair.controller.elapsed(1)
        self.assertEqual(event[0][:3], (NO_ANSWER, transaction, m.DEVICE_INFO_REQUEST))
        self.assertEqual(event[0][4], {"Result": results.TRANSACTION_TIMEOUT})
        self.assertEqual(pair.controller.elapsed(100000), [])
        self.assertIsNone(pair.controller.next_message())

    def test_undelivered(self):
        pair = Pair()
        pair.requester.info(pair.controller, DEVICE, "BasicInfo")
        raw = bytearray(pair.controller.next_message().whole())
        event = pair.controller.undelivered(raw, 0, len(raw))
        self.assertEqual((event[0], event[4]), (NO_ANSWER, {"Result": results.TRANSACTION_TIMEOUT}))
        self.assertIsNone(pair.controller.undelivered(raw, 0, len(raw)))

    def test_answers_that_fit_nothing(self):
        pair = Pair()
        transaction = pair.requester.info(pair.controller, DEVICE, "BasicInfo")
        for source, kind, number in (
            (SERVER, m.DEVICE_INFO_RESPONSE, transaction),
            (DEVICE, m.DEVICE_CONTROL_RESPONSE, transaction),
            (DEVICE, m.DEVICE_INFO_RESPONSE, b"another!"),
        ):
            raw = bytearray(HEADER_SIZE + 2)
            raw[-1] = 1
            message.write_header(raw, 0, kind, len(raw), source, CONTROLLER, number)
            self.assertIsNone(pair.controller.receive(raw, 0, len(raw)))
            self.assertEqual(pair.controller.drop_reason, "not_asked")
        self.assertEqual(len(pair.run()), 1)

    def test_too_many_at_once(self):
        pair = Pair()
        for _ in range(timing.MOST_PENDING):
            pair.requester.info(pair.controller, DEVICE, "BasicInfo")
        with self.assertRaises(StateError):
            pair.requester.info(pair.controller, DEVICE, "BasicInfo")

    def test_cancel_waits_no_longer(self):
        pair = Pair()
        pair.requester.cancel(pair.requester.info(pair.controller, DEVICE, "BasicInfo"))
        self.assertEqual(pair.run(), [])
        self.assertEqual(pair.controller.drop_reason, "not_asked")

    def test_user_defined_messages_pass(self):
        pair = Pair()
        pair.device.send(0x9001, CONTROLLER, b"user12345"[:8], b"hello")
        event = pair.run()[0]
        self.assertEqual((event[0], event[2], event[4]), (NOTICE, 0x9001, {"data": b"hello"}))


class TestRegistration(unittest.TestCase):
    def test_a_device_registers_and_cancels(self):
        store = Store()
        server_pair = Pair(more_roles=[Registrar(store)])
        asking = server_pair.requester
        role = Device(Identity(CONTROLLER, 0xFF11, "boiler"), lambda: TEXTS.get)
        for reg_type, n in (("Register", 1), ("Cancel", 0)):
            asking.ask(
                server_pair.controller, m.DEVICE_REGISTRATION_REQUEST, DEVICE, role.registration(reg_type)
            )
            event = server_pair.run()[0]
            self.assertEqual((event[0], event[4]), (ANSWER, {"Result": 0, "DeviceID": CONTROLLER}))
            self.assertEqual(len(store.devices), n)
            if n:
                kept, peer = store.devices[CONTROLLER]
                self.assertEqual((kept["ModelName"], kept["SerialNumber"], peer), ("Demo", "", "wire"))
        asking.ask(server_pair.controller, m.DEVICE_REGISTRATION_REQUEST, DEVICE, role.registration("Cancel"))
        self.assertEqual(server_pair.run()[0][0], REFUSED)

    def test_nobody_registers_another(self):
        pair = Pair(more_roles=[Registrar(Store())])
        role = Device(Identity(SERVER, 0xFF11, "boiler"))
        pair.requester.ask(
            pair.controller, m.DEVICE_REGISTRATION_REQUEST, DEVICE, role.registration("Register")
        )
        self.assertEqual(pair.run()[0][4], {"Result": results.HEADER_SOURCE_ID})

    def test_services(self):
        store = Store()
        pair = Pair(more_roles=[Registrar(store)])
        wish = {"RegType": "Add", "DeviceID": CONTROLLER, "ServiceName": "heating", "UserID": "ann"}
        wish["ParamList"] = [{"ParamID": 1, "Value": "x"}]
        pair.requester.ask(pair.controller, m.SERVICE_REGISTRATION_REQUEST, DEVICE, wish)
        self.assertEqual(pair.run()[0][4], {"Result": 0, "ServiceName": "heating"})
        self.assertEqual(store.services[0]["ParamList"][0]["Value"], "x")


class Actions:
    """Takes time, or restarts: then finished() of the next Actions says what became of it."""

    def __init__(self, outcome=None, result=0):
        self.outcome = outcome
        self.result = result
        self.started = []

    def check(self, apply_type, file_type, file_name):
        return self.result, 7

    def start(self, *what):
        self.started.append(what)

    def finished(self):
        return self.outcome


class Record:
    def __init__(self):
        self.raw = None
        self.is_full = False

    def load(self):
        return self.raw

    def save(self, raw):
        if not self.is_full:
            self.raw = raw
        return not self.is_full

    def clear(self):
        self.raw = None


class TestApply(unittest.TestCase):
    WISH = {"ApplyType": "Update", "FileType": "Firmware", "FileName": "bundle"}

    def begin(self, actions, record):
        pair = Pair(more_roles=[Apply(actions, record)])
        pair.requester.ask(pair.controller, m.APPLY_REQUEST, DEVICE, self.WISH)
        return pair, pair.run()

    def test_accepted_then_done(self):
        actions, record = Actions(), Record()
        pair, heard = self.begin(actions, record)
        self.assertEqual([event[0] for event in heard], [ACCEPTED])
        self.assertEqual(heard[0][4]["ExpectedTime"], 7)
        self.assertIsNotNone(record.raw)
        pair.elapse(timing.APPLY_DELAY_MS - 1)
        self.assertEqual(actions.started, [])
        pair.elapse(1)
        self.assertEqual(actions.started, [("Update", "Firmware", "bundle")])
        self.assertEqual(pair.elapse(5000), [])
        actions.outcome = (0, "1.2.0")
        heard = pair.elapse(300)
        self.assertEqual(heard[0][0], ANSWER)
        self.assertEqual(heard[0][4], {"Result": 0, "ApplyType": "Update", "FileVersion": "1.2.0"})
        self.assertIsNone(record.raw)
        self.assertEqual(len(actions.started), 1)

    def test_the_result_comes_after_a_restart(self):
        record = Record()
        pair, _heard = self.begin(Actions(), record)
        restarted = Actions()
        pair.device.roles[-1] = Apply(restarted, record)
        self.assertEqual(pair.elapse(1000), [])
        restarted.outcome = (results.APPLY_FILE_BROKEN, "1.0.0")
        heard = pair.elapse(1000)
        self.assertEqual((heard[0][0], heard[0][4]["Result"]), (REFUSED, results.APPLY_FILE_BROKEN))
        self.assertEqual(restarted.started, [])
        self.assertIsNone(record.raw)

    def test_a_copy_of_the_request_is_not_acted_on_twice_even_after_a_restart(self):
        record = Record()
        pair, _heard = self.begin(Actions(), record)
        request = [raw for kind, raw in pair.log if kind == m.APPLY_REQUEST][0]
        restarted = Actions()
        pair.device.roles[-1] = Apply(restarted, record)
        pair.device.receive(request, 0, len(request))
        self.assertEqual(pair.device.next_message().whole()[66:68], b"\0\0")
        pair.device.elapsed(5000)
        self.assertEqual(restarted.started, [])

    def test_refused_and_busy(self):
        _pair, heard = self.begin(Actions(None, results.APPLY_FILE_BROKEN), Record())
        self.assertEqual((heard[0][0], heard[0][4]["Result"]), (REFUSED, results.APPLY_FILE_BROKEN))
        pair, _heard = self.begin(Actions(), Record())
        pair.requester.ask(pair.controller, m.APPLY_REQUEST, DEVICE, self.WISH)
        self.assertEqual(pair.run()[0][4]["Result"], results.OTHER_OPERATION_RUNNING)

    def test_nothing_is_begun_that_cannot_be_remembered(self):
        record, actions = Record(), Actions()
        record.is_full = True
        pair, heard = self.begin(actions, record)
        self.assertEqual(heard[0][4]["Result"], results.LOCAL_ERROR)
        pair.elapse(5000)
        self.assertEqual(actions.started, [])

    def test_a_torn_record_is_forgotten(self):
        record = Record()
        record.raw = b"torn"
        self.assertEqual(Apply(Actions(), record).state, transactions.IDLE)
        self.assertIsNone(record.raw)

    def test_no_result(self):
        pair, _heard = self.begin(Actions(), Record())
        heard = pair.elapse(7000 + timing.RESULT_TIMEOUT_MS)
        self.assertEqual([event[0] for event in heard], [NO_ANSWER])


class TestTransactionTable(unittest.TestCase):
    MESSAGES = {
        ("two", "requester"): ("response", "refusal"),
        ("two", "responder"): ("request",),
        ("many", "requester"): ("response", "refusal"),
        ("many", "responder"): ("request",),
        ("get", "requester"): ("response", "refusal", "data", "result", "failure"),
        ("get", "responder"): ("request", "ack", "abort"),
        ("put", "requester"): ("response", "refusal", "ack", "abort"),
        ("put", "responder"): ("request", "data", "result", "failure"),
        ("apply", "requester"): ("response", "refusal", "result", "failure"),
        ("apply", "responder"): ("request",),
    }

    def states(self, exchange, end):
        return set([row[0] for row in transactions.rows_of(exchange, end)])

    def test_every_state_has_an_answer_to_every_message_and_to_a_reboot(self):
        n = 0
        for (exchange, end), happenings in self.MESSAGES.items():
            for state in self.states(exchange, end):
                wanted = list(happenings)
                if state != transactions.IDLE:
                    wanted.append("reboot")
                    if end == "requester":
                        wanted += ["timeout", "undelivered", "cancel"]
                for happening in wanted:
                    _state, duty = transactions.step(exchange, end, state, happening)
                    self.assertIsNotNone(duty, (exchange, end, state, happening))
                    n += 1
        self.assertGreater(n, 70)

    def test_rows_are_unique_and_lead_to_states_that_exist(self):
        n = 0
        for exchange, end, rows in transactions.TRANSITIONS:
            self.assertIn((exchange, end), self.MESSAGES)
            keys = [row[:2] for row in rows]
            self.assertEqual(len(set(keys)), len(keys))
            for row in rows:
                self.assertIn(row[2], self.states(exchange, end))
            n += len(rows)
        self.assertGreater(n, 100)

    def test_every_state_can_be_left(self):
        for exchange, end, rows in transactions.TRANSITIONS:
            for state in self.states(exchange, end):
                if state != transactions.IDLE:
                    self.assertIn(transactions.IDLE, [row[2] for row in rows if row[0] == state])

    def test_what_has_no_row_changes_nothing(self):
        self.assertEqual(transactions.step("two", "requester", "asked", "data"), ("asked", None))


if __name__ == "__main__":
    unittest.main()
