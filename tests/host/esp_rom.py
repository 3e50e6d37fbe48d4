"""An ESP32's ROM loader, byte by byte: what esptool talks to while a chip is in download mode.

    rom = RomLoader(CHIPS["esp32s3"], flash, reply)    # reply(bytes) is the chip's wire to the host
    rom.take(bytes_from_the_host)

SLIP frames, checksums, block numbers, registers of the chip's detection, the flasher stub that is loaded into
RAM (its code is not run: once it is whole and started, this behaves as it does), and a NOR flash, in which
writing only clears bits and what is not erased stays. What a real chip would refuse is refused, so a mistake
of the tool, or a damaged wire, shows.
"""

import hashlib
import struct
import time
import zlib
from collections.abc import Callable
from typing import NamedTuple

SECTOR = 4096
SLIP_END, SLIP_ESC, SLIP_ESC_END, SLIP_ESC_ESC = 0xC0, 0xDB, 0xDC, 0xDD
CHECKSUM_SEED = 0xEF
MAC = 0x246F28_010203
FLASH_ID = 0x1640EF  # Winbond, 4 MB
SFDP = 0x50444653
NEW_BAUD, ROM_BAUD = 0x0F, 115200
SPI_USER = 1 << 18

# What a loader answers when it will not: its status byte and the reason.
OK, INVALID, FAILED, BAD_CHECKSUM, BAD_BLOCK = (0, 0), (1, 5), (1, 6), (1, 7), (1, 0xC2)
BAD_STREAM, NOT_WHOLE = (1, 0xC7), (1, 0xC8)


class Chip(NamedTuple):
    """id: in the header of its images. at: where an image begins in the flash. has_security_info: the command
    by which newer chips tell their id. spi: the flash controller's base, and from there its registers USR1,
    USR2 and W0. registers: what others read; 0 where nothing stands."""

    name: str
    id: int
    at: int
    has_security_info: bool
    spi: tuple[int, int, int, int]
    registers: dict[int, int]


CHIPS = {
    chip.name: chip
    for chip in (
        Chip(
            "esp32",
            0,
            0x1000,
            False,
            (0x3FF42000, 0x20, 0x24, 0x80),
            {
                0x40001000: 0x00F01D83,  # by this it is known
                0x3FF5A004: MAC & 0xFFFFFFFF,
                0x3FF5A008: MAC >> 32,
                0x3FF5A00C: 1 << 9 | 1 << 15,  # ESP32-D0WD-V3
                0x3FF5A010: 100,
                0x3FF5A014: 1 << 20,
                0x3FF6607C: 1 << 31,
                0x3FF5F06C: 1024 << 7,  # with the 100 above: a crystal of 40 MHz
                0x3FF40014: 40_000_000 // ROM_BAUD,
            },
        ),
        Chip(
            "esp32s3",
            9,
            0,
            True,
            (0x60002000, 0x1C, 0x20, 0x58),
            {0x60007044: MAC & 0xFFFFFFFF, 0x60007048: MAC >> 32, 0x6000705C: 0},
        ),
        Chip(
            "esp32c3",
            5,
            0,
            True,
            (0x60002000, 0x1C, 0x20, 0x58),
            {0x60008844: MAC & 0xFFFFFFFF, 0x60008848: MAC >> 32, 0x60008850: 3 << 18},  # revision 0.3
        ),
    )
}


class Nor:
    """A flash chip. stuck: bits, by their byte's address, that are 0 whatever is written."""

    def __init__(self, memory: bytearray) -> None:
        self.memory = memory
        self.stuck: dict[int, int] = {}

    def erase(self, at: int, size: int) -> None:
        begin, end = at // SECTOR * SECTOR, -(-(at + size) // SECTOR) * SECTOR
        self.memory[begin:end] = b"\xff" * (min(end, len(self.memory)) - begin)

    def write(self, at: int, data: bytes) -> None:
        old = int.from_bytes(self.memory[at : at + len(data)], "big")
        self.memory[at : at + len(data)] = (old & int.from_bytes(data, "big")).to_bytes(len(data), "big")
        for where, bits in self.stuck.items():
            self.memory[where] &= ~bits


class Upload:
    """Numbered blocks on their way to the flash. erased: up to where it is ready to be written."""

    def __init__(self, at: int, size: int, blocks: int, is_compressed: bool) -> None:
        self.at = self.erased = at
        self.end = at + size
        self.blocks = blocks
        self.next = 0
        self.inflate = zlib.decompressobj() if is_compressed else None


class RomLoader:
    """baud: the speed at which it listens; the ROM finds it by the first SYNC.

    For the tests: silent_after, the number of blocks for the flash after which it never says a word; block_s,
    how long a block takes to be written; commands, the codes of all that came; written, blocks for the flash;
    garbled, bytes that came at another speed.
    """

    def __init__(self, chip: Chip, flash: Nor, reply: Callable[[bytes], None]) -> None:
        self.chip = chip
        self.flash = flash
        self._reply = reply
        self._registers = dict(chip.registers)
        self.baud: int | None = None
        self.is_stub = False
        self.is_silent = False
        self.silent_after: int | None = None
        self.block_s = 0.0
        self.commands: list[int] = []
        self.written = 0
        self.garbled = 0
        self.is_finished = False  # all blocks came, and the tool has said so
        self._frame: bytearray | None = None
        self._is_escaped = False
        self._ram: dict[int, bytearray] = {}
        self._ram_block = (0, 0, 0)  # where, how long a block is, the number of the next one
        self._upload: Upload | None = None
        self._reading: tuple[int, int, int, int] | None = None  # at, size, of a block, what was acknowledged

    # --- the wire -------------------------------------------------------------------------------------

    def take(self, data: bytes, baud: int = ROM_BAUD) -> None:
        """Bytes that the host sent at a speed."""
        if self.baud is not None and baud != self.baud:
            self.garbled += len(data)
            self._frame = None
            return
        for byte in data:
            if self._is_escaped and self._frame is not None:
                self._is_escaped = False
                self._frame.append({SLIP_ESC_END: SLIP_END, SLIP_ESC_ESC: SLIP_ESC}.get(byte, 0))
            elif byte == SLIP_END and self._frame:
                frame, self._frame = bytes(self._frame), None
                self._run(frame, baud)
            elif byte == SLIP_END:
                self._frame = bytearray()
            elif byte == SLIP_ESC:
                self._is_escaped = self._frame is not None
            elif self._frame is not None:
                self._frame.append(byte)

    def _send(self, frame: bytes) -> None:
        if not self.is_silent:
            escaped = frame.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc")
            self._reply(b"\xc0" + escaped + b"\xc0")

    def _answer(self, op: int, value: int = 0, data: bytes = b"", status: tuple[int, int] = OK) -> None:
        tail = bytes(status) if self.is_stub else bytes((*status, 0, 0))
        self._send(struct.pack("<BBHI", 1, op, len(data + tail), value) + data + tail)

    def _run(self, frame: bytes, baud: int) -> None:
        if self._reading:
            self._read_on(frame)
            return
        if len(frame) < 8 or frame[0] != 0:
            return
        _request, op, size, checksum = struct.unpack("<BBHI", frame[:8])
        data = frame[8:]
        self.commands.append(op)
        handle = _COMMANDS.get(op)
        known = handle and (self.is_stub or op < 0xD0) and (op != 0x14 or self.chip.has_security_info)
        if size != len(data):
            self._answer(op, status=INVALID)
        elif known and handle:
            self.baud = baud if self.baud is None else self.baud
            handle(self, op, data, checksum)
        elif self.is_stub:
            self._answer(op, status=(1, 0xFF))
        else:
            for _ in range(8):  # a ROM that knows no such command says so eight times
                self._answer(0xFF, status=INVALID)

    # --- commands: known to the ROM -------------------------------------------------------------------

    def _sync(self, op: int, data: bytes, _checksum: int) -> None:
        if data != b"\x07\x07\x12\x20" + 32 * b"\x55":
            self._answer(op, status=INVALID)
            return
        for _ in range(8):
            self._answer(op, 0 if self.is_stub else 0x20120707)

    def _read_register(self, op: int, data: bytes, _checksum: int) -> None:
        self._answer(op, self._registers.get(int.from_bytes(data[:4], "little"), 0))

    def _write_register(self, op: int, data: bytes, _checksum: int) -> None:
        address, value, mask, _delay_us = struct.unpack("<IIII", data[:16])
        old = self._registers.get(address, 0)
        self._registers[address] = old & ~mask | value & mask
        if address == self.chip.spi[0] and value & SPI_USER:
            self._ask_flash()
        self._answer(op)

    def _ask_flash(self) -> None:
        """A command for the flash chip itself, put together out of the controller's registers."""
        base, _usr1, usr2, w0 = self.chip.spi
        asked = self._registers.get(base + usr2, 0) & 0xFF
        self._registers[base + w0] = {0x9F: FLASH_ID, 0x5A: SFDP}.get(asked, 0)
        self._registers[base] &= ~SPI_USER

    def _security_info(self, op: int, _data: bytes, _checksum: int) -> None:
        self._answer(op, data=struct.pack("<I8xII", 0, self.chip.id, 0))

    def _change_baud(self, op: int, data: bytes, _checksum: int) -> None:
        self._answer(op)
        self.baud = int.from_bytes(data[:4], "little")

    def _accept(self, op: int, _data: bytes, _checksum: int) -> None:
        self._answer(op)

    def _memory_begin(self, op: int, data: bytes, _checksum: int) -> None:
        size, blocks, block, at = struct.unpack("<IIII", data)
        self._ram[at] = bytearray(size)
        self._ram_block = (at, block, 0)
        self._answer(op, status=OK if blocks == -(-size // block) else BAD_BLOCK)

    def _memory_data(self, op: int, data: bytes, checksum: int) -> None:
        payload, number, wrong = _block(data, checksum)
        at, block, expected = self._ram_block
        if not wrong and number != expected:
            wrong = BAD_BLOCK
        if not wrong:
            self._ram[at][number * block : number * block + len(payload)] = payload
            self._ram_block = (at, block, expected + 1)
        self._answer(op, status=wrong or OK)

    def _memory_end(self, op: int, data: bytes, _checksum: int) -> None:
        _stay, entry = struct.unpack("<II", data)
        can_run = any(at <= entry < at + len(code) and any(code) for at, code in self._ram.items())
        self._answer(op, status=OK if can_run else FAILED)
        if can_run:
            self.is_stub = True
            self._send(b"OHAI")

    # --- the flash ------------------------------------------------------------------------------------

    def _flash_begin(self, op: int, data: bytes, _checksum: int) -> None:
        size, blocks, block, at = struct.unpack("<IIII", data[:16])
        room = at + size <= len(self.flash.memory)
        self._upload = Upload(at, size, blocks, op == 0x10)
        if not self.is_stub and room:  # the ROM erases at once, the stub as it goes
            self.flash.erase(at, size)
            self._upload.erased = at + size
        self._answer(op, status=OK if room and block else FAILED)

    def _flash_data(self, op: int, data: bytes, checksum: int) -> None:
        payload, number, wrong = _block(data, checksum)
        if self.silent_after is not None and self.written >= self.silent_after:
            self.is_silent = True
        upload = self._upload
        if not wrong and (upload is None or number != upload.next or number >= upload.blocks):
            wrong = BAD_BLOCK
        if not wrong and upload:
            wrong = self._put(upload, payload)
        self._answer(op, status=wrong or OK)

    def _put(self, upload: Upload, payload: bytes) -> tuple[int, int] | None:
        upload.next += 1
        self.written += 1
        time.sleep(self.block_s)
        if upload.inflate:
            try:
                payload = upload.inflate.decompress(payload)
            except zlib.error:
                return BAD_STREAM
        payload = payload[: upload.end - upload.at]  # the last block is filled up
        while upload.erased < upload.at + len(payload):
            self.flash.erase(upload.erased, 1)
            upload.erased = upload.erased // SECTOR * SECTOR + SECTOR
        self.flash.write(upload.at, payload)
        upload.at += len(payload)
        return None

    def _flash_end(self, op: int, _data: bytes, _checksum: int) -> None:
        upload = self._upload
        self.is_finished = upload is not None and upload.at == upload.end
        self._answer(op, status=OK if self.is_finished else NOT_WHOLE)

    def _md5(self, op: int, data: bytes, _checksum: int) -> None:
        at, size = struct.unpack("<II", data[:8])
        digest = hashlib.md5(self.flash.memory[at : at + size])
        self._answer(op, data=digest.digest() if self.is_stub else digest.hexdigest().encode())

    def _read_slowly(self, op: int, data: bytes, _checksum: int) -> None:
        at, size = struct.unpack("<II", data[:8])
        self._answer(op, data=bytes(self.flash.memory[at : at + size]).ljust(64, b"\0"))

    # --- commands: known to the stub alone -------------------------------------------------------------

    def _erase_all(self, op: int, _data: bytes, _checksum: int) -> None:
        self.flash.erase(0, len(self.flash.memory))
        self._answer(op)

    def _erase_region(self, op: int, data: bytes, _checksum: int) -> None:
        at, size = struct.unpack("<II", data[:8])
        is_whole = at % SECTOR == size % SECTOR == 0
        if is_whole:
            self.flash.erase(at, size)
        self._answer(op, status=OK if is_whole else FAILED)

    def _read_begin(self, op: int, data: bytes, _checksum: int) -> None:
        at, size, block, _in_flight = struct.unpack("<IIII", data[:16])
        self._answer(op)
        self._reading = (at, size, block, 0)
        self._send(bytes(self.flash.memory[at : at + min(block, size)]))

    def _read_on(self, frame: bytes) -> None:
        """The host has acknowledged so many bytes."""
        assert self._reading
        at, size, block, _before = self._reading
        done = int.from_bytes(frame[:4], "little")
        if done < size:
            self._reading = (at, size, block, done)
            self._send(bytes(self.flash.memory[at + done : at + min(done + block, size)]))
        else:
            self._reading = None
            self._send(hashlib.md5(self.flash.memory[at : at + size]).digest())


def _block(data: bytes, checksum: int) -> tuple[bytes, int, tuple[int, int] | None]:
    """(the payload, its number, what is wrong with it) of a command that carries data."""
    size, number = struct.unpack("<II", data[:8])
    payload = data[16:]
    expected = CHECKSUM_SEED
    for byte in payload:
        expected ^= byte
    if size != len(payload):
        return payload, number, INVALID
    return payload, number, None if checksum == expected else BAD_CHECKSUM


_COMMANDS = {
    0x02: RomLoader._flash_begin,
    0x03: RomLoader._flash_data,
    0x04: RomLoader._flash_end,
    0x05: RomLoader._memory_begin,
    0x06: RomLoader._memory_end,
    0x07: RomLoader._memory_data,
    0x08: RomLoader._sync,
    0x09: RomLoader._write_register,
    0x0A: RomLoader._read_register,
    0x0B: RomLoader._accept,  # the flash's size
    0x0D: RomLoader._accept,  # attach the flash
    0x0E: RomLoader._read_slowly,
    0x0F: RomLoader._change_baud,
    0x10: RomLoader._flash_begin,
    0x11: RomLoader._flash_data,
    0x12: RomLoader._flash_end,
    0x13: RomLoader._md5,
    0x14: RomLoader._security_info,
    0xD0: RomLoader._erase_all,
    0xD1: RomLoader._erase_region,
    0xD2: RomLoader._read_begin,
}
