"""rumpus provision: give a device its network, its key, its name and its calibration."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import _output, _wifi
from ._deploy import Port, Show, told
from ._failure import wrong_use
from ._options import Json

if TYPE_CHECKING:
    from ..deploy.provision import Outcome

PANEL = "Boards"


def run(
    port: Port = None,
    wifi_ssid: Annotated[
        str | None, typer.Option("--wifi-ssid", metavar="NAME", help="Your network.")
    ] = None,
    wifi_password: _wifi.Password = None,
    listen: Annotated[
        int | None, typer.Option("--listen", metavar="PORT", help="Controllers connect to the device there.")
    ] = None,
    server: Annotated[
        str | None, typer.Option("--server", metavar="HOST[:PORT]", help="The device connects to it.")
    ] = None,
    cable: Annotated[bool, typer.Option("--cable", metavar="", help="The cable is the only way in.")] = False,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Its name in the network.")
    ] = None,
    vendor: Annotated[str | None, typer.Option("--vendor", metavar="TEXT", help="Who made it.")] = None,
    model: Annotated[str | None, typer.Option("--model", metavar="TEXT", help="What it is called.")] = None,
    uuid: Annotated[
        str | None, typer.Option("--uuid", metavar="UUID", help="Its identity. Default: kept, else made.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="Give it the key in this file.")
    ] = None,
    new_key: Annotated[
        bool,
        typer.Option("--new-key", metavar="", help="Make another key; the old one is worth nothing then."),
    ] = False,
    key_file: Annotated[
        Path | None,
        typer.Option(
            "--key-file", metavar="FILE", help="Where a new key is kept. Default: in ~/.config/rumpus."
        ),
    ] = None,
    no_key: Annotated[bool, typer.Option("--no-key", metavar="", help="Give a new device none.")] = False,
    update_key: Annotated[
        Path | None,
        typer.Option("--update-key", metavar="FILE", help="Take updates that this public key has signed."),
    ] = None,
    utc_offset: Annotated[
        int | None, typer.Option("--utc-offset", metavar="MINUTES", help="Of local time, such as 60.")
    ] = None,
    litres: Annotated[str | None, typer.Option("--litres", metavar="N", help="Of the tank.")] = None,
    watts: Annotated[str | None, typer.Option("--watts", metavar="N", help="Of the (lower) element.")] = None,
    calibrate: Annotated[
        list[str] | None,
        typer.Option("--calibrate", metavar="NAME=N", help="Any constant of the appliance; repeat it."),
    ] = None,
    offset: Annotated[
        list[str] | None,
        typer.Option("--offset", metavar="ROLE=KELVIN", help="Added to a temperature sensor; repeat it."),
    ] = None,
    untested_wifi: Annotated[
        bool, typer.Option("--untested-wifi", metavar="", help="Do not try the network from here.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Settings of a device, over its cable. What you do not name stays as it is.

    A new network is tried by the device before it is kept, and the old one is kept beside it. A device
    without a key is given one; it stands in a file that only you can read, and in the device, where
    whoever has the cable can read it.

    Examples:

        rumpus provision --wifi-ssid Home

        rumpus provision --name boiler-cellar --litres 80 --watts 1950 --offset tank_temperature=-0.5

        rumpus provision --server 192.0.2.7:3880 --utc-offset 60
    """
    from ..deploy import ports
    from ..deploy.provision import Changes, provision
    from ..deploy.repl import Repl

    if sum((listen is not None, server is not None, cable)) > 1:
        raise wrong_use("--listen, --server and --cable exclude each other.", "Choose one.")
    if sum((key is not None, new_key, no_key)) > 1:
        raise wrong_use("--key, --new-key and --no-key exclude each other.", "Choose one.")
    constants = [(name, text) for name, text in (("litres", litres), ("watts", watts)) if text is not None]
    changes = Changes(
        wifi_ssid,
        _password(wifi_ssid, wifi_password, as_json),
        not untested_wifi,
        listen,
        server,
        cable,
        name,
        vendor,
        model,
        uuid,
        key,
        new_key,
        key_file,
        no_key,
        update_key,
        utc_offset,
        (*constants, *_pairs("--calibrate", calibrate)),
        tuple(_pairs("--offset", offset)),
    )
    with told(), Show(as_json) as show, Repl(ports.choose(port)) as repl:
        outcome = provision(repl, changes, show.say)
    _show(outcome, utc_offset, as_json)


def _password(ssid: str | None, given: str | None, as_json: bool) -> str:
    if ssid is not None:
        return _wifi.password_for(ssid, given, as_json)
    if given is not None:
        raise wrong_use("--wifi-password needs --wifi-ssid.", "Which network is it of?")
    return ""


def _pairs(option: str, values: list[str] | None) -> list[tuple[str, str]]:
    pairs = []
    for value in values or []:
        name, equals, text = value.partition("=")
        if not equals or not text:
            raise wrong_use(f"{option} {value!r} is not of the form NAME=VALUE.")
        pairs.append((name.strip(), text.strip()))
    return pairs


def _show(outcome: "Outcome", utc_offset: int | None, as_json: bool) -> None:
    from ..deploy.settings import without_secrets

    settings, key_file, answer, is_offset_set = outcome
    shown = without_secrets(settings)
    if as_json:
        more = {"key_file": str(key_file) if key_file else None, "utc_offset_set": is_offset_set}
        _output.print_json({"settings": shown, "device": answer or None, **more})
        return
    for name in sorted(shown):
        print(f"{name:<20} {_in_words(name, shown[name])}")
    if key_file:
        print(f"Its key is new and stands in {key_file}. Keep a copy: it is shown nowhere else.")
    if utc_offset is not None and not is_offset_set:
        print(f"The time offset could not be set from here: rumpus set URL utc_offset={utc_offset}")
    if answer:
        print(f"The device answers: {answer['type']} {answer['id']}. Try: rumpus get {answer['url']}")
    elif settings["transport"] == "tcp_dial":
        print(f"The device runs and dials {settings['host']}:{settings['port']}; look there for it.")
    else:
        print("The device runs; this computer does not know where in the network it is.")


def _in_words(name: str, value: object) -> object:
    if name == "offsets" and isinstance(value, dict):
        return ", ".join(f"{role} {counts / 10:+g} K" for role, counts in value.items())
    return value
