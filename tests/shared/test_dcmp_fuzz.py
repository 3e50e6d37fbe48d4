"""Any bytes, into everything at once: no error but typed ones, and the same verdict on every interpreter.

tests/host/test_dcmp_cross.py runs verdicts() on several interpreters and compares.
"""

import unittest
from binascii import crc32

from test_dcmp_codec import Dice, all_samples
from test_dcmp_network import NODE, Storage, node_of
from test_dcmp_session import DEVICE, TEXTS, Actions, Appliance, Record, Store

from rumpus.dcmp import codec, descriptions, message
from rumpus.dcmp.apply import Apply
from rumpus.dcmp.device import Device
from rumpus.dcmp.events import Events
from rumpus.dcmp.file_client import FileClient
from rumpus.dcmp.files import Files
from rumpus.dcmp.identity import Identity
from rumpus.dcmp.registrar import Registrar
from rumpus.dcmp.requester import Requester
from rumpus.dcmp.session import Session
from rumpus.dcmp.tables import message_codes as m
from rumpus.dcmp.tables import messages
from rumpus.dcmp.tables.bodies_published import KEYWORDS
from rumpus.errors import DecodeError
from rumpus.rmdp import message as rmdp
from rumpus.rmdp.node import Node
from rumpus.rmdp.tables import messages as rmdp_types
from rumpus.rmdp.tables.header import HEADER_SIZE

PEER = bytes(range(100, 116))


def corpus():
    """One good RMDP packet for every kind of RMDP and DCMP message."""
    packets = []
    for code, values in all_samples():
        payloads = [codec.pack(code, values)]
        if code == m.DEVICE_INFO_REQUEST:
            payloads = [codec.pack(code, {"DeviceInfoReqType": word}) for word in KEYWORDS[2][2]]
        for payload in payloads:
            packets.append(packet_of(code, with_id(payload)))
    for values in (
        {"DeviceID": DEVICE, "FunctionID": 1, "InputList": [{"ParamID": 0x11, "Value": "45.0"}]},
        {"DeviceID": DEVICE, "FunctionID": 1, "InputList": [{"ParamID": 0x10, "Value": "1"}] * 2},
        {"DeviceID": DEVICE, "FunctionID": 0x400, "InputList": [{"ParamID": 4, "Value": "9"}]},
    ):
        packets.append(packet_of(m.DEVICE_CONTROL_REQUEST, codec.pack(m.DEVICE_CONTROL_REQUEST, values)))
    address = {"AddrType": 4, "Port": 17811, "Addr": bytes(16)}
    for kind, values in (
        (rmdp_types.NODE_ADVERTISEMENT, {"AdType": "Start", "NodeID": PEER, "Address": [address, address]}),
        (rmdp_types.NODE_DISCOVERY_REQUEST, {"NodeID": rmdp.BROADCAST}),
        (rmdp_types.NODE_DISCOVERY_RESPONSE, {"Result": 0, "NodeID": PEER, "Address": [address]}),
        (rmdp_types.OBJECT_ADVERTISEMENT, {"AdType": "Start", "NodeID": PEER, "DeviceID": [PEER, DEVICE]}),
        (rmdp_types.SEND_MESSAGE_ACK, {"Result": 0}),
    ):
        packets.append(in_rmdp(kind, rmdp.pack(kind, values), 0))
    return packets


def with_id(payload):
    """Where a sample names some device, let it be ours; it starts with the same bytes."""
    return payload.replace(bytes(range(16)), DEVICE)


def packet_of(code, payload):
    raw = bytearray(66) + payload
    message.write_header(raw, 0, code, len(raw), PEER, DEVICE, b"peer0001")
    return in_rmdp(rmdp_types.SEND_MESSAGE, raw, 2)


def in_rmdp(kind, payload, flag):
    raw = bytearray(HEADER_SIZE) + payload
    rmdp.write_header(raw, 0, kind, flag, len(raw), node_of(PEER), NODE, b"node0001")
    return raw


class Target:
    """A device with every role there is, and the reader of everything it cannot be sent."""

    def __init__(self, seed):
        self.dice = Dice(seed)
        self.packets = corpus()
        self.node = Node(NODE, message.TransactionIds(b"fuzz"))
        self.node.objects.append(DEVICE)
        appliance = Appliance(fitted=())  # few fields, so that descriptions do not take all the time
        actions, store = Actions((0, "1")), Store()
        self.memories = appliance.applied, actions.started, store.services, store.devices
        self.storage = storage = Storage((("Log", "text", b"abc" * 500),))
        self.session = Session(
            DEVICE,
            [
                Device(
                    Identity(DEVICE, 0xFF11, "boiler"),
                    lambda: TEXTS.get,
                    appliance.state,
                    appliance.control,
                    appliance.apply_control,
                ),
                Events(DEVICE, appliance.state),
                Files(storage),
                FileClient(Storage()),
                Apply(actions, Record()),
                Registrar(store),
                Requester(),
            ],
            message.TransactionIds(b"fuzz"),
        )
        self.out = bytearray(20000)
        self.kinds = [word for word in KEYWORDS[2][2]]
        self.turn = 0

    def mutate(self):
        """A packet of the corpus with a few bytes changed, cut, grown, or numbers made to fit again."""
        dice = self.dice
        raw = bytearray(self.packets[dice.below(len(self.packets))])
        # A TransactionID of its own, or it would be a repeat.
        self.turn += 1
        raw[44:48] = self.turn.to_bytes(4, "big")
        for _ in range(dice.below(4)):
            at = dice.below(len(raw))
            if dice.below(4):
                at = min(len(raw) - 1, 114 + dice.below(80))  # in the payload more often than in headers
            raw[at] = dice.below(256) if dice.below(2) else raw[at] ^ 1 << dice.below(8)
        what = dice.below(8)
        if what == 0:
            raw = raw[: dice.below(len(raw) + 1)]
        elif what == 1:
            raw += dice.raw(dice.below(40))
        if dice.below(4) and len(raw) > 114:
            for at, size in ((4, len(raw)), (HEADER_SIZE + 4, len(raw) - HEADER_SIZE)):
                raw[at : at + 4] = size.to_bytes(4, "big")
        return raw

    def verdict(self):
        """What becomes of the next packet, as text."""
        raw = self.mutate()
        said = []
        node, session = self.node, self.session
        if node.receive(raw, 0, len(raw), "there"):
            token = message.check(raw, node.at, node.end, DEVICE)
            said.append(str(token))
            if token is None:
                said.append(self.describe(raw, node.at + 66, node.end, message.kind_of(raw, node.at)))
            event = session.receive(raw, node.at, node.end, node.peer)
            if event:
                said.append(dump(event[:3]) + dump(event[4]))
        else:
            said.append(str(node.drop_reason))
        self.drain(said)
        if self.dice.below(16) == 0:
            for event in session.elapsed(500):
                said.append(dump(event[:3]))
            node.elapsed(500)
        if self.turn % 256 == 0:
            self.forget()
        said.append("%d %d" % (node.dropped, session.dropped))
        return " ".join(said)

    def forget(self):
        """The fakes remember everything, and a million messages are much."""
        for memory in self.memories:
            memory.clear()
        if self.storage.writing is None:
            self.storage.parts.clear()

    def describe(self, raw, at, end, kind):
        """The payload as every reader sees it."""
        said = []
        try:
            said.append(dump(codec.unpack(kind, raw, at, end)))
        except DecodeError as error:
            said.append("%s %d" % (error.code, error.detail - at))
        try:
            word = self.kinds[self.turn % len(self.kinds)]
            said.append(dump(descriptions.unpack(word, raw, at, end)))
        except DecodeError as error:
            said.append(error.code)
        return " ".join(said)

    def drain(self, said):
        while True:
            end = self.node.write(self.out, 0)
            if not end:
                break
            said.append(str(crc32(bytes(self.out[:end])) & 0xFFFFFFFF))
        for _ in range(20):
            out = self.session.next_message()
            if out is None:
                break
            end = self.node.send(out, self.out, 0, len(self.out))
            said.append("%x %d" % (out.kind, out.size))
            said.append(str(crc32(bytes(self.out[:end])) & 0xFFFFFFFF))


def dump(value):
    """Values as text, the same whatever the order of a dict."""
    if isinstance(value, dict):
        return "{" + ",".join([name + "=" + dump(value[name]) for name in sorted(value)]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([dump(item) for item in value]) + "]"
    if isinstance(value, str):
        return "t" + value.encode().hex()
    return value.hex() if isinstance(value, (bytes, bytearray)) else str(value)


def verdicts(seed, n, each):
    """The verdicts on n packets as one checksum for every `each` of them."""
    target = Target(seed)
    sums = []
    total = 0
    for i in range(n):
        total = crc32(target.verdict().encode(), total) & 0xFFFFFFFF
        if i % each == each - 1:
            sums.append(total)
    return sums


class TestFuzz(unittest.TestCase):
    def test_nothing_but_typed_errors(self):
        self.assertEqual(len(verdicts(1, 1500, 100)), 15)

    def test_the_packets_reach_what_they_are_for(self):
        target = Target(3)
        answered = {}
        decoded = 0
        for _ in range(800):
            verdict = target.verdict()
            decoded += "None {" in verdict
            for code, name, _kind, _response, _result, _source in messages.MESSAGE_TYPES:
                if " %x " % code in verdict:
                    answered[name] = answered.get(name, 0) + 1
        self.assertGreater(decoded, 150)
        for name in (
            "DEVICE_DISCOVERY_RESPONSE",
            "DEVICE_INFO_RESPONSE",
            "DEVICE_CONTROL_RESPONSE",
            "EVENT_SUBSCRIPTION_RESPONSE",
            "GET_FILEINFO_RESPONSE",
            "GET_FILE_RESPONSE",
            "PUT_FILE_RESPONSE",
            "APPLY_RESPONSE",
            "DEVICE_REGISTRATION_RESPONSE",
            "SERVICE_REGISTRATION_RESPONSE",
        ):
            self.assertIn(name, answered)


if __name__ == "__main__":
    unittest.main()
