"""Fake `esp32` with what sends infrared."""

from world import world

if world.chip != "esp32":
    raise ImportError("no module named 'esp32'")


class RMT:
    def __init__(self, id, *, pin, clock_div, tx_carrier):
        assert 80000000 // clock_div == 1000000
        self.id = pin.id
        self.hertz, self.percent, level = tx_carrier
        assert level == 1 and 20 <= self.percent <= 50

    def write_pulses(self, durations, data=True):
        assert isinstance(durations, (list, tuple))  # it takes nothing else
        assert all([0 < n < 32768 for n in durations])  # 15 bits
        world.infrared.append((self.id, self.hertz, list(durations)))
