"""The stages of one cook: what the oven is doing now and what comes after."""

from ...rump.tables import microwave_oven as table
from ..base import choice
from .menus import DEFROST, MENUS

MICROWAVE, DEFROSTING, GRILL, CONVECTION, COMBI, STEAM, AUTO_MENU = [
    choice(table.FIELDS, "cook_mode", name)
    for name in ("microwave", "defrost", "grill", "convection", "combi", "steam", "auto_menu")
]
MOST_STAGES = 5
LONGEST_S = 5999

_STAGES = 4
# Cook modes of each menu's stages as counts.
_MENU_MODES = tuple(
    [tuple([choice(table.FIELDS, "cook_mode", stage[0]) for stage in menu[_STAGES]]) for menu in MENUS]
)


def menu_at(number):
    """Position of a menu in MENUS, or -1. Allocates nothing."""
    for i in range(len(MENUS)):
        if MENUS[i][0] == number:
            return i
    return -1


def menu_needs(at, mode):
    """True when a stage of MENUS[at] has this cook mode. Allocates nothing."""
    modes = _MENU_MODES[at]
    for i in range(len(modes)):
        if modes[i] == mode:
            return True
    return False


class Recipe:
    """Only the constructor allocates. index: the stage that is cooking; count 0: nothing to cook."""

    def __init__(self, timers):
        self.count = 0
        self.index = 0
        self._modes = [0] * MOST_STAGES
        self._powers = [0] * MOST_STAGES
        self._ms = [0] * MOST_STAGES
        self._timers = timers
        self._left = timers.add()  # of the stage that is cooking

    def clear(self):
        self.count = self.index = 0
        self._timers.stop(self._left)

    def load(self, mode, power, seconds):
        """One stage; or, to defrost, the profile spread over the time."""
        self.clear()
        if mode == DEFROSTING:
            for i in range(len(DEFROST)):
                self._append(mode, DEFROST[i][1], seconds * DEFROST[i][2] * 10)
        else:
            self._append(mode, power, seconds * 1000)
        self._begin()

    def load_menu(self, at, grams):
        """The stages of MENUS[at] for this weight."""
        self.clear()
        stages = MENUS[at][_STAGES]
        for i in range(len(stages)):
            ms = stages[i][2] * 1000 + stages[i][3] * 10 * grams
            self._append(_MENU_MODES[at][i], stages[i][1], ms)
        self._begin()

    def _append(self, mode, power, ms):
        self._modes[self.count] = mode
        self._powers[self.count] = power
        self._ms[self.count] = ms
        self.count += 1

    def _begin(self):
        self._timers.start(self._left, self._ms[self.index])
        self._timers.run(self._left, False)

    def mode(self):
        return self._modes[self.index]

    def power(self):
        return self._powers[self.index]

    def run(self, running):
        """Let the time of the stage pass, or stand."""
        self._timers.run(self._left, running and self.count)

    def stage_is_over(self):
        return self.count > 0 and self._timers.is_over(self._left)

    def next_stage(self):
        """Go to the next stage; False when there is none."""
        if self.index + 1 >= self.count:
            return False
        self.index += 1
        self._begin()
        return True

    def add(self, seconds):
        """Cook longer: the last stage grows."""
        last = self.count - 1
        self._ms[last] += seconds * 1000
        if last == self.index:
            self._timers.left[self._left] += seconds * 1000

    def left_s(self):
        """Seconds to the end, rounded up."""
        if not self.count:
            return 0
        ms = self._timers.left[self._left]
        for i in range(self.index + 1, self.count):
            ms += self._ms[i]
        return (ms + 999) // 1000
