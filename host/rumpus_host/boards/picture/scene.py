"""A drawing as a list of shapes, and what it looks like in SVG.

Shapes lie in layers: zones, wires, joints, boxes, symbols, texts. A wire is drawn with a light edge, so that of two
that cross one passes over the other. The scene knows where its texts, boxes and wires are; a test looks for
texts that overlap and for wires that run through what they should not.
"""

from typing import NamedTuple
from xml.sax.saxutils import escape

INK = "#263238"
PAPER = "#ffffff"
FONT = "DejaVu Sans, Verdana, Arial, sans-serif"
# Widths of characters in parts of the size; for a font as wide as DejaVu Sans, so that others fit too.
_NARROW = "iljtfrI.,:;'|!()[] "
_WIDE = "mwMW@%ΩÅ+−×~"

Point = tuple[float, float]


class Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: "Box") -> bool:
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


class Text(NamedTuple):
    words: str
    box: Box


class Wire(NamedTuple):
    net: str
    points: list[Point]


def text_width(words: str, size: float, is_bold: bool = False) -> float:
    """Width of a text, a little more than it will be."""
    ems = sum(0.38 if c in _NARROW else 0.92 if c in _WIDE else 0.76 if c.isupper() else 0.63 for c in words)
    return ems * size * (1.1 if is_bold else 1)


def wrap(words: str, size: float, width: float) -> list[str]:
    """A text as lines no wider than width."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


class Scene:
    def __init__(self, width: float) -> None:
        self.width = width
        self.height = 0.0
        self.texts: list[Text] = []
        self.wires: list[Wire] = []
        self.boxes: list[Box] = []
        self._layers: dict[str, list[str]] = {
            name: [] for name in ("zone", "wire", "joint", "box", "symbol", "text")
        }

    # --- shapes -----------------------------------------------------------------------------------

    def rect(self, box: Box, fill: str = PAPER, stroke: str = INK, layer: str = "box", radius: float = 4,
             width: float = 1.2, dash: str = "") -> None:  # fmt: skip
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._add(
            layer,
            f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}" '
            f'rx="{_n(radius)}" fill="{fill}" stroke="{stroke}" stroke-width="{_n(width)}"{dashes}/>',
        )

    def part(self, box: Box, fill: str = PAPER) -> None:
        """A box that no wire may run through."""
        self.boxes.append(box)
        self.rect(box, fill)

    def line(self, points: list[Point], colour: str = INK, width: float = 1.4, layer: str = "symbol",
             dash: str = "") -> None:  # fmt: skip
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._add(
            layer,
            f'<polyline points="{_points(points)}" stroke="{colour}" stroke-width="{_n(width)}"{dashes}/>',
        )

    def wire(self, net: str, points: list[Point], colour: str, width: float = 2.2, dash: str = "",
             edge: str = PAPER) -> None:  # fmt: skip
        """A connection. edge: colour of what it lies on."""
        straight = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
        self.wires.append(Wire(net, straight))
        self.line(straight, edge, width + 3.2, "wire")
        self.line(straight, colour, width, "wire", dash)
        if net == "PE":
            self.line(straight, "#fdd835", width, "wire", "7 7")

    def circle(self, x: float, y: float, radius: float, fill: str = PAPER, stroke: str = INK,
               width: float = 1.2, layer: str = "symbol") -> None:  # fmt: skip
        self._add(
            layer,
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="{stroke}" '
            f'stroke-width="{_n(width)}"/>',
        )

    def ellipse(
        self, x: float, y: float, half_width: float, half_height: float, stroke: str, width: float
    ) -> None:
        self._add(
            "symbol",
            f'<ellipse cx="{_n(x)}" cy="{_n(y)}" rx="{_n(half_width)}" ry="{_n(half_height)}" fill="none" '
            f'stroke="{stroke}" stroke-width="{_n(width)}"/>',
        )

    def dot(self, x: float, y: float, colour: str) -> None:
        """A joint of wires."""
        self.circle(x, y, 3.4, colour, colour, 0.5, "joint")

    def terminal(self, x: float, y: float, colour: str = "#b0bec5") -> None:
        """Where a wire ends: a screw or a pad."""
        self.circle(x, y, 4, colour, INK, 1)

    def path(
        self, d: str, fill: str = "none", stroke: str = INK, width: float = 1.4, layer: str = "symbol"
    ) -> None:
        self._add(layer, f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{_n(width)}"/>')

    def text(self, x: float, y: float, words: str, size: float = 11, anchor: str = "start",
             is_bold: bool = False, colour: str = INK, backing: str = "") -> None:  # fmt: skip
        """One line; y is its baseline. backing: colour of a patch behind it."""
        if not words:
            return
        width = text_width(words, size, is_bold)
        left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
        box = Box(left, y - 0.78 * size, width, size)
        self.texts.append(Text(words, box))
        if backing:
            self.rect(Box(left - 3, y - size, width + 6, 1.35 * size), backing, "none", "text", 3, 0)
        more = ' font-weight="bold"' if is_bold else ""
        more += f' text-anchor="{anchor}"' if anchor != "start" else ""
        more += f' fill="{colour}"' if colour != INK else ""
        self._add(
            "text", f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{more}>{escape(words)}</text>'
        )

    def lines(self, x: float, y: float, lines: list[str], size: float = 11, anchor: str = "start",
              is_bold: bool = False, colour: str = INK) -> float:  # fmt: skip
        """Lines of text; returns the baseline of the next."""
        for words in lines:
            self.text(x, y, words, size, anchor, is_bold, colour)
            y += 1.35 * size
        return y

    def wires_coincide(self) -> bool:
        """Does a piece of one net lie on a piece of another, for any length?"""
        spans: dict[tuple[bool, float], list[tuple[float, float, str]]] = {}
        for wire in self.wires:
            for (x1, y1), (x2, y2) in zip(wire.points, wire.points[1:], strict=False):
                is_upright = x1 == x2
                at, low, high = (x1, *sorted((y1, y2))) if is_upright else (y1, *sorted((x1, x2)))
                others = spans.setdefault((is_upright, round(at, 1)), [])
                if any(net != wire.net and low < end and start < high for start, end, net in others):
                    return True
                others.append((low, high, wire.net))
        return False

    def _add(self, layer: str, element: str) -> None:
        self._layers[layer].append(element)

    # --- the file ---------------------------------------------------------------------------------

    def svg(self, title: str) -> str:
        """The file. Nothing in it depends on when or where it was made."""
        size = f"{_n(self.width)} {_n(self.height)}"
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{_n(self.width)}" '
            f'height="{_n(self.height)}" font-family="{FONT}">\n<title>{escape(title)}</title>\n<defs>'
            '<pattern id="hatch" width="14" height="14" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect width="14" height="14" fill="#fff8f1"/>'
            '<line x1="0" y1="0" x2="0" y2="14" stroke="#ffd9b8" stroke-width="3"/></pattern></defs>\n'
            f'<rect width="100%" height="100%" fill="{PAPER}"/>\n'
        )
        style = 'fill="none" stroke-linejoin="round" stroke-linecap="round"'
        groups = []
        for name, shapes in self._layers.items():
            look = f'fill="{INK}"' if name == "text" else style
            groups.append(f'<g id="{name}" {look}>\n' + "\n".join(shapes) + "\n</g>\n")
        return head + "".join(groups) + "</svg>\n"


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _points(points: list[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
