"""Prints what the proof counts.

python -m tests.proof [--full] [APPLIANCE...]
python -m tests.proof --docs                     writes the tables of docs/interlocks.md

Without --full a fixed sample of the combinations, but every deletion. Exit code 1 when a danger was let be
or a deletion went unnoticed.
"""

import argparse
import sys
import time
from dataclasses import dataclass, field

from .mutants import Hunt, deletions, weakenings
from .observer import Forbidden
from .plan import SAMPLE, Plan, Player
from .subject import NAMES, Subject
from .words import PAGE, rendered

# Drills that a weakened row is tried with; most are noticed by one of the first hundred.
MOST_FOR_A_WEAKENING = 1000


@dataclass
class Outcome:
    name: str
    rows: int
    dangers: int
    drills: int = 0
    decisions: int = 0
    let_be: list = field(default_factory=list)
    unnoticed: list = field(default_factory=list)
    weakened: int = 0
    borne: list = field(default_factory=list)  # weakenings that nothing noticed
    seconds: float = 0


def prove(name, full=False, weaken=False, sample=SAMPLE):
    """Live the drills of an appliance and hunt its mutants."""
    started = time.monotonic()
    subject = Subject(name)
    outcome = Outcome(name, len(subject.rows), len(subject.file.DANGERS.all))
    plan, player = Plan(subject), Player(subject)
    for kind in Plan.KINDS:
        for drill in plan.drills(kind) if full else plan.sampled(kind, sample):
            outcome.drills += 1
            try:
                player.play(drill)
            except Forbidden as danger:
                outcome.let_be.append((str(danger), drill))
    outcome.decisions = player.steps
    hunt = Hunt(subject)
    outcome.unnoticed = [row for row, rows in deletions(subject.rows) if not hunt.notices(row, rows)]
    if weaken:
        hunt.most = MOST_FOR_A_WEAKENING
        for what, rows in weakenings(subject.rows):
            outcome.weakened += 1
            if not hunt.notices(what.partition(":")[0], rows):
                outcome.borne.append(what)
    outcome.seconds = time.monotonic() - started
    return outcome


HEAD = (
    f"{'appliance':<17}{'rows':>5}{'dangers':>9}{'combinations':>14}{'decisions':>12}"
    f"{'let be':>8}{'deletions noticed':>19}{'weakenings':>12}{'seconds':>9}"
)


def line(outcome):
    noticed = f"{outcome.rows - len(outcome.unnoticed)} of {outcome.rows}"
    weak = f"{outcome.weakened - len(outcome.borne)} of {outcome.weakened}" if outcome.weakened else "-"
    return (
        f"{outcome.name:<17}{outcome.rows:>5}{outcome.dangers:>9}{outcome.drills:>14,}{outcome.decisions:>12,}"
        f"{len(outcome.let_be):>8}{noticed:>19}{weak:>12}{outcome.seconds:>9.1f}"
    )


def main():
    parser = argparse.ArgumentParser(description="The interlock proof.")
    parser.add_argument("--full", action="store_true", help="every combination, and every weakening")
    parser.add_argument("--docs", action="store_true", help="only write the tables of docs/interlocks.md")
    parser.add_argument("appliances", nargs="*", metavar="APPLIANCE", help=", ".join(NAMES))
    options = parser.parse_args()
    if options.docs:
        PAGE.write_text(rendered(PAGE.read_text()))
        return 0
    print(HEAD)
    wrong = 0
    for name in options.appliances or NAMES:
        outcome = prove(name, options.full, options.full)
        print(line(outcome), flush=True)
        for danger, drill in outcome.let_be[:5]:
            print(f"    let be: {danger}: {drill}")
        for row in outcome.unnoticed:
            print(f"    deletion of {row} went unnoticed")
        for what in outcome.borne:
            print(f"    not noticed: {what}")
        wrong += len(outcome.let_be) + len(outcome.unnoticed)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
