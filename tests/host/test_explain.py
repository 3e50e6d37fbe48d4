"""Every code that a device can send has a sentence, and no sentence is left without its code."""

import re
from pathlib import Path

import pytest

import rumpus
from rumpus.dcmp.tables.results_ours import FAULTS
from rumpus.rump.tables.results import REASONS, RESULTS
from rumpus_host import explain, fields

EVERY_ALARM = [(name, alarm) for name in fields.TYPES for alarm in fields.alarms_of(name)]


def assert_says_something(told):
    assert re.fullmatch(r"[A-Z].{10,}[.!?]", told.sentence), told
    assert len(told.next) > 10, told


@pytest.mark.parametrize("row", RESULTS, ids=lambda row: row[1])
def test_every_result_has_a_sentence(row):
    assert_says_something(explain.RESULTS[row[1]])


@pytest.mark.parametrize("row", REASONS, ids=lambda row: row[1])
def test_every_reason_has_a_sentence(row):
    assert_says_something(explain.REASONS[row[1]])


@pytest.mark.parametrize(("type_name", "alarm"), EVERY_ALARM, ids=lambda part: getattr(part, "name", part))
def test_every_alarm_has_a_sentence(type_name, alarm):
    assert_says_something(explain.ALARMS[type_name][alarm.name])


def test_no_sentence_is_without_a_row():
    assert set(explain.RESULTS) == {row[1] for row in RESULTS}
    assert set(explain.REASONS) == {row[1] for row in REASONS}
    assert set(explain.ALARMS) == set(fields.TYPES)
    for type_name in fields.TYPES:
        assert set(explain.ALARMS[type_name]) == {alarm.name for alarm in fields.alarms_of(type_name)}


def test_every_code_of_a_decode_error_has_a_sentence():
    firmware = Path(rumpus.__file__).parent
    protocols = ("rump", "ra", "rmdp", "dcmp")
    sources = [
        *firmware.glob("*.py"),
        *(path for name in protocols for path in (firmware / name).glob("*.py")),
    ]
    text = "".join(path.read_text() for path in sources)
    codes = set(re.findall(r'DecodeError\("(\w+)"', text))
    for name in ("rump", "rmdp", "dcmp"):
        codes |= set(re.findall(r'return "(\w+)"', (firmware / name / "message.py").read_text()))
    codes |= {row[0] for row in FAULTS}
    assert len(codes) > 20
    assert codes - {"not_for_us"} <= set(explain.DAMAGE)  # `decode` is whoever is meant


def test_every_next_step_names_a_verb_that_exists():
    from rumpus_host.cli.main import verb_names

    told = [*explain.RESULTS.values(), *explain.REASONS.values(), *explain.DAMAGE.values()]
    told += [alarm for alarms in explain.ALARMS.values() for alarm in alarms.values()]
    for verb in re.findall(r"rumpus ([a-z]+)", " ".join(entry.sentence + " " + entry.next for entry in told)):
        assert verb in verb_names()


def test_next_steps_with_settings_name_fields_and_values_that_exist():
    told = " ".join(entry.next for entry in explain.REASONS.values())
    told += " ".join(entry.next for alarms in explain.ALARMS.values() for entry in alarms.values())
    settings = re.findall(r"(\w+)=(\w+)", told)
    assert settings
    for name, value in settings:
        rows = [field for kind in fields.TYPES for field in fields.fields_of(kind) if field.name == name]
        assert rows, name
        assert any(_takes(field, value) for field in rows), (name, value)


def _takes(field, value):
    try:
        fields.to_counts(field, value)
    except fields.FieldError:
        return False
    return True


def test_a_refusal_names_field_reason_and_range():
    told = explain.explain_refusal("water_heater", 3, 0x11, 6)
    assert told[:3] == ("out_of_range", "target_temperature", "above_range")
    assert "too high" in told.sentence
    assert "30 to 75 °C" in told.next


def test_a_refusal_without_a_field_says_so():
    told = explain.explain_refusal("water_heater", 6, 0, 13)
    assert told.field is None
    assert not told.sentence.startswith("None")


def test_codes_of_a_later_version_are_said_plainly():
    told = explain.explain_refusal("water_heater", 99, 0xEE, 98)
    assert told[:3] == ("number_99", "field_238", "number_98")
    assert "99" in told.sentence and "98" in told.sentence
    assert "does not know" in explain.explain_alarm("water_heater", "bit_31").sentence
