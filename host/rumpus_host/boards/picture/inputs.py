"""The parts of the inputs: what is soldered together left of the board, with values.

Each draws itself and says where its cables begin: rails on its left, the pin's cable on its right.
"""

from typing import NamedTuple

from ..words import part_of
from . import symbols
from .plan import PARTS_RIGHT, PARTS_X, Input
from .scene import Box, Scene, wrap

_R = PARTS_X + 34  # where the first symbol of a line begins
_NODE = PARTS_X + 112


class Ends(NamedTuple):
    """rails: (name, y) at PARTS_X. signals: y at PARTS_RIGHT, one for each pin."""

    rails: tuple[tuple[str, float], ...]
    signals: tuple[float, ...]


def draw(scene: Scene, part: Input) -> Ends:
    box = Box(PARTS_X, part.y, PARTS_RIGHT - PARTS_X, part.height)
    scene.part(box)
    scene.text(PARTS_X + 10, part.y + 15, part.words, 11, is_bold=True)
    ends = _SHAPES[part.shape](scene, part)
    for _rail, y in ends.rails:
        scene.terminal(PARTS_X, y)
    for pin, y in zip(part.pins, ends.signals, strict=True):
        scene.terminal(PARTS_RIGHT, y, part.colour)
        scene.text(PARTS_RIGHT - 9, y - 6, pin.printed, 11, "end", True)
    return ends


def _divider(scene: Scene, part: Input) -> Ends:
    ohm_25, beta, series_ohm = part.row[3]
    supply, ground = part.y + 40, part.y + 62
    symbols.resistor(scene, _R, supply, f"{_ohm(series_ohm)} 1 %")
    _line(scene, supply, PARTS_X, _R)
    _line(scene, supply, _R + 44, PARTS_RIGHT)
    symbols.thermistor(scene, _R, ground, "")
    _line(scene, ground, PARTS_X, _R)
    scene.line([(_R + 44, ground), (_NODE, ground), (_NODE, supply)])
    scene.circle(_NODE, supply, 3, "#263238")
    scene.text(_NODE + 12, ground + 4, f"NTC {_ohm(ohm_25)}, B {beta}", 10)
    return Ends((("3V3", supply), ("GND", ground)), (supply,))


def _contact(scene: Scene, part: Input) -> Ends:
    y = part.y + 46
    _line(scene, y, PARTS_X, _R)
    symbols.contact(scene, _R, y, is_closed=part.row[3][0] == "active_high")
    _line(scene, y, _R + 34, PARTS_RIGHT)
    scene.text(_R + 42, y + 13, _when(part), 10)
    return Ends((("GND", y),), (y,))


def _contact_with_pull_up(scene: Scene, part: Input) -> Ends:
    supply, ground = part.y + 40, part.y + 62
    symbols.resistor(scene, _R, supply, "4.7 kΩ")
    _line(scene, supply, PARTS_X, _R)
    _line(scene, supply, _R + 44, PARTS_RIGHT)
    _line(scene, ground, PARTS_X, _R)
    symbols.contact(scene, _R, ground, is_closed=part.row[3][0] == "active_high")
    scene.line([(_R + 34, ground), (_NODE, ground), (_NODE, supply)])
    scene.circle(_NODE, supply, 3, "#263238")
    scene.text(_NODE + 12, ground + 4, _when(part), 10)
    return Ends((("3V3", supply), ("GND", ground)), (supply,))


def _module(scene: Scene, part: Input) -> Ends:
    supply, ground, out = part.y + 36, part.y + 62, part.y + 49
    _body(scene, part, Box(_R, part.y + 24, 174, 46))
    _line(scene, ground, PARTS_X, _R)
    _line(scene, out, _R + 174, PARTS_RIGHT)
    rail = _supply_of(part)
    if not rail:
        return Ends((("GND", ground),), (out,))
    _line(scene, supply, PARTS_X, _R)
    return Ends(((rail, supply), ("GND", ground)), (out,))


def _module_with_pull_up(scene: Scene, part: Input) -> Ends:
    """The resistor runs from the supply, above the part, to its output."""
    top, ground, out = part.y + 40, part.y + 86, part.y + 72
    _body(scene, part, Box(_R, part.y + 52, 150, 40))
    node = _R + 176
    _line(scene, top, PARTS_X, _R + 80)
    symbols.resistor(scene, _R + 80, top, "4.7 kΩ")
    scene.line([(_R + 124, top), (node, top), (node, out)])
    scene.circle(node, out, 3, "#263238")
    _line(scene, out, _R + 150, PARTS_RIGHT)
    _line(scene, ground, PARTS_X, _R)
    if part.row[1] == "ds18b20":
        scene.line([(_R - 14, top), (_R - 14, part.y + 64), (_R, part.y + 64)])
        scene.circle(_R - 14, top, 3, "#263238")
        return Ends((("3V3", top), ("GND", ground)), (out,))
    rail = _supply_of(part)
    if not rail:
        return Ends((("3V3", top), ("GND", ground)), (out,))
    _line(scene, part.y + 64, PARTS_X, _R)
    return Ends((("3V3", top), (rail, part.y + 64), ("GND", ground)), (out,))


def _bus_module(scene: Scene, part: Input) -> Ends:
    supply, ground = part.y + 40, part.y + 64
    _body(scene, part, Box(_R, part.y + 28, 150, 46))
    _line(scene, supply, PARTS_X, _R)
    _line(scene, ground, PARTS_X, _R)
    for y, name in ((supply, "SDA"), (ground, "SCL")):
        _line(scene, y, _R + 150, PARTS_RIGHT)
        scene.text(_R + 156, y - 5, name, 9.5)
    return Ends((("3V3", supply), ("GND", ground)), (supply, ground))


def _when(part: Input) -> str:
    """When a contact is closed, without what it is."""
    return part_of(part.row).split(", ", 1)[1]


def _body(scene: Scene, part: Input, box: Box) -> None:
    scene.rect(box, "#eceff1", layer="symbol")
    lines = [line for words in part_of(part.row).split(", ") for line in wrap(words, 10, box.width - 8)]
    y = box.y + box.height / 2 + 4 - 6.5 * (len(lines) - 1)
    scene.lines(box.x + box.width / 2, y, lines, 10, "middle")


def _supply_of(part: Input) -> str:
    """The rail that supplies a part; none for a tachometer, whose fan has a supply of its own."""
    if part.row[1] == "flow_meter":
        return "5V" if part.row[3][0] == "pulses" else ""
    return "3V3"


def _line(scene: Scene, y: float, x1: float, x2: float) -> None:
    scene.line([(x1, y), (x2, y)])


def _ohm(value: int) -> str:
    return f"{value / 1000:g} kΩ" if value >= 1000 else f"{value} Ω"


_SHAPES = {
    "divider": _divider,
    "contact": _contact,
    "contact_with_pull_up": _contact_with_pull_up,
    "module": _module,
    "module_with_pull_up": _module_with_pull_up,
    "bus_module": _bus_module,
}
