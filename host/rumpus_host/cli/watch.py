"""rumpus watch: what a device tells by itself."""

import contextlib
import datetime
from typing import Annotated

import typer

from .. import fields
from ._options import Json, Url

PANEL = "Appliance"


def run(
    url: Url,
    count: Annotated[
        int | None, typer.Option("--count", min=1, metavar="N", help="End after N events.")
    ] = None,
    since: Annotated[
        int | None,
        typer.Option(
            "--since",
            min=0,
            max=0xFFFFFFFE,
            metavar="SEQ",
            help="Tell again the alarm events after this sequence (0: all that the device has kept).",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Follow a device: its status now, then every push, alarm, and loss and return of the connection.

    Runs until Ctrl-C, or until N events were printed. It comes back by itself when the link dies, and
    is then told the alarms that it missed.

    --json prints one object a line. event says what it is: status (fields as in rumpus get), alarm
    (sequence, boot_count, raised, cleared, active, latched, uptime_s, clock), disconnected (reason) or
    connected (again).

    Examples:

        rumpus watch tcp://192.0.2.7:3880
        rumpus watch tcp://192.0.2.7:3880 --since 0 --json
        rumpus watch serial:///dev/ttyUSB0 --count 10
    """
    from . import _device

    with contextlib.suppress(KeyboardInterrupt):  # the usual end
        _device.run(_watch(url, count, since, as_json))


async def _watch(url: str, count: int | None, since: int | None, as_json: bool) -> None:
    from rumpus.ra.tables.messages import ONLY_NEW

    from . import _device

    async with _device.device_at(url, ONLY_NEW if since is None else since, reconnect=True) as device:
        show = _ShowJson(device) if as_json else _ShowText(device)
        left = count
        async for kind, what in _told(device):
            show.event(kind, what)
            if kind != "console" and left is not None:
                left -= 1
                if left == 0:
                    return


async def _told(device):
    """The events of a device, beginning with its status now instead of the connection just made."""
    status = await device.status()
    yield "status", status
    is_first = True
    async for kind, what in device.events():
        if kind == "connected" and is_first:
            is_first = False
            continue
        yield kind, what


class _ShowJson:
    """One JSON object a line."""

    def __init__(self, device):
        from . import _device

        self._device = device
        self._about = _device.device_json(device)

    def event(self, kind: str, what) -> None:
        from . import _output

        if kind == "console":
            return
        line: dict = {"event": kind}
        if kind == "status":
            line |= fields.status_values(self._device.type_name, what)
        elif kind == "alarm":
            line |= fields.alarm_values(self._device.type_name, what)
        elif kind == "disconnected":
            line["reason"] = str(what)
        _output.print_json({**line, "device": self._about})


class _ShowText:
    """The first status as a table, then only what changes, a line each."""

    def __init__(self, device):
        from . import _output

        self._device = device
        self._out = _output.console()
        self._last = None

    def event(self, kind: str, what) -> None:
        getattr(self, f"_{kind}")(what)

    def _status(self, status) -> None:
        from . import _device, _output

        before, self._last = self._last, status
        if before is None:
            _output.print_status(self._device.type_name, _device.title_of(self._device), status)
            return
        changed = [name for name in status.names() if name not in before or before[name] != status[name]]
        for name in changed:
            if name not in ("alarms", "event_sequence"):
                field = fields.by_name(self._device.type_name, name)
                old = fields.to_text(field, before[name]) if name in before else "?"
                self._say(f"{name}: {old} -> {fields.to_text(field, status[name])}", "")
        if not changed:
            self._say("nothing has changed", "dim")

    def _alarm(self, body) -> None:
        from . import _output

        values = fields.alarm_values(self._device.type_name, body)
        when = values["clock"] or f"{values['uptime_s']} s after start {values['boot_count']}"
        for name in values["raised"]:
            self._say(f"event {values['sequence']}, {when}:", "red")
            self._out.print(_output.alarm_text(self._device.type_name, name))
        for name in values["cleared"]:
            self._say(f"event {values['sequence']}, {when}: alarm {name} is over", "green")

    def _connected(self, _hello) -> None:
        self._say("connected again", "green")

    def _disconnected(self, reason) -> None:
        self._say(f"disconnected: {reason}; trying to come back", "yellow")

    def _console(self, text: str) -> None:
        from rich.text import Text

        from . import _output

        _output.console(stderr=True).print(Text(f"console: {text.rstrip()}", style="dim"))

    def _say(self, text: str, style: str) -> None:
        from rich.text import Text

        now = datetime.datetime.now().strftime("%H:%M:%S")
        self._out.print(Text(f"{now} ", style="dim") + Text(text, style=style or "not dim"))
