"""What must hold in a refrigerator whatever its control loop does. Columns: rumpus/interlocks.py.

The safe level of every output is off. A compartment with a dead sensor is not forced off: the loop
cools it by a duty cycle, and these rows only raise the alarm. Hard-wired and not replaced by any row:
the defrost heater's thermal fuse and bimetal, the compressor's overload protector.
"""

# fmt: off
# name, input, test, limit, clear, for_ms, when, forces, alarm, latched, why
ROWS = (
    # The defrost heater.
    ("heater_over_temperature", "evaporator_temperature", "above", 300, 150, 0, (),
     (("defrost_heater", 0),), "defrost_system", 0, "the ice is gone long before; the fuse opens at 70"),
    ("heater_too_long", "", "when", 0, 3600000, 2700000, (("defrost_heater", 1),),
     (("defrost_heater", 0),), "defrost_system", 0, "longer than any defrost that the loop ends itself"),

    # The compressor, where the power is measured.
    ("compressor_overload", "power", "above", 1500, 300, 3000, (("compressor", 1),),
     (("compressor", 0),), "compressor_failure", 0, "a locked rotor; starting takes a second"),
    ("load_welded", "power", "above", 45, 35, 10000, (("compressor", 0), ("defrost_heater", 0)),
     (("defrost_heater", 0),), "compressor_failure", 1,
     "power although both are off: a relay is welded, and heater and compressor must not work together"),

    # The fan, where a door opens to its air.
    ("fan_at_fridge_door", "fridge_door", "is", 1, 0, 0, (), (("fan", 0),),
     None, 0, "warm wet air onto the evaporator, a turning fan before a child's hand"),
    ("fan_at_freezer_door", "freezer_door", "is", 1, 0, 0, (), (("fan", 0),), None, 0, "as above"),
    ("fan_at_variable_door", "variable_door", "is", 1, 0, 0, (), (("fan", 0),), None, 0, "as above"),

    # The ice maker's water.
    ("valve_too_long", "", "when", 0, 0, 20000, (("ice_valve", 1),),
     (("ice_valve", 0),), "ice_maker", 1, "the water would run into the freezer"),

    ("loop_stalled", "", "stalled", 60000, 0, 0, (), (("defrost_heater", 0), ("ice_valve", 0)),
     None, 0, "inputs of a minute ago are no base for heat or water"),

    # Sensors: alarms. What follows from them is the loop's duty cycle; the heater needs its own, below.
    ("fridge_sensor", "fridge_temperature", "fault", 0, 5000, 3000, (), (),
     "fridge_sensor", 0, "open, short or silent"),
    ("freezer_sensor", "freezer_temperature", "fault", 0, 5000, 3000, (), (),
     "freezer_sensor", 0, "open, short or silent"),
    ("variable_sensor", "variable_temperature", "fault", 0, 5000, 3000, (), (),
     "variable_sensor", 0, "open, short or silent"),
    ("ambient_sensor", "ambient_temperature", "fault", 0, 5000, 3000, (), (),
     "ambient_sensor", 0, "open, short or silent"),
    ("defrost_sensor", "evaporator_temperature", "fault", 0, 5000, 3000, (), (),
     "defrost_sensor", 0, "open, short or silent"),
    ("sensors_swapped", ("freezer_temperature", "fridge_temperature"), "above", 60, 20, 1800000, (), (),
     "freezer_sensor", 0, "a freezer warmer than the refrigerator for half an hour: wires swapped"),

    # Outputs.
    ("compressor_rest", "compressor", "min_off", 300000, 0, 0, (), (), None, 0, "pressures must even out"),
    ("valve_rest", "ice_valve", "min_off", 600000, 0, 0, (), (),
     None, 0, "nothing freezes that fast: the second tray would go over the first"),
    ("heater_alone", "defrost_heater", "needs", 0, 0, 0, (("compressor", 0), ("fan", 0)), (),
     None, 0, "warm air would be blown into the freezer"),
    ("heater_sees", "defrost_heater", "needs", 0, 0, 0, (("evaporator_temperature", -500),), (),
     None, 0, "no heat without a readable evaporator sensor, also where none is wired"),
)
