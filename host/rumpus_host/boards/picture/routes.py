"""Cables between the board and its parts: each in a lane of its own, so that none lies on another."""

from typing import NamedTuple

from . import colours
from .plan import BOARD_RIGHT, BOARD_X, PARTS_RIGHT, RIGHT_RAILS, TOP, UNITS_X, Plan
from .scene import Point, Scene

_LANE = 11  # between lanes
_RAILS = 3  # lanes that rails may need on a side
_LEFT, _RIGHT = PARTS_RIGHT + 22, RIGHT_RAILS["GND"] - 16  # first lane of each side
_BESIDE = 14  # between the board and the lane next to it
_ROOM = {"left": BOARD_X - _BESIDE - _LEFT, "right": _RIGHT - BOARD_RIGHT - _BESIDE}
_POWER_LANE = 9


class Cable(NamedTuple):
    """From a part to a pin. side: on which side of the board the part is. is_track: of the board itself."""

    net: str
    side: str
    part_y: float
    printed: str
    colour: str
    is_track: bool = False


class Rail(NamedTuple):
    """A rail's length, and which of the board's pins feed it."""

    name: str
    side: str
    top: float
    bottom: float


class Router:
    """The space round a board. The cables of each side first, then the rails."""

    def __init__(self, scene: Scene, plan: Plan, cables: list[Cable]) -> None:
        self.scene = scene
        self.plan = plan
        self._pitch = {side: self._pitch_of(side, cables) for side in _ROOM}  # between the lanes of a side
        self._over = 0  # lanes used above everything
        self._under = 0
        self._beside = {"left": 0, "right": 0}  # lanes used next to the board
        self._used: dict[str, list[float]] = {"left": [], "right": []}  # heights of pins with cables
        self._corners: dict[str, tuple[float, float, bool]] = {}  # of the rails that a pin feeds

    def _pitch_of(self, side: str, cables: list[Cable]) -> float:
        """Lanes of one side are for its parts' cables, for those that go round, and for rails."""
        found = [(cable.side, self.plan.pin_at(cable.printed)) for cable in cables]
        lanes = sum(part_side == side for part_side, _pin in found)
        lanes += sum(bool(pin) and pin[0] == side != part_side for part_side, pin in found)
        return min(_LANE, _ROOM[side] / (lanes + _RAILS))

    def cables(self, side: str, cables: list[Cable]) -> None:
        """Connect the parts of one side, which come in the order of their height."""
        ends = [(cable, *self._pin_end(cable)) for cable in cables]
        down = [i for i, (cable, y, _way) in enumerate(ends) if y > cable.part_y + 1]
        up = [i for i, (cable, y, _way) in enumerate(ends) if y < cable.part_y - 1]
        heights = [y for _cable, y, _way in ends]
        # In the order of the pins, what goes up and what goes down never meet: they share lanes.
        above = 0 if heights == sorted(heights) else len(down)
        lanes = {i: len(down) - 1 - n for n, i in enumerate(down)} | {i: above + n for n, i in enumerate(up)}
        for i, (cable, y, way) in enumerate(ends):
            x = self._lane_x(side, lanes.get(i, 0))
            start = (PARTS_RIGHT if side == "left" else UNITS_X, cable.part_y)
            points = [start, (x, cable.part_y), (x, y), *way]
            self._draw(cable, points)

    def _draw(self, cable: Cable, points: list[Point]) -> None:
        if cable.is_track:
            self.scene.wire(cable.net, points, colours.TRACK, 1.6, "5 4")
        else:
            self.scene.wire(cable.net, points, cable.colour)

    def _pin_end(self, cable: Cable) -> tuple[float, list[Point]]:
        """Where a cable leaves the lanes of its side, and its way from there."""
        found = self.plan.pin_at(cable.printed)
        side, y = found if found else (cable.side, TOP)
        self._used[side].append(y)
        edge = BOARD_X if side == "left" else BOARD_RIGHT
        if side == cable.side:
            return y, [(edge, y)]
        lane_y = self._lane_above()
        x = self._lane_beside(side)
        return lane_y, [(x, lane_y), (x, y), (edge, y)]

    def rail(self, rail: Rail, x: float, printed_names: tuple[str, ...]) -> None:
        """Draw a rail and feed it from the nearest of the board's pins of these names."""
        colour = colours.RAILS[rail.name]
        found = self._best(printed_names, rail.side)
        if found is None:
            self._branch(rail, x, colour)
            return
        side, y, goes_over = found
        edge = BOARD_X if side == "left" else BOARD_RIGHT
        beside = self._lane_beside(side)
        lane_y = self._lane_above() if goes_over else self._lane_below()
        end = rail.bottom if goes_over else rail.top
        points = [(edge, y), (beside, y), (beside, lane_y), (x, lane_y), (x, end)]
        self.scene.wire(rail.name, points, colour)
        self._used[side].append(y)
        self._corners[rail.name] = (beside, lane_y, goes_over)

    def _branch(self, rail: Rail, x: float, colour: str) -> None:
        """The board has no further pin for this rail: it goes on from the corner of the first one."""
        points: list[Point] = [(x, rail.top), (x, rail.bottom)]
        if rail.name in self._corners:
            corner_x, lane_y, goes_over = self._corners[rail.name]
            points = [(corner_x, lane_y), (x, lane_y), (x, rail.bottom if goes_over else rail.top)]
            self.scene.dot(corner_x, lane_y, colour)
        self.scene.wire(rail.name, points, colour)

    def _best(self, names: tuple[str, ...], wanted_side: str) -> tuple[str, float, bool] | None:
        """The pin with the fewest cables to cross: side, height, whether over the board."""
        choices = []
        for side, row in (("left", self.plan.left), ("right", self.plan.right)):
            for i, name in enumerate(row):
                y = self.plan.pin_y(i)
                if name in names and y not in self._used[side]:
                    above = sum(other < y for other in self._used[side])
                    below = len(self._used[side]) - above
                    cost = min(above, below) + (0.5 if side != wanted_side else 0)
                    choices.append((cost, side, y, above <= below))
        return min(choices)[1:] if choices else None

    def _lane_x(self, side: str, lane: int) -> float:
        """Lanes are counted from the parts."""
        if side == "left":
            return _LEFT + self._pitch[side] * lane
        return _RIGHT - self._pitch[side] * lane

    def _lane_beside(self, side: str) -> float:
        n = self._beside[side]
        self._beside[side] += 1
        pitch = self._pitch[side]
        return BOARD_X - _BESIDE - pitch * n if side == "left" else BOARD_RIGHT + _BESIDE + pitch * n

    def _lane_above(self) -> float:
        self._over += 1
        return TOP - 10 - _POWER_LANE * self._over

    def _lane_below(self) -> float:
        self._under += 1
        return self.plan.bottom + 6 + _POWER_LANE * self._under
