"""Symbols of circuit diagrams, drawn around a point or along a line."""

from collections.abc import Callable

from .scene import INK, PAPER, Box, Scene


def resistor(scene: Scene, x: float, y: float, label: str, width: float = 44) -> None:
    """On a horizontal line, from x to x + width; the label stands above."""
    scene.rect(Box(x, y - 6, width, 12), PAPER, INK, "symbol", 1, 1.4)
    scene.text(x + width / 2, y - 10, label, 9.5, "middle")


def thermistor(scene: Scene, x: float, y: float, label: str, width: float = 44) -> None:
    resistor(scene, x, y, "", width)
    scene.line([(x - 4, y + 10), (x + 4, y + 10), (x + width - 4, y - 11)])
    scene.text(x + width + 8, y + 16, label, 9.5)


def contact(scene: Scene, x: float, y: float, width: float = 34, is_closed: bool = False) -> None:
    """A switch on a horizontal line, from x to x + width."""
    scene.circle(x, y, 2.4, INK)
    scene.circle(x + width, y, 2.4, INK)
    scene.line([(x, y), (x + width - 3, y - (4 if is_closed else 13))], width=2)


def diode(
    scene: Scene, x: float, y: float, width: float = 20, emits: bool = True, is_reversed: bool = False
) -> None:
    """On a horizontal line, from x to x + width; the anode at x. emits: an LED."""
    half = 7
    one, other = (x + width, x) if is_reversed else (x, x + width)
    scene.path(f"M{one:.1f} {y - half:.1f} V{y + half:.1f} L{other:.1f} {y:.1f} Z", PAPER, INK, 1.4)
    scene.line([(other, y - half), (other, y + half)], width=2)
    if emits:
        for at in (x + 7, x + 13):
            scene.line([(at, y - 9), (at + 6, y - 15)], width=1)
            scene.line([(at + 2.6, y - 14.6), (at + 6, y - 15), (at + 5.6, y - 11.6)], width=1)


def npn(scene: Scene, x: float, y: float) -> None:
    """Base at (x, y), collector at (x + 16, y - 14), emitter at (x + 16, y + 14)."""
    scene.circle(x + 10, y, 14, PAPER, INK, 1.2)
    scene.line([(x, y), (x + 6, y)])
    scene.line([(x + 6, y - 8), (x + 6, y + 8)], width=2.4)
    scene.line([(x + 6, y - 4), (x + 16, y - 14)])
    scene.line([(x + 6, y + 4), (x + 16, y + 14)])
    scene.path(f"M{x + 15:.1f} {y + 13:.1f} l-6.5 -1.8 l4 -4.2 z", INK, INK, 0.6)


def coil(scene: Scene, x: float, y: float, width: float = 22, height: float = 14) -> None:
    scene.rect(Box(x, y - height / 2, width, height), PAPER, INK, "symbol", 1, 1.4)
    scene.line([(x + 4, y + height / 2), (x + width - 4, y - height / 2)])


def triangle(scene: Scene, x: float, y: float, size: float = 26) -> None:
    """The warning of dangerous voltage; x, y: the middle of its lower edge."""
    half = size * 0.58
    scene.path(
        f"M{x - half:.1f} {y:.1f} L{x + half:.1f} {y:.1f} L{x:.1f} {y - size:.1f} Z", "#fdd835", INK, 2
    )
    s = size / 26
    bolt = (
        f"M{x + 2 * s:.1f} {y - 19 * s:.1f} l{-6 * s:.1f} {9 * s:.1f} h{5 * s:.1f} l{-3 * s:.1f} {8 * s:.1f}"
    )
    bolt += f" l{8 * s:.1f} {-10 * s:.1f} h{-5 * s:.1f} z"
    scene.path(bolt, INK, INK, 0.6)


def _heater(scene: Scene, x: float, y: float) -> None:
    scene.rect(Box(x - 17, y - 7, 34, 14), PAPER, "#d84315", "symbol", 1, 1.8)
    for i in range(1, 4):
        scene.line([(x - 17 + 8.5 * i, y - 7), (x - 17 + 8.5 * i, y + 7)], "#d84315")


def _motor(scene: Scene, x: float, y: float) -> None:
    scene.circle(x, y, 12, PAPER, INK, 1.6)
    scene.text(x, y + 4.5, "M", 12, "middle", True)


def _lamp(scene: Scene, x: float, y: float) -> None:
    scene.circle(x, y, 11, "#fffde7", INK, 1.6)
    scene.line([(x - 7.7, y - 7.7), (x + 7.7, y + 7.7)])
    scene.line([(x - 7.7, y + 7.7), (x + 7.7, y - 7.7)])


def _transformer(scene: Scene, x: float, y: float) -> None:
    scene.circle(x - 6, y, 10, "none", INK, 1.6)
    scene.circle(x + 6, y, 10, "none", INK, 1.6)


def _coil(scene: Scene, x: float, y: float) -> None:
    coil(scene, x - 15, y, 30, 18)


def _box(scene: Scene, x: float, y: float) -> None:
    scene.rect(Box(x - 14, y - 9, 28, 18), PAPER, INK, "symbol", 2, 1.6)


LOADS: dict[str, Callable[[Scene, float, float], None]] = {
    "heater": _heater,
    "motor": _motor,
    "lamp": _lamp,
    "transformer": _transformer,
    "coil": _coil,
    "box": _box,
}
