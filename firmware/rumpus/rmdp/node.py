"""An RMDP node: delivers DCMP messages between devices, and knows where they are. Sans I/O, no clock.

    if node.receive(buf, at, end, route):      # a DCMP message is at buf[node.at:node.end]
        ...                                    # it came from node.peer
    end = node.send(message, out, at, limit)   # a message of DCMP's; send out[at:end] to node.route
    while True:
        end = node.write(out, at)              # what the node owes by itself: acknowledgements, repeats
        if not end: break
        ...                                    # send out[at:end] to node.route
    for lost in node.elapsed(ms): session.undelivered(lost, HEADER_SIZE, len(lost))

node.route None means broadcast. A route is the caller's name for a place (see directory.py);
is_reliable(route) is true for one whose carrier loses nothing (TCP): there nothing is acknowledged or sent
again. The answer to a message goes to its peer, that is (node ID, route) as observed.

RMDP is where messages are sent again; DCMP never does. A message for a device that is not in the directory
is kept while the node looks for it.
"""

from ..errors import DecodeError
from . import message as header
from .delivery import Delivery
from .directory import Directory, Seen, no_stream
from .tables import messages as m
from .tables.header import ACK_WANTED, HEADER_SIZE
from .tables.timing import ADVERTISE_MS, DATAGRAM_SIZE, GIVE_UP_MS, MOST_DEVICES, MOST_OWED

# How DCMP asks for delivery: dcmp/message.py.
_ACKED = 0
_EVENT = 2


class Node:
    """node_id: 16 bytes. ids: gives TransactionIDs with next(). addresses: dicts by the rows of Address.
    servers: routes of management servers, which get advertisements that are not broadcast."""

    def __init__(self, node_id, ids, addresses=(), servers=(), is_reliable=None, most_devices=MOST_DEVICES):
        self.node_id = bytes(node_id)
        self.objects = []  # device IDs behind this node
        self.route = None  # where the packet just written goes
        self.at = self.end = 0  # the DCMP message just received
        self.peer = None  # (node ID, route) it came from
        self.dropped = 0
        self.drop_reason = None
        self.repeats = 0
        self._ids = ids
        self._addresses = addresses
        self.servers = servers
        self._is_reliable = is_reliable or no_stream
        self.directory = Directory(most_devices, self._is_reliable)
        self._messages_seen = Seen()
        self._events_seen = Seen()
        self._owed = []  # (packet, route)
        self._delivery = Delivery()
        self._is_started = False
        self._since_ad_ms = 0

    # --- advertising --------------------------------------------------------------------------

    def start(self):
        """Say that node and devices are there, and ask who else is (S 4)."""
        self._is_started = True
        self._advertise("Start")
        self._look_for_nodes()

    def stop(self):
        """Say good-bye."""
        self._is_started = False
        self._advertise("End")

    def greet(self, route):
        """Say at this place that node and devices are here."""
        self._owe_node_ad("Start", route)
        self._owe_object_ad("Start", route)

    def _advertise(self, ad_type):
        self._since_ad_ms = 0
        for route in (None,) + tuple(self.servers):
            self._owe_node_ad(ad_type, route)
            self._owe_object_ad(ad_type, route)

    def _owe_node_ad(self, ad_type, route):
        values = {"AdType": ad_type, "NodeID": self.node_id, "Address": self._addresses}
        self._owe(m.NODE_ADVERTISEMENT, values, _node_at(route), route)

    def _owe_object_ad(self, ad_type, route, node_id=None):
        values = {"AdType": ad_type, "NodeID": self.node_id, "DeviceID": self.objects}
        self._owe(m.OBJECT_ADVERTISEMENT, values, node_id or _node_at(route), route)

    def _look_for_nodes(self):
        values = {"NodeID": header.BROADCAST}
        self._owe(m.NODE_DISCOVERY_REQUEST, values, header.BROADCAST, None)

    def _owe(self, kind, values, destination, route, transaction=None):
        """Queue a packet of our own; a full queue drops it, as a network would."""
        if len(self._owed) >= MOST_OWED:
            self._drop("owed_full")
            return
        payload = header.pack(kind, values)
        packet = bytearray(HEADER_SIZE + len(payload))
        transaction = transaction or self._ids.next()
        at = header.write_header(packet, 0, kind, 0, len(packet), self.node_id, destination, transaction)
        packet[at:] = payload
        self._owed.append((packet, route))

    # --- in -----------------------------------------------------------------------------------

    def receive(self, buf, at, end, route):
        """Take in a packet; True when it holds a DCMP message for the devices here."""
        wrong = header.check(buf, at, end, self.node_id)
        if wrong is not None:
            return self._drop(wrong)
        kind = header.kind_of(buf, at)
        node_id = header.source_of(buf, at)
        self.directory.heard(node_id, route)
        self.at, self.end, self.peer = at + HEADER_SIZE, end, (node_id, route)
        if kind == m.SEND_MESSAGE:
            return self._take_message(buf, at, node_id, route)
        if kind == m.SEND_EVENT:
            return not self._is_repeat(self._events_seen, node_id, header.transaction_of(buf, at))
        try:
            values = header.unpack(kind, buf, self.at, end)
        except DecodeError as error:
            return self._drop(error.code)
        self._take(kind, values, node_id, route, header.transaction_of(buf, at))
        return False

    def _take_message(self, buf, at, node_id, route):
        """Acknowledge every copy, hand on the first. What wants no acknowledgement may come twice."""
        if not header.flag_of(buf, at) & ACK_WANTED or header.is_broadcast(buf, at):
            return True
        transaction = header.transaction_of(buf, at)
        self._owe(m.SEND_MESSAGE_ACK, {"Result": 0}, node_id, route, transaction)
        return not self._is_repeat(self._messages_seen, node_id, transaction)

    def _is_repeat(self, seen, node_id, transaction):
        if not seen.is_repeat(node_id, transaction):
            return False
        self.repeats += 1
        return True

    def _take(self, kind, values, node_id, route, transaction):
        if kind == m.SEND_MESSAGE_ACK:
            if not self._delivery.acknowledged(node_id, transaction, values["Result"]):
                self._drop("not_waiting")
        elif kind == m.NODE_DISCOVERY_REQUEST:
            if values["NodeID"] in (self.node_id, header.BROADCAST):
                answer = {"Result": 0, "NodeID": self.node_id, "Address": self._addresses}
                self._owe(m.NODE_DISCOVERY_RESPONSE, answer, node_id, route, transaction)
                self._owe_object_ad("Start", route, node_id)
        elif kind == m.OBJECT_ADVERTISEMENT:
            for device_id in values["DeviceID"]:
                if values["AdType"] == "Start":
                    self.learn(device_id, (node_id, route))
                else:
                    self.directory.forget_device(device_id)
        elif kind == m.NODE_ADVERTISEMENT and values["AdType"] == "End":
            self.directory.forget_node(node_id)

    def learn(self, device_id, peer):
        """The device is at this peer (it said so, or a message of it came from there)."""
        if device_id in (header.BROADCAST, header.UNKNOWN) or device_id in self.objects:
            return
        self.directory.learn(device_id, peer[0], peer[1])
        self._delivery.found(device_id, peer)

    def _drop(self, token):
        self.dropped += 1
        self.drop_reason = token
        return False

    # --- out ----------------------------------------------------------------------------------

    def peer_of(self, message):
        """(node ID, route) a message goes to; None when its device is not known."""
        if message.to == header.BROADCAST:
            return header.BROADCAST, None
        return message.peer or self.directory.find(message.to)

    def carries(self, message):
        """False for a message that is too long for where it goes: send something shorter instead."""
        peer = self.peer_of(message)
        if peer and peer[1] is not None and self._is_reliable(peer[1]):
            return True
        return HEADER_SIZE + message.size <= DATAGRAM_SIZE

    def send(self, message, out, at, limit):
        """Write the packet of a message into out[at:limit]; return its end, 0 when there is nothing to send.

        message: with to, peer, delivery, size, left and write() as dcmp/outgoing.py. When it does not fit
        (only where carries() relies on a stream), the caller writes the rest with message.write().
        """
        peer = self.peer_of(message)
        is_acked = message.delivery == _ACKED and not (peer and self._is_reliable(peer[1]))
        if not is_acked and peer is None:
            self._drop("unknown_device")
            return 0
        kind = m.SEND_EVENT if message.delivery == _EVENT else m.SEND_MESSAGE
        node_id, route = peer or (header.UNKNOWN, None)
        transaction = self._ids.next()
        size = HEADER_SIZE + message.size
        flag = ACK_WANTED if is_acked else 0
        start = header.write_header(out, at, kind, flag, size, self.node_id, node_id, transaction)
        end = message.write(out, start, limit)
        self.route = route
        if not is_acked:
            return end
        packet = bytearray(memoryview(out)[at:end])
        is_kept = self._delivery.keep(packet, message.to, transaction, peer, 0 if peer is None else 1)
        if peer is None:
            self._look_for_nodes()
        return end if is_kept and peer else 0

    def write(self, out, at):
        """Write the next packet that the node owes at out[at:]; return its end, or 0. See route."""
        if self._owed:
            packet, self.route = self._owed.pop(0)
            return _copy(packet, out, at)
        waiting = self._delivery.next_due()
        if waiting is None:
            return 0
        self.route = waiting.route
        return _copy(waiting.packet, out, at)

    # --- time ---------------------------------------------------------------------------------

    def elapsed(self, ms):
        """Let ms pass; return the packets that were given up, each with its DCMP message in it."""
        self.directory.elapsed(ms)
        self._since_ad_ms += ms
        if self._is_started and self._since_ad_ms >= ADVERTISE_MS:
            self._advertise("Start")
        lost = self._delivery.elapsed(ms)
        for device_id in self._delivery.unreached:
            self.directory.forget_silent(device_id, GIVE_UP_MS)
        return lost

    def due_ms(self):
        """Milliseconds until write() or elapsed() has something, None when never."""
        if self._owed:
            return 0
        due = self._delivery.due_ms()
        if self._is_started:
            advertise_ms = max(0, ADVERTISE_MS - self._since_ad_ms)
            due = advertise_ms if due is None else min(due, advertise_ms)
        return due


def _node_at(route):
    """The destination of a packet to a place whose node is not known."""
    return header.BROADCAST if route is None else header.UNKNOWN


def _copy(packet, out, at):
    end = at + len(packet)
    out[at:end] = packet
    return end
