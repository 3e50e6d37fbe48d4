"""How late a row's effect comes, with every declared stall at the worst places, and the bound we state.

An input goes wrong right after a sample was taken, so a whole turn of the loop passes before anybody sees
it. A turn lasts STEP_MS; a stalled one as much longer as a call keeps it (hal/stalls.py). A row counts its
for_ms from the first sample and acts at the end of a turn. So the worst is a stall in the turn in which the
input goes wrong, another in the turn in which the time runs out, or in every turn.
"""

from rumpus.app import STEP_MS
from rumpus.hal.stalls import STALLS

from .dangers import NEVER_MS
from .plan import Drill, Plan, Player, doubling
from .subject import OUTPUT_TESTS

# HALs as stalls.py names them, and what belongs to each.
HALS = {
    "MicroPython": ("", "micropython", "micropython esp32", "micropython, no RMT"),
    "CircuitPython": ("", "circuitpython"),
}
FIRST = (NEVER_MS, 0)
WINDOWED = ("rise", "flat", "stuck")


def stalls(hal, at_rest=0):
    """{call: ms} that may happen on this HAL; at_rest 0: while an output is on."""
    return {row[0]: row[2] for row in STALLS if row[1] in HALS[hal] and row[3] <= at_rest}


def longest_turn_ms(hal):
    """A turn in which each call that may happen with outputs on takes its longest, one after the other."""
    return STEP_MS + sum(stalls(hal).values())


def bound_ms(row, turn_ms):
    """From the moment at which the input goes wrong until the row's effect; no turn longer than this.

    A window may have begun just before: then the next one sees it. A jump is one for the time between two
    samples: a longer turn lets a larger change pass.
    """
    for_ms = 2 * row[5] if row[2] in WINDOWED else row[5]
    return for_ms + (2 * turn_ms if for_ms else turn_ms)


def watched(rows):
    """The rows whose reaction is an event in time: conditions, except the loop's own sleep."""
    return [row for row in rows if row[2] not in OUTPUT_TESTS and row[2] != "stalled"]


class Reactions:
    """Finds for each row a life that trips it, and lives it again with stalls."""

    def __init__(self, subject):
        self.subject = subject
        self.player = Player(subject)
        self.drills = self._find()

    def _find(self):
        """{row's name: drill that trips it soonest and most clearly}, from the singles at work."""
        plan = Plan(self.subject)
        found = {}
        for drill in plan.singles():
            if drill.wishes not in plan.work:
                break
            life = self._begin(drill)
            at_ms = 0
            for ms in doubling(drill.horizon_ms, self.subject.file.STEP_MS):
                life.step(ms)
                at_ms += ms
                for row in watched(self.subject.rows):
                    rank = at_ms, -life.at.moved.get(row[1], 0)
                    if life.locks.is_tripped(row[0]) and rank < found.get(row[0], (FIRST,))[0]:
                        found[row[0]] = rank, drill
        return {name: drill for name, (_rank, drill) in found.items()}

    def _begin(self, drill):
        life = self.player.worked(Drill(drill.before, drill.before)).copy()
        life.put(dict(drill.wrong))
        life.wish(drill.wishes)
        return life

    def measure(self, row, turns):
        """Ms until the row's effect is there, when turns() says how long each turn of the loop is."""
        drill = self.drills[row[0]]
        life = self._begin(drill)
        for _role, kind in drill.wrong:
            for _ in range(getattr(self.subject.file, "BEGINS_MS", {}).get(kind, 0) // STEP_MS):
                life.step(STEP_MS)
        done = 0
        for ms in turns:
            life.step(ms)
            done += ms
            if self._has_acted(life, row) or done > 2 * self.subject.file.HORIZON_MS:
                return done

    def _has_acted(self, life, row):
        at = life.at
        forced = all(getattr(at, force[0]) == force[1] for force in row[7])
        return forced and (row[8] is None or at.told(row[8]))


def with_stalls(turn_ms, stall_ms, at_turns):
    """Turns of the loop, some of them stalled. at_turns: their numbers, or None for every one."""
    n = 0
    while True:
        yield turn_ms + (stall_ms if at_turns is None or n in at_turns else 0)
        n += 1
