"""Gree's 64-bit protocol (remotes YAW1F, YBOFB, YAP and many brands that Gree builds for).

option: ("gree", "yaw1f"), which ("gree",) is too; or ("gree", "ybofb") for units that want the model bit clear.
Facts from the published captures that tests/shared/test_driver_ir.py names.
"""

from ..remote_state import FAN, HORIZONTAL, MODE, POWER, TARGET, VERTICAL
from .ir_protocol import Protocol

_MODEL_BIT = 0x40  # in byte 2, while on


class Gree(Protocol):
    TIMING = (9000, 4500, 620, 1600, 540)
    IS_MSB_FIRST = False
    # Four bytes, three loose bits and a pause, four bytes. Kinds: see ir_transmitter.py.
    SHAPE = ((0,), (1, 0, 4), (3, 3, 2), (4, 19980), (1, 4, 8))
    # The display's light is on (byte 2); the rest is as the remote always has it.
    TEMPLATE = b"\x00\x00\x20\x50\x00\x20\x00\x00"
    LOWEST = 16
    PROVIDES = ("louver_vertical", "louver_horizontal")
    FIELDS = (
        (POWER, 0, 3, (0, 1)),
        (MODE, 0, 0, (0, 1, 2, 3, 4)),
        (FAN, 0, 4, (0, 1, 1, 2, 3, 3)),
        (VERTICAL, 0, 6, (0, 1, 0, 0, 0, 0, 0)),
        (TARGET, 1, 0, (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)),
        (VERTICAL, 4, 0, (0, 1, 2, 3, 4, 5, 6)),
        (HORIZONTAL, 4, 4, (0, 1, 2, 3, 4, 5, 6)),
    )
    # auto: 25 degC; dry: the lowest fan speed.
    LOCKS = ((0, 1, 0x0F, 9), (2, 0, 0x30, 0x10))

    def check(self, frame):
        """The high half of the last byte: the low halves of the first four bytes and the high halves of the
        next three, and ten."""
        total = 10
        for i in range(4):
            total += (frame[i] & 0x0F) + (frame[i + 4] >> 4 if i < 3 else 0)
        frame[7] = (total & 0x0F) << 4


class Yaw1f(Gree):
    def frame(self, level):
        frame = super().frame(level)
        if level:
            frame[2] |= _MODEL_BIT  # not part of the checksum
        return frame


def make(pin, option):
    return Gree(pin) if "ybofb" in option else Yaw1f(pin)
