"""DCMP over RMDP on the device, joined to its appliance; loaded only where the settings say "dcmp": true.

An Exchange with the one device of this board behind it. What is rare (events, files, apply) is a role that is
loaded when it is asked for, and let go when it is at rest; where memory does not suffice for it all others that
are at rest go first.

settings: name, model_number, serial_number; dms, see management/server.py; and those of exchange.py.
"""

from .. import memory
from ..appliances.base import ids
from ..dcmp.device import Device
from ..dcmp.identity import Identity
from ..dcmp.tables import message_codes as m
from ..rump.control import Control
from ..rump.tables import common
from ..wiring import load
from .exchange import Exchange

_CLOCK_DAY, _CLOCK_SECOND = ids(common.FIELDS, "clock_day", "clock_second")
_DAYS_BEFORE_2000 = 36524  # since 1900-01-01, where NTP begins
_SECONDS_A_DAY = 86400


class Management(Exchange):
    """app: the App."""

    def __init__(self, app, settings):
        from .about import names

        identity = Identity(app.uuid, *names(app.state, settings))
        device = Device(identity, self._texts, app.state, Control(len(app.state.row_of)), app.control)
        self.server = None
        self._app = app
        self._settings = settings
        super().__init__(app, settings, app.log.boot_count, device)
        if app.updater is not None:
            from ..update.apply_record import ApplyRecord

            if ApplyRecord(app.updater.files).load():
                self.session.load(m.APPLY_REQUEST)  # the result is owed since before the restart
        if settings.get("dms"):
            self.server = load("rumpus.management.server", ("Server",)).Server(self, app.hal, settings["dms"])
        self._modules = memory.loaded()

    # --- what is loaded -----------------------------------------------------------------------

    def _texts(self):
        """What gives the text of a property, or None where the device has no such property."""
        from .about import Texts

        return Texts(self._app, self._settings).text

    def _make_room(self):
        self.session.rest()
        memory.forget_others(self._modules)

    def _load_role(self, kind):
        """The role that answers a request of this kind, or None, also where memory does not suffice for it."""
        for _ in range(2):
            try:
                return self._loaded_role(kind, self._app)
            except MemoryError:
                self._make_room()
        return None

    def _loaded_role(self, kind, app):
        if kind == m.EVENT_SUBSCRIPTION_REQUEST:
            return load("rumpus.dcmp.events", ("Events",)).Events(app.uuid, app.state, app.log)
        if m.GET_FILEINFO_REQUEST <= kind <= m.APPLY_REQUEST:
            return load("rumpus.management.files", ("role",)).role(kind, app, self._settings)
        return None

    # --- what happens ---------------------------------------------------------------------------

    def _links(self, route):
        return self.server is None or self.server.conversation is not route

    def _heard(self, app):
        app.interlocks.heard()

    def _happened(self, event):
        if event and self.server:
            self.server.happened(event)

    def _clock(self):
        return ntp_second(self._app.state)

    def _more(self, app, elapsed_ms):
        if app.updater is not None and not self.session.has_loaded():
            app.updater.rest()
        if self.server and self._announce_ms is None:  # S 4: first the LAN, then the server
            self.server.step(app, elapsed_ms)

    def status_changed(self):
        """The status or an alarm has changed. Allocates nothing."""
        for role in self.session.roles:
            if role.status_changed():
                self._due_ms = 0

    def address(self, host, port):
        """What a datagram to this place is sent to. Raises OSError."""
        if self.sender.udp is None:
            raise OSError("no UDP")
        return self.sender.udp.address(host, port)

    def stop(self, app):
        """Say good-bye."""
        if self.server:
            self.server.stop()
        super().stop(app)


def ntp_second(state):
    """Seconds since 1900 of the device's clock, 0 while it is not set."""
    day = state[_CLOCK_DAY]
    if day is None:
        return 0
    return (_DAYS_BEFORE_2000 + day) * _SECONDS_A_DAY + (state[_CLOCK_SECOND] or 0)
