"""rumpus discover: who is on the LAN."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ._dcmp import id_of
from ._failure import UNREACHABLE, Failure, wrong_use
from ._options import Json

if TYPE_CHECKING:
    from ..dcmp.lan import Found
    from ..mdns import Announced

PANEL = "Devices on the LAN"


def run(
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.2, max=60, metavar="N", help="Wait so long for answers.")
    ] = 2.0,
    type_name: Annotated[
        str | None, typer.Option("--type", metavar="TYPE", help="Only devices that are (also) of this type.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Only the device of this name.")
    ] = None,
    device_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Only the device with this ID (32 hex digits).")
    ] = None,
    interface: Annotated[
        list[str] | None,
        typer.Option(
            "--interface", metavar="ADDRESS", help="Ask only by the network of this address of ours."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Find devices on the LAN: all are asked over DCMP (RMDP multicast and broadcast), and mDNS is asked.

    One of --type, --name and --id makes a DCMP discovery with that condition; devices that do not fit stay
    silent. The table shows what to connect to; --json prints one object with the list `devices`.

    Nothing found is no error: the list is empty then.

    Examples:

        rumpus discover
        rumpus discover --type sensor --seconds 5
        rumpus discover --interface 192.0.2.10 --json | jq -r .devices[].urls[]
    """
    from . import _device

    condition, value = _condition(type_name, name, device_id)
    _device.run(_discover(seconds, condition, value, interface or None, as_json))


def _condition(type_name: str | None, name: str | None, device_id: str | None) -> tuple[str, Any]:
    """DCMP's condition and its value. Raises Failure."""
    if sum(text is not None for text in (type_name, name, device_id)) > 1:
        raise wrong_use("--type, --name and --id exclude each other.", "Choose one.")
    if device_id is not None:
        return "DeviceID", id_of(device_id)
    if name is not None:
        return "DeviceName", name
    if type_name is None:
        return "All", None
    from ..dcmp import words

    try:
        return "DeviceType", words.type_code(type_name)
    except KeyError:
        types = ", ".join(known for _code, known, _source in words.DEVICE_TYPES)
        raise wrong_use(
            f"There is no device type {type_name!r}.", f"Choose from {types}, or a number."
        ) from None


async def _discover(
    seconds: float, condition: str, value: Any, interfaces: list[str] | None, as_json: bool
) -> None:
    import asyncio

    from .. import mdns
    from ..dcmp import lan
    from . import _output

    try:
        found, announced = await asyncio.gather(
            lan.discover(seconds, condition, value, interfaces), mdns.browse(seconds, interfaces)
        )
    except OSError as error:
        message = f"Nobody can be asked: {error.strerror or error}."
        raise Failure(UNREACHABLE, "no_network", message, "Is a network up? See: ip address") from None
    devices = _merged(found, [one for one in announced if _fits(one, condition, value)])
    if as_json:
        _output.print_json({"devices": devices})
    else:
        _print(devices, seconds)


def _fits(one: "Announced", condition: str, value: Any) -> bool:
    if condition == "DeviceID":
        return one.id == value.hex()
    if condition == "DeviceName":
        return one.name == value
    from ..dcmp import words

    return condition == "All" or one.type == words.type_name(value)


def _merged(found: "list[Found]", announced: "list[Announced]") -> list[dict]:
    """One entry a device, whichever way it was found."""
    devices: dict[str, dict] = {}
    for one in found:
        urls = [f"tcp://{one.host}:{one.tcp_port}"] if one.tcp_port else []
        devices[one.id] = {
            "name": one.name,
            "type": one.type,
            "capability": list(one.capability),
            "id": one.id,
            "urls": [*urls, f"udp://{one.host}:{one.port}"],
            "protocols": ["rump", "dcmp"] if one.tcp_port else ["dcmp"],
            "found_by": ["rmdp"],
        }
    for one in announced:
        url = f"tcp://{one.host}:{one.port}"
        entry = devices.setdefault(
            one.id,
            {
                "name": one.name,
                "type": one.type,
                "capability": [],
                "id": one.id,
                "urls": [],
                "protocols": [],
                "found_by": [],
            },
        )
        entry["urls"] += [url] if url not in entry["urls"] else []
        entry["protocols"] = sorted({*entry["protocols"], *one.protocols}, reverse=True)
        entry["found_by"].append("mdns")
    return list(devices.values())


def _print(devices: list[dict], seconds: float) -> None:
    from rich.table import Table
    from rich.text import Text

    from . import _output

    out = _output.console()
    if not devices:
        out.print(f"Nobody answered within {seconds:g} s.")
        out.print(
            Text(
                "A device answers when it is in this network and its settings say dcmp: true. Multicast does not "
                "cross routers, and some Wi-Fi access points keep it back: then use its address, "
                "rumpus info udp://HOST",
                style="dim",
            )
        )
        return
    table = Table()
    for heading in ("name", "type", "also", "ID", "address", "protocols", "found by"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("address", "name"))
    for device in devices:
        table.add_row(
            device["name"],
            device["type"],
            ", ".join(device["capability"]),
            device["id"],
            "\n".join(device["urls"]),
            ", ".join(device["protocols"]),
            ", ".join(device["found_by"]),
        )
    out.print(table)
    first = devices[0]["urls"][0] if devices[0]["urls"] else "URL"
    out.print(Text(f"Next: rumpus info {first}", style="dim"))
