"""rumpus bundle: a signed update for one board and one appliance, and the keys for it."""

from pathlib import Path
from typing import Annotated

import typer

from ._failure import wrong_use
from ._options import Json, type_named

PANEL = "Updates"


def run(
    board: Annotated[
        str | None, typer.Option("--board", metavar="BOARD", help="A name that rumpus boards lists.")
    ] = None,
    appliance: Annotated[
        str | None, typer.Option("--appliance", metavar="TYPE", help="Such as water_heater.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="PRIVATE", help="The private key that signs it.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Default: BOARD-TYPE-VERSION.bundle")
    ] = None,
    version: Annotated[
        str | None, typer.Option("--version", metavar="N.N.N", help="Default: that of this firmware.")
    ] = None,
    floor: Annotated[
        str,
        typer.Option("--floor", metavar="N.N.N", help="Devices that run it refuse older versions than this."),
    ] = "0.0.0",
    transport: Annotated[
        str, typer.Option("--transport", metavar="NAME", help="tcp_listen, tcp_dial or uart.")
    ] = "tcp_listen",
    new_key: Annotated[
        Path | None, typer.Option("--new-key", metavar="FILE", help="Make a key pair instead of a bundle.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Build an update for a board and an appliance, signed with your key.

    --new-key makes the pair once: the private key stays with you, the .update_key file beside it goes to each
    device by cable. docs/updates.md says how.

    Examples:

        rumpus bundle --new-key my.pem

        rumpus bundle --board esp32_devkitc --appliance water_heater --key my.pem --version 0.1.1
    """
    if new_key:
        _make_key(new_key, as_json)
        return
    if not (board and appliance and key):
        raise wrong_use("A bundle needs --board, --appliance and --key.", "See: rumpus bundle --help")
    _make_bundle(board, type_named(appliance), key, out, version, floor, transport, as_json)


def _make_key(path: Path, as_json: bool) -> None:
    from ..update import keys
    from . import _output

    try:
        public = keys.save(keys.make(), path)
    except FileExistsError:
        raise wrong_use(
            f"{path} exists. A key that is lost or replaced locks you out of every device that knows it.",
            "Choose another name.",
        ) from None
    except OSError as error:
        raise wrong_use(f"{path} cannot be written: {error.strerror}.") from None
    if as_json:
        _output.print_json({"private": str(path), "public": str(public)})
        return
    print(f"Private: {path}. Keep it secret, and keep a copy: without it no device takes an update of yours.")
    print(f"Public:  {public}. By cable to each device: mpremote cp {public} :{keys.DEVICE_FILE}")


def _make_bundle(
    board: str,
    appliance: str,
    key: Path,
    out: Path | None,
    version: str | None,
    floor: str,
    transport: str,
    as_json: bool,
) -> None:
    import rumpus

    from ..boards.load import BoardError
    from ..deploy import build
    from ..update import bundle, firmware
    from . import _output

    version = version or rumpus.__version__
    name = board.strip().lower().replace("-", "_")
    try:
        files = firmware.files(name, appliance, transport, version)
        raw = bundle.pack(
            files, board=name, appliance=appliance, version=version, floor=floor, key=_load_key(key)
        )
    except BoardError as error:
        raise wrong_use(str(error), error.next) from None
    except (build.BuildError, bundle.BadBundle) as error:
        raise wrong_use(str(error)) from None
    path = out or Path(f"{name}-{appliance}-{version}.bundle")
    try:
        path.write_bytes(raw)
    except OSError as error:
        raise wrong_use(f"{path} cannot be written: {error.strerror}.") from None
    if as_json:
        about = {"board": name, "appliance": appliance, "version": version, "floor": floor}
        _output.print_json({**about, "path": str(path), "files": len(files), "size": len(raw)})
    else:
        print(f"{path}: {len(files)} files, {len(raw):,} bytes, version {version}, floor {floor}.")
        print(f"Next: rumpus update URL {path}")


def _load_key(path: Path):
    from ..update import keys

    try:
        try:
            return keys.load(path)
        except keys.PassphraseNeeded:
            return keys.load(path, typer.prompt("Passphrase", hide_input=True, err=True))
    except OSError as error:
        raise wrong_use(
            f"{path}: {error.strerror}.", "Make a key pair once: rumpus bundle --new-key FILE"
        ) from None
    except keys.BadKey as error:
        raise wrong_use(str(error)) from None
