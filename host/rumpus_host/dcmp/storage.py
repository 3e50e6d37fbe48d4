"""Files of this computer, for the asking end of a transfer: the storage of rumpus.dcmp.transfer.

One file at a time: set `path` before. What was downloaded lies in PATH.part until it is whole, with the digest
that it must have in PATH.part.json, so that a later call goes on.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import BinaryIO

from rumpus.dcmp.tables import result_codes as r
from rumpus.dcmp.tables.timing import BLOCK_SIZE


class LocalFile:
    """path: the file that is sent, or is to be made."""

    MAX_BLOCK = BLOCK_SIZE

    def __init__(self) -> None:
        self.path = Path()
        self._file: BinaryIO | None = None
        self._digest = b""

    @property
    def _part(self) -> Path:
        return self.path.with_name(self.path.name + ".part")

    @property
    def _about(self) -> Path:
        return self.path.with_name(self.path.name + ".part.json")

    # --- sending --------------------------------------------------------------------------------------

    def open(self, _file_type: str, _name: str) -> tuple[int, int, bytes]:
        try:
            self._file = self.path.open("rb")
            digest = hashlib.file_digest(self._file, "sha256").digest()
        except OSError:
            return r.FILE_NOT_FOUND, 0, bytes(32)
        return r.SUCCESS, self.path.stat().st_size, digest

    def read(self, offset: int, view: memoryview) -> int:
        assert self._file
        self._file.seek(offset)
        return self._file.readinto(view)  # type: ignore[attr-defined]

    # --- taking ---------------------------------------------------------------------------------------

    def resume(self, _file_type: str, _name: str, digest: bytes) -> int:
        """Bytes kept of an interrupted download of exactly this file."""
        try:
            about = json.loads(self._about.read_text(encoding="utf-8"))
            return self._part.stat().st_size if about == {"digest": digest.hex()} else 0
        except (OSError, ValueError):
            return 0

    def begin(
        self, file_type: str, name: str, _version: str, size: int, digest: bytes, may_resume: bool
    ) -> tuple[int, int]:
        kept = self.resume(file_type, name, digest) if may_resume else 0
        if kept > size:
            kept = 0
        try:
            stats = os.statvfs(self.path.parent) if hasattr(os, "statvfs") else None
            if stats and size - kept > stats.f_bavail * stats.f_frsize:
                return r.INSUFFICIENT_STORAGE, 0
            self._about.write_text(json.dumps({"digest": digest.hex()}), encoding="utf-8")
            self._file = self._part.open("r+b" if kept else "wb")
            self._file.seek(kept)
        except OSError:
            return r.LOCAL_ERROR, 0
        self._digest = digest
        return r.SUCCESS, kept

    def write(self, view: memoryview) -> int:
        assert self._file
        try:
            self._file.write(view)
        except OSError:
            return r.INSUFFICIENT_STORAGE
        return r.SUCCESS

    def finish(self) -> int:
        self.close()
        try:
            with self._part.open("rb") as file:
                good = hashlib.file_digest(file, "sha256").digest() == self._digest
            if not good and any(self._digest):
                self._part.unlink()
                return r.APPLY_FILE_BROKEN
            self._part.replace(self.path)
        except OSError:
            return r.LOCAL_ERROR
        finally:
            self._about.unlink(missing_ok=True)
        return r.SUCCESS

    def close(self) -> None:
        file, self._file = self._file, None
        if file:
            file.close()
