"""Fake `board`: pins by the names that boards print, made when asked for."""

_PREFIXES = ("D", "A", "IO", "GP", "G")
_pins = {}


class Pin:
    def __init__(self, name):
        self.name = name
        self.user = None  # the object that has claimed it

    def claim(self, user):
        if self.user is not None:
            raise ValueError(self.name + " in use")
        self.user = user
        return self.name

    def release(self):
        self.user = None


def __getattr__(name):
    prefix = name.rstrip("0123456789")
    is_pin = (prefix in _PREFIXES and prefix != name) or name in ("SDA", "SCL", "TX", "RX", "LED")
    if not is_pin:
        raise AttributeError(name)
    return _pins.setdefault(name, Pin(name))


def release_all():
    """Not of the real module: a new board."""
    _pins.clear()
