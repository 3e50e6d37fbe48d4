"""rumpus identify: which one is it?"""

from typing import TYPE_CHECKING, Annotated

import typer

from . import _output
from ._failure import wrong_use
from ._options import Json, Url

if TYPE_CHECKING:
    from ..fields import Field

PANEL = "Appliance"


def run(
    url: Url,
    seconds: Annotated[int, typer.Option("--seconds", metavar="N", help="How long; 0 ends it.")] = 10,
    as_json: Json = False,
) -> None:
    """Let a device show itself, with its light or its buzzer, so that you know which one it is.

    Examples:

        rumpus identify tcp://192.0.2.7
        rumpus identify serial:///dev/ttyUSB0 --seconds 60
    """
    from . import _device

    most = _row("identify").high
    if not 0 <= seconds <= most:
        raise wrong_use(f"--seconds {seconds} cannot be.", f"Choose 0 to {most}.")
    _device.run(_identify(url, seconds, as_json))


def _row(name: str) -> "Field":
    """A field that all appliances have."""
    from ..fields import TYPES, fields_of

    return next(field for field in fields_of(TYPES[0]) if field.name == name)


async def _identify(url: str, seconds: int, as_json: bool) -> None:
    from . import _device

    async with _device.device_at(url) as device:
        await device.control([("identify", seconds)])
        if as_json:
            _output.print_json({"device": _device.device_json(device), "seconds": seconds})
        else:
            print(f"{_device.title_of(device)} shows itself for {seconds} s.")
