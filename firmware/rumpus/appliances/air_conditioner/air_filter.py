"""The air filter's hours. A key held for three seconds after cleaning starts them again."""

_MINUTE_MS = 60000
_KEY_MS = 3000


class AirFilter:
    """owner: the air conditioner, which has filter_life_h, running hours of the fan until it is dirty, and
    filter_used_min, the minutes used so far: they outlive a restart."""

    def __init__(self, owner, timers):
        self._owner = owner
        self._timers = timers
        self._key = timers.add()
        self._part_ms = 0

    def add(self, elapsed_ms):
        """The fan has run."""
        self._part_ms += elapsed_ms
        self._owner.filter_used_min += self._part_ms // _MINUTE_MS
        self._part_ms %= _MINUTE_MS

    def react(self, key):
        """key: 1 = pressed. Allocates nothing."""
        if self._timers.held(self._key, key == 1, _KEY_MS):
            self._owner.filter_used_min = 0

    def is_dirty(self):
        return self._owner.filter_used_min >= self._owner.filter_life_h * 60
