"""A power cut at every write and erase of firmware updates on littlefs, on the MicroPython that runs this.

    micropython tests/device/update_cuts.py FIRMWARE BUNDLES MODE [EVERY [FIRST]]

BUNDLES is a folder: key (the public key), and of each version NAME.bundle, NAME.digest and a folder NAME with
the files that its slot must hold. A version whose name begins with "bad" fails every start. The story is
played by the firmware's own staging, actions and trial, and by choose() of the real entry/launch.py; only the
device's loop and the host are played here:

    old runs in slot a
    new is staged, applied, tried, committed
    old is ordered back, tried, committed
    bad is staged and applied, fails three starts, and old runs again

At every start the flash must mount, the slot that is chosen must hold exactly one version, byte for byte,
and the settings must be there. At the end the story's goal must be reached whatever was cut.

mode      as single, but the device has memory for an update in update mode only: it refuses bundles and orders
          to apply otherwise, and the host orders the mode. In it no version is tried or committed
single    one cut at each operation of the flash (each EVERY-th, from FIRST on) of the whole story, three ways
pairs     of one update: a second cut at each operation after each first one (each EVERY-th of both)
in_place  as single, but files are written where the running version lies, as it is often done: much is lost
room      no cuts, but a flash that is filled more and more (by EVERY kB): either the update is staged with the
          reserve left, or it is refused with the other slot as it was
random    EVERY wishes with up to three random cuts each, seed FIRST: updates to good and bad versions, orders to
          roll back, transfers that are broken off for another bundle

Prints `points P, losses L, operations O, starts S`: points are stories with a cut, or wishes.
"""

# ruff: noqa: B904, SIM105, UP031  this runs on MicroPython

import binascii
import gc
import os
import random
import sys

import vfs

FIRMWARE, BUNDLES, MODE = sys.argv[1:4]
EVERY = int(sys.argv[4]) if len(sys.argv) > 4 else 1
FIRST = int(sys.argv[5]) if len(sys.argv) > 5 else 0
sys.path.insert(0, FIRMWARE)
sys.path.append(__file__.rpartition("/")[0])

from cut_flash import LITTLEFS, NEVER, NOT_DONE, WAYS, Flash  # noqa: E402

from rumpus.dcmp.tables.result_codes import INSUFFICIENT_STORAGE  # noqa: E402
from rumpus.hal.files import Files  # noqa: E402
from rumpus.update import folders  # noqa: E402
from rumpus.update.admission import RESERVE  # noqa: E402
from rumpus.update.orders import Orders  # noqa: E402
from rumpus.update.tables.mode import MODE_NAME  # noqa: E402
from rumpus.update.trial import CHECK_MS  # noqa: E402
from rumpus.update.updater import Updater  # noqa: E402
from rumpus.update.versions import KEY_FILE  # noqa: E402

BLOCK_SIZE = 1024
BLOCKS = 256
FOLDER = "/flash"
SETTINGS = b'{"uuid": "00112233445566778899aabbccddeeff", "appliance": "water_heater"}' * 4
PIECE = 512
MOST_STARTS = 60
PREVIOUS = "?"
SAYINGS = os.getenv("RUMPUS_SAY")


class Loss(Exception):
    """What must never be."""


class Restart(Exception):
    """The device restarts by itself."""


def read(path):
    with open(path, "rb") as file:
        return file.read()


def tree(path, at=""):
    """{path: CRC-32 of the file} of all files below a folder; a CRC of each, so that looking is quick."""
    found = {}
    for name in os.listdir(path):
        if os.stat(path + "/" + name)[0] & 0x4000:
            found.update(tree(path + "/" + name, at + name + "/"))
        else:
            found[at + name] = binascii.crc32(read(path + "/" + name))
    return found


class Version:
    def __init__(self, name):
        self.name = name
        self.is_bad = name.startswith("bad")
        self.raw = read(BUNDLES + "/" + name + ".bundle")
        self.digest = read(BUNDLES + "/" + name + ".digest")
        self.files = tree(BUNDLES + "/" + name)
        self.version = self.raw.split(b'"version":"')[1].split(b'"')[0].decode()


VERSIONS = {}
for name in sorted(os.listdir(BUNDLES)):
    if name.endswith(".bundle"):
        VERSIONS[name[:-7]] = Version(name[:-7])
KEY = read(BUNDLES + "/key")
sys.path.insert(0, FIRMWARE + "/entry")
import launch  # noqa: E402


def copy_in(source, target):
    os.mkdir(target)
    for name in os.listdir(source):
        if os.stat(source + "/" + name)[0] & 0x4000:
            copy_in(source + "/" + name, target + "/" + name)
        else:
            with open(target + "/" + name, "wb") as file:
                file.write(read(source + "/" + name))


def mount(flash):
    vfs.mount(vfs.VfsLfs2(flash), FOLDER)
    os.chdir(FOLDER)


def unmount():
    os.chdir("/")
    try:
        vfs.umount(FOLDER)
    except OSError:
        pass
    gc.collect()


def delivered():
    """The flash as it leaves the workshop: old in slot a, written over a cable."""
    flash = Flash(LITTLEFS, BLOCK_SIZE, BLOCKS)
    vfs.VfsLfs2.mkfs(flash)
    mount(flash)
    copy_in(BUNDLES + "/old", FOLDER + "/a")
    for name, data in (("settings.json", SETTINGS), (KEY_FILE, KEY)):
        with open(FOLDER + "/" + name, "wb") as file:
            file.write(data)
    unmount()
    return bytes(flash.data)


# --- the device -----------------------------------------------------------------------------------------


def version_in(slot):
    """The version that a slot holds. Raises Loss when it is none, or a mixture."""
    found = tree(FOLDER + "/" + slot)
    for version in VERSIONS.values():
        if found == version.files:
            return version
    raise Loss("slot %s holds no version" % slot)


class Device:
    """One start: what launch.py chooses, and the updater of the version that it finds there."""

    def __init__(self, needs_mode=False):
        slot, self.how = launch.choose()
        self.needs_mode = needs_mode
        if slot is None:
            raise Loss("no slot")
        self.version = version_in(slot)
        if read(FOLDER + "/settings.json") != SETTINGS:
            raise Loss("settings")
        self.kept = Files(FOLDER)
        self.updater = Updater(Files(FOLDER), slot, self.how == launch.UPDATE)
        self.updater.begin_trial(lambda: True)
        self.updater.restart = self.restart
        self.updater.at_work = self.versions = self.updater.versions()
        self.versions.mode_state = self.mode_state

    def restart(self, _kind=""):
        raise Restart

    def mode_state(self):
        return "active" if self.how == launch.UPDATE else "needed"

    def enter_mode(self):
        """APPLY Execute, where the host sees that it is needed: restarts, or the device is ready."""
        if self.needs_mode and self.mode_state() == "needed" and not self.versions.record.is_on_trial:
            result = self.order("Execute", MODE_NAME)
            raise OSError(result)

    def live(self):
        """A trial with a host that answers."""
        self.kept.save("kept", b"x" * 40)
        self.updater.answered(False)
        self.updater.step(CHECK_MS)

    def take(self, version, share=1):
        """PUT_FILE, from where it stopped; share 2: half of it, then the transfer is broken off."""
        self.enter_mode()
        staging = self.versions.staging()
        size = len(version.raw) // share
        result, at = staging.begin("Firmware", "x", version.version, len(version.raw), version.digest, True)
        while not result and at < size:
            result = staging.write(memoryview(version.raw)[at : at + PIECE])
            at += PIECE
        if at >= len(version.raw):
            result = result or staging.finish()
        staging.close()
        return result

    def apply(self, kind):
        self.enter_mode()
        return self.order(kind, "")

    def order(self, kind, name):
        """APPLY: restarts, or gives why not."""
        orders = Orders(self.updater, lambda: False)
        result = orders.check(kind, "Firmware", name)[0]
        if not result:
            orders.start(kind, "Firmware", name)
            outcome = None
            while outcome is None:
                outcome = orders.finished()
            result = outcome[0]
        return result


def take_in_place(_self, version):
    for path in tree(FOLDER + "/a"):
        if path not in version.files:
            os.remove(FOLDER + "/a/" + path)
    for path in version.files:
        folders.make_parents(FOLDER + "/a", path)
        with open(FOLDER + "/a/" + path, "wb") as file:
            file.write(read(BUNDLES + "/" + version.name + "/" + path))
    return 0


# --- the host -------------------------------------------------------------------------------------------


class Story:
    """What the host wants, (kind, version), one after the other; it goes on from what it finds."""

    needs_mode = False

    def __init__(self, wishes):
        self.wishes = list(wishes)
        self.done = 0
        self.starts = 0
        self.running = None  # the version that was committed last

    def start(self):
        """One life of the device, until it restarts. True when the last wish was fulfilled."""
        self.starts += 1
        if self.starts > MOST_STARTS * len(self.wishes):
            raise Loss("the story has no end")
        device = Device(self.needs_mode)
        record = device.versions.record
        if SAYINGS:
            print("start", self.done, device.version.name, record.running, record.state, record.starts)
        if device.version.is_bad:
            return False  # it crashes
        if device.how == launch.UPDATE:
            return self._go_on_in_mode(device)
        device.live()
        while self.done < len(self.wishes) and self._is_done(self.wishes[self.done], device):
            self.done += 1
        self.running = device.version
        return self.done == len(self.wishes) or self._order(device, *self.wishes[self.done])

    def _go_on_in_mode(self, device):
        """Nothing runs but the mode. It is over when nobody wants anything of it."""
        if record_of(device).is_on_trial:
            raise Loss("a trial in update mode")
        wish = self.wishes[self.done]
        if self._is_done(wish, device):
            try:
                device.order("Reboot", "")
            except Restart:
                return False
            raise Loss("the mode does not end")
        return self._order(device, *wish)

    def _order(self, device, kind, name):
        if name == PREVIOUS:  # now it is known which one
            name = version_in(device.versions.record.other).name
            self.wishes[self.done] = kind, name
        if kind == "Partial":
            device.take(VERSIONS[name], 2)
            self.done += 1
            return self.done == len(self.wishes)
        try:
            result = device.take(VERSIONS[name]) if kind == "Update" else 0
            result = result or device.apply(kind)
        except Restart:
            return False
        raise OSError(result)

    def _is_done(self, wish, device):
        kind, name = wish
        record = device.versions.record
        if record.is_on_trial:
            return False
        if name == PREVIOUS:  # there may be none: a transfer has taken its place
            return device.versions.actions().check(kind) != 0
        if name.startswith("bad"):  # it was left again
            return record.reason == "f" and device.versions.version(record.other) == VERSIONS[name].version
        return device.version.name == name


def play(flash, story, cuts):
    """The story, with the power cut after so many operations: (how many, way), one after the other. Returns
    the flash and how many cuts came when it is done. Raises Loss."""
    n = 0
    while True:
        flash.left, flash.way = cuts[n] if n < len(cuts) else (NEVER, NOT_DONE)
        done = False
        while not done and flash.left > 0:
            try:
                mount(flash)
                done = story.start()
            except OSError as error:
                if flash.left > 0:
                    raise Loss("refused: %r" % error)
            finally:
                unmount()
        if done and flash.left > 0:
            return flash, n
        n += 1
        flash = flash.again()


def record_of(device):
    return device.versions.record


WHOLE_STORY = (("Update", "new"), ("Rollback", "old"), ("Update", "bad"))
ONE_UPDATE = (("Update", "new"),)


class Count:
    def __init__(self, image):
        self.image = image
        self.points = self.losses = self.operations = self.starts = self.came = 0

    def play(self, wishes, cuts):
        flash = Flash(LITTLEFS, BLOCK_SIZE, BLOCKS, self.image)
        story = Story(wishes)
        self.points += 1 if cuts else 0
        try:
            flash, self.came = play(flash, story, cuts)
        except Loss as error:
            print("LOSS", cuts, error)
            self.losses += 1
        self.operations += flash.operations
        self.starts += story.starts
        return flash


def single(count):
    operations = count.play(WHOLE_STORY, ()).operations
    for k in range(1 + FIRST, operations + 1, EVERY):
        for way in WAYS:
            count.play(WHOLE_STORY, ((k, way),))
    count.operations = operations


def mode(count):
    Story.needs_mode = True
    single(count)


def in_place(count):
    Device.take, Device.apply = take_in_place, Device.restart
    operations = count.play(ONE_UPDATE, ()).operations
    if count.losses:
        raise Loss("even without a cut")
    for k in range(1 + FIRST, operations + 1, EVERY):
        count.play(ONE_UPDATE, ((k, NOT_DONE),))
    count.operations = operations


def room(count):
    for filled in range(0, BLOCKS, EVERY):
        flash = Flash(LITTLEFS, BLOCK_SIZE, BLOCKS, count.image)
        mount(flash)
        copy_in(BUNDLES + "/bad", FOLDER + "/b")
        try:
            with open(FOLDER + "/filler", "wb") as file:
                for _ in range(filled):
                    file.write(bytes(BLOCK_SIZE))
        except OSError:
            unmount()
            return
        count.points += 1
        device = Device()
        result = device.take(VERSIONS["new"])
        block, free = folders.free(FOLDER)
        free *= block
        held = version_in("b").name
        if result == INSUFFICIENT_STORAGE:
            count.operations += 1  # so often
            good = held == "bad" and free < RESERVE + len(VERSIONS["new"].raw) + 16384
        else:
            good = result == 0 and held == "new" and free >= RESERVE - 4096
        if not good:
            print("LOSS", filled, result, held, free)
            count.losses += 1
        unmount()


def pairs(count):
    operations = count.play(ONE_UPDATE, ()).operations
    for k in range(1 + FIRST, operations + 1, EVERY):
        for way in WAYS:
            second = 1 + k % EVERY
            count.came = 2
            while count.came == 2:  # until the second cut would come after the end
                for second_way in WAYS:
                    count.play(ONE_UPDATE, ((k, way), (second, second_way)))
                second += EVERY
    count.operations = operations


def random_wishes(count):
    random.seed(FIRST)
    names = [name for name in VERSIONS if name != "old"]
    running, last = VERSIONS["old"], None
    image = count.image
    flash = Flash(LITTLEFS, BLOCK_SIZE, BLOCKS, image)
    while count.points < EVERY:
        name = names[random.randrange(len(names))]
        kind = ("Update", "Update", "Update", "Rollback", "Partial")[random.randrange(5)]
        if kind == "Rollback":
            name = PREVIOUS
        elif name == running.name or (kind == "Update" and name == last):
            continue
        last = name
        count.points += 1
        story = Story(((kind, name), ("Update", running.name)) if kind == "Partial" else ((kind, name),))
        cuts = [(1 + random.randrange(300), random.randrange(3)) for _ in range(random.randrange(4))]
        try:
            flash, _came = play(flash, story, cuts)
        except Loss as error:
            print("LOSS", kind, name, cuts, error)
            count.losses += 1
            flash = Flash(LITTLEFS, BLOCK_SIZE, BLOCKS, image)
        running = story.running
        count.starts += story.starts
    count.operations = flash.operations


def run():
    count = Count(delivered())
    modes = {
        "mode": mode,
        "single": single,
        "pairs": pairs,
        "in_place": in_place,
        "room": room,
        "random": random_wishes,
    }
    modes[MODE](count)
    print(
        "points %d, losses %d, operations %d, starts %d"
        % (count.points, count.losses, count.operations, count.starts)
    )


run()
