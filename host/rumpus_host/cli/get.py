"""rumpus get: the status of a device."""

from ._options import Json, Over, Url, protocol_named

PANEL = "Appliance"


def run(url: Url, over: Over = "rump", as_json: Json = False) -> None:
    """Show the status of a device: every field it has, and its alarms.

    --json prints one object: the field names with physical values (50.0, true, "eco"; null: not
    available), alarms as a list of names, and device.

    Examples:

        rumpus get tcp://192.0.2.7:3880
        rumpus get "serial:///dev/ttyUSB0?baud=115200"
        rumpus get tcp://192.0.2.7:3880 --json | jq .current_temperature
    """
    from . import _device

    _device.run(_get(url, protocol_named(over), as_json))


async def _get(url: str, over: str, as_json: bool) -> None:
    from .. import fields
    from . import _device, _output

    async with _device.device_at(url, over=over) as device:
        status = await device.status()
        if as_json:
            values = fields.status_values(device.type_name, status)
            _output.print_json({**values, "device": _device.device_json(device)})
        else:
            _output.print_status(device.type_name, _device.title_of(device), status)
