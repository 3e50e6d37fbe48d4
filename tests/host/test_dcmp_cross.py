"""Mutated DCMP and RMDP messages: CPython and both MicroPythons come to the same verdict on every one.

20,000 messages; with RUMPUS_FULL=1 a million. The messages and the verdicts are those of
tests/shared/test_dcmp_fuzz.py, summed over a few hundred at a time, so that a difference is soon found.
"""

import os
import subprocess
import sys
from pathlib import Path

import get_micropython
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MESSAGES = 1_000_000 if os.environ.get("RUMPUS_FULL") else 20_000
SEEDS = range(1, 9)
EACH = 250
PROGRAM = """
import sys
sys.path[:0] = ["tests/shared", "tests/upy", "firmware"]
from test_dcmp_fuzz import verdicts
for total in verdicts({seed}, {n}, {each}):
    print(total)
"""


def run(command: list[str], seed: int) -> list[str]:
    """The sums of the verdicts on this seed's share of the messages."""
    program = PROGRAM.format(seed=seed, n=MESSAGES // len(SEEDS), each=EACH)
    done = subprocess.run(
        [*command, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=3600, check=False
    )
    assert done.returncode == 0, done.stdout[-300:] + done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_verdicts_on_every_interpreter(seed: int) -> None:
    expected = run([sys.executable], seed)
    assert len(expected) == MESSAGES // len(SEEDS) // EACH
    for bits in (64, 32):
        micropython = [str(get_micropython.find(bits)), "-X", "heapsize=8M"]
        found = run(micropython, seed)
        first = next(
            (i for i, pair in enumerate(zip(expected, found, strict=True)) if len(set(pair)) > 1), None
        )
        assert first is None, f"{bits} bit: seed {seed}, messages {first * EACH} to {(first + 1) * EACH}"
