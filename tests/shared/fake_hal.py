"""A HAL in memory for tests of the whole device: pins are dicts, carriers are loopback pairs."""

from rumpus.app import App
from rumpus.link import HEAD, RA, RUMP, SEALED, TAIL, StreamLink
from rumpus.ra import hello
from rumpus.ra.tables.messages import DEVICE_HELLO
from rumpus.rump.controller import Controller
from rumpus.transports import loopback
from rumpus.wiring import load

UUID = "00112233445566778899aabbccddeeff"


class MemoryFiles:
    damaged = 0  # files found broken

    def __init__(self):
        self.data = {}

    def load(self, name):
        return self.data.get(name)

    def save(self, name, data):
        self.data[name] = bytes(data)
        return True


class MemorySlots:
    """Keeps records over a restart, as long as the test keeps this object."""

    def __init__(self):
        self.records = {}
        self.is_full = False

    def load(self, view, size):
        for slot, record in self.records.items():
            view[slot * size : (slot + 1) * size] = record

    def save(self, slot, record):
        if not self.is_full:
            self.records[slot] = bytes(record)
        return not self.is_full


class Pin:
    def __init__(self, level):
        self.level = level
        self.written = []

    def read(self):
        return self.level

    def take(self):
        level, self.level = self.level, 0
        return level

    def write(self, level):
        self.level = level
        self.written.append(level)


class FakeHal:
    wifi = None

    def __init__(self, files=None, slots=None):
        self.files = files or MemoryFiles()
        self.pins = {}
        self.halts = 0
        self.online = True
        self._slots = slots or MemorySlots()

    def pin(self, _kind, name):
        # The middle of an ADC is 25 degC for the NTCs of the virtual board.
        self.pins[name] = Pin(32768 if name[0] == "A" else 0)
        return self.pins[name]

    def slots(self, _name):
        return self._slots

    def random(self, _below):
        return 0

    def entropy(self, size):
        return bytes(range(size))

    def wants_rest(self):
        return False

    def is_online(self):
        return self.online

    def ticked(self):
        return False

    def stepped(self):
        pass

    def halted(self, _orderly):
        self.halts += 1


class Bench:
    """One device and any number of controllers, in memory."""

    def __init__(self, kind, hal=None, settings=None, size=1024, more_roles=()):
        self.hal = hal or FakeHal()
        self.roles = load("boards.virtual." + kind, ("ROLES",)).ROLES + more_roles
        self.size = size
        near, far = loopback.pair(size)
        more = {"appliance": kind, "board": "virtual", "uuid": UUID, "transport": "loopback", "carrier": far}
        more.update(settings or {})
        self.app = App(self.hal, more, self.roles)
        if more.get("dcmp"):
            self.app.manage(more)
        self.controller = FakeController(self.app, near)
        for _role, driver, pin, _option in self.roles:
            if driver == "current_sensor":
                self.hal.pins[pin].level = 0

    def pin_of(self, role):
        for row in self.roles:
            if row[0] == role:
                return self.hal.pins[row[2]]
        raise KeyError(role)

    def another(self):
        """One more controller."""
        near, far = loopback.pair(self.size)
        self.app.transport._carrier = far
        return FakeController(self.app, near)

    def run(self, ms, step_ms=100):
        for _ in range(0, ms, step_ms):
            self.app.step(step_ms)


class FakeController:
    def __init__(self, app, carrier):
        self.app = app
        self.carrier = carrier
        self.link = StreamLink(2048)
        self.session = Controller(app.state.table, app.state.device_id)
        self.hellos = []
        self.others = []  # what else remote access has said
        self.sealed = []  # bodies of the sealed channel
        self._out = bytearray(HEAD + 600 + TAIL)

    def send(self, channel, message):
        end = HEAD + 1 + len(message)
        self._out[HEAD] = channel
        self._out[HEAD + 1 : end] = message
        start = self.link.frame(self._out, HEAD, end)
        return self.carrier.send(self._out, start, self.link.out_end)

    def say_hello(self, last_event):
        self.send(RA, hello.pack_controller_hello(last_event, "test"))

    def control(self, *pairs):
        """Send a control of (name, counts) pairs; returns its sequence."""
        rows = {row[1]: row for row in self.app.state.rows}
        fields = [(rows[name][0], rows[name][2], counts) for name, counts in pairs]
        sequence, message = self.session.control(fields)
        self.send(RUMP, message)
        return sequence

    def events(self):
        """What has come, as (kind, sequence, values)."""
        found = []
        while True:
            n = self.carrier.recv_into(self.link.free())
            if n <= 0:
                return found
            self.link.received(n)
            while self.link.next_packet():
                found += self._event()

    def _event(self):
        link = self.link
        if link.buf[link.at] == SEALED:
            self.sealed.append(bytes(link.buf[link.at + 1 : link.end]))
            return []
        if link.buf[link.at] == RA:
            kind, values = hello.unpack(link.buf, link.at + 1, link.end)
            (self.hellos if kind == DEVICE_HELLO else self.others).append(values)
            return []
        event = self.session.receive(link.buf, link.at + 1, link.end)
        return [event] if event else []
