"""From the settings to the App, in the slot that is to run: what main.py forgets when the device runs.

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
WATCHDOG_MS = 8000  # in a start that is counted, until the device starts its own
NORMAL, TRIAL, UPDATE = range(3)  # starts; all but the first are counted


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


def read_settings():
    with open(settings_path()) as file:
        return json.load(file)


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


def start_watchdog(settings):
    """So that a start which is counted and hangs before it has its own watchdog ends as well."""
    if settings.get("watchdog", 1):
        try:
            from machine import WDT
        except ImportError:
            return
        WDT(timeout=WATCHDOG_MS)


def keep_interrupt(settings):
    """Ctrl-C interrupts from here on, unless the cable carries packets."""
    is_cable = settings["hal"] == "micropython" and settings["transport"] == "uart"
    if sys.implementation.name == "micropython" and not is_cable:
        import micropython

        micropython.kbd_intr(3)


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
