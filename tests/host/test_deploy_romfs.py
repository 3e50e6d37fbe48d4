"""rumpus flash --romfs: the firmware runs where it lies in flash, on an interpreter that has a partition for it."""

# ruff: noqa: F811  fixtures

import contextlib
import random

import pytest
from board_stand import BoardStand
from test_deploy import (  # noqa: F401  fixtures
    ARGUMENTS,
    FULL,
    TYPE,
    ImpatientRepl,
    Killed,
    KilledRepl,
    assert_only_safe_levels,
    check_is_safe,
    no_bar,
    rumpus,
    silent,
    wait_until_it_runs,
)
from test_deploy_messages import failed
from test_deploy_stand import mpremote, wait_for

from rumpus_host.deploy import flash, romfs, start
from rumpus_host.deploy.problem import DeployError
from rumpus_host.deploy.repl import Repl

BOARD = "esp32_devkitc"
LEAN = ("--lean", "--transport", "uart")
ROM_BLOCKS = 32  # 128 kB, as in MicroPython's own partitions-4MiB-romfs.csv


def rom_content(**more) -> flash.Content:
    return flash.content(BOARD, TYPE, lean_transport="uart", in_rom=True, **more)


@pytest.fixture(scope="module")
def new() -> flash.Content:
    return rom_content()


def heap_in_use(stand: BoardStand) -> int:
    """Of the device that runs; it is ended for that."""
    wait_until_it_runs(stand)
    with Repl(stand.path) as repl:
        repl.break_in()
        return int(repl.run("import gc\ngc.collect()\nprint(gc.mem_alloc())"))


def test_the_device_runs_from_its_romfs_and_needs_less_heap(rumpus, tmp_path):
    with BoardStand(tmp_path, interpreter="micropython32", rom_blocks=ROM_BLOCKS) as stand:
        code, told = rumpus(*ARGUMENTS, *LEAN, "--port", stand.path)
        assert code == 0, told
        from_files = heap_in_use(stand)
        code, told = rumpus(*ARGUMENTS, *LEAN, "--romfs", "--port", stand.path)
        assert code == 0, told
        assert told["device"]["type"] == TYPE and told["sent"] == [
            f"/rom/{path}" for path in rom_content().slot
        ]
        assert "/a/manifest" not in told["removed"] and "/a/rumpus/__init__.mpy" in told["removed"]
        assert rumpus("get", stand.url)[0] == 0
        from_rom = heap_in_use(stand)
        assert from_rom < from_files - 20_000, (from_rom, from_files)
        with Repl(stand.path) as repl:
            repl.break_in()
            there = flash.files_of(repl)
            assert not [
                path for path in there if (path + "/").startswith(("/a/", "/b/")) or path == flash.MAINTENANCE
            ]
            assert repl.run("import rumpus, sys\nprint(rumpus.__file__, sys.path)").split(maxsplit=1) == [
                "/rom/rumpus/__init__.mpy",
                "['', '.frozen', '/rom', '/rom/lib', '/lib']\n",
            ]
        code, told = rumpus(*ARGUMENTS, *LEAN, "--romfs", "--port", stand.path)
        assert code == 0 and told["sent"] == [] and told["bytes_sent"] == 0, told
        assert_only_safe_levels(stand.log())
        print(f"heap in use, 32-bit: {from_files} from files, {from_rom} from ROMFS")


def test_mpremote_sees_what_was_deployed(rumpus, tmp_path):
    with BoardStand(tmp_path, rom_blocks=ROM_BLOCKS) as stand:
        code, told = rumpus(*ARGUMENTS, "--romfs", "--port", stand.path)  # not lean: all carriers
        assert code == 0 and told["kept"] == 0 and len(told["sent"]) > 40, told
        data = romfs.image(flash.content(BOARD, TYPE, in_rom=True).slot)
        assert stand.rom.read_bytes()[: len(data)] == data
        with Repl(stand.path) as repl:
            repl.break_in()  # plain mpremote cannot, see docs/flashing.md
            repl.write(flash.MAINTENANCE, b"")
            repl.restart_and_break_in()
        assert "manifest" in mpremote(stand, "resume", "fs", "ls", ":/rom")
        assert "boards" in mpremote(stand, "resume", "fs", "ls", ":/rom")


def test_settings_change_and_the_firmware_stays(rumpus, tmp_path):
    with BoardStand(tmp_path, rom_blocks=ROM_BLOCKS) as stand:
        assert rumpus(*ARGUMENTS, *LEAN, "--romfs", "--port", stand.path)[0] == 0
        code, told = rumpus("provision", "--port", stand.path, "--cable", "--name", "boiler")
        assert code == 0, told
        network = ("--listen", "3880", "--wifi-ssid", "x", "--wifi-password", "")
        failed(rumpus("provision", "--port", stand.path, *network), 2, "bad_value", "knows uart only")


def test_what_is_stale_in_the_romfs_goes(new, tmp_path):
    with BoardStand(tmp_path, rom_blocks=ROM_BLOCKS) as stand:
        deploy(stand, new._replace(slot={**new.slot, "rumpus/stale.mpy": bytes(3000)}))
        deploy(stand, new)
        with Repl(stand.path) as repl:
            repl.break_in()
            assert "/rom/rumpus/stale.mpy" not in flash.files_of(repl)


def test_half_a_romfs_is_told_as_half_a_firmware(rumpus, new, older, tmp_path):
    with BoardStand(tmp_path, rom_blocks=ROM_BLOCKS) as stand:
        lay_out(stand, older)
        commands = commands_of(stand, new)
        lay_out(stand, older)
        with pytest.raises(Killed):
            deploy(stand, new, KilledRepl, points(commands)[1])
        told = rumpus("provision", "--port", stand.path, "--cable", "--name", "boiler")
        failed(told, 2, "not_provisioned", "not whole", "Run that rumpus flash again")


# --- refused, and nothing is touched --------------------------------------------------------------------


def refused(stand: BoardStand, rumpus, error: str, *words: str, lean: bool = True) -> None:
    mpremote(stand, "exec", "open('mine.txt', 'w').close()")
    before = stand.flash.read_bytes(), stand.rom.exists() and stand.rom.read_bytes()
    told = rumpus(*ARGUMENTS, *(LEAN if lean else ()), "--romfs", "--port", stand.path)
    failed(told, 1, error, *words)
    assert before == (stand.flash.read_bytes(), stand.rom.exists() and stand.rom.read_bytes())


def test_an_interpreter_without_romfs_is_told(rumpus, tmp_path):
    with BoardStand(tmp_path) as stand:
        refused(stand, rumpus, "no_romfs", "was built without ROMFS", "without --romfs", "docs/flashing.md")


def test_an_interpreter_without_a_partition_is_told(rumpus, tmp_path):
    with BoardStand(tmp_path, rom_blocks=ROM_BLOCKS, has_no_partition=True) as stand:
        refused(stand, rumpus, "no_romfs", "has no partition", "docs/flashing.md")


def test_a_partition_that_is_too_small_is_told(rumpus, tmp_path):
    with BoardStand(tmp_path, rom_blocks=12) as stand:
        refused(stand, rumpus, "full", "too big for the ROMFS partition", "--lean", lean=False)
        assert rumpus(*ARGUMENTS, *LEAN, "--romfs", "--port", stand.path)[0] == 0  # 48 kB are enough for that


# --- interrupted ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def older(tmp_path_factory) -> tuple:
    """Flash and ROMFS of a device that runs another version from its ROMFS."""
    folder = tmp_path_factory.mktemp("older")
    with BoardStand(folder, rom_blocks=ROM_BLOCKS) as stand:
        content = rom_content()
        other = {**content.slot, "rumpus/older.mpy": bytes(3000), romfs.MANIFEST: b"{}\n"}
        deploy(stand, content._replace(slot=other))
    return stand.flash.read_bytes(), stand.rom.read_bytes()


def deploy(stand: BoardStand, content: flash.Content, repl_class: type = Repl, *more) -> None:
    with repl_class(stand.path, *more) as repl:
        report = flash.deploy(repl, content, silent, no_bar)
        assert start.start(repl, report.settings)["type"] == TYPE


def points(commands: list) -> list[int]:
    """Around and in the ROMFS; with --full each tenth command, without three of them."""
    in_rom = [i for i, command in enumerate(commands, 1) if "dev.ioctl(6," in str(command)]
    in_rom += [i for i, command in enumerate(commands, 1) if "dev.writeblocks(" in str(command)]
    assert len(in_rom) > 20
    if FULL:
        return sorted({*range(1, len(commands) + 1, 10), *in_rom[::3], in_rom[-1], in_rom[-1] + 1})
    return [in_rom[3], in_rom[len(in_rom) * 3 // 4], in_rom[-1] + 1]


def lay_out(stand: BoardStand, content: tuple) -> None:
    stand.power_off()
    for file, data in zip((stand.flash, stand.rom), content, strict=True):
        file.write_bytes(data)
    stand.power_on()


def commands_of(stand: BoardStand, new: flash.Content) -> list:
    with KilledRepl(stand.path, None) as repl:
        report = flash.deploy(repl, new, silent, no_bar)
        start.start(repl, report.settings)
        return repl.commands


@pytest.fixture
def before(begins, older) -> tuple:
    """Flash and ROMFS of the board as it is found."""
    return older if begins == "older" else tuple(b"\xff" * len(data) for data in older)


@pytest.mark.parametrize("begins", ("bare", "older"))
def test_a_deploy_killed_anywhere_leaves_a_board_that_is_safe_and_can_be_deployed(new, before, tmp_path):
    with BoardStand(tmp_path, rom_blocks=ROM_BLOCKS) as stand:
        lay_out(stand, before)
        for at in points(commands_of(stand, new)):
            lay_out(stand, before)
            with pytest.raises(Killed):
                deploy(stand, new, KilledRepl, at)
            stand.power_cycle()
            check_is_safe(stand, at)
            assert_only_safe_levels(stand.log())
            deploy(stand, new)


@pytest.mark.parametrize("begins", ("bare", "older"))
def test_the_power_goes_while_the_romfs_is_written(begins, new, before, tmp_path):
    rng = random.Random(begins)
    with BoardStand(tmp_path, rom_blocks=ROM_BLOCKS) as stand:
        writes = range(8, 30 if begins == "bare" else 20)  # of one life: the one that gets the ROMFS
        for i, cut_after in enumerate(rng.sample(writes, 12 if FULL else 1), 1):
            stand.options["cut_after"] = cut_after
            lay_out(stand, before)
            with contextlib.suppress(DeployError), ImpatientRepl(stand.path) as repl:
                flash.deploy(repl, new, silent, no_bar)
            stand.power_off()
            assert stand.exit_codes.count(77) == i
            stand.options["cut_after"] = 0
            stand.power_on()
            wait_for(lambda: ["life", "hard"] in stand.last_life())
            check_is_safe(stand, cut_after)
            deploy(stand, new)
            assert_only_safe_levels(stand.log())
