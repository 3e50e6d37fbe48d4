"""A bare ESP32 on the test stand: its ROM, its flash, its reset circuit, and, once an image is there, MicroPython.

    with EspStand(tmp_path, "esp32c3") as stand:                 # a pseudo-terminal: no DTR, no RTS
        stand.press(boot=True)                                   # BOOT held while reset is pressed
        subprocess.run(["esptool", "--port", stand.path, ...])
        stand.press()                                            # reset

    with EspStand(tmp_path) as stand, stand.network() as url:    # rfc2217://..., which has both lines
        subprocess.run(["esptool", "--port", url, ...])

At each reset the ROM decides as a chip's does: download mode when IO0 is low (esp_rom.py), else the image in
the flash, and without one "invalid header", again and again. What an image holds is not run: a whole one
starts the MicroPython of board_stand.py, its file system in the same flash, where no image reaches.
"""

import contextlib
import mmap
import socket
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import serial
from board_stand import BoardStand
from esp_image import FILES_AT, can_boot
from esp_rom import CHIPS, ROM_BAUD, Chip, Nor, RomLoader
from serial import rfc2217

from rumpus_host.bench.serial_line import SerialLine

SIZE = 4 * 1024 * 1024
_RESET_S = 10
_RISE_S = 0.02  # EN has a capacitor: IO0 is looked at so much later
_BANNER = b"ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 (POWERON_RESET),boot:"
_SPEEDS = {getattr(termios, f"B{baud}"): baud for baud in (9600, 57600, 115200, 230400, 460800, 921600)}


class EspLine(SerialLine):
    """A cable whose far end is the ROM while that runs. rom: takes bytes and the speed they came at."""

    rom: Callable[[bytes, int], None] | None = None
    _is_out = False

    def close(self) -> None:
        """Also: pull it out while it is in use."""
        if not self._is_out:
            self._is_out = True
            super().close()

    def _to_device(self, data: bytes) -> None:
        if self.rom:
            self.rom(data, self.baud())
        else:
            super()._to_device(data)

    def baud(self) -> int:
        """The speed that the host has set."""
        return _SPEEDS.get(termios.tcgetattr(self._outer)[4], 0)

    def say(self, data: bytes) -> None:
        self._to_host(data)


class EspStand(BoardStand):
    """loader: the last one that download mode has had. boot_delay_s: what the interpreter takes to its first
    word. more: as in BoardStand."""

    def __init__(
        self, folder: Path, chip: str = "esp32", *, boot_delay_s: float = 0.0, **more: object
    ) -> None:
        self.esp_line = EspLine()
        super().__init__(folder, chip=chip, line=self.esp_line, flash_at=FILES_AT, **more)  # type: ignore[arg-type]
        self.chip: Chip = CHIPS[chip]
        self.boot_delay_s = boot_delay_s
        self.loader: RomLoader | None = None
        self.on_loader: Callable[[RomLoader], None] = lambda _loader: None
        self.resets: list[str] = []  # how the ROM went on after each reset
        self._boot_is_low = False
        self._enabled = threading.Event()
        self._was_reset = threading.Event()

    def __enter__(self) -> Self:
        if not self.flash.exists():
            self.flash.write_bytes(b"\xff" * SIZE)
        with self.flash.open("r+b") as file:
            self.memory = mmap.mmap(file.fileno(), SIZE)
        self.nor = Nor(self.memory)  # type: ignore[arg-type]
        self.power_on()
        return self

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self.memory.close()

    def power_on(self) -> None:
        resets = len(self.resets)
        self._enabled.set()
        self._is_on = True
        self._write_settings()
        self._keeper = threading.Thread(target=self._keep_alive, name="esp stand", daemon=True)
        self._keeper.start()
        self._wait_for_reset(resets)

    def power_off(self) -> None:
        self._is_on = False
        self._enabled.set()
        self._was_reset.set()
        super().power_off()

    # --- reset ----------------------------------------------------------------------------------------

    def press(self, boot: bool = False) -> None:
        """The reset button; boot: while BOOT is held."""
        resets = len(self.resets)
        self.set_lines(enabled=False, boot_is_low=boot)
        self.set_lines(enabled=True, boot_is_low=boot)
        self._wait_for_reset(resets)
        self._boot_is_low = False

    def _wait_for_reset(self, before: int) -> None:
        deadline = time.monotonic() + _RESET_S
        while len(self.resets) == before:
            if time.monotonic() > deadline:
                raise RuntimeError("the chip does not start")
            time.sleep(0.005)

    @property
    def is_enabled(self) -> bool:
        return self._enabled.is_set()

    def set_lines(self, enabled: bool, boot_is_low: bool) -> None:
        """Levels of EN and IO0."""
        self._boot_is_low = boot_is_low
        if enabled:
            self._enabled.set()
        elif self._enabled.is_set():
            self._enabled.clear()
            self._was_reset.set()
            self._kill()

    def _rom(self) -> bool:
        """From a reset to the interpreter; False when another reset, or the end of power, came before it."""
        self._enabled.wait()
        time.sleep(_RISE_S)
        self._was_reset.clear()
        if not (self._enabled.is_set() and self._is_on):
            return False
        if self._boot_is_low:
            self._begin_download()
        elif can_boot(self.memory, self.chip):
            self.resets.append("runs")
            self.esp_line.rom = None
            return not self._was_reset.wait(self.boot_delay_s) and self._is_on
        else:
            self._begin_nothing()
        self._was_reset.wait()
        return False

    def _begin_download(self) -> None:
        self.loader = RomLoader(self.chip, self.nor, self.esp_line.say)
        self.on_loader(self.loader)
        self.esp_line.rom = self.loader.take
        self.esp_line.say(
            _BANNER + b"0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))\r\nwaiting for download\r\n"
        )
        self.resets.append("download")

    def _begin_nothing(self) -> None:
        """It says so, and its watchdog begins anew."""
        self.esp_line.rom = lambda _data, _baud: None
        self.resets.append("nothing")
        while not self._was_reset.wait(0.1):
            self.esp_line.say(_BANNER + b"0x13 (SPI_FAST_FLASH_BOOT)\r\ninvalid header: 0xffffffff\r\n")

    # --- lines that a pseudo-terminal lacks -------------------------------------------------------------

    @contextlib.contextmanager
    def network(self) -> Iterator[str]:
        """The port as a serial server offers it in a network (RFC 2217), for pyserial; DTR and RTS are wired
        to EN and IO0 by two transistors, as on most boards."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            threading.Thread(target=self._serve, args=(server,), daemon=True).start()
            yield f"rfc2217://127.0.0.1:{server.getsockname()[1]}?ign_set_control"
            server.shutdown(socket.SHUT_RDWR)

    def _serve(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = server.accept()
                with connection, contextlib.suppress(OSError, serial.SerialException):
                    _Served(self, connection).run()


class _Served(serial.Serial):
    """The stand's port while somebody has it over the network. A port has both lines off until it is told."""

    cts = dsr = cd = True
    ri = False
    _lines = (False, False)

    def __init__(self, stand: EspStand, connection: socket.socket) -> None:
        self._stand = stand
        self._connection = connection
        super().__init__(stand.path, ROM_BAUD, timeout=0.02)

    dtr = property(lambda self: self._lines[0], lambda self, on: self._set_both(on, self._lines[1]))
    rts = property(lambda self: self._lines[1], lambda self, on: self._set_both(self._lines[0], on))

    def _set_both(self, dtr: bool, rts: bool) -> None:
        self._lines = (dtr, rts)
        # Both on is neither. On the way from one to the other EN stays as it is: it has a capacitor.
        enabled = self._stand.is_enabled if dtr and rts else not rts
        self._stand.set_lines(enabled, boot_is_low=dtr and not rts)

    def _update_dtr_state(self) -> None:
        pass

    def _update_rts_state(self) -> None:
        pass

    def run(self) -> None:
        """Until the host goes."""
        lock = threading.Lock()

        class Out:
            @staticmethod
            def write(data: bytes) -> None:
                with lock:
                    self._connection.sendall(data)

        manager = rfc2217.PortManager(self, Out)

        def to_host() -> None:
            with contextlib.suppress(OSError, TypeError, serial.SerialException):
                while self.is_open:
                    data = serial.Serial.read(self, 1) + serial.Serial.read(self, self.in_waiting)
                    if data:
                        Out.write(b"".join(manager.escape(data)))

        sender = threading.Thread(target=to_host, daemon=True)
        sender.start()
        while data := self._connection.recv(65536):
            for piece in (data[i : i + 4096] for i in range(0, len(data), 4096)):
                self.write(b"".join(manager.filter(piece)))
        self._set_both(False, False)
        self.close()
        sender.join()
