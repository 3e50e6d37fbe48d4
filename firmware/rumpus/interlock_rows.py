"""From the rows of a type's interlocks, written for people, to rows of numbers.

The columns are described in interlocks.py. A build for a device does this beforehand.
"""

from .appliances.base import bit

# Tests of condition rows, then of output rows; a compiled row holds the number.
_TESTS = ("above", "below", "is", "within", "fault", "jump", "rise", "flat", "stuck", "when", "lost")
_TESTS += ("stalled", "safe", "run_on", "needs", "min_off", "hold")


def compiled(rows, inputs, outputs, alarms):
    """Each row as (test, first input or output, second or -1, limit, clear, for_ms, when, forces, alarm
    mask, latched), all numbers; `when` and `forces` flat, in twos and in fours.

    An index counts inputs, then outputs; one in forces outputs alone. Raises ValueError or KeyError for an
    unknown name.
    """
    roles = tuple(inputs) + tuple(outputs)
    known = []  # tuples made so far: many rows force the same outputs, and RAM is scarce
    return [_compiled(row, roles, outputs, alarms, known) for row in rows]


def _compiled(row, roles, outputs, alarms, known):
    _name, source, test, limit, clear, for_ms, when, forces, alarm, latched, _why = row
    pair = (source, None) if isinstance(source, str) else source
    first, second = [roles.index(role) if role else -1 for role in pair]
    conditions = []
    for role, level in when:
        conditions += (roles.index(role), level)
    forced = []
    for force in forces:
        forced += (outputs.index(force[0]), force[1])
        forced += force[2:] or (0, 0)
    mask = 0 if alarm is None else bit(alarms, alarm)
    kind = _TESTS.index(test)
    when = _share(tuple(conditions), known)
    forces = _share(tuple(forced), known)
    return (kind, first, second, limit, clear, for_ms, when, forces, mask, latched)


def _share(new, known):
    for old in known:
        if old == new:
            return old
    known.append(new)
    return new
