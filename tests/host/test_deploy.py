"""From a bare board to a device: rumpus flash against a real MicroPython on a pseudo-terminal.

The board is tests/host/board_stand.py; the deploy goes through mpremote as it does for a real one.
"""

import asyncio
import contextlib
import json
import os
import random
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import serial
from board_stand import BoardStand
from test_deploy_stand import mpremote, wait_for
from tier import full_only

from rumpus_host.cli import main as cli
from rumpus_host.client import connect
from rumpus_host.deploy import flash, start
from rumpus_host.deploy import settings as of_device
from rumpus_host.deploy.problem import DeployError
from rumpus_host.deploy.repl import Repl

FULL = bool(os.environ.get("RUMPUS_FULL"))
BOARD, TYPE = "esp32_devkitc", "water_heater"
OUTPUTS = {"23", "22", "21"}  # that switch mains in that wiring; on is high
ARGUMENTS = ("flash", "--board", BOARD, "--appliance", TYPE)


def silent(_text: str) -> None:
    pass


def no_bar(_total: int):
    return lambda _more: None


@pytest.fixture(scope="session")
def new() -> flash.Content:
    return flash.content(BOARD, TYPE)


@pytest.fixture(scope="session")
def deployed(new, tmp_path_factory) -> Path:
    """The flash of a device that has just been made, its cable the only way in."""
    folder = tmp_path_factory.mktemp("deployed")
    with BoardStand(folder) as stand:
        make_device(stand, new)
        stand.power_off()
        shutil.copy(stand.flash, folder / "kept.bin")
    return folder / "kept.bin"


@pytest.fixture
def device(deployed, tmp_path):
    """A device that runs, on the stand."""
    shutil.copy(deployed, tmp_path / "flash.bin")
    with BoardStand(tmp_path) as stand:
        wait_until_it_runs(stand)
        yield stand


def wait_until_it_runs(stand: BoardStand) -> None:
    wait_for(stand.runs)


def make_device(stand: BoardStand, new: flash.Content) -> tuple[flash.Report, dict[str, Any]]:
    with Repl(stand.path) as repl:
        report = flash.deploy(repl, new, silent, no_bar)
        return report, start.start(repl, report.settings)


@pytest.fixture
def rumpus(monkeypatch, capsys):
    """Run the command line; (exit code, what it printed as JSON)."""

    def run(*arguments: str) -> tuple[int, dict]:
        monkeypatch.setattr("sys.argv", ["rumpus", *arguments, "--json"])
        code = cli.main()
        said = capsys.readouterr().out
        return code, json.loads(said.splitlines()[-1])

    return run


def files_of(stand: BoardStand) -> dict:
    with Repl(stand.path) as repl:
        repl.break_in()
        return repl.hashes("")


def assert_only_safe_levels(notes: list[list[str]]) -> None:
    pins = [words for words in notes if words[0] == "pin" and words[1] in OUTPUTS]
    assert all(words[2] == "0" for words in pins), notes


# --- it works -------------------------------------------------------------------------------------------


def test_from_a_bare_board_to_a_device_that_answers(rumpus, tmp_path):
    with BoardStand(tmp_path) as stand:
        code, told = rumpus(*ARGUMENTS, "--port", stand.path)
        assert code == 0, told
        assert told["device"]["type"] == TYPE and told["device"]["hardware"] == BOARD
        assert told["kept"] == 0 and len(told["sent"]) > 40
        assert told["interpreter"] == "MicroPython 1.25.0, Generic ESP32 module with ESP32"
        assert_only_safe_levels(stand.log())
        assert set(stand.levels()) >= OUTPUTS
        # boot.py before main.py, and nothing but them.
        assert [words[1] for words in stand.last_life() if words[0] == "run"] == ["boot.py", "main.py"]
        code, again = rumpus(*ARGUMENTS, "--port", stand.path)
        assert code == 0 and again["sent"] == [] and again["bytes_sent"] == 0
        assert again["device"] == told["device"]
        there = files_of(stand)
        assert "/maintenance" not in there
        assert not [path for path in there if path.endswith(".new")]


def test_only_what_changed_is_sent_and_what_is_stale_goes(new, device):
    with Repl(device.path) as repl:
        repl.break_in()
        repl.write("/a/rumpus/wire.mpy", b"another version")
        repl.remove("/a/rumpus/app.mpy")
        repl.write("/a/rumpus/old_module.mpy", b"x")
        repl.make_folder("/b")
        repl.make_folder("/b/rumpus")
        repl.write("/b/manifest", b"{}")
        repl.write("/b/rumpus/app.mpy", b"of another board")
        repl.write("/slot.0", b"\0\0\4bc0-1234")
        repl.write("/notes.txt", b"mine")
        report = flash.deploy(repl, new, silent, no_bar)
        start.start(repl, report.settings)
    assert sorted(report.sent) == ["/a/rumpus/app.mpy", "/a/rumpus/wire.mpy"]
    assert report.removed == ["/a/rumpus/old_module.mpy", "/b/manifest", "/b/rumpus/app.mpy"]
    there = files_of(device)
    assert "/notes.txt" in there and "/a/manifest" in there
    assert not [path for path in there if path.startswith(("/b/", "/slot")) or path == "/b"]


def test_somebodys_own_main_is_kept_aside(new, tmp_path):
    (tmp_path / "main.py").write_text("print('mine')\n")
    with BoardStand(tmp_path) as stand:
        mpremote(stand, "fs", "cp", str(tmp_path / "main.py"), ":main.py")
        make_device(stand, new)
        files_of(stand)  # breaks in
        assert mpremote(stand, "resume", "fs", "cat", ":main.old.py") == "print('mine')\n"


@full_only
def test_a_lean_firmware_has_one_way_in(rumpus, new, device):
    arguments = (*ARGUMENTS, "--port", device.path, "--lean")
    assert rumpus(*arguments)[0] == 2  # which one?
    code, told = rumpus(*arguments, "--transport", "uart")
    assert code == 0 and told["device"]["type"] == TYPE
    assert told["kept"] + len(told["sent"]) < 40 < len(new.slot)
    code, told = rumpus(
        "provision", "--port", device.path, "--listen", "3880", "--wifi-ssid", "x", "--wifi-password", ""
    )
    assert code == 2 and "knows uart only" in told["message"] and "without --lean" in told["next"]
    wait_until_it_runs(device)
    code, told = rumpus(*arguments, "--transport", "tcp_listen")
    assert code == 0 and told["waits_for_network"] and told["device"] is None
    assert "/maintenance" in files_of(device)


def test_settings_stay_and_those_of_another_appliance_do_not(new, device):
    with Repl(device.path) as repl:
        repl.break_in()
        old = of_device.loads(repl.read("/settings.json"))
        assert old
        repl.write("/settings.json", of_device.dumps({**old, "litres": 80, "hostname": "boiler"}))
        report = flash.deploy(repl, new, silent, no_bar)
        assert report.settings == {**old, "litres": 80, "hostname": "boiler"}
        assert of_device.loads(repl.read("/settings.json")) == report.settings
        repl.write("/kept.0", b"totals")
        fridge = flash.content(BOARD, "refrigerator")
        report = flash.deploy(repl, fridge, silent, no_bar)
        assert report.settings == {**old, "appliance": "refrigerator", "hostname": "boiler"}
        assert "/kept.0" not in repl.hashes("")
        assert start.start(repl, report.settings)["type"] == "refrigerator"


def test_a_device_that_heats_is_switched_off_first_and_comes_back(new, device):
    """RUMP and the REPL share the cable: break in, deploy, come back, with a firmware that heats."""

    async def heat() -> None:
        async with connect(device.url, timeout_s=10) as appliance:
            await appliance.control([("power", 1), ("target_temperature", 600)])

    asyncio.run(heat())
    wait_for(lambda: 1 in device.levels().get("22", []))
    before = len(device.log())
    make_device(device, new)
    since = device.log()[before:]
    first_life = since[: [words[0] for words in since].index("life")]
    last = {words[1]: words[2] for words in first_life if words[1] in OUTPUTS}
    assert set(last.values()) == {"0"}  # the escape switched them off before the restart
    lives = [i for i, words in enumerate(since) if words[0] == "life"]
    in_maintenance = since[lives[0] : lives[1]]
    assert_only_safe_levels(in_maintenance)
    assert {words[1] for words in in_maintenance if words[0] == "pin"} >= OUTPUTS
    assert not [words for words in in_maintenance if words[0] == "watchdog"]

    async def is_on() -> int:
        async with connect(device.url, timeout_s=10) as appliance:
            return (await appliance.status())["power"] or 0

    assert asyncio.run(is_on()) == 1  # it was kept: an escape is an orderly end


def test_no_watchdog_bites_in_maintenance(deployed, tmp_path):
    shutil.copy(deployed, tmp_path / "flash.bin")
    with BoardStand(tmp_path, watchdog_us=900_000) as device, Repl(device.path) as repl:
        repl.break_in()
        flash.enter_maintenance(repl)
        n = len(device.exit_codes)
        repl.run("import time\ntime.sleep_ms(2000)")
        assert len(device.exit_codes) == n  # while one that runs has to feed it every 0.9 s
        repl.remove(flash.MAINTENANCE)


def test_no_character_comes_between_the_outputs_at_boot(device):
    device.power_off()
    with serial.Serial(device.path, exclusive=True, write_timeout=1) as port:
        port.write(b"\x03" * 40)
        device.power_on()
        for _ in range(100):
            port.write(b"\x03")
            time.sleep(0.005)
    wait_for(lambda: set(device.levels()) >= OUTPUTS)


def test_a_hello_that_comes_while_the_firmware_starts_does_not_end_it(rumpus, device):
    """It holds the character that interrupts."""
    device.power_cycle()
    wait_for(lambda: ["run", "main.py"] in device.last_life())
    time.sleep(0.05)  # what main.py needs before it switches the interrupt off
    with serial.Serial(device.path, exclusive=True, write_timeout=1) as port:
        port.write(b"\0\x03\0")
    wait_until_it_runs(device)
    assert rumpus("get", device.url)[0] == 0


# --- interrupted ----------------------------------------------------------------------------------------


class Killed(BaseException):
    """The deploy is gone, as by Ctrl-C, a closed lid, or a pulled cable."""


class KilledRepl(Repl):
    """Every command to the board is counted; the one with number `at` is not sent any more."""

    def __init__(self, port: str, at: int | None) -> None:
        super().__init__(port)
        self.at = at
        self.commands: list = []

    def open(self) -> None:
        super().open()
        send = self._transport.exec_raw_no_follow

        def counted(command):
            self.commands.append(command)
            if len(self.commands) == self.at:
                self._transport.serial.write(b"\x05A\x01")  # it was about to
                raise Killed
            send(command)

        self._transport.exec_raw_no_follow = counted


def commands_of(stand: BoardStand, new: flash.Content) -> list:
    with KilledRepl(stand.path, None) as repl:
        report = flash.deploy(repl, new, silent, no_bar)
        start.start(repl, report.settings)
        return repl.commands


def points(commands: list) -> list[int]:
    """With --full each file operation, and each tenth piece of a file; else two of them all."""
    pieces = [i for i, command in enumerate(commands, 1) if str(command).startswith("w(")]
    if FULL:
        return sorted({*range(1, len(commands) + 1)} - set(pieces) | set(pieces[::10]))
    return sorted(random.Random(len(commands)).sample(range(3, len(commands)), 2))


@full_only
def test_with_dcmp_and_without_it_again(rumpus, tmp_path):
    lean = ("--lean", "--transport", "uart")
    with BoardStand(tmp_path, interpreter="micropython32") as stand:
        code, told = rumpus(*ARGUMENTS, "--port", stand.path, *lean, "--dcmp")
        assert code == 0, told
        assert (told["settings"]["dcmp"], told["settings"]["udp"]) == (True, 0)
        code, info = rumpus("info", stand.url)
        assert code == 0 and info["device"]["type"] == TYPE, info
        code, told = rumpus(*ARGUMENTS, "--port", stand.path, *lean)
        assert code == 0 and "dcmp" not in told["settings"], told
        assert rumpus("get", stand.url)[0] == 0
        code, told = rumpus("info", stand.url)
        assert (code, told["error"]) == (3, "unreachable")


def damaged(stand: BoardStand) -> None:
    """An older version: a few files differ, and the manifest with them."""
    with Repl(stand.path) as repl:
        repl.break_in()
        for name in ("app", "wire", "start"):
            repl.write(f"/a/rumpus/{name}.mpy", b"of before" * 40)
        repl.write("/a/rumpus/stale.mpy", b"x")
        repl.write("/boot.py", (repl.read("/boot.py") or b"") + b"# of before\n")


@pytest.mark.parametrize("begins", ("bare", "older"))
def test_a_deploy_killed_anywhere_leaves_a_board_that_is_safe_and_can_be_deployed(
    begins, new, deployed, tmp_path
):
    with BoardStand(tmp_path) as stand:

        def lay_out() -> None:
            stand.power_off()
            if begins == "older":
                shutil.copy(tmp_path / "older.bin", stand.flash)
            else:
                stand.flash.write_bytes(b"\xff" * stand.flash.stat().st_size)
            stand.power_on()

        if begins == "older":
            stand.power_off()
            shutil.copy(deployed, stand.flash)
            stand.power_on()
            damaged(stand)
            stand.power_off()
            shutil.copy(stand.flash, tmp_path / "older.bin")
        lay_out()
        commands = commands_of(stand, new)
        for at in points(commands):
            lay_out()
            with pytest.raises(Killed), KilledRepl(stand.path, at) as repl:
                report = flash.deploy(repl, new, silent, no_bar)
                start.start(repl, report.settings)
            if at % 2:
                stand.power_cycle()
            check_is_safe(stand, at)
            report, answer = make_device(stand, new)
            assert answer["type"] == TYPE, (at, report)
            assert_only_safe_levels(stand.log())
        print(f"killed at {len(points(commands))} of {len(commands)} commands, {begins}")


def check_is_safe(stand: BoardStand, at: object) -> None:
    # A Ctrl-C that comes before boot.py has switched it off would end boot.py.
    wait_for(lambda: stand.runs() or ["at", "prompt"] in stand.last_life())
    with Repl(stand.path) as repl:
        repl.break_in()
        assert repl.run("print(1 + 1)").strip() == "2", at
        there = repl.hashes("")
    if "/boot.py" in there and "/safe_levels.py" in there:
        notes = [words for words in stand.last_life() if words[0] == "pin"]
        if stand.last_life()[:2] == [["life", "hard"], ["run", "boot.py"]]:
            assert {words[1] for words in notes} >= OUTPUTS, at
    if "/maintenance" in there:
        assert not [words for words in stand.last_life() if words[0] == "watchdog"], at


class ImpatientRepl(Repl):
    """Gives a board that has no power up after a second."""

    restart_s = 1.0

    def open(self) -> None:
        super().open()
        exec_raw = self._transport.exec_raw
        self._transport.exec_raw = lambda command, timeout=1, data_consumer=None: exec_raw(
            command, 1, data_consumer
        )


@pytest.mark.parametrize("begins", ("bare", "older"))
def test_the_power_goes_while_it_is_deployed(begins, new, deployed, tmp_path):
    """At a write to the flash itself: littlefs keeps what was whole. The first writes make the file system."""
    rng = random.Random(begins)
    was_cut = 0
    with BoardStand(tmp_path) as stand:
        for cut_after in [rng.randrange(8, 120) for _ in range(30 if FULL else 1)]:
            stand.power_off()
            if begins == "older":
                shutil.copy(deployed, stand.flash)
                stand.power_on()
                damaged(stand)
                stand.power_off()
            else:
                stand.flash.write_bytes(b"\xff" * stand.flash.stat().st_size)
            stand.options["cut_after"] = cut_after
            stand.power_on()
            with contextlib.suppress(DeployError), ImpatientRepl(stand.path) as repl:
                flash.deploy(repl, new, silent, no_bar)
            stand.power_off()
            stand.options["cut_after"] = 0
            stand.power_on()
            wait_for(lambda: ["life", "hard"] in stand.last_life())
            check_is_safe(stand, cut_after)
            assert stand.exit_codes.count(77) == (was_cut := was_cut + 1)
            assert make_device(stand, new)[1]["type"] == TYPE, cut_after
            assert_only_safe_levels(stand.log())
