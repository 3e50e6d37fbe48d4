"""rumpus events: what a device tells over DCMP."""

import contextlib
import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .. import fields
from . import _dcmp
from ._dcmp import Id, Url
from ._failure import wrong_use
from ._options import Json

if TYPE_CHECKING:
    from ..dcmp.client import Device

PANEL = "Devices on the LAN"

_TYPES = ("All", "DeviceStatus", "SensorData")


def run(
    url: Url,
    count: Annotated[
        int | None, typer.Option("--count", min=1, metavar="N", help="End after N events.")
    ] = None,
    event_type: Annotated[
        str, typer.Option("--type", metavar="TYPE", help=f"{', '.join(_TYPES)}. Case does not matter.")
    ] = "All",
    lease: Annotated[
        int, typer.Option("--lease", min=2, max=0xFFFF, metavar="SECONDS", help="Renewed at half of it.")
    ] = 600,
    device_id: Id = None,
    as_json: Json = False,
) -> None:
    """Subscribe to a device's events over DCMP and follow them; the subscription is cancelled at the end.

    DeviceStatus tells the status when it changes, and each alarm; SensorData what is measured. Runs until
    Ctrl-C, or until N events were printed. --json prints one object a line: event (status, alarm, sensor),
    type, and the fields.

    Examples:

        rumpus events tcp://192.0.2.7:3880
        rumpus events udp://192.0.2.7 --type sensordata --count 10 --json
    """
    from . import _device

    wanted = [name for name in _TYPES if name.lower() == event_type.strip().lower()]
    if not wanted:
        raise wrong_use(f"There is no event type {event_type!r}.", f"Choose from {', '.join(_TYPES)}.")
    with contextlib.suppress(KeyboardInterrupt):  # the usual end
        _device.run(_events(url, device_id, count, wanted[0], lease, as_json))


async def _events(
    url: str, device_id: str | None, count: int | None, event_type: str, lease: int, as_json: bool
) -> None:
    async with _dcmp.device_at(url, device_id) as device:
        show = _ShowJson(device) if as_json else _ShowText(device)
        async with contextlib.aclosing(device.events(event_type, lease)) as events:
            left = count
            async for values in events:
                show.event(values)
                if left is not None:
                    left -= 1
                    if left == 0:
                        return


def _named(device: "Device", values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """(function, its values by name) of an event."""
    from rumpus.dcmp.tables.properties import ALARM, ALARM_PARAM, FUNCTIONS
    from rumpus.dcmp.values import to_counts
    from rumpus.rump.tables.messages import ALARM_BODY

    number = values["FunctionID"]
    name = next((known for code, known, *_rest in FUNCTIONS if code == number), f"0x{number:04X}")
    texts = {row["ParamID"]: row["Value"] for row in values["OutputList"]}
    if number == ALARM:
        body = {row[0]: int(texts.get(ALARM_PARAM + i) or 0) for i, row in enumerate(ALARM_BODY)}
        return name, fields.alarm_values(device.type_name, body)
    named = {}
    for field in fields.fields_of(device.type_name):
        if field.id in texts:
            named[field.name] = fields.to_value(field, to_counts(texts[field.id], field.scale))
    return name, named


def _texts(device: "Device", values: dict[str, Any]) -> dict[str, str]:
    """The values of a status or sensor event for people."""
    from rumpus.dcmp.values import to_counts

    texts = {row["ParamID"]: row["Value"] for row in values["OutputList"]}
    return {
        field.name: fields.to_text(field, to_counts(texts[field.id], field.scale))
        for field in fields.fields_of(device.type_name)
        if texts.get(field.id)
    }


class _ShowJson:
    """One JSON object a line."""

    def __init__(self, device: "Device"):
        self._device = device
        self._about = _dcmp.device_json(device)

    def event(self, values: dict[str, Any]) -> None:
        from . import _output

        name, named = _named(self._device, values)
        _output.print_json({"event": name, "type": values["EventType"], **named, "device": self._about})


class _ShowText:
    """A line an event: of a status or the sensors what has changed since the last."""

    def __init__(self, device: "Device"):
        from rich.text import Text

        from . import _output

        self._device = device
        self._out = _output.console()
        self._last: dict[str, dict[str, str]] = {}
        self._out.print(Text(_dcmp.title_of(device), style="bold"))

    def event(self, values: dict[str, Any]) -> None:
        name, named = _named(self._device, values)
        if name == "alarm":
            self._alarm(named)
            return
        texts = _texts(self._device, values)
        before = self._last.get(name)
        self._last[name] = texts
        if before is None:
            self._say(name, ", ".join(f"{key} {text}" for key, text in texts.items()), "")
            return
        changed = [key for key, text in texts.items() if before.get(key) != text]
        told = ", ".join(f"{key}: {before.get(key, '?')} -> {texts[key]}" for key in changed)
        self._say(name, told or "nothing has changed", "" if changed else "dim")

    def _alarm(self, named: dict[str, Any]) -> None:
        from . import _output

        for alarm in named["raised"]:
            self._say("alarm", f"event {named['sequence']}", "red")
            self._out.print(_output.alarm_text(self._device.type_name, alarm))
        for alarm in named["cleared"]:
            self._say("alarm", f"event {named['sequence']}: {alarm} is over", "green")

    def _say(self, name: str, text: str, style: str) -> None:
        from rich.text import Text

        now = datetime.datetime.now().strftime("%H:%M:%S")
        head = Text(f"{now} ", style="dim") + Text(f"{name:7}", style="bold")
        self._out.print(head + Text(text, style=style or "not bold"))
