"""Start file of a slot in a ROMFS image, on an interpreter on a PC: the image slot.romfs beside this file is
mapped into memory outside the heap, as a chip maps its flash, and run from there."""

import os
import sys

import ffi
import uctypes
import vfs

path = __file__.rsplit("/", 1)[0] + "/slot.romfs"
size = os.stat(path)[6]
libc = ffi.open("libc.so.6")
file = libc.func("i", "open", "si")(path, 0)
place = libc.func("P", "mmap", "PIiiii")(None, size, 1, 2, file, 0)  # PROT_READ, MAP_PRIVATE
vfs.mount(vfs.VfsRom(memoryview(uctypes.bytearray_at(place, size))), "/rom")
sys.path[0] = "/rom"
del path, size, libc, file, place

import slot_main  # noqa: E402, F401
