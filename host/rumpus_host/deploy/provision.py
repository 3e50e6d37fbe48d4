"""rumpus provision without the command line: what is to change, and changing it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from rumpus.errors import RumpusError
from rumpus.update.tables.bundle import KEY_SIZE

from ..fields import fields_of
from ..update.keys import DEVICE_FILE
from . import device, keys, start, wifi
from . import settings as of_device
from .problem import DeployError
from .repl import Repl
from .settings import Settings

Say = Callable[[str], None]

_MAKE_PAIR = "Make a pair: rumpus bundle --new-key my.pem; the device gets my.update_key"


class Changes(NamedTuple):
    """What is to change; None or empty leaves it as it is. key: a file. no_key: a device without one is given
    none. update_key: the public key whose updates it takes. constants, offsets: (name, text)."""

    wifi_ssid: str | None = None
    wifi_password: str = ""
    try_wifi: bool = True
    listen: int | None = None
    server: str | None = None
    cable: bool = False
    name: str | None = None
    vendor: str | None = None
    model: str | None = None
    uuid: str | None = None
    key: Path | None = None
    new_key: bool = False
    key_file: Path | None = None
    no_key: bool = False
    update_key: Path | None = None
    utc_offset: int | None = None
    constants: tuple[tuple[str, str], ...] = ()
    offsets: tuple[tuple[str, str], ...] = ()


class Outcome(NamedTuple):
    """settings: as they are now. key_file: of a key that was made. answer: of the device, {} where nobody
    here can ask it."""

    settings: Settings
    key_file: Path | None
    answer: dict[str, Any]
    is_offset_set: bool


def provision(repl: Repl, changes: Changes, say: Say) -> Outcome:
    """Change the settings of the device at the REPL and start it. Raises DeployError; the device then goes
    on with its old settings."""
    check_utc_offset(changes.utc_offset)
    update_key = _update_key(changes.update_key)
    with device.session(repl, say) as old:
        new = changed(old, changes)
        device.check_transport(repl, old, new)
        address = _address(repl, new, changes, say)
        key_file = _change_key(new, changes)
        if update_key:
            repl.write_whole(f"/{DEVICE_FILE}", update_key)
        device.save(repl, new)
    say("start the device and ask it")
    answer = start.start(repl, new, address)
    return Outcome(new, key_file, answer, _set_utc_offset(answer, changes.utc_offset))


def changed(old: Settings, changes: Changes) -> Settings:
    """The settings with the changes, all but the key. Raises DeployError for what cannot be."""
    new = dict(old)
    if changes.uuid or "uuid" not in new:
        of_device.set_uuid(new, changes.uuid or of_device.new_uuid())
    if changes.wifi_ssid is not None:
        of_device.set_wifi(new, changes.wifi_ssid, changes.wifi_password)
    if changes.name is not None:
        of_device.set_name(new, changes.name)
    for what, text in (("vendor", changes.vendor), ("model", changes.model)):
        if text is not None:
            of_device.set_text(new, what, text)
    _change_way(new, changes)
    for name, text in changes.constants:
        of_device.set_calibration(new, name, text)
    for role, text in changes.offsets:
        of_device.set_offset(new, role, text)
    return new


def _change_way(new: Settings, changes: Changes) -> None:
    """How the device is reached. One that is given a network listens there, unless it has a server."""
    if changes.server is not None:
        of_device.set_server(new, changes.server)
    elif changes.cable:
        of_device.set_cable(new)
    elif changes.listen is not None:
        of_device.set_listen(new, changes.listen)
    elif changes.wifi_ssid is not None and new.get("transport", "uart") == "uart":
        of_device.set_listen_default(new)


def _address(repl: Repl, new: Settings, changes: Changes, say: Say) -> str | None:
    """A new network has to work before it is kept; an old one may be away today."""
    if changes.wifi_ssid is None or not changes.try_wifi:
        return wifi.address(repl, new, say) if changes.try_wifi else None
    say(f"the device tries the network {new['wifi_ssid']}")
    return wifi.join(repl, new["wifi_ssid"], new["wifi_password"])


def _change_key(new: Settings, changes: Changes) -> Path | None:
    """The file of a key that was made; None when none was. The file is there before the device has it."""
    if changes.key:
        new["key"] = keys.load(changes.key)
        return None
    if changes.no_key or ("key" in new and not changes.new_key):
        return None
    path = changes.key_file or keys.file_for(new["uuid"])
    if path.exists() and not changes.new_key:
        new["key"] = keys.load(path)  # of a try that was cut short
        return path
    if changes.new_key and changes.key_file is None and path.exists():
        path.replace(path.with_suffix(".old"))
    new["key"] = keys.new()
    keys.save(path, new["key"])
    return path


def _update_key(path: Path | None) -> bytes | None:
    """The bytes of a public key for updates, see update/keys.py. Raises DeployError."""
    if path is None:
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DeployError("key_file", f"{path} cannot be read: {error.strerror}.", _MAKE_PAIR) from None
    if len(data) != KEY_SIZE:
        message = f"{path} is no public key for updates: it has {len(data)} bytes, not {KEY_SIZE}."
        raise DeployError("key_file", message, _MAKE_PAIR)
    return data


def check_utc_offset(minutes: int | None) -> None:
    field = next(field for field in fields_of("water_heater") if field.name == "utc_offset")
    if minutes is not None and (not field.low <= minutes <= field.high or minutes % field.step):
        message = f"{minutes} minutes are no offset of a time zone."
        allowed = f"{field.low} to {field.high} in steps of {field.step}"
        raise DeployError("bad_value", message, f"Minutes, {allowed}: 60 for UTC+1.")


def _set_utc_offset(answer: dict[str, Any], minutes: int | None) -> bool:
    """The offset is no setting but a field, which the device keeps: it is given over the protocol."""
    if minutes is None or not answer:
        return False
    try:
        asyncio.run(start.set_utc_offset(answer["url"], minutes))
        return True
    except RumpusError:
        return False
