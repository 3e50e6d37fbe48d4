"""A board on a test stand: a real MicroPython on a pseudo-terminal, its files on littlefs.

What runs in the process is tests/device/stand/board.py; this keeps it alive as power keeps a board: after
a reset, a watchdog's bite or a soft reset the next process is the board's next life. The flash is a file,
so it survives. The cable is bench/serial_line.py with the small ring of a real port.

    with BoardStand(tmp_path) as stand:
        subprocess.run(["mpremote", "connect", stand.path, "eval", "1+1"])
"""

import contextlib
import json
import os
import signal
import subprocess
import termios
import threading
import time
from pathlib import Path
from typing import Self

from rumpus.hal.stalls import WATCHDOG_MS
from rumpus_host.bench import interpreters
from rumpus_host.bench.repository import ROOT
from rumpus_host.bench.serial_line import SerialLine
from rumpus_host.bench.virtual_appliance import _take_terminal

SCRIPT = ROOT / "tests" / "device" / "stand" / "board.py"
FAKES = ROOT / "tests" / "host" / "fakes"
PATHS = (SCRIPT.parent, FAKES / "micropython", FAKES, ROOT / "tests" / "shared", ".frozen")
BLOCK = 4096
_START_S = 30
_LIVES = {70: "raw", 71: "soft"}  # exit code -> the life that follows; all others: from power-up

# A water heater on an ESP32-DevKitC that is cold and well, so that it heats when it is asked to.
COLD_TANK = {
    "volts": {"34": 26000, "35": 26000, "32": 28000, "33": 0, "36": 0},
    "levels": {"26": 0},
}


class BoardStand:
    """blocks: size of the file system in 4096 bytes. rom_blocks: of a ROMFS partition; 0: an interpreter
    without, as those that can be downloaded. chip: a name in stand/os.py. watchdog_us: how long the fake
    watchdog waits in truth. line: its cable. more: further entries of STAND.json."""

    def __init__(
        self,
        folder: Path,
        *,
        interpreter: str = "micropython",
        blocks: int = 256,
        rom_blocks: int = 0,
        chip: str = "esp32",
        watchdog_us: int | None = 4_000_000,
        line: SerialLine | None = None,
        **more: object,
    ) -> None:
        self.folder = folder
        self.flash = folder / "flash.bin"
        self._log = folder / "log.txt"
        self._settings = folder / "stand.json"
        self.options: dict = {
            "flash": str(self.flash),
            "flash_at": 0,
            "blocks": blocks,
            "log": str(self._log),
            "chip": chip,
            "access_points": {},
            "address": "127.0.0.1",
            "cut_after": 0,
            "faster": WATCHDOG_MS * 1000 // (watchdog_us or WATCHDOG_MS * 1000) + 1,
            **COLD_TANK,
            **more,
        }
        self.rom = folder / "rom.bin"
        if rom_blocks:
            self.options["rom"] = str(self.rom)
            self._erase(self.rom, rom_blocks)
        self._interpreter = interpreters.find(interpreter)
        self._environment = os.environ | {
            "MICROPYPATH": ":".join(map(str, PATHS)),
            "FAKE_REAL_TIME": "1",
            **({"FAKE_WATCHDOG_US": str(watchdog_us)} if watchdog_us else {}),
        }
        self.said = b""  # on standard error: what no board would say
        self.line = line or SerialLine()
        self._process: subprocess.Popen | None = None
        self._keeper: threading.Thread | None = None
        self._is_on = False
        self.exit_codes: list[int] = []

    @property
    def path(self) -> str:
        return self.line.path

    @property
    def url(self) -> str:
        return f"serial://{self.path}"

    def __enter__(self) -> Self:
        self._erase(self.flash, self.options["blocks"])
        self.power_on()
        return self

    @staticmethod
    def _erase(file: Path, blocks: int) -> None:
        if not file.exists():
            file.write_bytes(b"\xff" * BLOCK * blocks)

    def __exit__(self, *_error: object) -> None:
        self.power_off()
        self.line.close()

    def power_on(self) -> None:
        """Returns when the board has begun to boot."""
        self._write_settings()
        self._is_on = True
        lives = self._lives()
        self._keeper = threading.Thread(target=self._keep_alive, name="board stand", daemon=True)
        self._keeper.start()
        deadline = time.monotonic() + _START_S
        while self._lives() == lives:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the stand does not start: {self.errors()}")
            time.sleep(0.01)

    def _write_settings(self) -> None:
        self._settings.write_text(json.dumps(self.options))

    def _lives(self) -> int:
        return sum(words[0] == "life" for words in self.log())

    def power_off(self) -> None:
        """As a power cut: nothing is finished."""
        self._is_on = False
        self._kill()
        if self._keeper:
            self._keeper.join()

    def _kill(self) -> None:
        process = self._process
        if process:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)

    def power_cycle(self) -> None:
        self.power_off()
        self.power_on()

    def _keep_alive(self) -> None:
        life = "hard"
        while self._is_on:
            if life == "hard" and not self._rom():
                continue
            self._process = process = self._begin(life)
            if not self._is_on:  # switched off in between
                process.kill()
            process.wait()
            self.exit_codes.append(process.returncode)
            life = _LIVES.get(process.returncode, "hard")
            if process.returncode == 77:
                return  # the power went, and stays away

    def _rom(self) -> bool:
        """What comes before the interpreter after a reset; False: no interpreter comes."""
        return True

    def _begin(self, life: str) -> subprocess.Popen:
        self.line.reset()
        fd = self.line.device_fd
        mode = termios.tcgetattr(fd)
        mode[3] = mode[3] & ~termios.ISIG | termios.NOFLSH  # an interrupt loses no other characters
        termios.tcsetattr(fd, termios.TCSANOW, mode)
        command = [*self._interpreter.command(SCRIPT, heap="2M"), str(self._settings), life]
        with (self.folder / "errors.txt").open("ab") as errors:
            return subprocess.Popen(
                command,
                stdin=fd,
                stdout=fd,
                stderr=errors,
                env=self._environment,
                cwd=self.folder,
                start_new_session=True,
                preexec_fn=_take_terminal,
            )

    # --- what was seen --------------------------------------------------------------------------------

    def log(self) -> list[list[str]]:
        """All notes of all lives: life, run, pin, watchdog, at (the prompt), cut."""
        text = self._log.read_text() if self._log.exists() else ""
        return [line.split() for line in text.splitlines()]

    def last_life(self) -> list[list[str]]:
        """The notes since the last reset."""
        notes = self.log()
        begins = [i for i, words in enumerate(notes) if words[0] == "life"]
        return notes[begins[-1] :] if begins else []

    def runs(self) -> bool:
        """Whether the firmware has come to its loop: it starts its watchdog last."""
        return any(words[0] == "watchdog" for words in self.last_life())

    def levels(self) -> dict[str, list[int]]:
        """What each pin has driven since the last reset, in order."""
        found: dict[str, list[int]] = {}
        for words in self.last_life():
            if words[0] == "pin":
                found.setdefault(words[1], []).append(int(words[2]))
        return found

    def errors(self) -> str:
        return (self.folder / "errors.txt").read_text(errors="replace")
