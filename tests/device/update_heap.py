"""What an update costs of the heap, on the MicroPython that runs this.

    micropython tests/device/update_heap.py FIRMWARE FOLDER BUNDLE DIGEST_HEX VERSION

FIRMWARE: the folder of a slot, compiled. FOLDER: of a device that runs from its slot a; the bundle is staged in
its slot b and applied. Prints `STAGE BYTES` for each stage: heap in use, garbage collected, above what was in
use before the Updater was made.
"""

import gc
import sys

sys.path.insert(0, sys.argv[1])

import binascii

# What the device has loaded anyhow, with or without updates.
import rumpus.dcmp.apply
import rumpus.dcmp.files  # noqa: F401
from rumpus.hal.files import Files

_FIRMWARE, FOLDER, BUNDLE, DIGEST, VERSION = sys.argv[1:6]
PIECE = 1024
piece = bytearray(PIECE)
worst = {}
gc.collect()
base = gc.mem_alloc()


def note(stage):
    gc.collect()
    worst[stage] = max(worst.get(stage, 0), gc.mem_alloc() - base)


def is_not(result):
    if result:
        raise ValueError(hex(result))


def main():
    from rumpus.update.updater import Updater

    updater = Updater(Files(FOLDER), "a")
    note("idle")
    versions = updater.versions()
    staging = versions.staging()
    note("loaded")
    with open(BUNDLE, "rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        is_not(staging.begin("Firmware", "x", VERSION, size, binascii.unhexlify(DIGEST), True)[0])
        n = file.readinto(piece)
        while n:
            is_not(staging.write(memoryview(piece)[:n]))
            note("staging")
            n = file.readinto(piece)
    is_not(staging.finish())
    staging.close()
    from rumpus.update.orders import Orders

    orders = Orders(updater, lambda: False)
    is_not(orders.check("Update", "", "")[0])
    orders.start("Update", "", "")
    while not updater.wants_restart:
        if orders.finished():
            raise ValueError("not applied")
        note("applying")
    for stage in ("idle", "loaded", "staging", "applying"):
        print(stage, worst[stage])


main()
