"""Start file on MicroPython boards, and of the virtual board: choose a slot and run the device in it.

This file and boot.py are the only ones that no update replaces, so it uses nothing of what one may break.

A slot is a folder, a or b, with a whole version of the firmware; a file `manifest` in it says that it is
whole. Which one runs stands in the slot record: four letters, kept as rumpus/hal/files.py keeps a name
(two files written in turn, each a sequence number, a length, the data, a CRC-32), so that a cut at any
write leaves the old record or the new one:

    a or b    the slot
    c s t     committed, committed with a staged update in the other slot, on trial
    0 to 3    starts that are left on trial; and else of the update mode, in which no appliance runs
    - f o     why the slot was left that ran before: no reason, failed starts, ordered

A start on trial is written down before the slot's code runs. When none is left, or it cannot be written
down, the other slot runs. So is a start of the update mode, and when none is left the appliance runs again.
Without slots the firmware is started from sys.path as it is.
"""

import binascii
import gc
import json
import os
import sys

SLOTS = "ab"
RECORDS = ("slot.0", "slot.1")
SIZE = 4
RESTART = 75  # exit code of a process in the place of a board: start it again
WATCHDOG_MS = 8000  # in a start that is counted, until the device starts its own
NORMAL, TRIAL, UPDATE = range(3)  # starts; all but the first are counted


def settings_path():
    """RUMPUS_SETTINGS names the file where there is an environment; a board keeps it in its root."""
    getenv = getattr(os, "getenv", None)
    return (getenv("RUMPUS_SETTINGS") if getenv else None) or "settings.json"


def add_paths():
    """From a checkout: make firmware/ and boards/ importable. On a board they lie in a slot or in /lib."""
    firmware = __file__.rsplit("/", 2)[0] if __file__.count("/") > 1 else ".."
    # The first entry is this folder on CPython, where a CircuitPython code.py would shadow `code`.
    sys.path[0] = firmware
    sys.path.insert(1, firmware + "/..")


# --- the slot record ------------------------------------------------------------------------------------


def exists(name):
    try:
        open(name).close()
    except OSError:
        return False
    return True


def copy(name):
    """(sequence, the letters) of one file of the record, None when it is not whole."""
    try:
        with open(name, "rb") as file:
            raw = file.read(3 + SIZE)
            crc = file.read(4)
    except OSError:
        return None
    if raw[1:3] != bytes((0, SIZE)) or binascii.crc32(raw).to_bytes(4, "big") != crc:
        return None
    return raw[0], raw[3:].decode()


def newest():
    """(the file to write next, the sequence number for it, the letters or None)."""
    first, second = copy(RECORDS[0]), copy(RECORDS[1])
    if first is None and second is None:
        return RECORDS[0], 0, None
    if second is None or (first is not None and first[0] == second[0] + 1 & 0xFF):
        return RECORDS[1], first[0] + 1 & 0xFF, first[1]
    return RECORDS[0], second[0] + 1 & 0xFF, second[1]


def save(letters):
    """Write the slot record; True when it is durable."""
    name, sequence, _old = newest()
    raw = bytes((sequence, 0, SIZE)) + letters.encode()
    try:
        with open(name, "r+b" if exists(name) else "wb") as file:
            file.write(raw + binascii.crc32(raw).to_bytes(4, "big"))
        return True
    except OSError:
        return False


def choose():
    """(the slot to run or None, how: NORMAL, TRIAL or UPDATE). Counts a start that is to be counted."""
    whole = [slot for slot in SLOTS if exists(slot + "/manifest")]
    if not whole:
        return None, NORMAL
    slot, state, left, why = newest()[2] or whole[0] + "c0-"
    other = SLOTS[slot == "a"]
    if slot not in whole:
        return other, NORMAL
    if state == "t" and other not in whole:
        return slot, NORMAL
    if left > "0" and save(slot + state + str(int(left) - 1) + why):
        return slot, TRIAL if state == "t" else UPDATE
    if state != "t":
        return slot, NORMAL
    save(other + "c0f")
    return other, NORMAL


# --- the start ------------------------------------------------------------------------------------------


def start_watchdog(settings):
    """So that a start which is counted and hangs before it has its own watchdog ends as well."""
    if settings.get("watchdog", 1):
        try:
            from machine import WDT
        except ImportError:
            return
        WDT(timeout=WATCHDOG_MS)


def restart():
    """As the watchdog would, but at once."""
    for name in ("machine", "microcontroller"):
        try:
            reset = __import__(name).reset
        except (ImportError, AttributeError):
            continue
        reset()
    sys.stderr.write("rumpus: restart\n")  # the prompt that a console gives does not let the process end
    sys.exit(RESTART)


def keep_start(settings):
    """Where the cable carries packets, one that comes now may hold the character that interrupts."""
    if settings["hal"] == "micropython" and settings["transport"] == "uart":
        import micropython

        micropython.kbd_intr(-1)


def make(settings, slot, how):
    """The App that the settings describe, or the update mode, from the slot."""
    if slot:
        sys.path.insert(0, os.getcwd().rstrip("/") + "/" + slot)
    elif settings["hal"] == "virtual":
        add_paths()
    gc.collect()  # what reading this file has left over, before much is loaded
    if how == UPDATE:  # a program of its own, so that nothing of the appliance is loaded
        from update_mode import make_app
    else:
        from rumpus.start import make_app
    return make_app(settings, slot)


def run():
    """The device's life. Its App is a global, so that it can be looked at in the REPL afterwards."""
    global app
    with open(settings_path()) as file:
        settings = json.load(file)
    keep_start(settings)
    slot, how = choose()
    try:
        if how != NORMAL:
            start_watchdog(settings)
        app = make(settings, slot, how)
        del file, settings  # their memory is wanted
        gc.collect()  # what importing has left over would only make the first steps slow
        app.run()
    except Exception as error:
        if how == NORMAL:
            raise
        show(error)
        restart()
    print("rumpus: stopped, outputs are off")
    app.hal.release_console()


def show(error):
    if hasattr(sys, "print_exception"):
        sys.print_exception(error)
    else:
        print("rumpus:", repr(error))


# boot.py runs in the same names. In maintenance nothing is started: the files may be half of a deploy.
if globals().get("maintenance"):
    print("rumpus: maintenance, nothing runs")
else:
    run()
