"""No heap for a message: measured inside the running app on MicroPython, the garbage collector off."""

import pytest
from bench import heap, interpreters
from bench.board import CARRIERS

MESSAGES = 1000  # of each kind


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("bits", (64, 32))
def test_messages_leave_no_garbage(bits: int, carrier: str) -> None:
    (interpreter,) = interpreters.find((bits,))
    found = heap.measure(interpreter.command("4M"), carrier, MESSAGES)
    assert found == dict.fromkeys(heap.PHASES, 0.0)
