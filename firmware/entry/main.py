"""Start file on MicroPython boards, and of the virtual board: read the settings and run the device."""

import gc
import json
import os
import sys


def settings_path():
    """RUMPUS_SETTINGS names the file where there is an environment; a board keeps it in its root."""
    getenv = getattr(os, "getenv", None)
    return (getenv("RUMPUS_SETTINGS") if getenv else None) or "settings.json"


def add_paths():
    """From a checkout: make firmware/ and boards/ importable. On a board they lie in its root."""
    firmware = __file__.rsplit("/", 2)[0] if __file__.count("/") > 1 else ".."
    # The first entry is this folder on CPython, where a CircuitPython code.py would shadow `code`.
    sys.path[0] = firmware
    sys.path.insert(1, firmware + "/..")


def make_parts():
    """(settings, hal, rows of the wiring): from here on all outputs are off."""
    with open(settings_path()) as file:
        settings = json.load(file)
    if settings["hal"] == "virtual":
        add_paths()
    from rumpus.wiring import load, made

    hal = load("rumpus.hal." + settings["hal"], ("Hal",)).Hal(settings)
    roles = load("boards." + settings["board"] + "." + settings["appliance"], ("ROLES",)).ROLES
    return settings, hal, made(hal, roles)


def make_app(settings, hal, roles):
    """The App that the settings describe."""
    from rumpus.app import App

    app = App(hal, settings, roles)
    hal.wired(app.transport.port)
    return app


# boot.py runs in the same names. In maintenance nothing is started: the files may be half of a deploy.
if globals().get("maintenance"):
    print("rumpus: maintenance, nothing runs")
else:
    settings, hal, roles = make_parts()
    app = make_app(settings, hal, roles)  # a global, so that it can be looked at in the REPL afterwards
    gc.collect()  # what importing has left over would only make the first steps slow
    app.run()
    print("rumpus: stopped, outputs are off")
    app.hal.release_console()
