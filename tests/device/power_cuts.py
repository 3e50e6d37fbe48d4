"""A power cut at every write of real file systems, on the interpreter that runs this (MicroPython).

    micropython tests/device/power_cuts.py FIRMWARE SYSTEM BLOCK_SIZE SAVES SCHEME [EVERY]

A flash in memory, written in Python, loses power at its k-th operation, for every k (or each EVERY-th),
in three ways: the operation is not done, only its first half is, only its second half is. Then the flash
is mounted anew, as after the cut, and what it holds is looked at: old or new, or a loss.

SYSTEM: littlefs (erased and programmed like NOR flash) or fat (sectors written over).
SCHEME: files (what the firmware does), or how it should not be done: rename (a new file renamed over the
old one), overwrite (one file). Prints `points P, losses L, operations O`. wear: no cuts, only SAVES saves
of the largest record that an appliance has; prints `erasures E, of one block B`.
"""

# ruff: noqa: SIM105, UP031  this runs on MicroPython

import os
import sys

import vfs

FIRMWARE, SYSTEM, BLOCK_SIZE, SAVES, SCHEME = sys.argv[1:6]
EVERY = int(sys.argv[6]) if len(sys.argv) > 6 else 1
BLOCK_SIZE, SAVES = int(BLOCK_SIZE), int(SAVES)
sys.path.insert(0, FIRMWARE)
sys.path.append(__file__.rpartition("/")[0])

from cut_flash import WAYS, Flash  # noqa: E402

from rumpus.hal.files import Files, Slots  # noqa: E402

BLOCKS = 128 if SYSTEM == "fat" and BLOCK_SIZE == 512 else 64
FOLDER = "/flash"
EVENTS, EVENT_SIZE = 4, 32
LARGEST = 87  # a water heater's


def new_flash(image=None):
    return Flash(SYSTEM, BLOCK_SIZE, BLOCKS, image)


class ByRename(Files):
    """How it is often done."""

    def load(self, name):
        return self.read(name)

    def save(self, name, data):
        try:
            with open(self.path(name + ".new"), "wb") as file:
                file.write(data)
            os.rename(self.path(name + ".new"), self.path(name))
        except OSError:
            self.errors += 1


class ByOverwriting(ByRename):
    """How it is done first."""

    def save(self, name, data):
        try:
            with open(self.path(name), "wb") as file:
                file.write(data)
        except OSError:
            self.errors += 1


SCHEMES = {"files": Files, "wear": Files, "rename": ByRename, "overwrite": ByOverwriting}


def system():
    return vfs.VfsLfs2 if SYSTEM == "littlefs" else vfs.VfsFat


def mounted(flash):
    """The flash at FOLDER. Raises OSError when it cannot be mounted, which is a loss of all."""
    if SYSTEM == "littlefs":
        vfs.mount(vfs.VfsLfs2(flash), FOLDER)
    else:
        vfs.mount(vfs.VfsFat(flash), FOLDER)
    return SCHEMES[SCHEME](FOLDER)


def unmount():
    try:
        vfs.umount(FOLDER)
    except OSError:
        pass


def record_of(n):
    """What the n-th save writes: lengths from a few bytes to more than littlefs keeps in a directory."""
    return bytes([n & 0xFF, n >> 8]) + bytes([(n * 31 + i) & 0xFF for i in range(n * 37 % 150)])


def count_of(n):
    return b"%d" % n


def event_of(n):
    """An event guards itself against being torn."""
    body = bytes([n & 0xFF] * (EVENT_SIZE - 1))
    return body + bytes([sum(body) & 0xFF])


class Story:
    """Boots, kept settings and events, written in turn; begun and done say which were under way."""

    def __init__(self):
        self.begun = {"boots": 0, "kept": 0, "events": 0}
        self.done = {"boots": 0, "kept": 0, "events": 0}

    def play(self, flash, first, last):
        """Until the end or the cut."""
        files = mounted(flash)
        slots = Slots(files, "events")
        slots.load(memoryview(bytearray(EVENTS * EVENT_SIZE)), EVENT_SIZE)
        for n in range(first, last + 1):
            name = ("kept", "boots", "kept", "events")[n % 4]
            self.begun[name] = n
            if name == "boots":
                files.save("boots", count_of(n))
            elif name == "kept":
                files.save("kept", record_of(n))
            else:
                slots.save(n // 4 % EVENTS, event_of(n))
            if flash.left <= 0:
                return
            self.done[name] = n

    def losses(self, flash):
        """How many of the three are neither old nor new."""
        try:
            files = mounted(flash)
        except OSError:
            return 3
        lost = 0
        for name, make in (("boots", count_of), ("kept", record_of)):
            found = files.load(name)
            old, new = self.done[name], self.begun[name]
            if found != make(new) and found != (make(old) if old else None):
                lost += 1
        return lost + self.lost_events(files)

    def lost_events(self, files):
        """1 when another record than the one under way is gone."""
        ring = bytearray(EVENTS * EVENT_SIZE)
        Slots(files, "events").load(memoryview(ring), EVENT_SIZE)
        records = [bytes(ring[i * EVENT_SIZE : (i + 1) * EVENT_SIZE]) for i in range(EVENTS)]
        for n in range(3, self.done["events"] + 1, 4):
            slot = n // 4 % EVENTS
            is_newest = n + 4 * EVENTS > self.done["events"]
            under_way = self.begun["events"] // 4 % EVENTS == slot and self.begun["events"] > n
            if is_newest and not under_way and records[slot] != event_of(n):
                return 1
        return 0


def cut_at(image, k, way):
    """Losses of one cut: at once, and after the device went on with the same flash."""
    flash = new_flash(image)
    flash.left, flash.way = k, way
    story = Story()
    try:
        story.play(flash, 1, SAVES)
    except OSError:
        pass  # cut while it was mounted or the events were made
    unmount()
    flash = new_flash(flash.data)
    lost = story.losses(flash)
    unmount()
    if lost:
        return lost
    story = Story()
    try:
        story.play(flash, 1, 8)
        unmount()
        lost = story.losses(flash)
    except OSError:
        lost = 3
    unmount()
    return lost


def wear(flash):
    files = mounted(flash)
    for n in range(SAVES):
        files.save("kept", bytes([n & 0xFF] * LARGEST))
    unmount()
    print("erasures %d, of one block %d" % (sum(flash.erasures), max(flash.erasures)))


def main():
    flash = new_flash()
    system().mkfs(flash)
    image = bytes(flash.data)
    flash = new_flash(image)
    if SCHEME == "wear":
        wear(flash)
        return
    Story().play(flash, 1, SAVES)
    unmount()
    points = losses = 0
    for k in range(1, flash.operations + 1, EVERY):
        for way in WAYS:
            points += 1
            losses += 1 if cut_at(image, k, way) else 0
    print("points %d, losses %d, operations %d" % (points, losses, flash.operations))


main()
