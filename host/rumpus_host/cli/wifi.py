"""rumpus wifi: the network that a device is in, and another one for it, without its cable."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import _owner, _wifi
from ._failure import OUTCOME_UNKNOWN, REFUSED, Failure, wrong_use
from ._options import Json, Url

if TYPE_CHECKING:
    from ..owner import Networks

PANEL = "Boards"


def run(
    url: Url,
    wifi_ssid: Annotated[
        str | None, typer.Option("--wifi-ssid", metavar="NAME", help="The network it is to join.")
    ] = None,
    wifi_password: _wifi.Password = None,
    key: _owner.KeyFile = None,
    as_json: Json = False,
) -> None:
    """Show which Wi-Fi network a device is in, or move it to another one, without its cable.

    Only whoever has the device's key can do that. The device writes the new network down and tries it in turn with
    the one it is in, so a wrong password does not cut it off. The password travels encrypted.

    Examples:

        rumpus wifi tcp://192.0.2.7

        rumpus wifi tcp://192.0.2.7 --wifi-ssid "Next door"
    """
    from . import _device

    if wifi_ssid is None and wifi_password is not None:
        raise wrong_use("--wifi-password needs --wifi-ssid.", "Which network is it of?")
    password = ""
    if wifi_ssid is not None:
        size = len(wifi_ssid.encode())
        if not 1 <= size <= 32:
            raise wrong_use(
                f"A Wi-Fi name has 1 to 32 bytes; {wifi_ssid!r} has {size}.", "A letter such as ö has two."
            )
        password = _wifi.password_for(wifi_ssid, wifi_password, as_json)
    _device.run(_run(url, wifi_ssid, password, key, as_json))


async def _run(url: str, ssid: str | None, password: str, key_file: Path | None, as_json: bool) -> None:
    from .. import owner
    from . import _device, _output

    async with _device.device_at(url) as device:
        key = _owner.needed_key(device.uuid, key_file)
        try:
            us = await owner.Owner.open(device, key)
            before = await us.networks()
            if ssid is not None:
                await us.change_network(ssid, password)
        except owner.NotOwner as error:
            raise _owner.not_owner(error.code, url) from None
        except owner.Refused as error:
            raise _refused(error.code, url) from None
    if ssid is None:
        _show(before, url, as_json)
        return
    if not as_json:
        _output.console(stderr=True).print(
            f"The device leaves {before.joined or 'its network'} for {ssid} ..."
        )
    try:
        now = await owner.moved(url, key, ssid)
    except owner.NotMoved as error:
        raise _not_moved(url, ssid, error.networks) from None
    _show(now, url, as_json)


_REFUSALS = {
    "no_wifi": (
        "The device has no Wi-Fi, or the system of its computer looks after it.",
        "Give it a first network over its cable: rumpus provision --wifi-ssid NAME",
    ),
    "bad_value": (
        "The device cannot take that name and password.",
        "A name has 1 to 32 bytes, a password 8 to 64, or none at all.",
    ),
    "not_kept": (
        "The device could not write the network down; it stays in the one it is in.",
        "Its flash is full or worn. See its alarms: rumpus get URL",
    ),
}


def _refused(code: str, url: str) -> Failure:
    message, advice = _REFUSALS.get(code, (f"The device refused: {code}.", "See: rumpus info URL"))
    return Failure(REFUSED, code, message, advice.replace("URL", url), {"device": {"url": url}})


def _not_moved(url: str, ssid: str, networks: "Networks | None") -> Failure:
    if networks is None:
        message = f"The device has accepted {ssid} and was not seen at {url} since."
        advice = (
            "In another network it has another address, and this computer may not reach it: rumpus discover"
        )
        return Failure(OUTCOME_UNKNOWN, "not_seen", message, advice, {"device": {"url": url}})
    more = {**networks._asdict(), "device": {"url": url}}
    message = f"The device could not join {ssid} and is back in {networks.joined}."
    advice = (
        "A wrong password, or the network is too far away? It will try again when it loses this one; "
        f'to end that: rumpus wifi {url} --wifi-ssid "{networks.joined}"'
    )
    return Failure(REFUSED, "not_joined", message, advice, more)


def _show(networks: "Networks", url: str, as_json: bool) -> None:
    from . import _output

    if as_json:
        _output.print_json({**networks._asdict(), "device": {"url": url}})
    elif not networks.wanted:
        print("The device has no Wi-Fi, or its system looks after it.")
    elif networks.joined == networks.wanted:
        print(f"The device is in the network {networks.joined}.")
    else:
        print(
            f"The device is in the network {networks.joined or '(none)'}; it would rather be in {networks.wanted}."
        )
