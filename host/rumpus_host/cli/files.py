"""rumpus files: what files a device has."""

from typing import Annotated

import typer

from . import _dcmp
from ._dcmp import Id, Url
from ._options import Json

PANEL = "Devices on the LAN"


def run(
    url: Url,
    file_type: Annotated[
        str, typer.Option("--type", metavar="TYPE", help="All, Firmware, Configuration, Log or UserDefined.")
    ] = "All",
    device_id: Id = None,
    as_json: Json = False,
) -> None:
    """List the files of a device: type, name, version, size and digest.

    Examples:

        rumpus files tcp://192.0.2.7:3880
        rumpus files udp://192.0.2.7 --type log --json
    """
    from . import _device

    kind = _dcmp.file_type_of(file_type, ("All",))
    _device.run(_files(url, device_id, kind, as_json))


async def _files(url: str, device_id: str | None, file_type: str, as_json: bool) -> None:
    from . import _output

    async with _dcmp.device_at(url, device_id) as device:
        found = [
            {
                "type": one["FileType"],
                "name": one["FileName"],
                "version": one["FileVersion"],
                "size": one["FileSize"],
                "sha256": one["FileDigest"].hex() if any(one["FileDigest"]) else None,
            }
            for one in await device.list_files(file_type)
        ]
        if as_json:
            _output.print_json({"device": _dcmp.device_json(device), "files": found})
        else:
            _print(_dcmp.title_of(device), found)


def _print(title: str, found: list[dict]) -> None:
    from rich.table import Table
    from rich.text import Text

    from . import _output

    out = _output.console()
    out.print(Text(title, style="bold"))
    if not found:
        out.print("It has no such files.")
        return
    table = Table()
    for heading in ("type", "name", "version", "bytes", "SHA-256"):
        side = "right" if heading == "bytes" else "left"
        table.add_column(heading, overflow="fold", justify=side)
    for one in found:
        digest = one["sha256"][:16] + "…" if one["sha256"] else "-"
        table.add_row(one["type"], one["name"], one["version"] or "-", f"{one['size']:,}", digest)
    out.print(table)
