"""A slot as a ROMFS image: compiled files that are run where they lie in flash, not copied to the heap.

Needs an interpreter that was built with a romfs partition. `mpremote romfs deploy` writes an image.
"""

from collections.abc import Mapping
from typing import Any

from mpremote.romfs import VfsRomWriter


def image(files: Mapping[str, bytes]) -> bytes:
    """The image of files by their paths."""
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
    for name, entry in sorted(tree.items()):
        if isinstance(entry, bytes):
            writer.mkfile(name, entry)
        else:
            writer.opendir(name)
            _write(writer, entry)
            writer.closedir()
