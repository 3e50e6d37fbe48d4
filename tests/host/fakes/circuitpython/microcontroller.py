"""Fake `microcontroller`: the watchdog."""

from world import world


class pin:
    pass


class _Watchdog:
    def __init__(self):
        self.mode = None

    @property
    def timeout(self):
        return world.watchdog / 1000

    @timeout.setter
    def timeout(self, seconds):
        if world.chip == "rp2" and seconds > 8.388:
            raise ValueError("timeout duration exceeded the maximum supported value")
        world.watchdog = round(1000 * seconds)

    def feed(self):
        assert self.mode is not None
        world.feeds += 1


watchdog = _Watchdog()
