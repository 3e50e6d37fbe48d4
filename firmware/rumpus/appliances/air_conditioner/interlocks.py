"""What an air conditioner must never do. Columns: interlocks.py.

What stays hard-wired: the compressor's own overload protector, the high-pressure switch in the line of
its contactor, the thermal fuse of the auxiliary heater. Nothing here replaces them.

Valve level 0 cools, 1 heats. compressor and compressor_speed are one compressor, the indoor_fan outputs
one fan.
"""

# fmt: off
# name, input, test, limit, clear, for_ms, when, forces, alarm, latched, why
ROWS = (
    # Welded contactor: only the main relay is left; without one the fans keep the circuit alive.
    ("welded", "supply_current", "above", 2500, 1000, 10000, (("compressor", 0), ("aux_heater", 0)),
     (("main_relay", 0), ("compressor", 0), ("compressor_speed", 0), ("aux_heater", 0), ("outdoor_fan", 1),
      ("indoor_fan", 600), ("indoor_fan_low", 0), ("indoor_fan_mid", 1), ("indoor_fan_high", 0)),
     "compressor_failure", 1, "current although compressor and heater are switched off"),

    # Sensors.
    ("room_sensor", "room_temperature", "fault", 0, 10000, 1000, (),
     (("compressor", 0), ("compressor_speed", 0), ("aux_heater", 0)),
     "room_sensor", 0, "open, shorted or not answering"),
    ("room_jumping", "room_temperature", "jump", 50, 60000, 0, (),
     (("compressor", 0), ("compressor_speed", 0), ("aux_heater", 0)),
     "room_sensor", 0, "5 K in a second is a bad contact, not air"),
    ("coil_sensor", "indoor_coil", "fault", 0, 10000, 1000, (),
     (("compressor", 0), ("compressor_speed", 0), ("aux_heater", 0)),
     "indoor_coil_sensor", 0, "nobody sees ice or overheating"),
    ("coil_jumping", "indoor_coil", "jump", 150, 60000, 0, (),
     (("compressor", 0), ("compressor_speed", 0), ("aux_heater", 0)),
     "indoor_coil_sensor", 0, "15 K in a second is a bad contact, even after reversing"),
    ("outdoor_sensor", "outdoor_temperature", "fault", 0, 10000, 1000, (), (),
     "outdoor_ambient_sensor", 0, "defrost falls back to running time"),
    ("outdoor_coil_sensor", "outdoor_coil", "fault", 0, 10000, 1000, (), (),
     "outdoor_coil_sensor", 0, "defrost falls back to outdoor temperature or running time"),
    ("discharge_sensor", "discharge_temperature", "fault", 0, 10000, 1000, (),
     (("compressor", 0), ("compressor_speed", 0)),
     "discharge_sensor", 0, "nobody sees an overheated compressor"),
    ("discharge_cold", ("discharge_temperature", "outdoor_temperature"), "within", 50, 1800000, 900000,
     (("compressor", 1),), (("compressor", 0), ("compressor_speed", 0)),
     "discharge_sensor", 0, "no warmer than the air after a quarter of an hour: off its pipe"),

    # The compressor and its circuit.
    ("over_current", "supply_current", "above", 13000, 1000, 2000, (),
     (("compressor", 0), ("compressor_speed", 0), ("aux_heater", 0)),
     "over_current", 1, "locked rotor; starting takes less"),
    ("current_meter", "supply_current", "fault", 0, 10000, 2000, (),
     (("compressor", 0), ("compressor_speed", 0), ("aux_heater", 0)),
     "over_current", 0, "a locked rotor or a welded contactor would go unseen"),
    ("voltage_low", "supply_voltage", "below", 187, 196, 5000, (),
     (("compressor", 0), ("compressor_speed", 0), ("aux_heater", 0)),
     "supply_voltage", 0, "the motor stalls"),
    ("voltage_high", "supply_voltage", "above", 264, 255, 5000, (),
     (("compressor", 0), ("compressor_speed", 0), ("aux_heater", 0)),
     "supply_voltage", 0, "insulation"),
    ("voltage_meter", "supply_voltage", "fault", 0, 10000, 2000, (),
     (("compressor", 0), ("compressor_speed", 0), ("aux_heater", 0)),
     "supply_voltage", 0, "a motor that stalls would go unseen"),
    ("pressure_switch", "pressure_switch", "is", 1, 180000, 1000, (),
     (("compressor", 0), ("compressor_speed", 0)),
     "refrigerant_pressure", 0, "too high, or too low after a leak"),
    ("pressure_silent", "pressure_switch", "fault", 0, 10000, 1000, (),
     (("compressor", 0), ("compressor_speed", 0)),
     "refrigerant_pressure", 0, "pressure unknown"),
    ("coil_hot", "indoor_coil", "above", 620, 500, 5000, (),
     (("compressor", 0), ("compressor_speed", 0), ("aux_heater", 0)),
     "refrigerant_pressure", 0, "heating: condensing pressure near its limit"),
    ("outdoor_coil_hot", "outdoor_coil", "above", 650, 500, 5000, (),
     (("compressor", 0), ("compressor_speed", 0)),
     "refrigerant_pressure", 0, "cooling: condensing pressure near its limit"),
    ("discharge_hot", "discharge_temperature", "above", 1150, 900, 5000, (),
     (("compressor", 0), ("compressor_speed", 0)),
     "compressor_failure", 0, "the oil chars"),
    ("no_effect", ("indoor_coil", "room_temperature"), "within", 30, 1800000, 600000, (("compressor", 1),),
     (("compressor", 0), ("compressor_speed", 0)),
     "compressor_failure", 0, "ten minutes and the coil is as warm as the room: no refrigerant, no start"),
    ("cools_wrongly", ("indoor_coil", "room_temperature"), "above", 80, -10, 600000,
     (("compressor", 1), ("four_way_valve", 0)), (("compressor", 0), ("compressor_speed", 0)),
     "compressor_failure", 1, "cooling warms the coil: valve stuck or sensors swapped"),
    ("heats_wrongly", ("indoor_coil", "room_temperature"), "below", -80, 10, 600000,
     (("compressor", 1), ("four_way_valve", 1)), (("compressor", 0), ("compressor_speed", 0)),
     "compressor_failure", 1, "heating cools the coil: valve stuck or sensors swapped"),

    # Ice and water.
    ("coil_freezes", "indoor_coil", "below", 0, 80, 120000,
     (("compressor", 1), ("four_way_valve", 0), ("indoor_fan", 1)),
     (("compressor", 0), ("compressor_speed", 0)),
     "freeze_protection", 0, "ice on the indoor coil; the fan thaws it"),
    ("cold_without_fan", "", "when", 0, 600000, 720000,
     (("compressor", 1), ("four_way_valve", 0), ("indoor_fan", 0)),
     (("compressor", 0), ("compressor_speed", 0)),
     "freeze_protection", 0, "longer than any defrost"),
    ("water_full", "water_switch", "is", 1, 60000, 5000, (),
     (("compressor", 0), ("compressor_speed", 0)),
     "water_full", 0, "condensate would run down the wall"),
    ("water_unknown", "water_switch", "fault", 0, 10000, 1000, (),
     (("compressor", 0), ("compressor_speed", 0)),
     "water_full", 0, "level unknown"),

    # Fans: where the pulses of a fan are counted.
    ("indoor_fan_stands", "indoor_fan_pulses", "is", 0, 600000, 20000, (("indoor_fan", 1),),
     (("compressor", 0), ("compressor_speed", 0), ("aux_heater", 0), ("indoor_fan", 0),
      ("indoor_fan_low", 0), ("indoor_fan_mid", 0), ("indoor_fan_high", 0)),
     "indoor_fan", 0, "blocked; tried again after ten minutes"),
    ("indoor_fan_meter", "indoor_fan_pulses", "fault", 0, 10000, 2000, (),
     (("compressor", 0), ("compressor_speed", 0), ("aux_heater", 0)),
     "indoor_fan", 0, "hot wires and a coil without air would go unseen"),
    ("outdoor_fan_stands", "outdoor_fan_pulses", "is", 0, 600000, 20000, (("outdoor_fan", 1),),
     (("compressor", 0), ("compressor_speed", 0), ("outdoor_fan", 0)),
     "outdoor_fan", 0, "blocked; tried again after ten minutes"),

    # Links.
    ("outdoor_unit", "outdoor_unit", "is", 0, 10000, 10000, (),
     (("compressor", 0), ("compressor_speed", 0)),
     "indoor_outdoor_link", 0, "the outdoor unit does not answer"),
    ("outdoor_unit_unknown", "outdoor_unit", "fault", 0, 10000, 1000, (),
     (("compressor", 0), ("compressor_speed", 0)),
     "indoor_outdoor_link", 0, "the outdoor unit cannot be heard"),
    ("loop_stalled", "", "stalled", 60000, 0, 0, (),
     (("compressor", 0), ("compressor_speed", 0), ("aux_heater", 0)),
     None, 0, "inputs of a minute ago are no base for anything"),

    # The fan of the auxiliary heater runs whenever that does, and longer.
    ("fan_run_on", "indoor_fan", "run_on", 60000, 300, 0, (("aux_heater", 1),), (), None, 0, "hot wires"),
    ("fan_run_on_low", "indoor_fan_low", "run_on", 60000, 1, 0, (("aux_heater", 1),), (),
     None, 0, "the same, tapped motor"),

    # Taps turn only with indoor_fan, which all rows watch. Never two of one motor; the faster wins.
    ("tap_high", "indoor_fan_high", "needs", 0, 0, 0, (("indoor_fan", 1),), (),
     None, 0, "a tap alone would turn unwatched"),
    ("one_tap_mid", "indoor_fan_mid", "needs", 0, 0, 0, (("indoor_fan", 1), ("indoor_fan_high", 0)), (),
     None, 0, "two taps burn the winding"),
    ("one_tap_low", "indoor_fan_low", "needs", 0, 0, 0,
     (("indoor_fan", 1), ("indoor_fan_mid", 0), ("indoor_fan_high", 0)), (),
     None, 0, "two taps burn the winding"),

    # The compressor and the four-way valve.
    ("main_first", "compressor", "needs", 0, 0, 0, (("main_relay", 1),), (), None, 0, "off means both off"),
    ("rest", "compressor", "min_off", 180000, 0, 0, (), (), None, 0, "pressures must even out before a start"),
    ("main_first_speed", "compressor_speed", "needs", 0, 0, 0, (("compressor", 1),), (),
     None, 0, "as above; and all rows watch compressor, which is the same part"),
    ("rest_speed", "compressor_speed", "min_off", 180000, 0, 0, (), (), None, 0, "as above"),
    ("valve_stands", "four_way_valve", "hold", 30000, 0, 0, (("compressor", 1),), (),
     None, 0, "reversing under pressure breaks valve and compressor"),
)
