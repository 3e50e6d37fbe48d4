"""A board on the test stand: one life, from power-up or soft reset to the next, in a MicroPython process.

    micropython board.py STAND.json hard|soft|raw

stdin and stdout are the REPL's port. The file system is littlefs on a flash that is a file of the host;
nothing else of the host's files can be seen once it is mounted. Pins, radio and watchdog are those of
tests/host/fakes/micropython. A life begins as on a board: boot.py, then main.py (not after a soft reset in
raw mode), then the REPL. It ends with an exit code that tells the stand what comes next.

STAND.json: flash (file), flash_at (where the file system begins in it), blocks, log (file), chip, volts and
levels (by pin), access_points, address, cut_after (the power goes at that write to the flash; 0 never), rom
(file of a ROMFS partition; none: an interpreter without), has_no_partition (an interpreter with, on a chip
without), faster (timers run so many times as fast, because the fake watchdog cannot wait as long as a real
one).
"""

# ruff: noqa: SIM115  this runs on MicroPython, and these files stay open

import io
import json
import os
import select
import sys
import time

import board_micropython
import board_rom
import esp32  # noqa: F401  all that the firmware may import, before the host's files are gone
import ffi
import machine
import network
import onewire  # noqa: F401
import vfs
import world as world_module

BLOCK = 4096
RESET, SOFT, SOFT_RAW, CUT = 75, 71, 70, 77
RAW_BANNER = b"raw REPL; CTRL-B to exit\r\n>"
WINDOW = 128
world = world_module.world

with open(sys.argv[1]) as file:
    STAND = json.load(file)
life = sys.argv[2]
log = open(STAND["log"], "a")
_exit = ffi.open("libc.so.6").func("v", "_exit", "i")


def note(*words):
    log.write(" ".join([str(word) for word in words]) + "\n")
    log.flush()


# --- the flash ----------------------------------------------------------------------------------------


left = STAND["cut_after"]


def write_to_flash():
    """Is called before each write; the power goes at one."""
    global left
    left -= 1
    if not left:
        note("cut")
        _exit(CUT)


class Flash:
    """A block device whose content is a file of the host."""

    def __init__(self, path, blocks):
        self._file = open(path, "r+b")
        self._at = STAND["flash_at"]
        self._blocks = blocks

    def readblocks(self, block, buf, offset=0):
        self._file.seek(self._at + block * BLOCK + offset)
        self._file.readinto(buf)

    def writeblocks(self, block, buf, offset=0):
        write_to_flash()
        self._file.seek(self._at + block * BLOCK + offset)
        self._file.write(buf)
        self._file.flush()

    def ioctl(self, operation, _argument):
        return {4: self._blocks, 5: BLOCK}.get(operation, 0)


def mount():
    flash = Flash(STAND["flash"], STAND["blocks"])
    try:
        system = vfs.VfsLfs2(flash)
    except OSError:  # never formatted
        vfs.VfsLfs2.mkfs(flash)
        system = vfs.VfsLfs2(flash)
    sys.path[:] = ["", ".frozen"]
    if "rom" in STAND:
        board_rom.begin(STAND["rom"], write_to_flash, sys.path, STAND.get("has_no_partition"))
        sys.modules["vfs"] = board_rom
    sys.path.append("/lib")
    vfs.umount("/")
    vfs.mount(system, "/")
    os.chdir("/")


# --- pins, radio, reset -------------------------------------------------------------------------------


class Shown:
    """Levels that a pin drives, written down as they come."""

    def __init__(self, pin):
        self.pin = pin

    def append(self, level):
        note("pin", self.pin, level)


def line(pin):
    if pin not in world.lines:
        world.lines[pin] = world_module.Line()
        world.lines[pin].shown = Shown(pin)
    return world.lines[pin]


def status(self):
    if not self.wanted:
        return network.STAT_IDLE
    if self.isconnected():
        return network.STAT_GOT_IP
    if time.ticks_diff(time.ticks_ms(), self.asked) < 200:
        return network.STAT_CONNECTING
    known = self.wanted[0] in world.access_points
    return network.STAT_WRONG_PASSWORD if known else network.STAT_NO_AP_FOUND


def connect(self, ssid, password, connect=network.WLAN.connect):
    self.asked = time.ticks_ms()
    note("wifi", ssid)
    connect(self, ssid, password)


def isconnected(self):
    if not self.wanted or time.ticks_diff(time.ticks_ms(), self.asked) < 200:
        return False
    return world.access_points.get(self.wanted[0]) == self.wanted[1]


def make_board():
    os.chip = STAND["chip"]
    world.line = line
    for pin, reading in STAND["volts"].items():
        world.volts[int(pin)] = reading
    for pin, level in STAND["levels"].items():
        world.line(int(pin)).outside = level
    world.access_points.update(STAND["access_points"])
    # Numbers of the ESP32's port.
    network.STAT_IDLE, network.STAT_CONNECTING, network.STAT_GOT_IP = 1000, 1001, 1010
    network.STAT_NO_AP_FOUND, network.STAT_WRONG_PASSWORD = 201, 202
    network.WLAN.status = status
    network.WLAN.connect = connect
    network.WLAN.isconnected = isconnected
    network.WLAN.ifconfig = lambda self: (STAND["address"], "255.0.0.0", "0.0.0.0", "0.0.0.0")
    machine.reset = lambda: _exit(RESET)
    sys.modules["micropython"] = board_micropython
    watch(machine.WDT)


def watch(watchdog):
    """Note that it was started; it kills for itself."""
    init = watchdog.__init__

    def __init__(self, id=0, timeout=5000):
        note("watchdog", timeout)
        init(self, id, timeout)

    watchdog.__init__ = __init__


# --- the REPL -----------------------------------------------------------------------------------------

poll = select.poll()
poll.register(sys.stdin, select.POLLIN)
names = {"__name__": "__main__"}


def write(data):
    sys.stdout.buffer.write(data)


def read():
    """The next character; timers, such as the one that feeds the watchdog, run meanwhile."""
    while True:
        for _ready in poll.ipoll(50):
            data = sys.stdin.buffer.read(1)
            if data:
                return data[0]
        for timer in world.timers:
            timer.advance(50 * STAND["faster"])


def run(source, name):
    """Run a text as a board does: interruptible, its traceback as text."""
    told = b""
    try:
        board_micropython.kbd_intr(3)
        told = run_interruptibly(source, name)
    except KeyboardInterrupt:  # one that came at the very end
        pass
    while True:
        try:
            board_micropython.kbd_intr(-1)
            return told
        except KeyboardInterrupt:
            pass


def run_interruptibly(source, name):
    try:
        exec(compile(source, name, "exec"), names)
    except SystemExit:
        pass
    except BaseException as error:
        text = io.StringIO()
        sys.print_exception(error, text)
        return text.getvalue().replace("\n", "\r\n").encode()
    return b""


def run_file(name):
    try:
        with open(name) as file:
            source = file.read()
    except OSError:
        return
    note("run", name)
    write(run(source, name))


def run_raw(source):
    told = run(source, "<stdin>")
    write(b"\x04" + told + b"\x04>")


def take_raw_paste():
    write(b"R\x01" + bytes((WINDOW, 0)) + b"\x01")
    source = bytearray()
    while True:
        character = read()
        if character == 4:
            write(b"\x04")
            return source.decode()
        if character == 3:
            return ""
        source.append(character)
        if len(source) % WINDOW == 0:
            write(b"\x01")


def friendly_repl():
    """Until Ctrl-A. Lines are run as they are: no statement goes over more than one."""
    note("at", "prompt")
    write(b">>> ")
    typed = bytearray()
    while True:
        character = read()
        if character == 1:
            return
        if character == 4 and not typed:
            write(b"\r\nMPY: soft reboot\r\n")
            _exit(SOFT)
        if character == 13:
            write(b"\r\n" + run(typed.decode(), "<stdin>"))
        if character in (2, 3, 13):
            typed = bytearray()
            write(b"\r\n>>> ")
        elif character >= 32:
            typed.append(character)
            write(bytes((character,)))


def raw_repl():
    """Until Ctrl-B."""
    note("at", "prompt")
    write(RAW_BANNER)
    typed = bytearray()
    while True:
        character = read()
        if character == 1:
            write(RAW_BANNER)
        elif character == 2:
            write(b"\r\n")
            return
        elif character == 4 and typed:
            write(b"OK")
            run_raw(typed.decode())
        elif character == 4:
            write(b"OK\r\nMPY: soft reboot\r\n")
            _exit(SOFT_RAW)
        elif character == 5 and not typed and read() == 65 and read() == 1:
            run_raw(take_raw_paste())
        if character in (1, 3, 4):
            typed = bytearray()
        elif character != 5:
            typed.append(character)


def main():
    board_micropython.kbd_intr(-1)
    make_board()
    mount()
    note("life", life)
    run_file("boot.py")
    if life != "raw":
        run_file("main.py")
        write(b"MicroPython v1.25.0 on a test stand\r\n")
        friendly_repl()
    while True:
        raw_repl()
        friendly_repl()


main()
