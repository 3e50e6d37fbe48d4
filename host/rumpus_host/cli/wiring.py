"""rumpus wiring: what to connect to what, checked, as a table or as a picture."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import _output
from ._failure import REFUSED, Failure, wrong_use
from ._options import Json, type_named

if TYPE_CHECKING:
    from ..boards.check import Problem
    from ..boards.load import Board, RoleRow

PANEL = "Boards"


def run(
    board: Annotated[str, typer.Option("--board", metavar="BOARD", help="A name that rumpus boards lists.")],
    appliance: Annotated[
        str,
        typer.Option(
            "--appliance",
            metavar="TYPE",
            help="Such as water_heater, or another way to wire one: air_conditioner_ir.",
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.svg", help="Draw the picture into this file.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE.py", help="A wiring file of your own.")
    ] = None,
    load: Annotated[
        list[str] | None, typer.Option("--load", metavar="ROLE=AMPERES", help="What your load takes.")
    ] = None,
    switch: Annotated[
        list[str] | None,
        typer.Option("--switch", metavar="ROLE=PART", help="What switches it: relay_module, contactor, ssr."),
    ] = None,
    without_wifi: Annotated[
        bool, typer.Option("--without-wifi", metavar="", help="The device is on a cable; ADC2 is free.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check a wiring and show it as a table, or draw it.

    Refused (exit code 1) is what would not work or not be safe: a load that is on while the chip resets, a
    pin with another duty, a relay that is too weak.

    Examples:

        rumpus wiring --board esp32_devkitc --appliance water_heater

        rumpus wiring --board esp32_devkitc --appliance water_heater --out heater.svg

        rumpus wiring --board lc_relay_esp32_4ch --appliance water_heater --load element=13
    """
    from ..boards import check
    from ..boards import load as loader

    amperes = {role: _number(role, text) for role, text in _pairs("--load", load)}
    switches = dict(_pairs("--switch", switch))
    try:
        on = loader.board(board.strip().lower().replace("-", "_"))
        wiring = appliance.strip().lower().replace("-", "_")
        name = loader.type_of(wiring) if wiring in loader.wirings_on(on.name) else type_named(appliance)
        rows = loader.rows_of(file) if file else loader.wiring(on, wiring)
    except loader.BoardError as error:
        raise wrong_use(str(error), error.next) from None
    problems = check.check(on, name, rows, False if without_wifi else None, amperes, switches)
    if problems:
        raise _refused(on, name, problems)
    if out:
        _draw(out, on, name, rows, amperes, switches)
    _show(on, name, rows, amperes, switches, out, as_json)


def _pairs(option: str, values: list[str] | None) -> list[tuple[str, str]]:
    pairs = []
    for value in values or []:
        role, equals, text = value.partition("=")
        if not equals or not text:
            raise wrong_use(f"{option} {value!r} is not of the form ROLE=VALUE.")
        pairs.append((role.strip(), text.strip()))
    return pairs


def _number(role: str, text: str) -> float:
    try:
        value = float(text.removesuffix("A").strip())
    except ValueError:
        value = -1.0
    if not 0 <= value < 1000:
        raise wrong_use(f"--load {role}={text}: {text!r} is no number of amperes.", "Such as element=8.7")
    return value


def _refused(on: "Board", appliance: str, problems: "list[Problem]") -> Failure:
    words = appliance.replace("_", " ")
    found = "\n".join(f"  {problem.sentence} {problem.next}" for problem in problems)
    number = "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
    message = f"This wiring of a {words} on {on.title} has {number}:\n{found}"
    more = {"board": on.name, "appliance": appliance, "problems": [problem._asdict() for problem in problems]}
    return Failure(REFUSED, "wiring_refused", message, more=more)


def _draw(
    out: Path, on: "Board", appliance: str, rows: "tuple[RoleRow, ...]", amperes: dict, switches: dict
) -> None:
    from ..boards.picture import draw

    if out.suffix.lower() != ".svg":
        raise wrong_use(f"{out}: pictures are drawn as SVG only.", f"Take {out.with_suffix('.svg')}.")
    try:
        text = draw.svg(on, appliance, rows, amperes, switches)
        out.write_text(text, encoding="utf-8")
    except draw.CannotDraw as error:
        raise wrong_use(str(error), "The table shows it: leave --out away.") from None
    except OSError as error:
        raise wrong_use(f"{out} cannot be written: {error.strerror}.") from None


def _show(
    on: "Board",
    appliance: str,
    rows: "tuple[RoleRow, ...]",
    amperes: dict,
    switches: dict,
    out: Path | None,
    as_json: bool,
) -> None:
    from ..boards import table as tables

    lines = tables.lines(on, appliance, rows, amperes, switches)
    if as_json:
        picture = {"picture": str(out)} if out else {}
        wiring = [line._asdict() for line in lines]
        _output.print_json({"board": on.name, "appliance": appliance, "wiring": wiring, **picture})
        return
    if out:
        print(f"Drawn: {out}. Print it, and read its notes before you solder.")
        return
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for heading in ("role", "part", "pin", "cable", "note"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "role")
    for line in lines:
        table.add_row(
            Text(line.role, style="cyan"), line.part, Text(line.pin, style="bold"), line.cable, line.note
        )
    console = _output.console()
    title = f"{appliance.replace('_', ' ').capitalize()} on {on.title}"
    console.print(Text(title, style="bold"))
    console.print(table)
    console.print(Text(_WARNING, style="bold red"))


_WARNING = (
    "MAINS VOLTAGE KILLS. Thermal cut-outs, door switches in the line and the RCD stay hard-wired: "
    "no program replaces them. The picture (--out) shows them."
)
