"""rumpus dms: a device management server."""

import contextlib
import datetime
import signal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ._failure import UNREACHABLE, Failure, wrong_use
from ._options import Json

if TYPE_CHECKING:
    from ..dms.store import Device, Store

PANEL = "DCMP"

_STORE = "rumpus-dms.sqlite"
_NEXT_STORE = "Make one: rumpus dms --store FILE (without --list it is a server, and makes the file)"
_STATE_STYLES = {"registered": "green", "expired": "yellow", "cancelled": "dim"}


def run(
    listen: Annotated[
        str, typer.Option("--listen", metavar="HOST:PORT", help="TCP and UDP; port 0: a free one.")
    ] = "0.0.0.0:17812",
    store: Annotated[
        str, typer.Option("--store", metavar="FILE", help="SQLite file, or a database URL of SQLAlchemy.")
    ] = _STORE,
    forget: Annotated[
        str | None, typer.Option("--forget", metavar="ID", help="Take a device out of the store, and end.")
    ] = None,
    show: Annotated[
        bool, typer.Option("--list", metavar="", help="Print what the store has, and end.")
    ] = False,
    lease: Annotated[
        float,
        typer.Option("--lease", metavar="SECONDS", help="How long a registration holds. Devices renew."),
    ] = 1800.0,
    interface: Annotated[
        str, typer.Option("--interface", metavar="ADDRESS", help="Own address in the LAN that is meant.")
    ] = "0.0.0.0",
    group_port: Annotated[
        int,
        typer.Option("--group-port", metavar="PORT", help="Where devices of the LAN hear what is for all."),
    ] = 17811,
    as_json: Json = False,
) -> None:
    """Be a device management server (DMS), or list what one has kept.

    Devices whose settings say dms = tcp://HOST:PORT or udp://HOST:PORT register here; the server asks them
    what they are, and keeps it. Runs until Ctrl-C; what happens is printed, a line each.

    Nothing proves who a device is: listen in a network that you trust.

    --json prints one object a line: event (listening, registered, described, not_described, cancelled,
    expired, service, advertised, discovered), device (ID), and more with each. With --list: one object.

    Examples:

        rumpus dms
        rumpus dms --listen 192.0.2.10:17812 --store /var/lib/rumpus/dms.sqlite
        rumpus dms --list --store /var/lib/rumpus/dms.sqlite
        rumpus dms --forget 68f675fa45640001000000000000000a --store /var/lib/rumpus/dms.sqlite
    """
    from ..dms.store import Store, StoreError

    if not 1 <= lease <= 1e9:
        raise wrong_use(f"--lease {lease:g} is no time.", "Choose 1 to 1000000000 seconds.")
    if not 1 <= group_port <= 0xFFFF:
        raise wrong_use(f"--group-port {group_port} is no port.", "Choose 1 to 65535.")
    try:
        with Store(store, lease, must_exist=show or forget is not None) as opened:
            if forget is not None:
                _forget(opened, forget, as_json)
            elif show:
                _list(opened, as_json)
            else:
                host, port = _host_and_port(listen)
                if port == group_port:
                    raise wrong_use(
                        f"--listen {listen}: port {port} is where everybody on the LAN listens.",
                        "Choose another port, such as 17812.",
                    )
                _serve(opened, host, port, interface, group_port, as_json)
    except StoreError as error:
        raise wrong_use(f"--store {store}: {error}.", _NEXT_STORE) from None


def _host_and_port(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 0xFFFF:
        raise wrong_use(f"--listen {text}: no port.", "Write for example --listen 0.0.0.0:17812")
    return host.strip("[]") or "0.0.0.0", int(port)


# --- the server ---------------------------------------------------------------------------------------


def _serve(store: "Store", host: str, port: int, interface: str, group_port: int, as_json: bool) -> None:
    import asyncio

    try:
        asyncio.run(_live(store, host, port, interface, group_port, as_json))
    except OSError as error:
        message = f"Cannot listen at {host}:{port}: {error.strerror or error}."
        raise Failure(
            UNREACHABLE, "cannot_listen", message, "Take another port, or 0 for a free one: --listen HOST:0"
        ) from None


async def _live(store: "Store", host: str, port: int, interface: str, group_port: int, as_json: bool) -> None:
    import asyncio

    from ..dms.server import Dms

    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C comes as KeyboardInterrupt
            loop.add_signal_handler(number, done.set)
    tell = _tell_json if as_json else _tell_text
    async with Dms(store, on_event=tell) as dms:
        port = await dms.listen(host, port, group_port=group_port, interface=interface)
        tell({"event": "listening", "device": dms.device_id.hex(), "host": host, "port": port})
        with contextlib.suppress(KeyboardInterrupt):
            await done.wait()


def _tell_json(event: dict[str, Any]) -> None:
    from . import _output

    _output.print_json(event)


def _tell_text(event: dict[str, Any]) -> None:
    from rich.text import Text

    from . import _output

    more = {name: value for name, value in event.items() if name not in ("event", "device")}
    told = ", ".join(f"{name} {_in_words(value)}" for name, value in more.items())
    now = datetime.datetime.now().strftime("%H:%M:%S")
    line = Text.assemble((f"{now} ", "dim"), (event["event"], "bold"), f" {event['device']} ", told)
    _output.console().print(line)


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={text}" for name, text in value.items())
    return str(value)


def _forget(store: "Store", text: str, as_json: bool) -> None:
    """Take a device with its services out of the store. Raises Failure when it is not there."""
    from . import _output

    try:
        known = store.forget(bytes.fromhex(text))
    except ValueError:
        known = False
    if not known:
        raise wrong_use(
            f"--forget {text}: no such device is in the store.", "See their IDs: rumpus dms --list"
        )
    if as_json:
        _output.print_json({"forgotten": text})
    else:
        _output.console().print(f"Forgotten: {text}. It is back when it registers again.")


# --- the list -----------------------------------------------------------------------------------------


def _list(store: "Store", as_json: bool) -> None:
    from . import _output

    devices = store.devices()
    if as_json:
        _output.print_json({"devices": [_as_json(device) for device in devices]})
        return
    out = _output.console()
    if not devices:
        out.print("No device has registered yet.")
    for device in devices:
        for line in _lines(device):
            out.print(line)


def _lines(device: "Device"):
    """A device in words, as Rich texts: what it is, which one, what is registered for it."""
    from rich.text import Text

    about = _as_json(device)
    there = "there" if device.is_present else f"not there since {about['seen_at']}"
    state = (device.state, _STATE_STYLES.get(device.state, ""))
    yield Text.assemble((device.name, "bold"), f", {about['type']}: ", state, f", {there}, {device.address}")
    more = [f"also {', '.join(about['capability'])}"] if device.capability else []
    if version := device.properties.get("firmware_version"):
        more.append(f"firmware {version}")
    yield Text(f"    {', '.join([about['id'], *more])}", style="dim")
    for service in device.services:
        params = ", ".join(f"{number}={value}" for number, value in service.params.items())
        yield Text(
            f"    service {service.name} of {service.user_id or 'nobody'}: {params or 'no parameters'}"
        )


def _as_json(device: "Device") -> dict[str, Any]:
    from ..dcmp.words import type_name

    return {
        "id": device.device_id.hex(),
        "name": device.name,
        "sub_name": device.sub_name,
        "type": type_name(device.device_type),
        "capability": [type_name(code) for code in device.capability],
        "model_name": device.model_name,
        "model_number": device.model_number,
        "serial_number": device.serial_number,
        "node": device.node_id.hex(),
        "address": str(device.address),
        "state": device.state,
        "is_present": device.is_present,
        **{name: _iso(getattr(device, name)) for name in _TIMES},
        "properties": device.properties,
        "services": [
            {
                "name": service.name,
                "user": service.user_id,
                "registered_at": _iso(service.registered_at),
                "params": {str(number): value for number, value in service.params.items()},
            }
            for service in device.services
        ],
    }


_TIMES = ("registered_at", "renewed_at", "expires_at", "seen_at")


def _iso(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="seconds")
