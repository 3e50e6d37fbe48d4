"""`time` with the 30-bit milliseconds of a board, which are the world's unless FAKE_REAL_TIME is set."""

import os

from utime import *  # noqa: F403
from world import world

_PERIOD = 1 << 30

if not os.getenv("FAKE_REAL_TIME"):

    def ticks_ms():
        # Begins shortly before it wraps, as ticks_ms() may at any time.
        return (_PERIOD - 5000 + world.now_ms) % _PERIOD

    def ticks_diff(end, start):
        return (end - start + _PERIOD // 2) % _PERIOD - _PERIOD // 2
