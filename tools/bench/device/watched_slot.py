"""entry/main.py with a look at the heap: started by the bench in its place, from a slot, to be updated.

RUMPUS_MAIN names that file. The heap in use, garbage collected, is looked at between turns of the loop, and
whenever it is more than ever since the start, the file `heap` in the working folder says so.

Nothing of this is in the firmware.
"""

import gc
import os
import sys

_EVERY = 4  # turns of the loop from one look to the next
_HOOK = "        app.run()\n"


def watch(app):
    hal = app.hal
    stepped = hal.stepped
    turns = most = 0

    def look():
        nonlocal turns, most
        turns += 1
        if turns % _EVERY == 0:
            gc.collect()
            now = gc.mem_alloc()
            if now > most:
                most = now
                with open("heap", "w") as file:
                    file.write(str(now))
        stepped()

    hal.stepped = look


def source():
    path = os.getenv("RUMPUS_MAIN")
    sys.path.insert(0, path.rpartition("/")[0])
    with open(path) as file:
        text = file.read()
    assert text.count(_HOOK) == 1
    return text.replace(_HOOK, "        watch(app)\n" + _HOOK)


exec(source(), {"__name__": "main", "watch": watch})
