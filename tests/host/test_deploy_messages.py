"""What usually goes wrong with a board and a cable: each has its own sentence, and a next step."""

# ruff: noqa: F811  fixtures

import contextlib
import os
import re
import shutil
import sys
import threading
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial
from board_stand import BoardStand
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo
from test_deploy import ARGUMENTS, deployed, files_of, new, rumpus  # noqa: F401  fixtures

from rumpus_host.boards import load
from rumpus_host.deploy import interpreter, ports
from rumpus_host.deploy.problem import CODES, DeployError

ROM = (
    b"ets Jul 29 2019 12:21:46\r\n\r\nrst:0x10 (RTCWDT_RTC_RESET),boot:0x13\r\ninvalid header: 0xffffffff\r\n"
)


@contextlib.contextmanager
def answering(text: bytes) -> Iterator[str]:
    """The path of a port that says a text to whatever it is told; nothing when the text is empty."""
    inner, outer = os.openpty()
    tty.setraw(outer)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while os.read(inner, 256):
                os.write(inner, text)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield os.ttyname(outer)
    finally:
        os.close(outer)
        os.close(inner)


def image(path: Path, chip: str) -> Path:
    """The head of an interpreter's image, as esptool has it."""
    head = bytearray(4096)
    head[0], head[12:14] = 0xE9, interpreter.CHIPS[chip][0].to_bytes(2, "little")
    path.write_bytes(head)
    return path


def failed(told: tuple[int, dict], code: int, error: str, *words: str) -> dict:
    """The failure has that token, says these words, and what to do next."""
    assert (told[0], told[1].get("error")) == (code, error), told
    text = told[1]["message"] + " " + told[1]["next"]
    for word in words:
        assert word in text, text
    assert len(told[1]["message"]) > 20 and len(told[1]["next"]) > 10
    return told[1]


def test_there_is_no_port(rumpus, monkeypatch):
    failed(rumpus(*ARGUMENTS, "--port", "/dev/ttyUSB77"), 3, "no_port", "There is no port /dev/ttyUSB77")
    monkeypatch.setattr(list_ports, "comports", lambda: [])
    failed(rumpus(*ARGUMENTS), 3, "no_port", "no USB serial port", "carries data")


def test_several_ports_are_listed(rumpus, monkeypatch):
    found = [ListPortInfo(f"/dev/ttyUSB{i}") for i in range(2)]
    for info in found:
        info.vid = 0x10C4
    monkeypatch.setattr(list_ports, "comports", lambda: [*found, ListPortInfo("/dev/ttyS0")])
    told = failed(rumpus(*ARGUMENTS), 2, "which_port", "/dev/ttyUSB0, /dev/ttyUSB1", "--port")
    assert "ttyS0" not in told["message"]


def test_the_port_is_busy(rumpus, tmp_path):
    with BoardStand(tmp_path) as stand, serial.Serial(stand.path, exclusive=True):
        told = rumpus(*ARGUMENTS, "--port", stand.path)
    failed(told, 3, "busy_port", "another program has it open", "Close that program")


def test_the_port_is_not_allowed():
    # By its error alone: whoever runs this as root may open every port.
    problem = ports.of_error("/dev/ttyUSB0", PermissionError(13, "Permission denied"))
    assert problem.code == "port_not_allowed" and "dialout" in problem.next


def test_nothing_answers(rumpus):
    with answering(b"") as path:
        failed(rumpus(*ARGUMENTS, "--port", path), 3, "no_repl", "Nothing answers", "Press reset")


def test_what_answers_is_no_micropython(rumpus):
    with answering(b"$GPGGA,123519,4807.038,N*47\r\n") as path:
        failed(rumpus(*ARGUMENTS, "--port", path), 3, "no_repl", "is no MicroPython", "$GPGGA", "right port")


def test_a_bare_esp32_needs_an_interpreter(rumpus):
    with answering(ROM) as path:
        failed(rumpus(*ARGUMENTS, "--port", path), 3, "no_repl", "no MicroPython yet", "--image")


def test_another_chip(rumpus, tmp_path):
    with BoardStand(tmp_path, chip="esp32s3") as stand:
        told = rumpus(*ARGUMENTS, "--port", stand.path)
        failed(told, 1, "wrong_chip", "has esp32", "ESP32S3", "rumpus boards")
        assert files_of(stand) == {}


def test_a_flash_that_is_too_full_is_found_before_anything_is_written(rumpus, tmp_path):
    with BoardStand(tmp_path, blocks=80) as stand:
        told = rumpus(*ARGUMENTS, "--port", stand.path)
        failed(
            told, 1, "full", "kB are free", "32 kB must stay free", "Nothing was written", "mpremote fs rm"
        )
        assert files_of(stand) == {}


def test_a_board_that_has_no_flash(rumpus):
    told = rumpus("flash", "--board", "virtual", "--appliance", "water_heater", "--port", "x")
    failed(told, 2, "wrong_board", "runs on this computer", "rumpus sim")
    told = rumpus(
        "flash", "--board", "adafruit_feather_esp32s3", "--appliance", "refrigerator", "--port", "x"
    )
    failed(told, 2, "wrong_board", "CircuitPython", "--drive")


def test_a_wiring_that_is_not_safe_is_not_flashed(rumpus, tmp_path):
    wiring = tmp_path / "mine.py"
    text = (load.BOARDS / "esp32_devkitc" / "water_heater.py").read_text()
    wiring.write_text(text.replace('"IO23"', '"IO0"'))
    told = rumpus(*ARGUMENTS, "--port", "x", "--file", str(wiring))
    failed(told, 1, "wiring_refused", "not safe", "IO0", "rumpus wiring")


# --- the interpreter ------------------------------------------------------------------------------------


def test_images_that_are_none(rumpus, tmp_path):
    arguments = (*ARGUMENTS, "--port", "x", "--image")
    failed(rumpus(*arguments, str(tmp_path / "none.bin")), 2, "no_image", "There is no file", "download")
    (tmp_path / "x.uf2").write_bytes(b"UF2\n" * 100)
    failed(rumpus(*arguments, str(tmp_path / "x.uf2")), 2, "wrong_image", "is no image", ".uf2")
    other = image(tmp_path / "s3.bin", "esp32s3")
    failed(rumpus(*arguments, str(other)), 2, "wrong_image", "is for esp32s3", "has esp32")
    told = rumpus("flash", "--board", "raspberry_pi_pico_w", "--appliance", "refrigerator", "--image", "x")
    failed(told, 2, "no_image", "BOOTSEL")


def test_the_image_is_found_where_downloads_lie(tmp_path, monkeypatch):
    board = load.board("esp32_devkitc")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(DeployError, match="No image"):
        interpreter.image(board, "auto")
    (tmp_path / "Downloads").mkdir()
    old = image(tmp_path / "Downloads" / "ESP32_GENERIC-1.24.bin", "esp32")
    os.utime(old, (1, 1))
    image(tmp_path / "ESP32_GENERIC_S3-1.25.bin", "esp32s3")
    image(tmp_path / "adafruit-circuitpython-esp32.bin", "esp32")
    assert interpreter.image(board, "auto") == old
    newest = image(tmp_path / "ESP32_GENERIC-1.25.bin", "esp32")
    assert interpreter.image(board, "auto") == newest


def test_esptool_finds_no_boot_loader(rumpus, tmp_path):
    """The real esptool, at a port where no chip is."""
    path = image(tmp_path / "esp32.bin", "esp32")
    with answering(b"") as port:
        told = rumpus(*ARGUMENTS, "--port", port, "--image", str(path))
    failed(told, 3, "no_loader", "does not enter its boot loader", "BOOT button")


def test_esptool_finds_a_busy_port(rumpus, tmp_path):
    path = image(tmp_path / "esp32.bin", "esp32")
    with answering(b"") as port, serial.Serial(port, exclusive=True):
        told = rumpus(*ARGUMENTS, "--port", port, "--image", str(path))
    failed(told, 3, "busy_port", "another program has it open")


@pytest.mark.parametrize(
    ("said", "code"),
    (
        ("A fatal error occurred: This chip is ESP32-S3, not ESP32. Wrong chip argument?", "wrong_chip"),
        ("A fatal error occurred: Failed to connect to ESP32: No serial data received.", "no_loader"),
        ("A fatal error occurred: MD5 of file does not match data in flash!", "bad_write"),
        ("A fatal error occurred: Failed to start stub flasher. There was no response.", "lost"),
        ("A serial exception error occurred: device reports readiness to read but returned no data", "lost"),
        ("A fatal error occurred: 'x.bin' requires chip revision v3.0 or higher.", "esptool"),
        ("", "esptool"),
    ),
)
def test_what_esptool_says_is_told(said, code):
    problem = interpreter.why_esptool_failed("/dev/ttyUSB0", load.board("esp32_devkitc"), said)
    assert problem.code == code and problem.message and problem.next


def test_esptool_is_not_installed(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "esptool", None)
    monkeypatch.setattr(interpreter.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DeployError) as caught:
        interpreter.write("x", load.board("esp32_devkitc"), tmp_path / "x.bin", lambda _percent: None)
    assert caught.value.code == "no_esptool" and "rumpus[flash]" in caught.value.next


def test_every_failure_has_an_exit_code():
    text = "".join(path.read_text() for path in Path(interpreter.__file__).parent.glob("*.py"))
    used = set(re.findall(r'DeployError\(\s*"(\w+)"', text))
    assert used <= set(CODES)
    assert set(CODES.values()) == {"use", "reach", "refused"}


# --- a firmware that fails ------------------------------------------------------------------------------


def test_a_firmware_that_fails_at_its_start_is_told(rumpus, tmp_path, deployed):
    shutil.copy(deployed, tmp_path / "flash.bin")
    wiring = tmp_path / "mine.py"
    text = (load.BOARDS / "esp32_devkitc" / "water_heater.py").read_text()
    wiring.write_text(text + "\nraise ValueError('a mistake in my wiring')\n")
    with BoardStand(tmp_path) as stand:
        told = rumpus(*ARGUMENTS, "--port", stand.path, "--file", str(wiring))
        failed(told, 1, "device_fails", "starts and then fails", "a mistake in my wiring", "Ctrl-D")
