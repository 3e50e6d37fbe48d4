"""The generated parts of docs/interlocks.md: each table in words, with the bound of each row's reaction, and
what the proof counts. Between `<!-- generated: NAME -->` and `<!-- end -->`; written by
`python -m tests.proof --docs`, compared by test_interlock_proof.py.
"""

import re
from pathlib import Path

from .dangers import CODES
from .plan import Plan
from .reaction import HALS, bound_ms, longest_turn_ms
from .subject import NAMES, OUTPUT_TESTS, Subject

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "interlocks.md"
# Counts in one unit, by how the input's name ends.
UNITS = (
    ("leakage_current", 10, "mA"),
    ("_current", 1, "mA"),
    ("voltage", 1, "V"),
    ("power", 1, "W"),
    ("temperature", 10, "°C"),
    ("coil", 10, "°C"),
)


def rendered(page):
    """The page with its generated parts as they should be."""
    for name in ("counts", "turns", *NAMES):
        text = {"counts": _counts, "turns": _turns}.get(name, lambda name=name: _appliance(name))()
        pattern = f"(<!-- generated: {name} -->\n).*?(<!-- end -->)"
        page, found = re.subn(pattern, lambda m, t=text: f"{m[1]}{t}\n{m[2]}", page, flags=re.DOTALL)
        assert found == 1, name
    return page


def _table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def _counts():
    rows = []
    for name in NAMES:
        subject = Subject(name)
        plan = Plan(subject)
        numbers = [len(plan.drills(kind)) for kind in Plan.KINDS]
        total = len(subject.rows), len(subject.file.DANGERS.all), *numbers
        rows.append([f"`{name}`", *(f"{n:,}" for n in total), f"{len(subject.rows)} of {len(subject.rows)}"])
    return _table(("appliance", "rows", "dangers", *Plan.KINDS, "deletions noticed"), rows)


def _turns():
    return _table(
        ("interpreter", "ordinary turn", "longest turn with an output on"),
        [[hal, "0.1 s", _seconds(longest_turn_ms(hal))] for hal in HALS],
    )


def _appliance(name):
    subject = Subject(name)
    conditions = [row for row in subject.rows if row[2] not in OUTPUT_TESTS]
    head = ("row", "when it sees", "it does", "until", *(f"at the latest, {hal}" for hal in HALS), "why")
    table = _table(head, [_condition(row) for row in conditions])
    rules = [_rule(row) for row in subject.rows if row[2] in OUTPUT_TESTS]
    return table + "\n\n" + "\n".join(f"* {rule}" for rule in rules)


def _condition(row):
    name, _source, test, _limit, _clear, for_ms, when, forces, alarm, _latched, why = row
    cause = _cause(row) + (" while " + _levels(when) if when else "")
    if for_ms and test not in ("rise", "flat", "stuck"):
        cause += f" for {_time(for_ms)}"
    if test == "stalled":
        late = ["at once"] * len(HALS)
    else:
        late = [_seconds(bound_ms(row, longest_turn_ms(hal))) for hal in HALS]
    return [f"`{name}`", cause.strip(), _effect(forces, alarm), _end(row), *late, why]


def _cause(row):
    source, test, limit, for_ms = row[1], row[2], row[3], row[5]
    pair = isinstance(source, tuple)
    role = source[0] if pair else source
    one = f"`{source[0]}` − `{source[1]}`" if pair else f"`{source}`"
    value = _value(role, limit, pair or test in ("jump", "rise", "flat"))
    codes = {code: words for words, code in CODES.items()}
    return {
        "above": f"{one} above {value}",
        "below": f"{one} below {value}",
        "is": f"{one} is {limit}",
        "within": f"{one} within ±{value}",
        "fault": f"{one} " + (f"is {codes.get(limit)}" if limit else "is dead"),
        "jump": f"{one} moves by more than {value} in a second",
        "rise": f"{one} rises by more than {value} in {_time(for_ms)}",
        "flat": f"{one} neither rises by {value} nor falls for {_time(for_ms)}",
        "when": "",
        "stalled": f"the loop was away for more than {_time(limit)}",
    }[test] or "the outputs alone:"


def _effect(forces, alarm):
    off = [f"`{force[0]}`" for force in forces if force[1] == 0]
    on = [f"`{force[0]}` at {force[1]}" for force in forces if force[1]]
    parts = ["off: " + ", ".join(off)] if off else []
    parts += ["on: " + ", ".join(on)] if on else []
    return "; ".join([*parts, f"alarm `{alarm}`"] if alarm else parts)


def _end(row):
    source, test, clear, latched = row[1], row[2], row[4], row[9]
    if latched:
        return "a person resets it"
    if test in ("above", "below"):
        sign = "≤" if test == "above" else "≥"
        pair = isinstance(source, tuple)
        return f"{sign} {_value(source[0] if pair else source, clear, pair)}"
    return f"gone for {_time(clear)}" if clear else "gone"


def _rule(row):
    name, output, test, limit, clear, _for, when, *_rest, why = row
    levels = _levels(when)
    text = {
        "needs": f"`{output}` is on only while {levels}",
        "min_off": f"`{output}` stays off for {_time(limit)} before it goes on again, after power on too",
        "run_on": f"`{output}` is at {clear} or more while {levels}, and {_time(limit)} longer",
        "hold": f"`{output}` keeps its level while {levels}, and {_time(limit)} longer",
        "safe": f"`{output}` is {clear} when all is off",
    }[test]
    return f"`{name}`: {text} ({why})."


def _levels(when):
    words = []
    for role, level in when:
        is_state = "_temperature" in role or role.startswith("door")
        on = f"at least {_value(role, level, False)}" if level < 0 else "on"
        words.append(f"`{role}` is " + (("closed" if is_state else "off") if level == 0 else on))
    return " and ".join(words)


def _value(role, counts, is_difference):
    for end, scale, unit in UNITS:
        if role.endswith(end):
            return f"{counts / scale:g} {'K' if is_difference and unit == '°C' else unit}"
    return str(counts)


def _time(ms):
    for size, unit in ((3600000, "h"), (60000, "min"), (1000, "s")):
        if ms >= size and ms % size == 0:
            return f"{ms // size} {unit}"
    return f"{ms / 1000:g} s"


def _seconds(ms):
    """Rounded up: it is a bound."""
    return f"{-(-ms // 100) / 10:g} s" if ms < 600000 else f"{-(-ms // 6000) / 10:g} min"
