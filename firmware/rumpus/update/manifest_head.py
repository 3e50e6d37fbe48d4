"""What a version is: the first line of its manifest. A device that runs asks for no more; the rest: manifest.py."""

import json

from ..errors import DecodeError
from .tables.bundle import LONGEST_ROW

_TEXTS = ("board", "type", "version", "floor")


def read(path):
    """(board, type, version, floor, number of files) of a manifest. Raises OSError when there is none, DecodeError
    where it is not what it should be."""
    with open(path, "rb") as file:
        return about(value_of(file.readline(LONGEST_ROW)))


def about(head):
    """The same of a line that is read. Raises DecodeError."""
    if not isinstance(head, dict):
        raise DecodeError("manifest")
    board, kind, version, floor = [text_of(head.get(name)) for name in _TEXTS]
    files = head.get("files", 0)
    if not isinstance(files, int) or files < 1:
        raise DecodeError("manifest")
    version_key(version)
    version_key(floor)
    return board, kind, version, floor, files


def value_of(line):
    try:
        return json.loads(line)
    except ValueError:
        raise DecodeError("manifest")


def text_of(value):
    if not isinstance(value, str):
        raise DecodeError("manifest")
    return value


def version_key(version):
    """ "1.12.0" -> [1, 12, 0], to be compared. Raises DecodeError for what is no version."""
    parts = version.split(".")
    if len(version) > 16 or len(parts) != 3:
        raise DecodeError("version")
    for part in parts:
        if not part or len(part) > 5 or part.strip("0123456789"):
            raise DecodeError("version")
    return [int(part) for part in parts]
