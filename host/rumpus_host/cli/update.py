"""rumpus update: a new version of the firmware for a device."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import _owner, _update
from ._dcmp import Url
from ._failure import wrong_use
from ._options import Json

if TYPE_CHECKING:
    from ..update.bundle import Bundle
    from ..update.procedure import Slots

PANEL = "Updates"


def run(
    url: Url,
    path: Annotated[Path, typer.Argument(metavar="BUNDLE", help="What rumpus bundle made.")],
    again: Annotated[
        bool, typer.Option("--again", metavar="", help="Send it even if that version runs already.")
    ] = False,
    stage_only: Annotated[
        bool, typer.Option("--stage-only", metavar="", help="Send it, but do not switch to it yet.")
    ] = False,
    key: _owner.KeyFile = None,
    as_json: Json = False,
) -> None:
    """Send a bundle to a device, switch to it, and wait until the device has committed it.

    Interrupted? Give the same command again: it goes on where it stopped. The device keeps the old version until
    the new one has started, has found its outputs in order and has answered us, who have its key if it has one;
    if it fails three starts, the old one is back (exit code 1). No power cut leaves anything between the two.

    A device without the memory to do that beside its appliance goes into update mode first: all its outputs are
    off then, until it has restarted. One that somebody waits at (an oven that cooks) refuses.

    Examples:

        rumpus update tcp://192.0.2.7:3880 esp32_devkitc-water_heater-0.1.1.bundle

        rumpus update serial:///dev/ttyUSB0 new.bundle --stage-only

        for host in $(cat prototypes); do rumpus update tcp://$host:3880 new.bundle --json; done
    """
    from ..update import bundle as bundles

    try:
        bundle = bundles.read(path.read_bytes())
    except OSError as error:
        raise wrong_use(f"{path}: {error.strerror}.", "Build one: rumpus bundle --help") from None
    except bundles.BadBundle as error:
        raise wrong_use(f"{path}: {error}", "Build it anew: rumpus bundle --help", "bad_bundle") from None
    slots = _update.run(url, _update_it(url, path, bundle, again, stage_only, key, as_json))
    if stage_only:
        _show_staged(bundle, slots, as_json)
    else:
        _update.show(slots, as_json)


async def _update_it(
    url: str, path: Path, bundle: "Bundle", again: bool, stage_only: bool, key: Path | None, as_json: bool
) -> "Slots":
    from ..update import procedure
    from . import _progress

    if not again and not stage_only:
        slots = await procedure.look(url)
        if slots.version == bundle.version and slots.state == "committed":
            return await procedure.leave(url)

    def key_of(uuid: bytes) -> bytes | None:
        return _owner.key_for(uuid, key)

    with _progress.bar(f"{bundle.version} to {url}", as_json) as progress:
        slots = await procedure.send(url, path, bundle, progress, _update.teller(url, as_json), key_of)
    if stage_only:
        return await procedure.leave(url)
    return await procedure.apply(url, "Update", key_of=key_of)


def _show_staged(bundle: "Bundle", slots: "Slots", as_json: bool) -> None:
    from . import _output

    if as_json:
        _output.print_json({**slots.as_json(), "other_version": bundle.version, "state": "staged"})
    else:
        print(
            f"Staged: version {bundle.version}. The device runs {slots.version} until: rumpus update URL BUNDLE"
        )
