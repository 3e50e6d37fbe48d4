"""The whole picture of one wiring."""

from collections.abc import Mapping

from ..load import Board, RoleRow
from . import board_view, inputs, mains, notes, outputs, plan, routes
from .scene import Box, Scene

_LOWER_BY, _MOST_LOWER = 5, 40


class CannotDraw(ValueError):
    """The board has no pins that could be drawn."""


def svg(
    on: Board,
    appliance: str,
    rows: tuple[RoleRow, ...],
    amperes: Mapping[str, float] | None = None,
    switches: Mapping[str, str] | None = None,
) -> str:
    """The SVG of a wiring that check() has nothing against. Raises CannotDraw."""
    return scene_of(on, appliance, rows, amperes, switches).svg(title_of(on, appliance))


def title_of(on: Board, appliance: str) -> str:
    return f"{appliance.replace('_', ' ').capitalize()} on {on.title}"


def scene_of(
    on: Board,
    appliance: str,
    rows: tuple[RoleRow, ...],
    amperes: Mapping[str, float] | None = None,
    switches: Mapping[str, str] | None = None,
) -> Scene:
    """The picture as a scene; the board moves until no cable at a pin lies on one at a part."""
    if not on.header:
        raise CannotDraw(f"{on.title} has no pins to solder to, so there is nothing to draw.")
    scene = Scene(0)
    for lower in range(0, _MOST_LOWER, _LOWER_BY):
        scene = _draw(plan.make(on, appliance, rows, amperes or {}, switches or {}, lower))
        if not scene.wires_coincide():
            break
    return scene


def _draw(where: plan.Plan) -> Scene:
    scene = Scene(plan.WIDTH)
    used = {part.pins[i].printed: part.colour for part in where.inputs for i in range(len(part.pins))}
    used |= {channel.pin.printed: channel.colour for channel in where.channels}
    board_view.draw(scene, where, used)
    left_rails, left_cables = _inputs(scene, where)
    ends = outputs.draw(scene, where)
    right_cables = [
        routes.Cable(one.load.role, "right", y, one.pin.printed, one.colour, bool(one.pin.on_board))
        for one, y in ends.signals
    ]
    router = routes.Router(scene, where, left_cables + right_cables)
    router.cables("left", left_cables)
    router.cables("right", right_cables)
    _all_rails(scene, where, router, ends, left_rails)
    bottom = where.bottom + 52
    if where.has_mains:
        zone = Box(plan.BARRIER, 74, scene.width - plan.BARRIER - 14, bottom - 74)
        mains.Mains(scene, where, ends).draw(zone)
    else:
        _no_mains(scene, where)
    _title(scene, where)
    scene.height = notes.draw(scene, where, bottom + 20) + 10
    return scene


def _title(scene: Scene, where: plan.Plan) -> None:
    scene.text(30, 40, title_of(where.board, where.appliance), 22, is_bold=True)
    runtimes = " or ".join({"blinka": "CPython with Blinka"}.get(name, name) for name in where.board.runtimes)
    words = f"Rumpus, boards/{where.board.name}, {runtimes}"
    scene.text(30, 62, words, 11, colour="#546e7a")
    scene.text(30, 94, "LOW VOLTAGE 3.3 V and 5 V", 14, is_bold=True, colour="#2e7d32")


def _no_mains(scene: Scene, where: plan.Plan) -> None:
    """In the place of the mains side: the unit as it hangs on the wall, and what the LED looks at."""
    zone = Box(plan.BARRIER + 40, 130, scene.width - plan.BARRIER - 74, 330)
    middle = (zone.x + zone.right) / 2
    scene.rect(zone, "#f1f8e9", "#558b2f", "zone", 10, 2)
    scene.text(middle, zone.y + 36, "NO MAINS IN THIS WIRING", 16, "middle", True, "#33691e")
    words = "The unit keeps its own plug, its remote control and all its protection."
    scene.text(middle, zone.y + 60, words, 11, "middle")
    unit = Box(middle - 150, zone.y + 100, 300, 110)
    scene.part(unit)
    for y in (unit.bottom - 26, unit.bottom - 16):
        scene.line([(unit.x + 16, y), (unit.right - 16, y)], "#90a4ae")
    eye = (unit.x + 34, unit.y + 34)
    scene.circle(*eye, 9, "#4e342e")
    scene.text(eye[0] + 18, eye[1] + 4, "receiver", 10)
    scene.text(unit.right - 14, unit.y + 24, "indoor unit", 10, "end", True)
    for channel in where.channels:
        if channel.load.switch.name == "ir_led":
            start = plan.BARRIER - 8, channel.y + 38
            for end in (eye[1] - 6, eye[1] + 6):
                scene.line([start, (eye[0] - 12, end)], "#7b1fa2", 1.6, dash="2 6")
    scene.lines(middle, unit.bottom + 34, ["in sight, at most five metres"], 11, "middle")


def _inputs(scene: Scene, where: plan.Plan) -> tuple[dict[str, list[float]], list[routes.Cable]]:
    """Draw the parts; returns the heights at which each rail is needed, and the cables."""
    rails: dict[str, list[float]] = {}
    cables = []
    for part in where.inputs:
        ends = inputs.draw(scene, part)
        for name, y in ends.rails:
            rails.setdefault(name, []).append(y)
        for net, pin, y in zip(part.nets, part.pins, ends.signals, strict=True):
            cables.append(routes.Cable(net, "left", y, pin.printed, part.colour))
    return rails, cables


def _all_rails(
    scene: Scene, where: plan.Plan, router: routes.Router, ends: outputs.Ends, left: dict[str, list[float]]
) -> None:
    right: dict[str, list[float]] = {}
    ground_x = plan.RIGHT_RAILS["GND"]
    for y in ends.pull_downs:
        end = outputs.draw_pull_down(scene, ground_x, y, routes.colours.GND)
        scene.dot(ground_x, end, routes.colours.GND)
        right.setdefault("GND", []).append(end)
    stubs: dict[str, list[float]] = {}
    for name, y in ends.rails:
        right.setdefault(name, []).append(y)
        stubs.setdefault(name, []).append(y)
    _rails(scene, where, router, left, left, "left", plan.LEFT_RAILS, plan.PARTS_X)
    _rails(scene, where, router, right, stubs, "right", plan.RIGHT_RAILS, plan.UNITS_X)


def _rails(
    scene: Scene,
    where: plan.Plan,
    router: routes.Router,
    needed: dict[str, list[float]],
    stubs: dict[str, list[float]],
    side: str,
    columns: Mapping[str, float],
    parts_x: float,
) -> None:
    """Draw the rails of one side, as long as they are needed, with stubs to the parts at these heights."""
    names = {
        "GND": ("GND", "AGND"),
        "3V3": ("3V3",),
        "5V": (where.board.power if where.board.power != "own supply" else "5V",),
    }
    for name, ys in needed.items():
        x = columns[name]
        colour = routes.colours.RAILS[name]
        for y in stubs.get(name, ()):
            scene.wire(name, [(x, y), (parts_x, y)], colour)
            scene.dot(x, y, colour)
        router.rail(routes.Rail(name, side, min(ys), max(ys)), x, names[name])
