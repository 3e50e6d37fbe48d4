"""First thing on a board, before anything that may fail: outputs to their safe level.

safe_levels.py is written at every deploy: LEVELS = (("IO23", 0), ...), one row per output. While a file
`maintenance` exists the device is not started, so that nothing runs and no watchdog bites while files
are replaced: main.py looks at the name `maintenance`. Without safe levels it is maintenance as well.

On CircuitPython, where pins do not outlive this file: a serial channel of its own for packets, and, if
a file `own_drive` exists, the right to write files (the drive is then read-only for the computer).
"""

import sys

maintenance = True


def set_outputs():
    """True when every output of the table has its safe level."""
    import machine
    import micropython

    micropython.kbd_intr(-1)  # until this file ends: no character on the cable comes between the outputs
    from safe_levels import LEVELS

    all_good = True
    for name, level in LEVELS:
        number = name.lstrip("GPIO")
        try:
            machine.Pin(int(number) if number.isdigit() else name, machine.Pin.OUT, value=level)
        except Exception as error:  # the others come first, whatever it is
            print("rumpus: boot:", name, repr(error))
            all_good = False
    return all_good


def exists(name):
    try:
        open(name).close()
    except OSError:
        return False
    return True


def prepare_usb():
    import storage
    import usb_cdc

    usb_cdc.enable(console=True, data=True)
    if exists("/own_drive"):
        storage.remount("/", readonly=False)


try:
    if sys.implementation.name == "circuitpython":
        prepare_usb()
    else:
        maintenance = not set_outputs() or exists("maintenance")
except Exception as error:  # never a reason not to give a REPL
    print("rumpus: boot:", repr(error))
