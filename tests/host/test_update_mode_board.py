"""The update mode with a board's own HAL: boot.py and main.py, machine's pins, the watchdog, littlefs, the cable, all
as on the test stand (board_stand.py)."""

import asyncio
from pathlib import Path

import update_versions
from board_stand import BoardStand
from tier import full_only

from rumpus_host.client import connect
from rumpus_host.deploy import flash, start
from rumpus_host.deploy.build import build
from rumpus_host.deploy.repl import Repl
from rumpus_host.update import bundle, keys, procedure

BOARD, TYPE = "esp32_devkitc", "water_heater"
OUTPUTS = {"23", "22", "21"}  # that switch mains in that wiring; on is high


def silent(_text: str) -> None:
    pass


def no_bar(_total: int):
    return lambda _more: None


def make_device(stand: BoardStand) -> None:
    new = flash.content(BOARD, TYPE, lean_transport="uart", has_dcmp=True)
    with Repl(stand.path) as repl:
        report = flash.deploy(repl, new, silent, no_bar)
        repl.write(f"/{keys.DEVICE_FILE}", keys.public_bytes(update_versions.key()))
        start.start(repl, report.settings)


def new_bundle(path: Path) -> bundle.Bundle:
    files = build(BOARD, TYPE, transport="uart", profile="full", version="9.0.0")
    key = update_versions.key()
    path.write_bytes(bundle.pack(files, board=BOARD, appliance=TYPE, version="9.0.0", key=key))
    return bundle.read(path.read_bytes())


@full_only
def test_a_board_takes_an_update_in_its_mode(tmp_path):
    new = new_bundle(tmp_path / "new")
    with BoardStand(tmp_path, interpreter="micropython32", blocks=512) as stand:
        make_device(stand)
        slots = asyncio.run(procedure.enter(stand.url))
        assert (slots.running, slots.mode) == ("a", "active")
        assert [words[1] for words in stand.last_life() if words[0] == "run"] == ["boot.py", "main.py"]
        assert stand.runs()  # its watchdog
        levels = stand.levels()
        assert set(levels) == OUTPUTS and not any(any(level) for level in levels.values())
        asyncio.run(procedure.send(stand.url, tmp_path / "new", new))
        assert set(stand.levels()) == OUTPUTS and not any(any(level) for level in stand.levels().values())
        slots = asyncio.run(procedure.apply(stand.url, "Update"))
        assert slots[:4] == ("b", "9.0.0", slots.other, "committed")

        async def version() -> str:
            async with connect(stand.url, timeout_s=10) as device:
                return (await device.version())["firmware"]

        assert asyncio.run(version()) == "9.0.0"
