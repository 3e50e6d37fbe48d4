"""Tables with one row deleted, or weakened: the proof must fail with each of the former.

A row that can be deleted without being noticed guards against nothing that anybody has written down: then
a danger is missing, or the row is. Weakening shows how tight the dangers are: limits and times doubled
or halved towards danger, latches opened, fault rows that know but one code, conditions of output rows left
out one by one.
"""

from itertools import islice, product

from .observer import Forbidden
from .plan import Drill, Plan, Player
from .subject import OUTPUT_TESTS, roles_of

# Of a row with limit 0, in counts: 2 K, or a switch that never gets there.
NUDGE = 20


def deletions(rows):
    """(name of the row, the table without it)."""
    for i, row in enumerate(rows):
        yield row[0], rows[:i] + rows[i + 1 :]


def weakenings(rows):
    """(what was done, the table with one row weakened)."""
    for i, row in enumerate(rows):
        for what, weaker in _weaker(row):
            yield f"{row[0]}: {what}", (*rows[:i], weaker, *rows[i + 1 :])


def _weaker(row):
    name, source, test, limit, clear, for_ms, when, forces, alarm, latched, why = row

    def but(limit=limit, for_ms=for_ms, when=when, latched=latched):
        return (name, source, test, limit, clear, for_ms, when, forces, alarm, latched, why)

    if test in ("above", "jump", "rise", "stalled"):
        yield "limit doubled", but(limit=2 * limit or NUDGE)
    if test == "below":
        yield "limit halved", but(limit=limit // 2 if limit > 0 else 2 * limit or -NUDGE)
    if test in ("within", "flat", "stuck", "min_off", "run_on", "hold"):
        yield "limit halved", but(limit=limit // 2)
    if test == "fault" and limit == 0:
        yield "knows only an open wire", but(limit=-32768)
    if for_ms and test != "rise":
        yield "time doubled", but(for_ms=2 * for_ms)
    if latched:
        yield "not latched", but(latched=0)
    if test == "needs":
        for pair in when:
            yield f"does not look at {pair[0]}", but(when=tuple(other for other in when if other != pair))


class Hunt:
    """Looks for a drill that notices a mutant: first those that have to do with the row, then a sample of
    all. most: drills to try."""

    def __init__(self, subject, most=None):
        self.subject = subject
        self.most = most
        self.plan = plan = Plan(subject)
        singles = plan.drills("singles")
        at_work = [drill for drill in singles if drill.wishes in plan.work]
        self.singles = at_work + plan.drills("accidents") + singles
        self.changes = list(self._flips()) + plan.drills("boots") + plan.drills("transitions")
        self.others = [drill for kind in Plan.KINDS for drill in plan.sampled(kind)]

    def _flips(self):
        """At work, one output is wished otherwise, for a moment or longer, and back; and each work after
        each other."""
        subject, work = self.subject, self.plan.work
        for before in work:
            for role, levels in subject.file.OUTPUTS.items():
                k = subject.outputs.index(role)
                for level in set(levels) - {before[k]}:
                    wishes = (*before[:k], level, *before[k + 1 :])
                    for ms in (3000, 120000):
                        yield Drill(wishes, before, horizon_ms=ms, twist="back")
        for before, after in product(work, work):
            yield Drill(after, before, horizon_ms=60000, twist="fine")

    def notices(self, name, rows):
        """(danger, drill) that notice it, or None."""
        row = next(row for row in self.subject.rows if row[0] == name)
        player = Player(self.subject, rows)
        for drill in islice(self._ordered(row), self.most):
            try:
                player.play(drill)
            except Forbidden as danger:
                return str(danger), drill
        return None

    def _ordered(self, row):
        """What a row sees is what goes wrong first; a row about outputs alone is about wishes."""
        inputs = {role for role in roles_of(row)[0] if role in self.subject.inputs}
        if inputs:
            yield from (drill for drill in self.singles if drill.wrong and drill.wrong[0][0] in inputs)
        else:
            yield from (drill for drill in reversed(self.singles) if not drill.wrong)
        yield from self.changes if row[2] in OUTPUT_TESTS else self.singles
        yield from self.others
