"""From the settings to the device: what entry/main.py calls, out of the slot that it has chosen."""

import os

from .wiring import load, made


def make_parts(settings):
    """(hal, rows of the wiring): from here on all outputs are off."""
    hal = load("rumpus.hal." + settings["hal"], ("Hal",)).Hal(settings)
    wiring = settings.get("wiring", settings["appliance"])  # another way to wire it
    roles = load("boards." + settings["board"] + "." + wiring, ("ROLES",)).ROLES
    return hal, made(hal, roles)


def make_app(settings, slot=None):
    """The App that the settings describe. slot: a or b, the folder that this runs from; None without slots."""
    hal, roles = make_parts(settings)
    from .app import App  # most of the firmware: after the outputs

    updater = None
    if slot and settings.get("dcmp"):  # nothing else brings updates
        from .hal.files import Files

        files = Files(os.getcwd().rstrip("/"))
        make = load("rumpus.update.updater", ("Updater",)).Updater
        updater = make(files, slot, hal.outputs_good, bool(settings.get("key")))
    app = App(hal, settings, roles, updater)
    del roles  # the drivers are the app's now, and nobody looks at the rows again
    hal.wired(app.transport.port)
    return app
