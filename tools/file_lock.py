"""One process at a time through a piece of work, on Linux, macOS and Windows.

The operating system frees the lock when its owner dies, so a killed run never blocks the next one.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def file_lock(path: Path, waiting: str = "") -> Iterator[None]:
    """Hold the lock file at path. waiting: a line to print once when somebody else holds it."""
    with path.open("a+b") as handle:
        if not _try_lock(handle.fileno()):
            if waiting:
                print(waiting, flush=True)
            while not _try_lock(handle.fileno()):
                time.sleep(0.1)
        yield  # closing the file frees the lock


if os.name == "nt":
    import msvcrt

    def _try_lock(fd: int) -> bool:
        os.lseek(fd, 0, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
