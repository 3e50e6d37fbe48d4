"""Midea's 48-bit protocol (remotes R51, R09; Comfee, Electrolux, Pioneer and other brands).

option: ("midea",). Swing is a toggle there and nobody knows from what: it is not sent. Facts from the published
captures that tests/shared/test_driver_ir.py names.
"""

from ..remote_state import FAN, MODE, POWER, TARGET
from .ir_protocol import Protocol


class Midea(Protocol):
    TIMING = (4480, 4480, 560, 1680, 560)
    IS_MSB_FIRST = True
    # The frame, and again with every bit inverted. Kinds: see ir_transmitter.py.
    SHAPE = ((0,), (1, 0, 6), (4, 5600), (0,), (2, 0, 6))
    TEMPLATE = b"\xa1\x00\x40\xff\xff\x00"
    LOWEST = 17
    FIELDS = (
        (POWER, 1, 7, (0, 1)),
        (MODE, 1, 0, (2, 0, 1, 4, 3)),
        (FAN, 1, 3, (0, 1, 1, 2, 3, 3)),
        (TARGET, 2, 0, (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)),
    )
    LOCKS = ()

    def check(self, frame):
        """The last byte makes the sum of all six, each with its bits in reverse order, a multiple of 256."""
        total = 0
        for i in range(5):
            total += _reversed(frame[i])
        frame[5] = _reversed(-total & 0xFF)


def make(pin, option):
    return Midea(pin)


def _reversed(byte):
    out = 0
    for i in range(8):
        out |= (byte >> i & 1) << 7 - i
    return out
