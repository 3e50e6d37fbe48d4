"""A look at the heap of a device that runs: compiled, beside what starts it; see slots.py.

Each minute of the device's life it prints "heap" and the heap in use after a collection, in bytes.
"""

import gc


def begin(app):
    hal = app.hal
    stepped = hal.stepped
    minute = 0

    def watched():
        nonlocal minute
        if app.uptime_s >= 60 * minute:
            minute += 1
            gc.collect()
            if hasattr(gc, "mem_alloc"):
                print("heap", gc.mem_alloc())
        stepped()

    hal.stepped = watched
