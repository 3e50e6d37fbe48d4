"""What a water heater must never do: boil, heat an element in air or ice, or keep a live part under water.

Strategy: an element heats when its output is on, whatever else is off. In a healthy tank the temperature
creeps up and the current follows the elements; the wrong classes are what a broken part really shows: a
dry sensor soars, one that lies beside the water stands still, a welded contact takes current by itself.
"""

from .dangers import Dangers, dead, unseen

DANGERS = Dangers()


def _creeps(start):
    """A kelvin in ten minutes, and back as after a draw."""
    return lambda at, ms: start + ms // 60000 % 20


def _soars(at, ms):
    """12 K in a minute: an element in air."""
    return min(1200, 400 + 2 * ms // 1000)


def _freezes(at, ms):
    """No faster than a sensor in water can fall."""
    return max(-10, 400 - 45 * ms // 1000)


def _stands_still(start):
    """0.1 K in a quarter of an hour."""
    return lambda at, ms: start + ms // 1000000


def _twitches(at, ms):
    """A bad contact: 8 K up for five seconds, and down."""
    return 480 if ms // 5000 % 2 == 0 else 400


def _follows(at, ms):
    return 8000 if at.element or at.element_upper else 0


INPUTS = {
    "tank_temperature": {
        "healthy": _creeps(400),
        "dry": _soars,
        "stands still": _stands_still(400),
        "near freezing": 20,
        "ice": _freezes,
        "hot": 800,
        "boils": 950,
        "twitches": _twitches,
    },
    "upper_temperature": {
        "healthy": _creeps(420),
        "dry": _soars,
        "stands still": _stands_still(420),
        "colder than below": 200,
        "ice": _freezes,
        "hot": 800,
        "boils": 950,
        "twitches": _twitches,
    },
    "inlet_temperature": {"healthy": 120, "freezes": 5},
    "element_current": {"healthy": _follows, "none": 300, "welded": 8000},
    "leakage_current": {"healthy": 5, "leaks": 150},
    "leak_switch": {"healthy": 0, "wet": 1},
}
OUTPUTS = {"element": (0, 1), "element_ssr": (0, 1000), "element_upper": (0, 1), "main_relay": (0, 1)}
WORK = {
    "off": {},
    "ready": {"main_relay": 1},
    "lower element": {"element": 1, "main_relay": 1},
    "lower element by solid-state relay": {"element": 1, "element_ssr": 1000, "main_relay": 1},
    "upper element": {"element_upper": 1, "main_relay": 1},
    "both": {"element": 1, "element_ssr": 1000, "element_upper": 1, "main_relay": 1},
}
EARLY = ()
REST_MS = 1000
HORIZON_MS = 2900000
COMBINED_MS = 100000
STEP_MS = 60000
STALL_MS = 100000
BEGINS_MS = {"ice": 8900}  # no ice before: below 0 at 8912


def heats(at):
    return at.element or at.element_ssr or at.element_upper


def is_live(at):
    return heats(at) or at.main_relay


# --- current where none should be -----------------------------------------------------------------


@DANGERS.never()
def a_live_element_that_leaks_to_earth(at):
    return is_live(at) and at.leakage_current > 120


@DANGERS.until_reset(then=is_live)
def an_element_that_leaked_to_earth(at):
    return at.leakage_current > 120


@DANGERS.never(within_ms=3000)
def heat_while_nobody_sees_the_leakage(at):
    return is_live(at) and dead(at.leakage_current)


@DANGERS.never(within_ms=1500)
def heat_in_a_tank_that_runs_out(at):
    return is_live(at) and at.leak_switch == 1


@DANGERS.until_reset(then=is_live, within_ms=1500)
def a_tank_that_ran_out(at):
    return at.leak_switch == 1


@DANGERS.never(within_ms=3000)
def heat_while_nobody_sees_a_leak(at):
    return heats(at) and dead(at.leak_switch)


# --- too hot ------------------------------------------------------------------------------------


@DANGERS.never()
def heat_for_boiling_water_below(at):
    return heats(at) and at.tank_temperature > 900


@DANGERS.never()
def heat_for_boiling_water_above(at):
    return heats(at) and at.upper_temperature > 900


@DANGERS.until_reset(then=is_live)
def water_that_boiled(at):
    return at.tank_temperature > 900 or at.upper_temperature > 900


# --- an element in air --------------------------------------------------------------------------


def _is_dry(at):
    below = at.kind["tank_temperature"] == "dry" and at.element
    return below or (at.kind["upper_temperature"] == "dry" and at.element_upper)


def _was_hot(at, element):
    """It is on, or has been within the last minute: off for a moment is no rest."""
    return getattr(at, element) or at.since_ms[element] < 70000


@DANGERS.never(within_ms=125000)
def heat_in_air(at):
    return _is_dry(at)


@DANGERS.until_reset(then=is_live, within_ms=125000)
def an_element_burned_in_air_below(at):
    return at.kind["tank_temperature"] == "dry" and _was_hot(at, "element")


@DANGERS.until_reset(then=is_live, within_ms=125000)
def an_element_burned_in_air_above(at):
    return at.kind["upper_temperature"] == "dry" and _was_hot(at, "element_upper")


@DANGERS.never(within_ms=2700000)
def heat_below_that_warms_nothing(at):
    return at.kind["tank_temperature"] == "stands still" and at.element


@DANGERS.never(within_ms=2700000)
def heat_above_that_warms_nothing(at):
    return at.kind["upper_temperature"] == "stands still" and at.element_upper


@DANGERS.until_reset(then=is_live, within_ms=2700000)
def heat_below_that_warmed_nothing(at):
    return at.kind["tank_temperature"] == "stands still" and _was_hot(at, "element")


@DANGERS.until_reset(then=is_live, within_ms=2700000)
def heat_above_that_warmed_nothing(at):
    return at.kind["upper_temperature"] == "stands still" and _was_hot(at, "element_upper")


# --- elements and their contacts ----------------------------------------------------------------


@DANGERS.never(within_ms=90000)
def a_lower_element_that_takes_no_current(at):
    return at.element and 0 <= at.element_current < 400


@DANGERS.never(within_ms=90000)
def an_upper_element_that_takes_no_current(at):
    return at.element_upper and 0 <= at.element_current < 400


@DANGERS.until_reset(then=heats, within_ms=90000)
def an_element_that_took_no_current(at):
    return 0 <= at.element_current < 400 and (at.element or at.element_upper)


@DANGERS.never(within_ms=5000)
def a_welded_contact_keeps_its_supply(at):
    return at.element_current > 1000 and not heats(at) and at.main_relay


@DANGERS.until_reset(then=is_live, within_ms=5000)
def a_welded_contact(at):
    return at.element_current > 1000 and not heats(at)


@DANGERS.never(within_ms=3000)
def heat_while_nobody_sees_the_current(at):
    return heats(at) and dead(at.element_current)


@DANGERS.never()
def an_element_on_while_the_main_relay_is_off(at):
    return heats(at) and not at.main_relay


@DANGERS.never()
def a_solid_state_relay_that_heats_by_itself(at):
    return at.element_ssr and not at.element


# --- sensors ------------------------------------------------------------------------------------


@DANGERS.never(within_ms=1500)
def heat_with_a_dead_sensor_below(at):
    return heats(at) and dead(at.tank_temperature)


@DANGERS.never(within_ms=1500)
def heat_with_a_dead_sensor_above(at):
    return heats(at) and dead(at.upper_temperature)


@DANGERS.never()
def heat_with_a_bad_contact_below(at):
    return heats(at) and at.moved["tank_temperature"] > 60 and at.step_ms <= 1000


@DANGERS.never()
def heat_with_a_bad_contact_above(at):
    return heats(at) and at.moved["upper_temperature"] > 60 and at.step_ms <= 1000


@DANGERS.never(within_ms=900000)
def heat_with_the_sensors_swapped(at):
    seen = not unseen(at.tank_temperature) and not unseen(at.upper_temperature)
    return seen and heats(at) and at.kind["upper_temperature"] == "colder than below"


# --- cold ---------------------------------------------------------------------------------------


@DANGERS.never(within_ms=1500)
def heat_for_ice_below(at):
    return heats(at) and -500 < at.tank_temperature < 0


@DANGERS.never(within_ms=1500)
def heat_for_ice_above(at):
    return heats(at) and -500 < at.upper_temperature < 0


@DANGERS.never(within_ms=1500)
def nobody_is_told_that_the_tank_freezes(at):
    return -500 < at.tank_temperature < 25 and not at.told("freezing")


@DANGERS.never(within_ms=90000)
def nobody_is_told_that_the_pipe_freezes(at):
    return -500 < at.inlet_temperature < 8 and not at.told("freezing")


# --- the electronics ------------------------------------------------------------------------------


@DANGERS.never()
def heat_right_after_the_loop_slept(at):
    return heats(at) and at.step_ms > 90000


@DANGERS.never()
def anything_on_before_all_sensors_have_spoken(at):
    return not at.spoken and is_live(at)
