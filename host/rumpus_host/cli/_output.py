"""What the verbs print: JSON for programs, Rich tables for people.

Rich leaves colours out when stdout is no terminal or NO_COLOR is set; the words say it all without.
"""

import json
import os
import sys
from typing import TYPE_CHECKING

from .. import explain, fields
from ._failure import Failure

if TYPE_CHECKING:
    from rich.console import Console

    from rumpus.rump.layout import Status

# Without a terminal Rich would cut lines at 80.
_PIPE_WIDTH = 160
SEVERITY_STYLES = {"stop": "bold red", "warn": "red", "notice": "yellow"}


def print_json(value: dict) -> None:
    """One JSON object on one line, at once."""
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(value, ensure_ascii=not is_utf8), flush=True)


def console(stderr: bool = False) -> "Console":
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else _PIPE_WIDTH
    return Console(stderr=stderr, highlight=False, width=width)


def make_printable() -> None:
    """A terminal that has no "°" gets a replacement, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # type: ignore[attr-defined]


def print_failure(failure: Failure, as_json: bool) -> None:
    if as_json:
        print_json(failure.as_json())
        return
    from rich.text import Text

    out = console(stderr=True)
    out.print(Text("Error: ", style="bold red") + Text(failure.message, style="not bold"))
    if failure.next:
        out.print(Text("Next:  ", style="bold") + Text(failure.next, style="not bold"))
    if failure.status:
        print_status(*failure.status)


def print_status(type_name: str, title: str, status: "Status") -> None:
    """The fields of a status as a table, the alarms below it."""
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for heading in ("name", "value", "range", "note"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "name")
    for field in fields.fields_of(type_name):
        if field.name in status and field.name != "alarms":
            table.add_row(*_status_row(field, status[field.name]))
    out = console()
    out.print(Text(title, style="bold"))
    out.print(table)
    print_alarms(type_name, status["alarms"] or 0)


def _status_row(field: fields.Field, counts: int | None) -> tuple:
    from rich.text import Text

    value = Text(fields.to_text(field, counts), style="dim" if counts is None else "cyan")
    note = fields.note(field, counts)
    allowed = fields.range_text(field) if field.is_writable else ""
    return (
        field.name,
        value,
        Text(allowed),
        Text(note or ("" if field.is_writable else "read only"), style="dim"),
    )


def print_alarms(type_name: str, bits: int) -> None:
    """The active alarms in red, each with what it means and what to do."""
    from rich.text import Text

    out = console()
    names = fields.alarms(type_name, bits)
    if not names:
        out.print(Text("No alarms.", style="green"))
    for name in names:
        out.print(alarm_text(type_name, name))


def alarm_text(type_name: str, name: str):
    """An alarm with its sentences, as Rich text."""
    from rich.text import Text

    severities = {alarm.name: alarm.severity for alarm in fields.alarms_of(type_name)}
    severity = severities.get(name, "warn")
    told = explain.explain_alarm(type_name, name)
    style = SEVERITY_STYLES.get(severity, "red")
    return Text(f"ALARM {name} ({severity}): ", style=style) + Text(
        f"{told.sentence} {told.next}", style="not bold"
    )
