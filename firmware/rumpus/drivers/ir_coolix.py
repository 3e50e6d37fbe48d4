"""The 24-bit protocol "Coolix" (Midea's older units and brands built by it, Beko, Bosch, Toshiba ...).

option: ("coolix",). Swing is a toggle there and nobody knows from what: it is not sent. Off is a frame of its own.
Facts from the published captures that tests/shared/test_driver_ir.py names.
"""

from ..remote_state import FAN, MODE, TARGET
from .ir_protocol import Protocol


class Coolix(Protocol):
    TIMING = (4692, 4416, 552, 1656, 552)
    IS_MSB_FIRST = True
    # Each byte and its inverse, all of it twice. Kinds: see ir_transmitter.py.
    SHAPE = (
        (0,), (1, 0, 1), (2, 0, 1), (1, 1, 2), (2, 1, 2), (1, 2, 3), (2, 2, 3), (4, 5244),
        (0,), (1, 0, 1), (2, 0, 1), (1, 1, 2), (2, 1, 2), (1, 2, 3), (2, 2, 3),
    )  # fmt: skip
    # The remote's own thermometer is not used (the five ones).
    TEMPLATE = b"\xb2\x1f\x00"
    OFF = b"\xb2\x7b\xe0"
    LOWEST = 17
    FIELDS = (
        (MODE, 2, 2, (2, 0, 1, 1, 3)),
        (FAN, 1, 5, (5, 4, 4, 2, 1, 1)),
        (TARGET, 2, 4, (0, 1, 3, 2, 6, 7, 5, 4, 12, 13, 9, 8, 10, 11)),
    )
    # auto and dry: the fan is the unit's business; fan: a temperature that is none.
    LOCKS = ((0, 1, 0xE0, 0), (2, 1, 0xE0, 0), (3, 2, 0xF0, 0xE0))


def make(pin, option):
    return Coolix(pin)
