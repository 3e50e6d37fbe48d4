"""Images as MicroPython's download page has them, only without a program: boot loader, partitions, application.

Everything about them is valid (headers, checksums, digests), so esptool and a chip's ROM take them for what
they say they are.
"""

import hashlib
import random
import struct
from collections.abc import Mapping

from esp_rom import CHECKSUM_SEED, Chip

MAGIC = 0xE9
PARTITIONS_AT, APPLICATION_AT, FILES_AT = 0x8000, 0x10000, 0x200000
_HEADER = struct.Struct("<BBBBI B3s HBHH4sB")
_DIGEST = 32
# name: type, subtype, where, size
_PARTITIONS = {
    "nvs": (1, 2, 0x9000, 0x6000),
    "phy_init": (1, 1, 0xF000, 0x1000),
    "factory": (0, 0, APPLICATION_AT, FILES_AT - APPLICATION_AT),
    "vfs": (1, 0x81, FILES_AT, 0x200000),
}
_LOADS_AT = {"esp32": 0x3FFF0030, "esp32s3": 0x3FCE2810, "esp32c3": 0x3FCD5820}


def interpreter(chip: Chip, size: int = 200_000, seed: int = 1) -> bytes:
    """An image to be written to the chip's own place; size: of its application."""
    rng = random.Random(seed)
    text = b"".join(rng.randbytes(24) + bytes(16) for _ in range(size // 40))  # half of it can be compressed
    layers = {
        chip.at: program(chip, rng.randbytes(9000)),
        PARTITIONS_AT: _table(_PARTITIONS),
        APPLICATION_AT: program(chip, text),
    }
    image = bytearray()
    for at, data in layers.items():
        image = image.ljust(at - chip.at, b"\xff") + data
    return bytes(image)


def program(chip: Chip, content: bytes) -> bytes:
    """A program of one segment, with its checksum and digest."""
    content = content.ljust(-(-len(content) // 4) * 4, b"\0")
    load_at = _LOADS_AT[chip.name]
    head = _HEADER.pack(MAGIC, 1, 2, 0x20, load_at, 0xEE, bytes(3), chip.id, 0, 0, 399, bytes(4), 1)
    data = head + struct.pack("<II", load_at, len(content)) + content
    checksum = CHECKSUM_SEED
    for byte in content:
        checksum ^= byte
    data += bytes(15 - len(data) % 16) + bytes((checksum,))
    return data + hashlib.sha256(data).digest()


def is_program(memory: bytes, at: int, chip: Chip) -> bool:
    """Whether a whole program for the chip lies there."""
    magic, segments, *_rest = _HEADER.unpack_from(memory, at)
    if magic != MAGIC or segments > 16 or int.from_bytes(memory[at + 12 : at + 14], "little") != chip.id:
        return False
    end = at + _HEADER.size
    for _ in range(segments):
        end += 8 + int.from_bytes(memory[end + 4 : end + 8], "little")
        if end > len(memory):
            return False
    end = at + ((end - at) // 16 + 1) * 16
    return hashlib.sha256(memory[at:end]).digest() == memory[end : end + _DIGEST]


def can_boot(memory: bytes, chip: Chip) -> bool:
    return all(is_program(memory, at, chip) for at in (chip.at, APPLICATION_AT))


def _table(partitions: Mapping[str, tuple[int, int, int, int]]) -> bytes:
    rows = b""
    for name, (kind, subtype, at, size) in partitions.items():
        rows += struct.pack("<2sBBII16sI", b"\xaa\x50", kind, subtype, at, size, name.encode(), 0)
    rows += b"\xeb\xeb" + b"\xff" * 14 + hashlib.md5(rows).digest()
    return rows.ljust(0xC00, b"\xff")
