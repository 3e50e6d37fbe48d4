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
    """The App that the settings describe. slot: a or b, the folder that this runs from; None without slots.

    In two steps, since a lean build has in memory only what one of them needs: deploy/lean/begin.py.
    """
    app = begin_app(settings, slot)
    if settings.get("dcmp"):
        begin_management(app, settings)
    app.hal.wired(app.transport.port)
    return app


def begin_app(settings, slot):
    """The App without DCMP."""
    hal, roles = make_parts(settings)
    from .app import App  # most of the firmware: after the outputs

    updater = None
    if slot and settings.get("dcmp"):  # nothing else brings updates
        from .hal.files import Files

        files = Files(os.getcwd().rstrip("/"))
        make = load("rumpus.update.updater", ("Updater",)).Updater
        updater = make(files, slot)
        updater.begin_trial(hal.outputs_good, bool(settings.get("key")))
    return App(hal, settings, roles, updater)


def begin_management(app, settings):
    """What DCMP needs, after all else has what it needs."""
    app.manage(settings)
