"""What the outputs drive: relay module, solid-state relays, buzzers and inputs of other boards, the supply.

The barrier runs through every part that has a mains side: left of it everything may be touched, right of it
nothing.
"""

from typing import NamedTuple

from . import symbols
from .plan import BARRIER, UNITS_RIGHT, UNITS_X, Channel, Plan, Unit
from .scene import Box, Scene, wrap

_MAINS_HALF = "#fff3e0"
_CONTACT_X = BARRIER + 16


class Ends(NamedTuple):
    """Where cables go on. signals: (channel, y) at UNITS_X. rails: (name, y) at UNITS_X.

    pull_downs: y of the cables that a resistor holds down, beside the rails.
    feeds: (channel, y of the live terminal, y of the switched one) at UNITS_RIGHT.
    supply: (y of L, y of N) at UNITS_RIGHT.
    """

    signals: list[tuple[Channel, float]]
    rails: list[tuple[str, float]]
    pull_downs: list[float]
    feeds: list[tuple[Channel, float, float]]
    supply: list[tuple[float, float]]


def draw(scene: Scene, plan: Plan) -> Ends:
    ends = Ends([], [], [], [], [])
    for unit in plan.units:
        _SHAPES[unit.kind](scene, plan, unit, ends)
    for channel, y in ends.signals:
        is_light = channel.load.switch.name == "led"
        if not channel.pin.on_board and channel.is_active_high and not is_light:
            ends.pull_downs.append(y)
    return ends


def draw_pull_down(scene: Scene, rail_x: float, y: float, colour: str) -> float:
    """10 kΩ from a cable to the rail GND; returns the height of its end at the rail."""
    x, end = UNITS_X - 16, y + 19
    scene.dot(x, y, "#263238")
    scene.wire("GND", [(x, y), (x, end), (rail_x, end)], colour, 1.6)
    scene.rect(Box(x - 4, y + 4, 8, 12), "#ffffff", "#263238", "box", 1)
    return end


def _relays(scene: Scene, plan: Plan, unit: Unit, ends: Ends) -> None:
    is_on_board = unit.channels[0].load.driven_by.name == "on_board_relay"
    _case(scene, Box(UNITS_X, unit.y, UNITS_RIGHT - UNITS_X, unit.height))
    if is_on_board:
        title = "Relays of the board"
    else:
        title = f"Relay module, {len(unit.channels)} channels"
        for name, y in (("GND", unit.y + 10), ("5V", unit.y + 23)):
            ends.rails.append((name, y))
            scene.terminal(UNITS_X, y)
            scene.text(UNITS_X + 9, y + 3.5, "VCC" if name == "5V" else "GND", 9.5)
    scene.text(UNITS_X + 38, unit.y + 20, title, 11, is_bold=True)
    for i, channel in enumerate(unit.channels):
        if i or unit.channels[0].y > unit.y:
            scene.line([(UNITS_X, channel.y), (UNITS_RIGHT, channel.y)], "#b0bec5", 1)
        label = channel.pin.on_board if is_on_board else f"IN{i + 1}"
        y = channel.y + 27
        _words(scene, channel, label, y)
        symbols.coil(scene, BARRIER - 32, y)
        scene.line([(BARRIER - 10, y), (_CONTACT_X + 14, y)], "#78909c", 1, dash="3 3")
        scene.line([(_CONTACT_X, channel.y + 14), (UNITS_RIGHT, channel.y + 14)])
        _relay_contact(scene, channel.y)
        scene.text(UNITS_RIGHT - 8, channel.y + 10.5, "COM", 8.5, "end")
        scene.text(UNITS_RIGHT - 8, channel.y + 49, "NO", 8.5, "end")
        ends.signals.append((channel, y))
        ends.feeds.append((channel, channel.y + 14, channel.y + 38))
        _screws(scene, channel.y + 14, channel.y + 38)


def _relay_contact(scene: Scene, top: float) -> None:
    """A changeover contact at rest, of which the open side is used."""
    scene.circle(_CONTACT_X, top + 14, 2.4, "#263238")
    scene.line([(_CONTACT_X, top + 14), (_CONTACT_X + 10, top + 34)], width=2)
    scene.circle(_CONTACT_X + 16, top + 38, 2.4, "#263238")
    scene.line([(_CONTACT_X + 16, top + 38), (UNITS_RIGHT, top + 38)])


def _ssr(scene: Scene, plan: Plan, unit: Unit, ends: Ends) -> None:
    (channel,) = unit.channels
    _case(scene, Box(UNITS_X, unit.y, UNITS_RIGHT - UNITS_X, unit.height))
    scene.text(UNITS_X + 16, unit.y + 17, "Solid-state relay 40 A", 11, is_bold=True)
    plus, minus = unit.y + 34, unit.y + 60
    for y, name in ((plus, "+"), (minus, "−")):
        scene.terminal(UNITS_X, y, channel.colour if name == "+" else "#b0bec5")
        scene.text(UNITS_X + 10, y + 4, name, 12, is_bold=True)
    lines = [*wrap(channel.words, 10, 128), "on a heat sink, insulated"]
    scene.lines(UNITS_X + 26, plus + 3, lines, 10)
    scene.text(
        UNITS_X + 26,
        minus + 4 if len(lines) < 3 else minus + 12,
        f"pin {channel.pin.printed}",
        10,
        is_bold=True,
    )
    live, out = unit.y + 26, unit.y + 54
    middle = BARRIER + 24
    scene.rect(Box(middle - 12, unit.y + 28, 24, 24), "#ffffff", layer="symbol", radius=2)
    scene.path(f"M{middle - 6} {unit.y + 34} h12 l-6 11 z M{middle - 6} {unit.y + 46} h12", "none")
    scene.line([(middle, unit.y + 28), (middle, live), (UNITS_RIGHT, live)])
    scene.line([(middle, unit.y + 52), (middle, out), (UNITS_RIGHT, out)])
    _screws(scene, live, out)
    ends.signals.append((channel, plus))
    ends.rails.append(("GND", minus))
    ends.feeds.append((channel, live, out))


def _signal(scene: Scene, plan: Plan, unit: Unit, ends: Ends) -> None:
    (channel,) = unit.channels
    box = Box(UNITS_X, unit.y, BARRIER - 14 - UNITS_X, unit.height)
    scene.part(box)
    scene.text(UNITS_X + 16, unit.y + 15, channel.words, 11, is_bold=True)
    y = unit.y + 32
    has_supply = channel.load.switch.name != "pwm_input"
    rails = [("GND", unit.y + 52), *([("5V", unit.y + 17)] if has_supply else [])]
    for _name, at in rails:
        scene.terminal(UNITS_X, at)
    scene.terminal(UNITS_X, y, channel.colour)
    label = {"transistor_buzzer": "active buzzer module", "servo": "servo"}.get(
        channel.load.switch.name, "PWM input, optocoupler"
    )
    scene.text(UNITS_X + 16, y + 4, f"pin {channel.pin.printed}", 10, is_bold=True)
    scene.text(UNITS_X + 16, y + 20, label, 10)
    ends.signals.append((channel, y))
    ends.rails.extend(rails)


def _led(scene: Scene, plan: Plan, unit: Unit, ends: Ends) -> None:
    """From the pin through a resistor and the LED to GND, or from 3V3 when the pin draws it low."""
    (channel,) = unit.channels
    scene.part(Box(UNITS_X, unit.y, BARRIER - 14 - UNITS_X, unit.height))
    scene.text(UNITS_X + 16, unit.y + 15, channel.words, 11, is_bold=True)
    scene.text(BARRIER - 24, unit.y + 15, f"pin {channel.pin.printed}", 10, "end", True)
    if channel.pin.on_board:
        scene.terminal(UNITS_X, unit.y + 38, channel.colour)
        scene.lines(
            UNITS_X + 22, unit.y + 34, [f"{channel.pin.on_board} of the board,", "nothing to solder"], 10
        )
        ends.signals.append((channel, unit.y + 38))
        return
    top, bottom = unit.y + 38, unit.y + 54
    x = UNITS_X + 22
    scene.line([(UNITS_X, top), (x, top)])
    symbols.resistor(scene, x, top, "470 Ω", 40)
    scene.line([(x + 40, top), (x + 62, top)])
    if channel.is_active_high:
        symbols.diode(scene, x + 62, top)
        scene.line([(x + 82, top), (x + 100, top), (x + 100, bottom), (UNITS_X, bottom)])
        scene.terminal(UNITS_X, bottom)
        ends.rails.append(("GND", bottom))
    else:
        symbols.diode(scene, x + 62, top, is_reversed=True)
        scene.line([(x + 82, top), (x + 100, top)])
        scene.text(x + 106, top + 4, "to 3V3", 10, is_bold=True)
    scene.terminal(UNITS_X, top, channel.colour)
    ends.signals.append((channel, top))


def _infrared(scene: Scene, plan: Plan, unit: Unit, ends: Ends) -> None:
    """5 V, 33 Ω, LED, collector; emitter to GND; the pin through 1 kΩ to the base."""
    (channel,) = unit.channels
    scene.part(Box(UNITS_X, unit.y, BARRIER - 14 - UNITS_X, unit.height))
    scene.text(UNITS_X + 16, unit.y + 15, channel.words, 11, is_bold=True)
    supply, base, ground = unit.y + 38, unit.y + 88, unit.y + 120
    x = UNITS_X + 22
    column = UNITS_X + 108
    scene.line([(UNITS_X, supply), (x, supply)])
    symbols.resistor(scene, x, supply, "33 Ω", 40)
    scene.line([(x + 40, supply), (column - 26, supply)])
    symbols.diode(scene, column - 26, supply, emits=True)
    scene.line([(column - 6, supply), (column, supply), (column, base - 14)])
    scene.line([(UNITS_X, base), (x, base)])
    symbols.resistor(scene, x, base, "1 kΩ", 40)
    scene.line([(x + 40, base), (column - 16, base)])
    symbols.npn(scene, column - 16, base)
    scene.line([(column, base + 14), (column, ground), (UNITS_X, ground)])
    scene.lines(column + 14, supply + 3, ["940 nm"], 9.5)
    scene.lines(column + 14, base - 3, ["NPN", "BC337"], 9.5)
    scene.text(UNITS_X + 16, ground - 8, f"pin {channel.pin.printed}", 10, is_bold=True)
    for y, colour in ((supply, "#b0bec5"), (base, channel.colour), (ground, "#b0bec5")):
        scene.terminal(UNITS_X, y, colour)
    ends.rails.extend([("5V", supply), ("GND", ground)])
    ends.signals.append((channel, base))


def _supply(scene: Scene, plan: Plan, unit: Unit, ends: Ends) -> None:
    own = plan.board.power == "own supply"
    if not plan.has_mains:
        scene.part(Box(UNITS_X, unit.y, BARRIER - 14 - UNITS_X, unit.height))
        scene.text(UNITS_X + 12, unit.y + 18, "Supply", 11, is_bold=True)
        lines = wrap("USB charger 5 V, 1 A, in the board's own USB socket", 10, 140)
        scene.lines(UNITS_X + 12, unit.y + 34, lines, 10)
        return
    is_mains = not own or "relay" in plan.board.name
    box = Box(UNITS_X, unit.y, (UNITS_RIGHT if is_mains else BARRIER - 14) - UNITS_X, unit.height)
    if not is_mains:
        scene.part(box)
        lines = wrap(
            "The board is powered by its own USB cable; its computer's supply must be isolated.", 10, 150
        )
        scene.lines(UNITS_X + 12, unit.y + 18, lines, 10)
        return
    _case(scene, box)
    title = "Supply of the board" if own else "Supply 5 V, 1 A"
    scene.text(UNITS_X + 38, unit.y + 18, title, 11, is_bold=True)
    lines = ["at its mains terminals"] if own else ["isolated, for appliances", "(EN 61558 / EN 60335)"]
    scene.lines(UNITS_X + 38, unit.y + 34, lines, 10)
    if not own:
        for name, y, label in (("5V", unit.y + 20, "+"), ("GND", unit.y + 46, "−")):
            ends.rails.append((name, y))
            scene.terminal(UNITS_X, y)
            scene.text(UNITS_X + 9, y + 4, label, 12, is_bold=True)
    live, neutral = unit.y + 20, unit.y + 46
    scene.text(UNITS_RIGHT - 8, live + 4, "L", 10, "end", True)
    scene.text(UNITS_RIGHT - 8, neutral + 4, "N", 10, "end", True)
    _screws(scene, live, neutral)
    ends.supply.append((live, neutral))


def _case(scene: Scene, box: Box) -> None:
    """A part that the barrier runs through."""
    scene.part(box)
    scene.rect(
        Box(BARRIER, box.y + 1, box.right - BARRIER - 1, box.height - 2),
        _MAINS_HALF,
        "none",
        radius=3,
        width=0,
    )
    scene.rect(box, "none")


def _words(scene: Scene, channel: Channel, label: str, y: float) -> None:
    scene.terminal(UNITS_X, y, channel.colour)
    scene.text(UNITS_X + 9, y + 4, label, 9.5, colour="#546e7a")
    lines = wrap(channel.words, 10, 112)
    x = UNITS_X + (58 if len(label) > 4 else 34)
    if len(label) > 4:
        lines = wrap(channel.words, 10, BARRIER - 40 - x)
    top = y + 4 - 6.75 * len(lines)
    bottom = scene.lines(x, top, lines, 10)
    scene.text(x, bottom, f"pin {channel.pin.printed}", 10, is_bold=True)


def _screws(scene: Scene, *ys: float) -> None:
    for y in ys:
        scene.terminal(UNITS_RIGHT, y, "#ffb74d")


_SHAPES = {
    "relays": _relays,
    "ssr": _ssr,
    "signal": _signal,
    "led": _led,
    "infrared": _infrared,
    "supply": _supply,
}
