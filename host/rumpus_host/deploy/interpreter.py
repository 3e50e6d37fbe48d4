"""The interpreter's image on an ESP32: found, checked, and written by esptool."""

import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from ..boards.load import Board
from . import ports
from .problem import DeployError

# Chip: its number in an image's header, and where an image with its boot loader begins in the flash.
CHIPS = {"esp32": (0, 0x1000), "esp32s2": (2, 0), "esp32s3": (9, 0), "esp32c3": (5, 0)}
_MAGIC = 0xE9
_CHIP_AT = 12
_HEADER = 24
_BAUD = 460800
AUTO = "auto"
_WHERE = "Images: micropython.org/download"

Percent = Callable[[float], None]


def image(board: Board, text: str) -> Path:
    """The image that --image names; "auto" takes the newest that fits and lies here or in Downloads.

    Raises DeployError when there is none, or when it is for another chip.
    """
    if board.chip not in CHIPS:
        message = f"{board.title} is not written by esptool."
        advice = (
            "Hold its BOOTSEL button while plugging it in, and copy the .uf2 file to the drive that appears."
        )
        raise DeployError("no_image", message, advice)
    if text != AUTO:
        path = Path(text).expanduser()
        check_image(path, board)
        return path
    found = fitting(board, (Path.cwd(), Path.home() / "Downloads"))
    if not found:
        message = f"No image of MicroPython for {board.chip} lies here or in Downloads."
        raise DeployError("no_image", message, f"{_WHERE}; then: --image FILE")
    return found[0]


def fitting(board: Board, folders: Sequence[Path]) -> list[Path]:
    """Images for the board's chip, the newest first."""
    found = [path for folder in folders if folder.is_dir() for path in folder.glob("*.bin")]
    fit = [path for path in found if chip_of(path) == board.chip and "circuitpython" not in path.name.lower()]
    return sorted(fit, key=lambda path: path.stat().st_mtime, reverse=True)


def chip_of(path: Path) -> str | None:
    """The chip that an image is for; None when it is no image of an ESP32."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER)
    except OSError:
        return None
    if len(head) < _HEADER or head[0] != _MAGIC:
        return None
    number = int.from_bytes(head[_CHIP_AT : _CHIP_AT + 2], "little")
    return next((chip for chip, (id, _offset) in CHIPS.items() if id == number), f"chip {number}")


def check_image(path: Path, board: Board) -> None:
    if not path.is_file():
        raise DeployError("no_image", f"There is no file {path}.", f"{_WHERE}; or --image auto")
    chip = chip_of(path)
    if chip is None:
        message = f"{path} is no image for an ESP32: it does not begin as one."
        raise DeployError("wrong_image", message, f"Take the .bin file, not .uf2 or .zip. {_WHERE}")
    if chip != board.chip:
        message = f"{path} is for {chip}, and {board.title} has {board.chip}."
        raise DeployError("wrong_image", message, _WHERE)


class Written(NamedTuple):
    """is_verified: the chip's own MD5 of what is in its flash is right. was_reset: the board has started anew;
    False where the port has no lines to do that, so that it takes a finger on its reset button."""

    is_verified: bool
    was_reset: bool


def write(port: str, board: Board, path: Path, percent: Percent) -> Written:
    """Write the image with esptool. Raises DeployError."""
    if importlib.util.find_spec("esptool") is None:
        message = "esptool, which writes interpreters, is not installed."
        raise DeployError("no_esptool", message, "pip install 'rumpus[flash]'")
    offset = CHIPS[board.chip][1]
    command = [sys.executable, "-m", "esptool", "--chip", board.chip, "--port", port, "--baud", str(_BAUD)]
    command += ["--connect-attempts", "3", "write-flash", hex(offset), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        said = _follow(process, percent)
    if process.returncode:
        raise why_esptool_failed(port, board, said)
    return Written("Hash of data verified" in said, "NOT reset" not in said)


def _follow(process: "subprocess.Popen[bytes]", percent: Percent) -> str:
    said = b""
    assert process.stdout
    while piece := process.stdout.read1():  # type: ignore[attr-defined]
        said += piece
        numbers = re.findall(rb"([0-9.]+) ?%", piece)
        if numbers:
            percent(float(numbers[-1]))
    return said.decode(errors="replace")


def why_esptool_failed(port: str, board: Board, said: str) -> DeployError:
    other = re.search(r"[Tt]his chip is (ESP32[-A-Z0-9]*)", said)
    if other:
        message = f"Wrong chip: {board.title} has {board.chip}, and at {port} is an {other[1]}."
        return DeployError("wrong_chip", message, "Nothing was written. See: rumpus boards")
    if "Could not open" in said or "port is busy" in said:
        return ports.why_not(port)
    if "Failed to connect" in said:
        message = f"The chip at {port} does not enter its boot loader."
        advice = "Hold the board's BOOT button, press reset, let go of BOOT, and try again."
        return DeployError("no_loader", message, advice)
    if "MD5 of file" in said or "flash region is empty" in said:
        message = "The interpreter was written, and the flash does not hold what was sent."
        advice = "Run it again; if it stays so, the flash chip is damaged. The board does not start with it."
        return DeployError("bad_write", message, advice)
    why = _fatal(said)
    if "serial exception" in said or any(words in why.lower() for words in _LOST):
        message = f"The chip at {port} stopped answering while the interpreter was written ({why})."
        advice = "Check cable, plug and supply, and run it again: the interpreter on it is not whole."
        return DeployError("lost", message, advice)
    return DeployError("esptool", f"esptool could not write the interpreter: {why}.", "Run it again.")


# In esptool's words when nothing comes any more, or something that is no packet.
_LOST = (
    "no serial data",
    "serial data stream",
    "packet content",
    "invalid head",
    "no more data",
    "no response",
)


def _fatal(said: str) -> str:
    """What esptool gives as its reason, without the full stop."""
    fatal = re.search(r"error occurred: ([^\n]*)", said)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return (fatal[1].strip() if fatal else lines[-1] if lines else "no reason").rstrip(".")
