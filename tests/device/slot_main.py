"""The device from a slot as it is built, with a look at the heap: for tests of the build and of its memory.

Lies, compiled, in the slot's folder, with look.py, beside a main.py that imports it.
"""

import gc
import json
import os

import look

from rumpus.start import make_app

with open(os.getenv("RUMPUS_SETTINGS")) as file:
    settings = json.load(file)
app = make_app(settings)
settings = file = None
look.begin(app)
gc.collect()
app.run()
