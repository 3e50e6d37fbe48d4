"""A slot as a ROMFS image: compiled files that are run where they lie in flash, not copied to the heap.

Needs an interpreter that was built with a romfs partition; it mounts the image at /rom and looks for modules
there. `mpremote romfs deploy` writes an image, and so does write(), by the same code.
"""

import argparse
import contextlib
import io
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mpremote.commands import CommandError, do_romfs
from mpremote.romfs import VfsRomWriter
from mpremote.transport import TransportExecError

from .problem import DeployError
from .repl import Progress, Repl

ROM = "/rom"
MANIFEST = "manifest"
_ADVICE = "Flash without --romfs; or build a MicroPython with a partition romfs: docs/flashing.md"
# -1: an interpreter that knows no ROMFS; 0: no partition for one; else its size in bytes.
_SIZE = """
import vfs
size = -1
if hasattr(vfs, 'rom_ioctl'):
    size = 0
    if vfs.rom_ioctl(1) > 0:
        dev = vfs.rom_ioctl(2, 0)
        size = dev.ioctl(4, 0) * dev.ioctl(5, 0) if hasattr(dev, 'ioctl') else len(dev)
print(size)
"""


def check(repl: Repl, needed: int) -> None:
    """Is there room for an image of so many bytes? Nothing is written. Raises DeployError."""
    size = int(repl.run(_SIZE))
    if size < 0:
        message = f"The MicroPython on the board at {repl.port} was built without ROMFS."
        raise DeployError("no_romfs", message, _ADVICE)
    if size == 0:
        message = f"The MicroPython on the board at {repl.port} knows ROMFS and has no partition for it."
        raise DeployError("no_romfs", message, _ADVICE)
    if needed > size:
        message = f"The firmware is too big for the ROMFS partition: {needed} bytes, and there are {size}."
        raise DeployError("full", message, "With --lean it is half as big. Nothing was written.")


class _State:
    """What mpremote's commands ask of its main program: a board that is in the raw REPL already."""

    def __init__(self, transport: Any) -> None:
        self.transport = transport

    def ensure_raw_repl(self, soft_reset: bool | None = None) -> None:
        pass

    def did_action(self) -> None:
        pass


class _Offsets(io.StringIO):
    """What mpremote prints while it writes, as progress."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._at = 0

    def write(self, text: str) -> int:
        offset = re.search(r"Writing at offset (\d+)", text)
        if offset:
            self._progress(int(offset[1]) - self._at)
            self._at = int(offset[1])
        return super().write(text)


def write(repl: Repl, data: bytes, progress: Progress) -> None:
    """Write an image. It counts from the next restart on; what was there is gone. Raises DeployError."""
    said = _Offsets(progress)
    with tempfile.TemporaryDirectory(prefix="rumpus-rom-") as folder:
        path = Path(folder) / "slot.romfs"
        path.write_bytes(data)
        arguments = argparse.Namespace(command=["deploy"], path=str(path), partition=0, mpy=False)
        with repl.mpremote() as transport, contextlib.redirect_stdout(said):
            try:
                do_romfs(_State(transport), arguments)
            except (CommandError, TransportExecError, SystemExit) as error:
                last = (str(error).strip().splitlines() or ["no reason"])[-1]
                message = f"The board could not write its ROMFS: {last}."
                raise DeployError("bad_write", message, "Run it again.") from None


def image(files: Mapping[str, bytes]) -> bytes:
    """The image of files by their paths. The manifest comes last: where it is, the image was written whole."""
    tree: dict[str, Any] = {}
    for path, data in files.items():
        *folders, name = path.split("/")
        at = tree
        for folder in folders:
            at = at.setdefault(folder, {})
        at[name] = data
    writer = VfsRomWriter()
    _write(writer, tree)
    return writer.finalise()


def _write(writer: VfsRomWriter, tree: Mapping[str, Any]) -> None:
    for name, entry in sorted(tree.items(), key=lambda item: (item[0] == MANIFEST, item[0])):
        if isinstance(entry, bytes):
            writer.mkfile(name, entry)
        else:
            writer.opendir(name)
            _write(writer, entry)
            writer.closedir()
