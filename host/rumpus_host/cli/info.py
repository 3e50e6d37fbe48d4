"""rumpus info: what a device is, and what it can do, over DCMP."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .. import fields
from . import _dcmp
from ._dcmp import Id, Url
from ._options import Json

if TYPE_CHECKING:
    from ..dcmp.client import Device

PANEL = "Devices on the LAN"

_DATA_TYPES = {1: "bool", 2: "integer", 3: "decimal", 4: "text", 5: "bytes"}


def run(
    url: Url,
    functions: Annotated[
        bool,
        typer.Option("--functions", metavar="", help="Its functions and events, too (over a stream only)."),
    ] = False,
    device_id: Id = None,
    as_json: Json = False,
) -> None:
    """Show what a device tells of itself over DCMP: basic information and all properties.

    Properties are what it is (common), how it is set up (config), how it fares (status) and the fields of the
    appliance. --functions adds what can be asked of it, with ranges; that answer is longer than a datagram, so
    it takes tcp:// or a cable.

    Examples:

        rumpus info tcp://192.0.2.7:3880 --functions
        rumpus info udp://192.0.2.7
        rumpus info serial:///dev/ttyUSB0 --json
    """
    from . import _device

    _device.run(_info(url, device_id, functions, as_json))


async def _info(url: str, device_id: str | None, functions: bool, as_json: bool) -> None:
    from . import _output

    async with _dcmp.device_at(url, device_id) as device:
        properties = await device.properties()
        listed = (await device.info("FunctionList"))["DeviceList"][0]["FunctionList"] if functions else None
        if as_json:
            _output.print_json(_as_json(device, properties, listed))
        else:
            _print(device, properties, listed)


def _as_json(device: "Device", properties: dict[int, tuple[str, int, str]], listed: list | None) -> dict:
    from ..dcmp import words

    about = device.about
    answer: dict[str, Any] = {"device": _dcmp.device_json(device), "sub_name": about["DeviceSubName"]}
    answer["capability"] = [words.type_name(code) for code in about["DeviceCapability"]]
    answer["properties"] = {
        (field.name if (field := _field(device, number)) else name): {
            "id": number,
            "value": text,
            "unit": words.unit(unit),
        }
        for number, (name, unit, text) in properties.items()
    }
    if listed is not None:
        answer["functions"] = listed
    return answer


def _field(device: "Device", number: int) -> "fields.Field | None":
    """The field that a property is: its whole name (a property's has 16 characters) and what its counts mean."""
    from rumpus.dcmp.tables.properties import FIELD_PROPERTY

    if number < FIELD_PROPERTY or device.table is None:
        return None
    return fields.by_id(device.type_name, number - FIELD_PROPERTY)


def _shown(device: "Device", number: int, unit: int, text: str) -> str:
    from rumpus.dcmp.values import to_counts

    from ..dcmp import words

    field = _field(device, number)
    return (
        fields.to_text(field, to_counts(text, field.scale))
        if field
        else f"{text} {words.unit(unit)}".rstrip()
    )


def _print(device: "Device", properties: dict[int, tuple[str, int, str]], listed: list | None) -> None:
    from rich.table import Table
    from rich.text import Text

    from rumpus.dcmp.tables.properties import FIELD_PROPERTY, PROPERTIES

    from ..dcmp import words
    from . import _output

    kinds = {number: kind.removesuffix("Property").lower() for number, _n, _u, kind, _s in PROPERTIES}
    out = _output.console()
    out.print(Text(_dcmp.title_of(device), style="bold"))
    also = [words.type_name(code) for code in device.about["DeviceCapability"]]
    if also:
        out.print(f"It is also a {', '.join(also)}.")
    table = Table()
    for heading in ("kind", "ID", "property", "value"):
        table.add_column(heading, overflow="fold")
    last = ""
    for number, (name, unit, text) in sorted(properties.items()):
        kind = "appliance" if number >= FIELD_PROPERTY else kinds.get(number, "?")
        if last and kind != last:
            table.add_section()
        field = _field(device, number)
        shown = Text(_shown(device, number, unit, text), style="cyan") if text else Text("-", style="dim")
        table.add_row(kind if kind != last else "", f"0x{number:04X}", field.name if field else name, shown)
        last = kind
    out.print(table)
    if listed is not None:
        _print_functions(out, device, listed)


def _print_functions(out: Any, device: "Device", listed: list[dict]) -> None:
    from rich.table import Table

    from rumpus.dcmp.tables.properties import FIELD_PROPERTY, FUNCTIONS

    from ..dcmp import words

    names = {number: name for number, name, _category, _type, _source in FUNCTIONS}
    table = Table()
    for heading in ("function", "kind", "takes", "from", "to", "gives"):
        table.add_column(heading, overflow="fold")
    for function in listed:
        number = function["FunctionID"]
        title = f"0x{number:04X} {names.get(number, 'action')}"
        inputs, gives = function["InputList"], f"{len(function['OutputList'])} values"
        if not inputs:
            table.add_row(title, function["FunctionCategory"], "", "", "", gives)
        for i, row in enumerate(inputs):
            kind = _DATA_TYPES.get(row["DataType"], "?")
            field = _field(device, FIELD_PROPERTY + row["ID"])
            unit = words.unit(row["Unit"])
            table.add_row(
                title if i == 0 else "",
                function["FunctionCategory"] if i == 0 else "",
                f"{field.name if field else row['Name']} ({kind}{', ' + unit if unit else ''})",
                row["Min"],
                row["Max"],
                gives if i == 0 else "",
            )
        table.add_section()
    out.print(table)
