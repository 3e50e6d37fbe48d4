"""The interlock proof (tests/proof): nothing forbidden, every row needed, and what its enumeration rests on.

RUMPUS_FULL=1 takes every combination; without it a fixed sample of them, but every deletion.
"""

import os
import random

import pytest

from rumpus.interlocks import Interlocks
from tests.proof.__main__ import prove
from tests.proof.plan import Drill, Plan, Player
from tests.proof.subject import NAMES, OUTPUT_TESTS, Subject, roles_of

FULL = bool(os.environ.get("RUMPUS_FULL"))
SAMPLE = 80
# Random lives with one row alone, for what a row sees.
LIVES = 60 if FULL else 6
VALUES = (-32768, -32766, -32763, -50, 0, 1, 30, 300, 900, 20000)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_forbidden_and_every_row_is_needed(name: str):
    outcome = prove(name, full=FULL, sample=SAMPLE)
    assert outcome.drills > 6 * SAMPLE // 2
    assert not outcome.let_be, outcome.let_be[:3]
    assert not outcome.unnoticed


@pytest.mark.parametrize("name", NAMES)
def test_a_healthy_appliance_works(name: str):
    """Interlocks that keep everything off would prove as well."""
    subject = Subject(name)
    for levels in subject.file.WORK.values():
        wishes = subject.wishes(levels)
        life = Player(subject).worked(Drill(wishes, wishes))
        assert tuple(life.locks.levels) == wishes
        assert not life.locks.latched


@pytest.mark.parametrize("name", NAMES)
def test_a_row_sees_nothing_but_what_it_names(name: str):
    """The enumeration leaves out what no row names. So a row alone, in random lives: other inputs and other
    wishes change nothing that it decides, and what it does not decide is as wished."""
    subject = Subject(name)
    rng = random.Random(5)
    for row in subject.rows:
        seen, decided = roles_of(row)
        for _ in range(LIVES):
            twins = [
                Interlocks((row,), subject.inputs, subject.outputs, subject.kind.TABLE.ALARMS)
                for _ in range(2)
            ]
            for _ in range(30):
                ms = rng.choice((100, 1000, 10000, 60000, 300000))
                shared = [rng.choice(VALUES) for _ in subject.inputs]
                wished = [rng.choice((0, 1, 1, 700)) for _ in subject.outputs]
                for twin in twins:
                    inputs = [
                        shared[i] if role in seen else rng.choice(VALUES)
                        for i, role in enumerate(subject.inputs)
                    ]
                    wanted = [
                        wished[k] if role in seen | decided else rng.choice((0, 1, 700))
                        for k, role in enumerate(subject.outputs)
                    ]
                    twin.apply(ms, inputs, wanted)
                    for k, role in enumerate(subject.outputs):
                        assert role in decided or twin.levels[k] == wanted[k], (row[0], role)
                first, second = twins
                assert first.active == second.active, row[0]
                for role in decided:
                    k = subject.outputs.index(role)
                    assert first.levels[k] == second.levels[k], (row[0], role)


@pytest.mark.parametrize("name", NAMES)
def test_the_enumeration_has_every_role_that_a_row_names(name: str):
    subject = Subject(name)
    for row in subject.rows:
        for role in set().union(*roles_of(row)):
            assert role in subject.file.INPUTS or role in subject.file.OUTPUTS, (row[0], role)
    assert set(subject.file.OUTPUTS) <= {role for block in Plan(subject).blocks for role in block}


def test_output_rows_come_after_all_condition_rows():
    """interlocks.py promises their order; min_off and needs of an output before a hold that looks at it."""
    for name in NAMES:
        kinds = [row[2] in OUTPUT_TESTS for row in Subject(name).rows]
        assert kinds == sorted(kinds), name
