"""The air filter's hours. A key held for three seconds after cleaning starts them again."""

_MINUTE_MS = 60000
_KEY_MS = 3000


class AirFilter:
    """life_h: running hours of the fan until it is dirty. used_min: minutes used before this start."""

    def __init__(self, timers, life_h, used_min):
        self._timers = timers
        self._key = timers.add()
        self._life_min = life_h * 60
        self._part_ms = 0
        self.used_min = used_min  # to be kept over a restart

    def add(self, elapsed_ms):
        """The fan has run."""
        self._part_ms += elapsed_ms
        self.used_min += self._part_ms // _MINUTE_MS
        self._part_ms %= _MINUTE_MS

    def react(self, key):
        """key: 1 = pressed. Allocates nothing."""
        if self._timers.held(self._key, key == 1, _KEY_MS):
            self.used_min = 0

    def is_dirty(self):
        return self.used_min >= self._life_min
