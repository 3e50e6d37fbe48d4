"""The ice maker: freeze, tip the tray, fill it again.

It begins with freezing because after a power cut nobody knows whether the tray is full: water on top
of water would run into the freezer, while tipping an empty tray does nothing.

    freezing   until it has been cold enough for long enough, and there is room in the bin
    tipping    the motor turns; until the tray is home again, or for a time where that is not sensed
    filling    the valve is open for a time
"""

from ..base import is_fault

FREEZING = 0
TIPPING = 1
FILLING = 2

OFF = 0
ON = 1
BIN_FULL = 2  # status only


class IceMaker:
    """owner: the refrigerator, for its product constants."""

    def __init__(self, owner, timers):
        self.phase = FREEZING
        self.motor = 0
        self.valve = 0
        self.has_failed = False  # the tray did not come home; off and on again tries once more
        self._owner = owner
        self._timers = timers
        self._freeze = timers.add()
        self._action = timers.add()
        self._left_home = False
        self._begin_freezing()

    def react(self, is_on, freezer, is_full, tray_home):
        """Work on. freezer: temperature or fault; is_full: 1 when the bin is; tray_home: 1, 0 or a fault
        code where it is not sensed. Allocates nothing."""
        if self.has_failed and not is_on:
            self._begin_freezing()
        if self.phase == FILLING and (not is_on or self._timers.is_over(self._action)):
            self._begin_freezing()
        cold = not is_fault(freezer) and freezer <= self._owner.ice_temperature
        if self.phase == FREEZING and is_on and cold and not is_full and self._timers.is_over(self._freeze):
            self.phase = TIPPING
            self._left_home = False
            self._timers.start(self._action, self._owner.ice_tip_s * 1000)
        if self.phase == TIPPING and not self.has_failed:
            self._tip(is_on, tray_home)
        self._timers.run(self._freeze, self.phase == FREEZING and cold)
        self.motor = 1 if self.phase == TIPPING and not self.has_failed else 0
        self.valve = 1 if self.phase == FILLING else 0

    def _tip(self, is_on, tray_home):
        """Also when switched off meanwhile: a tray that is half tipped must come home."""
        if tray_home == 0:
            self._left_home = True
        late = self._timers.is_over(self._action)
        if late if is_fault(tray_home) else self._left_home and tray_home == 1:
            self.phase = FILLING
            self._timers.start(self._action, self._owner.ice_fill_s * 1000)
        elif late and is_on:
            self.has_failed = True
        elif late:
            self._begin_freezing()

    def _begin_freezing(self):
        self.phase = FREEZING
        self.has_failed = False
        self._timers.stop(self._action)
        self._timers.start(self._freeze, self._owner.ice_freeze_min * 60000)
