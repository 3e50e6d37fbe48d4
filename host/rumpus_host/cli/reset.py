"""rumpus reset: let go of latched faults, or back to as it came. Both at the device only."""

from typing import Annotated

import typer

from . import _output
from ._deploy import Show, told
from ._failure import REFUSED, WRONG_USE, Failure, wrong_use
from ._options import Json, Url

PANEL = "Appliance"

# Kinds of URL whose other end is a cable. socket:// and rfc2217:// are a network with a serial port behind it.
_LOCAL = ("serial", "hwgrep")


def run(
    url: Url,
    alarms: Annotated[
        bool, typer.Option("--alarms", metavar="", help="Let go of latched faults whose cause is gone.")
    ] = False,
    factory: Annotated[
        bool, typer.Option("--factory", metavar="", help="Erase settings, key, totals and events.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", metavar="", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Clear the latched faults of a device, or erase what its owner gave it. Over its cable only.

    A latched fault (a leak, an over-temperature) keeps outputs off until somebody has looked at the
    device. So it is cleared there: over the cable, or with its button.

    Examples:

        rumpus reset serial:///dev/ttyUSB0 --alarms
        rumpus reset serial:///dev/ttyUSB0 --factory --yes
    """
    if alarms == factory:
        raise wrong_use("Say what to reset: --alarms or --factory, one of them.")
    if not url.startswith(tuple(f"{scheme}:" for scheme in _LOCAL)):
        raise Failure(WRONG_USE, "not_local", _refusal(url, alarms), _NEXT)
    if alarms:
        from . import _device

        _device.run(_reset_alarms(url, as_json))
    else:
        _reset_factory(url, yes, as_json)


_NEXT = "Go to the device, plug in its cable: rumpus reset serial:///dev/ttyUSB0 ..."


def _refusal(url: str, alarms: bool) -> str:
    what = "Latched faults are cleared" if alarms else "A device is reset to its factory state"
    return f"{what} at the device only, by whoever has looked at it; {url} is a network."


async def _reset_alarms(url: str, as_json: bool) -> None:
    from rumpus.ra.tables.messages import RESET_DONE

    from .. import fields
    from . import _device

    async with _device.device_at(url) as device:
        answer = await device.reset_latched()
        stay = fields.alarms(device.type_name, answer["latched"])
        more = {"device": _device.device_json(device), "latched": stay}
        if answer["result"] != RESET_DONE:
            message = "The device refused: it does not take this for its cable."
            raise Failure(REFUSED, "not_local", message, _NEXT, more)
        if stay:
            message = f"Still latched, because the cause is there: {', '.join(stay)}."
            raise Failure(
                REFUSED, "still_latched", message, "Remove the cause; what it means: rumpus get URL", more
            )
        if as_json:
            _output.print_json(more)
        else:
            print(f"{_device.title_of(device)}: nothing is latched.")


def _reset_factory(url: str, yes: bool, as_json: bool) -> None:
    from ..deploy import device, ports
    from ..deploy.repl import Repl

    if not yes:
        if as_json:
            raise wrong_use("With --json nobody is asked.", "Say --yes as well.")
        typer.confirm(
            "Erase Wi-Fi, key, name, calibration, totals and events of this device?", abort=True, err=True
        )
    with told(), Show(as_json) as show, Repl(ports.choose(url)) as repl:
        erased = device.factory_reset(repl, show.say)
    if as_json:
        _output.print_json({"url": url, "erased": erased})
        return
    print("Erased. The device waits in maintenance with its outputs off.")
    print("Next: rumpus provision")
