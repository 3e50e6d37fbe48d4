"""An air conditioner steered through its infrared receiver, as its remote control does it.

An output driver whose level is the whole state, packed by pack(): level 0 is off, which is also what an
interlock forces. A frame goes out when the level has changed; nothing is heard back. The protocols are
tables: ir_gree.py, ir_coolix.py, ir_midea.py; a wiring row names one of them as its driver.

The first write() after a start always sends, because nobody knows what the air conditioner does; making
the driver sends nothing, off() sends "off" unless that was the last thing sent.
"""

from .ir_transmitter import pulses

NEEDS = "ir"

# A frame and its repetition are over by then, and the receiver listens again.
REST_MS = 500
_NOTHING_SENT = -1

# Bits of a level. Values are counts of the fields of the same names, see tables/air_conditioner.py.
POWER, MODE, FAN, VERTICAL, HORIZONTAL, TARGET = range(6)
_AT = (0, 1, 4, 7, 10, 13)
_MASK = (1, 7, 7, 7, 7, 511)


def pack(mode, target, fan, vertical, horizontal):
    """The level that means "on, like this". Counts of mode, target_temperature, fan_speed,
    swing_vertical, swing_horizontal. Below 2**22; allocates nothing."""
    return 1 | mode << 1 | fan << 4 | vertical << 7 | horizontal << 10 | target << 13


def unpack(level, what):
    """One value of a level: what is POWER, MODE, ... Allocates nothing."""
    return level >> _AT[what] & _MASK[what]


class IrAc:
    """A protocol is a subclass with tables and check().

    TEMPLATE  bytes of the frame, all that never changes
    FIELDS    (what, byte, shift, codes): the code of each value; the target's are degrees from LOWEST
    LOCKS     (mode, byte, mask, bits): what the remote control sends in this mode, whatever is set
    OFF       the frame that means off, or None: the last state with the power bit cleared
    TIMING, SHAPE, IS_MSB_FIRST   see ir_transmitter.py
    """

    TEMPLATE = b""
    FIELDS: tuple = ()
    LOCKS: tuple = ()
    LOWEST = 0
    OFF = None
    TIMING = ()
    SHAPE = ()
    IS_MSB_FIRST = False

    def __init__(self, pin):
        self.pin = pin
        self.sent = _NOTHING_SENT
        self.rest_ms = 0

    def write(self, level, elapsed_ms=0):
        """Make the air conditioner do this. Allocates only when a frame goes out."""
        self.rest_ms = max(0, self.rest_ms - elapsed_ms)
        if level != self.sent and self.rest_ms == 0:
            self._send(level)

    def off(self):
        """Send "off" unless it was just sent."""
        if self.sent > 0:
            self._send(0)

    def frame(self, level):
        """The bytes for a level. Level 0 with a state sent before: that state with its power off."""
        is_on = level != 0
        if not is_on and self.OFF:
            return bytearray(self.OFF)
        state = level or max(self.sent, 0)
        frame = bytearray(self.TEMPLATE)
        for what, at, shift, codes in self.FIELDS:
            frame[at] |= codes[self._index(what, state, is_on, len(codes))] << shift
        for mode, at, mask, bits in self.LOCKS:
            if mode == unpack(state, MODE):
                frame[at] = frame[at] & ~mask | bits
        self.check(frame)
        return frame

    def check(self, frame):
        """Fill in the checksum."""

    def _index(self, what, state, is_on, n):
        if what == POWER:
            return 1 if is_on else 0
        value = unpack(state, what)
        if what == TARGET:
            value = (value + 5) // 10 - self.LOWEST
        return min(max(value, 0), n - 1)

    def _send(self, level):
        self.pin.send(pulses(self.frame(level), self.TIMING, self.SHAPE, self.IS_MSB_FIRST))
        self.sent = level
        self.rest_ms = REST_MS
