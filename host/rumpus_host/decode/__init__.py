"""Bytes of one message taken apart, for people: every part with its offset, name, value and meaning.

    decoded = decode(bytes.fromhex("0101..."), "rump")
    decoded.parts       what was understood, in order; also when the rest is wrong
    decoded.error       None, or the DecodeError that a receiver would raise; detail is the offset

The bytes may be a bare message, a packet (with its channel byte), or a packet in the framing of a TCP
or serial link; `decoded.assumed` says which it was taken for. The firmware's rows and codecs do the work:
nothing here knows a number of a protocol. A file for each channel: decode(decoded, buf, at, end) adds parts
and values, and raises DecodeError; begins_well() and is_whole() tell its messages from others.
"""

from collections.abc import Callable

from rumpus.errors import DecodeError, StateError

from . import dcmp, ra, rmdp, rump
from .framing import find_message
from .parts import Decoded, Part

__all__ = ["DECODERS", "Decoded", "NoDecoder", "Part", "decode"]


class NoDecoder(StateError):
    """There is no decoder for that channel; str() is a sentence."""

    def __str__(self) -> str:
        return f"There is no decoder for {self.code} yet: its tables do not exist in this version."


#: Channel -> its decoder. None: the channel exists, its tables do not yet.
DECODERS: dict[str, Callable[[Decoded, bytes, int, int], None] | None] = {
    "rump": rump.decode,
    "ra": ra.decode,
    "rmdp": rmdp.decode,
    "dcmp": dcmp.decode,
    "sealed": None,
}


def decode(data: bytes, channel: str | None = None) -> Decoded:
    """Take bytes apart. channel: a name in DECODERS; None: what the bytes say, else rump.

    Raises NoDecoder; ValueError for an unknown channel. Wrong bytes are in the answer's `error`.
    """
    if channel is not None and channel not in DECODERS:
        raise ValueError(f"channel {channel!r} is none of {', '.join(DECODERS)}")
    if channel is not None and DECODERS[channel] is None:
        raise NoDecoder(channel)
    found = find_message(data, channel)
    decoder = DECODERS.get(found.channel)
    if decoder is None:
        raise NoDecoder(found.channel)
    decoded = Decoded(found.channel, found.assumed)
    decoded.parts.extend(found.parts)
    try:
        decoder(decoded, found.buf, found.at, found.end)
    except DecodeError as error:
        decoded.error = error
    if found.error:
        decoded.error = found.error
    return decoded
