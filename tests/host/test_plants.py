"""The plants obey their own equations, and what they measure is what the firmware's drivers decode."""

import importlib
import math
from pathlib import Path

import pytest

from rumpus.appliances.base import OPEN, SHORT
from rumpus_host.bench import plants, sensors
from rumpus_host.bench.plants import Cabinet, Cavity, Room, Tank
from rumpus_host.bench.plants.room import saturated
from rumpus_host.bench.repository import BOARDS
from rumpus_host.bench.sensors import WireFault, Wires, load_rows

TYPES = sorted(plants.TYPES)
HOUR = 3600.0
DAY = 24 * HOUR


def run(plant, seconds, outputs=None, step=1.0):
    for _ in range(round(seconds / step)):
        plant.step(step, outputs or {})


# --- what all plants share ------------------------------------------------------------------------------


def exercise(seed, noise):
    """The readings of an hour in which something happens, of all plants."""
    trace = []
    for kind in TYPES:
        plant = plants.TYPES[kind](seed, noise)
        for i in range(600):
            shares = {"compressor": 1.0, "fan": 0.5, "indoor_fan": 1.0, "magnetron": 0.5}
            plant.step(6.0, {**shares, "element": i % 2})
            trace.append(plant.readings())
    return trace


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_same_seed_same_readings_to_the_bit(noise):
    assert exercise(7, noise) == exercise(7, noise)


def test_other_seed_other_noise():
    assert exercise(7, 0.1) != exercise(8, 0.1)
    assert exercise(7, 0.0) == exercise(8, 0.0)


@pytest.mark.parametrize("kind", TYPES)
def test_a_long_step_is_many_small_ones(kind):
    one, many = plants.make(kind), plants.make(kind)
    outputs = {"element": 1.0, "compressor": 1.0, "fan": 1.0, "indoor_fan": 1.0, "magnetron": 1.0}
    one.step(60.0, outputs)
    run(many, 60.0, outputs)
    # Where the weather follows the clock, it is held during one step.
    assert one.readings() == pytest.approx(many.readings(), abs=1e-6)


@pytest.mark.parametrize("kind", TYPES)
def test_a_day_of_anything_stays_finite_and_plausible(kind):
    plant = plants.make(kind)
    outputs = {role: 1.0 for role, driver, *_ in rows_of(kind) if is_output(driver)}
    for share in (1.0, 0.0):
        run(plant, DAY, {role: share for role in outputs}, 30.0)
        for role, value in plant.readings().items():
            assert isinstance(value, bool) or math.isfinite(value), role
            if role.endswith("temperature"):
                assert -60 < value < 650, role


def test_sensor_faults():
    plant = Tank(start=20.0)
    plant.break_sensor("tank_temperature", "offset", 5.0)
    assert plant.readings()["tank_temperature"] == 25.0
    plant.break_sensor("tank_temperature", "stuck")
    run(plant, 600, {"element": 1.0})
    assert plant.readings()["tank_temperature"] == 20.0
    assert plant.lower > 25
    for how, fault in (("open", WireFault.OPEN), ("short", WireFault.SHORT)):
        plant.break_sensor("tank_temperature", how)
        assert plant.readings()["tank_temperature"] is fault
    plant.mend_sensor("tank_temperature")
    assert plant.readings()["tank_temperature"] == plant.lower
    with pytest.raises(KeyError):
        plant.break_sensor("tank_temprature", "open")
    with pytest.raises(ValueError):
        plant.break_sensor("tank_temperature", "melted")


def test_a_forced_output_ignores_the_firmware():
    plant = Tank(start=20.0, losses_w_k=0.0)
    plant.force_output("element", 1.0)
    run(plant, 60, {"element": 0.0})
    assert plant.power_w == 2000
    plant.release_output("element")
    run(plant, 1, {"element": 0.0})
    assert plant.power_w == 0


def test_unknown_type_is_refused():
    with pytest.raises(ValueError, match="toaster"):
        plants.make("toaster")


# --- tank -----------------------------------------------------------------------------------------------


def mean(tank):
    return (tank.lower + tank.upper) / 2


def test_tank_heats_as_energy_says():
    tank = Tank(start=20.0, losses_w_k=0.0)
    run(tank, HOUR, {"element_ssr": 0.5, "main_relay": 1.0})
    assert mean(tank) - 20.0 == pytest.approx(1000 * HOUR / (50 * 4186), rel=1e-6)


def test_tank_upper_element_leaves_the_lower_half_cold():
    tank = Tank(start=20.0)
    run(tank, 0.4 * HOUR, {"element_upper": 1.0})
    assert tank.upper > 45
    assert tank.lower < 22


def test_tank_without_main_relay_does_not_heat():
    tank = Tank(start=20.0)
    run(tank, HOUR, {"element": 1.0, "element_upper": 1.0, "main_relay": 0.0})
    assert mean(tank) == pytest.approx(20.0)


def test_tank_cools_exponentially():
    tank = Tank(start=60.0, losses_w_k=1.4)
    run(tank, 10 * HOUR, step=10.0)
    expected = 20 + 40 * math.exp(-1.4 * 10 * HOUR / (50 * 4186))
    assert mean(tank) == pytest.approx(expected, abs=0.01)


def test_tank_draw_off_brings_cold_water_from_below():
    tank = Tank(start=60.0)
    tank.draw_off = 5.0
    run(tank, 180)
    assert tank.lower < 40 < tank.upper < 60
    run(tank, 2 * HOUR)
    assert mean(tank) == pytest.approx(tank.inlet, abs=0.5)
    assert tank.readings()["flow_meter"] == 5.0


def test_tank_freezes_at_zero_and_not_below_until_all_is_ice():
    tank = Tank(start=1.0, losses_w_k=20.0)
    tank.ambient = -10.0
    run(tank, 8 * HOUR, step=10.0)
    assert mean(tank) == pytest.approx(0.0, abs=0.05)
    ice_kg = tank.lower_ice_kg + tank.upper_ice_kg
    lost_j = 20.0 * 10.0 * 8 * HOUR
    assert ice_kg == pytest.approx((lost_j - 50 * 4186) / 334_000, rel=0.05)
    run(tank, 10 * DAY, step=60.0)
    assert mean(tank) < -5
    tank.ambient = 20.0
    run(tank, 10 * DAY, step=60.0)
    assert mean(tank) > 15
    assert tank.lower_ice_kg == tank.upper_ice_kg == 0


def test_tank_dry_gets_hot_within_a_minute():
    tank = Tank(start=20.0)
    tank.dry = True
    run(tank, 60, {"element": 1.0})
    assert 30 < tank.lower - 20 < 150


def test_tank_current_follows_the_power():
    tank = Tank()
    run(tank, 1, {"element": 1.0, "element_upper": 1.0})
    assert tank.readings()["element_current"] == pytest.approx(4000 / 230 * 1000)
    tank.element_broken = tank.upper_broken = True
    run(tank, 1, {"element": 1.0, "element_upper": 1.0})
    assert tank.readings()["element_current"] == 0


# --- room -----------------------------------------------------------------------------------------------

COOLING = {"compressor": 1.0, "indoor_fan": 1.0, "outdoor_fan": 1.0}
HEATING = {**COOLING, "four_way_valve": 1.0}


def test_room_is_cooled_and_dried():
    room = Room(start=29.0, outdoor=33.0)
    wet = room.vapour
    run(room, HOUR, COOLING)
    assert room.air < 25
    assert 3 < room.indoor_coil < 18
    assert room.outdoor_coil > 38
    assert room.discharge > room.outdoor_coil
    assert room.vapour < 0.85 * wet
    assert 30 < room.humidity < 80
    assert 600 < room.power_w < 1500


def test_room_is_heated_and_the_outdoor_coil_ices_until_the_valve_is_turned():
    room = Room(start=15.0, outdoor=1.0)
    room.outdoor_humidity = 90.0
    run(room, HOUR, HEATING)
    assert room.air > 19
    assert room.frost_kg > 0.5
    frosted = room.outdoor_coil
    assert frosted < -5
    defrost = {"compressor": 1.0}
    run(room, 60, defrost)
    assert room.outdoor_coil == pytest.approx(0.0, abs=1e-9)  # as long as there is ice
    run(room, 600, defrost)
    assert room.frost_kg == 0
    assert room.outdoor_coil > 5


def test_room_pumps_less_from_a_colder_coil():
    room = Room(start=20.0, outdoor=-3.0)
    room.outdoor_coil = 0.0
    room.frost_kg = 5.0  # keeps it there
    run(room, 300, {"compressor": 0.8})
    assert -30 < room.indoor_coil < -10


def test_room_coil_freezes_without_air():
    room = Room(start=25.0, outdoor=30.0)
    run(room, 300, {**COOLING, "indoor_fan": 0.0})
    assert room.indoor_coil < -2


def test_room_follows_the_weather_of_the_day():
    room = Room(outdoor=30.0)
    room.daily_swing = 6.0
    by_hour = {}
    for hour in range(24):
        by_hour[(12 + hour) % 24] = room.outdoor
        run(room, HOUR, step=60.0)
    assert max(by_hour, key=by_hour.get) == 15
    assert by_hour[15] == pytest.approx(36.0)
    assert by_hour[3] == pytest.approx(24.0)


def test_room_left_alone_settles_where_gains_and_losses_meet():
    room = Room(start=20.0, outdoor=10.0)
    run(room, 20 * DAY, step=60.0)
    assert room.air == pytest.approx(10.0 + room.gains / 35.0, abs=0.05)


def test_saturated_air_holds_what_the_tables_say():
    assert saturated(0.0) == pytest.approx(0.00378, rel=0.01)
    assert saturated(20.0) == pytest.approx(0.01470, rel=0.01)
    assert saturated(30.0) == pytest.approx(0.02720, rel=0.01)


# --- cabinet --------------------------------------------------------------------------------------------

CHILLING = {"compressor": 1.0, "fan": 1.0, "fridge_damper": 1.0, "variable_damper": 1.0}


def thermostat(cabinet, hours):
    """A plain control by hand; returns the share of time that the compressor ran."""
    on = runs = 0
    dampers = {"fridge": 0, "variable": 0}
    for _ in range(int(hours * 360)):
        for name, target in (("fridge", 4.0), ("variable", 0.0)):
            dampers[name] = int(cabinet.air[name] > target + (-1 if dampers[name] else 1))
        on = int(cabinet.air["freezer"] > -18 + (-1.5 if on else 1.5) or any(dampers.values()))
        runs += on
        open_dampers = {f"{name}_damper": share for name, share in dampers.items()}
        cabinet.step(10.0, {"compressor": on, "fan": on, **open_dampers})
    return runs / (hours * 360)


def test_cabinet_holds_its_temperatures_with_rest_for_the_compressor():
    cabinet = Cabinet()
    thermostat(cabinet, 12)
    share = thermostat(cabinet, 12)
    assert 0.25 < share < 0.8
    assert cabinet.air["fridge"] == pytest.approx(4, abs=2)
    assert -24 < cabinet.air["freezer"] < -15
    assert cabinet.air["variable"] == pytest.approx(0, abs=2)


def test_cabinet_can_be_pulled_down_from_a_warm_kitchen():
    cabinet = Cabinet()
    cabinet.set_all(25.0)
    thermostat(cabinet, 12)
    assert cabinet.air["freezer"] < -12
    assert cabinet.air["fridge"] < 8


def test_cabinet_warms_without_power_and_more_with_an_open_door():
    closed, opened = Cabinet(), Cabinet()
    opened.freezer_door = True
    for cabinet in (closed, opened):
        run(cabinet, 600)
    assert opened.air["freezer"] > closed.air["freezer"] + 3
    run(closed, 5 * DAY, step=60.0)
    assert closed.air["freezer"] == pytest.approx(closed.ambient, abs=0.5)


def test_cabinet_frost_holds_the_evaporator_at_zero_until_it_is_gone():
    cabinet = Cabinet()
    cabinet.fridge_door = True
    run(cabinet, HOUR, CHILLING)
    cabinet.fridge_door = False
    frost = cabinet.frost_kg
    assert frost > 0.1
    heater = {"defrost_heater": 1.0}
    while cabinet.evaporator < 0:
        run(cabinet, 1, heater)
    run(cabinet, 60, heater)
    assert cabinet.evaporator == pytest.approx(0.0, abs=1e-9)
    assert cabinet.frost_kg < frost
    run(cabinet, 1200, heater)
    assert cabinet.frost_kg == 0
    assert cabinet.evaporator > 8


def test_cabinet_ice_tray_turns_once_around():
    cabinet = Cabinet()
    home = []
    for _ in range(12):
        run(cabinet, 1, {"ice_motor": 1.0})
        home.append(cabinet.readings()["tray_home"])
    assert home == [False] * 11 + [True]
    assert cabinet.ice_kg == pytest.approx(0.12)


def test_cabinet_measures_its_parts():
    cabinet = Cabinet()
    run(cabinet, 1, CHILLING)
    assert cabinet.readings()["power"] > 60
    assert cabinet.readings()["fan_speed"] == 1500
    cabinet.compressor_broken = cabinet.fan_broken = True
    run(cabinet, 1, CHILLING)
    assert cabinet.readings()["power"] < 10
    assert cabinet.readings()["fan_speed"] == 0


# --- cavity ---------------------------------------------------------------------------------------------

COOKING = {"main_relay": 1.0, "magnetron": 1.0, "fan": 1.0}


def test_cavity_warms_food_as_energy_says():
    cavity = Cavity(food_kg=0.4, start=20.0)
    run(cavity, 60, COOKING)
    assert cavity.food - 20 == pytest.approx(800 * 60 / (0.4 * 3700), rel=0.06)
    assert cavity.leaked_j == 0


def test_cavity_food_boils_and_dries_but_gets_no_hotter():
    cavity = Cavity(food_kg=0.3, start=20.0)
    run(cavity, 600, COOKING)
    assert cavity.food == 100.0
    assert 0 < cavity.food_kg < 0.3
    assert cavity.readings()["gas_level"] > 50


def test_cavity_food_thaws_at_zero():
    cavity = Cavity(food_kg=0.5, start=-10.0)
    cavity.ice_kg = 0.3
    run(cavity, 60, {"magnetron": 1.0})
    assert cavity.food == pytest.approx(0.0, abs=1e-9)
    assert 0.15 < cavity.ice_kg < 0.3
    run(cavity, 120, {"magnetron": 1.0})
    assert cavity.ice_kg == 0
    assert cavity.food > 5


def test_cavity_tells_what_leaves_through_the_door():
    cavity = Cavity()
    cavity.door = True
    run(cavity, 2, COOKING)
    assert cavity.leaked_j == pytest.approx(1600)
    assert cavity.food == pytest.approx(20.0, abs=0.5)


def test_cavity_tube_needs_its_fan_and_food():
    def tube_after(food_kg, fan):
        cavity = Cavity(food_kg=food_kg)
        run(cavity, 120, {**COOKING, "fan": fan})
        return cavity.tube

    assert tube_after(0.4, 1.0) < 70 < tube_after(0.4, 0.0)
    assert tube_after(0.0, 1.0) > tube_after(0.4, 1.0) + 40


def test_cavity_convection_reaches_baking_heat():
    cavity = Cavity()
    run(cavity, 1200, {"main_relay": 1.0, "convection": 1.0})
    assert 200 < cavity.chamber < 400


def test_cavity_main_relay_is_before_everything():
    cavity = Cavity()
    run(cavity, 60, {**COOKING, "grill": 1.0, "convection": 1.0, "steam": 1.0, "main_relay": 0.0})
    assert cavity.food == pytest.approx(20.0, abs=0.5)
    assert cavity.readings()["magnetron_current"] == 0


# --- wires: physical value -> pin -> the firmware's driver -----------------------------------------------


class Pin:
    """A pin of the firmware whose reading the bench gives."""

    def __init__(self):
        self.word = 0

    def read(self):
        return self.word

    take = read

    def write(self, word):
        self.word = word


def rows_of(kind):
    return load_rows(BOARDS / "virtual" / f"{kind}.py")


def driver_module(driver):
    return importlib.import_module("rumpus.drivers." + driver)


def is_output(driver):
    return driver_module(driver).NEEDS in ("digital_out", "pwm")


def make_driver(driver, option):
    pin = Pin()
    return pin, driver_module(driver).make(pin, option)


def decoded(wires, row, value, elapsed_ms=1000):
    """What the firmware's driver says of a physical value."""
    role, driver, pin_name, option = row
    pin, part = make_driver(driver, option)
    pin.word = wires.read(pin_name, {role: value}, elapsed_ms / 1000)
    assert 0 <= pin.word <= 65535
    return part.read(elapsed_ms)


INPUT_ROWS = [(kind, row) for kind in TYPES for row in rows_of(kind) if not is_output(row[1])]
OUTPUT_ROWS = [(kind, row) for kind in TYPES for row in rows_of(kind) if is_output(row[1])]


def names(cases):
    return [f"{kind}-{row[0]}" for kind, row in cases]


@pytest.mark.parametrize(("kind", "row"), INPUT_ROWS, ids=names(INPUT_ROWS))
def test_drivers_decode_what_the_bench_encodes(kind, row):
    wires = Wires(rows_of(kind))
    _role, driver, _pin, option = row
    if driver == "ntc":
        low, high = (0, 300) if option[0] == 100000 else (-40, 110)
        for tenths in range(low * 10, high * 10 + 1, 3):
            assert abs(decoded(wires, row, tenths / 10) - tenths) <= 2, tenths
        assert decoded(wires, row, WireFault.OPEN) == OPEN
        assert decoded(wires, row, WireFault.SHORT) == SHORT
    elif driver == "door_switch":
        assert [decoded(wires, row, value) for value in (False, True)] == [0, 1]
    elif driver == "flow_meter":
        per_minute = decoded(wires, row, 6.0, 60_000)
        assert per_minute == (6 * option[1] if option[0] == "pulses" else 60)
    else:
        tenths = 10 if option[0] == "0.1mA" else 1
        for value in (0, 5, 40, 90):
            assert decoded(wires, row, value) == pytest.approx(value * tenths, abs=2)


@pytest.mark.parametrize(("kind", "row"), OUTPUT_ROWS, ids=names(OUTPUT_ROWS))
def test_the_bench_decodes_what_drivers_write(kind, row):
    wires = Wires(rows_of(kind))
    role, driver, pin_name, option = row
    pin, part = make_driver(driver, option)
    assert wires.level(pin_name, pin.word) == (role, 0, 0.0)
    for level in (0, 1000, 400) if driver == "pwm_out" else (0, 1000):
        part.write(level, 100)
        assert wires.level(pin_name, pin.word)[2] == pytest.approx(level / 1000)


def test_no_pulse_is_lost_or_made_up():
    wires = Wires([("flow_meter", "flow_meter", "D0", ("pulses", 450))])
    pulses = sum(wires.read("D0", {"flow_meter": 3.7}, 0.1) for _ in range(6000))
    assert pulses == pytest.approx(37 * 450, abs=1)
    assert wires.read("D0", {"flow_meter": WireFault.OPEN}, 60.0) == 0


def test_wires_refuse_what_they_cannot_be():
    with pytest.raises(ValueError, match="twice"):
        Wires([("door", "door_switch", "D0", ("active_high", 0)), ("lamp", "relay", "D0", ("active_high",))])
    with pytest.raises(ValueError, match="teleporter"):
        Wires([("door", "teleporter", "D0", ())])


def test_load_rows_runs_nothing(tmp_path: Path):
    table = tmp_path / "table.py"
    table.write_text("import os\nROLES = (('a', 'relay', 'D0', ()),)\nos.abort()\n")
    assert load_rows(table) == (("a", "relay", "D0", ()),)
    with pytest.raises(ValueError, match="NOTHING"):
        load_rows(table, "NOTHING")


# --- the virtual board's wiring files --------------------------------------------------------------------


@pytest.mark.parametrize("kind", TYPES)
def test_every_wired_pin_exists_and_can_do_what_its_part_needs(kind):
    can = dict(load_rows(BOARDS / "virtual" / "board.py", "PINS"))
    for role, driver, pin, _option in rows_of(kind):
        assert driver_module(driver).NEEDS in can[pin], role


@pytest.mark.parametrize("kind", TYPES)
def test_every_sensor_has_a_value_in_the_plant(kind):
    values = plants.make(kind).readings()
    assert [row[0] for row in rows_of(kind) if not is_output(row[1]) and row[0] not in values] == []


# Roles that the virtual board leaves out, because another wired role is the same part.
LEFT_OUT = {
    "water_heater": {"element"},
    "air_conditioner": {
        "compressor",
        "indoor_fan_low",
        "indoor_fan_mid",
        "indoor_fan_high",
        # of a unit that is steered by infrared: tests/host/test_virtual_buses.py
        "remote",
        "unit_power",
    },
}


@pytest.mark.parametrize("kind", TYPES)
def test_every_role_of_the_appliance_is_wired(kind):
    module = importlib.import_module(f"rumpus.appliances.{kind}.appliance")
    appliance = getattr(module, kind.title().replace("_", ""))
    wired = {row[0] for row in rows_of(kind)}
    asked = {*appliance.INPUTS, *appliance.OUTPUTS}
    assert asked - wired == LEFT_OUT.get(kind, set())
    assert wired - asked == set()


def test_the_bench_knows_the_parts_by_itself():
    """An NTC divider by hand: 10 kohm at 25 degC against 10 kohm is half the supply."""
    assert sensors.ntc_reading((10000, 3950, 10000), 25.0) == round(65535 / 2)
