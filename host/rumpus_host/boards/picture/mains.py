"""The mains side: the protective chain that stays hard-wired, the rails, contactors and loads."""

from ..loads import HEAT_CHAIN, SUPPLY_CHAIN
from . import colours, symbols
from .outputs import Ends
from .plan import BARRIER, TOP, UNITS_RIGHT, WIDTH, Channel, Plan
from .scene import Box, Point, Scene, text_width, wrap

_RAILS = {"L": UNITS_RIGHT + 24, "H": UNITS_RIGHT + 40, "S": UNITS_RIGHT + 56}
_N, _PE = WIDTH - 52, WIDTH - 32
_CONTACTOR = (UNITS_RIGHT + 76, 92)  # x, width
_IN_LINE = UNITS_RIGHT + 178
_LOAD = (WIDTH - 208, 132)
_ZONE = "#fff8f1"
_RED = "#b71c1c"
_CHAIN_Y = TOP - 62  # PE; N and L follow below


class Mains:
    """Draws the zone; ends: of the outputs' parts."""

    def __init__(self, scene: Scene, plan: Plan, ends: Ends) -> None:
        self.scene = scene
        self.plan = plan
        self.ends = ends
        self.heat = HEAT_CHAIN[plan.appliance]
        self._taps: dict[str, list[float]] = {"L": [], "H": [], "S": [], "N": [], "PE": []}

    def draw(self, zone: Box) -> None:
        self._zone(zone)
        for channel, live_y, out_y in self.ends.feeds:
            self._rung(channel, live_y, out_y)
        for live_y, neutral_y in self.ends.supply:
            self._tap("L", UNITS_RIGHT, live_y)
            self._to_neutral(UNITS_RIGHT, neutral_y)
        self._chain()
        self._draw_rails()

    def _zone(self, zone: Box) -> None:
        self.scene.rect(zone, "url(#hatch)", "#e64a19", "zone", 10, 2)
        middle = (UNITS_RIGHT + WIDTH) / 2
        symbols.triangle(self.scene, middle - 210, zone.y + 36, 28)
        symbols.triangle(self.scene, middle + 210, zone.y + 36, 28)
        self.scene.text(middle, zone.y + 30, "MAINS 230 V~  DANGER OF DEATH", 16, "middle", True, _RED, _ZONE)
        for x in (BARRIER - 2, BARRIER + 2):
            self.scene.line([(x, zone.y + 4), (x, zone.bottom - 4)], "#e64a19", 1.6, "zone", "9 5")

    # --- the chain -----------------------------------------------------------------------------------

    def _chain(self) -> None:
        """From the terminals through the supply's protection to the rail L, and on to what heats."""
        earth, neutral, live = _CHAIN_Y, _CHAIN_Y + 16, _CHAIN_Y + 36
        left, right = _RAILS["L"] - 4, _N - 26
        terminals = Box(left, earth - 12, 56, 60)
        self.scene.part(terminals, "#eceff1")
        for name, y in (("PE", earth), ("N", neutral), ("L", live)):
            self.scene.text(left + 10, y + 4, name, 11, is_bold=True)
            self.scene.terminal(terminals.right, y, "#ffb74d")
        self._wire("PE", [(terminals.right, earth), (_PE, earth)])
        self._taps["PE"].append(earth)
        names = SUPPLY_CHAIN[self.plan.appliance]
        boxes = self._boxes(names, terminals.right, live, top_of_first=neutral - 10)
        self._wire("N", [(terminals.right, neutral), (boxes[0].x, neutral)])
        self._wire("N", [(boxes[0].right, neutral), (_N, neutral)])
        self._taps["N"].append(neutral)
        back = live + 36
        self._ring("leakage_current", terminals.right + 11, (neutral + live) / 2, 18, live + 30)
        self._ring("supply_current", right - 60, back, 9, back + 18)
        self._ring("power", right - 60, back, 9, back + 18)
        self._wire("L", [(boxes[-1].right, live), (right, live), (right, back), (_RAILS["L"], back)])
        self._taps["L"].append(back)
        if self.heat:
            y = back + 36
            self._taps["L"].append(y)
            self.scene.dot(_RAILS["L"], y, colours.LINE)
            boxes = self._boxes(self.heat, _RAILS["L"], y)
            down = y + 28
            self._ring("element_current", right - 150, down, 9, down + 20)
            self._wire("H", [(boxes[-1].right, y), (right, y), (right, down), (_RAILS["H"], down)])
            self._taps["H"].append(down)
            words = "hard-wired, stays"
            self.scene.text(right - 8, y + 18, words, 9.5, "end", colour=_RED, backing=_ZONE)

    def _boxes(self, names: tuple[str, ...], x: float, y: float, top_of_first: float = 0) -> list[Box]:
        """Protective parts in a line from x. top_of_first: of one that N passes through as well."""
        boxes: list[Box] = []
        for name in names:
            top = top_of_first if top_of_first and not boxes else y - 15
            box = Box(x + 22, top, text_width(name, 10, True) + 20, y + 15 - top)
            self._wire("L" if top_of_first or not boxes else "H", [(x, y), (box.x, y)])
            self.scene.part(box)
            self.scene.text(box.x + box.width / 2, (box.y + box.bottom) / 2 + 4, name, 10, "middle", True)
            boxes.append(box)
            x = box.right
        return boxes

    def _ring(
        self, role: str, x: float, y: float, height: float, text_y: float, has_room: bool = True
    ) -> None:
        """Where the ring of a current transformer goes, if the wiring has that one."""
        for part in self.plan.inputs:
            if part.row[0] == role:
                self.scene.ellipse(x, y, 5, height, part.colour, 3)
                anchor = "start" if x < WIDTH - 300 else "end"
                words = part.words if has_room else part.pins[0].printed
                self.scene.text(x, text_y, f"ring of: {words}", 9.5, anchor, backing=_ZONE)

    # --- rungs ---------------------------------------------------------------------------------------

    def _feed_of(self, channel: Channel) -> str:
        """The rail that a load's contact is fed from."""
        if channel.load.role == "main_relay":
            return "H" if self.heat else "L"
        if not channel.load.is_behind_main:
            return "L"
        if self.plan.has_main:
            return "S"
        return "H" if self.heat else "L"

    def _rung(self, channel: Channel, live_y: float, out_y: float) -> None:
        if channel.load.switch.kind != "contactor":
            self._tap(self._feed_of(channel), UNITS_RIGHT, live_y)
            self._load(channel, UNITS_RIGHT, out_y, out_y)
            return
        self._tap("L", UNITS_RIGHT, live_y)
        self._contactor(channel, out_y)

    def _contactor(self, channel: Channel, coil_y: float) -> None:
        x, width = _CONTACTOR
        y = coil_y + 27
        box = Box(x, coil_y - 13, width, 54)
        self.scene.part(box)
        self._wire("coil " + channel.load.role, [(UNITS_RIGHT, coil_y), (x, coil_y)], colours.LINE)
        self._to_neutral(box.right, coil_y)
        symbols.coil(self.scene, x + width / 2 - 11, coil_y)
        self.scene.line([(x, coil_y), (x + width / 2 - 11, coil_y)])
        self.scene.line([(x + width / 2 + 11, coil_y), (box.right, coil_y)])
        symbols.contact(self.scene, x + 29, y)
        self.scene.line([(x, y), (x + 29, y)])
        self.scene.line([(x + 63, y), (box.right, y)])
        for at, one, other in ((coil_y, "A1", "A2"), (y, "1", "2")):
            self.scene.text(x + 7, at - 3.5, one, 8.5)
            self.scene.text(box.right - 7, at - 3.5, other, 8.5, "end")
            self.scene.terminal(x, at, "#ffb74d")
            self.scene.terminal(box.right, at, "#ffb74d")
        self._tap(self._feed_of(channel), x, y)
        if channel.load.role == "main_relay":
            back = y + 24
            points = [(box.right, y), (box.right + 14, y), (box.right + 14, back), (_RAILS["S"], back)]
            self._wire("S", points)
            self._taps["S"].append(back)
            words = "to all that is behind this contactor"
            self.scene.text(box.right + 24, y + 4, words, 9.5, backing=_ZONE)
        else:
            self._load(channel, box.right, y, y)
        self.scene.text(box.right + 24, coil_y - 5, "contactor 25 A, coil 230 V~", 9.5, backing=_ZONE)

    def _load(self, channel: Channel, x: float, y: float, load_y: float) -> None:
        net = f"load {channel.load.role}"
        at = _IN_LINE
        for name in channel.load.in_line:
            box = Box(at, y - 14, 92, 28)
            self._wire(net, [(x, y), (box.x, y)], colours.SWITCHED)
            self.scene.part(box, "#ffffff")
            lines = wrap(name, 9.5, 88)
            self.scene.lines(box.x + 46, y + 3.5 - 6.4 * (len(lines) - 1), lines, 9.5, "middle", True)
            x = box.right
            at = x + 14
        left, width = _LOAD
        box = Box(left, y - 19, width, 38)
        self._wire(net, [(x, y), (left, y)], colours.SWITCHED)
        if channel.load.role == "magnetron":
            self._ring("magnetron_current", left - 20, y, 9, y + 24, has_room=False)
        self.scene.part(box)
        symbols.LOADS[channel.load.symbol](self.scene, left + 24, y)
        lines = wrap(channel.load.label, 9.5, width - 54)
        self.scene.lines(left + 48, y + 3.5 - 6.4 * (len(lines) - 1), lines, 9.5)
        self._to_neutral(box.right, y - 8)
        self._wire("PE", [(box.right, y + 10), (_PE, y + 10)])
        self._taps["PE"].append(y + 10)
        self.scene.dot(_PE, y + 10, colours.EARTH)

    # --- rails -----------------------------------------------------------------------------------------

    def _tap(self, rail: str, x: float, y: float) -> None:
        self._wire(rail, [(_RAILS[rail], y), (x, y)])
        self.scene.dot(_RAILS[rail], y, colours.MAINS[rail])
        self._taps[rail].append(y)

    def _to_neutral(self, x: float, y: float) -> None:
        self._wire("N", [(x, y), (_N, y)])
        self.scene.dot(_N, y, colours.NEUTRAL)
        self._taps["N"].append(y)

    def _draw_rails(self) -> None:
        for name, x in (*_RAILS.items(), ("N", _N), ("PE", _PE)):
            ys = self._taps[name]
            if len(ys) > 1:
                self._wire(name, [(x, min(ys)), (x, max(ys))], width=3)

    def _wire(self, net: str, points: list[Point], colour: str = "", width: float = 2.4) -> None:
        self.scene.wire(net, points, colour or colours.MAINS[net], width, edge=_ZONE)
