"""rumpus fields: what a type of appliance can be told and tells."""

from .. import explain, fields
from . import _output
from ._options import Json, Type, type_named

PANEL = "Protocol"

_ACCESS = (("r", "read"), ("w", "set"), ("n", "pushed"), ("!", "always there"))


def run(type_name: Type, as_json: Json = False) -> None:
    """List the fields and alarms of a type of appliance, from the protocol's tables.

    access: read (in the status), set (may be set), pushed (a change is told at once), always there
    (every device of the type has it). source says where a row's numbers come from: S the standard,
    P another public text, R a relative, I inferred, OURS our own choice.

    Examples:

        rumpus fields water_heater
        rumpus fields microwave_oven --json
    """
    name = type_named(type_name)
    if as_json:
        _output.print_json(as_dict(name))
    else:
        _print(name)


def as_dict(type_name: str) -> dict:
    """The tables of a type as JSON has them; low, high and step are physical values."""
    table = fields.table_of(type_name)
    return {
        "type": type_name,
        "device_type": table.DEVICE_TYPE,
        "revision": table.REVISION,
        "fields": [_field_dict(field) for field in fields.fields_of(type_name)],
        "alarms": [
            {**alarm._asdict(), **explain.explain_alarm(type_name, alarm.name)._asdict()}
            for alarm in fields.alarms_of(type_name)
        ],
    }


def _field_dict(field: fields.Field) -> dict:
    is_number = not field.choices and field.unit != "bool"
    physical = {name: getattr(field, name) / field.scale for name in ("low", "high", "step")}
    return {
        "id": field.id,
        "name": field.name,
        "readable": field.is_readable,
        "writable": field.is_writable,
        "pushed": field.is_pushed,
        "mandatory": field.is_mandatory,
        "unit": field.unit,
        **(
            {name: value if field.scale > 1 else int(value) for name, value in physical.items()}
            if is_number
            else {}
        ),
        "choices": {name: counts for counts, name in field.choices} or None,
        "format": field.format,
        "scale": field.scale,
        "source": field.source,
    }


def _print(type_name: str) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for heading in ("id", "name", "access", "values", "source"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "name")
    for field in fields.fields_of(type_name):
        access = ", ".join(word for letter, word in _ACCESS if letter in field.access)
        allowed = Text("the alarms below" if field.name == "alarms" else fields.range_text(field))
        source = Text(field.source, style="dim")
        table.add_row(f"0x{field.id:02x}", Text(field.name, style="cyan"), access, allowed, source)
    alarms = Table()
    for heading in ("bit", "name", "severity", "meaning", "source"):
        alarms.add_column(heading, overflow="fold", no_wrap=heading == "name")
    for alarm in fields.alarms_of(type_name):
        told = explain.explain_alarm(type_name, alarm.name)
        name = Text(alarm.name, style=_output.SEVERITY_STYLES[alarm.severity])
        alarms.add_row(str(alarm.bit), name, alarm.severity, told.sentence, Text(alarm.source, style="dim"))
    out = _output.console()
    out.print(Text(f"Fields of type {type_name}", style="bold"))
    out.print(table)
    out.print(Text(f"Alarms of type {type_name}", style="bold"))
    out.print(alarms)
    out.print("severity: stop forces an output off; warn and notice only tell.")
