"""DCMP over RMDP on a datagram network that loses, doubles, reorders and damages: everything ends, and ends
right or with a clear error. Also files over a network that is good, and RMDP's own rules."""

# ruff: noqa: B023  (the functions made in loops are called before the loop goes on)

import hashlib
import unittest

from test_dcmp_codec import Dice
from test_dcmp_session import TEXTS, Appliance, Store

from rumpus.dcmp import message
from rumpus.dcmp.device import Device
from rumpus.dcmp.events import Events
from rumpus.dcmp.file_client import FileClient
from rumpus.dcmp.files import Files
from rumpus.dcmp.identity import Identity
from rumpus.dcmp.registrar import Registrar
from rumpus.dcmp.requester import Requester
from rumpus.dcmp.session import ANSWER, END, NO_ANSWER, NOTICE, REFUSED, Session
from rumpus.dcmp.tables import message_codes as m
from rumpus.dcmp.tables import result_codes as results
from rumpus.dcmp.tables.bodies_ours import ANY_FUNCTION
from rumpus.errors import StateError
from rumpus.rmdp.node import Node
from rumpus.rmdp.tables.header import HEADER_SIZE
from rumpus.rmdp.tables.timing import DATAGRAM_SIZE

DEVICE = bytes(range(16))
SECOND = bytes(range(64, 80))
CONTROLLER = bytes(range(16, 32))
SERVER = bytes(range(32, 48))
NO_DIGEST = bytes(32)


def node_of(device_id):
    """A node ID for the node of a device; only ever compared."""
    return bytes(reversed(device_id))


NODE = node_of(DEVICE)


def digest_of(data):
    return hashlib.sha256(data).digest()


class Storage:
    """Files in memory: what transfer.py wants of a storage."""

    MAX_BLOCK = 1024

    def __init__(self, files=(), room=100000):
        self.data = {}  # (type, name) -> bytes
        for file_type, name, data in files:
            self.data[file_type, name] = data
        self.parts = {}  # (type, name) -> [bytearray, size, digest]
        self.room = room
        self.writing = None
        self.reading = None
        self.fails_at = None

    def files(self, file_type, name):
        return [
            (key[0], key[1], "1", len(data), digest_of(data))
            for key, data in self.data.items()
            if file_type in ("All", key[0]) and name in ("", key[1])
        ]

    def open(self, file_type, name):
        data = self.data.get((file_type, name))
        if data is None:
            return results.FILE_NOT_FOUND, 0, NO_DIGEST
        self.reading = data
        return 0, len(data), digest_of(data)

    def read(self, offset, view):
        piece = self.reading[offset : offset + len(view)]
        view[: len(piece)] = piece
        return len(piece)

    def resume(self, file_type, name, digest):
        part = self.parts.get((file_type, name))
        return len(part[0]) if part and part[2] == digest else 0

    def begin(self, file_type, name, version, size, digest, may_resume):
        if size > self.room:
            return results.INSUFFICIENT_STORAGE, 0
        part = self.parts.get((file_type, name))
        if part is None or part[1:] != [size, digest] or not may_resume:
            part = self.parts[file_type, name] = [bytearray(), size, digest]
        self.writing = (file_type, name)
        return 0, len(part[0])

    def write(self, view):
        data = self.parts[self.writing][0]
        if self.fails_at is not None and len(data) >= self.fails_at:
            return results.LOCAL_ERROR
        data.extend(view)
        return 0

    def finish(self):
        data, _size, digest = self.parts.pop(self.writing)
        if digest_of(data) != digest:
            return results.APPLY_FILE_BROKEN
        self.data[self.writing] = bytes(data)
        return 0

    def close(self):
        self.reading = self.writing = None


class Endpoint:
    """A node and a session: the joint that an application makes of them."""

    def __init__(self, network, name, device_id, roles, boot=b"boot", is_reliable=None):
        self.network = network
        self.name = name
        self.node = Node(node_of(device_id), message.TransactionIds(boot), is_reliable=is_reliable)
        self.node.objects.append(device_id)
        self.session = Session(device_id, roles, message.TransactionIds(boot))
        self.out = bytearray(20000)
        self.events = []
        self.sent = {}  # message type -> times
        network.ends[name] = self

    def receive(self, packet, route):
        if self.node.receive(packet, 0, len(packet), route):
            at, end = self.node.at, self.node.end
            if message.check(packet, at, end, self.session.device_id) is None:
                self.node.learn(message.source_of(packet, at), self.node.peer)
            event = self.session.receive(packet, at, end, self.node.peer)
            if event:
                self.events.append(event)

    def pump(self):
        """Send what node and session owe."""
        while True:
            end = self.node.write(self.out, 0)
            if not end:
                break
            self.network.send(self.name, self.node.route, self.out, end)
        while True:
            out = self.session.next_message()
            if out is None:
                break
            if not self.node.carries(out):
                out = self.session.too_long(out)
            self.sent[out.kind] = self.sent.get(out.kind, 0) + 1
            end = self.node.send(out, self.out, 0, len(self.out))
            if end:
                self.network.send(self.name, self.node.route, self.out, end)

    def elapsed(self, ms):
        for lost in self.node.elapsed(ms):
            event = self.session.undelivered(lost, HEADER_SIZE, len(lost))
            if event:
                self.events.append(event)
        self.events.extend(self.session.elapsed(ms))

    def take_events(self):
        events, self.events = self.events, []
        return events


class Network:
    """Datagrams between named places. All rates in per mille."""

    def __init__(self, seed=1, loss=0, doubled=0, late=0, damaged=0):
        self.dice = Dice(seed)
        self.ends = {}
        self.loss, self.doubled, self.late, self.damaged = loss, doubled, late, damaged
        self.flying = []  # [ms left, to, from, packet]
        self.longest = 0
        self.count = 0
        self.cut = set()  # names that are unreachable

    def send(self, source, route, buf, end):
        for name in list(self.ends) if route is None else [route]:
            if name == source or name not in self.ends:
                continue
            self.longest = max(self.longest, end)
            self.count += 1
            for _ in range(2 if self.dice.below(1000) < self.doubled else 1):
                if self.dice.below(1000) < self.loss or name in self.cut or source in self.cut:
                    continue
                packet = bytearray(memoryview(buf)[:end])
                if self.dice.below(1000) < self.damaged:
                    packet[self.dice.below(end)] ^= 1 << self.dice.below(8)
                wait = 30 + self.dice.below(200) if self.dice.below(1000) < self.late else 5
                self.flying.append([wait, name, source, packet])

    def step(self, ms=10):
        arrived = []
        for item in self.flying:
            item[0] -= ms
            if item[0] <= 0:
                arrived.append(item)
        self.flying = [item for item in self.flying if item[0] > 0]
        for _wait, name, source, packet in arrived:
            if name in self.ends:
                self.ends[name].receive(packet, source)
        for end in list(self.ends.values()):
            end.elapsed(ms)
            end.pump()

    def run(self, until, most_ms=120000, ms=10):
        """Step until it is true; the milliseconds it took. None when it never was."""
        spent = 0
        while spent < most_ms:
            if until():
                return spent
            self.step(ms)
            spent += ms
        return None


def a_device(network, name="device", device_id=DEVICE, storage=None, boot=b"dev1", **options):
    appliance = Appliance()
    role = Device(
        Identity(device_id, 0xFF11, name),
        lambda: TEXTS.get,
        appliance.state,
        appliance.control,
        appliance.apply_control,
    )
    events = Events(device_id, appliance.state)
    end = Endpoint(network, name, device_id, [role, events, Files(storage or Storage())], boot, **options)
    end.role, end.appliance, end.subscribers = role, appliance, events
    return end


def a_controller(network, name="controller", device_id=CONTROLLER, storage=None, **options):
    requester, files = Requester(), FileClient(storage or Storage())
    end = Endpoint(network, name, device_id, [requester, files], b"ctl1", **options)
    end.requester, end.files = requester, files
    return end


def joined(**rates):
    """A network with a device and a controller that have found each other."""
    network = Network()
    device, controller = a_device(network), a_controller(network)
    device.node.start()
    controller.node.start()
    found = network.run(
        lambda: controller.node.directory.find(DEVICE) and device.node.directory.find(CONTROLLER)
    )
    assert found is not None
    for name in rates:
        setattr(network, name, rates[name])
    return network, device, controller


class TestStart(unittest.TestCase):
    def test_the_start_up_order_of_the_document(self):
        """S 4: RMDP finds nodes and objects, DCMP devices, then a device registers."""
        network = Network()
        first = a_device(network)
        second = a_device(network, "second", SECOND, boot=b"dev2")
        store = Store()
        server = a_controller(network, "server", SERVER)
        server.session.roles.append(Registrar(store))
        asking = Requester()
        first.session.roles.append(asking)
        for end in (first, second, server):
            end.node.start()
        ends = (first, second, server)
        for end in ends:
            for other in ends:
                if end is not other:
                    found = network.run(lambda: end.node.directory.find(other.session.device_id))
                    self.assertIsNotNone(found)
        first.role.advertise(first.session, "Start")
        server.requester.discover(server.session)
        heard = []

        def both_found():
            heard.extend(server.take_events())
            return len([e for e in heard if e[0] == ANSWER]) == 2

        self.assertIsNotNone(network.run(both_found))
        self.assertIn((NOTICE, m.DEVICE_ADVERTISEMENT), [(e[0], e[2]) for e in heard])
        asking.ask(first.session, m.DEVICE_REGISTRATION_REQUEST, SERVER, first.role.registration("Register"))
        self.assertIsNotNone(network.run(lambda: DEVICE in store.devices))
        self.assertEqual(store.devices[DEVICE][1], (NODE, "device"))  # the observed place

    def test_good_bye_is_heard(self):
        network, device, controller = joined()
        device.node.stop()
        self.assertIsNotNone(network.run(lambda: not controller.node.directory.find(DEVICE)))

    def test_who_is_silent_expires(self):
        network, _device, controller = joined()
        network.cut.add("device")
        spent = network.run(lambda: not controller.node.directory.find(DEVICE), 200000, 1000)
        self.assertGreaterEqual(spent, 89000)
        self.assertLess(spent, 125000)

    def test_who_comes_back_at_another_place_is_found_there(self):
        network, device, controller = joined()
        del network.ends["device"]
        device.name = "elsewhere"
        network.ends["elsewhere"] = device
        device.node.start()
        network.run(lambda: controller.node.directory.find(DEVICE) == (NODE, "elsewhere"))
        controller.requester.info(controller.session, DEVICE, "BasicInfo")
        self.assertIsNotNone(network.run(lambda: controller.events))
        self.assertEqual(controller.take_events()[0][0], ANSWER)

    def test_who_has_moved_without_a_word_is_found_by_the_second_request(self):
        network, device, controller = joined()
        del network.ends["device"]
        device.name = "elsewhere"
        network.ends["elsewhere"] = device
        network.run(lambda: False, 4000)
        outcomes = []
        for _ in range(2):
            controller.requester.info(controller.session, DEVICE, "BasicInfo")
            self.assertIsNotNone(network.run(lambda: controller.events, 10000))
            outcomes.append(controller.take_events()[0][0])
        self.assertEqual(outcomes, [NO_ANSWER, ANSWER])


class TestDelivery(unittest.TestCase):
    def test_a_lost_message_is_sent_again_and_done_once(self):
        for seed in range(20):
            network, device, controller = joined(loss=400, doubled=300, late=300)
            network.dice = Dice(seed)
            controller.requester.control(controller.session, DEVICE, [(0x10, "1")])
            self.assertIsNotNone(network.run(lambda: controller.events, 10000))
            event = controller.take_events()[0]
            self.assertIn(event[0], (ANSWER, NO_ANSWER))
            self.assertLessEqual(len(device.appliance.applied), 1)
            if event[0] == ANSWER:
                self.assertEqual(device.appliance.applied, [(0x10, 1)])

    def test_times_of_the_copies(self):
        network, _device, controller = joined()
        network.cut.add("device")
        controller.requester.control(controller.session, DEVICE, [(0x10, "1")])
        times = []
        before = network.count
        for ms in range(0, 6000, 10):
            network.step()
            if network.count > before:
                times.append(ms)
                before = network.count
        self.assertEqual(times, [0, 500, 1000, 2000])
        self.assertEqual([event[0] for event in controller.events], [NO_ANSWER])
        self.assertEqual(controller.sent[m.DEVICE_CONTROL_REQUEST], 1)  # DCMP sent it once

    def test_a_device_that_nobody_knows_is_looked_for(self):
        network = Network()
        _device, controller = a_device(network), a_controller(network)
        controller.requester.info(controller.session, DEVICE, "BasicInfo")
        self.assertIsNotNone(network.run(lambda: controller.events))
        self.assertEqual(controller.take_events()[0][0], ANSWER)

    def test_a_device_that_does_not_exist(self):
        network = Network()
        controller = a_controller(network)
        controller.requester.info(controller.session, SECOND, "BasicInfo")
        spent = network.run(lambda: controller.events)
        self.assertLess(spent, 5000)
        self.assertEqual(controller.take_events()[0][4], {"Result": results.TRANSACTION_TIMEOUT})

    def test_too_long_for_a_datagram_is_said_and_a_stream_takes_it(self):
        for is_reliable in (False, True):
            network, device, controller = joined()
            for end in (device, controller):
                end.node._is_reliable = lambda route: is_reliable
            controller.requester.info(controller.session, DEVICE, "FunctionList")
            network.run(lambda: controller.events)
            event = controller.take_events()[0]
            if is_reliable:
                self.assertEqual(event[0], ANSWER)
                self.assertGreater(network.longest, 3000)
            else:
                self.assertEqual(event[4], {"Result": results.PAYLOAD_NOT_WHOLE})
                self.assertLessEqual(network.longest, DATAGRAM_SIZE)

    def test_more_messages_than_can_wait(self):
        network, _device, controller = joined()
        network.cut.add("device")
        for _ in range(7):
            controller.requester.info(controller.session, DEVICE, "BasicInfo")
        network.run(lambda: len(controller.events) == 7)
        self.assertEqual([event[0] for event in controller.events], [NO_ANSWER] * 7)


class TestLossyTransactions(unittest.TestCase):
    def test_every_transaction_ends_right_or_with_a_clear_error(self):
        """Damaged datagrams do not arrive: UDP has a checksum, as the serial link has its CRC."""
        right = self.run_all(12, lambda value: value == (0x11, 450), loss=220, doubled=100, late=200)
        self.assertGreater(right, 60)  # of 84: resending works

    def test_every_transaction_ends_even_when_damage_comes_through(self):
        """Neither protocol has a checksum of its own (D21): a damaged value may be a legal one."""

        def is_legal(value):
            return value[0] != 0x11 or 300 <= value[1] <= 750

        self.run_all(12, is_legal, loss=100, doubled=100, late=200, damaged=300)

    def run_all(self, seeds, is_right, **rates):
        right = 0
        for seed in range(seeds):
            network, device, controller = joined(**rates)
            network.dice = Dice(seed + 100)
            asking, session = controller.requester, controller.session
            wish = {"SubscriptionType": "Subscribe", "DeviceID": DEVICE, "EventType": "All"}
            wish.update({"FunctionID": ANY_FUNCTION, "LeaseTime": 60})
            files = {"FileType": "All", "FileName": ""}
            for ask in (
                lambda: asking.discover(session),
                lambda: asking.info(session, DEVICE, "BasicInfo"),
                lambda: asking.info(session, DEVICE, "DeviceProperty"),
                lambda: asking.control(session, DEVICE, [(0x11, "45.0")]),
                lambda: asking.control(session, DEVICE, [(0x11, "99.0")]),
                lambda: asking.ask(session, m.EVENT_SUBSCRIPTION_REQUEST, DEVICE, wish),
                lambda: asking.ask(session, m.GET_FILEINFO_REQUEST, DEVICE, files),
            ):
                transaction = ask()
                mine = []

                def ended():
                    mine.extend([e for e in controller.take_events() if e[1] == transaction])
                    return mine and mine[-1][0] in (ANSWER, REFUSED, NO_ANSWER, END)

                self.assertIsNotNone(network.run(ended, 15000), seed)
                right += mine[-1][0] != NO_ANSWER
            for value in device.appliance.applied:
                self.assertTrue(is_right(value), value)
        return right


class TestFiles(unittest.TestCase):
    DATA = bytes([i * 7 & 0xFF for i in range(9001)])

    def ends(self, **rates):
        network, device, controller = joined(**rates)
        for storage in (device.session.roles[2].storage, controller.files.storage):
            storage.data["Log", "events"] = self.DATA
        return network, device, controller, device.session.roles[2].storage, controller.files.storage

    def outcome(self, network, controller):
        """The last event of a transfer, or None when it never ends."""
        if network.run(lambda: controller.events, 300000) is None:
            return None
        return controller.take_events()[-1]

    def test_download_and_upload(self):
        network, _device, controller, theirs, ours = self.ends()
        del ours.data["Log", "events"]
        controller.files.get(controller.session, DEVICE, "Log", "events")
        event = self.outcome(network, controller)
        self.assertEqual((event[0], event[2]), (ANSWER, m.GET_FILE_RESULT))
        self.assertEqual(ours.data["Log", "events"], self.DATA)
        self.assertLessEqual(network.longest, DATAGRAM_SIZE)
        del theirs.data["Log", "events"]
        controller.files.put(controller.session, DEVICE, "Log", "events", "2")
        event = self.outcome(network, controller)
        self.assertEqual((event[0], event[2]), (ANSWER, m.PUT_FILE_RESULT))
        self.assertEqual(theirs.data["Log", "events"], self.DATA)

    def test_sizes_at_the_edges(self):
        for size in (0, 1, 63, 64, 1023, 1024, 1025, 4096, 4097):
            data = self.DATA[:size]
            network, _device, controller, theirs, ours = self.ends()
            theirs.data["Log", "events"] = data
            controller.files.get(controller.session, DEVICE, "Log", "events")
            self.assertEqual(self.outcome(network, controller)[0], ANSWER, size)
            self.assertEqual(ours.data["Log", "events"], data)
            ours.data["Log", "up"] = data
            controller.files.put(controller.session, DEVICE, "Log", "up", "2", 100)
            self.assertEqual(self.outcome(network, controller)[0], ANSWER, size)
            self.assertEqual(theirs.data["Log", "up"], data)

    def test_no_more_than_a_window_is_on_the_way_and_acknowledgements_are_cumulative(self):
        network, device, controller, _theirs, _ours = self.ends()
        controller.files.get(controller.session, DEVICE, "Log", "events")
        most = [0]

        def look():
            window = device.session.roles[2].send_window
            if window is not None:
                most[0] = max(most[0], window.next - window.acked)
            return controller.events

        network.run(look)
        self.assertEqual(most[0], 4 * 1024)
        self.assertEqual(device.sent[0x8001], 9)
        self.assertLess(controller.sent[0x8002], 9)

    def test_loss_duplication_reordering_and_damage(self):
        done = 0
        for seed in range(16):
            network, _device, controller, theirs, ours = self.ends(
                loss=200, doubled=100, late=200, damaged=10
            )
            network.dice = Dice(seed)
            is_put = seed % 2
            target = theirs if is_put else ours
            del target.data["Log", "events"]
            for _attempt in range(10):
                if is_put:
                    controller.files.put(controller.session, DEVICE, "Log", "events", "2")
                else:
                    digest = digest_of(self.DATA)
                    controller.files.get(controller.session, DEVICE, "Log", "events", digest)
                event = self.outcome(network, controller)
                self.assertIsNotNone(event, seed)
                if event[0] == ANSWER:
                    self.assertEqual(target.data["Log", "events"], self.DATA, seed)
                    done += 1
                    break
                self.assertIn(event[0], (REFUSED, NO_ANSWER))
                network.run(lambda: False, 12000, 100)  # the other end gives up too
        self.assertEqual(done, 16)

    def test_it_goes_on_where_it_stopped(self):
        for is_put in (True, False):
            network, device, controller, theirs, ours = self.ends()
            source, target = (ours, theirs) if is_put else (theirs, ours)
            del target.data["Log", "events"]

            def begin():
                if is_put:
                    controller.files.put(controller.session, DEVICE, "Log", "events", "2")
                else:
                    controller.files.get(controller.session, DEVICE, "Log", "events", digest_of(self.DATA))

            begin()
            network.run(lambda: target.parts and len(target.parts["Log", "events"][0]) >= 4096)
            network.cut.add("device")
            self.assertIn(self.outcome(network, controller)[0], (REFUSED, NO_ANSWER))
            network.run(lambda: False, 12000, 100)
            kept = len(target.parts["Log", "events"][0])
            self.assertGreaterEqual(kept, 4096)
            network.cut.clear()
            sender = controller if is_put else device
            sender.sent.clear()
            begin()
            self.assertEqual(self.outcome(network, controller)[0], ANSWER)
            self.assertEqual(target.data["Log", "events"], self.DATA)
            self.assertEqual(sender.sent[0x8001], (len(self.DATA) - kept + 1023) // 1024)
            self.assertIs(source.reading, None)

    def test_a_download_without_a_digest_begins_anew(self):
        network, device, controller, _theirs, ours = self.ends()
        del ours.data["Log", "events"]
        ours.parts["Log", "events"] = [bytearray(self.DATA[:5000]), len(self.DATA), digest_of(self.DATA)]
        controller.files.get(controller.session, DEVICE, "Log", "events")
        self.assertEqual(self.outcome(network, controller)[0], ANSWER)
        self.assertEqual(ours.data["Log", "events"], self.DATA)
        self.assertEqual(device.sent[0x8001], 9)

    def test_a_device_that_restarts_stops_the_sender_at_once(self):
        network, device, controller, theirs, _ours = self.ends()
        del theirs.data["Log", "events"]
        controller.files.put(controller.session, DEVICE, "Log", "events", "2")
        network.run(lambda: theirs.parts and len(theirs.parts["Log", "events"][0]) >= 2048)
        device.session.roles[2] = Files(theirs)
        spent = network.run(lambda: controller.events)
        self.assertLess(spent, 3000)
        event = controller.take_events()[0]
        self.assertEqual((event[0], event[4]["Result"]), (REFUSED, results.TRANSACTION_STOPPED))

    def test_one_at_a_time(self):
        network, _device, controller, _theirs, _ours = self.ends()
        other = a_controller(network, "other", SERVER)
        other.node.start()
        network.run(lambda: other.node.directory.find(DEVICE))
        controller.files.get(controller.session, DEVICE, "Log", "events")
        network.run(lambda: controller.files.done > 0)
        with self.assertRaises(StateError):
            controller.files.get(controller.session, DEVICE, "Log", "events")
        other.files.get(other.session, DEVICE, "Log", "events")
        network.run(lambda: other.events)
        self.assertEqual(other.take_events()[0][4]["Result"], results.OTHER_OPERATION_RUNNING)
        self.assertEqual(self.outcome(network, controller)[0], ANSWER)

    def test_refusals(self):
        network, _device, controller, theirs, ours = self.ends()
        controller.files.get(controller.session, DEVICE, "Log", "nothing")
        self.assertEqual(self.outcome(network, controller)[4]["Result"], results.FILE_NOT_FOUND)
        theirs.room = 100
        controller.files.put(controller.session, DEVICE, "Log", "events", "2")
        self.assertEqual(self.outcome(network, controller)[4]["Result"], results.INSUFFICIENT_STORAGE)
        with self.assertRaises(StateError):
            controller.files.put(controller.session, DEVICE, "Log", "nothing", "2")
        ours.fails_at = 2048
        del ours.data["Log", "events"]
        controller.files.get(controller.session, DEVICE, "Log", "events")
        self.assertEqual(self.outcome(network, controller)[4]["Result"], results.LOCAL_ERROR)

    def test_a_full_disk_on_the_way_stops_an_upload(self):
        network, _device, controller, theirs, _ours = self.ends()
        theirs.fails_at = 2048
        controller.files.put(controller.session, DEVICE, "Log", "events", "2")
        event = self.outcome(network, controller)
        self.assertEqual((event[0], event[4]["Result"]), (REFUSED, results.LOCAL_ERROR))

    def test_a_wrong_digest_is_found_by_the_receiver(self):
        network, _device, controller, theirs, ours = self.ends()
        ours.open = lambda file_type, name: Storage.open(ours, file_type, name)[:2] + (bytes(31) + b"x",)
        controller.files.put(controller.session, DEVICE, "Log", "events", "2")
        event = self.outcome(network, controller)
        self.assertEqual((event[0], event[4]["Result"]), (REFUSED, results.APPLY_FILE_BROKEN))
        self.assertEqual(theirs.parts, {})

    def test_a_file_that_is_another_by_now(self):
        network, _device, controller, _theirs, ours = self.ends()
        del ours.data["Log", "events"]
        controller.files.get(controller.session, DEVICE, "Log", "events", bytes(32))
        event = self.outcome(network, controller)
        self.assertEqual((event[0], event[4]["Result"]), (REFUSED, results.TRANSACTION_STOPPED))

    def test_cancel_frees_both_ends(self):
        for is_put in (True, False):
            network, device, controller, theirs, _ours = self.ends()
            if is_put:
                del theirs.data["Log", "events"]
                controller.files.put(controller.session, DEVICE, "Log", "events", "2")
            else:
                controller.files.get(controller.session, DEVICE, "Log", "events")
            network.run(lambda: controller.files.done > 0)
            controller.files.cancel(controller.session)
            self.assertIsNotNone(network.run(lambda: device.session.roles[2].state == "idle", 3000))
            self.assertEqual(controller.take_events(), [])

    def test_file_information(self):
        network, _device, controller, theirs, _ours = self.ends()
        theirs.data["Firmware", "bundle"] = b"abc"
        for file_type, name, expected in (
            ("All", "", 2),
            ("Log", "", 1),
            ("Configuration", "", 0),
            ("All", "bundle", 1),
        ):
            wish = {"FileType": file_type, "FileName": name}
            controller.requester.ask(controller.session, m.GET_FILEINFO_REQUEST, DEVICE, wish)
            event = self.outcome(network, controller)
            self.assertEqual((event[0], len(event[4]["FileList"])), (ANSWER, expected))
        wish = {"FileType": "Log", "FileName": "bundle"}
        controller.requester.ask(controller.session, m.GET_FILEINFO_REQUEST, DEVICE, wish)
        self.assertEqual(self.outcome(network, controller)[4]["Result"], results.FILE_NOT_FOUND)


if __name__ == "__main__":
    unittest.main()
