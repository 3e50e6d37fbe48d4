"""The real App with a look at the heap: started by the bench in the place of entry/main.py.

RUMPUS_MARKS names the counts of received packets after which gc.mem_alloc() is noted, "100 1100 2100"; the
garbage collector is off from the first on. RUMPUS_MARKS=collected notes the heap in use, garbage collected,
after the second packet. What was noted goes to result.json in the storage folder when the bench hangs up.
Nothing of this is in the firmware.
"""

import gc
import json
import os
import sys

sys.path[0] = os.getenv("RUMPUS_FIRMWARE")
sys.path.insert(1, os.getenv("RUMPUS_BOARDS"))

from rumpus.start import make_app


class Watch:
    """Called after each turn of the loop. Allocates nothing."""

    def __init__(self, app, marks):
        self._app = app
        self._keeps_collecting = marks == "collected"
        self._marks = [2] if self._keeps_collecting else [int(mark) for mark in marks.split()]
        self._stepped = app.hal.stepped
        self.noted = [0] * len(self._marks)
        self._n = 0

    def stepped(self):
        if self._n < len(self._marks) and self._packets() >= self._marks[self._n]:
            self._note()
        self._stepped()

    def _packets(self):
        return self._app.conversations[0].link.packets if self._app.conversations else 0

    def _note(self):
        if self._n == 0:
            gc.collect()
            if not self._keeps_collecting:
                gc.disable()
        self.noted[self._n] = gc.mem_alloc()
        self._n += 1


def main():
    with open(os.getenv("RUMPUS_SETTINGS")) as file:
        settings = json.load(file)
    app = make_app(settings)
    watch = Watch(app, os.getenv("RUMPUS_MARKS") or "")
    app.hal.stepped = watch.stepped
    gc.collect()
    try:
        app.run()
    except (SystemExit, OSError):
        print("the bench has hung up")
    with open(settings["storage"] + "/result.json", "w") as file:
        json.dump({"marks": watch.noted}, file)


main()
