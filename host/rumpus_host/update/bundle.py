"""Bundles: a whole version of the firmware for one board and one appliance, in one signed stream.

    raw = pack(build(board, appliance), board=..., appliance=..., version="0.2.0", floor="0.1.0", key=key)
    bundle = read(raw)

Layout: firmware/rumpus/update/tables/bundle.py.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import rsa

from rumpus import wire
from rumpus.errors import DecodeError
from rumpus.update.manifest import is_safe
from rumpus.update.manifest_head import version_key
from rumpus.update.tables.bundle import (
    BUNDLE_HEAD,
    BUNDLE_HEAD_SIZE,
    FORMAT,
    LONGEST_LINE,
    LONGEST_ROW,
    MAGIC,
)

from . import keys

LONGEST_MANIFEST = 0xFFFF
NAME_SIZE = 32  # of a file on the wire


class BadBundle(ValueError):
    """The text says what is wrong."""


class Bundle(NamedTuple):
    board: str
    appliance: str
    version: str
    floor: str
    files: dict[str, bytes]
    signed: bytes  # the part of the manifest that the signature covers
    signature: bytes
    size: int
    digest: bytes  # SHA-256 of the whole stream

    @property
    def name(self) -> str:
        """What it is called on the wire."""
        return f"{self.board}/{self.appliance}"[:NAME_SIZE]


def manifest(
    files: Mapping[str, bytes],
    *,
    board: str,
    appliance: str,
    version: str,
    floor: str = "0.0.0",
    key: rsa.RSAPrivateKey | None = None,
) -> bytes:
    """The manifest of these files, signed when there is a key. Without one it is for a slot that is written
    over a cable. Raises BadBundle."""
    rows = [[path, len(files[path]), hashlib.sha256(files[path]).hexdigest()] for path in in_order(files)]
    if bad := [path for path in files if not is_safe(path)]:
        raise BadBundle(f"{', '.join(sorted(bad))}: not a path that a device takes.")
    try:
        newest, least = version_key(version), version_key(floor)
    except DecodeError:
        raise BadBundle(f"A version is three numbers, such as 1.12.0, not {version} or {floor}.") from None
    if newest < least:
        raise BadBundle(f"The floor {floor} is above the version {version} itself.")
    if not rows:
        raise BadBundle("There are no files.")
    head = {"board": board, "type": appliance, "version": version, "floor": floor, "files": len(rows)}
    text = b"".join(_line(value, LONGEST_ROW) for value in (head, *rows))
    if key:
        text += _line(["signature", keys.sign(key, text).hex()])
    if len(text) > LONGEST_MANIFEST:
        raise BadBundle(f"The manifest has {len(text)} bytes; {LONGEST_MANIFEST} is the most.")
    return text


def in_order(paths: Mapping[str, bytes] | list[str]) -> list[str]:
    """The order in which a device takes files: folder by folder."""
    return sorted(paths, key=lambda path: (str(PurePosixPath(path).parent), path))


def pack(
    files: Mapping[str, bytes],
    *,
    board: str,
    appliance: str,
    version: str,
    floor: str = "0.0.0",
    key: rsa.RSAPrivateKey,
) -> bytes:
    """The bundle. Raises BadBundle."""
    text = manifest(files, board=board, appliance=appliance, version=version, floor=floor, key=key)
    head = {"Magic": MAGIC, "Format": FORMAT, "ManifestSize": len(text)}
    return wire.pack(BUNDLE_HEAD, head) + text + b"".join(files[path] for path in in_order(files))


def read(raw: bytes) -> Bundle:
    """The parts of a bundle, each file's hash checked; the signature is not. Raises BadBundle."""
    try:
        head = wire.unpack_all(BUNDLE_HEAD, raw[:BUNDLE_HEAD_SIZE])
    except DecodeError:
        raise BadBundle("This is no bundle.") from None
    if head["Magic"] != MAGIC:
        raise BadBundle("This is no bundle.")
    if head["Format"] != FORMAT:
        raise BadBundle(f"This is a bundle of format {head['Format']}; format {FORMAT} is known here.")
    at = BUNDLE_HEAD_SIZE + head["ManifestSize"]
    lines = raw[BUNDLE_HEAD_SIZE:at].splitlines(keepends=True)
    try:
        first, *rows, last = [json.loads(line) for line in lines]
        word, signature = last
        if word != "signature" or len(rows) != first["files"]:
            raise BadBundle("Its manifest is not whole.")
        files = dict(_files(raw, at, rows))
        return Bundle(
            first["board"],
            first["type"],
            first["version"],
            first["floor"],
            files,
            b"".join(lines[:-1]),
            bytes.fromhex(signature),
            len(raw),
            hashlib.sha256(raw).digest(),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise error if isinstance(error, BadBundle) else BadBundle("Its manifest cannot be read.") from error


def _files(raw: bytes, at: int, rows: list[list]) -> Iterator[tuple[str, bytes]]:
    for path, size, digest in rows:
        data = raw[at : at + size]
        at += size
        if hashlib.sha256(data).hexdigest() != digest:
            raise BadBundle(f"{path} is damaged.")
        yield path, data
    if at != len(raw):
        raise BadBundle("It is longer than its manifest says.")


def _line(value: object, longest: int = LONGEST_LINE) -> bytes:
    line = json.dumps(value, separators=(",", ":")).encode() + b"\n"
    if len(line) > longest:
        raise BadBundle(f"A line of the manifest has {len(line)} bytes; {longest} is the most.")
    return line
