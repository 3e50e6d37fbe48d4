"""Where in the bytes the message is: bare, a packet with its channel byte, in the framing of TCP or a serial line."""

from types import ModuleType
from typing import NamedTuple

from rumpus import link
from rumpus.errors import DecodeError
from rumpus.serial_link import SerialLink

from . import dcmp, ra, rmdp, rump, sealed
from .parts import Decoded, Part

#: What is known of a channel: decode(), begins_well(), is_whole().
CHANNELS: dict[str, ModuleType] = {"rump": rump, "ra": ra, "rmdp": rmdp, "dcmp": dcmp, "sealed": sealed}
# Known from their bytes alone, without a channel byte: what says how long it is. The last is the first guess.
_BARE = ("rmdp", "dcmp", "rump")


class Found(NamedTuple):
    """Where the message lies: buf[at:end]."""

    channel: str
    assumed: str
    buf: bytes
    at: int
    end: int
    parts: tuple[Part, ...] = ()
    error: DecodeError | None = None


def find_message(data: bytes, channel: str | None) -> Found:
    """The reading under which the bytes make sense; if none does, the most likely one."""
    bare = "a bare message, without a channel byte"
    readings = [Found(name, bare, data, 0, len(data)) for name in ([channel] if channel else _BARE)]
    first_guess = readings[-1]
    readings += _packets(data, 0, "a packet with its channel byte, without link framing")
    readings += _tcp_frame(data) + _serial_frame(data)
    if channel:
        readings = [reading for reading in readings if reading.channel == channel]
    whole = [reading for reading in readings if reading.error is None and _is_whole(reading)]
    if whole:
        return max(whole, key=lambda reading: _try(reading).error is None)
    likely = [reading for reading in readings if reading.error or _begins_well(reading)]
    return max(reversed(likely), key=_understood, default=first_guess)


def _packets(data: bytes, at: int, assumed: str, parts: tuple[Part, ...] = ()) -> list[Found]:
    """The reading of data[at:] as a packet, when its first byte is a channel."""
    if at >= len(data) or not 0 < data[at] < len(link.CHANNELS):
        return []
    name = link.CHANNELS[data[at]]
    part = Part("link", at, data[at : at + 1], "channel", name, name, "OURS")
    return [Found(name, assumed, data, at + 1, len(data), (*parts, part))]


def _tcp_frame(data: bytes) -> list[Found]:
    if len(data) < 3:
        return []
    size = int.from_bytes(data[:2], "big")
    part = Part("link", 0, data[:2], "length", size, f"{size} bytes follow", "OURS")
    readings = _packets(data, 2, "a packet in TCP framing (length)", (part,))
    if size == len(data) - 2:
        return readings
    error = DecodeError("truncated" if size > len(data) - 2 else "surplus_bytes", min(len(data), size + 2))
    return [
        reading._replace(end=min(reading.end, size + 2), error=error)
        for reading in readings
        if _begins_well(reading)
    ]


def _serial_frame(data: bytes) -> list[Found]:
    """The readings of 00 ... 00: undone by the real serial link."""
    inner = data.strip(b"\0")
    if len(data) < 3 or data[0] or data[-1] or 0 in inner or not inner:
        return []
    serial = SerialLink(len(data) + 2)
    serial.free()[: len(data)] = data
    serial.received(len(data))
    if not serial.next_packet():
        error = DecodeError("crc", 0)
        return [
            Found("rump", "a packet in serial framing (COBS, CRC-32)", data, len(data), len(data), (), error)
        ]
    packet = bytes(serial.buf[serial.at : serial.end])
    return _packets(packet, 0, "a packet in serial framing; offsets count in the packet inside it")


def _is_whole(reading: Found) -> bool:
    return CHANNELS[reading.channel].is_whole(reading.buf, reading.at, reading.end)


def _try(reading: Found) -> Decoded:
    tried = Decoded(reading.channel, reading.assumed)
    try:
        CHANNELS[reading.channel].decode(tried, reading.buf, reading.at, reading.end)
    except DecodeError as error:
        tried.error = error
    return tried


def _understood(reading: Found) -> int:
    """Bytes that a reading can say something about."""
    return sum(len(part.raw) for part in _try(reading).parts)


def _begins_well(reading: Found) -> bool:
    """True when what stands first is known to the channel."""
    return CHANNELS[reading.channel].begins_well(reading.buf, reading.at, reading.end)
