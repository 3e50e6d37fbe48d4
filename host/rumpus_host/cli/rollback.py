"""rumpus rollback: back to the version in the other slot."""

from . import _owner, _update
from ._dcmp import Url
from ._options import Json

PANEL = "Updates"


def run(url: Url, key: _owner.KeyFile = None, as_json: Json = False) -> None:
    """Switch a device to the version that ran before, and wait until it has committed it.

    That version is on trial like a new one: if it fails three starts, the device comes back to the one it runs
    now. Refused when there is none, or when it is older than the floor that the running version has set.

    Examples:

        rumpus rollback tcp://192.0.2.7:3880

        rumpus rollback serial:///dev/ttyUSB0 --json
    """
    from ..update import procedure

    told = _update.teller(url, as_json)
    work = procedure.apply(url, "Rollback", key_of=lambda uuid: _owner.key_for(uuid, key), told=told)
    _update.show(_update.run(url, work), as_json)
