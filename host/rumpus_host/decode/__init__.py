"""Bytes of one message taken apart, for people: every part with its offset, name, value and meaning.

    decoded = decode(bytes.fromhex("0101..."), "rump")
    decoded.parts       what was understood, in order; also when the rest is wrong
    decoded.error       None, or the DecodeError that a receiver would raise; detail is the offset

The bytes may be a bare message, a packet (with its channel byte), or a packet in the framing of a TCP
or serial link; `decoded.assumed` says which it was taken for. The firmware's rows and codecs do the work:
nothing here knows a number of a protocol. A file for each channel: decode(decoded, buf, at, end) adds parts
and values, and raises DecodeError; begins_well() and is_whole() tell its messages from others.
"""

from rumpus.errors import DecodeError

from .framing import CHANNELS, find_message
from .parts import Decoded, Part

__all__ = ["CHANNELS", "Decoded", "Part", "decode"]


def decode(data: bytes, channel: str | None = None) -> Decoded:
    """Take bytes apart. channel: a name in CHANNELS; None: what the bytes say, else rump.

    Raises ValueError for an unknown channel. Wrong bytes are in the answer's `error`.
    """
    if channel is not None and channel not in CHANNELS:
        raise ValueError(f"channel {channel!r} is none of {', '.join(CHANNELS)}")
    found = find_message(data, channel)
    decoded = Decoded(found.channel, found.assumed)
    decoded.parts.extend(found.parts)
    try:
        CHANNELS[found.channel].decode(decoded, found.buf, found.at, found.end)
    except DecodeError as error:
        decoded.error = error
    decoded.error = found.error or decoded.error
    return decoded
