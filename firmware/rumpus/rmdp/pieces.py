"""A packet that is longer than any buffer here, framed on its way out and never whole in memory.

out[at:end] is its beginning, message.write() gives the rest. A piece is valid until the next is asked for,
and no longer than until somebody else writes into `out`.
"""

from binascii import crc32

_RUN = 254  # bytes without a zero that one COBS block holds


def stream_pieces(out, at, end, message):
    """For a stream: a length of two bytes, then the packet. at: at least 2."""
    size = end - at + message.left
    out[at - 2] = size >> 8
    out[at - 1] = size & 0xFF
    yield memoryview(out)[at - 2 : end]
    while message.left:
        end = message.write(out, 0, len(out))
        yield memoryview(out)[:end]


def serial_pieces(out, at, end, message):
    """For a serial link: a zero byte, COBS of the packet and of its CRC-32, a zero byte."""
    run = bytearray()  # since the last zero
    crc = 0
    first = b"\0"
    while True:
        view = memoryview(out)[at:end]
        crc = crc32(view, crc)
        coded = bytearray(first)
        _encode(view, run, coded)
        yield coded
        first = b""
        if not message.left:
            break
        at, end = 0, message.write(out, 0, len(out))
    coded = bytearray()
    _encode(crc.to_bytes(4, "little"), run, coded)
    coded.append(len(run) + 1)
    coded.extend(run)
    coded.append(0)
    yield coded


def _encode(raw, run, coded):
    """COBS of raw, appended to coded; what may go on stays in run."""
    raw = bytes(raw)
    at, end = 0, len(raw)
    while at < end:
        zero = raw.find(b"\0", at)
        stop = zero if zero >= 0 else end
        while at < stop:
            n = min(stop - at, _RUN - len(run))
            run.extend(raw[at : at + n])
            at += n
            if len(run) == _RUN:
                coded.append(0xFF)
                coded.extend(run)
                run[:] = b""
        if zero >= 0:
            coded.append(len(run) + 1)
            coded.extend(run)
            run[:] = b""
            at = zero + 1
