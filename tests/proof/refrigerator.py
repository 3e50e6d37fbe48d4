"""What a refrigerator must never do: heat what it cools, flood the freezer, start against pressure, keep
silent about a sensor that has failed.

Strategy: the compressor is never the danger by itself, food without it is; so a dead sensor must be told,
but may not be needed for anything but heat. The power follows compressor and heater as on a real meter.
"""

from .dangers import Dangers, dead, unseen

DANGERS = Dangers()


def _follows(at, ms):
    return 5 + (110 if at.compressor else 0) + (180 if at.defrost_heater else 0)


INPUTS = {
    "fridge_temperature": {"healthy": 40},
    "freezer_temperature": {"healthy": -180, "warmer than the refrigerator": 140},
    "variable_temperature": {"healthy": 0},
    "ambient_temperature": {"healthy": 220},
    "evaporator_temperature": {"healthy": -200, "thawed": 100, "hot": 400},
    "fridge_door": {"healthy": 0, "open wide": 1},
    "freezer_door": {"healthy": 0, "open wide": 1},
    "variable_door": {"healthy": 0, "open wide": 1},
    "power": {
        "healthy": _follows,
        "locked rotor": lambda at, ms: 2000 if at.compressor else 5,
        "welded": lambda at, ms: 115 + (180 if at.defrost_heater else 0),
        "weakly welded": 70,
    },
}
OUTPUTS = {"compressor": (0, 1), "fan": (0, 1), "defrost_heater": (0, 1), "ice_valve": (0, 1)}
WORK = {
    "rest": {},
    "cooling": {"compressor": 1, "fan": 1},
    "cooling without the fan": {"compressor": 1},
    "defrost": {"defrost_heater": 1},
    "ice water": {"ice_valve": 1},
    "ice water while cooling": {"compressor": 1, "fan": 1, "ice_valve": 1},
}
EARLY = ()
REST_MS = 640000
HORIZON_MS = 3100000
COMBINED_MS = 100000
STEP_MS = 60000
STALL_MS = 100000


def heats(at):
    return at.defrost_heater


def waters(at):
    return at.ice_valve


# --- the defrost heater -----------------------------------------------------------------------------


@DANGERS.never()
def heat_for_a_hot_evaporator(at):
    return heats(at) and at.evaporator_temperature > 330


@DANGERS.never()
def heat_with_no_readable_evaporator_sensor(at):
    return heats(at) and unseen(at.evaporator_temperature)


@DANGERS.never()
def heat_against_the_compressor(at):
    return heats(at) and at.compressor


@DANGERS.never()
def heat_blown_into_the_freezer(at):
    return heats(at) and at.fan


@DANGERS.never(within_ms=3000000)
def a_defrost_without_an_end(at):
    return heats(at)


@DANGERS.never(within_ms=3000)
def nobody_is_told_of_a_hot_evaporator(at):
    return at.evaporator_temperature > 330 and not at.told("defrost_system")


# --- the compressor -----------------------------------------------------------------------------


@DANGERS.never()
def a_start_against_pressure(at):
    return at.started("compressor") and at.rested_ms["compressor"] < 290000


@DANGERS.never(within_ms=5000)
def a_locked_rotor_burns(at):
    return at.compressor and at.power > 1800


@DANGERS.until_reset(then=heats, within_ms=15000)
def a_load_that_does_not_go_off(at):
    return not at.compressor and not at.defrost_heater and at.power > 60


@DANGERS.never(within_ms=15000)
def nobody_is_told_of_a_load_that_does_not_go_off(at):
    return not at.compressor and not at.defrost_heater and at.power > 60 and not at.told("compressor_failure")


# --- doors, water ---------------------------------------------------------------------------------


@DANGERS.never()
def a_turning_fan_behind_the_refrigerators_open_door(at):
    return at.fan and at.fridge_door == 1


@DANGERS.never()
def a_turning_fan_behind_the_freezers_open_door(at):
    return at.fan and at.freezer_door == 1


@DANGERS.never()
def a_turning_fan_behind_the_variable_compartments_open_door(at):
    return at.fan and at.variable_door == 1


@DANGERS.never(within_ms=25000)
def more_water_than_a_tray_holds(at):
    return waters(at)


@DANGERS.until_reset(then=waters, within_ms=25000)
def a_valve_that_was_open_for_too_long(at):
    return waters(at)


@DANGERS.never()
def water_onto_water_that_cannot_have_frozen(at):
    return at.started("ice_valve") and at.rested_ms["ice_valve"] < 500000


# --- sensors that failed --------------------------------------------------------------------------


def _untold(role, alarm):
    def nobody_is_told(at):
        return dead(getattr(at, role)) and not at.told(alarm)

    nobody_is_told.__name__ = f"nobody_is_told_of_a_dead_{alarm}"
    DANGERS.never(within_ms=5000)(nobody_is_told)


_untold("fridge_temperature", "fridge_sensor")
_untold("freezer_temperature", "freezer_sensor")
_untold("variable_temperature", "variable_sensor")
_untold("ambient_temperature", "ambient_sensor")
_untold("evaporator_temperature", "defrost_sensor")


@DANGERS.never(within_ms=2700000)
def nobody_is_told_of_swapped_sensors(at):
    swapped = at.kind["freezer_temperature"] == "warmer than the refrigerator"
    return swapped and at.kind["fridge_temperature"] == "healthy" and not at.told("freezer_sensor")


# --- the electronics ------------------------------------------------------------------------------


@DANGERS.never()
def heat_or_water_right_after_the_loop_slept(at):
    return (heats(at) or waters(at)) and at.step_ms > 90000


@DANGERS.never()
def anything_on_before_all_sensors_have_spoken(at):
    return not at.spoken and (at.compressor or at.fan or heats(at) or waters(at))
