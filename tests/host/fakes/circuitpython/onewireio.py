"""Fake `onewireio`: bits only; a line held low looks like a presence pulse."""

from world import world


class OneWire:
    def __init__(self, pin):
        self._wire = world.wires[pin.claim(self)]

    def reset(self):
        """False when at least one device is present."""
        return self._wire.reset() == 1

    def read_bit(self):
        return self._wire.slot(1) == 1

    def write_bit(self, value):
        self._wire.slot(1 if value else 0)
