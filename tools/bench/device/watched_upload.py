"""The real App with a look at the heap while a file comes in: started by the bench in the place of
entry/main.py. After each transfer the file `heap` in the storage folder holds JSON: heap in use, garbage
collected, before any transfer, at most during this one, and after it. RUMPUS_WATCH=0: no look, and no time
spent on it.

Nothing of this is in the firmware.
"""

import gc
import json
import os
import sys

sys.path[0] = os.getenv("RUMPUS_FIRMWARE")
sys.path.insert(1, os.getenv("RUMPUS_BOARDS"))

from rumpus.start import make_app

IDLE = "idle"  # dcmp/transactions.py, which has another name in a lean build
_EVERY = 4  # turns of the loop from one look to the next


class Watch:
    """Called after each turn of the loop."""

    def __init__(self, app, path):
        self._app = app
        self._path = path
        self._stepped = app.hal.stepped
        self._turns = self._before = self._most = 0

    def stepped(self):
        self._turns += 1
        if self._turns % _EVERY == 0:
            self._look()
        self._stepped()

    def _look(self):
        transfer = None
        for role in self._app.management.session.roles:
            if hasattr(role, "storage"):
                transfer = role
        is_running = transfer is not None and transfer.state != IDLE
        if transfer is not None and not is_running and not self._most:
            return
        gc.collect()
        now = gc.mem_alloc()
        if transfer is None:
            self._before = now
        elif is_running:
            self._most = max(self._most, now)
        else:
            with open(self._path, "w") as file:
                json.dump({"before": self._before, "most": self._most, "after": now}, file)
            self._most = 0


def main():
    with open(os.getenv("RUMPUS_SETTINGS")) as file:
        settings = json.load(file)
    app = make_app(settings)
    if os.getenv("RUMPUS_WATCH") != "0":
        app.hal.stepped = Watch(app, settings["storage"] + "/heap").stepped
    gc.collect()
    app.run()


main()
