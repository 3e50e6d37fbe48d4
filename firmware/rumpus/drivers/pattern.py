"""Blinking and beeping: an output that is on and off by a pattern, for status_led.py and buzzer.py."""


class Pattern:
    """pin: digital_out. active: its level when on. patterns: rows of (times, on_ms, off_ms, ...): how
    often the pattern runs, 0 for ever, then on and off times in turn; the level of write() is the row."""

    def __init__(self, pin, active, patterns):
        self.pin = pin
        self.active = active
        self.patterns = patterns
        self.off()

    def write(self, level, elapsed_ms=0):
        """Run the pattern of this level; a change begins it at once, a level beyond the table is the
        last row. Allocates nothing."""
        level = min(max(level, 0), len(self.patterns) - 1)
        if level != self.level:
            self.level = level
            self.at_ms = 0
            self.runs = 0
        else:
            self.at_ms += elapsed_ms
        self._switch(self._is_on(self.patterns[level]))

    def off(self):
        """Off and silent, whatever went before. Allocates nothing."""
        self.level = 0
        self.at_ms = 0
        self.runs = 0
        self._switch(False)

    def _is_on(self, row):
        if len(row) < 2 or (row[0] and self.runs >= row[0]):
            return False
        while True:
            began_ms = 0
            for i in range(1, len(row)):
                began_ms += row[i]
                if self.at_ms < began_ms:
                    return i % 2 == 1
            self.at_ms -= began_ms
            if row[0]:
                self.runs += 1
                if self.runs >= row[0]:
                    return False

    def _switch(self, is_on):
        self.pin.write(self.active if is_on else 1 - self.active)
