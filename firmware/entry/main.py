"""Start file on MicroPython boards, and of the virtual board: run the device in the slot that launch.py chooses.

This file, launch.py and boot.py are the only ones that no update replaces, so they use nothing of what one may
break. A start that is counted, on trial or in update mode, ends in the next one, whatever goes wrong.
"""

import gc
import sys

RESTART = 75  # exit code of a process in the place of a board: start it again


def run():
    """The device's life. Its App is a global, so that it can be looked at in the REPL afterwards."""
    global app
    if sys.implementation.name == "micropython":
        from micropython import kbd_intr

        kbd_intr(-1)  # a packet that comes now may hold the character that interrupts
    import launch

    settings = launch.read_settings()
    launch.keep_interrupt(settings)
    slot, how = launch.choose()
    is_counted = how != launch.NORMAL
    try:
        if is_counted:
            launch.start_watchdog(settings)
        app = launch.make(settings, slot, how)
        launch = settings = sys.modules["launch"] = None  # type: ignore[assignment]  # their memory is wanted
        gc.collect()  # what importing has left over would only make the first steps slow
        app.run()
    except Exception as error:
        if not is_counted:
            raise
        if hasattr(sys, "print_exception"):
            sys.print_exception(error)
        else:
            print("rumpus:", repr(error))
        restart()
    print("rumpus: stopped, outputs are off")
    app.hal.release_console()


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


# boot.py runs in the same names. In maintenance nothing is started: the files may be half of a deploy.
if globals().get("maintenance"):
    print("rumpus: maintenance, nothing runs")
else:
    run()
