"""Captures in pcapng, the format of Wireshark: packets of several kinds of link, with time, direction, comment.

    with open("bench.pcapng", "wb") as file:
        capture = Capture(file)
        lan = capture.interface(ETHERNET, "the LAN")
        cable = capture.interface(RUMPUS, "/dev/ttyUSB0")
        capture.packet(cable, time_us, bytes((RUMP,)) + message, OUT, "a control")

Only written, never read. The format: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html
"""

import struct
from typing import BinaryIO

#: Link types. ETHERNET: whole frames. RUMPUS: a packet, that is a channel byte and what it carries, of a
#: carrier that no capture program knows (a cable); the first of those that are free to use ("USER0").
ETHERNET = 1
RUMPUS = 147

#: Directions, seen from whoever captured.
UNKNOWN, IN, OUT = 0, 1, 2

_SECTION_HEADER, _INTERFACE, _ENHANCED_PACKET = 0x0A0D0D0A, 1, 6
_BYTE_ORDER = 0x1A2B3C4D
_VERSION = (1, 0)
_LENGTH_UNKNOWN = -1
_NO_LIMIT = 0
# Options. Times are in microseconds, as they are without an option that says otherwise.
_COMMENT, _NAME, _FLAGS, _APPLICATION = 1, 2, 2, 4


class Capture:
    """Writes to a binary stream; what was written is a whole capture at any time."""

    def __init__(self, file: BinaryIO, comment: str = "", application: str = "Rumpus"):
        self._file = file
        self._interfaces = 0
        body = struct.pack("<IHHq", _BYTE_ORDER, *_VERSION, _LENGTH_UNKNOWN)
        self._block(
            _SECTION_HEADER, body, ((_COMMENT, comment.encode()), (_APPLICATION, application.encode()))
        )

    def interface(self, link_type: int, name: str, comment: str = "") -> int:
        """Say where packets will come from; returns its number."""
        body = struct.pack("<HHI", link_type, 0, _NO_LIMIT)
        self._block(_INTERFACE, body, ((_COMMENT, comment.encode()), (_NAME, name.encode())))
        self._interfaces += 1
        return self._interfaces - 1

    def packet(
        self, interface: int, time_us: int, data: bytes, direction: int = UNKNOWN, *comments: str
    ) -> None:
        """Add a packet. time_us: microseconds since 1970. comments: a line each."""
        assert interface < self._interfaces
        head = struct.pack("<IIIII", interface, time_us >> 32, time_us & 0xFFFFFFFF, len(data), len(data))
        flags = struct.pack("<I", direction) if direction else b""
        told = [(_COMMENT, comment.encode()) for comment in comments]
        self._block(_ENHANCED_PACKET, head + _padded(data), ((_FLAGS, flags), *told))

    def _block(self, kind: int, body: bytes, options: tuple[tuple[int, bytes], ...]) -> None:
        """Options without a value are left out."""
        for code, value in options:
            if value:
                body += struct.pack("<HH", code, len(value)) + _padded(value)
        if any(value for _code, value in options):
            body += bytes(4)  # the end of the options
        length = struct.pack("<I", len(body) + 12)
        self._file.write(struct.pack("<I", kind) + length + body + length)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
