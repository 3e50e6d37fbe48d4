"""Ethernet frames around UDP datagrams and TCP segments, for captures of what a program sent and received.

    frame = udp_frame(("192.0.2.1", 17811), ("239.255.178.11", 17811), payload)
    frame = TcpStreams().frame(("192.0.2.1", 40001), ("192.0.2.2", 17812), payload)

Ports, lengths and checksums are right. Ethernet addresses are made up from the IPv4 addresses, but for those of
multicast groups, which follow from them. A program does not see what its TCP sends: one segment for each write,
without handshake and acknowledgements of their own, counted from the start.
"""

import ipaddress
import struct

Place = tuple[str, int]

_IPV4, _TCP, _UDP = 0x0800, 6, 17
_TTL = 64
_DO_NOT_FRAGMENT = 0x4000
_PUSH_ACK = 0x18
_WINDOW = 0xFFFF
_TCP_WORDS = 5  # of a header without options


def udp_frame(source: Place, destination: Place, payload: bytes) -> bytes:
    """A datagram. Places: (IPv4 address, port)."""
    length = 8 + len(payload)
    head = struct.pack(">HHHH", source[1], destination[1], length, 0)
    checksum = _checksum(_pseudo(source, destination, _UDP, length) + head + payload) or 0xFFFF
    return _ip_frame(source, destination, _UDP, head[:6] + struct.pack(">H", checksum) + payload)


class TcpStreams:
    """Segments of any number of connections; keeps how far each direction of each has come."""

    def __init__(self) -> None:
        self._next: dict[tuple[Place, Place], int] = {}

    def frame(self, source: Place, destination: Place, payload: bytes) -> bytes:
        """The next segment from source to destination."""
        sequence = self._next.get((source, destination), 1)
        acknowledged = self._next.get((destination, source), 1)
        self._next[source, destination] = sequence + len(payload) & 0xFFFFFFFF
        head = struct.pack(">HHII", source[1], destination[1], sequence, acknowledged)
        head += struct.pack(">BBHHH", _TCP_WORDS << 4, _PUSH_ACK, _WINDOW, 0, 0)
        checksum = _checksum(_pseudo(source, destination, _TCP, len(head) + len(payload)) + head + payload)
        head = head[:16] + struct.pack(">H", checksum) + head[18:]
        return _ip_frame(source, destination, _TCP, head + payload)


def _ip_frame(source: Place, destination: Place, protocol: int, payload: bytes) -> bytes:
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 0, _DO_NOT_FRAGMENT, _TTL, protocol, 0)
    head += _packed(source) + _packed(destination)
    head = head[:10] + struct.pack(">H", _checksum(head)) + head[12:]
    return _ethernet(destination) + _ethernet(source) + struct.pack(">H", _IPV4) + head + payload


def _packed(place: Place) -> bytes:
    return ipaddress.IPv4Address(place[0]).packed


def _pseudo(source: Place, destination: Place, protocol: int, length: int) -> bytes:
    """What the checksums of UDP and TCP cover besides their own bytes."""
    return _packed(source) + _packed(destination) + struct.pack(">HH", protocol, length)


def _ethernet(place: Place) -> bytes:
    address = ipaddress.IPv4Address(place[0])
    if address.is_multicast:  # RFC 1112: the last 23 bits
        return bytes((0x01, 0x00, 0x5E, address.packed[1] & 0x7F)) + address.packed[2:]
    if address == ipaddress.IPv4Address("255.255.255.255"):
        return b"\xff" * 6
    return b"\x02\0" + address.packed  # 02: made up here


def _checksum(data: bytes) -> int:
    """The ones' complement sum of RFC 1071."""
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
