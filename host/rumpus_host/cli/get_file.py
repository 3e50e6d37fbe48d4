"""rumpus get-file: a file from a device."""

from pathlib import Path
from typing import Annotated

import typer

from . import _dcmp
from ._dcmp import FileTypeOption, Id, Url
from ._failure import Failure, wrong_use
from ._options import Json

PANEL = "Devices on the LAN"


def run(
    url: Url,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As rumpus files shows it.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="PATH", help="Where to put it. Default: NAME, in this folder."),
    ] = None,
    file_type: FileTypeOption = "UserDefined",
    device_id: Id = None,
    as_json: Json = False,
) -> None:
    """Download a file from a device.

    A download that was interrupted (PATH.part lies there then) goes on where it stopped, as long as the file on
    the device is the same. It is checked by its SHA-256 before it gets its name.

    Examples:

        rumpus get-file tcp://192.0.2.7:3880 events --type log
        rumpus get-file udp://192.0.2.7 recipe.json --to /tmp/recipe.json
    """
    from . import _device

    path = to or Path(name)
    if path.is_dir():
        path = path / name
    if not path.parent.is_dir():
        raise wrong_use(f"There is no folder {path.parent}.", "Make it, or name another with --to.")
    _device.run(_get(url, device_id, _dcmp.file_type_of(file_type), name, path, as_json))


async def _get(url: str, device_id: str | None, file_type: str, name: str, path: Path, as_json: bool) -> None:
    from . import _output, _progress

    async with _dcmp.device_at(url, device_id) as device:
        try:
            with _progress.bar(name, as_json) as progress:
                size = await device.get_file(file_type, name, path, progress)
        except OSError as error:
            raise Failure(
                2, "local_file", f"{path}: {error.strerror or error}.", "Choose another place: --to PATH"
            ) from None
        if as_json:
            about = {"type": file_type, "name": name, "path": str(path), "size": size}
            _output.print_json({"device": _dcmp.device_json(device), **about})
        else:
            _output.console().print(f"Done: {path}, {size:,} bytes.")
