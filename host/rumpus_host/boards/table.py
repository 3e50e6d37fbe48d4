"""A wiring as a table: for the terminal, for JSON and for the board's README."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from . import check, roles, switching
from .load import Board, RoleRow
from .picture import colours
from .words import part_of


class Line(NamedTuple):
    """role: its name. what: in words. pin: as printed on the board. cable: its colour in the picture."""

    role: str
    what: str
    part: str
    pin: str
    cable: str
    note: str


def lines(
    on: Board,
    appliance: str,
    rows: Sequence[RoleRow],
    amperes: Mapping[str, float] | None = None,
    switches: Mapping[str, str] | None = None,
) -> list[Line]:
    """One line for each row of a wiring that check() has nothing against."""
    words = {role: text for role, _kind, text in roles.of(appliance)}
    loads = {one.role: one for one in switching.switched(on, appliance, rows, amperes, switches)}
    return [
        _line(on, row, words[row[0]], loads.get(row[0]), colours.signal(i)[0]) for i, row in enumerate(rows)
    ]


def _line(on: Board, row: RoleRow, what: str, load: switching.Switched | None, cable: str) -> Line:
    pins = [pin for pin in map(on.pin, check.pins_of(row[2])) if pin]
    printed = "/".join(pin.printed for pin in pins)
    ids = "/".join(pin.id for pin in pins)
    pin_text = printed if printed == ids else f"{printed} ({ids})"
    if load is None:
        needs_pull_up = row[1] in ("door_switch", "flow_meter") and any("pull_up" not in p.can for p in pins)
        note = "4.7 kΩ to 3V3" if needs_pull_up or row[1] == "ds18b20" else ""
        return Line(row[0], what, part_of(row), pin_text, cable, note)
    if pins and pins[0].on_board:
        cable = "track"
        if load.switch.name == "led":
            return Line(row[0], what, pins[0].on_board, pin_text, cable, "of the board, nothing to solder")
    return Line(row[0], what, _switch_words(load), pin_text, cable, _load_note(row, pins[0].on_board, load))


def _switch_words(load: switching.Switched) -> str:
    if load.switch.kind == "contactor":
        return f"{load.driven_by.words.split(' (')[0]}, contactor 25 A behind it"
    return load.switch.words


def _load_note(row: RoleRow, on_board: str, load: switching.Switched) -> str:
    notes = [f"{on_board} of the board"] if on_board else []
    if not on_board and check.active_level(row[3]) == 1:
        notes.append("10 kΩ to GND")
    if load.is_mains:
        notes.append(f"{load.ma / 1000:g} A at {load.volts} V~")
    notes.extend(f"hard-wired: {name}" for name in load.in_line)
    return "; ".join(notes)
