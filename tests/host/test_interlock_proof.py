"""The interlock proof (tests/proof): nothing forbidden, every row needed, and what its enumeration rests on.

RUMPUS_FULL=1 takes every combination; without it a fixed sample of them, but every deletion.
"""

import importlib
import os
import random
import re

import pytest

from rumpus.app import STEP_MS
from rumpus.hal.stalls import STALLS, WATCHDOG_AT_REST_MS, WATCHDOG_MS
from rumpus.interlocks import Interlocks
from tests.proof.__main__ import prove
from tests.proof.plan import Drill, Plan, Player
from tests.proof.reaction import HALS, Reactions, bound_ms, longest_turn_ms, stalls, watched, with_stalls
from tests.proof.subject import NAMES, OUTPUT_TESTS, Subject, roles_of
from tests.proof.words import PAGE, ROOT, rendered

FULL = bool(os.environ.get("RUMPUS_FULL"))
SAMPLE = 80
# Random lives with one row alone, for what a row sees.
LIVES = 60 if FULL else 6
# A PC's sockets never wait; nothing else is different there.
BLINKA_ONLY = {"circuitpython on CPython"}
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


# --- reaction -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_row_reacts_within_its_bound_whatever_stalls(name: str):
    reactions = Reactions(Subject(name))
    for row in watched(reactions.subject.rows):
        turn_ms = STEP_MS if row[5] <= (60000 if FULL else 20000) else 1000
        ordinary = reactions.measure(row, with_stalls(turn_ms, 0, ()))
        assert ordinary <= bound_ms(row, turn_ms), row[0]
        last = (ordinary - 1) // turn_ms
        for stall_ms in declared_stalls():
            for at_turns in ((0,), (last,), (0, last), None):
                took = reactions.measure(row, with_stalls(turn_ms, stall_ms, at_turns))
                assert took <= bound_ms(row, turn_ms + stall_ms), (row[0], stall_ms, at_turns)


def declared_stalls() -> list[int]:
    """Each call that may happen while an output is on, and a turn with all of them."""
    found = {longest_turn_ms(hal) - STEP_MS for hal in HALS}
    if FULL:
        found |= {ms for hal in HALS for ms in stalls(hal).values()}
    return sorted(found)


def test_the_bound_is_reached():
    """A bound that nothing comes near would hide a loop that reacts late."""
    reactions = Reactions(Subject("microwave_oven"))
    row = next(row for row in reactions.subject.rows if row[0] == "current_meter")
    took = reactions.measure(row, with_stalls(STEP_MS, 1000, (0, 20)))
    assert bound_ms(row, STEP_MS + 1000) - took <= STEP_MS


def test_every_stall_is_shorter_than_what_any_table_lets_pass():
    """Only calls made with all outputs at rest may take longer; the watchdog bites later than either."""
    shortest = min(row[3] for name in NAMES for row in Subject(name).rows if row[2] == "stalled")
    for hal in HALS:
        assert longest_turn_ms(hal) < shortest
        assert longest_turn_ms(hal) < WATCHDOG_MS
    assert {row[1] for row in STALLS} <= {known for names in HALS.values() for known in names} | BLINKA_ONLY
    for call, _hal, ms, at_rest, _why in STALLS:
        assert at_rest or ms < shortest, call
        assert ms < WATCHDOG_AT_REST_MS, call


# --- the page for makers --------------------------------------------------------------------------


def test_the_page_shows_the_tables_as_they_are():
    assert PAGE.read_text() == rendered(PAGE.read_text()), "python -m tests.proof --docs writes it"


def test_every_test_that_the_page_names_is_there():
    for path, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE.read_text()):
        assert f"def {test}(" in (ROOT / path).read_text(), (path, test)


# --- around the tables ----------------------------------------------------------------------------


def test_a_lost_controller_switches_nothing():
    for name in NAMES:
        assert "lost" not in [row[2] for row in Subject(name).rows]


TASKS = (
    "hal.wait",
    "hal.elapsed_ms",
    "hal.stepped",
    "transport.poll",
    "wiring.read",
    "wiring.write",
    "appliance.step",
    "interlocks.apply",
    "log.update",
    "retained.step",
    "conversations.0.serve",
    "conversations.0.push",
)


@pytest.mark.parametrize("task", TASKS)
def test_an_exception_anywhere_switches_everything_off(task: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "shared"))
    bench = importlib.import_module("fake_hal").Bench("water_heater")
    bench.run(500)
    bench.controller.control(("power", 1))
    bench.run(1000)
    app = bench.app
    heaters = [bench.pin_of(role) for role in ("element_ssr", "element_upper", "main_relay")]
    assert any(pin.level for pin in heaters)

    def fail(*_arguments):
        raise ValueError("a part broke")

    monkeypatch.setattr(bench.hal, "wait", lambda _ms: None, raising=False)
    monkeypatch.setattr(bench.hal, "elapsed_ms", lambda: 100, raising=False)
    *path, method = task.split(".")
    part = app
    for name in path:
        part = part[int(name)] if name.isdigit() else getattr(part, name)
    monkeypatch.setattr(part, method, fail, raising=False)
    if task == "log.update":
        bench.pin_of("tank_temperature").level = 0  # a fault, so that there is something to log
    with pytest.raises(ValueError, match="a part broke"):
        app.run()
    assert not any(pin.level for pin in heaters)
