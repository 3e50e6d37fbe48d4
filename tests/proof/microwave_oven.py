"""What a microwave oven must never do: microwaves or hot elements at an open door, heat that nobody watches.

Strategy: the door counts as open as soon as one of its two switches does not say closed. The magnetron's
current and the turning of the fan follow the outputs in a healthy oven, as the parts do.
"""

from .dangers import Dangers, dead, unseen

DANGERS = Dangers()

INPUTS = {
    "door": {"healthy": 0, "says open": 1},
    "door_monitor": {"healthy": 0, "says open": 1},
    "chamber_temperature": {"healthy": 250, "at its hottest": 2600, "burning": 3000},
    "magnetron_current": {
        "healthy": lambda at, ms: 7000 if at.magnetron else 0,
        "none": 0,
        "welded": 7000,
        "shorted": lambda at, ms: 20000 if at.magnetron else 0,
    },
    "fan_speed": {"healthy": lambda at, ms: 30 if at.fan else 0, "stands": 0},
}
OUTPUTS = {
    "main_relay": (0, 1),
    "magnetron": (0, 1),
    "grill": (0, 1),
    "convection": (0, 1),
    "steam": (0, 1),
    "fan": (0, 1),
}
WORK = {
    "standby": {},
    "cooling": {"fan": 1},
    "pause of the magnetron": {"main_relay": 1, "fan": 1},
    "microwave": {"main_relay": 1, "magnetron": 1, "fan": 1},
    "grill": {"main_relay": 1, "grill": 1, "fan": 1},
    "combi": {"main_relay": 1, "magnetron": 1, "grill": 1, "fan": 1},
    "convection": {"main_relay": 1, "convection": 1, "fan": 1},
    "steam": {"main_relay": 1, "steam": 1},
}
EARLY = ()
REST_MS = 1000
COMBINED_MS = 8000
HORIZON_MS = 25000
STEP_MS = 5000
STALL_MS = 8000


def heats(at):
    return at.magnetron or at.grill or at.convection or at.steam


def works_at_all(at):
    return heats(at) or at.main_relay


def the_magnetron_works(at):
    return at.magnetron


def the_magnetron_is_supplied(at):
    return at.magnetron or at.main_relay


# --- the door ---------------------------------------------------------------------------------


@DANGERS.never()
def heat_or_a_live_main_relay_at_a_door_that_may_be_open(at):
    return works_at_all(at) and (at.door != 0 or at.door_monitor != 0)


@DANGERS.until_reset(then=works_at_all, within_ms=3000)
def a_door_switch_that_stays_closed_at_an_open_door(at):
    return at.door == 0 and at.door_monitor == 1


@DANGERS.never(within_ms=3000)
def nobody_is_told_of_a_door_switch_that_stays_closed(at):
    return at.door == 0 and at.door_monitor == 1 and not at.told("door_latch")


@DANGERS.never(within_ms=15000)
def nobody_is_told_of_a_door_that_is_not_quite_closed(at):
    return at.door == 1 and at.door_monitor == 0 and not at.told("door_latch")


@DANGERS.never(within_ms=800)
def nobody_is_told_of_a_dead_door_switch(at):
    return dead(at.door) and not at.told("door_latch")


@DANGERS.never(within_ms=800)
def nobody_is_told_of_a_dead_monitor_switch(at):
    return dead(at.door_monitor) and not at.told("door_latch")


# --- the chamber ------------------------------------------------------------------------------


@DANGERS.never(within_ms=800)
def heat_with_a_dead_chamber_sensor(at):
    return heats(at) and dead(at.chamber_temperature)


@DANGERS.never()
def a_heater_with_a_thermostat_and_no_readable_sensor(at):
    return at.convection and unseen(at.chamber_temperature)


@DANGERS.never()
def heat_in_a_burning_chamber(at):
    return heats(at) and at.chamber_temperature > 2900


@DANGERS.until_reset(then=heats)
def the_chamber_burned(at):
    return at.chamber_temperature > 2900


# --- the magnetron ------------------------------------------------------------------------------


@DANGERS.never(within_ms=1500)
def a_welded_magnetron_keeps_its_supply(at):
    return at.magnetron_current > 2000 and not at.magnetron and at.main_relay


@DANGERS.until_reset(then=works_at_all, within_ms=1500)
def a_welded_magnetron(at):
    return at.magnetron_current > 2000 and not at.magnetron


@DANGERS.never(within_ms=3000)
def a_magnetron_without_cooling(at):
    return at.magnetron_current > 2000 and not at.fan


@DANGERS.until_reset(then=the_magnetron_works, within_ms=4000)
def a_magnetron_that_takes_no_current(at):
    return at.magnetron and at.magnetron_current == 0


@DANGERS.never(within_ms=800)
def a_short_circuit_keeps_its_supply(at):
    return at.magnetron_current > 18000 and (at.magnetron or at.main_relay)


@DANGERS.until_reset(then=the_magnetron_is_supplied, within_ms=500)
def a_short_circuit(at):
    return at.magnetron_current > 18000


@DANGERS.never(within_ms=3000)
def a_magnetron_whose_current_nobody_sees(at):
    return at.magnetron and dead(at.magnetron_current)


# --- the fan ------------------------------------------------------------------------------------


@DANGERS.never(within_ms=4000)
def heat_with_a_standing_fan(at):
    return heats(at) and at.fan and at.fan_speed == 0


@DANGERS.never(within_ms=3000)
def heat_with_a_fan_that_nobody_sees(at):
    return heats(at) and dead(at.fan_speed)


@DANGERS.never()
def a_magnetron_without_its_fan(at):
    return at.magnetron and not at.fan


@DANGERS.never()
def a_grill_or_convection_without_the_fan(at):
    return (at.grill or at.convection) and not at.fan


@DANGERS.never()
def no_fan_in_the_minute_after_the_magnetron(at):
    return at.since_ms["magnetron"] < 50000 and not at.fan


@DANGERS.never()
def no_fan_in_the_minute_after_the_grill(at):
    return at.since_ms["grill"] < 50000 and not at.fan


@DANGERS.never()
def no_fan_in_the_minute_after_convection(at):
    return at.since_ms["convection"] < 50000 and not at.fan


# --- the electronics ----------------------------------------------------------------------------


@DANGERS.never()
def a_magnetron_with_an_open_main_relay(at):
    return at.magnetron and not at.main_relay


@DANGERS.never()
def heat_right_after_the_loop_slept(at):
    return heats(at) and at.step_ms > 7000


@DANGERS.never()
def anything_on_before_all_sensors_have_spoken(at):
    return not at.spoken and (works_at_all(at) or at.fan)
