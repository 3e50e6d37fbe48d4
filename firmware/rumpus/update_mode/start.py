"""From the settings to the update mode: what entry/main.py calls, out of the slot that it has chosen."""

import os

from ..hal.files import Files
from ..update.updater import Updater
from ..wiring import load
from .app import UpdateMode


def make_app(settings, slot):
    """The UpdateMode of the device that the settings describe. slot: a or b, the folder that this runs from."""
    hal = load("rumpus.hal." + settings["hal"], ("Hal",)).Hal(settings)
    updater = Updater(Files(os.getcwd().rstrip("/")), slot, True)
    app = UpdateMode(hal, settings, updater)
    hal.wired(app.transport.port)
    return app
