"""One life of the real Interlocks, under an observer who knows the truth and the dangers.

A step is what the app does: time passes under the old levels, the inputs are sampled, the interlocks
decide. The observer looks at the sample together with the old levels (has a danger been there for its
time?) and then at the decision. It shares no code with the interlocks and never looks into them.
"""

from rumpus.interlocks import Interlocks

from .dangers import ABSENT, CODES, FAULTS_BELOW, NEVER_MS, NOT_WIRED, Moment


class Forbidden(Exception):
    """A danger that the interlocks let be."""


class Life:
    """subject: a Subject. rows: its table, or a mutant of it. absent: inputs this device does not have."""

    def __init__(self, subject, rows, absent=(), jitter_ms=0):
        self.subject = subject
        self.rows = rows
        self.at = Moment(subject.inputs, subject.outputs, subject.alarms)
        self.values = [0] * len(subject.inputs)
        self.moving = []  # (index, function, ms since it began)
        self.pending = {}  # danger: ms since the first sample that showed it
        self.spent = set()  # dangers with `then` that were seen: the latter is forbidden
        self.absent = frozenset(absent)
        self.wanted = subject.wishes({})
        self.steps = 0
        self.locks = self._power_on(jitter_ms)
        self.put({})

    def _power_on(self, jitter_ms):
        subject = self.subject
        locks = Interlocks(self.rows, subject.inputs, subject.outputs, subject.kind.TABLE.ALARMS, jitter_ms)
        for role in subject.inputs:
            setattr(self.at, role, CODES["not ready"])
        for role in subject.outputs:
            setattr(self.at, role, 0)
            self.at.rested_ms[role] = 0
            self.at.since_ms[role] = NEVER_MS
            self.at.last[role] = 0
        return locks

    def copy(self):
        twin = Life.__new__(Life)
        twin.__dict__.update(self.__dict__)
        twin.at = self.at.copy()
        twin.values = list(self.values)
        twin.moving = list(self.moving)
        twin.pending = dict(self.pending)
        twin.spent = set(self.spent)
        twin.locks = _copy_of(self.locks)
        return twin

    # --- what happens to it ------------------------------------------------------------------

    def put(self, classes):
        """{input: class} from now on; all others are healthy, or absent."""
        self.moving = []
        at, subject = self.at, self.subject
        for i, role in enumerate(subject.inputs):
            kind = ABSENT if role in self.absent else classes.get(role, "healthy")
            value = NOT_WIRED if kind == ABSENT else subject.classes[role][kind]
            at.kind[role] = kind
            if callable(value):
                self.moving.append([i, value, 0])
            else:
                self.values[i] = value
        at.had = at.had | frozenset(classes.items())

    def wish(self, wanted):
        self.wanted = wanted

    def reset(self):
        """The button at the device."""
        self.locks.reset()
        self.spent = {danger for danger in self.spent if danger.is_bad(self.at)}

    def power_cut(self):
        """Off and on again; what was latched comes back from the event log."""
        latched = self.locks.latched
        self.locks = self._power_on(0)
        self.locks.restore(latched)
        self.pending = {}

    def step(self, ms):
        """Let ms pass. Raises Forbidden."""
        self._sample(ms)
        self._look_back(ms)
        self.locks.apply(ms, self.values, self.wanted)
        self._take_decision(ms)
        self._judge()
        self.steps += 1

    # --- the observer --------------------------------------------------------------------------

    def _sample(self, ms):
        at, values = self.at, self.values
        before = at.__dict__
        at.step_ms = ms
        for entry in self.moving:
            entry[2] += ms
            values[entry[0]] = entry[1](at, entry[2])
        spoken = True
        for i, role in enumerate(self.subject.inputs):
            old, new = before[role], values[i]
            at.moved[role] = 0 if old <= FAULTS_BELOW or new <= FAULTS_BELOW else abs(new - old)
            before[role] = new
            spoken = spoken and new != CODES["not ready"]
        at.spoken = at.spoken or spoken

    def _look_back(self, ms):
        at, pending = self.at, self.pending
        for danger in self.subject.timed:
            if not danger.is_bad(at):
                pending.pop(danger, None)
            elif danger in pending:
                pending[danger] += ms
            else:
                pending[danger] = 0
            if danger.then and pending.get(danger, -1) >= danger.within_ms:
                self.spent.add(danger)

    def _take_decision(self, ms):
        at = self.at
        now = at.__dict__
        for k, role in enumerate(self.subject.outputs):
            old = now[role]
            at.last[role] = old
            if old:
                at.rested_ms[role] = at.since_ms[role] = 0
            else:
                at.rested_ms[role] += ms
                at.since_ms[role] += ms
            now[role] = self.locks.levels[k]
        at.active = self.locks.active

    def _judge(self):
        at = self.at
        for danger in self.subject.instant:
            if danger.is_bad(at):
                raise Forbidden(danger.name)
        for danger, ms in self.pending.items():
            if danger.then is None and ms >= danger.within_ms and danger.is_bad(at):
                raise Forbidden(danger.name)
        for danger in self.spent:
            if danger.then(at):
                raise Forbidden(danger.name)


def _copy_of(locks):
    twin = Interlocks.__new__(Interlocks)
    for name, value in locks.__dict__.items():
        twin.__dict__[name] = value[:] if isinstance(value, (list, bytearray)) else value
    return twin
