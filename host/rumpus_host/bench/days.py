"""A day in the life of each appliance: the real firmware, its plant, a household and the weather.

    day = await live("refrigerator")
    day.values["freezer"][i]        # degC at day.times[i], seconds since midnight
    day.runs("compressor")          # (on, off) in seconds, for an output that is on or off

A scenario is a table: at a time of day things happen to the plant, or the device is told something.
"""

import asyncio
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..client import Client, connect
from ..fields import alarms as alarm_names
from .plants import Cabinet, Cavity, Plant, Room, Tank
from .virtual_appliance import VirtualAppliance

DAY_S = 86_400
CLOCK_DAY = 9_650  # a Wednesday in 2026
SAMPLE_S = 20
_SETTLE_S = 0.2  # real time for the last events to arrive


class Happening(NamedTuple):
    """At a time of day ("HH:MM:SS") the plant's attributes get these values, and the device is told these
    fields (counts)."""

    at: str
    words: str
    plant: Mapping[str, Any] = {}
    told: Mapping[str, int] = {}

    @property
    def second(self) -> int:
        hours, minutes, seconds = map(int, self.at.split(":"))
        return 3600 * hours + 60 * minutes + seconds


class Scenario(NamedTuple):
    type: str
    title: str
    plant: Callable[[], Plant]
    told: Mapping[str, int]  # before the day begins
    happenings: tuple[Happening, ...]
    watch: Callable[[Any], dict[str, float]]  # plant -> what a plot shows of it; "(unit)" if not degC
    windows: tuple[tuple[float, float], ...] = ((0.0, 24.0),)  # hours worth looking at


@dataclass
class Day:
    scenario: Scenario
    times: list[int] = field(default_factory=list)  # seconds since midnight
    values: dict[str, list[float]] = field(default_factory=dict)  # by name of watch()
    status: dict[str, list[int | None]] = field(default_factory=dict)  # counts by field name
    edges: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # role -> (second, new level)
    alarms: list[tuple[int, list[str]]] = field(default_factory=list)  # second, names of all that are active
    begin_s: int = 0
    end_s: int = 0

    def runs(self, role: str) -> list[tuple[int, int]]:
        """(from, to) of each time that the output was not 0; to is the end of the day for the last."""
        found: list[tuple[int, int]] = []
        since = None
        for second, level in [*self.edges[role], (self.end_s, 0)]:
            if level and since is None:
                since = second
            elif not level and since is not None:
                found.append((since, second))
                since = None
        return found

    def level(self, role: str, second: int) -> int:
        """The output's level at a second of the day."""
        return next(level for since, level in reversed(self.edges[role]) if since <= second)

    def rests(self, role: str) -> list[int]:
        """Seconds of each time that the output was 0 between two runs."""
        runs = self.runs(role)
        return [later[0] - earlier[1] for earlier, later in itertools.pairwise(runs)]

    def during(self, name: str, begin_s: int, end_s: int) -> list[float]:
        """The values of a trace in a part of the day."""
        return [
            value
            for second, value in zip(self.times, self.values[name], strict=True)
            if begin_s <= second < end_s
        ]


async def live(
    name: str, *, begin: float = 0, end: float = 24, seed: int = 1, interpreter: str = "micropython"
) -> Day:
    """Live a day of SCENARIOS[name], or its hours from begin to end, in steps of a second."""
    scenario = SCENARIOS[name]
    day = Day(scenario, begin_s=int(begin * 3600), end_s=int(end * 3600))
    plant = scenario.plant()
    if isinstance(plant, Room):
        plant.time_of_day_s = day.begin_s
    async with (
        VirtualAppliance(scenario.type, interpreter, seed=seed, plant=plant) as appliance,
        connect(appliance.url, timeout_s=20) as device,
    ):
        listener = asyncio.create_task(_listen(device, day))
        await device.control([("clock_day", CLOCK_DAY), ("clock_second", day.begin_s)])
        if scenario.told:
            await device.control(list(scenario.told.items()))
        happenings = sorted(scenario.happenings, key=lambda happening: happening.second)
        happenings = [happening for happening in happenings if happening.second >= day.begin_s]
        for second in range(day.begin_s, day.end_s):
            while happenings and happenings[0].second <= second:
                await _happen(happenings.pop(0), plant, device)
            if second % SAMPLE_S == 0:
                await _sample(day, second, plant, device)
            await appliance.advance(1000, 1000)
            _note_edges(day, second + 1, appliance.outputs)
        await device.status()
        await asyncio.sleep(_SETTLE_S)
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
    return day


async def _happen(happening: Happening, plant: Plant, device: Client) -> None:
    for name, value in happening.plant.items():
        if not hasattr(plant, name):
            raise AttributeError(f"the plant has no {name}")
        setattr(plant, name, value)
    if happening.told:
        await device.control(list(happening.told.items()))


async def _sample(day: Day, second: int, plant: Plant, device: Client) -> None:
    day.times.append(second)
    for name, value in day.scenario.watch(plant).items():
        day.values.setdefault(name, []).append(value)
    status = await device.status()
    for row in device.table.FIELDS:
        if "r" in row[3] and row[1] in status:
            day.status.setdefault(row[1], []).append(status[row[1]])


def _note_edges(day: Day, second: int, outputs: Mapping[str, int]) -> None:
    for role, level in outputs.items():
        edges = day.edges.setdefault(role, [(day.begin_s, 0)])
        if level != edges[-1][1]:
            edges.append((second, level))


async def _listen(device: Client, day: Day) -> None:
    async for kind, value in device.events():
        if kind == "alarm":
            names = alarm_names(day.scenario.type, value["active"])
            day.alarms.append((day.begin_s + value["uptime"], names))


# --- what happens -------------------------------------------------------------------------------------

_WATER = (
    Happening("06:30:00", "shower", {"draw_off": 5.0}),
    Happening("06:35:00", "", {"draw_off": 0.0}),
    Happening("07:10:00", "shower", {"draw_off": 5.0}),
    Happening("07:15:00", "", {"draw_off": 0.0}),
    Happening("12:30:00", "dishes", {"draw_off": 3.0}),
    Happening("12:33:00", "", {"draw_off": 0.0}),
    Happening("16:00:00", "eco", told={"mode": 4}),
    Happening("18:40:00", "dishes", {"draw_off": 3.0}),
    Happening("18:44:00", "", {"draw_off": 0.0}),
    Happening("20:00:00", "manual, 60", told={"mode": 0, "target_temperature": 600}),
    Happening("21:30:00", "bath", {"draw_off": 6.0}),
    Happening("21:36:00", "", {"draw_off": 0.0}),
    Happening("23:00:00", "off", told={"power": 0}),
)
_SUMMER = (
    Happening("00:00:30", "sleep", told={"power": 1, "mode": 1, "target_temperature": 250, "sleep": 1}),
    Happening("08:00:00", "off", told={"power": 0}),
    Happening("11:00:00", "sun", {"gains": 500.0}),
    Happening("15:30:00", "on, cool 24", told={"power": 1, "mode": 1, "target_temperature": 240}),
    Happening("18:30:00", "cooking", {"gains": 900.0}),
    Happening("19:30:00", "", {"gains": 350.0}),
    Happening("21:00:00", "dry", told={"mode": 2, "target_humidity": 50}),
    Happening("22:30:00", "eco, sleep", {"gains": 150.0}, {"mode": 1, "eco": 1, "sleep": 1}),
)
_WINTER = (
    Happening("00:00:30", "sleep", told={"power": 1, "mode": 4, "target_temperature": 210, "sleep": 1}),
    Happening("06:30:00", "heat 22", {"gains": 250.0}, {"sleep": 0, "target_temperature": 220}),
    Happening("08:30:00", "off", {"gains": 50.0}, {"power": 0}),
    Happening("16:00:00", "heat 22", {"gains": 250.0}, {"power": 1}),
    Happening("18:30:00", "cooking", {"gains": 900.0}),
    Happening("19:30:00", "", {"gains": 350.0}),
    Happening("23:00:00", "sleep", {"gains": 150.0}, {"sleep": 1, "target_temperature": 210}),
)


def _visits(door: str, words: str, *times: tuple[str, str]) -> tuple[Happening, ...]:
    """A door that is opened and closed."""
    return tuple(
        happening
        for begin, end in times
        for happening in (Happening(begin, words, {door: True}), Happening(end, "", {door: False}))
    )


_KITCHEN = (
    *_visits(
        "fridge_door",
        "breakfast",
        ("07:00:00", "07:00:25"),
        ("07:12:00", "07:12:20"),
        ("07:30:00", "07:30:15"),
    ),
    *_visits("fridge_door", "lunch", ("12:20:00", "12:20:30"), ("12:50:00", "12:50:15")),
    *_visits("bar_door", "milk", ("16:00:00", "16:00:15")),
    *_visits("freezer_door", "shopping", ("17:32:00", "17:33:00")),
    *_visits("fridge_door", "shopping", ("17:30:00", "17:31:30")),
    Happening("17:33:10", "", {"load": {"fridge": 12.0, "freezer": -14.0}}),
    *_visits("fridge_door", "dinner", ("19:00:00", "19:00:30"), ("19:25:00", "19:25:20")),
    *_visits("freezer_door", "ice cream", ("20:15:00", "20:15:20")),
    Happening("12:00:00", "warm kitchen", {"ambient": 26.0}),
    Happening("22:00:00", "", {"ambient": 22.0}),
)


def _meal(
    at: str, words: str, food: float, kg: float, told: Mapping[str, int], ice_kg: float = 0.0
) -> tuple[Happening, ...]:
    """Open, put food in, close, allow the remote start, and start 50 s after the door was opened."""
    hours, minutes, _seconds = at.split(":")

    def after(seconds: int) -> str:
        return f"{hours}:{minutes}:{seconds:02}"

    return (
        Happening(after(0), words, {"door": True}),
        Happening(after(10), "", {"food_kg": kg, "food": food, "ice_kg": ice_kg}),
        Happening(after(20), "", {"door": False}),
        Happening(after(30), "", {"remote_button": True}),
        Happening(after(31), "", {"remote_button": False}),
        Happening(after(40), "", told=told),
        Happening(after(50), "", told={"operation": 1}),
    )


_MEALS = (
    *_meal("07:10:00", "milk, 100 %", 6.0, 0.3, {"cook_mode": 0, "power_level": 100, "cook_time": 90}),
    *_visits("door", "take out", ("07:13:00", "07:13:10"), ("12:38:00", "12:38:10")),
    *_visits("door", "take out", ("17:11:00", "17:11:10"), ("19:42:00", "19:42:10")),
    *_meal("12:30:00", "soup, 50 %", 8.0, 0.5, {"cook_mode": 0, "power_level": 50, "cook_time": 300}),
    Happening("12:33:00", "stir", {"door": True}),
    Happening("12:33:30", "", {"door": False}),
    Happening("12:33:40", "", {"remote_button": True}),
    Happening("12:33:41", "", {"remote_button": False}),
    Happening("12:33:50", "go on", told={"operation": 1}),
    *_meal("17:00:00", "defrost", -18.0, 0.5, {"cook_mode": 1, "power_level": 100, "cook_time": 480}, 0.35),
    *_meal("19:00:00", "bake, 180", 15.0, 0.8, {"cook_mode": 3, "chamber_target": 1800, "cook_time": 1500}),
)


class _Kitchen(Cabinet):
    """A cabinet into which warm food is put: what is there takes the mixture's temperature."""

    @property
    def load(self) -> dict[str, float]:
        return dict(self.food)

    @load.setter
    def load(self, celsius: dict[str, float]) -> None:
        self.food.update(celsius)


def _winter_room() -> Room:
    room = Room(start=18.0, outdoor=1.0)
    room.daily_swing, room.time_of_day_s, room.outdoor_humidity = 4.0, 0.0, 85.0
    return room


def _summer_room() -> Room:
    room = Room(start=28.0, outdoor=28.0)
    room.daily_swing, room.time_of_day_s = 6.0, 0.0
    return room


SCENARIOS = {
    "water_heater": Scenario(
        "water_heater",
        "50 L, 2 kW; manual 55, eco, manual 60",
        lambda: Tank(start=50.0),
        {"power": 1, "target_temperature": 550, "mode": 0},
        _WATER,
        lambda tank: {"upper": tank.upper, "lower": tank.lower, "draw-off (L/min)": tank.draw_off},
    ),
    "air_conditioner": Scenario(
        "air_conditioner",
        "a summer day, 22 to 34 degC",
        _summer_room,
        {},
        _SUMMER,
        lambda room: {
            "room": room.air,
            "walls": room.mass,
            "outdoor": room.outdoor,
            "indoor coil": room.indoor_coil,
            "humidity (%)": room.humidity,
        },
    ),
    "air_conditioner_winter": Scenario(
        "air_conditioner",
        "a winter day, -3 to 5 degC, 85 % humidity",
        _winter_room,
        {},
        _WINTER,
        lambda room: {
            "room": room.air,
            "walls": room.mass,
            "outdoor": room.outdoor,
            "indoor coil": room.indoor_coil,
            "outdoor coil": room.outdoor_coil,
            "frost (10 g)": room.frost_kg * 100,
        },
    ),
    "refrigerator": Scenario(
        "refrigerator",
        "meals, shopping, a warm afternoon",
        _Kitchen,
        {"fridge_set": 40, "freezer_set": -180},
        _KITCHEN,
        lambda cabinet: {
            "fridge": cabinet.air["fridge"],
            "fridge food": cabinet.food["fridge"],
            "variable": cabinet.air["variable"],
            "freezer": cabinet.air["freezer"],
            "freezer food": cabinet.food["freezer"],
            "evaporator": cabinet.evaporator,
            "frost (10 g)": cabinet.frost_kg * 100,
        },
    ),
    "microwave_oven": Scenario(
        "microwave_oven",
        "milk, soup, defrosting, baking",
        lambda: Cavity(food_kg=0.0),
        {},
        _MEALS,
        lambda cavity: {
            "food": cavity.food,
            "chamber": cavity.chamber,
            "magnetron tube": cavity.tube,
            "ice (g)": cavity.ice_kg * 1000,
            "leaked (J)": cavity.leaked_j,
        },
        ((7.1, 7.3), (12.45, 12.75), (16.95, 17.25), (18.95, 19.75)),
    ),
}
