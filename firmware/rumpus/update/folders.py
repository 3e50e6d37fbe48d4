"""Folders of a slot: room, and clearing away what an older version left there."""

import os

_FOLDER = 0x4000  # in the mode that stat() gives
_FOLDER_BLOCKS = 2  # what littlefs takes for a folder


def exists(path):
    try:
        os.stat(path)
    except OSError:
        return False
    return True


def is_folder(path):
    return os.stat(path)[0] & _FOLDER != 0


def make_parents(root, path):
    """The folders that root/path needs. Raises OSError."""
    at = 0
    while True:
        if not exists(root):
            os.mkdir(root)
        end = path.find("/", at)
        if end < 0:
            return
        root += "/" + path[at:end]
        at = end + 1


def remove(path):
    """A file, or a folder with all that is in it. Raises OSError."""
    if is_folder(path):
        for name in os.listdir(path):
            remove(path + "/" + name)
        os.rmdir(path)
    else:
        os.remove(path)


def remove_file(path):
    """A file that need not be there. Raises OSError when it cannot be removed."""
    if exists(path):
        os.remove(path)


def blocks(size, block):
    return (size + block - 1) // block


def free(root):
    """(bytes of a block, free blocks)."""
    stat = os.statvfs(root or "/")
    # littlefs counts a block twice that two versions of a file share, and on a full flash its difference wraps.
    return stat[1] or stat[0], stat[3] if 0 <= stat[3] <= stat[2] else 0


def used(path, block):
    """Blocks that a folder and all below it take."""
    if not exists(path):
        return 0
    if not is_folder(path):
        return blocks(os.stat(path)[6], block)
    n = _FOLDER_BLOCKS
    for name in os.listdir(path):
        n += used(path + "/" + name, block)
    return n


def needed(rows, block):
    """Blocks that these files take: (path, size, ...) sorted by folder."""
    n = _FOLDER_BLOCKS
    folder = ""
    for row in rows:
        parent = row[0].rpartition("/")[0]
        if parent != folder:
            folder = parent
            n += _FOLDER_BLOCKS * (1 + parent.count("/"))
        n += blocks(row[1], block)
    return n


def sweep(root, folder, manifest):
    """Remove from the folder (a path below root, "" for root itself) all that the manifest does not name.
    manifest: an iterable of rows. Raises OSError."""
    prefix = folder + "/" if folder else ""
    names = set()  # of folders with a slash
    for row in manifest:
        if row[0].startswith(prefix):
            name, slash, _rest = row[0][len(prefix) :].partition("/")
            names.add(name + slash)
    path = root + "/" + folder if folder else root
    for name in os.listdir(path):
        slash = "/" if is_folder(path + "/" + name) else ""
        if name + slash not in names:
            remove(path + "/" + name)
