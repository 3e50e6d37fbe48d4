"""DCMP on the whole device in memory: what management.py joins, on streams, a cable and datagrams."""

import unittest

from fake_hal import UUID, Bench
from test_dcmp_codec import Dice

from rumpus.dcmp import message
from rumpus.dcmp.requester import Requester
from rumpus.dcmp.session import ANSWER, NOTICE, REFUSED, Session
from rumpus.dcmp.tables import message_codes as m
from rumpus.dcmp.tables import result_codes as results
from rumpus.dcmp.tables.bodies_ours import ANY_FUNCTION
from rumpus.dcmp.tables.properties import FIELD_PROPERTY
from rumpus.link import HEAD, RMDP, TAIL, StreamLink
from rumpus.management import management
from rumpus.management.sender import MOST_HELD_MS
from rumpus.rmdp.node import Node
from rumpus.rmdp.pieces import serial_pieces, stream_pieces
from rumpus.rmdp.tables.header import HEADER_SIZE
from rumpus.rmdp.tables.timing import ADVERTISE_MS, DATAGRAM_SIZE
from rumpus.serial_link import SerialLink

DEVICE = bytes.fromhex(UUID)
OURS = bytes(range(100, 116))
INFO_TYPES = (
    "BasicInfo",
    "FunctionList",
    "CommonProperty",
    "ConfigProperty",
    "StatusProperty",
    "DeviceSpecificProperty",
    "DeviceProperty",
    "FullDescription",
)
STREAM = "stream"


class Datagrams:
    """A network of two: what the device sends is kept with where it goes, None = to all."""

    def __init__(self):
        self.ready = False
        self.sent = []
        self.waiting = []
        self.source = None
        self.is_up = True

    def join(self):
        return self.is_up

    def address(self, host, port):
        return host, port

    def receive(self):
        if not self.waiting:
            self.ready = False
            return None
        self.source, data = self.waiting.pop(0)
        return data

    def send(self, buf, at, end, to):
        self.sent.append((to, bytes(memoryview(buf)[at:end])))
        return self.is_up


class Asker:
    """A controller's node and session at the other end of a carrier, or of datagrams."""

    def __init__(self, bench, carrier=None, link=None, name=("192.0.2.9", 40000), device_id=OURS):
        self.bench = bench
        self.carrier = carrier
        self.link = link or StreamLink(8192)
        self.name = name
        self.requester = Requester()
        ids = message.TransactionIds(device_id[:4])
        self.node = Node(device_id, ids, is_reliable=lambda _route: carrier is not None)
        self.node.objects.append(device_id)
        self.session = Session(device_id, [self.requester], ids)
        self.events = []
        self.longest = 0

    def run(self, ms=300, step_ms=20):
        for _ in range(0, ms, step_ms):
            self._send()
            self.bench.app.step(step_ms)
            self._take()
            self.node.elapsed(step_ms)
            self.events += list(self.session.elapsed(step_ms))

    def _send(self):
        out = bytearray(4096)
        end = self.node.write(out, HEAD + 1)
        while end:
            self._put(out, end)
            end = self.node.write(out, HEAD + 1)
        waiting = self.session.next_message()
        while waiting is not None:
            end = self.node.send(waiting, out, HEAD + 1, len(out) - TAIL)
            if end:
                self._put(out, end)
            waiting = self.session.next_message()

    def _put(self, out, end):
        out[HEAD] = RMDP
        if self.carrier:
            start = self.link.frame(out, HEAD, end)
            self.carrier.send(out, start, self.link.out_end)
        else:
            udp = self.bench.udp
            udp.waiting.append((self.name, bytes(out[HEAD:end])))
            udp.ready = True

    def _take(self):
        if not self.carrier:
            kept, self.bench.udp.sent = self.bench.udp.sent, []
            for to, datagram in kept:
                if to in (None, self.name):
                    self._receive(datagram, 1, len(datagram), "device")
            return
        n = self.carrier.recv_into(self.link.free())
        while n > 0:
            self.link.received(n)
            while self.link.next_packet():
                if self.link.buf[self.link.at] == RMDP:
                    self._receive(self.link.buf, self.link.at + 1, self.link.end, STREAM)
            n = self.carrier.recv_into(self.link.free())

    def _receive(self, buf, at, end, route):
        self.longest = max(self.longest, end - at)
        if self.node.receive(buf, at, end, route):
            self.node.learn(message.source_of(buf, self.node.at), self.node.peer)
            event = self.session.receive(buf, self.node.at, self.node.end, self.node.peer)
            if event:
                self.events.append(event)

    def taken(self):
        events, self.events = self.events, []
        return events

    def find(self):
        """Discover the device, so that it is known where it is."""
        self.requester.discover(self.session, timeout_ms=200)
        self.run(400)
        return [event[4] for event in self.taken() if event[0] == ANSWER]

    def answer(self, ms=400):
        """The one event of a request that was just asked."""
        self.run(ms)
        events = [event for event in self.taken() if event[0] != NOTICE]
        return events[0][0], events[0][4]

    def info(self, kind):
        self.requester.info(self.session, DEVICE, kind)
        return self.answer()

    def subscribe(self, kind="Subscribe", lease=60):
        wish = {"SubscriptionType": kind, "DeviceID": DEVICE, "EventType": "All"}
        wish.update({"FunctionID": ANY_FUNCTION, "LeaseTime": lease})
        self.requester.ask(self.session, m.EVENT_SUBSCRIPTION_REQUEST, DEVICE, wish)


def bench_of(kind="water_heater", settings=None, size=1500):
    """A device with DCMP; bench.udp is its network."""
    udp = Datagrams()
    more = {"dcmp": True, "udp": 0}
    more.update(settings or {})
    bench = Bench(kind, settings=more, size=size)
    bench.udp = udp
    bench.app.management.sender.udp = udp
    return bench


def over_stream(kind="water_heater", settings=None, size=1500, is_serial=False):
    bench = bench_of(kind, settings, size)
    link = None
    if is_serial:
        bench.app._make_link = SerialLink
        link = SerialLink(8192)
    return bench, Asker(bench, bench.controller.carrier, link)


def subscriptions(bench):
    """Those of the role that keeps them, none while it is not loaded."""
    return [one for role in bench.app.management.session.roles for one in getattr(role, "subscriptions", ())]


class Described(unittest.TestCase):
    def test_discovery_by_each_condition(self):
        _bench, asker = over_stream("refrigerator", {"name": "Kitchen"})
        self.assertEqual(len(asker.find()), 1)
        for condition, value, is_found in (
            ("DeviceID", DEVICE, True),
            ("DeviceID", OURS, False),
            ("DeviceType", 0xFF13, True),
            ("DeviceType", 0xFF02, True),  # it measures: a sensor, too
            ("DeviceType", 0xFF11, False),
            ("DeviceName", "Kitchen", True),
            ("DeviceName", "kitchen", False),
        ):
            asker.requester.discover(asker.session, condition, value, timeout_ms=100)
            asker.run(300)
            answers = [event for event in asker.taken() if event[0] == ANSWER]
            self.assertEqual(len(answers) == 1, is_found, (condition, value))

    def test_all_information_of_all_appliances_through_a_small_carrier(self):
        for kind in ("water_heater", "air_conditioner", "refrigerator", "microwave_oven"):
            for is_serial in (False, True):
                bench, asker = over_stream(kind, is_serial=is_serial)
                asker.find()
                for info_type in INFO_TYPES:
                    what, values = asker.info(info_type)
                    self.assertEqual((what, values["Result"]), (ANSWER, 0), (kind, info_type, is_serial))
                self.assertGreater(asker.longest, 3000)
                self.assertLess(len(bench.app.out), 1300)  # never built whole

    def test_over_datagrams_what_is_too_long_is_said(self):
        bench = bench_of()
        asker = Asker(bench)
        asker.find()
        for info_type, expected in (
            ("BasicInfo", ANSWER),
            ("CommonProperty", ANSWER),
            ("FunctionList", REFUSED),
        ):
            what, values = asker.info(info_type)
            self.assertEqual(what, expected)
        self.assertEqual(values, {"Result": results.PAYLOAD_NOT_WHOLE})
        self.assertLessEqual(asker.longest, DATAGRAM_SIZE)

    def test_a_device_with_more_functions_says_so(self):
        _bench, asker = over_stream(settings={"capability": ["switch", "gateway"]})
        self.assertEqual(asker.find()[0]["DeviceCapability"], [0xFF01, 0xFF03, 0xFF02])

    def test_without_the_setting_nothing_of_it_is_there(self):
        bench = Bench("water_heater")
        self.assertIsNone(bench.app.management)
        bench.run(200)
        bench.controller.send(RMDP, bytes(60))
        bench.run(200)
        self.assertEqual(bench.app.device.drop_reason, "rmdp")


class Controlled(unittest.TestCase):
    def test_a_control_is_carried_out_and_answered_with_the_status(self):
        bench, asker = over_stream()
        asker.find()
        asker.requester.control(asker.session, DEVICE, [(0x10, "1"), (0x11, "60.0")])
        what, values = asker.answer()
        self.assertEqual(what, ANSWER)
        told = {row["ParamID"]: row["Value"] for row in values["OutputList"]}
        self.assertEqual((told[0x10], told[0x11]), ("1", "60.0"))
        self.assertEqual((bench.app.state[0x10], bench.app.state[0x11]), (1, 600))

    def test_both_protocols_refuse_alike(self):
        for fields in (
            (("target_temperature", 9990),),
            (("target_temperature", 305),),
            (("current_temperature", 300),),
            (("power", 1), ("power", 0)),
        ):
            bench, asker = over_stream()
            asker.find()
            rows = {row[1]: row for row in bench.app.state.rows}
            bench.controller.events()
            bench.controller.control(*fields)
            bench.run(100)
            event = bench.controller.events()[0]
            rump = event[2].result, event[2].field, event[2].reason
            params = [(rows[name][0], about_text(rows[name], counts)) for name, counts in fields]
            asker.requester.control(asker.session, DEVICE, params)
            what, values = asker.answer()
            self.assertEqual(what, REFUSED)
            self.assertEqual((values["Result"] - 0x1000, values["Field"], values["Reason"]), rump)

    def test_a_controller_that_is_not_named_may_look_but_not_touch(self):
        bench, asker = over_stream(settings={"dcmp_controllers": ["ab" * 16]})
        asker.find()
        self.assertEqual(asker.info("BasicInfo")[0], ANSWER)
        asker.requester.control(asker.session, DEVICE, [(0x10, "1")])
        self.assertEqual(asker.answer(), (REFUSED, {"Result": 0x1007}))
        self.assertEqual(bench.app.state[0x10], 0)
        bench, asker = over_stream(settings={"dcmp_controllers": ["ab" * 16, OURS.hex()]})
        asker.find()
        asker.requester.control(asker.session, DEVICE, [(0x10, "1")])
        self.assertEqual(asker.answer()[0], ANSWER)

    def test_a_repeated_datagram_is_done_once(self):
        bench = bench_of("microwave_oven")
        asker = Asker(bench)
        asker.find()
        calls = []
        control = bench.app.management.device._apply_control
        bench.app.management.device._apply_control = lambda request: (calls.append(1), control(request))
        asker.requester.control(asker.session, DEVICE, [(0x10, "1")])
        asker._send()
        bench.udp.waiting += bench.udp.waiting * 2
        asker.run(300)
        self.assertEqual(len(calls), 1)

    def test_apply_and_files_that_are_not_there(self):
        _bench, asker = over_stream()
        asker.find()
        wish = {"ApplyType": "Update", "FileType": "Firmware", "FileName": ""}
        asker.requester.ask(asker.session, m.APPLY_REQUEST, DEVICE, wish)
        self.assertEqual(asker.answer(), (REFUSED, {"Result": results.APPLY_NOT_EXECUTABLE}))


class Told(unittest.TestCase):
    def test_events_come_until_cancelled(self):
        bench, asker = over_stream()
        asker.find()
        asker.subscribe()
        asker.run(1000)
        events = asker.taken()
        self.assertEqual(events[0][0], ANSWER)
        self.assertEqual({e[4]["FunctionID"] for e in events if e[0] == NOTICE}, {2, 4})
        bench.controller.control(("power", 1))
        asker.run(1000)
        self.assertTrue([e for e in asker.taken() if e[0] == NOTICE and e[4]["FunctionID"] == 2])
        asker.subscribe("Cancel")
        asker.run(300)
        asker.taken()
        bench.controller.control(("power", 0))
        asker.run(1000)
        self.assertEqual(asker.taken(), [])

    def test_an_alarm_is_an_event(self):
        bench, asker = over_stream()
        asker.find()
        asker.subscribe()
        asker.run(600)
        asker.taken()
        bench.pin_of("tank_temperature").level = 2600  # hot
        asker.run(4000, 100)
        alarms = [e[4] for e in asker.taken() if e[0] == NOTICE and e[4]["FunctionID"] == 3]
        self.assertEqual(len(alarms), bench.app.log.sequence)
        self.assertGreater(len(alarms), 0)

    def test_a_lease_ends(self):
        bench, asker = over_stream()
        asker.find()
        asker.subscribe(lease=2)
        asker.run(3000, 100)
        self.assertEqual(subscriptions(bench), [])

    def test_who_is_gone_is_told_nothing_more(self):
        bench, asker = over_stream()
        asker.find()
        asker.subscribe(lease=0)
        asker.run(600)
        self.assertEqual(len(subscriptions(bench)), 1)
        asker.carrier.close()
        bench.run(300)
        bench.app.control(request(bench.app, "power", 1))
        bench.run(1000)
        self.assertEqual(subscriptions(bench), [])
        self.assertEqual(bench.app.management.sender.links, [])

    def test_a_reader_that_takes_nothing_does_not_stop_the_others(self):
        bench, slow = over_stream(size=700)
        quick = Asker(bench)
        slow.find()
        quick.find()
        slow.requester.info(slow.session, DEVICE, "FullDescription")
        slow._send()
        bench.run(200)  # it has begun, and is stuck
        slow.requester.info(slow.session, DEVICE, "BasicInfo")
        slow._send()
        bench.run(200)
        quick.requester.info(quick.session, DEVICE, "BasicInfo")
        quick.run(MOST_HELD_MS + 1000, 100)
        self.assertEqual([e[0] for e in quick.taken()], [ANSWER])


class ShortOfMemory(unittest.TestCase):
    """A request from afar never ends the device; what memory does not suffice for is dropped or refused."""

    def test_a_role_that_does_not_fit_is_refused(self):
        bench, asker = over_stream()
        asker.find()
        real = management.load

        def too_big(path, names):
            if path == "rumpus.dcmp.events":
                raise MemoryError
            return real(path, names)

        management.load = too_big
        try:
            asker.subscribe()
            self.assertEqual(asker.answer(), (REFUSED, {"Result": results.HEADER_OP_CODE}))
        finally:
            management.load = real
        # When there is memory again it is loaded.
        asker.subscribe()
        self.assertEqual(asker.answer()[0], ANSWER)
        self.assertEqual(asker.info("BasicInfo")[0], ANSWER)

    def test_an_answer_that_does_not_fit_is_dropped(self):
        bench, asker = over_stream()
        asker.find()
        device = bench.app.management.device
        real = device.answer

        def too_big(session, incoming):
            raise MemoryError

        device.answer = too_big
        asker.requester.info(asker.session, DEVICE, "BasicInfo")
        asker.run(300)
        self.assertEqual((asker.taken(), bench.app.management.dropped), ([], 1))
        device.answer = real
        self.assertEqual(asker.info("BasicInfo")[0], ANSWER)

    def test_a_connection_that_does_not_fit_is_closed(self):
        bench = bench_of()
        bench.run(200)
        app = bench.app
        made = app._make_link

        def too_big(size):
            raise MemoryError

        app._make_link = too_big
        refused = bench.another()
        bench.run(200)
        self.assertFalse(refused.carrier.open)
        app._make_link = made
        taken = bench.another()
        bench.run(200)
        self.assertTrue(taken.carrier.open)


class Announced(unittest.TestCase):
    def test_start_and_end_are_advertised(self):
        bench = bench_of()
        asker = Asker(bench)
        asker.run(200)
        starts = [e[4]["AdType"] for e in asker.taken() if e[0] == NOTICE and e[2] == m.DEVICE_ADVERTISEMENT]
        self.assertEqual(starts, ["Start"])
        self.assertIsNotNone(asker.node.directory.find(DEVICE))
        bench.app.management.stop(bench.app)
        asker._take()
        ends = [e[4]["AdType"] for e in asker.taken() if e[0] == NOTICE]
        self.assertEqual(ends, ["End"])
        self.assertIsNone(asker.node.directory.find(DEVICE))

    def test_the_first_advertisement_waits_for_the_network(self):
        bench = bench_of()
        bench.udp.is_up = False
        bench.run(5000)
        self.assertEqual(bench.udp.sent, [])
        bench.udp.is_up = True
        bench.run(1200)
        self.assertEqual(len(bench.udp.sent), 4)  # node, objects, who else is there, the device
        bench.run(ADVERTISE_MS + 1000)
        self.assertEqual(len(bench.udp.sent), 6)

    def test_rubbish_on_every_carrier_is_survived(self):
        dice = Dice(5)
        bench, asker = over_stream()
        asker.find()
        for n in range(400):
            junk = bytes([dice.below(256) for _ in range(dice.below(200))])
            bench.udp.waiting.append((("192.0.2.1", 1), bytes((RMDP,)) + junk if n % 2 else junk))
            bench.udp.ready = True
            bench.controller.send(RMDP, junk)
            bench.app.step(10)
        asker.run(600)
        asker.taken()
        self.assertEqual(asker.info("BasicInfo")[0], ANSWER)

    def test_nothing_to_do_is_far_away(self):
        bench, asker = over_stream()
        asker.find()
        bench.run(2000)
        self.assertGreater(bench.app.management.due_ms(), 100)


class Server(unittest.TestCase):
    """The device's end of a management server over datagrams; over TCP: tests/host/test_dcmp_network.py."""

    def bench(self):
        bench = bench_of(settings={"model": "WH-1"})
        from rumpus.management.server import Server as Registering

        management = bench.app.management
        management.server = Registering(management, bench.app.hal, "udp://192.0.2.9:40000")
        return bench

    def test_it_advertises_and_registers_until_answered(self):
        bench = self.bench()
        dms = Asker(bench)
        seen = []

        class Store:
            def register(self, values, peer):
                seen.append(values)
                return 0 if len(seen) > 1 else results.LOCAL_ERROR

            def cancel(self, _device_id):
                seen.append("cancel")
                return 0

        from rumpus.dcmp.registrar import Registrar

        dms.session.roles.append(Registrar(Store()))
        dms.run(1000)
        self.assertEqual(len(seen), 1)
        self.assertFalse(bench.app.management.server.is_registered)
        dms.run(11000, 100)
        self.assertTrue(bench.app.management.server.is_registered)
        self.assertEqual((seen[1]["DeviceID"], seen[1]["ModelName"]), (DEVICE, "WH-1"))
        bench.app.management.stop(bench.app)
        dms._take()
        self.assertEqual(seen[-1], "cancel")

    def test_without_a_server_it_goes_on_trying(self):
        bench = self.bench()
        bench.run(60000)
        sent = [datagram for to, datagram in bench.udp.sent if to == ("192.0.2.9", 40000)]
        kinds = [message.kind_of(datagram, 1 + HEADER_SIZE) for datagram in sent if len(datagram) > 200]
        self.assertGreaterEqual(kinds.count(m.DEVICE_REGISTRATION_REQUEST), 5)


class Pieces(unittest.TestCase):
    """What is framed in pieces is what a link frames whole."""

    class Source:
        def __init__(self, data, at):
            self._data = data
            self._at = at

        @property
        def left(self):
            return len(self._data) - self._at

        def write(self, out, at, end):
            n = min(end - at, self.left)
            out[at : at + n] = self._data[self._at : self._at + n]
            self._at += n
            return at + n

    def test_any_packet(self):
        dice = Dice(11)
        for n in (1, 2, 63, 64, 253, 254, 255, 256, 508, 509, 1000, 3000):
            for style in range(3):
                data = bytes([(0, dice.below(256), 1 + dice.below(255))[style] for _ in range(n)])
                for make, link in ((stream_pieces, StreamLink(9000)), (serial_pieces, SerialLink(9000))):
                    out = bytearray(HEAD + 64)
                    first = min(n, 64)
                    out[HEAD : HEAD + first] = data[:first]
                    whole = b""
                    for piece in make(out, HEAD, HEAD + first, self.Source(data, first)):
                        whole += bytes(piece)
                    expected = bytearray(HEAD + n + TAIL + n // 254)
                    expected[HEAD : HEAD + n] = data
                    start = link.frame(expected, HEAD, HEAD + n)
                    self.assertEqual(whole, bytes(expected[start : link.out_end]), (n, style))


class Texts(unittest.TestCase):
    def test_the_clock_is_told_in_ntp_seconds(self):
        bench, _asker = over_stream()
        self.assertEqual(management.ntp_second(bench.app.state), 0)
        bench.app.control(request(bench.app, "clock_day", 9000))
        bench.app.control(request(bench.app, "clock_second", 10))
        self.assertEqual(management.ntp_second(bench.app.state), (36524 + 9000) * 86400 + 10)

    def test_properties(self):
        _bench, asker = over_stream(
            settings={"name": "Bath", "vendor": "V", "model": "M", "model_number": "N"}
        )
        asker.find()
        _what, values = asker.info("DeviceProperty")
        texts = {row["PropertyID"]: row["Value"] for row in values["DeviceList"][0]["PropertyList"]}
        self.assertEqual(
            [texts[n] for n in (0x101, 0x102, 0x103, 0x104, 0x201)], ["V", "M", "N", UUID, "Bath"]
        )
        self.assertEqual(texts[FIELD_PROPERTY + 0x10], "0")


def about_text(row, counts):
    from rumpus.dcmp.values import to_text

    return to_text(counts, row[7])


def request(app, name, counts):
    from rumpus.rump.control import Control

    control = Control()
    for row in app.state.rows:
        if row[1] == name:
            control.add(row[0], counts)
    return control


if __name__ == "__main__":
    unittest.main()
