"""rumpus flash --image: the real esptool writes a bare chip, whose ROM is that of esp_rom.py; then it is a device."""

# ruff: noqa: F811  fixtures

import contextlib
import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from esp_image import interpreter
from esp_rom import CHIPS, Nor, RomLoader
from esp_stand import EspStand
from test_deploy import rumpus  # noqa: F401  fixtures
from test_deploy_messages import failed
from tier import FULL, full_only

from rumpus_host.deploy.repl import Repl

BOARDS = {"esp32": "esp32_devkitc", "esp32s3": "esp32_s3_devkitc", "esp32c3": "esp32_c3_devkitm"}
TYPE = "water_heater"


def flash(chip: str, port: str, image: Path) -> tuple[str, ...]:
    return ("flash", "--board", BOARDS[chip], "--appliance", TYPE, "--port", port, "--image", str(image))


@pytest.fixture
def image(tmp_path):
    """Makes a chip's image; its path."""

    def make(chip: str, seed: int = 1) -> Path:
        path = tmp_path / f"MICROPYTHON-{chip}-{seed}.bin"
        path.write_bytes(interpreter(CHIPS[chip], seed=seed))
        return path

    return make


@contextlib.contextmanager
def finger(stand: EspStand) -> Iterator[None]:
    """Somebody who presses reset once rumpus flash looks for the interpreter, as it says."""
    is_over = threading.Event()

    def press() -> None:
        while not is_over.wait(0.05):
            loader = stand.loader
            if loader and loader.is_finished and loader.garbled:  # the REPL's speed is not the loader's
                stand.press()
                return

    thread = threading.Thread(target=press)
    thread.start()
    yield
    is_over.set()
    thread.join()


def in_flash(stand: EspStand, image: Path) -> bool:
    size = image.stat().st_size
    return bytes(stand.memory[stand.chip.at : stand.chip.at + size]) == image.read_bytes()


@pytest.mark.parametrize("chip", BOARDS if FULL else ("esp32s3",))
def test_from_a_bare_chip_to_a_device_that_answers(chip, rumpus, image, tmp_path):
    with EspStand(tmp_path, chip) as stand, finger(stand):
        stand.press(boot=True)
        code, told = rumpus(*flash(chip, stand.path, image(chip)))
        assert code == 0, told
        assert in_flash(stand, image(chip))
        assert told["device"]["type"] == TYPE and told["device"]["hardware"] == BOARDS[chip]
        assert stand.resets[:3] == ["nothing", "download", "runs"]
        code, told = rumpus("get", stand.url)
        assert code == 0, told


@full_only
def test_dtr_and_rts_reset_a_board_that_has_them(rumpus, image, tmp_path):
    """Nobody touches the board. Over the network (RFC 2217) each command of esptool takes a while."""
    with EspStand(tmp_path, "esp32", boot_delay_s=3) as stand, stand.network() as url:
        code, told = rumpus(*flash("esp32", url, image("esp32")))
        assert code == 0, told
        assert told["device"]["type"] == TYPE
        assert stand.resets[:3] == ["nothing", "download", "runs"]
        assert in_flash(stand, image("esp32"))


def test_what_is_seen_in_a_terminal(image, tmp_path):
    """Percents as the blocks arrive, no word of esptool's, and what the person has to do."""
    with EspStand(tmp_path, "esp32") as stand, finger(stand):
        stand.on_loader = lambda loader: setattr(loader, "block_s", 0.15)
        stand.press(boot=True)
        seen = in_terminal("rumpus", *flash("esp32", stand.path, image("esp32")))
    percents = [int(number) for number in re.findall(r"write the interpreter .* (\d+) %", seen)]
    assert percents == sorted(percents) and len(set(percents)) >= 5, seen
    told = (
        "it is in the flash, and its MD5 is right",
        "press RESET on the board",
        "The device answers: water_heater",
    )
    places = [seen.index(words) for words in told]
    assert places == sorted(places)
    assert "stub" not in seen and "VID" not in seen and "Traceback" not in seen


def in_terminal(program: str, *arguments: str) -> str:
    """All that a program writes to a terminal, a line for each time that it writes one anew."""
    inner, outer = os.openpty()
    fcntl.ioctl(outer, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 110, 0, 0))
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    with subprocess.Popen(command, stdin=outer, stdout=outer, stderr=outer) as process:
        os.close(outer)
        seen = b""
        with contextlib.suppress(OSError):
            while piece := os.read(inner, 65536):
                seen += piece
    os.close(inner)
    assert process.returncode == 0, seen.decode()
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode()).replace("\r", "\n")


# --- it fails, and is told ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "asked"), (("esp32s3", "esp32"), ("esp32", "esp32c3"), ("esp32c3", "esp32s3"))
)
def test_another_chip_is_told_and_nothing_written(there, asked, rumpus, image, tmp_path):
    with EspStand(tmp_path, there) as stand:
        stand.press(boot=True)
        told = rumpus(*flash(asked, stand.path, image(asked)))
        failed(
            told,
            1,
            "wrong_chip",
            f"has {asked}",
            CHIPS[there].name.upper().replace("ESP32", "ESP32-").rstrip("-"),
        )
        assert stand.loader and stand.loader.written == 0
        assert bytes(stand.memory) == b"\xff" * len(stand.memory)


def test_a_chip_that_is_not_in_its_boot_loader_is_told(rumpus, image, tmp_path):
    with EspStand(tmp_path, "esp32") as stand:
        told = rumpus(*flash("esp32", stand.path, image("esp32")))
        failed(told, 3, "no_loader", "does not enter its boot loader", "BOOT")


@full_only
def test_a_chip_that_falls_silent_is_told_and_can_be_written_again(rumpus, image, tmp_path):
    with EspStand(tmp_path, "esp32s3") as stand:
        stand.on_loader = lambda loader: setattr(loader, "silent_after", 4)
        stand.press(boot=True)
        told = rumpus(*flash("esp32s3", stand.path, image("esp32s3")))
        failed(told, 3, "lost", "stopped answering while", "not whole")
        assert stand.loader and stand.loader.is_silent and not in_flash(stand, image("esp32s3"))
        stand.press()
        assert stand.resets[-1] == "nothing"  # half an interpreter is none
        check_works_now(stand, rumpus, image)


@full_only
def test_a_cable_that_is_pulled_out_is_told(rumpus, image, tmp_path):
    """esptool waits for it to come back before it gives up."""

    def pull() -> None:
        while not (stand.loader and stand.loader.written >= 3):
            time.sleep(0.01)
        port.unlink()
        stand.line.close()

    with EspStand(tmp_path, "esp32") as stand:
        stand.on_loader = lambda loader: setattr(loader, "block_s", 0.2)
        stand.press(boot=True)
        port = tmp_path / "ttyUSB0"
        port.symlink_to(stand.path)
        threading.Thread(target=pull, daemon=True).start()
        told = rumpus(*flash("esp32", str(port), image("esp32")))
        failed(told, 3, "lost", "stopped answering while", "could not open port", "Check cable")


@full_only
def test_a_port_that_is_the_chips_own_goes_away_with_a_reset(rumpus, image, tmp_path):
    """As that of a chip with USB inside: it is another one for the PC after each reset."""
    with EspStand(tmp_path, "esp32c3") as stand:
        port = tmp_path / "ttyACM0"
        port.symlink_to(stand.path)

        def press() -> None:
            while not (stand.loader and stand.loader.is_finished and stand.loader.garbled):
                time.sleep(0.01)
            port.unlink()
            stand.press()
            time.sleep(1.5)
            port.symlink_to(stand.path)

        stand.press(boot=True)
        finger = threading.Thread(target=press, daemon=True)
        finger.start()
        code, told = rumpus(*flash("esp32c3", str(port), image("esp32c3")))
        assert code == 0 and told["device"]["type"] == TYPE, told
        finger.join()


def test_a_flash_that_does_not_keep_what_is_written_is_told(rumpus, image, tmp_path):
    with EspStand(tmp_path, "esp32s3") as stand:
        stand.nor.stuck.update({at: 0x10 for at in range(0x20000, 0x20040)})
        stand.press(boot=True)
        told = rumpus(*flash("esp32s3", stand.path, image("esp32s3")))
        failed(told, 1, "bad_write", "does not hold what was sent", "damaged")
        stand.nor.stuck.clear()
        check_works_now(stand, rumpus, image)


def test_an_interpreter_that_does_not_start_is_told(rumpus, image, tmp_path, monkeypatch):
    monkeypatch.setattr(Repl, "finger_s", 1.0)  # nobody presses
    with EspStand(tmp_path, "esp32") as stand:
        stand.press(boot=True)
        told = rumpus(*flash("esp32", stand.path, image("esp32")))
        failed(told, 3, "no_repl", "was written", "does not answer", "RESET", "without --image")


def check_works_now(stand: EspStand, rumpus, image) -> None:
    """Another interpreter over the one that failed."""
    stand.on_loader = lambda _loader: None
    with finger(stand):
        stand.press(boot=True)
        code, told = rumpus(*flash(stand.chip.name, stand.path, image(stand.chip.name, seed=2)))
    assert code == 0, told
    assert in_flash(stand, image(stand.chip.name, seed=2)) and told["device"]["type"] == TYPE


def test_a_new_interpreter_leaves_the_device_its_files(rumpus, image, tmp_path):
    with EspStand(tmp_path, "esp32") as stand:
        for seed in (1, 2):
            with finger(stand):
                stand.press(boot=True)
                code, told = rumpus(*flash("esp32", stand.path, image("esp32", seed)))
            assert code == 0 and in_flash(stand, image("esp32", seed)), told
            assert bool(told["sent"]) == (seed == 1)
        assert told["kept"] > 40


# --- the loader is a chip to the whole of esptool -------------------------------------------------------


def esptool(stand: EspStand, *arguments: str) -> str:
    stand.press(boot=True)
    command = [sys.executable, "-m", "esptool", "--chip", "auto", "--port", stand.path, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.parametrize("chip", BOARDS if FULL else ("esp32",))
def test_esptool_reads_writes_and_erases_it(chip, image, tmp_path):
    new, at = image(chip), hex(CHIPS[chip].at)
    with EspStand(tmp_path, chip) as stand:
        assert "4MB" in esptool(stand, "flash-id")
        assert "24:6f:28:01:02:03" in esptool(stand, "read-mac")
        esptool(stand, "--no-stub", "write-flash", "--no-compress", at, str(new))
        assert in_flash(stand, new)
        esptool(stand, "--baud", "921600", "read-flash", at, "0x5000", str(tmp_path / "read.bin"))
        assert (tmp_path / "read.bin").read_bytes() == new.read_bytes()[:0x5000]
        esptool(stand, "verify-flash", at, str(new))
        esptool(stand, "erase-region", "0x10000", "0x1000")
        assert (
            bytes(stand.memory[0x10000:0x11001])
            == b"\xff" * 0x1000 + new.read_bytes()[0x11000 - stand.chip.at :][:1]
        )
        esptool(stand, "erase-flash")
        assert bytes(stand.memory) == b"\xff" * len(stand.memory)
        esptool(stand, "--no-stub", "write-flash", "--compress", at, str(new))
        assert in_flash(stand, new)


def test_a_damaged_block_is_refused():
    """What carries data has a checksum; one that is wrong writes nothing."""
    answers: list[bytes] = []
    flash = Nor(bytearray(b"\xff" * 8192))
    rom = RomLoader(CHIPS["esp32"], flash, answers.append)
    begin = struct.pack("<IIII", 1024, 1, 1024, 0)
    block = struct.pack("<IIII", 1024, 0, 0, 0) + bytes(1024)
    for op, data, checksum in ((2, begin, 0), (3, block, 0xEE)):
        rom.take(b"\xc0" + struct.pack("<BBHI", 0, op, len(data), checksum) + data + b"\xc0")
    assert [answer[9:11] for answer in answers] == [b"\0\0", b"\x01\x07"]
    assert flash.memory == b"\xff" * 8192
