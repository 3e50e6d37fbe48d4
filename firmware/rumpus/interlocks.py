"""The last word on every output: a table of rows between the control loop and the drivers.

`apply()` fills `levels`, and nothing but `levels` is ever written to an output. The loop's wishes go
in, the rows decide. Knows no pins, no clock and no appliance; a type's rows are literals in
appliances/<type>/interlocks.py:

    ROWS = (
        # name, input, test, limit, clear, for_ms, when, forces, alarm, latched, why
        ("over_temperature", "tank_temperature", "above", 850, 800, 0, (),
         (("element", 0),), "over_temperature", 1, "above the set range; the thermal cut-out is at 95"),
        ("compressor_rest", "compressor", "min_off", 180000, 0, 0, (), (), None, 0, "pressures even out"),
    )

Condition rows look at an input. While one is tripped it forces outputs and raises its alarm.

    name     a word for the log
    input    an input's role; or a pair of roles: the first minus the second; "" where none is needed
    test     above    input > limit; over when input <= clear
             below    input < limit; over when input >= clear
             is       input == limit
             within   -limit < input < limit
             fault    input is a fault code (NOT_READY too): any when limit is 0, else that one
             jump     moved by more than limit counts between two samples, and more than limit per second
             rise     rose by more than limit counts inside for_ms
             flat     neither rose by limit counts nor fell at all during for_ms
             stuck    moved by less than limit counts either way during for_ms
             when     nothing but the `when` column
             lost     no controller heard() for more than limit ms
             stalled  the loop was away for more than limit ms
    clear    above and below: the value that ends it. All others: ms that the condition must be gone
    for_ms   the condition must be seen for this long; rise, flat and stuck: their window
    when     (role, level) pairs that must all hold as well: level 0 = that output is off (input is 0),
             n = it is n or more. Outputs are meant as they were during the elapsed time
    forces   (output, level), or (output, level, on_ms, off_ms): a duty cycle that begins with on
             Of several tripped rows that force one output, the first in the table decides
    alarm    a name in the type's ALARMS, or None
    latched  1: stays tripped until reset(), which only works once the condition is gone
    why      the reason, for people

Output rows name an output in the input column. They come after all condition rows have decided, in
table order (put min_off and needs before a hold that looks at the same output):

    safe     level `clear` is the output's safe level, when it is not 0
    run_on   at least level `clear` while `when` holds and limit ms after, unless a condition row forces it
    needs    off unless `when` holds in the levels about to be written
    min_off  off until it has been off for limit ms; at boot it counts as just switched off
    hold     keeps its level while `when` holds (before or after this step) and limit ms after

An input that is a fault code fulfils no test but fault, and releases no row of another test. A latched
above or below row with a `when` is over as well once that no longer holds: what it switched off can
show the cause no more. Before every wired input has had its first value, all outputs are at their safe
level. A row reacts within for_ms and one step, whatever the steps' length.
"""

from .appliances.base import NOT_READY
from .interlock_conditions import HOLD, MIN_OFF, NEEDS, SAFE, TRIPPED, Conditions

# Timers stop here: a small integer on 32-bit boards with room for one more step.
_FOREVER_MS = 1 << 29


class Interlocks(Conditions):
    """rows: a type's ROWS. inputs, outputs: its role names. alarms: its table's ALARMS.

    jitter_ms: added to every min_off at boot, so that a street does not start at once after a power
    cut. apply(), reset(), restore() and heard() allocate nothing.
    """

    def __init__(self, rows, inputs, outputs, alarms, jitter_ms=0):
        super().__init__(rows, inputs, outputs, alarms)
        self._named = rows
        self.active = 0  # alarm bits of all tripped rows
        self.latched = 0  # those of them that wait for reset()
        self._complete = False
        self._forced = bytearray(len(outputs))
        self._next = [0] * len(outputs)
        self._safe = [0] * len(outputs)
        for i in range(len(rows)):
            row = self._rows[i]
            if row[0] == SAFE:
                self._safe[row[1] - self._inputs] = row[4]
            elif row[0] == MIN_OFF:
                self._timer_ms[i] = row[3] + jitter_ms
        for k in range(len(outputs)):
            self.levels[k] = self._safe[k]

    def heard(self):
        """A controller was heard just now."""
        self.silent_ms = 0

    def is_tripped(self, name):
        """True while the condition row of this name is tripped."""
        for i in range(len(self._named)):
            if self._named[i][0] == name:
                return self._state[i] == TRIPPED
        raise ValueError(name)

    def reset(self):
        """Local reset: let go of latched rows whose condition is over. Returns those that stay latched."""
        for i in range(len(self._rows)):
            if self._state[i] == TRIPPED and self._gone[i]:
                self._release(i)
        self._sum()
        return self.latched

    def restore(self, latched):
        """Trip again, after a restart, the latched rows of these alarm bits."""
        for i in range(len(self._rows)):
            if self._rows[i][9] and self._rows[i][8] & latched:
                self._trip(i)
        self._sum()

    def apply(self, elapsed_ms, inputs, wanted, safe=False):
        """Decide `levels`.

        elapsed_ms: since the last call; the levels of then held all the time. inputs, wanted: lists in
        the order of the roles. safe: put everything to its safe level (maintenance, a failed task).
        """
        if not self._complete:
            self._complete = NOT_READY not in inputs
        if self.silent_ms < _FOREVER_MS:
            self.silent_ms += elapsed_ms
        for i in range(len(self._rows)):
            if self._rows[i][0] < SAFE:
                self._watch(i, elapsed_ms, inputs)
        self._sum()
        self._wish(self._safe if safe or not self._complete else wanted)
        self._protect(elapsed_ms, inputs)
        for k in range(len(self.levels)):
            self.levels[k] = self._next[k]

    def _sum(self):
        self.active = self.latched = 0
        for i in range(len(self._rows)):
            if self._state[i] == TRIPPED:
                row = self._rows[i]
                self.active |= row[8]
                if row[9]:
                    self.latched |= row[8]

    def _wish(self, wanted):
        for k in range(len(self._next)):
            self._next[k] = wanted[k]
            self._forced[k] = 0
        for i in range(len(self._rows)):
            if self._state[i] == TRIPPED:
                self._force(i, self._rows[i][7])

    def _force(self, i, forces):
        for at in range(0, len(forces), 4):
            k = forces[at]
            if self._forced[k]:
                continue
            self._forced[k] = 1
            self._next[k] = forces[at + 1]
            period_ms = forces[at + 2] + forces[at + 3]
            if period_ms:
                self._phase_ms[i] %= period_ms
                if self._phase_ms[i] >= forces[at + 2]:
                    self._next[k] = 0

    def _protect(self, elapsed_ms, inputs):
        for i in range(len(self._rows)):
            kind = self._rows[i][0]
            if kind > SAFE:
                k = self._rows[i][1] - self._inputs
                if kind == MIN_OFF:
                    self._rest(i, k, elapsed_ms)
                elif kind == NEEDS:
                    if not self._holds(self._rows[i][6], inputs, self._next):
                        self._next[k] = 0
                else:
                    self._prolong(i, k, kind, elapsed_ms, inputs)

    def _rest(self, i, k, elapsed_ms):
        if self.levels[k]:
            self._timer_ms[i] = self._rows[i][3]
        else:
            self._timer_ms[i] = max(0, self._timer_ms[i] - elapsed_ms)
        if self._timer_ms[i] and not self.levels[k]:
            self._next[k] = 0

    def _prolong(self, i, k, kind, elapsed_ms, inputs):
        """run_on and hold: `when`, and limit ms more."""
        row = self._rows[i]
        self._timer_ms[i] = max(0, self._timer_ms[i] - elapsed_ms)
        holds = self._holds(row[6], inputs, self.levels) or self._holds(row[6], inputs, self._next)
        if holds:
            self._timer_ms[i] = row[3]
        if holds or self._timer_ms[i]:
            if kind == HOLD:
                self._next[k] = self.levels[k]
            elif not self._forced[k]:
                self._next[k] = max(self._next[k], row[4])
