"""rumpus version: what a device says of itself."""

from ._options import Json, Url

PANEL = "Appliance"


def run(url: Url, as_json: Json = False) -> None:
    """Ask a device for its versions: protocol, firmware, hardware, vendor, model.

    The version of this program: rumpus --version.

    Examples:

        rumpus version tcp://192.0.2.7:3880
        rumpus version serial:///dev/ttyUSB0 --json
    """
    from . import _device

    _device.run(_version(url, as_json))


async def _version(url: str, as_json: bool) -> None:
    from . import _device, _output

    async with _device.device_at(url) as device:
        values = await device.version()
        if as_json:
            _output.print_json({**values, "device": _device.device_json(device)})
            return
        from rich.table import Table
        from rich.text import Text

        table = Table()
        table.add_column("part")
        table.add_column("version", style="cyan")
        for name, value in values.items():
            table.add_row(name, Text(value) if value else Text("not said", style="dim"))
        out = _output.console()
        out.print(Text(_device.title_of(device), style="bold"))
        out.print(table)
