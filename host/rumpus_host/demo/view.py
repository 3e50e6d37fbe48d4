"""What the demo shows: a live picture in a terminal, plain lines anywhere else."""

from rich.console import Console, Group, RenderableType
from rich.layout import Layout
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from rumpus_host import fields

from .stage import Actor, Stage, Step

# What matters of each type, in reading order; the first is the temperature that is drawn.
SHOWN = {
    "water_heater": ("current_temperature", "target_temperature", "work_state", "hot_water", "heating_power"),
    "air_conditioner": (
        "indoor_temperature",
        "target_temperature",
        "mode",
        "compressor",
        "outdoor_temperature",
    ),
    "refrigerator": ("fridge_temp", "freezer_temp", "doors", "compressor", "defrosting"),
    "microwave_oven": (
        "chamber_temp",
        "work_state",
        "time_left",
        "power_level",
        "door_open",
        "remote_enabled",
    ),
}
_BLOCKS = " ▁▂▃▄▅▆▇█"
_CURVE_WIDTH = 36
_PANEL_LINES = 10
# The rest of the screen is the story's, but never less than this.
_LEAST_STORY_LINES = 4


class LiveView:
    """A picture that follows the stage; use as a context manager."""

    def __init__(self, stage: Stage, console: Console):
        self.stage = stage
        self.hint = ""
        self._console = console
        self._live = Live(console=console, refresh_per_second=8, get_renderable=self._draw, screen=False)

    def __enter__(self) -> "LiveView":
        self._live.start()
        return self

    def __exit__(self, *exc) -> None:
        self._live.refresh()
        self._live.stop()

    def _story_lines(self) -> int:
        others = 1 + 2 * _PANEL_LINES + 2 + self.hint.count("\n") + 1
        return max(_LEAST_STORY_LINES, self._console.height - others - 1)

    def _draw(self) -> RenderableType:
        layout = Layout()
        story_lines = self._story_lines()
        layout.split_column(
            Layout(self._header(), size=1),
            Layout(name="upper", size=_PANEL_LINES),
            Layout(name="lower", size=_PANEL_LINES),
            Layout(self._story(story_lines), size=story_lines + 2),
            Layout(Text(self.hint, style="cyan"), size=max(1, self.hint.count("\n") + 1)),
        )
        panels = [_panel(actor) for actor in self.stage.actors.values()]
        panels += [Panel("")] * (4 - len(panels))
        layout["upper"].split_row(*panels[:2])
        layout["lower"].split_row(*panels[2:])
        return layout

    def _header(self) -> Text:
        seconds = self.stage.virtual_ms // 1000
        scale = f"{self.stage.time_scale:g} x real time" if self.stage.time_scale else "as fast as it goes"
        clock = f"{seconds // 3600:d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        return Text(f" Rumpus   virtual time {clock}   ({scale})", style="bold")

    def _story(self, most: int) -> Panel:
        lines = [story_line(step) for step in self.stage.steps[-most:]]
        return Panel(Group(*lines), title=self.stage.scene or "story", title_align="left")


def story_line(step: Step) -> Text:
    """One line of the story, with its outcome."""
    mark, style = {None: ("…", "yellow"), True: ("✓", "green"), False: ("✗", "bold red")}[step.passed]
    line = Text(f"{mark} ", style=style)
    line.append(f"{step.device.replace('_', ' '):<16}", style="dim")
    line.append(step.text, style="" if step.passed is not False else "red")
    if step.detail:
        line.append(f"  {step.detail}", style="dim")
    return line


def _panel(actor: Actor) -> Panel:
    table = Table.grid(padding=(0, 1))
    for name in SHOWN[actor.type]:
        if name in actor.state:
            table.add_row(Text(name, style="dim"), _value(actor.state[name], _unit(actor.type, name)))
    first = SHOWN[actor.type][0]
    curve = Text(curve_of(actor.history.get(first, [])), style="cyan")
    alarms = actor.state.get("alarms") or []
    bottom = Text("alarm: " + ", ".join(alarms), style="bold white on red") if alarms else Text("")
    it = actor.appliance.interpreter
    return Panel(
        Group(table, curve, bottom),
        title=f"[bold]{actor.type.replace('_', ' ')}[/]",
        title_align="left",
        subtitle=f"{actor.appliance.carrier} · {it.name} {it.version}",
        border_style="red" if alarms else "blue",
    )


def _unit(type_name: str, name: str) -> str:
    return fields.unit_text(fields.by_name(type_name, name))


def _value(value, unit: str) -> Text:
    if isinstance(value, bool):
        return Text("yes" if value else "no", style="green" if value else "")
    if isinstance(value, list):
        return Text(", ".join(map(str, value)) or "-")
    if value is None:
        return Text("-")
    return Text(f"{value:g} {unit}".rstrip() if isinstance(value, int | float) else str(value))


def curve_of(values: list[float]) -> str:
    """The last values as a curve of block characters, from their lowest to their highest."""
    stride = max(1, len(values) // _CURVE_WIDTH)
    shown = values[::stride][-_CURVE_WIDTH:]
    if not shown:
        return ""
    low, high = min(shown), max(shown)
    span = (high - low) or 1.0
    bars = "".join(_BLOCKS[1 + int((value - low) / span * 7)] for value in shown)
    return f"{bars} {low:g}..{high:g} °C"
