"""What sensors of temperature and humidity on I2C share: two roles on one chip, patience, faults.

option: (quantity,) or (quantity, address), as in ("humidity", 0x45); quantity is "temperature" (0.1 degC)
or "humidity" (percent). Two rows of a wiring file that name the same pins and address share the chip:
the first one measures, both read.

Faults: MISSING (no acknowledge, bad checksum, never ready), SHORT (a line of the bus is held low). A
value stays up to two failures in a row; the third is the fault.
"""

from ..appliances.base import MISSING, NOT_READY, SHORT

EVERY_MS = 1000  # between measurements, so that the chip does not warm itself
RETRY_MS = 100
TRIES = 3  # failures in a row until the values are faults

_QUANTITIES = ("temperature", "humidity")


def part(bus, option, kind, address):
    """The driver of one role. kind: a Chip class. address: of the chip, unless the option says."""
    if len(option) > 1:
        address = option[1]
    key = (kind, address)
    leads = key not in bus.parts
    if leads:
        bus.parts[key] = kind(bus, address)
    return Part(bus.parts[key], _QUANTITIES.index(option[0]), leads)


class Part:
    """One quantity of a chip. leads: this one lets the chip's time pass."""

    def __init__(self, chip, index, leads):
        self.chip = chip
        self.index = index
        self.leads = leads

    def read(self, elapsed_ms):
        """0.1 degC or percent, NOT_READY before the first, or a fault. Allocates nothing."""
        if self.leads:
            self.chip.advance(elapsed_ms)
        return self.chip.values[self.index]


class Chip:
    """A type overrides go_on().

    bus: write(address, buf) and read(address, buf) -> 1 done, 0 not acknowledged, -1 a line held low.
    """

    def __init__(self, bus, address):
        self.bus = bus
        self.address = address
        self.values = [NOT_READY, NOT_READY]
        self.wait_ms = 0
        self.failures = 0
        self.phase = 0

    def advance(self, elapsed_ms):
        """Let time pass; talks to the chip when something is due. Allocates nothing."""
        self.wait_ms = max(0, self.wait_ms - elapsed_ms)
        if self.wait_ms:
            return
        wait_ms = self.go_on()
        if wait_ms < 0:
            self._fail(wait_ms)
            wait_ms = RETRY_MS
        self.wait_ms = wait_ms

    def go_on(self) -> int:
        """Do what is due; milliseconds until the next call, or a fault code."""
        return MISSING

    def write(self, data):
        """0, or the fault code."""
        done = self.bus.write(self.address, data)
        return 0 if done > 0 else SHORT if done else MISSING

    def read(self, data):
        """0, or the fault code."""
        done = self.bus.read(self.address, data)
        return 0 if done > 0 else SHORT if done else MISSING

    def take(self, temperature, humidity):
        """A good measurement."""
        self.values[0] = temperature
        self.values[1] = humidity
        self.failures = 0

    def _fail(self, fault):
        self.phase = 0
        self.failures += 1
        if self.failures >= TRIES:
            self.failures = TRIES  # stays there: a small integer
            self.values[0] = self.values[1] = fault
