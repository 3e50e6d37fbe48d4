"""What the infrared protocols of air conditioners share: which frame goes out, and when.

A frame goes out when the level has changed. Nothing is heard back: somebody may stand in the way. So it is
sent again after a minute and after ten. Not more often, because the air conditioner beeps each time; and
never later, because by then a person may have used the hand remote, and the last wish counts.

The first frame after a start is sent whatever the level is, because nobody knows what the air conditioner
does; it waits a moment for what the first inputs say. Making the driver sends nothing; off() sends "off"
unless that was the last thing sent.
"""

from ..remote_state import MODE, POWER, TARGET, unpack
from .ir_transmitter import pulses

# A frame and its repetition are over by then, and the receiver listens again.
REST_MS = 500
FIRST_MS = 3000
REPEATS_MS = (60000, 600000)  # after the change
_NOTHING_SENT = -1


class Protocol:
    """A protocol is a subclass with tables and check().

    TEMPLATE  bytes of the frame, all that never changes
    FIELDS    (what, byte, shift, codes): the code of each value; the target's are degrees from LOWEST
    LOCKS     (mode, byte, mask, bits): what the remote control sends in this mode, whatever is set
    OFF       the frame that means off, or None: the last state with the power bit cleared
    PROVIDES  roles of parts that the air conditioner has and this protocol moves
    TIMING, SHAPE, IS_MSB_FIRST   see ir_transmitter.py
    """

    TEMPLATE = b""
    FIELDS: tuple = ()
    LOCKS: tuple = ()
    LOWEST = 0
    OFF = None
    PROVIDES: tuple = ()
    TIMING = ()
    SHAPE = ()
    IS_MSB_FIRST = False

    def __init__(self, pin):
        self.pin = pin
        self.sent = _NOTHING_SENT
        self.state = 0  # the last level that was on: an "off" says what it switches off
        self.rest_ms = FIRST_MS
        self.since_ms = 0  # since the change that was sent last
        self.repeats = 0  # of it so far

    def write(self, level, elapsed_ms=0):
        """Make the air conditioner do this. Allocates only when a frame goes out."""
        self.rest_ms = max(0, self.rest_ms - elapsed_ms)
        if self.repeats < len(REPEATS_MS):
            self.since_ms += elapsed_ms
        if self.rest_ms:
            return
        if level != self.sent:
            self._send(level)
        elif self.repeats < len(REPEATS_MS) and self.since_ms >= REPEATS_MS[self.repeats]:
            self.repeats += 1
            self._emit()

    def off(self):
        """Send "off" unless it was just sent."""
        if self.sent > 0:
            self._send(0)

    def frame(self, level):
        """The bytes for a level. Level 0 with a state sent before: that state with its power off."""
        is_on = level != 0
        if not is_on and self.OFF:
            return bytearray(self.OFF)
        state = level or self.state
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
        self.sent = level
        self.state = level or self.state
        self.since_ms = 0
        self.repeats = 0
        self._emit()

    def _emit(self):
        self.pin.send(pulses(self.frame(self.sent), self.TIMING, self.SHAPE, self.IS_MSB_FIRST))
        self.rest_ms = REST_MS
