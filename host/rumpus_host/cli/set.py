"""rumpus set: control a device."""

import datetime
from typing import Annotated

import typer

from .. import fields
from ._failure import Failure, wrong_use
from ._options import Json, Over, Url, protocol_named

PANEL = "Appliance"


def run(
    url: Url,
    settings: Annotated[
        list[str], typer.Argument(metavar="FIELD=VALUE...", help="What to set; all or nothing.")
    ],
    force: Annotated[
        bool,
        typer.Option(
            "--force", metavar="", help="Send what the table forbids, too, if it fits the wire format."
        ),
    ] = False,
    over: Over = "rump",
    as_json: Json = False,
) -> None:
    """Set fields of a device, all of them or none, and show the status that follows.

    Values: on, off, true, false, 1, 0; the name of a choice; a number with or without its unit (50C,
    2kW, 90min); weekdays (mon,tue or none or 31 or 0x1f). clock=now sets clock_day and clock_second
    from the UTC clock of this computer. The fields of a type: rumpus fields TYPE.

    A wrong name or value is found here and nothing is sent (exit code 2). A control is sent once and
    never again by itself: when no answer comes, the outcome is unknown (exit code 4). Over DCMP the device
    checks and answers the same.

    Examples:

        rumpus set tcp://192.0.2.7:3880 power=on target_temperature=50
        rumpus set tcp://192.0.2.7:3880 mode=eco clock=now utc_offset=60
        rumpus set udp://192.0.2.7 power=off --over dcmp
        rumpus set tcp://192.0.2.7:3880 reservation_1_on=on reservation_1_weekdays=mon,tue
        rumpus set tcp://192.0.2.7:3880 target_temperature=90 --force   (for testers: see the device refuse)
    """
    from . import _device

    pairs = [_split(text) for text in settings]
    _device.run(_set(url, pairs, force, protocol_named(over), as_json))


async def _set(url: str, pairs: list[tuple[str, str]], force: bool, over: str, as_json: bool) -> None:
    from . import _device, _output

    async with _device.device_at(url, over=over) as device:
        status = await device.control(to_controls(device.type_name, pairs, force))
        if as_json:
            values = fields.status_values(device.type_name, status)
            outcome = {"result": "ok", "field": None, "reason": None}
            _output.print_json({**values, "device": _device.device_json(device), **outcome})
        else:
            _output.print_status(device.type_name, f"Done: {_device.title_of(device)}", status)


def _split(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise wrong_use(f"{text!r} is no setting.", "Write field=value, for example target_temperature=50")
    return name.strip(), value


def to_controls(type_name: str, pairs: list[tuple[str, str]], force: bool) -> list[tuple[str, int]]:
    """(field name, counts) of what a person wrote. Raises Failure for what must not be sent."""
    controls: list[tuple[str, int]] = []
    for name, value in pairs:
        try:
            controls += _clock(value) if name == "clock" else [_control(type_name, name, value, force)]
        except fields.FieldError as error:
            raise _wrong(type_name, error, force) from None
    names = [name for name, _counts in controls]
    twice = [name for name in names if names.count(name) > 1]
    if twice and not force:
        raise wrong_use(f"{twice[0]} is set twice.", "Name each field once.")
    return controls


def _control(type_name: str, name: str, value: str, force: bool) -> tuple[str, int]:
    field = fields.by_name(type_name, name)
    if not force:
        fields.check_writable(field)
    return name, fields.to_counts(field, value, force)


def _clock(value: str) -> list[tuple[str, int]]:
    if value.strip().lower() != "now":
        raise wrong_use(f"clock={value} is unknown.", "Write clock=now, or set clock_day and clock_second.")
    day, second = fields.clock_counts(datetime.datetime.now(datetime.UTC))
    return [("clock_day", day), ("clock_second", second)]


def _wrong(type_name: str, error: fields.FieldError, force: bool) -> Failure:
    hints = [error.next] if error.next else []
    if error.code == "read_only":
        names = ", ".join(field.name for field in fields.fields_of(type_name) if field.is_writable)
        hints.append(f"These can be set: {names}.")
    hints.append("Nothing was sent.")
    if not force and error.code in ("out_of_range", "not_a_step", "read_only"):
        hints.append("(For testers: --force sends it anyway if it fits the wire format.)")
    more = {"field": error.detail}
    return Failure(2, error.code, str(error), " ".join(hints), more)
