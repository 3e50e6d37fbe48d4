"""The table rows for people and programs on the host: names, units, ranges, values in and out.

    field = by_name("water_heater", "target_temperature")
    to_counts(field, "50 °C")        -> 500
    to_value(field, 500)             -> 50.0
    range_text(field)                -> "30 to 75 °C in steps of 1 °C"

*Counts* are the numbers on the wire. A *value* is what JSON shows: bool, int, float, the name of a
choice, a list of names for a bitmap, None for "not available". Knows no carrier and no session.
"""

import datetime
import difflib
import functools
import re
from decimal import Decimal
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

from rumpus import wire
from rumpus.errors import EncodeError
from rumpus.rump.layout import Status
from rumpus.rump.state import not_available, rows_of
from rumpus.rump.tables.frame import DEVICE_TYPES
from rumpus.rump.tables.units import UNITS

Value = bool | int | float | str | list[str] | None

# A choice tuple names the counts that it is indexed by; the weekday rows say only "bit 0 = Monday".
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)

_TRUE, _FALSE = ("on", "true", "1"), ("off", "false", "0")
# As many digits as Decimal computes with exactly.
_NUMBER = re.compile(r"([+-]?(?:[0-9]{1,10}(?:\.[0-9]{0,18})?|\.[0-9]{1,18}))\s*(.*)", re.ASCII | re.DOTALL)
_INTEGER = re.compile(r"[0-9]{1,10}|0x[0-9a-f]{1,8}|0b[01]{1,32}", re.ASCII)

# What a person may write behind a number, and how many of the row's unit one of it is.
_SUFFIXES: dict[str, dict[str, int]] = {
    "degC": {"°c": 1, "c": 1, "degc": 1},
    "percent": {"%": 1, "percent": 1},
    "W": {"w": 1, "kw": 1000},
    "Wh": {"wh": 1, "kwh": 1000},
    "L/min": {"l/min": 1},
    "g": {"g": 1, "kg": 1000},
    "s": {"s": 1, "min": 60, "h": 3600},
    "min": {"min": 1, "h": 60},
    "h": {"h": 1},
    "day": {"d": 1, "day": 1, "days": 1},
    "count": {},
}


class FieldError(EncodeError):
    """A name or value that the tables do not have. str() is a sentence for people; `next` says what
    would be right. code: unknown_type, unknown_field, read_only, out_of_range, not_a_step, not_a_value
    or does_not_fit; detail: the name of the field or type."""

    def __init__(self, code: str, detail: str, sentence: str, next: str = ""):
        super().__init__(code, detail)
        self.sentence = sentence
        self.next = next

    def __str__(self) -> str:
        return self.sentence


class Field(NamedTuple):
    """A field row; columns as in rump/tables/__init__.py. choices are (counts, name) pairs, for a
    bitmap (bit, name) pairs, and empty when there are none."""

    id: int
    name: str
    format: str
    access: str
    low: int
    high: int
    step: int
    scale: int
    unit: str
    choices: tuple[tuple[int, str], ...]
    source: str

    @property
    def is_readable(self) -> bool:
        return "r" in self.access

    @property
    def is_writable(self) -> bool:
        return "w" in self.access

    @property
    def is_pushed(self) -> bool:
        return "n" in self.access

    @property
    def is_mandatory(self) -> bool:
        return "!" in self.access


class Alarm(NamedTuple):
    """An alarm row."""

    bit: int
    name: str
    severity: str
    source: str


# --- rows -----------------------------------------------------------------------------------------

TYPES = tuple(name for _number, name, _source in DEVICE_TYPES)


def table_of(type_name: str) -> ModuleType:
    """The table module of a type. Raises FieldError(unknown_type) with the nearest name."""
    if type_name not in TYPES:
        sentence = f"There is no appliance type {type_name!r}."
        raise FieldError("unknown_type", type_name, sentence, _suggest(type_name, TYPES, "The types are"))
    return import_module(f"rumpus.rump.tables.{type_name}")


@functools.cache
def fields_of(type_name: str) -> tuple[Field, ...]:
    """All fields of a type in wire order: the common ones first. Raises FieldError."""
    return tuple(_field(row, type_name) for row in rows_of(table_of(type_name)))


@functools.cache
def alarms_of(type_name: str) -> tuple[Alarm, ...]:
    """All alarms of a type, by bit. Raises FieldError."""
    return tuple(Alarm(*row) for row in table_of(type_name).ALARMS)


def _field(row: tuple, type_name: str) -> Field:
    field = Field(*row)
    if field.name == "alarms":
        pairs = tuple((alarm.bit, alarm.name) for alarm in alarms_of(type_name))
    elif field.name.endswith("_weekdays"):
        pairs = tuple(enumerate(WEEKDAYS))
    elif not field.choices:
        pairs = ()
    elif isinstance(field.choices[0], tuple):
        pairs = field.choices
    else:
        pairs = tuple(enumerate(field.choices))
    return field._replace(choices=pairs)


def by_name(type_name: str, name: str) -> Field:
    """The field of that name. Raises FieldError(unknown_field) with the nearest name."""
    for field in fields_of(type_name):
        if field.name == name:
            return field
    names = [field.name for field in fields_of(type_name)]
    listed = f"See them all: rumpus fields {type_name}."
    sentence = f"A {spoken(type_name)} has no field {name!r}."
    raise FieldError("unknown_field", name, sentence, _suggest(name, names, "", listed))


def by_id(type_name: str, field_id: int) -> Field | None:
    """The field with that number, or None."""
    for field in fields_of(type_name):
        if field.id == field_id:
            return field
    return None


def alarms(type_name: str, bits: int) -> list[str]:
    """The names of the alarms whose bits are set, by bit. A bit without a row is "bit_N"."""
    return _names_of_bits(tuple((alarm.bit, alarm.name) for alarm in alarms_of(type_name)), bits)


def nearest(word: str, words: tuple[str, ...] | list[str]) -> str | None:
    """The word that was probably meant, or None."""
    wanted = word.strip().lower().replace("-", "_").replace(" ", "_")
    found = difflib.get_close_matches(wanted, words, 1) or [
        known for known in words if wanted and wanted in known
    ]
    return found[0] if len(found) == 1 else None


def _suggest(word: str, words: tuple[str, ...] | list[str], all_of_them: str, otherwise: str = "") -> str:
    meant = nearest(word, words)
    parts = [f"Did you mean {meant}?"] if meant else []
    parts.append(f"{all_of_them} {', '.join(words)}." if all_of_them else otherwise)
    return " ".join(parts)


def spoken(name: str) -> str:
    """A name of the tables as people say it."""
    return name.replace("_", " ")


# --- counts -> value ------------------------------------------------------------------------------


def to_value(field: Field, counts: int | None) -> Value:
    """The value for JSON; None when not available. An enum's count without a name stays a number."""
    if counts is None or counts == not_available(field.format):
        return None
    if field.unit == "bool":
        return bool(counts) if counts in (0, 1) else counts
    if field.unit == "bitmap":
        return _names_of_bits(field.choices, counts)
    if field.unit == "enum":
        return dict(field.choices).get(counts, counts)
    return counts if field.scale == 1 else counts / field.scale


def to_text(field: Field, counts: int | None) -> str:
    """The value with its unit, for people."""
    value = to_value(field, counts)
    if value is None:
        return "not available"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return with_unit(field, str(value))


def note(field: Field, counts: int | None) -> str:
    """What a number means where it does not say so itself: a date, a time of day, hours."""
    if counts is None:
        return ""
    if field.name == "clock_day":
        return (CLOCK_EPOCH + datetime.timedelta(days=counts)).date().isoformat()
    if field.name == "clock_second":
        return f"{counts // 3600:02}:{counts // 60 % 60:02}:{counts % 60:02} UTC"
    if field.name == "utc_offset":
        return f"UTC{'-' if counts < 0 else '+'}{abs(counts) // 60:02}:{abs(counts) % 60:02}"
    if field.unit == "s" and counts >= 60 and field.scale == 1:
        return f"{counts // 60}:{counts % 60:02} min"
    if field.unit == "min" and counts >= 60 and field.scale == 1:
        return f"{counts // 60}:{counts % 60:02} h"
    return ""


def _names_of_bits(pairs: tuple[tuple[int, str], ...], bits: int) -> list[str]:
    names = dict(pairs)
    return [names.get(bit, f"bit_{bit}") for bit in range(bits.bit_length()) if bits >> bit & 1]


def status_values(type_name: str, status: Status) -> dict[str, Value]:
    """A status as JSON has it: the fields that the device has, in wire order; alarms by name."""
    return {f.name: to_value(f, status[f.name]) for f in fields_of(type_name) if f.name in status}


def alarm_values(type_name: str, body: dict) -> dict:
    """An alarm event as JSON has it. body: values by messages.ALARM_BODY."""
    return {
        "sequence": body["sequence"],
        "boot_count": body["boot_count"],
        "raised": alarms(type_name, body["changed"] & body["active"]),
        "cleared": alarms(type_name, body["changed"] & ~body["active"]),
        "active": alarms(type_name, body["active"]),
        "latched": alarms(type_name, body["latched"]),
        "uptime_s": body["uptime"],
        "clock": clock_text(body["clock_day"], body["clock_second"]),
    }


def clock_text(day: int, second: int) -> str | None:
    """ISO 8601 of a device's clock (counts of clock_day and clock_second), None when it was not set."""
    if day == not_available(">H") or second == not_available(">I"):
        return None
    try:
        moment = CLOCK_EPOCH + datetime.timedelta(days=day, seconds=second)
    except OverflowError:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def clock_counts(moment: datetime.datetime) -> tuple[int, int]:
    """(clock_day, clock_second) of a moment that knows its time zone."""
    since = moment - CLOCK_EPOCH
    return since.days, since.seconds


# --- value -> counts ------------------------------------------------------------------------------


def to_counts(field: Field, value: Value, force: bool = False) -> int:
    """The counts of a value, or of its text as a person writes it.

    bool: on, off, true, false, 1, 0. enum: a choice's name. bitmap: names with commas, "none", or a
    number (31, 0x1f). Others: a decimal number, with or without a unit.
    force: allow what the row forbids but its format can hold; an enum then also takes a number.
    Raises FieldError that says the range, step and unit.
    """
    if value is None:
        raise _not_a_value(field, "None", "A value is needed")
    if field.unit == "bool":
        counts = _bool_counts(field, value, force)
    elif field.unit == "enum":
        counts = _enum_counts(field, value, force)
    elif field.unit == "bitmap":
        counts = _bitmap_counts(field, value)
    else:
        counts = _number_counts(field, value)
    _check_fits(field, counts, value)
    if not force:
        _check_legal(field, counts, value)
    return counts


def check_writable(field: Field) -> None:
    """Raises FieldError(read_only)."""
    if not field.is_writable:
        sentence = f"{field.name} is what the device reports; it cannot be set."
        raise FieldError("read_only", field.name, sentence)


def _bool_counts(field: Field, value: Value, force: bool) -> int:
    text = str(value).strip().lower()
    if text in _TRUE:
        return 1
    if text in _FALSE:
        return 0
    if force and _INTEGER.fullmatch(text):
        return _integer(text)
    raise _not_a_value(field, value, f"{field.name} is on or off")


def _integer(text: str) -> int:
    return int(text) if text.isdigit() else int(text, 0)


def _enum_counts(field: Field, value: Value, force: bool) -> int:
    text = str(value).strip().lower().replace("-", "_").replace(" ", "_")
    for counts, name in field.choices:
        if name == text:
            return counts
    if force and _INTEGER.fullmatch(text):
        return _integer(text)
    meant = nearest(text, [name for _counts, name in field.choices])
    raise _not_a_value(field, value, f"{field.name} takes {range_text(field)}", meant)


def _bitmap_counts(field: Field, value: Value) -> int:
    words = value if isinstance(value, list) else re.split(r"[,\s]+", str(value).strip().lower())
    if len(words) == 1 and _INTEGER.fullmatch(words[0]):
        return _integer(words[0])
    bits = 0
    for word in words:
        if word != "none" or len(words) > 1:
            bits |= 1 << _bit_of(field, word, value)
    return bits


def _bit_of(field: Field, word: str, value: Value) -> int:
    for bit, name in field.choices:
        if word == name or (field.name.endswith("_weekdays") and _is_long_weekday(word, name)):
            return bit
    meant = nearest(word, [name for _bit, name in field.choices])
    raise _not_a_value(field, value, f"{field.name} takes {range_text(field)}", meant)


def _is_long_weekday(word: str, name: str) -> bool:
    """True for "monday", "thurs": the name goes on to be a longer part of the full one."""
    rest = {"tue": "s", "wed": "nes", "thu": "rs", "sat": "ur"}.get(name, "")
    return len(word) >= len(name) and f"{name}{rest}day".startswith(word)


def _number_counts(field: Field, value: Value) -> int:
    if isinstance(value, bool | list):
        raise _not_a_value(field, value, f"{field.name} takes a number, {range_text(field)}")
    # A float's shortest text is what was meant by it: 21.5 is 21.5, not its binary neighbour.
    text = format(Decimal(repr(value)), "f") if isinstance(value, float) and _is_finite(value) else str(value)
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        raise _not_a_value(field, value, f"{field.name} takes a number, {range_text(field)}")
    counts = Decimal(found[1]) * _times(field, found[2], value) * field.scale
    if counts != int(counts):
        raise FieldError("not_a_step", field.name, _cannot_be(field, value))
    return int(counts)


def _is_finite(value: float) -> bool:
    return value - value == 0


def _times(field: Field, suffix: str, value: Value) -> int:
    if not suffix:
        return 1
    known = _SUFFIXES.get(field.unit, {})
    if suffix.lower() in known:
        return known[suffix.lower()]
    unit = unit_text(field)
    what = f"{field.name} is in {unit}" if unit else f"{field.name} has no unit"
    raise _not_a_value(field, value, f"{what}, not in {suffix!r}; it takes {range_text(field)}")


def _check_fits(field: Field, counts: int, value: Value) -> None:
    bits = 8 * wire.size_of(field.format)
    low = -(1 << bits - 1) if field.format[-1] == "h" else 0
    if not low <= counts < low + (1 << bits):
        high = low + (1 << bits) - 1
        room = f"The wire format has room for {_shown(field, low)} to {_shown(field, high)}."
        raise FieldError("out_of_range", field.name, _cannot_be(field, value), room)


def _check_legal(field: Field, counts: int, value: Value) -> None:
    wrong = wire.check(field, counts)
    if wrong in (wire.BELOW, wire.ABOVE):
        end = field.low if wrong == wire.BELOW else field.high
        word = "least" if wrong == wire.BELOW else "most"
        limit = f"The {word} is {_shown(field, end)}."
        raise FieldError("out_of_range", field.name, _cannot_be(field, value), limit)
    if wrong:
        below = field.low + (counts - field.low) // field.step * field.step
        near = f"The nearest are {_shown(field, below)} and {_shown(field, below + field.step)}."
        raise FieldError("not_a_step", field.name, _cannot_be(field, value), near)
    if field.unit == "enum" and counts not in dict(field.choices):
        raise _not_a_value(field, value, f"{field.name} takes {range_text(field)}")


def _cannot_be(field: Field, value: object) -> str:
    return f"{field.name} cannot be {value}: it takes {range_text(field)}."


def _not_a_value(field: Field, value: object, what: str, meant: str | None = None) -> FieldError:
    sentence = f"{field.name} cannot be {str(value)!r}: {what}."
    return FieldError("not_a_value", field.name, sentence, f"Did you mean {meant}?" if meant else "")


# --- texts ----------------------------------------------------------------------------------------


def unit_text(field: Field) -> str:
    """The unit as people write it, "" when there is none."""
    for token, text, _source in UNITS:
        if token == field.unit:
            return text
    return field.unit


def with_unit(field: Field, number: str) -> str:
    unit = unit_text(field)
    return f"{number} {unit}" if unit else number


def range_text(field: Field) -> str:
    """What the row allows, in words."""
    if field.unit == "bool":
        return "on or off"
    names = [name for _counts, name in field.choices]
    if field.unit == "enum":
        return ", ".join(names[:-1]) + " or " + names[-1]
    if field.unit == "bitmap":
        return f"any of {', '.join(names)}, or none" if names else f"0 to {field.high}"
    text = f"{_number(field, field.low)} to {_shown(field, field.high)}"
    is_whole = field.step == 1 and field.scale == 1
    return text if is_whole else f"{text} in steps of {_shown(field, field.step)}"


def _number(field: Field, counts: int) -> str:
    return str(counts) if field.scale == 1 else f"{counts / field.scale:g}"


def _shown(field: Field, counts: int) -> str:
    return with_unit(field, _number(field, counts))
