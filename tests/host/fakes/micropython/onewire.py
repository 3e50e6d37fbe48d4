"""Fake `onewire`: the calls of the module that boards have, in slots on the world's wire."""

from bus_onewire import ByteBus
from world import world


class OneWire:
    def __init__(self, pin):
        pin.init(pin.OPEN_DRAIN, pin.PULL_UP, value=1)
        self.wire = world.wires[pin.id]
        self.bus = ByteBus(self.wire, True)
        self.line = pin.line

    def reset(self, required=False):
        answered = self.bus.reset() == 1
        self.line.outside = self.wire.idle()
        return answered

    def readbyte(self):
        return self.bus.read_byte()

    def writebyte(self, byte):
        self.bus.write_byte(byte)
