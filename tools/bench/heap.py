"""Heap bytes for each message inside the running app: the real App on MicroPython, the collector off."""

from collections.abc import Sequence
from typing import Any

from rumpus.rump.tables import messages, water_heater

from .board import WATCHED_APP, Board, field

# As many come first: then every length was seen and every view is made.
_WARM_UP = 60
PHASES = ("status query", "accepted control", "refused control", "status query and a step")
# What a change leaves to be done later (an alarm is logged, settings are saved) is files, and these do
# allocate: it is over before the steps are counted, and they are short enough that nothing new falls due.
_SETTLE_MS, _SETTLE_STEPS = 1000, 20
_SHORT_TICK_MS = 10
_OK = 0


def measure(
    interpreter: Sequence[str], carrier: str, n: int, more_settings: dict[str, Any] | None = None
) -> dict[str, float]:
    """{phase: heap bytes for each message} over n messages of each kind."""
    first = 2 + len(PHASES) * _WARM_UP  # packets: the hello, the warm-up and one query before each phase
    marks = [mark for i in range(len(PHASES)) for mark in (first + i * (n + 1), first + i * (n + 1) + n)]
    environment = {"RUMPUS_MARKS": " ".join(map(str, marks))}
    command = [*interpreter, WATCHED_APP]
    with Board(command, carrier=carrier, environment=environment, more_settings=more_settings) as board:
        sequence = 0
        for count in (_WARM_UP, n):
            for phase in PHASES:
                if count == n:
                    for _ in range(_SETTLE_STEPS):
                        board.tick(_SETTLE_MS)
                    board.wire.ask(board.status_query(0), messages.STATUS_QUERY_RESPONSE)
                for _ in range(count):
                    sequence += 1
                    _exchange(board, phase, sequence)
        noted = board.result()["marks"]
    if 0 in noted:
        raise RuntimeError(f"not every mark was reached: {noted}")
    return {phase: (noted[2 * i + 1] - noted[2 * i]) / n for i, phase in enumerate(PHASES)}


def _exchange(board: Board, phase: str, sequence: int) -> None:
    """One message and its answer, which must be what the phase says."""
    sequence &= 0xFFFF
    if phase.startswith("status"):
        if "step" in phase:
            board.tick(_SHORT_TICK_MS)
        board.wire.ask(board.status_query(sequence), messages.STATUS_QUERY_RESPONSE)
        return
    is_fine = phase == "accepted control"
    fields = [
        field(water_heater, "power", 0),  # on, it would soon find that its element draws no current
        field(water_heater, "target_temperature", 300 + 10 * (sequence % 40) if is_fine else 9999),
    ]
    answer: Any = board.wire.ask(board.control(sequence, fields), messages.RESPONSE)
    if (answer[18] == _OK) != is_fine:
        raise RuntimeError(f"{phase}: the device answered {answer.hex()}")
