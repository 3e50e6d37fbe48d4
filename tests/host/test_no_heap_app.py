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


@pytest.mark.parametrize("bits", (64, 32))
def test_nor_where_dcmp_is_loaded(bits: int) -> None:
    """A step now and then looks after DCMP's timers, which does allocate; a message alone does not."""
    (interpreter,) = interpreters.find((bits,))
    dcmp = {"dcmp": True, "udp_port": 0, "udp_interface": "127.0.0.1"}
    found = heap.measure(interpreter.command("4M"), "tcp", 300, dcmp)
    assert [found[phase] for phase in heap.PHASES if "step" not in phase] == [0.0, 0.0, 0.0]
