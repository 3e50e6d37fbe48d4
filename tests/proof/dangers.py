"""How the file of an appliance says what must never be.

A danger is a function of a Moment: the inputs, and the outputs as they are from now on, by role:

    @DANGERS.never()
    def heats_boiling_water(at):
        return at.element and at.tank_temperature > 900

    @DANGERS.never(within_ms=3000)          forbidden once it has been seen for three seconds
    @DANGERS.until_reset(then=heats)        once that was seen, heats(at) is forbidden until a local reset

Time counts from the first sample that shows the danger; what a late sample adds is reaction.py's matter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

FAULTS_BELOW = -32000
NOT_WIRED = -32763
CODES = {"open": -32768, "short": -32767, "missing": -32766, "not ready": -32765}
ABSENT = "absent"
# Time that has passed since something that never was.
NEVER_MS = 1 << 60


def dead(value: int) -> bool:
    """A part that is wired and says nothing usable."""
    return value <= FAULTS_BELOW and value != NOT_WIRED


def unseen(value: int) -> bool:
    """No usable value, be it dead or not there."""
    return value <= FAULTS_BELOW


@dataclass(frozen=True)
class Danger:
    name: str
    within_ms: int
    is_bad: Callable[[Any], Any]
    then: Callable[[Any], Any] | None = None  # None: is_bad itself is what is forbidden


class Dangers:
    """The dangers of one appliance, in the order of the file."""

    def __init__(self) -> None:
        self.all: list[Danger] = []

    def never(self, within_ms: int = 0):
        def add(function):
            self.all.append(Danger(function.__name__.replace("_", " "), within_ms, function))
            return function

        return add

    def until_reset(self, then, within_ms: int = 0):
        def add(function):
            name = f"{then.__name__} after {function.__name__}".replace("_", " ")
            self.all.append(Danger(name, within_ms, function, then))
            return function

        return add


class Moment:
    """What an observer sees. Inputs and outputs are attributes by role; besides:

    kind        {input: name of the class it is in}: the truth behind the value
    had         (input, class) pairs that were true in this life
    rested_ms   {output: off for so long; from power on when it was never on}
    since_ms    {output: was on so long ago}
    last        {output: level before this decision}
    moved       {input: change between the last two samples; 0 when either is a fault code}
    step_ms     between the last two samples
    spoken      all wired inputs have had a value at the same time
    alarms      {name: its bit}, active: the bits that are up
    """

    def __init__(self, inputs, outputs, alarms):
        for role in inputs:
            setattr(self, role, CODES["not ready"])
        for role in outputs:
            setattr(self, role, 0)
        self.kind = {}
        self.had = frozenset()
        self.rested_ms = dict.fromkeys(outputs, 0)
        self.since_ms = dict.fromkeys(outputs, NEVER_MS)
        self.last = dict.fromkeys(outputs, 0)
        self.moved = dict.fromkeys(inputs, 0)
        self.step_ms = 0
        self.spoken = False
        self.alarms = alarms
        self.active = 0

    def copy(self):
        twin = Moment.__new__(Moment)
        twin.__dict__.update(self.__dict__)
        for name in ("kind", "rested_ms", "since_ms", "last", "moved"):
            setattr(twin, name, dict(getattr(self, name)))
        return twin

    def started(self, output):
        """It goes on now."""
        return getattr(self, output) and not self.last[output]

    def told(self, alarm):
        return self.active & self.alarms[alarm]
