"""A door switch, float, leak contact or key: a digital input with an active level.

option: (active level, debounce_ms), as in ("active_high", 50): the level that the pin has when the door
is open (the key pressed, the water there). Becoming active counts at once, because a magnetron must not
wait for a contact to stop bouncing; becoming inactive counts once it has lasted.
"""

NEEDS = "digital_in"


def make(pin, option):
    return DoorSwitch(pin, option)


class DoorSwitch:
    def __init__(self, pin, option):
        self.pin = pin
        self.active = 0 if "active_low" in option else 1
        self.debounce_ms = option[1]
        self.value = -1  # not read yet: the first reading counts, whatever it is
        self.quiet_ms = -1  # how long the pin has been inactive while the value still is active; -1 not

    def read(self, elapsed_ms):
        """1 active, 0 not. Allocates nothing."""
        if self.pin.read() == self.active:
            self.value = 1
            self.quiet_ms = -1
        elif self.value < 0:
            self.value = 0
        elif self.value:
            # The first inactive sample starts the wait: the time before it was not quiet.
            self.quiet_ms = 0 if self.quiet_ms < 0 else self.quiet_ms + elapsed_ms
            if self.quiet_ms >= self.debounce_ms:
                self.value = 0
        return self.value
