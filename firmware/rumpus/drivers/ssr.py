"""A solid-state relay that carries a part of the power by being on a part of the time.

option: (active level, window_ms), as in ("active_high", 2000). At half power one turn of on and off
takes the window; away from the half the turns grow longer, so that a pulse is never shorter than a
quarter of the window. A window of at least 8 mains cycles therefore never asks a zero-crossing relay
for a part of a cycle. The balance of what is owed is kept from real elapsed time, so the mean power
is exact however unevenly the loop calls.
"""

NEEDS = "digital_out"

FULL = 1000  # level that is fully on
SHORTEST_WINDOW_MS = 160  # 8 cycles of 50 Hz mains
LONGEST_WINDOW_MS = 120000  # keeps the balance below 2**30, where MicroPython's integers start to allocate


def make(pin, option):
    return Ssr(pin, option)


class Ssr:
    def __init__(self, pin, option):
        self.pin = pin
        self.active = 0 if "active_low" in option else 1
        window_ms = min(max(option[1], SHORTEST_WINDOW_MS), LONGEST_WINDOW_MS)
        self.band = window_ms * FULL // 8  # level times milliseconds
        self.off()

    def write(self, level, elapsed_ms=0):
        """Carry level (0..1000) of the power; elapsed_ms since the last call. 0 switches off at once,
        1000 on at once. Allocates nothing."""
        if level <= 0:
            self.off()
        elif level >= FULL:
            self.owed = 0
            self._switch(1)
        else:
            self._settle(level, elapsed_ms)

    def _settle(self, level, elapsed_ms):
        self.owed += (level - FULL * self.is_on) * elapsed_ms
        if self.owed >= self.band:
            self._switch(1)
        elif self.owed <= -self.band:
            self._switch(0)
        # A step longer than the window cannot be made good later: forget what is beyond one window.
        limit = 8 * self.band
        self.owed = min(max(self.owed, -limit), limit)

    def _switch(self, on):
        self.is_on = on
        self.pin.write(self.active if on else 1 - self.active)

    def off(self):
        """Switch off, whatever went before. Allocates nothing."""
        self.owed = 0
        self._switch(0)
