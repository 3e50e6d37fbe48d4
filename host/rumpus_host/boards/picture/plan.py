"""What goes where: the columns of the picture, which way round the board lies, heights and positions.

From left to right: rails, parts of the inputs, cables, the board, cables, rails, what the outputs drive; then
the barrier and the mains side. Parts stand in the order of the board's pins, so that cables do not cross.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .. import check, load, roles, switching
from ..load import Board, Pin, RoleRow
from ..loads import HEAT_CHAIN
from . import colours

WIDTH = 1800
LEFT_RAILS = {"GND": 38, "3V3": 56, "5V": 74}
PARTS_X, PARTS_RIGHT = 104, 400
BOARD_X, BOARD_RIGHT = 580, 780
RIGHT_RAILS = {"GND": 905, "5V": 922}
UNITS_X, UNITS_RIGHT, BARRIER = 958, 1208, 1140
TOP, GAP = 196, 14
PITCH = 24  # of the board's pins
HEAD = 72  # of the board, above its first pins

_PULLED_UP = ("door_switch", "flow_meter")  # drivers whose pin needs a pull-up, its own or a resistor


class Input(NamedTuple):
    """A part of an input. shape: how it is drawn, see inputs.py. x, y: its upper left corner."""

    row: RoleRow
    words: str
    pins: tuple[Pin, ...]
    colour: str
    shape: str
    y: float
    height: float

    @property
    def nets(self) -> tuple[str, ...]:
        """Names of the cables, one for each pin."""
        role = self.row[0]
        return (role,) if len(self.pins) == 1 else (f"{role} data", f"{role} clock")


class Channel(NamedTuple):
    """One switched load of a unit; y: its upper edge."""

    load: switching.Switched
    pin: Pin
    words: str
    colour: str
    is_active_high: bool
    y: float
    height: float


class Unit(NamedTuple):
    """A part of one or more outputs. kind: relays, ssr, signal, led, infrared or supply."""

    kind: str
    channels: tuple[Channel, ...]
    y: float
    height: float


class Plan(NamedTuple):
    """side: printed names of the row on that side of the picture, top to bottom."""

    board: Board
    appliance: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    usb_at: str
    board_y: float
    inputs: tuple[Input, ...]
    units: tuple[Unit, ...]
    bottom: float

    @property
    def channels(self) -> list[Channel]:
        return [channel for unit in self.units for channel in unit.channels]

    @property
    def has_mains(self) -> bool:
        """Is anything of it at mains voltage?"""
        return has_mains(self.board, self.channels)

    @property
    def has_main(self) -> bool:
        return any(channel.load.role == "main_relay" for channel in self.channels)

    @property
    def board_bottom(self) -> float:
        return self.board_y + PITCH * max(len(self.left), len(self.right)) + HEAD + 8

    def pin_at(self, printed: str) -> tuple[str, float] | None:
        """Side and height of the first pin of that name."""
        for side, names in (("left", self.left), ("right", self.right)):
            if printed in names:
                return side, self.pin_y(names.index(printed))
        return None

    def pin_y(self, index: int) -> float:
        return self.board_y + HEAD + PITCH * index


def make(
    on: Board,
    appliance: str,
    rows: tuple[RoleRow, ...],
    amperes: Mapping[str, float],
    switches: Mapping[str, str],
    lower: float = 0,
) -> Plan:
    """The plan of a wiring that check() has nothing against. lower: puts the board lower by so much."""
    left, right, usb_at = _turned(on, appliance, rows)
    order = {name: i for i, name in enumerate((*left, *right))}
    words = {role: text.partition(":")[0] for role, _kind, text in roles.of(appliance)}
    loads = {one.role: one for one in switching.switched(on, appliance, rows, amperes, switches)}
    parts, channels = [], []
    for i, row in enumerate(rows):
        pins = tuple(pin for pin in map(on.pin, check.pins_of(row[2])) if pin)
        colour = colours.signal(i)[1]
        if row[0] in loads:
            channels.append(
                Channel(loads[row[0]], pins[0], words[row[0]], colour, check.active_level(row[3]) == 1, 0, 0)
            )
        else:
            _add_input(parts, _input(row, words[row[0]], pins, colour))
    parts.sort(key=lambda part: _rank(order, part.pins[0], left, is_input=True))
    channels.sort(key=lambda channel: _rank(order, channel.pin, left, is_input=False))
    inputs, inputs_bottom = _stack_inputs(parts)
    units, units_bottom = _stack_units(channels, appliance, on)
    bottom = max(inputs_bottom, units_bottom)
    board_height = PITCH * max(len(left), len(right)) + HEAD + 8
    board_y = TOP + lower + max(0.0, min((bottom - TOP - board_height) / 2, 190.0))
    bottom = max(bottom, board_y + board_height)
    return Plan(on, appliance, left, right, usb_at, board_y, inputs, units, bottom)


def has_mains(on: Board, channels: Sequence[Channel]) -> bool:
    return on.power == "own supply" or any(channel.load.is_mains for channel in channels)


def _rank(order: dict[str, int], pin: Pin, left: tuple[str, ...], is_input: bool) -> tuple[int, int]:
    """By position; what has to come round the board from its other side comes first, outermost on top."""
    at = order.get(pin.printed, 0)
    comes_round = (pin.printed in left) != is_input
    return (0, at) if comes_round else (1, at)


def _turned(
    on: Board, appliance: str, rows: tuple[RoleRow, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """The board as it lies, or turned by half a turn, whichever has more pins on the side where they go."""
    left, right = on.header
    kinds = check.kinds(appliance)
    score = 0
    for role, _driver, pin_id, _option in rows:
        for pin in map(on.pin, check.pins_of(pin_id)):
            if pin:
                is_input = kinds[role] in roles.INPUT_KINDS
                score += 1 if (pin.printed in left) == is_input else -1
    if score >= 0:
        return left, right, on.usb_at
    turned = {"top": "bottom", "bottom": "top"}.get(on.usb_at, on.usb_at)
    height = max(len(left), len(right))
    fill_left, fill_right = ("",) * (height - len(left)), ("",) * (height - len(right))
    return (*fill_right, *reversed(right)), (*fill_left, *reversed(left)), turned


# --- inputs -------------------------------------------------------------------------------------------

# shape, height
_HEIGHTS = {
    "divider": 76,
    "contact": 66,
    "contact_with_pull_up": 76,
    "module": 76,
    "module_with_pull_up": 98,
    "bus_module": 82,
}


def _input(row: RoleRow, words: str, pins: tuple[Pin, ...], colour: str) -> Input:
    driver = row[1]
    has_pull_up = all("pull_up" in pin.can for pin in pins)
    if driver == "ntc":
        shape = "divider"
    elif driver == "door_switch":
        shape = "contact" if has_pull_up else "contact_with_pull_up"
    elif driver == "ds18b20" or (driver in _PULLED_UP and not has_pull_up):
        shape = "module_with_pull_up"
    else:
        shape = "bus_module" if load.needs_of(driver) == "i2c" else "module"
    return Input(row, words, pins, colour, shape, 0, _HEIGHTS[shape])


def _add_input(parts: list[Input], new: Input) -> None:
    """A chip that measures two things is one part."""
    for i, old in enumerate(parts):
        is_same = old.row[1:3] == new.row[1:3] and old.row[3][1:] == new.row[3][1:]
        if is_same and new.shape == "bus_module":
            parts[i] = old._replace(words=f"{old.words}; {new.words[0].lower()}{new.words[1:]}")
            return
    parts.append(new)


def _stack_inputs(parts: list[Input]) -> tuple[tuple[Input, ...], float]:
    y = float(TOP)
    placed = []
    for part in parts:
        placed.append(part._replace(y=y))
        y += part.height + GAP
    return tuple(placed), y - GAP


# --- outputs --------------------------------------------------------------------------------------------

RELAY_HEAD = 30
DIRECT, WITH_CONTACTOR, MAIN = 54, 88, 100
SSR, SIGNAL, SUPPLY = 78, 62, 66
LED, INFRARED = 62, 132


_UNIT_HEIGHTS = {"ssr": SSR, "signal": SIGNAL, "led": LED, "infrared": INFRARED}
_KINDS = {"led": "led", "ir_led": "infrared"}


def _stack_units(channels: list[Channel], appliance: str, on: Board) -> tuple[tuple[Unit, ...], float]:
    """Units under each other, below the protective chain of the mains side."""
    relays = [channel for channel in channels if channel.load.driven_by.kind == "mechanical"]
    groups: list[tuple[str, list[Channel]]] = []
    for channel in channels:
        if channel in relays:
            if channel is relays[0]:
                groups.append(("relays", relays))
        else:
            kind = _KINDS.get(channel.load.switch.name, "signal")
            groups.append(("ssr" if channel.load.switch.kind == "solid_state" else kind, [channel]))
    groups.append(("supply", []))
    y = float(TOP)
    if has_mains(on, channels):
        y += 132 if HEAT_CHAIN[appliance] else 84
    units = []
    for kind, members in groups:
        placed, height = _place(kind, members, y)
        units.append(Unit(kind, placed, y, height))
        y += height + 18
    return tuple(units), y - 18


def _place(kind: str, members: list[Channel], y: float) -> tuple[tuple[Channel, ...], float]:
    if kind == "supply":
        return (), SUPPLY
    if kind != "relays":
        height = _UNIT_HEIGHTS[kind]
        return (members[0]._replace(y=y, height=height),), height
    at = y + RELAY_HEAD
    placed = []
    for channel in members:
        height = DIRECT
        if channel.load.switch.kind == "contactor":
            height = MAIN if channel.load.role == "main_relay" else WITH_CONTACTOR
        placed.append(channel._replace(y=at, height=height))
        at += height
    return tuple(placed), at - y + 6
