"""Which lives are lived: the enumeration of the proof.

A drill: the appliance has rested, then worked as wished for ten seconds; then inputs go wrong or wishes
change, and stay so until each danger must have been seen; then all is healthy again and the wishes stay.
Steps double from 100 ms up to the longest ordinary one, so that each time scale is met at its own scale.

    transitions   all is healthy; every combination of wishes, then every other, and back
    singles       each class of each input, every combination of wishes
    accidents     the same at work: after the loop stalled, with outputs on and at rest, with a local reset
                  in the middle, with a power cut; and once more in the app's own short steps
    boots         each class of each input from power on, every combination of wishes
    absences      each input not wired, with each class of each other one, at work
    combinations  every combination of the classes of the inputs that can reach an output through a row,
                  every combination of wishes. Where that is too much: BOTH_WRONG with every combination of
                  wishes, AT_WORK_WRONG at work

Fault codes that no row tells apart are one class in the combinations, and four elsewhere. What no row
looks at is left out (test_interlock_proof.py shows that a row sees nothing but the roles that it names).
"""

from dataclasses import dataclass
from itertools import combinations, product

from rumpus.hal.stalls import STALLS

from .dangers import CODES
from .observer import Life
from .subject import cone

FINE_MS = 100
AFTERWARDS_MS = (100, 1000, 15000, 20000, 30000)
# The longest call that is made only with all outputs at rest.
AT_REST_MS = max(row[2] for row in STALLS)
# Drills of each kind in a sample.
SAMPLE = 150


@dataclass(frozen=True)
class Drill:
    wishes: tuple
    before: tuple = ()
    wrong: tuple = ()  # (input, class) pairs
    absent: tuple = ()
    horizon_ms: int = 0
    twist: str = ""
    jitter_ms: int = 0


def doubling(horizon_ms, longest_ms):
    """Step lengths: 100, 100, 200, 400 ... until they make horizon_ms."""
    done = 0
    while done < horizon_ms:
        ms = min(max(FINE_MS, done), longest_ms)
        yield ms
        done += ms


def evenly(horizon_ms):
    """Steps as the app makes them for twenty seconds, then each second."""
    for _ in range(0, min(horizon_ms, 20000), FINE_MS):
        yield FINE_MS
    for _ in range(20000, horizon_ms, 1000):
        yield 1000


class Player:
    """Plays drills with one table; what they have in common is lived once."""

    def __init__(self, subject, rows=None):
        self.subject = subject
        self.rows = subject.rows if rows is None else rows
        self._rested = {}
        self._working = {}
        self.steps = 0

    def play(self, drill):
        """Raises Forbidden."""
        life = self._boot(drill) if drill.twist == "boot" else self.worked(drill).copy()
        before = life.steps
        try:
            self._live(life, drill)
        finally:
            self.steps += life.steps - before
        return life

    def _live(self, life, drill):
        longest_ms = self.subject.file.STEP_MS
        life.put(dict(drill.wrong))
        if drill.twist == "stall at rest":
            life.step(AT_REST_MS)
        life.wish(drill.wishes)
        if drill.twist == "stall":
            life.step(self.subject.file.STALL_MS)
        if drill.twist == "fine":
            for ms in evenly(drill.horizon_ms):
                life.step(ms)
        else:
            for ms in doubling(drill.horizon_ms, longest_ms):
                life.step(ms)
        if self._twist(life, drill):
            for ms in doubling(drill.horizon_ms, longest_ms):
                life.step(ms)
        life.put({})
        for ms in AFTERWARDS_MS:
            for _ in range(max(1, ms // longest_ms)):
                life.step(min(ms, longest_ms))

    def _twist(self, life, drill):
        """What happens in the middle; True when life goes on as long once more."""
        if drill.twist == "reset":
            life.reset()
        elif drill.twist == "power cut":
            life.power_cut()
        elif drill.twist == "back":
            life.wish(drill.before)
        return drill.twist in ("reset", "power cut", "back")

    def _boot(self, drill):
        return Life(self.subject, self.rows, drill.absent, drill.jitter_ms)

    def worked(self, drill):
        key = (drill.before, drill.absent)
        if key not in self._working:
            life = self._has_rested(drill).copy()
            life.wish(drill.before)
            for ms in (100, 900, 4000, 5000):
                life.step(ms)
            self._working[key] = life
        return self._working[key]

    def _has_rested(self, drill):
        subject = self.subject
        early = tuple(
            level if role in subject.file.EARLY else 0
            for role, level in zip(subject.outputs, drill.before, strict=True)
        )
        key = (early, drill.absent)
        if key not in self._rested:
            life = Life(subject, self.rows, drill.absent)
            life.wish(early)
            for ms in doubling(subject.file.REST_MS, subject.file.STEP_MS):
                life.step(ms)
            self._rested[key] = life
        return self._rested[key]


class Plan:
    """The drills of one appliance, by kind."""

    KINDS = ("transitions", "singles", "accidents", "boots", "absences", "combinations")

    def __init__(self, subject):
        self.subject = subject
        self.work = [subject.wishes(levels) for levels in subject.file.WORK.values()]
        self.idle = subject.wishes({})
        self.blocks = getattr(subject.file, "BLOCKS", (subject.file.OUTPUTS,))
        every = [wish for block in self.blocks for wish in subject.all_wishes(block)]
        self.wishes = list(dict.fromkeys(self.work + every))
        self.looked_at = [role for role in subject.inputs if role in subject.file.INPUTS]

    def drills(self, kind):
        return list(getattr(self, kind)())

    def sampled(self, kind, size=SAMPLE):
        drills = self.drills(kind)
        return drills[:: max(1, len(drills) // size) | 1]

    def _each_wrong(self):
        for role in self.looked_at:
            for kind in self.subject.wrong(role):
                yield (role, kind)

    def transitions(self):
        for block in self.blocks:
            wishes = self.subject.all_wishes(block)
            for before, after in product(wishes, wishes):
                yield Drill(after, before, horizon_ms=3000, twist="back")

    def singles(self):
        for wish in self.wishes:
            yield Drill(wish, wish, horizon_ms=self.subject.file.HORIZON_MS)
            for wrong in self._each_wrong():
                yield Drill(wish, wish, (wrong,), horizon_ms=self.subject.file.HORIZON_MS)

    def accidents(self):
        horizon_ms = self.subject.file.HORIZON_MS
        for wish in self.work:
            for wrong in [(), *[(pair,) for pair in self._each_wrong()]]:
                for twist in ("stall", "reset", "power cut"):
                    yield Drill(wish, wish, wrong, horizon_ms=horizon_ms, twist=twist)
                for twist in ("stall", "stall at rest"):
                    yield Drill(wish, self.idle, wrong, horizon_ms=horizon_ms, twist=twist)
                yield Drill(wish, wish, wrong, horizon_ms=min(horizon_ms, 200000), twist="fine")

    def boots(self):
        horizon_ms = self.subject.file.REST_MS + 60000
        for wish in self.wishes:
            for jitter_ms in (0, 30000):
                yield Drill(wish, horizon_ms=horizon_ms, twist="boot", jitter_ms=jitter_ms)
            for wrong in self._each_wrong():
                yield Drill(wish, wrong=(wrong,), horizon_ms=horizon_ms, twist="boot")

    def absences(self):
        for absent in self.looked_at:
            for wish in self.work:
                yield Drill(wish, wish, absent=(absent,), horizon_ms=self.subject.file.HORIZON_MS)
                for wrong in self._each_wrong():
                    if wrong[0] != absent:
                        yield Drill(wish, wish, (wrong,), (absent,), self.subject.file.HORIZON_MS)

    def combinations(self):
        file = self.subject.file
        roles = self.reaching()
        for wishes, most in (
            (self.wishes, getattr(file, "BOTH_WRONG", len(roles))),
            (self.work, getattr(file, "AT_WORK_WRONG", 0)),
        ):
            for count in range(2, most + 1):
                for chosen in combinations(roles, count):
                    for kinds in product(*[self.told_apart(role) for role in chosen]):
                        wrong = tuple(zip(chosen, kinds, strict=True))
                        for wish in wishes:
                            yield Drill(wish, wish, wrong, horizon_ms=file.COMBINED_MS)

    def reaching(self):
        """Inputs that can have an influence on an output, by the table."""
        reached = cone(self.subject.rows, self.subject.outputs)
        return [role for role in self.looked_at if role in reached]

    def told_apart(self, role):
        """The wrong classes of an input; of the fault codes those that a row names, or one for all."""
        named = [row[3] for row in self.subject.rows if row[1] == role and row[2] == "fault" and row[3]]
        codes = [name for name, code in CODES.items() if code in named] or ["open"]
        return [kind for kind in self.subject.wrong(role) if kind not in CODES or kind in codes]
