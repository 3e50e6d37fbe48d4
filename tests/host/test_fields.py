"""Names, units and ranges of the rows, both ways."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rumpus import wire
from rumpus.errors import RumpusError
from rumpus.rump.state import not_available
from rumpus_host import fields
from rumpus_host.fields import FieldError, by_name, to_counts, to_text, to_value

EVERY_FIELD = [(name, field) for name in fields.TYPES for field in fields.fields_of(name)]
EVERY_ID = [f"{name}.{field.name}" for name, field in EVERY_FIELD]

every_field = pytest.mark.parametrize(("type_name", "field"), EVERY_FIELD, ids=EVERY_ID)


def legal_counts(field):
    if field.unit == "bitmap":  # of the alarms' range only the bits that have a name
        return st.integers(0, (1 << len(field.choices)) - 1)
    return st.integers(0, (field.high - field.low) // field.step).map(lambda n: field.low + n * field.step)


@st.composite
def fields_with_counts(draw):
    _type_name, field = draw(st.sampled_from(EVERY_FIELD))
    return field, draw(legal_counts(field))


# --- rows ---------------------------------------------------------------------------------------


def test_the_four_types_are_there():
    assert fields.TYPES == ("water_heater", "air_conditioner", "refrigerator", "microwave_oven")


@every_field
def test_a_bitmap_names_every_bit_that_its_range_allows(type_name, field):
    if field.unit == "bitmap" and field.name != "alarms":
        assert len(field.choices) == field.high.bit_length()


def test_weekdays_begin_where_the_table_says():
    rows = [field for _name, field in EVERY_FIELD if field.name.endswith("_weekdays")]
    assert rows
    assert all("bit 0 = Monday" in field.source for field in rows)
    assert fields.WEEKDAYS[0] == "mon"


@every_field
def test_a_field_is_found_by_name_and_by_number(type_name, field):
    assert by_name(type_name, field.name) is field
    assert fields.by_id(type_name, field.id) is field


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("target_temprature", "target_temperature"),
        ("Power", "power"),
        ("target-temperature", "target_temperature"),
    ],
)
def test_a_misspelt_name_gets_a_suggestion(written, meant):
    with pytest.raises(FieldError) as told:
        by_name("water_heater", written)
    assert told.value.code == "unknown_field"
    assert f"Did you mean {meant}?" in told.value.next


@pytest.mark.parametrize(("written", "meant"), [("water_heatr", "water_heater"), ("oven", "microwave_oven")])
def test_a_misspelt_type_gets_a_suggestion(written, meant):
    with pytest.raises(FieldError) as told:
        fields.fields_of(written)
    assert told.value.code == "unknown_type"
    assert f"Did you mean {meant}?" in told.value.next


def test_a_name_like_no_other_gets_no_suggestion():
    with pytest.raises(FieldError) as told:
        by_name("water_heater", "zzz")
    assert "Did you mean" not in told.value.next
    assert "rumpus fields water_heater" in told.value.next


def test_alarm_bits_have_names_and_unknown_ones_a_number():
    assert fields.alarms("water_heater", 0) == []
    assert fields.alarms("water_heater", 0b101) == ["leakage_current", "over_temperature"]
    assert fields.alarms("water_heater", 1 << 31) == ["bit_31"]


# --- values and back -----------------------------------------------------------------------------


@given(fields_with_counts())
def test_a_value_and_its_text_give_the_counts_back(pair):
    field, counts = pair
    value = to_value(field, counts)
    assert to_counts(field, value) == counts
    assert to_counts(field, to_text(field, counts)) == counts
    if isinstance(value, list):
        assert to_counts(field, ",".join(value) or "none") == counts
    else:
        assert to_counts(field, str(value)) == counts


@every_field
def test_limits_are_taken_and_one_step_outside_is_not(type_name, field):
    if field.name == "alarms":  # its range has room for bits that no row has named yet
        return
    for counts in (field.low, field.high):
        assert to_counts(field, to_value(field, counts)) == counts
    if field.unit in ("bool", "enum") or field.choices:
        return
    for outside in (field.low - field.step, field.high + field.step):
        text = str(Decimal(outside) / field.scale)
        with pytest.raises(FieldError) as told:
            to_counts(field, text)
        assert told.value.code in ("out_of_range", "not_a_step")
        assert fields.range_text(field) in str(told.value)


@every_field
def test_not_available_has_no_value_and_cannot_be_written(type_name, field):
    assert to_value(field, not_available(field.format)) is None
    assert to_text(field, None) == "not available"
    for text in ("not available", "null", "n/a", ""):
        with pytest.raises(FieldError):
            to_counts(field, text)
    with pytest.raises(FieldError):
        to_counts(field, None)
    if field.unit not in ("bool", "enum", "bitmap"):
        with pytest.raises(FieldError):
            to_counts(field, str(Decimal(not_available(field.format)) / field.scale))


@given(
    st.sampled_from(EVERY_FIELD), st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.booleans())
)
def test_any_value_gives_legal_counts_or_a_field_error(pair, value):
    _type_name, field = pair
    try:
        counts = to_counts(field, value)
    except FieldError as error:
        assert str(error).endswith(".") or "?" in str(error)
        return
    assert wire.check(field, counts) == wire.GOOD


@given(st.sampled_from(EVERY_FIELD), st.one_of(st.text(max_size=20), st.floats(), st.integers()))
def test_forced_counts_always_fit_the_wire(pair, value):
    _type_name, field = pair
    try:
        counts = to_counts(field, value, force=True)
    except FieldError:
        return
    out = bytearray(wire.size_of(field.format))
    wire.write(field.format, out, 0, counts)
    assert wire.read(field.format, out, 0) == counts


@pytest.mark.parametrize(
    ("type_name", "name", "text", "counts"),
    [
        ("water_heater", "power", "on", 1),
        ("water_heater", "power", "OFF", 0),
        ("water_heater", "power", "true", 1),
        ("water_heater", "power", False, 0),
        ("water_heater", "mode", "eco", 4),
        ("water_heater", "mode", "Eco", 4),
        ("water_heater", "tank_scope", "whole", 2),
        ("water_heater", "target_temperature", "50", 500),
        ("water_heater", "target_temperature", "50.0", 500),
        ("water_heater", "target_temperature", 50, 500),
        ("water_heater", "target_temperature", 50.0, 500),
        ("water_heater", "target_temperature", "50C", 500),
        ("water_heater", "target_temperature", "50 °C", 500),
        ("water_heater", "target_temperature", "50degC", 500),
        ("water_heater", "heating_power_limit", "2kW", 2000),
        ("water_heater", "heating_power_limit", "2.5 kW", 2500),
        ("water_heater", "heating_power_limit", "2000W", 2000),
        ("water_heater", "reservation_1_weekdays", "mon,tue", 3),
        ("water_heater", "reservation_1_weekdays", "Monday, Sunday", 65),
        ("water_heater", "reservation_1_weekdays", "31", 31),
        ("water_heater", "reservation_1_weekdays", "0x1f", 31),
        ("water_heater", "reservation_1_weekdays", "none", 0),
        ("water_heater", "reservation_1_weekdays", ["sat", "sun"], 96),
        ("water_heater", "utc_offset", "-720", -720),
        ("water_heater", "utc_offset", "1h", 60),
        ("air_conditioner", "target_temperature", "21.5", 215),
        ("air_conditioner", "fan_speed", "low-mid", 2),
        ("air_conditioner", "timer_off", "2h", 120),
        ("refrigerator", "freezer_set", "-18", -180),
        ("refrigerator", "ice_maker", "on", 1),
        ("microwave_oven", "cook_time", "1.5min", 90),
        ("microwave_oven", "weight", "1.2 kg", 1200),
        ("microwave_oven", "power_level", "80%", 80),
    ],
)
def test_what_people_write(type_name, name, text, counts):
    assert to_counts(by_name(type_name, name), text) == counts


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("target_temperature", "500", "out_of_range"),
        ("target_temperature", "50.5", "not_a_step"),
        ("target_temperature", "50.04", "not_a_step"),
        ("target_temperature", "122F", "not_a_value"),
        ("target_temperature", "nan", "not_a_value"),
        ("target_temperature", "1e2", "not_a_value"),
        ("target_temperature", "٥٠", "not_a_value"),
        ("target_temperature", True, "not_a_value"),
        ("power", "2", "not_a_value"),
        ("power", "maybe", "not_a_value"),
        ("mode", "4", "not_a_value"),
        ("mode", "ecoo", "not_a_value"),
        ("reservation_1_weekdays", "mon,xyz", "not_a_value"),
        ("reservation_1_weekdays", "none,mon", "not_a_value"),
        ("reservation_1_weekdays", "128", "out_of_range"),
        ("reservation_1_hour", "24", "out_of_range"),
        ("heating_power_limit", "2050", "not_a_step"),
    ],
)
def test_what_is_refused(name, text, code):
    with pytest.raises(FieldError) as told:
        to_counts(by_name("water_heater", name), text)
    assert told.value.code == code
    assert isinstance(told.value, RumpusError)
    assert name in str(told.value)


def test_a_refused_number_tells_range_step_and_unit():
    with pytest.raises(FieldError) as told:
        to_counts(by_name("water_heater", "target_temperature"), "500")
    assert "30 to 75 °C in steps of 1 °C" in str(told.value)
    assert "75 °C" in told.value.next


def test_a_value_between_two_steps_tells_both():
    with pytest.raises(FieldError) as told:
        to_counts(by_name("water_heater", "target_temperature"), "50.5")
    assert told.value.next == "The nearest are 50 °C and 51 °C."


def test_force_sends_what_fits_the_format_and_nothing_else():
    field = by_name("water_heater", "target_temperature")
    assert to_counts(field, "500", force=True) == 5000
    with pytest.raises(FieldError, match="cannot be 5000"):
        to_counts(field, "5000", force=True)
    assert to_counts(by_name("water_heater", "mode"), "9", force=True) == 9
    assert to_counts(by_name("water_heater", "power"), "2", force=True) == 2


def test_read_only_fields_are_known():
    with pytest.raises(FieldError) as told:
        fields.check_writable(by_name("water_heater", "current_temperature"))
    assert told.value.code == "read_only"
    fields.check_writable(by_name("water_heater", "power"))


# --- clock and notes ------------------------------------------------------------------------------


@given(
    st.datetimes(
        datetime.datetime(2000, 1, 1), datetime.datetime(2179, 1, 1), timezones=st.just(datetime.UTC)
    )
)
def test_clock_counts_and_text_agree(moment):
    day, second = fields.clock_counts(moment)
    assert 0 <= second <= 86399
    assert fields.clock_text(day, second) == moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_clock_that_was_not_set_has_no_text():
    assert fields.clock_text(0xFFFF, 0xFFFFFFFF) is None
    assert fields.clock_text(9821, 0xFFFFFFFF) is None


@pytest.mark.parametrize(
    ("name", "counts", "note"),
    [
        ("clock_day", 9821, "2026-11-21"),
        ("clock_second", 3661, "01:01:01 UTC"),
        ("utc_offset", -90, "UTC-01:30"),
        ("heating_time_left", 74, "1:14 h"),
        ("heating_time_left", None, ""),
        ("power", 1, ""),
    ],
)
def test_notes_say_what_numbers_do_not(name, counts, note):
    assert fields.note(by_name("water_heater", name), counts) == note
