"""Whether all outputs that may do harm are at rest: what may block for long runs only then (see stalls.py).

The first level that an output is given is its level at rest: making a driver switches it off.
"""

UNWRITTEN = -1
# Exit code of a process in the place of a board: start it again. entry/main.py has it too.
RESTART = 75


class Output:
    """What a HAL's digital outputs and PWM share. is_hazard: whoever wires it may know that it is none."""

    is_hazard = True

    def __init__(self):
        self.level = UNWRITTEN
        self.rest = UNWRITTEN

    def write(self, value):
        """Set the output; 0/1 or 0..65535. Touches the pin only when the value has changed."""
        if value != self.level:
            if self.rest == UNWRITTEN:
                self.rest = value
            self.put(value)
            self.level = value

    def is_as_written(self) -> "bool":
        """False when the pin shows another level than it was given; a subclass that can see it says so."""
        return True

    def put(self, value):
        """Set the pin itself; a subclass does."""


def all_at_rest(outputs):
    """True when every hazard has the level that it had when its driver was made. Allocates nothing."""
    for output in outputs:
        if output.level != output.rest and output.is_hazard:
            return False
    return True


def all_as_written(outputs):
    """True when no output shows another level than it was given: none is shorted. Allocates nothing."""
    for output in outputs:
        if not output.is_as_written():
            return False
    return True
