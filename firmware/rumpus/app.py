"""The device: the only file that knows all layers, and the one loop that drives them.

    bytes -> link -> session -> appliance -> interlocks -> drivers

run() waits in the HAL and calls step(elapsed_ms) for ever. Nothing else owns time, and nothing but
the interlocks decides what an output does. A turn of the loop without a hello allocates nothing.
"""

from . import __version__
from .appliances.base import ALARMS, EVENT_SEQUENCE, bit, ids
from .conversation import Conversation
from .hal.files import count_boot
from .interlocks import Interlocks
from .link import HEAD, TAIL
from .ra import hello
from .retained import Retained
from .rump import message
from .rump.alarms import AlarmLog
from .rump.device import ControlledDevice
from .rump.state import State
from .rump.tables import common
from .rump.tables.frame import HEADER_SIZE, MAX_BODY
from .wiring import PANEL, Wiring, load, made

# The control loop and the interlocks run this often; reaction to an input is within it.
STEP_MS = 100
# Controllers at a time. Each costs a receive buffer; one more pushes out the one silent longest.
MOST_CONVERSATIONS = 4
# After a power cut not all compressors of a street start at once.
LONGEST_JITTER_MS = 30000
# After a start all outputs are kept safe for so long at most, if the network needs a call that blocks:
# a heater that is on for an hour would keep the device unreachable as long.
HOLD_S = 60
# Characters of vendor and model, so that a version answer with both always fits a body.
LONGEST_TEXT = 24
# Longest packet taken in, framing included: a control of MAX_FIELDS fields and then some.
RECEIVE_SIZE = 320

_IDENTIFY, _CLOCK_DAY, _CLOCK_SECOND = ids(common.FIELDS, "identify", "clock_day", "clock_second")


class App:
    """hal: a Hal. settings: dict, see settings.example.json. roles: rows of the wiring file. updater: an
    Updater, where the firmware runs from a slot."""

    def __init__(self, hal, settings, roles, updater=None):
        kind = settings["appliance"]
        self.hal = hal
        table = load("rumpus.rump.tables." + kind, ("FIELDS",))
        place = "rumpus.appliances." + kind
        maker = getattr(load(place + ".appliance", ("",)), _class_name(kind))
        rows = load(place + ".interlocks", ("ROWS",)).ROWS
        # Making an output driver switches it off: this comes before everything that can fail slowly.
        roles = made(hal, roles)
        self.wiring = Wiring(hal, roles, maker.INPUTS, maker.OUTPUTS, settings.get("offsets"))
        self.wiring.excuse(maker.OUTPUTS, maker.HAZARDS)
        self.panel = self._make_panel(roles, table.ALARMS)
        # The long buffers, before small objects leave no hole that is long enough.
        self.log = AlarmLog(count_boot(hal.files), hal.slots("events"))
        self._receive_size, longest = RECEIVE_SIZE, HEADER_SIZE + MAX_BODY
        if settings.get("dcmp"):
            longest = load("rumpus.rmdp.tables.timing", ("",)).DATAGRAM_SIZE
            self._receive_size = HEAD + 1 + longest + TAIL
        self.out = bytearray(HEAD + 1 + longest + TAIL)
        self.uuid = bytes.fromhex(settings["uuid"])
        self.key = bytes.fromhex(settings["key"]) if settings.get("key") else None
        device_id = message.make_device_id(table.DEVICE_TYPE, self.uuid)
        self.state = State(table, device_id, maker.fitted(self.wiring.names))
        self.appliance = maker(self.state, settings, self.wiring.names)
        jitter_ms = hal.random(LONGEST_JITTER_MS)
        self.interlocks = Interlocks(rows, maker.INPUTS, maker.OUTPUTS, table.ALARMS, jitter_ms)
        self.appliance.levels = self.interlocks.levels
        self.appliance.defaults()
        self.retained = Retained(self.appliance, hal.files)
        self.retained.load()
        versions = (
            __version__,
            settings["board"],
            settings.get("vendor", "")[:LONGEST_TEXT],
            settings.get("model", "")[:LONGEST_TEXT],
        )
        self._memory_alarm = bit(table.ALARMS, "eeprom")
        self.device = ControlledDevice(self.state, versions)
        # A latched fault is cleared by a person at the device, not by a power cut.
        self.interlocks.restore(self.log.latched)
        self.conversations = []
        self.controller_version = None  # what the last controller that we asked said of itself
        self.stopped = False
        self.updater = updater
        self.uptime_s = 0
        self._uptime_ms = 0
        self._since_run_ms = STEP_MS
        self._identify_ms = 0
        self.state[ALARMS] = self.log.active
        self.state[EVENT_SEQUENCE] = self.log.sequence
        self.management = None  # DCMP over RMDP: see manage()
        self._start_transport(settings)

    def manage(self, settings):
        """Speak DCMP, too: what start.py does where the settings ask for it."""
        self.management = load("rumpus.management.management", ("Management",)).Management(self, settings)

    def _make_panel(self, roles, alarms):
        for row in roles:
            if row[0] in PANEL:
                from .panel import Panel

                return Panel(self.hal, roles, alarms)
        return None

    def _start_transport(self, settings):
        module = load("rumpus.transports." + settings["transport"], ("Transport",))
        self._make_link = module.LINK
        self.transport = module.Transport(self.hal, settings)

    # --- the loop ---------------------------------------------------------------------------

    def run(self):
        """The device's life. Returns when the console's escape was typed; outputs are off then."""
        orderly = False
        try:
            while not self.stopped:
                self.hal.wait(self.due_ms())
                self.step(self.hal.elapsed_ms())
                self.hal.stepped()
            orderly = True
        finally:
            self.wiring.off()
            if self.panel:
                self.panel.off()
            if orderly:
                self.retained.finish()
                if self.management is not None:
                    self.management.stop(self)
            if orderly and self.updater is not None and self.updater.wants_restart:
                self.hal.restart()
            self.hal.halted(orderly)

    def step(self, elapsed_ms):
        """One turn: serve the carriers, let the time pass, push what is owed."""
        carrier = self.transport.poll(elapsed_ms, len(self.conversations))
        if carrier is not None:
            self._begin(carrier)
        for conversation in self.conversations:
            conversation.serve(self)
        self._since_run_ms += elapsed_ms
        if self._since_run_ms >= STEP_MS or self.hal.ticked():
            self._pass(self._since_run_ms)
            self._since_run_ms = 0
        closed = False
        for conversation in self.conversations:
            conversation.push(self, elapsed_ms)
            closed = closed or conversation.closed
            self.stopped = self.stopped or conversation.escaped
        if closed:
            self._drop_closed()
        if self.management is not None:
            self.management.step(self, elapsed_ms)
        self.retained.step(elapsed_ms)
        if self.updater is not None:
            self.updater.step(elapsed_ms)
            self.stopped = self.stopped or self.updater.wants_restart

    def due_ms(self):
        """Milliseconds until step() has something to do by itself."""
        due = STEP_MS - self._since_run_ms
        for conversation in self.conversations:
            due = min(due, conversation.due_ms())
        if self.management is not None:
            due = min(due, self.management.due_ms())
        return max(0, due)

    def _pass(self, elapsed_ms):
        """Let elapsed_ms pass for the appliance, and keep the uptime."""
        self._uptime_ms += elapsed_ms
        while self._uptime_ms >= 1000:
            self._uptime_ms -= 1000
            self.uptime_s += 1
        self._identify_ms = max(0, self._identify_ms - elapsed_ms)
        self.drive(elapsed_ms)
        if self.panel:
            self.panel.step(elapsed_ms, self)

    def drive(self, elapsed_ms):
        """Inputs -> appliance -> interlocks -> outputs, then the alarms that follow."""
        appliance, interlocks = self.appliance, self.interlocks
        self.wiring.read(appliance.inputs, elapsed_ms)
        appliance.step(elapsed_ms)
        is_held = self.uptime_s < HOLD_S and self.hal.wants_rest()
        interlocks.apply(elapsed_ms, appliance.inputs, appliance.wanted, is_held)
        self.wiring.write(interlocks.levels, elapsed_ms)
        active = appliance.alarms | interlocks.active | interlocks.latched
        if self.retained.failed or self.log.failed:
            active |= self._memory_alarm
        state = self.state
        if active != self.log.active or interlocks.latched != self.log.latched:
            self._log_alarms(active)
        if state.changed:
            state.changed = False
            for conversation in self.conversations:
                conversation.owed_status = True
            if self.management is not None:
                self.management.status_changed()

    def _log_alarms(self, active):
        day, second = self.state[_CLOCK_DAY], self.state[_CLOCK_SECOND]
        self.log.update(active, self.interlocks.latched, self.uptime_s, day, second)
        self.state[ALARMS] = active
        self.state[EVENT_SEQUENCE] = self.log.sequence

    # --- what conversations ask for ---------------------------------------------------------

    def control(self, control):
        """Refuse or carry out a control; all of it or nothing. The state shows the outcome."""
        if not control.reason:
            self.appliance.check(control)
        if not control.reason:
            self._identify_ms = 1000 * control.get(_IDENTIFY, self._identify_ms // 1000)
            self.appliance.apply(control)
            self.drive(0)

    def is_identifying(self):
        return self._identify_ms > 0

    def is_heard(self):
        """Is there a controller that has spoken?"""
        for conversation in self.conversations:
            if conversation.peer.heard:
                return True
        return False

    def reset_latched(self):
        """Somebody at the device wants the latched faults cleared; those whose cause is there stay."""
        self.interlocks.reset()
        self.drive(0)

    def hello(self, answers):
        """The RA message that says what this device is. answers: 1 when it answers a hello."""
        firmware, hardware, vendor, model = self.device.versions
        return hello.pack_device_hello(
            {
                "device_id": self.state.device_id,
                "uuid": self.uuid,
                "answers": answers,
                "revision": self.state.table.REVISION,
                "boot_count": self.log.boot_count,
                "event_sequence": self.log.sequence,
                "oldest_event": self.log.oldest(),
                "firmware": firmware,
                "hardware": hardware,
                "vendor": vendor,
                "model": model,
            }
        )

    def answered(self, is_authenticated=False):
        """A host asked and is answered. is_authenticated: it proved to know the device's key. Allocates nothing."""
        self.interlocks.heard()
        if self.updater is not None:
            self.updater.answered(is_authenticated)

    # --- conversations ----------------------------------------------------------------------

    def _begin(self, carrier):
        if len(self.conversations) >= MOST_CONVERSATIONS:
            self._push_out_most_silent()
        try:
            conversation = Conversation(carrier, self._make_link(self._receive_size), self.log.sequence)
        except MemoryError:  # who connects from afar does not end the device
            carrier.close()
            return
        self.conversations.append(conversation)
        conversation.say_hello(self)

    def _push_out_most_silent(self):
        most = self.conversations[0]
        for conversation in self.conversations:
            if conversation.silence_ms > most.silence_ms:
                most = conversation
        most.closed = True
        self._drop_closed()

    def _drop_closed(self):
        for conversation in list(self.conversations):
            if conversation.closed:
                conversation.carrier.close()
                if self.management is not None:
                    self.management.closed(conversation)
                self.conversations.remove(conversation)


def _class_name(kind):
    """water_heater -> WaterHeater."""
    return "".join([part[0].upper() + part[1:] for part in kind.split("_")])
