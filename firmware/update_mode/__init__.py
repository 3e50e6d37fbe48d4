"""What entry/main.py imports in a start of the update mode. A name of its own, beside the package: in a lean
build the package is the whole appliance, and nothing of that is wanted in memory. See rumpus/update_mode/.
"""

from rumpus.update_mode.start import make_app  # noqa: F401
