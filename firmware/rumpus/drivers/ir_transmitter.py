"""Infrared: the bytes of a frame to the marks and spaces that a remote control would send.

A pin of the kind "ir" has send(durations): microseconds, a mark (carrier on) first, then space and mark
in turn, at a carrier of 38 kHz. It may return before the last mark is out; the next send() waits.
"""

HEADER, BYTES, INVERSE, BITS, GAP = range(5)


def pulses(frame, timing, shape, is_msb_first):
    """The list of durations in microseconds for a frame; allocates it.

    timing: header mark, header space, bit mark, space of a one, space of a zero. shape: rows of what
    follows what: (HEADER,), (BYTES, at, end) of the frame, (INVERSE, at, end) the same with each bit
    turned round, (BITS, n, value) n loose bits, (GAP, microseconds) a mark and a pause.
    """
    out = []
    for row in shape:
        kind = row[0]
        if kind == HEADER:
            out.append(timing[0])
            out.append(timing[1])
        elif kind == GAP:
            out.append(timing[2])
            out.append(row[1])
        elif kind == BITS:
            _bits(out, row[2], row[1], timing, is_msb_first)
        else:
            for i in range(row[1], row[2]):
                _bits(out, frame[i] ^ (0xFF if kind == INVERSE else 0), 8, timing, is_msb_first)
    out.append(timing[2])  # a space means something only before a mark
    return out


def _bits(out, value, n, timing, is_msb_first):
    for i in range(n):
        bit = value >> (n - 1 - i if is_msb_first else i) & 1
        out.append(timing[2])
        out.append(timing[3] if bit else timing[4])
