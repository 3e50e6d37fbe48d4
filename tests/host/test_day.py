"""A day of virtual time of each appliance with its plant, a household and the weather.

Whole days with RUMPUS_FULL=1; else two hours of the two that have most happening in them.
"""

import itertools
import sys

import pytest
from tier import full_only

from rumpus_host.bench import days
from rumpus_host.bench.days import DAY_S, SAMPLE_S, Day

HOUR = 3600
WATER_J_KG_K = 4186.0


def at(hours: float) -> int:
    return int(hours * HOUR)


def overlap(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> int:
    """Seconds that both were on."""
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in first for b in second)


def energy_wh(day: Day, field: str) -> float:
    """The integral of a power field."""
    return sum(day.status[field]) * SAMPLE_S / HOUR


# --- water heater -------------------------------------------------------------------------------------


def check_water_heater(day: Day) -> None:
    assert day.alarms == []
    assert max(day.values["upper"]) <= 60.5
    assert max(day.values["lower"]) <= 60.5
    assert min(day.values["upper"]) > 40  # nobody showered cold
    lower, upper = day.runs("element_ssr"), day.runs("element_upper")
    assert overlap(lower, upper) == 0
    mains = day.runs("main_relay")
    assert overlap(lower, mains) == sum(b - a for a, b in lower)
    assert overlap(upper, mains) == sum(b - a for a, b in upper)
    # What went in as current is in the water, in the drain or in the room.
    stored = [
        WATER_J_KG_K * 25 * (up + low)
        for up, low in zip(day.values["upper"], day.values["lower"], strict=True)
    ]
    drawn = lost = 0.0
    for litres, up, low in zip(
        day.values["draw-off (L/min)"], day.values["upper"], day.values["lower"], strict=True
    ):
        drawn += litres / 60 * WATER_J_KG_K * (up - 12) * SAMPLE_S
        lost += 1.4 * ((up + low) / 2 - 20) * SAMPLE_S
    used_wh = day.status["energy_total"][-1] - day.status["energy_total"][0]
    assert used_wh == pytest.approx((stored[-1] - stored[0] + drawn + lost) / HOUR, rel=0.03)


@full_only
async def test_a_day_of_a_water_heater():
    day = await days.live("water_heater")
    check_water_heater(day)
    for begin, end in ((0.5, 6.5), (8.25, 12.5), (13.0, 16.0)):  # manual 55, hysteresis 3 K
        assert min(day.during("upper", at(begin), at(end))) >= 51.9
        assert max(day.during("upper", at(begin), at(end))) <= 55.5
    assert max(day.during("upper", at(16), at(20))) < 54.0  # eco: 50, hysteresis 6 K
    assert min(day.during("lower", at(19.1), at(20))) > 44.0
    assert min(day.during("lower", at(22.6), at(23))) > 56.9  # manual 60
    for role in ("element_ssr", "element_upper", "main_relay"):  # off at eleven
        assert day.level(role, at(23) + 2) == 0
        assert not [run for run in day.runs(role) if run[1] > at(23) + 2]
    starts = len(day.runs("element_ssr")) + len(day.runs("element_upper"))
    assert 10 <= starts <= 40
    assert 5500 < day.status["energy_total"][-1] < 8000


# --- air conditioner ----------------------------------------------------------------------------------


def check_air_conditioner(day: Day) -> None:
    assert day.alarms == []
    assert min(day.rests("compressor_speed")) >= 180
    for begin, end in day.runs("compressor_speed"):
        switched_off = day.level("main_relay", end) == 0
        assert end - begin >= 180 or switched_off or end == day.end_s
    used_wh = day.status["energy_total"][-1] - day.status["energy_total"][0]
    assert used_wh == pytest.approx(energy_wh(day, "power_now"), rel=0.05)


@full_only
async def test_a_summer_day_of_an_air_conditioner():
    day = await days.live("air_conditioner")
    check_air_conditioner(day)
    assert day.runs("four_way_valve") == []
    assert min(day.values["indoor coil"]) > 2
    assert max(day.during("room", at(0.5), at(8))) <= 25 + 1.5 + 0.8  # the sleep curve adds 1.5 K
    assert min(day.during("room", at(0.5), at(8))) >= 24
    assert not overlap(day.runs("compressor_speed"), [(at(8) + 2, at(15.5))])
    assert max(day.during("room", at(8), at(15.5))) > 31
    assert min(day.during("room", at(16), at(21))) >= 23
    assert max(day.during("room", at(16), at(21))) <= 25
    assert max(day.during("humidity (%)", at(16.5), at(22.5))) < 60  # it was 70 before
    assert 1500 < day.status["energy_total"][-1] < 5000


def check_heating(day: Day) -> int:
    """How many defrosts there were; none of them did harm."""
    check_air_conditioner(day)
    heats = day.runs("four_way_valve")
    compressor = day.runs("compressor_speed")
    for second, _level in day.edges["four_way_valve"][1:]:
        # It moves a minute after the compressor stopped, and five seconds before it starts.
        assert overlap(compressor, [(second - 59, second + 4)]) == 0
    for i, second in enumerate(day.times):
        is_heating = day.level("four_way_valve", second) == 1
        if day.level("indoor_fan", second) and is_heating and day.level("compressor_speed", second):
            assert day.values["indoor coil"][i] > 27, "cold wind"
        assert day.values["indoor coil"][i] < 60
    assert max(day.values["frost (10 g)"]) < 200
    defrosts = 0
    for (_begin, end), (begin, _end) in itertools.pairwise(heats):
        reversed_runs = [run for run in compressor if end <= run[0] and run[1] <= begin]
        if reversed_runs:
            defrosts += 1
            assert begin - end < 900
            assert overlap(day.runs("indoor_fan"), reversed_runs) == 0
            iced = [
                s
                for s, kg in zip(day.times, day.values["frost (10 g)"], strict=True)
                if end <= s < begin and kg
            ]
            assert not [s for s in iced if day.level("outdoor_fan", s)]
            assert min(day.during("frost (10 g)", end, begin)) == 0
    return defrosts


@full_only
async def test_a_winter_day_of_an_air_conditioner():
    day = await days.live("air_conditioner_winter")
    assert check_heating(day) >= 6
    for begin, end in ((16.5, 18.5), (19.75, 22.5)):
        assert min(day.during("room", at(begin), at(end))) >= 21
        assert max(day.during("room", at(begin), at(end))) <= 23.2
    assert min(day.during("room", at(0.25), at(8.5))) > 15.5  # sleep, and a defrost in it


# --- refrigerator -------------------------------------------------------------------------------------


@full_only
async def test_a_day_of_a_refrigerator():
    day = await days.live("refrigerator")
    assert day.alarms == []
    assert min(day.rests("compressor")) >= 300
    heater = day.runs("defrost_heater")
    cut_short = [DAY_S, *(begin for begin, _ in heater), *(begin - 1 for begin, _ in heater)]
    assert min(end - begin for begin, end in day.runs("compressor") if end not in cut_short) >= 300
    assert 1 <= len(heater) <= 4
    assert overlap(heater, day.runs("compressor")) == overlap(heater, day.runs("fan")) == 0
    for begin, end in heater:
        assert 120 < end - begin < 35 * 60
        assert min(day.during("frost (10 g)", end, end + 60)) == 0
        assert max(day.during("freezer", begin, end + 1800)) < -10
    assert min(day.during("fridge", at(1), DAY_S)) > 2.5
    assert max(day.during("fridge", at(1), DAY_S)) < 7
    assert max(day.during("fridge food", at(6), at(17.5))) < 5
    assert max(day.during("freezer food", at(1), at(17.5))) < -16.5
    assert day.values["fridge food"][-1] < 6  # six hours after shopping
    assert day.values["freezer food"][-1] < -16.5
    assert min(day.during("variable", at(1), DAY_S)) > -2
    assert max(day.during("variable", at(1), DAY_S)) < 2.5
    opened = [h for h in day.scenario.happenings if h.plant.get("fridge_door") or h.plant.get("bar_door")]
    assert len(day.runs("light")) == sum("fridge_door" in h.plant for h in opened)
    share = sum(end - begin for begin, end in day.runs("compressor")) / DAY_S
    assert 0.3 < share < 0.75
    assert day.status["energy_total"][-1] == pytest.approx(energy_wh(day, "power_now"), rel=0.03)
    assert 700 < day.status["energy_total"][-1] < 2000


# --- microwave oven -----------------------------------------------------------------------------------


@full_only
async def test_a_day_of_a_microwave_oven():
    day = await days.live("microwave_oven")
    assert {name for _, names in day.alarms for name in names} == {"cooking_finished"}
    assert sum(1 for _, names in day.alarms if names) == 4
    hot = ("magnetron", "grill", "convection", "steam")
    doors = []
    for happening in day.scenario.happenings:
        if "door" in happening.plant:
            doors.append((happening.second, happening.plant["door"]))
    doors.sort()
    for (begin, is_open), (end, _) in itertools.pairwise(doors):
        if is_open:
            for role in hot:
                assert overlap(day.runs(role), [(begin + 1, end)]) == 0
    assert day.values["leaked (J)"][-1] <= 800  # the one second in which the door was opened
    assert 55 < max(day.during("food", at(7.17), at(7.5))) < 85
    assert 60 < max(day.during("food", at(12.5), at(12.75))) < 95
    assert day.during("ice (g)", at(17.0), at(17.5))[-1] < 20  # thawed ...
    assert max(day.during("food", at(17.01), at(17.2))) < 25  # ... and not cooked
    baking = day.during("chamber", at(19.25), at(19.55))
    assert min(baking) > 172 and max(baking) < 185
    for begin, end in (run for role in hot for run in day.runs(role)):
        assert overlap(day.runs("fan"), [(begin, end + 60)]) >= end - begin
    assert not overlap(
        day.runs("main_relay"), [(at(7.25), at(12.5)), (at(12.75), at(17)), (at(19.75), DAY_S)]
    )


# --- samples ------------------------------------------------------------------------------------------


async def test_a_morning_of_a_water_heater():
    day = await days.live("water_heater", begin=6, end=8)
    check_water_heater(day)
    assert len(day.runs("element_upper")) >= 2
    assert day.values["upper"][-1] > 53 and day.values["lower"][-1] > 53


async def test_two_winter_hours_of_an_air_conditioner():
    day = await days.live("air_conditioner_winter", end=2, interpreter="micropython32")
    assert check_heating(day) == 2
    assert max(day.during("room", at(0.5), at(2))) < 22


async def test_a_plot_is_drawn(tmp_path):
    from plot_day import plot

    day = await days.live("refrigerator", begin=17.4, end=17.7, interpreter="cpython")
    plot(day, str(tmp_path / "day.png"))
    # Not empty, and small enough for docs/days.
    assert 10_000 < (tmp_path / "day.png").stat().st_size < 150_000
    assert "matplotlib" in sys.modules
