"""rumpus flash: make a device of a board."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import _output
from ._deploy import Appliance, BoardName, Port, Show, board_named, told
from ._failure import wrong_use
from ._options import Json, type_named

if TYPE_CHECKING:
    from ..boards.load import Board
    from ..deploy.flash import Report
    from ..deploy.repl import Repl

PANEL = "Boards"


def run(
    board: BoardName,
    appliance: Appliance,
    port: Port = None,
    image: Annotated[
        str | None,
        typer.Option(
            "--image",
            metavar="FILE",
            help="Write this interpreter first; auto: the newest that lies here or in Downloads.",
        ),
    ] = None,
    transport: Annotated[
        str | None,
        typer.Option(
            "--transport", metavar="NAME", help="uart, tcp_listen or tcp_dial. Default: as it was, else uart."
        ),
    ] = None,
    lean: Annotated[
        bool,
        typer.Option("--lean", metavar="", help="Smallest in memory: one module, with one --transport."),
    ] = False,
    romfs: Annotated[
        bool,
        typer.Option(
            "--romfs", metavar="", help="Into the interpreter's ROMFS partition: least memory, with --lean."
        ),
    ] = False,
    dcmp: Annotated[
        bool,
        typer.Option(
            "--dcmp", metavar="", help="With DCMP and updates; on an ESP32 only together with --lean."
        ),
    ] = False,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE.py", help="A wiring file of your own.")
    ] = None,
    drive: Annotated[
        Path | None,
        typer.Option("--drive", metavar="PATH", help="CircuitPython: where its drive is mounted."),
    ] = None,
    without_firmware: Annotated[
        bool,
        typer.Option("--without-firmware", metavar="", help="It is in /lib already (mpremote mip install)."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Put the firmware on a board: check the wiring, write what has changed, start the device, ask it.

    The board restarts into maintenance first: outputs at their safe levels, nothing running. A flash that
    is interrupted leaves it there; run it again. Settings on the device stay as they are.

    Examples:

        rumpus flash --board esp32_devkitc --appliance water_heater

        rumpus flash --board esp32_devkitc --appliance water_heater --image ESP32_GENERIC-v1.25.0.bin

        rumpus flash --board esp32_devkitc --appliance water_heater --lean --transport uart --romfs

        rumpus flash --board esp32_devkitc --appliance water_heater --lean --transport tcp_listen --dcmp

        rumpus flash --board adafruit_feather_esp32s3 --appliance refrigerator --drive /media/me/CIRCUITPY
    """
    name = type_named(appliance)
    on = board_named(board)
    if dcmp and without_firmware:
        raise wrong_use("--dcmp is a matter of the firmware, --without-firmware brings none.", "Take one.")
    if drive and dcmp:
        raise wrong_use("--dcmp is not there for CircuitPython's drive yet.", "Leave it out.")
    if drive:
        _to_drive(on.name, name, drive, file, as_json)
        return
    from ..deploy import flash, interpreter, ports, settings, start, wifi
    from ..deploy.repl import Repl

    if transport not in (None, *settings.TRANSPORTS):
        raise wrong_use(f"There is no transport {transport!r}.", f"One of {', '.join(settings.TRANSPORTS)}.")
    if lean and not transport:
        raise wrong_use("--lean needs --transport.", "A lean firmware has one: uart, tcp_listen or tcp_dial.")
    if romfs and without_firmware:
        raise wrong_use("--romfs puts the firmware on the board, --without-firmware does not.", "Take one.")
    with told(), Show(as_json) as show:
        path = interpreter.image(on, image) if image else None
        at = ports.choose(port)
        one = transport if lean else None
        new = flash.content(on.name, name, file, not without_firmware, one, romfs, dcmp)
        show.say(f"{on.title} as a {name.replace('_', ' ')}, at {at}")
        with Repl(at) as repl:
            if path:
                _write_interpreter(repl, on, path, show)
            report = flash.deploy(repl, new, show.say, show.begin)
            if transport and transport != report.settings["transport"]:
                settings.set_transport(report.settings, transport)
                repl.write_whole(flash.SETTINGS, settings.dumps(report.settings))
            answer = {}
            is_complete = settings.is_complete(report.settings)
            if is_complete:
                address = wifi.address(repl, report.settings, show.say)
                show.say("start the device and ask it")
                answer = start.start(repl, report.settings, address)
    _show(report, answer, is_complete, as_json)


def _write_interpreter(repl: "Repl", board: "Board", path: Path, show: Show) -> None:
    from ..deploy import interpreter
    from ..deploy.problem import DeployError

    show.say(f"write {path.name} with esptool, {path.stat().st_size / 1000:.0f} kB")
    done = interpreter.write(repl.port, board, path, show.percent())
    show.say("it is in the flash" + (", and its MD5 is right" if done.is_verified else ""))
    show.say(
        "start the interpreter" if done.was_reset else "press RESET on the board: this port cannot do it"
    )
    try:
        repl.wait_and_break_in(repl.first_start_s if done.was_reset else repl.finger_s)
    except DeployError as error:
        if error.code not in ("no_repl", "no_port", "lost"):
            raise
        message = f"The interpreter was written, and does not answer at {repl.port}."
        advice = "Press RESET (without BOOT), and run it again without --image."
        raise DeployError(error.code, message, advice) from None


def _show(report: "Report", answer: dict, is_complete: bool, as_json: bool) -> None:
    from ..deploy.settings import without_secrets

    if as_json:
        told = {**report._asdict(), "settings": without_secrets(report.settings), "device": answer or None}
        told["waits_for_network"] = not is_complete
        _output.print_json(told)
        return
    print(f"{report.interpreter}")
    files = f"{len(report.sent)} files sent ({report.bytes_sent} bytes), {report.kept} were there already"
    print(f"{files}, {len(report.removed)} removed; {report.free // 1024} kB free")
    if answer:
        print(f"The device answers: {answer['type']} {answer['id']}, firmware {answer['firmware']}")
        print(f"Try: rumpus get {answer['url']}")
    elif is_complete:
        print("It runs. Where it is in the network this computer does not know.")
    if not is_complete:
        print("It waits in maintenance, outputs off, until it has a network:")
    if "wifi_ssid" not in report.settings:
        print("Into your network: rumpus provision --wifi-ssid NAME")


def _to_drive(board: str, appliance: str, path: Path, wiring: Path | None, as_json: bool) -> None:
    from ..deploy import drive

    with told(), Show(as_json) as show:
        report = drive.copy(path, board, appliance, wiring, show.say, show.begin)
    if as_json:
        _output.print_json(report._asdict())
        return
    print(f"{report.interpreter}")
    print(
        f"{len(report.sent)} files written, {report.kept} were there already; {report.free // 1024} kB free"
    )
    for hint in report.next:
        print(re.sub(r"\s+", " ", hint))
