"""The REPL of a board, through mpremote: break in, run, files, restart.

A running firmware may have the port to itself (DECISIONS D14). Then mpremote's own Ctrl-C is noise to it,
and what ends it is the escape: three Ctrl-C and half a second of silence. They are sent one by one, so that
a firmware which a Ctrl-C interrupts has switched its outputs off before the next one comes.
"""

import ast
import contextlib
import io
import json
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, NoReturn

import serial
from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport

from . import ports
from .problem import DeployError

BAUD = 115200
_READ_S = 1.0  # a read from the port waits this long at most
_KEY_S = 0.12
_SILENCE_S = 0.8
_QUICK_S = 0.4
_SETTLE_S = 0.1
_BUSY_S = 3.0
_RAW_BANNER = b"raw REPL; CTRL-B to exit\r\n"
_CHUNK = 256

Progress = Callable[[int], None]

# What a board's ROM or its flash says while there is no interpreter on it.
_NO_INTERPRETER = ("invalid header", "waiting for download", "flash read err", "No bootable app")

_LOOK = """
import os, sys, json
s = os.statvfs('/')
u = getattr(os, 'uname', None)
i = sys.implementation
print(json.dumps([i.name, list(i.version)[:3], u().machine if u else getattr(i, '_machine', ''),
 s[0], s[0] * s[2], s[0] * s[3]]))
"""

_HASHES = """
import os, hashlib, binascii
b = memoryview(bytearray(512))
def _hashes(folder):
    try:
        entries = list(os.ilistdir(folder))
    except OSError:
        return
    for entry in entries:
        path = folder + '/' + entry[0]
        if entry[1] & 0x4000:
            print(repr((path, -1, '')))
            _hashes(path)
        else:
            h = hashlib.sha256()
            n = size = 0
            with open(path, 'rb') as f:
                while True:
                    n = f.readinto(b)
                    if not n:
                        break
                    size += n
                    h.update(b[:n])
            print(repr((path, size, binascii.hexlify(h.digest()).decode())))
"""


class Look(NamedTuple):
    """What an interpreter says of itself and of its flash; sizes in bytes."""

    implementation: str
    version: tuple[int, ...]
    machine: str
    block: int
    size: int
    free: int


class Entry(NamedTuple):
    """A file, or a folder: size is -1 and digest ""."""

    size: int
    digest: str


class Repl:
    """A board at a port. All calls raise DeployError."""

    restart_s = 15.0  # from a reset to a REPL: a board with USB of its own comes as a new port
    first_start_s = 30.0  # a new interpreter makes its file system first
    finger_s = 90.0  # somebody has to find the reset button

    def __init__(self, port: str) -> None:
        self.port = port
        self.console = b""  # what the board has said when it was not asked
        self._transport: Any = None

    def __enter__(self) -> "Repl":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    # --- the port -------------------------------------------------------------------------------------

    def open(self) -> None:
        try:
            self._transport = SerialTransport(self.port, BAUD, timeout=_READ_S)
        except (TransportError, serial.SerialException, OSError, ValueError):
            raise ports.why_not(self.port) from None

    def close(self) -> None:
        transport, self._transport = self._transport, None
        if transport:
            with contextlib.suppress(OSError, serial.SerialException):
                transport.close()

    def break_in(self) -> None:
        """To the raw REPL, whatever the board is doing."""
        if self._transport is None:
            self.open()
        with self._guarded():
            heard = self._try_raw()
            if heard is None:
                return
            self._escape()
            again = self._try_raw()
            if again is not None:
                raise no_repl(self.port, heard + self.console + again)

    def _try_raw(self) -> bytes | None:
        """None when the raw REPL is there, else what was heard in its place."""
        said = io.StringIO()  # where mpremote prints what it got
        self._transport.serial.timeout = _QUICK_S
        try:
            with contextlib.redirect_stdout(said):
                self._transport.enter_raw_repl(soft_reset=False, timeout_overall=_QUICK_S)
                self._settle()
        except TransportError:
            return _bytes_of(said.getvalue())
        finally:
            self._transport.serial.timeout = _READ_S
        return None

    def _settle(self) -> None:
        """A board that was starting answers late, and more than once: leave nothing of that for what follows."""
        time.sleep(_SETTLE_S)
        self._take()
        self._transport.serial.write(b"\x01")
        self._transport.read_until(1, _RAW_BANNER, timeout_overall=_READ_S)

    def _escape(self) -> None:
        self._transport.serial.write(b"\0")  # ends whatever stands before it
        for _ in range(3):
            time.sleep(_KEY_S)
            self._transport.serial.write(b"\x03")
        time.sleep(_SILENCE_S)
        self.console += self._take()

    def _take(self) -> bytes:
        return self._transport.serial.read(self._transport.serial.in_waiting)

    # --- run ------------------------------------------------------------------------------------------

    def run(self, code: str) -> str:
        """What the code prints. Raises DeployError with the last line of its traceback when it fails."""
        try:
            with self._guarded():
                return self._transport.exec(code).decode(errors="replace")
        except TransportExecError as error:
            last = error.error_output.strip().splitlines()[-1:] or ["no reason"]
            raise DeployError("device_fails", f"The board could not do that: {last[0]}.") from None

    def look(self) -> Look:
        name, version, machine, block, size, free = json.loads(self.run(_LOOK))
        return Look(name, tuple(version), machine, block, size, free)

    def restart(self) -> None:
        """Reset the board as its button does, and let go of the port."""
        with contextlib.suppress(DeployError), self._guarded():
            self._transport.exec_raw_no_follow("import machine\nmachine.reset()")
            time.sleep(0.1)
        self.close()

    def restart_and_break_in(self) -> None:
        self.restart()
        self.wait_and_break_in(self.restart_s)

    def wait_and_break_in(self, seconds: float) -> None:
        """To the raw REPL of a board that may still be starting, or whose port is not back yet."""
        begin = time.monotonic()
        while True:
            try:
                self.break_in()
                return
            except DeployError as error:
                self.close()
                # A port that has just come is often busy for a moment: the system looks what it is.
                if time.monotonic() > begin + (_BUSY_S if error.code == "busy_port" else seconds):
                    raise
                time.sleep(0.3)

    def restart_and_listen(self, seconds: float) -> bytes:
        """Reset the board and say what it said in its first seconds; ends early at a packet (a zero byte)
        or at a traceback."""
        with self._guarded():
            self._transport.exec_raw_no_follow("import machine\nmachine.reset()")
        heard = b""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and b"\0" not in heard and b"Error" not in heard:
            try:
                if self._transport is None:
                    self.open()
                heard += self._take()
            except (DeployError, OSError, serial.SerialException):
                self.close()  # a port of the chip's own goes away with it, and comes back
            time.sleep(0.05)
        if self._transport and b"Error" in heard:
            time.sleep(0.2)
            heard += self._take()
        self.close()
        return heard

    @contextlib.contextmanager
    def mpremote(self) -> Iterator[Any]:
        """mpremote's own transport, for a command of its own."""
        with self._guarded():
            yield self._transport

    # --- files ----------------------------------------------------------------------------------------

    def hashes(self, folder: str) -> dict[str, Entry]:
        """All files and folders below a folder ("" is the root), by path."""
        self.run(_HASHES)
        lines = self.run(f"_hashes({folder!r})").splitlines()
        return {path: Entry(size, digest) for path, size, digest in map(ast.literal_eval, lines)}

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, None when there is none."""
        with self._guarded():
            try:
                return bytes(self._transport.fs_readfile(path, chunk_size=_CHUNK))
            except OSError:
                return None

    def write(self, path: str, data: bytes, progress: Progress | None = None) -> None:
        """Write a file over what was there."""
        done = 0

        def told(written: int, _size: int) -> None:
            nonlocal done
            if progress:
                progress(written - done)
            done = written

        with self._guarded(), self._writing(path):
            self._transport.fs_writefile(path, data, chunk_size=_CHUNK, progress_callback=told)

    def write_whole(self, path: str, data: bytes, progress: Progress | None = None) -> None:
        """Put a file in the place of another: it is the old one or the new one at any moment (littlefs)."""
        self.write(path + ".new", data, progress)
        with self._guarded(), self._writing(path):
            self.run(f"import os\nos.rename({path + '.new'!r}, {path!r})")

    @contextlib.contextmanager
    def _writing(self, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if isinstance(error, serial.SerialException):
                raise
            raise DeployError("bad_write", f"The board could not write {path}: {error}.") from None

    def remove(self, path: str) -> None:
        """Remove a file if it is there."""
        self.run(f"import os\ntry:\n os.remove({path!r})\nexcept OSError:\n pass")

    def make_folder(self, path: str) -> None:
        self.run(f"import os\nos.mkdir({path!r})")

    def remove_tree(self, entries: dict[str, Entry]) -> None:
        """Remove files and folders that hashes() has found."""
        for path in sorted(entries, reverse=True):  # what is in a folder comes before it
            kind = "rmdir" if entries[path].size < 0 else "remove"
            self.run(f"import os\nos.{kind}({path!r})")

    # --- errors ---------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """A cable that is pulled is a DeployError, not a traceback."""
        try:
            yield
        except TransportExecError:
            raise
        except (TransportError, serial.SerialException, struct.error, TypeError) as error:
            self._lost(error)
        except OSError as error:
            if error.errno not in (5, 6, 19, 9):  # EIO, ENXIO, ENODEV, EBADF: of the port, not of a file
                raise
            self._lost(error)

    def _lost(self, error: Exception) -> NoReturn:
        message = f"The board at {self.port} stopped answering: {error}."
        raise DeployError("lost", message, "Check cable and plug, press the board's reset, try again.")


def no_repl(port: str, heard: bytes) -> DeployError:
    """Why there is no REPL, by what was heard."""
    text = heard.decode(errors="replace")
    if any(words in text for words in _NO_INTERPRETER):
        message = f"The board at {port} has no MicroPython yet (it says {_excerpt(heard)})."
        advice = "Write one: rumpus flash ... --image FILE; images are at micropython.org/download"
        return DeployError("no_repl", message, advice)
    if not heard.strip():
        message = f"Nothing answers at {port}: no MicroPython prompt, not a word."
        advice = "Press reset on the board and try again. A new board needs an interpreter: --image FILE"
        return DeployError("no_repl", message, advice)
    message = f"What answers at {port} is no MicroPython: {_excerpt(heard)}."
    advice = "Is it the right port? Press reset and try again; a new board needs an interpreter: --image FILE"
    return DeployError("no_repl", message, advice)


def _bytes_of(printed: str) -> bytes:
    """mpremote prints a bytes object."""
    heard = b""
    for line in printed.splitlines():
        with contextlib.suppress(ValueError, SyntaxError):
            value = ast.literal_eval(line)
            heard += value if isinstance(value, bytes) else b""
    return heard


def _excerpt(heard: bytes, most: int = 60) -> str:
    text = " ".join(heard.decode("ascii", errors="replace").replace("\x00", "").split())
    return repr(text[-most:])
