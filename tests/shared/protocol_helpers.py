"""What several protocol tests need: vectors, numbers from a seed that are equal everywhere, a locked heap."""

import json
from binascii import unhexlify

from rumpus.rump.device import ControlledDevice
from rumpus.rump.state import State, rows_of
from rumpus.rump.tables import air_conditioner, microwave_oven, refrigerator, water_heater

try:
    from micropython import heap_lock, heap_unlock
except ImportError:  # CPython promises nothing about its heap

    def heap_lock():
        pass

    def heap_unlock():
        pass


TABLES = (water_heater, air_conditioner, refrigerator, microwave_oven)
DEVICE_ID = b"\x00\x01\x00\x02\x00\x03\xa1\xb2\xc3\xd4\xe5\xf6"
VERSIONS = ("0.1.0", "virtual", "", "")
# format, lowest, highest, the count that means "not available"
LIMITS = (
    (">B", 0, 255, 255),
    (">H", 0, 65535, 65535),
    (">h", -32768, 32767, 32767),
    (">I", 0, 4294967295, 4294967295),
)

_FOLDER = __file__.replace("\\", "/").rpartition("/")[0] or "."


def vectors(name):
    """The vector file of that name."""
    with open(_FOLDER + "/../vectors/" + name + ".json", encoding="utf-8") as file:
        return json.load(file)


def unhex(text):
    """Bytes of a hex text with spaces, or of the [hex, meaning] pairs of a vector."""
    if not isinstance(text, str):
        text = "".join([part[0] for part in text])
    return unhexlify(text.replace(" ", ""))


class Numbers:
    """Numbers from a seed, the same on every interpreter."""

    def __init__(self, seed):
        self._state = seed & 0x7FFFFFFF

    def below(self, n):
        """A number in 0..n-1, n up to 2 ** 32."""
        self._state = (self._state * 1103515245 + 12345) & 0x7FFFFFFF
        high = self._state >> 15
        self._state = (self._state * 1103515245 + 12345) & 0x7FFFFFFF
        return (high << 16 | self._state >> 15) % n

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def bytes(self, n):
        return bytes([self.below(256) for _ in range(n)])

    def choose(self, items):
        return items[self.below(len(items))]


def feed(link, data, step=None):
    """The packets that a link finds in data, given to it `step` bytes at a time."""
    packets = []
    at = 0
    while at < len(data):
        view = link.free()
        n = min(len(view), len(data) - at, step or len(data))
        view[:n] = data[at : at + n]
        link.received(n)
        at += n
        while link.next_packet():
            packets.append(bytes(link.buf[link.at : link.end]))
    return packets


def field(table, name):
    """The row of a field."""
    for row in rows_of(table):
        if row[1] == name:
            return row
    raise KeyError(name)


def make_device(table=water_heater, fitted=None, device_id=DEVICE_ID):
    return ControlledDevice(State(table, device_id, fitted), VERSIONS)


def fill(state, values):
    """Set fields by name; None = not available."""
    for row in state.rows:
        if row[1] in values:
            state[row[0]] = values[row[1]]


def locked(call):
    """Run call() with the heap locked: on MicroPython an allocation raises MemoryError.

    A closure over more than five variables allocates by being called.
    """
    heap_lock()
    try:
        call()
    finally:
        heap_unlock()
