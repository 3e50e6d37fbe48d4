"""What is done to a device that has its firmware: other settings, and back to as it came."""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping

from rumpus.hal import networks
from rumpus.hal.files import Files

from . import romfs
from . import settings as of_device
from .flash import MAINTENANCE, MANIFEST, RETAINED, SETTINGS, enter_maintenance, files_of
from .problem import DeployError
from .repl import Entry, Repl

Say = Callable[[str], None]

# Everything that is its owner's, and what it was about to be written over with.
_TOLD = (f"/{networks.RECORD}.0", f"/{networks.RECORD}.1")
OWNERS = (SETTINGS, f"{SETTINGS}.new", *_TOLD, *RETAINED, "/boots.0", "/boots.1")
_LIBRARY = "/lib/rumpus"  # of mpremote mip install
_MANIFESTS = (MANIFEST, f"{romfs.ROM}/{romfs.MANIFEST}")


@contextlib.contextmanager
def session(repl: Repl, say: Say) -> Iterator[of_device.Settings]:
    """Break in and restart into maintenance; gives the device's settings. After an error in the body the
    device goes on as it was. Raises DeployError when it has no firmware of ours, or half of one."""
    say("break into the REPL")
    repl.break_in()
    _check_interpreter(repl)
    _check_firmware(repl, files_of(repl))
    found = of_device.loads(repl.read(SETTINGS)) or {}
    if found:
        _put_told_networks(found, repl)
    say("restart into maintenance")
    enter_maintenance(repl)
    try:
        yield found if of_device.is_complete(found) else {**_hardware(repl), **found}
    except BaseException:
        if of_device.is_complete(found):
            with contextlib.suppress(DeployError):
                repl.remove(MAINTENANCE)
                repl.restart()
        raise


def _check_interpreter(repl: Repl) -> None:
    look = repl.look()
    if look.implementation != "micropython":
        message = f"The board at {repl.port} runs {look.implementation}: its settings are on its drive."
        raise DeployError("not_micropython", message, "Edit settings.json there; see docs/flashing.md")


def _check_firmware(repl: Repl, there: Mapping[str, Entry]) -> None:
    if "/main.py" not in there or "/boot.py" not in there:
        message = f"The board at {repl.port} has no firmware of Rumpus yet."
        raise DeployError("not_provisioned", message, "First: rumpus flash --board BOARD --appliance TYPE")
    if not {*_MANIFESTS, _LIBRARY} & set(there):
        message = f"The firmware on the board at {repl.port} is not whole: a flash was interrupted."
        raise DeployError("not_provisioned", message, "Run that rumpus flash again, to its end.")


def _hardware(repl: Repl) -> of_device.Settings:
    """Board and appliance by the firmware's manifest, for a device that has lost its settings."""
    manifest = next(filter(None, map(repl.read, _MANIFESTS)), b"")
    try:
        head = json.loads(manifest.split(b"\n")[0])
        board, appliance = head["board"], head["type"]
    except (ValueError, KeyError, TypeError):
        return {}
    return {"board": board, "appliance": appliance, "hal": "micropython", "transport": "uart"}


def check_transport(repl: Repl, old: of_device.Settings, new: of_device.Settings) -> None:
    """A lean build has one carrier, the one it was flashed with. Raises DeployError."""
    if old.get("transport") == new["transport"]:
        return
    there = files_of(repl)
    names = {path.rpartition("/")[2].partition(".")[0] for path in there if "/transports/" in path}
    if new["transport"] not in names:
        message = (
            f"The lean firmware on this board knows {old.get('transport')} only, not {new['transport']}."
        )
        raise DeployError("bad_value", message, "Flash it again, without --lean; then provision.")


def save(repl: Repl, settings: of_device.Settings) -> None:
    """Put new settings in the place of the old ones, all at once. Raises DeployError."""
    if not of_device.is_complete(settings):
        missing = [name for name in (*of_device.OF_HARDWARE, "uuid") if name not in settings]
        message = f"These settings are not complete: {', '.join(missing) or 'host or port'} is missing."
        raise DeployError(
            "not_provisioned", message, "Run rumpus flash: it writes what belongs to the board."
        )
    repl.write_whole(SETTINGS, of_device.dumps(settings))
    for path in _TOLD:  # they stand in the settings now
        repl.remove(path)


class _Board(Files):
    """The small files of a board."""

    def __init__(self, repl: Repl) -> None:
        super().__init__("")
        self._repl = repl

    def read(self, name: str) -> bytes | None:
        return self._repl.read("/" + name)


def _put_told_networks(settings: of_device.Settings, repl: Repl) -> None:
    """Into the settings, what the device was told of its network without the cable."""
    told = networks.known(settings, _Board(repl))
    for (ssid, password), end in zip(told, ("", "_before"), strict=False):
        settings[f"wifi_ssid{end}"], settings[f"wifi_password{end}"] = ssid, password


def factory_reset(repl: Repl, say: Say) -> list[str]:
    """Erase settings, key, totals and events; the firmware stays. The device is left in maintenance, with
    its outputs at their safe levels, until it is provisioned. What was erased. Raises DeployError."""
    with session(repl, say) as settings:
        there = repl.hashes("")
        hardware = {name: settings[name] for name in of_device.OF_HARDWARE if name in settings}
        say("erase settings, key, totals and events")
        # First what makes it start: a reset that is cut short leaves a device that waits as well.
        repl.write_whole(SETTINGS, of_device.dumps({**hardware, "transport": "uart"}))
        for path in OWNERS:
            if path != SETTINGS:
                repl.remove(path)
        repl.restart_and_break_in()
        if MAINTENANCE not in repl.hashes(""):
            raise DeployError("bad_write", "The board did not keep its maintenance file.", "Run it again.")
    return [path for path in OWNERS if path in there]
