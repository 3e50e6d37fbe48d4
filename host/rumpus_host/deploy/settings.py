"""settings.json of a device: made, changed and checked before anything is written.

The firmware reads: board, appliance, hal, transport, uuid, host, port, wifi_ssid, wifi_password, hostname,
vendor, model, key, offsets, and the constants of the appliance (TUNING in its product.py).
"""

import json
import re
import uuid as uuids
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from rumpus.app import LONGEST_TEXT

from ..boards import roles
from ..boards.load import Board, appliances_on
from ..carriers import DEFAULT_PORT
from .problem import DeployError

Settings = dict[str, Any]

TRANSPORTS = ("uart", "tcp_listen", "tcp_dial")
KEY_SIZE = 32
# What belongs to the hardware and stays over a factory reset.
OF_HARDWARE = ("board", "appliance", "hal")
# What belongs to the place and the owner, whatever appliance the device is.
_OF_PLACE = (
    "uuid", "transport", "host", "port", "wifi_ssid", "wifi_password", "wifi_ssid_before",
    "wifi_password_before", "hostname", "vendor", "key",
)  # fmt: skip

# name, least, most, unit; whatever else an appliance's TUNING has may be 0 to 1 000 000
RANGES = (
    ("litres", 5, 1000, "l"),
    ("watts", 50, 12000, "W"),
    ("upper_watts", 50, 12000, "W"),
    ("compressor_watts", 10, 12000, "W"),
    ("heater_watts", 10, 12000, "W"),
    ("aux_heater_watts", 10, 12000, "W"),
    ("mains_volts", 90, 260, "V"),
    ("pulses_per_litre", 1, 20000, "pulses per litre"),
)
_MOST = 1_000_000
MOST_OFFSET_K = 5.0


def fresh(board: Board, appliance: str) -> Settings:
    """Settings of a device that has just been made: its console is the only way to it."""
    return {
        "board": board.name,
        "appliance": appliance,
        "hal": board.hal,
        "transport": "uart",
        "uuid": new_uuid(),
    }


def adopted(old: Settings, board: Board, appliance: str) -> Settings:
    """Settings for this board and appliance, of what was there before. A device that becomes another
    appliance keeps what belongs to its place only."""
    new = fresh(board, appliance)
    kept = (
        old if old.get("appliance") == appliance else {name: old[name] for name in _OF_PLACE if name in old}
    )
    return {**new, **kept, **{name: new[name] for name in OF_HARDWARE}}


def loads(data: bytes | None) -> Settings | None:
    """The settings of a device; None when there are none or they are damaged."""
    try:
        found = json.loads(data or b"")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def dumps(settings: Settings) -> bytes:
    return (json.dumps(settings, indent=1, sort_keys=True) + "\n").encode()


def is_complete(settings: Settings | None) -> bool:
    """Whether a device can start with them."""
    if settings is None or settings.get("transport") not in TRANSPORTS:
        return False
    needed = [*OF_HARDWARE, "uuid"]
    if settings["transport"] != "uart":
        needed += ["port", "wifi_ssid"]
    if settings["transport"] == "tcp_dial":
        needed.append("host")
    return all(name in settings for name in needed)


# --- changes ------------------------------------------------------------------------------------------


def new_uuid() -> str:
    return uuids.uuid4().hex


def set_uuid(settings: Settings, text: str) -> None:
    try:
        settings["uuid"] = uuids.UUID(text).hex
    except ValueError:
        raise _bad(
            f"{text!r} is no UUID.", "It has 32 hexadecimal digits; without --uuid one is made."
        ) from None


def set_wifi(settings: Settings, ssid: str, password: str) -> None:
    """A new network; the one before it is kept beside it until the new one has worked."""
    size = len(ssid.encode())
    if not 1 <= size <= 32:
        raise _bad(f"A Wi-Fi name has 1 to 32 bytes; {ssid!r} has {size}.")
    check_wifi_password(password)
    if settings.get("wifi_ssid") and settings["wifi_ssid"] != ssid:
        settings["wifi_ssid_before"] = settings["wifi_ssid"]
        settings["wifi_password_before"] = settings.get("wifi_password", "")
    settings["wifi_ssid"], settings["wifi_password"] = ssid, password
    settings.pop("udp", None)


def check_wifi_password(password: str) -> None:
    if password == "" or re.fullmatch("[0-9a-fA-F]{64}", password):
        return
    size = len(password.encode())
    if not 8 <= size <= 63:
        message = f"A Wi-Fi password has 8 to 63 characters; this one has {size}."
        raise _bad(message, 'A network without a password: --wifi-password ""')


def set_listen(settings: Settings, port: int) -> None:
    """Controllers in the network connect to the device."""
    settings.update(transport="tcp_listen", port=_port(port))
    settings.pop("host", None)


def set_listen_default(settings: Settings) -> None:
    set_listen(settings, settings.get("port", DEFAULT_PORT))


def set_transport(settings: Settings, name: str) -> None:
    """uart or tcp_listen, or what it is already: a server has to be named."""
    if name == "uart":
        set_cable(settings)
    elif name == "tcp_listen":
        set_listen_default(settings)
    elif settings["transport"] != name:
        raise _bad(f"The transport {name} needs a server.", "First: rumpus provision --server HOST")


def set_server(settings: Settings, text: str) -> None:
    """The device connects to HOST[:PORT]."""
    host, _colon, number = text.strip().partition(":")
    if "/" in text or not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", host):
        raise _bad(f"{text!r} is no address of a server.", "Write HOST or HOST:PORT, such as 192.0.2.7:3880")
    if number and not number.isdecimal():
        raise _bad(f"{number!r} is no port.", "Write HOST:PORT, such as 192.0.2.7:3880")
    settings.update(transport="tcp_dial", host=host, port=_port(int(number or DEFAULT_PORT)))


def set_dcmp(settings: Settings, has_dcmp: bool) -> None:
    """Whether the device answers DCMP, too, and takes updates; its firmware must have been built for that."""
    if has_dcmp:
        settings["dcmp"] = True
        if not settings.get("wifi_ssid"):
            settings["udp"] = 0  # a board has no sockets before its radio is on
    else:
        settings.pop("dcmp", None)


def set_cable(settings: Settings) -> None:
    """The device is reached over its cable only."""
    settings["transport"] = "uart"


def _port(number: int) -> int:
    if not 1 <= number <= 65535:
        raise _bad(f"{number} is no port.", f"A port is 1 to 65535; ours is {DEFAULT_PORT}.")
    return number


def set_name(settings: Settings, name: str) -> None:
    """The name by which the network knows the device."""
    if not re.fullmatch("[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?", name):
        message = f"{name!r} cannot be a name in the network."
        raise _bad(message, "1 to 32 letters, digits and hyphens, such as boiler-cellar.")
    settings["hostname"] = name


def set_text(settings: Settings, what: str, text: str) -> None:
    """what: vendor or model."""
    if len(text.encode()) > LONGEST_TEXT or not text.isprintable():
        raise _bad(f"--{what} {text!r} is too long or not printable.", f"At most {LONGEST_TEXT} bytes.")
    settings[what] = text


def set_calibration(settings: Settings, name: str, text: str) -> None:
    """A constant of the appliance, such as litres=80."""
    known = dict(tuning(settings["appliance"]))
    if name not in known:
        words = settings["appliance"].replace("_", " ")
        raise _bad(f"A {words} has no constant {name!r}.", f"It has: {', '.join(sorted(known))}.")
    least, most, unit = {row[0]: row[1:] for row in RANGES}.get(name, (0, _MOST, ""))
    if name.endswith("temperature") or name.endswith("_clear"):
        least = -_MOST
    try:
        value = int(text)
    except ValueError:
        raise _bad(
            f"{name}={text}: a whole number is needed, {least} to {most} {unit}".rstrip() + "."
        ) from None
    if not least <= value <= most:
        allowed = f"{least} to {most} {unit}".rstrip()
        raise _bad(f"{name} cannot be {value}.", f"It takes {allowed}; without a change it is {known[name]}.")
    settings[name] = value


def set_offset(settings: Settings, role: str, text: str) -> None:
    """What is added to a temperature sensor, in K; 0 takes it away again."""
    sensors = [name for name, kind, _words in roles.ROLES[settings["appliance"]] if kind == "temperature"]
    if role not in sensors:
        raise _bad(f"There is no temperature sensor {role!r}.", f"There are: {', '.join(sensors)}.")
    try:
        kelvin = float(text.removesuffix("K").strip())
    except ValueError:
        raise _bad(f"{role}={text}: {text!r} is no number of kelvins.", f"Such as {role}=-0.5") from None
    if not -MOST_OFFSET_K <= kelvin <= MOST_OFFSET_K:
        message = (
            f"{role} cannot be corrected by {kelvin:g} K: it takes -{MOST_OFFSET_K:g} to {MOST_OFFSET_K:g}."
        )
        raise _bad(message, "A sensor that is off by more is of another type or broken: see the wiring.")
    offsets = {**settings.get("offsets", {}), role: round(kelvin * 10)}
    settings["offsets"] = {name: counts for name, counts in offsets.items() if counts}


def tuning(appliance: str) -> tuple[tuple[str, int], ...]:
    """The constants of an appliance and what they are by themselves."""
    return import_module(f"rumpus.appliances.{appliance}.product").TUNING


def set_hardware(settings: Settings, board: Board, appliance: str) -> None:
    """For a device that has lost its settings. Raises DeployError for an appliance the board has no wiring for."""
    if appliance not in appliances_on(board.name):
        raise _bad(f"{board.title} has no wiring of a {appliance.replace('_', ' ')}.")
    settings.update({"board": board.name, "appliance": appliance, "hal": board.hal})


def without_secrets(settings: Mapping[str, Any]) -> Settings:
    """What may be shown."""
    return {name: "***" if name == "key" or "password" in name else value for name, value in settings.items()}


def _bad(message: str, next: str = "") -> DeployError:
    return DeployError("bad_value", message, next)
