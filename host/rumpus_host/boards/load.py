"""The literals of boards/ as objects. Nothing of them is run: they are read, as the bench does."""

import ast
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ..bench.repository import BOARDS, FIRMWARE
from ..bench.sensors import Row as RoleRow
from ..bench.sensors import load_rows
from ..fields import TYPES

# Kinds of pins that a runtime makes of a pin with these capabilities, where the board's BUSES has them.
_MADE_OF = {"onewire": ("digital_in", "digital_out"), "ir": ("digital_out", "pwm")}


class BoardError(ValueError):
    """There is no such board or wiring. next: what to do."""

    def __init__(self, message: str, next: str = "") -> None:
        super().__init__(message)
        self.next = next


class Pin(NamedTuple):
    """printed: on the board. id: for the HAL, and in wiring files. at_reset: float, pull_up, pull_down or
    pulse. on_board: what the board has there, "" for nothing; on_level: the level that switches it on."""

    printed: str
    id: str
    can: tuple[str, ...]
    warnings: tuple[str, ...]
    at_reset: str
    on_board: str = ""
    on_level: int = 1


class Board(NamedTuple):
    """A board's literals. header: printed names of the left and of the right row. power: name of the 5 V
    pin, or "own supply". usb_at: top or bottom of the header. in_order: the rows are those of the board.
    adc_mv: lowest and highest voltage that the converter tells from its ends, () where nobody says."""

    name: str
    title: str
    chip: str
    runtimes: tuple[str, ...]
    hal: str
    has_wifi: bool
    power: str
    usb_at: str
    in_order: bool
    buses: tuple[str, ...]
    adc_mv: tuple[int, ...]
    header: tuple[tuple[str, ...], ...]
    pins: tuple[Pin, ...]
    not_offered: tuple[tuple[str, str], ...]

    def pin(self, id: str) -> Pin | None:
        """The pin that wiring files call id."""
        return next((pin for pin in self.pins if pin.id == id), None)

    def printed(self, name: str) -> Pin | None:
        return next((pin for pin in self.pins if pin.printed == name), None)

    def reason_against(self, appliance: str) -> str:
        """Why the board does not carry an appliance; "" where it does."""
        return dict(self.not_offered).get(appliance, "")


def board_names() -> list[str]:
    return sorted(path.parent.name for path in BOARDS.glob("*/board.py"))


def board(name: str) -> Board:
    """A board by the name of its folder. Raises BoardError."""
    path = BOARDS / name / "board.py"
    if name not in board_names():
        raise BoardError(f"There is no board {name!r}.", f"Boards: {', '.join(board_names())}.")
    return make_board(literals(path))


def make_board(values: dict[str, Any]) -> Board:
    """values: the literals of a board.py by name; only NAME, CHIP and PINS are needed."""
    on_board = {row[0]: row[1:] for row in values.get("ON_BOARD", ())}
    buses = values.get("BUSES", ())
    return Board(
        name=values["NAME"],
        title=values.get("TITLE", values["NAME"]),
        chip=values["CHIP"],
        runtimes=values.get("RUNTIMES", ()),
        hal=values.get("HAL", values["NAME"]),
        has_wifi=bool(values.get("WIFI", 0)),
        power=values.get("POWER", ""),
        usb_at=values.get("USB_AT", ""),
        in_order=bool(values.get("IN_ORDER", 1)),
        buses=buses,
        adc_mv=values.get("ADC_MV", ()),
        header=values.get("HEADER", ()),
        pins=tuple(_pin(row, buses, on_board) for row in values["PINS"]),
        not_offered=values.get("NOT_OFFERED", ()),
    )


def _pin(row: tuple, buses: tuple[str, ...], on_board: dict[str, tuple]) -> Pin:
    """The virtual board's rows are short: (name, what it can be)."""
    printed, id, can, warnings, at_reset = row if len(row) == 5 else (row[0], row[0], row[1], (), "float")
    if "digital_out" in can:
        can += ("signal_out",)
    can += tuple(kind for kind, parts in _MADE_OF.items() if kind in buses and set(parts) <= set(can))
    return Pin(printed, id, can, warnings, at_reset, *on_board.get(id, ()))


def literals(path: Path) -> dict[str, Any]:
    """All literals that a file gives a name to."""
    values = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values[node.targets[0].id] = ast.literal_eval(node.value)
    return values


def appliances_on(board_name: str) -> list[str]:
    """The appliances that a board has a wiring file for."""
    return [name for name in TYPES if (BOARDS / board_name / f"{name}.py").is_file()]


def wirings_on(board_name: str) -> list[str]:
    """The names of all wiring files of a board: appliances, and other ways to wire one as in
    air_conditioner_ir."""
    found = [path.stem for path in (BOARDS / board_name).glob("*.py") if path.stem != "board"]
    return sorted(found, key=lambda name: (list(TYPES).index(type_of(name)), name))


def type_of(wiring_name: str) -> str:
    """The appliance of a wiring file by its name. Raises BoardError."""
    for name in TYPES:
        if wiring_name == name or wiring_name.startswith(f"{name}_"):
            return name
    raise BoardError(f"{wiring_name} is no wiring of an appliance.", f"Appliances: {', '.join(TYPES)}.")


def wiring(on: Board, appliance: str) -> tuple[RoleRow, ...]:
    """The rows of a board's wiring file: an appliance, or one of wirings_on(). Raises BoardError."""
    path = BOARDS / on.name / f"{appliance}.py"
    if not path.is_file():
        why = on.reason_against(appliance) or "nobody has written its wiring file yet"
        offered = ", ".join(wirings_on(on.name))
        words = appliance.replace("_", " ")
        raise BoardError(f"{on.title} does not carry the {words}: {why}.", f"It carries: {offered}.")
    return rows_of(path)


def rows_of(path: Path) -> tuple[RoleRow, ...]:
    """The rows of any wiring file. Raises BoardError."""
    needed = "It needs ROLES = ((role, driver, pin, option), ...): three words and a tuple."
    try:
        rows = load_rows(path)
    except OSError as error:
        raise BoardError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, SyntaxError) as error:
        raise BoardError(f"{path} is no wiring file: {error}.", needed) from None
    for row in rows if isinstance(rows, tuple) else (None,):
        if not isinstance(row, tuple) or [type(cell) for cell in row] != [str, str, str, tuple]:
            raise BoardError(f"{path}: {row!r} is no row of a wiring.", needed)
    return rows


def driver_names() -> list[str]:
    """The drivers that the firmware has, by their files."""
    return [name for name, values in _driver_literals() if "NEEDS" in values]


def needs_of(driver: str) -> str:
    """The kind of pin that a driver needs, such as "adc". Raises KeyError."""
    return dict(_driver_literals())[driver]["NEEDS"]


@cache
def _driver_literals() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path in sorted((FIRMWARE / "rumpus" / "drivers").glob("*.py")):
        values = {}
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                values[getattr(node.targets[0], "id", "")] = node.value.value
        found.append((path.stem, values))
    return found
