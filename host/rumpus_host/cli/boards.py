"""rumpus boards: the boards that the firmware is wired for."""

from . import _output
from ._options import Json

PANEL = "Boards"


def run(as_json: Json = False) -> None:
    """List the boards, and the appliances that each has a wiring for.

    Where an appliance is missing, --json says why. The wiring itself: rumpus wiring.

    Examples:

        rumpus boards
        rumpus boards --json
    """
    from ..boards import load

    boards = [load.board(name) for name in load.board_names()]
    if as_json:
        _output.print_json({"boards": [_as_dict(board, load.wirings_on(board.name)) for board in boards]})
        return
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for heading in ("board", "what it is", "chip", "runtime", "appliances"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "board")
    for board in boards:
        appliances = ", ".join(name.replace("_", " ") for name in load.wirings_on(board.name))
        name = Text(board.name, style="cyan")
        table.add_row(name, board.title, board.chip, ", ".join(board.runtimes) or "bench", appliances)
    out = _output.console()
    out.print(table)
    out.print("Wiring of one: rumpus wiring --board BOARD --appliance TYPE [--out PICTURE.svg]")


def _as_dict(board, appliances: list[str]) -> dict:
    return {
        "board": board.name,
        "title": board.title,
        "chip": board.chip,
        "runtimes": list(board.runtimes),
        "hal": board.hal,
        "appliances": appliances,
        "not_offered": dict(board.not_offered),
    }
