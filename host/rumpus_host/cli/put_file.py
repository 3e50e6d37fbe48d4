"""rumpus put-file: a file to a device."""

from pathlib import Path
from typing import Annotated

import typer

from . import _dcmp
from ._dcmp import FileTypeOption, Id, Url
from ._failure import wrong_use
from ._options import Json

PANEL = "Devices on the LAN"


def run(
    url: Url,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The file on this computer.")],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Its name there. Default: that of PATH.")
    ] = None,
    version: Annotated[
        str, typer.Option("--version", metavar="TEXT", help="A version to be kept with it; up to 16 bytes.")
    ] = "",
    file_type: FileTypeOption = "UserDefined",
    device_id: Id = None,
    as_json: Json = False,
) -> None:
    """Upload a file to a device.

    An upload that was interrupted goes on where it stopped: give the same command again. The device checks room
    (with a reserve) before and the SHA-256 after; until then the old file of that name stays.

    Examples:

        rumpus put-file tcp://192.0.2.7:3880 recipe.json
        rumpus put-file serial:///dev/ttyUSB0 out/bundle --type firmware --version 1.2.0
    """
    from . import _device

    if not path.is_file():
        raise wrong_use(f"There is no file {path}.", "Name a file on this computer.")
    if len(version.encode()) > 16:
        raise wrong_use(f"--version {version}: longer than 16 bytes.", "Write a shorter one.")
    _device.run(
        _put(url, device_id, _dcmp.file_type_of(file_type), name or path.name, version, path, as_json)
    )


async def _put(
    url: str, device_id: str | None, file_type: str, name: str, version: str, path: Path, as_json: bool
) -> None:
    from . import _output, _progress

    async with _dcmp.device_at(url, device_id) as device:
        with _progress.bar(name, as_json) as progress:
            kept = await device.put_file(path, file_type, name, version, progress)
        size = path.stat().st_size
        if as_json:
            about = {"type": file_type, "name": name, "version": version, "size": size, "resumed_at": kept}
            _output.print_json({"device": _dcmp.device_json(device), **about})
        else:
            went_on = f" It went on at {kept:,}." if kept else ""
            _output.console().print(f"Done: {name} ({file_type}), {size:,} bytes.{went_on}")
