"""Whether all outputs are at rest: what may block for long runs only then (see stalls.py).

The first level that an output is given is its level at rest: making a driver switches it off.
"""

UNWRITTEN = -1


class Output:
    """What a HAL's digital outputs and PWM share."""

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

    def put(self, value):
        """Set the pin itself; a subclass does."""


def all_at_rest(outputs):
    """True when every output has the level that it had when its driver was made. Allocates nothing."""
    for output in outputs:
        if output.level != output.rest:
            return False
    return True
