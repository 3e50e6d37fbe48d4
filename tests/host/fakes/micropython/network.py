"""Fake `network`: a radio that connects when an access point with that name and password is there."""

from world import world

STA_IF = 0
names = []


def hostname(name):
    names.append(name)


class WLAN:
    PM_NONE = 0
    connects = 0  # calls of connect(), of all objects

    def __init__(self, interface):
        assert interface == STA_IF
        self.is_active = False
        self.settings = {}
        self.wanted = None
        world.wlan = self

    def active(self, is_active):
        self.is_active = is_active

    def config(self, **settings):
        self.settings.update(settings)

    def connect(self, ssid, password):
        assert self.is_active
        WLAN.connects += 1
        if self.wanted:
            raise OSError("Wifi Internal State Error")
        self.wanted = (ssid, password)
        self.since_ms = world.now_ms

    def disconnect(self):
        self.wanted = None

    def isconnected(self):
        if not self.wanted or world.now_ms - self.since_ms < 2500:
            return False
        ssid, password = self.wanted
        return world.access_points.get(ssid) == password
