"""`vfs` of a board whose interpreter has a ROMFS partition, which the unix builds of the tests lack.

The partition is a file of the host, mapped into memory outside the heap, as a chip maps its flash, so what is
imported from it runs where it lies. The calls are those of the ESP32's port: rom_ioctl() gives an object that
erases and writes blocks. What is written without being erased is refused.
"""

import os

import ffi
import uctypes
from vfs import *  # noqa: F403
from vfs import VfsRom, mount

BLOCK = 4096
COUNT, SEGMENT, EINVAL = 1, 2, -22
_partition = None


class Partition:
    def __init__(self, path, write):
        """write: called before each block that is changed."""
        size = os.stat(path)[6]
        libc = ffi.open("libc.so.6")
        file = libc.func("i", "open", "si")(path, 2)  # O_RDWR
        place = libc.func("P", "mmap", "PIiiii")(None, size, 3, 1, file, 0)  # read and write, MAP_SHARED
        self.memory = memoryview(uctypes.bytearray_at(place, size))
        self._write = write

    def ioctl(self, operation, argument):
        if operation == 6:
            self._write()
            self.memory[argument * BLOCK : (argument + 1) * BLOCK] = b"\xff" * BLOCK
        return {4: len(self.memory) // BLOCK, 5: BLOCK}.get(operation, 0)

    def writeblocks(self, block, buf, offset):
        self._write()
        at = block * BLOCK + offset
        if self.memory[at : at + len(buf)] != b"\xff" * len(buf):
            raise OSError(5)
        self.memory[at : at + len(buf)] = buf


def rom_ioctl(operation, *arguments):
    if operation == COUNT:
        return int(_partition is not None)
    return _partition if _partition and operation == SEGMENT and arguments == (0,) else EINVAL


def begin(path, write, sys_path, has_none):
    """What an interpreter does before boot.py: mount what is there, and look for modules in it."""
    global _partition
    if has_none:
        return
    _partition = Partition(path, write)
    try:
        mount(VfsRom(_partition.memory), "/rom")
    except OSError:
        return
    sys_path += ["/rom", "/rom/lib"]
