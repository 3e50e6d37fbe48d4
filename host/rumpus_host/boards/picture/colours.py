"""Colours of wires. Literals."""

GND = "#212121"
V3 = "#f57c00"
V5 = "#d50000"
LINE = "#6d4c41"
SWITCHED = "#bf360c"
NEUTRAL = "#1e88e5"
EARTH = "#43a047"
TRACK = "#90a4ae"

RAILS = {"GND": GND, "3V3": V3, "5V": V5}
MAINS = {"L": LINE, "H": SWITCHED, "S": SWITCHED, "N": NEUTRAL, "PE": EARTH}

# Cables to pins, in the order of the rows of a wiring; none of a rail's or the mains' colours.
# name, colour
SIGNALS = (
    ("yellow", "#d4a900"),
    ("green", "#2e7d32"),
    ("violet", "#7b1fa2"),
    ("turquoise", "#00acc1"),
    ("pink", "#ec407a"),
    ("grey", "#78909c"),
    ("white", "#bcaaa4"),
)


def signal(index: int) -> tuple[str, str]:
    """Name and colour of the cable of a row."""
    return SIGNALS[index % len(SIGNALS)]
