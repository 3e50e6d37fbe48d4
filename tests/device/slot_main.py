"""The device from a slot as it is built, with a look at the heap: for tests of the build and of its memory.

Lies, compiled, in the slot's folder, beside a main.py that imports it. Each minute of the device's life it
prints "heap" and the heap in use after a collection, in bytes.
"""

import gc
import json
import os

from rumpus.start import make_app

with open(os.getenv("RUMPUS_SETTINGS")) as file:
    settings = json.load(file)
app = make_app(settings)
settings = file = None
hal = app.hal
stepped = hal.stepped
minute = 0


def watched():
    global minute
    if app.uptime_s >= 60 * minute:
        minute += 1
        gc.collect()
        if hasattr(gc, "mem_alloc"):
            print("heap", gc.mem_alloc())
    stepped()


hal.stepped = watched
gc.collect()
app.run()
