"""The update mode's loop: carriers, DCMP, and the time after which it ends by itself.

run() waits in the HAL and calls step(elapsed_ms), as app.py does; who knows that one knows this one.
"""

from ..connection import Connection
from ..hal.files import count_boot
from ..link import HEAD, RA, RMDP, RUMP, TAIL
from ..ra import hello
from ..ra.tables.messages import TAKING_UPDATE
from ..rmdp.tables.timing import DATAGRAM_SIZE
from ..update.tables.mode import MODE_IDLE_MS, MODE_LONGEST_MS, MODE_SPARE
from ..wiring import load
from .device import UpdateExchange

MOST_CONNECTIONS = 2
_BUFFER = HEAD + 1 + DATAGRAM_SIZE + TAIL


class _Caller(Connection):
    def _take(self, app, link):
        channel = link.buf[link.at]
        if channel == RMDP:
            app.management.receive(app, self, link.buf, link.at + 1, link.end)
        elif channel == RUMP or channel == RA:
            self.say_not_now(app)

    def say_not_now(self, app):
        """To whoever speaks RUMP, and to everybody at the beginning, as a device that runs says hello."""
        body = hello.pack_device_not_now(TAKING_UPDATE)
        end = HEAD + 1 + len(body)
        app.out[HEAD + 1 : end] = body
        self.send(app, RA, end)


class UpdateMode:
    """hal: a Hal. settings: dict, see settings.example.json. updater: the Updater."""

    def __init__(self, hal, settings, updater):
        self.hal = hal
        self.updater = updater
        self._versions = updater.versions()
        self._keep_spare()  # before small objects leave no hole that is long enough
        self.uuid = bytes.fromhex(settings["uuid"])
        self.out = bytearray(_BUFFER)
        self.connections = []
        self.stopped = False
        self.uptime_s = 0
        self._since_second_ms = 0
        self._quiet_ms = 0  # since something of a bundle has come
        self._done = 0  # bytes of it, then
        module = load("rumpus.transports." + settings["transport"], ("Transport",))
        most = MOST_CONNECTIONS if settings["transport"] == "tcp_listen" else 1
        self._links = [module.LINK(_BUFFER) for _ in range(most)]  # those that are free
        self.transport = module.Transport(hal, settings)
        self.management = UpdateExchange(self, settings, count_boot(hal.files))

    def run(self):
        """The device's life in this mode. Returns when the console's escape was typed."""
        orderly = False
        try:
            while not self.stopped:
                self.hal.wait(self.management.due_ms())
                self.step(self.hal.elapsed_ms())
                self.hal.stepped()
            orderly = True
        finally:
            if orderly:
                self.management.stop(self)
                if self.updater.wants_restart:
                    self.hal.restart()
                self._versions.leave_mode()  # whoever typed the escape does not want it again
            self.hal.halted(orderly)

    def step(self, elapsed_ms):
        """One turn: serve the carriers, let the time pass, send what is owed."""
        carrier = self.transport.poll(elapsed_ms, len(self.connections))
        if carrier is not None:
            self._begin(carrier)
        closed = False
        for connection in self.connections:
            connection.serve(self)
            connection.pass_time(elapsed_ms)
            self.stopped = self.stopped or connection.escaped
            closed = closed or connection.closed
        if closed:
            self._drop_closed()
        self.management.step(self, elapsed_ms)
        self._since_second_ms += elapsed_ms
        while self._since_second_ms >= 1000:
            self._since_second_ms -= 1000
            self._a_second()
        self.stopped = self.stopped or self.updater.wants_restart

    def _a_second(self):
        """It goes on while a bundle comes in or is applied, but not for ever."""
        self.uptime_s += 1
        self._quiet_ms += 1000
        self._keep_spare()
        done = self._versions.staging().done
        if done != self._done or self.management.is_applying():
            self._done = done
            self._quiet_ms = 0
        if self._quiet_ms >= MODE_IDLE_MS or self.uptime_s * 1000 >= MODE_LONGEST_MS:
            self._versions.leave_mode()
            self.updater.restart()

    def _keep_spare(self):
        staging = self._versions.staging()
        if staging.spare is None and not staging.is_busy:
            try:
                staging.spare = bytearray(MODE_SPARE)
            except MemoryError:
                pass  # the next bundle may be refused for want of memory; the host then begins anew

    def answered(self):
        """A host asked and is answered: nothing depends on it here."""

    # --- connections --------------------------------------------------------------------------

    def _begin(self, carrier):
        if not self._links:
            self._push_out_most_silent()
        link = self._links.pop()
        link.reset()
        connection = _Caller(carrier, link)
        self.connections.append(connection)
        connection.say_not_now(self)

    def _push_out_most_silent(self):
        most = self.connections[0]
        for connection in self.connections:
            if connection.silence_ms > most.silence_ms:
                most = connection
        most.closed = True
        self._drop_closed()

    def _drop_closed(self):
        for connection in list(self.connections):
            if connection.closed:
                connection.carrier.close()
                self._links.append(connection.link)
                self.management.closed(connection)
                self.connections.remove(connection)
