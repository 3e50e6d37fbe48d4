"""What an air conditioner must never do: work against pressure, burn a motor or a heater without air, ice
up, or let condensate run down the wall.

Strategy: compressor and compressor_speed are one compressor, driven when either is on. There is air when
the proportional fan turns, or for a tapped motor when a tap is on: both are judged. The
unit itself is in air_conditioner_unit.py.
"""

from . import air_conditioner_unit
from .air_conditioner_unit import runs, works
from .dangers import Dangers, dead

UNIT = air_conditioner_unit
DANGERS = Dangers()


def _is_welded(at):
    """Then its fans are all that the circuit has, even if one is blocked and may burn."""
    return at.supply_current > 3000


# --- the compressor and the valve -------------------------------------------------------------------


@DANGERS.never()
def a_start_against_pressure(at):
    return at.started("compressor") and at.rested_ms["compressor"] < 170000


@DANGERS.never()
def an_inverter_that_starts_against_pressure(at):
    return at.started("compressor_speed") and at.rested_ms["compressor_speed"] < 170000


@DANGERS.never()
def the_valve_moves_under_pressure(at):
    if at.four_way_valve == at.last["four_way_valve"]:
        return False
    rested = min(at.since_ms["compressor"], at.since_ms["compressor_speed"]) >= 25000
    return runs(at) or not rested


@DANGERS.never()
def a_compressor_on_while_the_main_relay_is_off(at):
    return runs(at) and not at.main_relay


@DANGERS.never()
def an_inverter_that_turns_by_itself(at):
    return at.compressor_speed and not at.compressor


@DANGERS.never(within_ms=15000)
def a_welded_contactor_keeps_its_supply(at):
    return at.supply_current > 3000 and not works(at) and at.main_relay


@DANGERS.never(within_ms=15000)
def a_compressor_that_nobody_can_stop_has_no_air(at):
    stands = at.kind["outdoor_fan_pulses"] == "stands" or at.kind["indoor_fan_pulses"] == "stands"
    still = not at.outdoor_fan or not at.indoor_fan
    return at.supply_current > 3000 and not works(at) and still and not stands


@DANGERS.until_reset(then=works, within_ms=15000)
def a_welded_contactor(at):
    return at.supply_current > 3000 and not works(at)


@DANGERS.never(within_ms=3000)
def a_locked_rotor_burns(at):
    return works(at) and at.supply_current > 15000


@DANGERS.until_reset(then=works, within_ms=2000)
def a_locked_rotor(at):
    return at.supply_current > 15000


@DANGERS.never(within_ms=3000)
def work_while_nobody_sees_the_current(at):
    return works(at) and dead(at.supply_current)


@DANGERS.never(within_ms=8000)
def a_motor_that_stalls_for_lack_of_voltage(at):
    return works(at) and 0 <= at.supply_voltage < 180


@DANGERS.never(within_ms=8000)
def work_at_too_much_voltage(at):
    return works(at) and at.supply_voltage > 270


@DANGERS.never(within_ms=3000)
def work_while_nobody_sees_the_voltage(at):
    return works(at) and dead(at.supply_voltage)


# --- the refrigerant ------------------------------------------------------------------------------


@DANGERS.never(within_ms=1500)
def work_against_a_tripped_pressure_switch(at):
    return runs(at) and at.pressure_switch == 1


@DANGERS.never(within_ms=1500)
def work_at_an_unknown_pressure(at):
    return runs(at) and dead(at.pressure_switch)


@DANGERS.never(within_ms=8000)
def work_on_an_indoor_coil_that_is_too_hot(at):
    return works(at) and at.indoor_coil > 650


@DANGERS.never(within_ms=8000)
def work_on_an_outdoor_coil_that_is_too_hot(at):
    return runs(at) and at.outdoor_coil > 680


@DANGERS.never(within_ms=8000)
def charred_oil(at):
    return runs(at) and at.discharge_temperature > 1200


@DANGERS.never(within_ms=1200000)
def a_discharge_sensor_that_hangs_in_the_air(at):
    return runs(at) and at.kind["discharge_temperature"] == "off its pipe" and at.outdoor_temperature == 300


@DANGERS.never(within_ms=900000)
def a_compressor_that_pumps_nothing(at):
    return (
        runs(at)
        and at.kind["indoor_coil"] == "as the room"
        and abs(at.indoor_coil - at.room_temperature) < 25
    )


@DANGERS.never(within_ms=900000)
def cooling_that_heats(at):
    return at.compressor and not at.four_way_valve and at.indoor_coil - at.room_temperature in range(100, 200)


@DANGERS.never(within_ms=900000)
def heating_that_cools(at):
    return at.compressor and at.four_way_valve and at.indoor_coil - at.room_temperature in range(-200, -100)


@DANGERS.until_reset(then=runs, within_ms=900000)
def a_valve_that_stuck(at):
    return cooling_that_heats(at) or heating_that_cools(at)


# --- ice and water ----------------------------------------------------------------------------------


@DANGERS.never(within_ms=180000)
def an_iced_indoor_coil(at):
    cools = at.compressor and not at.four_way_valve
    return cools and at.indoor_fan and -500 < at.indoor_coil < -10


@DANGERS.never(within_ms=1000000)
def cold_without_air(at):
    return at.compressor and not at.four_way_valve and not at.indoor_fan


@DANGERS.never(within_ms=7500)
def condensate_down_the_wall(at):
    return runs(at) and at.water_switch == 1


@DANGERS.never(within_ms=1500)
def condensate_that_nobody_sees(at):
    return runs(at) and dead(at.water_switch)


# --- air ------------------------------------------------------------------------------------------


def _is_blocked(at, fan):
    """It stands although it is on, or was when it was last tried."""
    return at.kind[fan + "_pulses"] == "stands" and (getattr(at, fan) or at.since_ms[fan] < 500000)


def _has_stood(at):
    return ("indoor_fan_pulses", "stands") in at.had


@DANGERS.never()
def hot_wires_without_the_fan(at):
    hot = at.aux_heater or at.since_ms["aux_heater"] < 50000
    return hot and at.indoor_fan < 300 and not _has_stood(at)


@DANGERS.never()
def hot_wires_without_a_tap_of_the_fan(at):
    hot = at.aux_heater or at.since_ms["aux_heater"] < 50000
    air = at.indoor_fan_low or at.indoor_fan_mid or at.indoor_fan_high
    return hot and not air and not _has_stood(at)


@DANGERS.never()
def two_taps_burn_the_winding(at):
    return at.indoor_fan_low + at.indoor_fan_mid + at.indoor_fan_high > 1


@DANGERS.never()
def a_tap_that_turns_by_itself(at):
    return (at.indoor_fan_low or at.indoor_fan_mid or at.indoor_fan_high) and not at.indoor_fan


@DANGERS.never(within_ms=30000)
def work_with_a_standing_indoor_fan(at):
    return works(at) and _is_blocked(at, "indoor_fan")


@DANGERS.never(within_ms=30000)
def a_blocked_indoor_fan_burns(at):
    return at.kind["indoor_fan_pulses"] == "stands" and at.indoor_fan and not _is_welded(at)


@DANGERS.never(within_ms=30000)
def work_with_a_standing_outdoor_fan(at):
    return runs(at) and _is_blocked(at, "outdoor_fan")


@DANGERS.never(within_ms=30000)
def a_blocked_outdoor_fan_burns(at):
    return at.kind["outdoor_fan_pulses"] == "stands" and at.outdoor_fan and not _is_welded(at)


@DANGERS.never(within_ms=3000)
def work_with_a_fan_that_nobody_sees(at):
    return works(at) and dead(at.indoor_fan_pulses)


# --- sensors --------------------------------------------------------------------------------------


@DANGERS.never(within_ms=1500)
def work_with_a_dead_room_sensor(at):
    return works(at) and dead(at.room_temperature)


@DANGERS.never()
def work_with_a_bad_contact_at_the_room_sensor(at):
    return works(at) and at.moved["room_temperature"] > 55 and at.step_ms <= 1000


@DANGERS.never(within_ms=1500)
def work_with_a_dead_coil_sensor(at):
    return works(at) and dead(at.indoor_coil)


@DANGERS.never()
def work_with_a_bad_contact_at_the_coil_sensor(at):
    return works(at) and at.moved["indoor_coil"] > 180 and at.step_ms <= 1000


@DANGERS.never(within_ms=1500)
def work_with_a_dead_discharge_sensor(at):
    return runs(at) and dead(at.discharge_temperature)


@DANGERS.never(within_ms=1500)
def nobody_is_told_of_a_dead_outdoor_sensor(at):
    return dead(at.outdoor_temperature) and not at.told("outdoor_ambient_sensor")


@DANGERS.never(within_ms=1500)
def nobody_is_told_of_a_dead_outdoor_coil_sensor(at):
    return dead(at.outdoor_coil) and not at.told("outdoor_coil_sensor")


# --- links and electronics ------------------------------------------------------------------------


@DANGERS.never(within_ms=15000)
def work_with_a_silent_outdoor_unit(at):
    return runs(at) and at.outdoor_unit == 0


@DANGERS.never(within_ms=1500)
def work_with_an_outdoor_unit_that_cannot_be_heard(at):
    return runs(at) and dead(at.outdoor_unit)


@DANGERS.never()
def work_right_after_the_loop_slept(at):
    return works(at) and at.step_ms > 90000


@DANGERS.never()
def anything_on_before_all_sensors_have_spoken(at):
    return not at.spoken and (works(at) or at.indoor_fan or at.outdoor_fan or at.main_relay)
