"""rumpus sim: a virtual appliance to play with."""

import contextlib
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import _output
from ._failure import UNREACHABLE, Failure, wrong_use
from ._options import Json, Type, type_named

if TYPE_CHECKING:
    from asyncio import Event

PANEL = "Bench"

_INTERPRETERS = ("micropython", "micropython32", "cpython")
_LIFE_CHECK_S = 0.5


def run(
    type_name: Type,
    tcp: Annotated[
        str | None,
        typer.Option("--tcp", metavar="HOST:PORT", help="Listen there. Default: a free loopback port."),
    ] = None,
    serial: Annotated[
        bool, typer.Option("--serial", metavar="", help="Be at the end of a serial line (a pty).")
    ] = False,
    interpreter: Annotated[
        str, typer.Option("--interpreter", metavar="NAME", help=", ".join(_INTERPRETERS))
    ] = "micropython",
    time_scale: Annotated[
        float, typer.Option("--time-scale", metavar="N", help="Let time pass N times as fast.")
    ] = 1.0,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="N", help="Same seed, same device and same noise. Default: new."),
    ] = None,
    dcmp: Annotated[
        bool,
        typer.Option(
            "--dcmp", metavar="", help="Let it answer DCMP, too (TCP, cable, UDP; rumpus discover)."
        ),
    ] = False,
    dms: Annotated[
        str | None,
        typer.Option("--dms", metavar="URL", help="Its management server: tcp:// or udp://HOST:PORT."),
    ] = None,
    announce: Annotated[
        bool, typer.Option("--announce", metavar="", help="Announce it by mDNS, for rumpus discover.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run a virtual appliance: the real firmware on a real interpreter, with physics behind its pins.

    The first line of output is JSON: url, device_id, type, interpreter, interpreter_version, seed.
    Runs until Ctrl-C. Types: water_heater, air_conditioner, refrigerator, microwave_oven.

    Examples:

        rumpus sim water_heater
        rumpus sim refrigerator --serial --time-scale 60
        rumpus sim air_conditioner --tcp 0.0.0.0:3880 --interpreter micropython32
        rumpus sim microwave_oven --dcmp --announce
    """
    import asyncio

    del as_json  # the output is JSON anyway; the option turns errors into it, in main.py
    name = type_named(type_name)
    if interpreter not in _INTERPRETERS:
        raise wrong_use(
            f"There is no interpreter {interpreter!r}.", f"Choose from {', '.join(_INTERPRETERS)}."
        )
    if tcp and serial:
        raise wrong_use("--tcp and --serial exclude each other.", "Choose one.")
    if not 0 < time_scale <= 10_000:
        raise wrong_use(
            f"--time-scale {time_scale:g} is no speed of time.", "Choose more than 0, at most 10000."
        )
    if announce and serial:
        raise wrong_use("--announce and --serial exclude each other.", "mDNS tells where to connect to.")
    settings = _listen_at(tcp) if tcp else {}
    if dcmp or dms:
        # From a port of its own: several devices may share this computer.
        host = settings.get("host", "127.0.0.1")
        settings |= {"dcmp": True, "udp_own_port": 0, "udp_interface": host, "dms": dms or ""}
    seed = secrets.randbelow(1 << 31) if seed is None else seed
    asyncio.run(
        _simulate(name, "serial" if serial else "tcp", interpreter, time_scale, seed, settings, announce)
    )


def _listen_at(text: str) -> dict[str, Any]:
    """The firmware's settings for HOST:PORT; {} for port 0. Raises Failure when it cannot be had."""
    host, _colon, port = text.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    if not port.isascii() or not port.isdigit() or int(port) > 0xFFFF:
        raise wrong_use(f"--tcp {text}: no port.", "Write for example --tcp 127.0.0.1:3880")
    try:
        family, kind, _proto, _name, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return {"host": str(address[0]), "port": probe.getsockname()[1]}
    except OSError as error:
        message = f"Cannot listen at {text}: {error.strerror or error}."
        raise Failure(
            UNREACHABLE, "cannot_listen", message, "Take another port, or 0 for a free one."
        ) from None


async def _simulate(
    type_name: str,
    carrier: str,
    interpreter: str,
    time_scale: float,
    seed: int,
    settings: dict[str, Any],
    announce: bool,
) -> None:
    import asyncio

    from ..bench.interpreters import InterpreterNotFound

    try:
        from ..bench.virtual_appliance import BenchError, VirtualAppliance
    except ModuleNotFoundError as error:
        if error.name not in ("fcntl", "termios"):
            raise
        message = "Virtual appliances need Linux or macOS: this system has no pseudo-terminals."
        raise Failure(UNREACHABLE, "no_bench", message, "Run it there and connect over TCP.") from None
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, done.set)
    try:
        appliance = VirtualAppliance(type_name, interpreter, carrier, seed=seed, settings=settings)
        async with appliance:
            appliance.run(time_scale)
            url = _url(settings) or appliance.url
            async with _announced(appliance, url, settings) if announce else contextlib.nullcontext():
                _introduce(appliance, url, bool(settings.get("dcmp")))
                await _until(done, appliance)
    except InterpreterNotFound as error:
        raise Failure(UNREACHABLE, "no_interpreter", str(error), "Or try: --interpreter cpython") from None
    except BenchError as error:
        raise Failure(
            UNREACHABLE, "device_died", str(error), "The lines above are what the device said last."
        ) from None


def _url(settings: dict[str, Any]) -> str:
    if "host" not in settings:
        return ""
    host = str({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings["host"], settings["host"]))
    return f"tcp://[{host}]:{settings['port']}" if ":" in host else f"tcp://{host}:{settings['port']}"


def _introduce(appliance: Any, url: str, dcmp: bool) -> None:
    from rumpus.rump import message

    from .. import fields

    number = fields.table_of(appliance.type).DEVICE_TYPE
    device_id = message.make_device_id(number, bytes.fromhex(appliance.uuid))
    about = {
        "url": url,
        "device_id": device_id.hex(),
        "type": appliance.type,
        "interpreter": appliance.interpreter.name,
        "interpreter_version": appliance.interpreter.version,
        "seed": appliance.seed,
    }
    _output.print_json(about)
    print(f"A virtual {fields.spoken(appliance.type)} is running. Try in another terminal:", file=sys.stderr)
    print(f"    rumpus get {url}\n    rumpus watch {url}", file=sys.stderr)
    if dcmp:
        print(f"    rumpus discover\n    rumpus info {url}", file=sys.stderr)
    print("Ctrl-C ends it.", file=sys.stderr, flush=True)


@contextlib.asynccontextmanager
async def _announced(appliance: Any, url: str, settings: dict[str, Any]) -> AsyncIterator[None]:
    """Announce the device by mDNS, as a bridge would. Raises Failure without a network."""
    from urllib.parse import urlsplit

    from .. import mdns
    from ..dcmp import lan

    parts = urlsplit(url)
    host = parts.hostname or "127.0.0.1"
    if settings.get("host") == "0.0.0.0":
        host = next(
            (address for address, _prefix in lan.interfaces() if not address.startswith("127.")), host
        )
    interfaces = None if settings.get("host") == "0.0.0.0" else [host]
    protocols = ("rump", "dcmp") if settings.get("dcmp") else ("rump",)
    port = parts.port or 0
    what = mdns.Announced(appliance.type, appliance.uuid, appliance.type, host, port, protocols)
    try:
        async with mdns.announcing(what, interfaces):
            yield
    except OSError as error:
        message = f"It cannot be announced by mDNS: {error.strerror or error}."
        raise Failure(UNREACHABLE, "no_network", message, "Run it without --announce.") from None


async def _until(done: "Event", appliance: Any) -> None:
    """Wait for the end: a signal, or the death of the device, which raises BenchError."""
    import asyncio

    while not done.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _LIFE_CHECK_S)
        if not appliance.is_running:
            await appliance.advance(1)
