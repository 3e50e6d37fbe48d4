"""main.py, observed: for tests that must know what the firmware itself did.

* The model in a version answer is the heap in use after a collection, in bytes.
* Each control that is carried out is written down in the file "carried_out" of the storage folder:
  the value of its clock_day, which the tests use as a serial number.
"""

import gc
import json
import os
import sys

FIRMWARE = __file__.rsplit("/", 3)[0] + "/firmware"
sys.path[0] = FIRMWARE
sys.path.insert(1, FIRMWARE + "/..")

from rumpus.app import App  # noqa: E402
from rumpus.rump.device import ControlledDevice  # noqa: E402

with open(os.getenv("RUMPUS_SETTINGS")) as file:
    STORAGE = json.load(file)["storage"]

_version_values = ControlledDevice.version_values
_control = App.control


def version_values(self):
    values = _version_values(self)
    gc.collect()
    values["model"] = str(gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0)
    return values


def control(self, request):
    _control(self, request)
    if not request.reason:
        with open(STORAGE + "/carried_out", "a") as file:
            file.write(f"{request.get(0x05, 0)}\n")


ControlledDevice.version_values = version_values
App.control = control

sys.path.insert(0, FIRMWARE + "/entry")
with open(FIRMWARE + "/entry/main.py") as file:
    exec(file.read())
