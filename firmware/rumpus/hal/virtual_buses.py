"""Real buses on the virtual board: simulated chips that answer bytes, so that drivers run as on any board.

The chips are not part of the firmware: the setting `chips` names the folder of bus_onewire.py and bus_i2c.py,
which the tests of the drivers use as well. The bench says in each tick what they measure:

    onewire   NAME               1/16 degC + 0x8000; 0: the line is held low, 0xFFFF: nobody answers
    i2c       NAME:temperature   0.1 degC + 0x8000; the same two faults
              NAME:humidity      0.1 percent

Infrared goes the other way: a frame in front of the outputs of the step, see virtual.py.
"""

import sys

HELD_LOW = 0
MISSING = 0xFFFF
_ZERO = 0x8000


def make(hal, kind, name):
    """The bus of this kind; its words are inputs of the hal from now on."""
    if kind == "ir":
        return Infrared(hal)
    if hal.chips not in sys.path:
        sys.path.append(hal.chips)
    return one_wire(hal, name) if kind == "onewire" else i2c(hal, name)


def one_wire(hal, name):
    bus_onewire = __import__("bus_onewire")  # not a part of the firmware
    chip = bus_onewire.Ds18b20Chip()
    wire = bus_onewire.Wire(chip)
    word = hal.input(name)

    def renew(elapsed_ms):
        counts = word.read()
        wire.is_held_low = counts == HELD_LOW
        chip.is_connected = counts != MISSING
        chip.sixteenths = counts - _ZERO
        wire.advance(elapsed_ms)

    hal.simulated.append(renew)
    return bus_onewire.ByteBus(wire)


def i2c(hal, name):
    """One of each chip that there is a driver for; they have addresses of their own."""
    bus_i2c = __import__("bus_i2c")
    chips = bus_i2c.Sht3xChip(), bus_i2c.Aht20Chip()
    lines = bus_i2c.Lines(*chips)
    warm, moist = hal.input(name + ":temperature"), hal.input(name + ":humidity")

    def renew(elapsed_ms):
        counts = warm.read()
        lines.holder = -1 if counts == HELD_LOW else 0
        for chip in chips:
            chip.is_connected = counts != MISSING
            chip.temperature = counts - _ZERO
            chip.humidity = moist.read()
        lines.advance(elapsed_ms)

    hal.simulated.append(renew)
    return bus_i2c.Bus(lines)


class Infrared:
    def __init__(self, hal):
        self._hal = hal

    def send(self, durations):
        """Microseconds, marks and spaces in turn."""
        frame = bytearray(b"I")
        for word in [len(durations)] + list(durations):
            frame.append(word >> 8)
            frame.append(word & 0xFF)
        self._hal.tell(frame)
