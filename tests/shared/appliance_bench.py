"""An appliance with its interlocks and no hardware: inputs by name in, levels by name out.

`slice_ms` is the length of one step; a test that runs twice with different slices shows that results
do not depend on it.
"""

from rumpus.appliances.base import ALARMS, bit
from rumpus.interlocks import Interlocks
from rumpus.rump.control import Control
from rumpus.rump.state import State, rows_of

try:
    from micropython import heap_lock, heap_unlock
except ImportError:  # CPython promises nothing about its heap

    def heap_lock():
        pass

    def heap_unlock():
        pass


MINUTE_MS = 60000
HOUR_MS = 3600000
# 2026-01-05 was a Monday: days since 2000-01-01.
MONDAY = 9501


class ApplianceBench:
    """kind: an Appliance type. rows: its interlock rows. wired: role names. values: input by role."""

    def __init__(self, kind, rows, wired, values, settings=None, slice_ms=1000, jitter_ms=0):
        self.kind = kind
        self.rows = rows_of(kind.TABLE)
        self.wired = wired
        self.values = values
        self.slice_ms = slice_ms
        self.state = State(kind.TABLE, bytes(12), kind.fitted(wired))
        self.loop = kind(self.state, settings or {}, wired)
        self.loop.defaults()
        self.locks = Interlocks(rows, kind.INPUTS, kind.OUTPUTS, kind.TABLE.ALARMS, jitter_ms)
        self.loop.levels = self.locks.levels
        self.elapsed_ms = 0

    def field_id(self, name):
        for row in self.rows:
            if row[1] == name:
                return row[0]
        raise KeyError(name)

    def get(self, name):
        return self.state[self.field_id(name)]

    def set(self, **fields):
        """Send a control; return the reason it was refused for, 0 = taken."""
        control = Control()
        for name, counts in fields.items():
            control.add(self.field_id(name), counts)
        self.loop.check(control)
        if not control.reason:
            self.loop.apply(control)
            self.step(0)
        return control.reason

    def set_clock(self, day, hour, minute=0):
        self.set(clock_day=day, clock_second=hour * 3600 + minute * 60)

    def level(self, role):
        return self.locks.levels[self.kind.OUTPUTS.index(role)]

    def has_alarm(self, name):
        return self.get("alarms") & bit(self.kind.TABLE.ALARMS, name) != 0

    def step(self, elapsed_ms):
        """One round of the loop, as the app does it."""
        inputs = self.loop.inputs
        for role, value in self.values.items():
            if role in self.wired:
                inputs[self.kind.INPUTS.index(role)] = value
        self.loop.step(elapsed_ms)
        self.locks.apply(elapsed_ms, inputs, self.loop.wanted)
        self.state[ALARMS] = self.locks.active | self.loop.alarms
        self.elapsed_ms += elapsed_ms

    def physics(self, elapsed_ms):
        """What the levels do to the inputs; a test's own bench overrides it."""

    def run(self, ms):
        """Let ms pass in slices."""
        while ms > 0:
            slice_ms = min(ms, self.slice_ms)
            self.physics(slice_ms)
            self.step(slice_ms)
            ms -= slice_ms

    def run_until(self, is_true, most_ms):
        """Let time pass until is_true(); return the ms it took, or None when it never came."""
        start_ms = self.elapsed_ms
        while self.elapsed_ms - start_ms < most_ms:
            if is_true():
                return self.elapsed_ms - start_ms
            self.run(self.slice_ms)
        return None

    def allocates(self, elapsed_ms):
        """True when one step of loop and interlocks needs the heap (MicroPython only)."""
        inputs = self.loop.inputs
        heap_lock()
        try:
            self.loop.step(elapsed_ms)
            self.locks.apply(elapsed_ms, inputs, self.loop.wanted)
        except MemoryError:
            return True
        finally:
            heap_unlock()
        return False


class RowBench:
    """The rows of a type alone, with a loop that wants everything. For a test of each row.

    healthy: input by role. wanted: level by role, all others are 0.
    """

    def __init__(self, kind, rows, healthy, wanted, slice_ms=1000):
        self.kind = kind
        self.locks = Interlocks(rows, kind.INPUTS, kind.OUTPUTS, kind.TABLE.ALARMS)
        self.inputs = [healthy[role] for role in kind.INPUTS]
        self.wanted = [wanted.get(role, 0) for role in kind.OUTPUTS]
        self.slice_ms = slice_ms

    def put(self, changes):
        """Change inputs or wanted levels by role."""
        for role, value in changes.items():
            if role in self.kind.INPUTS:
                self.inputs[self.kind.INPUTS.index(role)] = value
            else:
                self.wanted[self.kind.OUTPUTS.index(role)] = value

    def run(self, ms, ramp=None):
        """ramp: {role: counts per second} added while time passes."""
        seconds = 0
        start = list(self.inputs)
        while ms > 0:
            slice_ms = min(ms, self.slice_ms)
            seconds += slice_ms / 1000
            for role in ramp or ():
                i = self.kind.INPUTS.index(role)
                self.inputs[i] = start[i] + int(ramp[role] * seconds)
            self.locks.apply(slice_ms, self.inputs, self.wanted)
            ms -= slice_ms

    def levels(self):
        return dict(zip(self.kind.OUTPUTS, self.locks.levels))


class RowCase:
    """How one row is brought to trip. changes: inputs and wanted levels that are wrong. ramp: counts per
    second. ms: for so long. before: the same for the time before, which must not trip it."""

    def __init__(self, changes=None, ms=1000, ramp=None, before=None, before_ms=10000):
        self.changes = changes or {}
        self.ms = ms
        self.ramp = ramp
        self.before = before or {}
        self.before_ms = before_ms

    def play(self, bench):
        bench.put(self.before)
        bench.run(self.before_ms)
        was_active = bench.locks.active
        bench.put(self.changes)
        bench.run(self.ms, self.ramp)
        return was_active


def without(rows, name):
    return tuple([row for row in rows if row[0] != name])
