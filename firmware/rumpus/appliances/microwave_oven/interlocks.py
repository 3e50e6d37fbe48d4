"""What must hold in a microwave oven whatever its control loop does. Columns: rumpus/interlocks.py.

Hard-wired and not replaced by any row: the primary and secondary door switches in series with the
magnetron's transformer, the monitor switch that blows the fuse, the thermal cut-outs of magnetron and
chamber. main_relay, where there is one, is the series contact that can still open when another welds.
Safe levels are off; the fan runs on after heat.
"""

# fmt: off
# name, input, test, limit, clear, for_ms, when, forces, alarm, latched, why
ROWS = (
    # The door; 1 = open. The rows that keep heat off meanwhile are the output rows.
    ("door_welded", ("door_monitor", "door"), "above", 0, 0, 2000, (),
     (("main_relay", 0), ("magnetron", 0), ("grill", 0), ("convection", 0), ("steam", 0)),
     "door_latch", 1, "the door is open and its primary switch says closed"),
    ("door_ajar", ("door", "door_monitor"), "above", 0, 0, 10000, (), (),
     "door_latch", 0, "not quite closed, or the monitor switch is stuck"),
    ("door_switch", "door", "fault", 0, 2000, 500, (), (), "door_latch", 0, "nobody knows where the door is"),
    ("door_monitor", "door_monitor", "fault", 0, 2000, 500, (), (), "door_latch", 0, "nobody checks the door switch"),

    # The chamber's sensor: -32768 open, -32767 short, -32766 missing, -32765 not ready.
    ("chamber_sensor_open", "chamber_temperature", "fault", -32768, 2000, 500, (),
     (("main_relay", 0), ("magnetron", 0), ("grill", 0), ("convection", 0), ("steam", 0)),
     "temperature_sensor_open", 0, "no heat that nobody watches"),
    ("chamber_sensor_short", "chamber_temperature", "fault", -32767, 2000, 500, (),
     (("main_relay", 0), ("magnetron", 0), ("grill", 0), ("convection", 0), ("steam", 0)),
     "temperature_sensor_short", 0, "no heat that nobody watches"),
    ("chamber_sensor_missing", "chamber_temperature", "fault", -32766, 2000, 500, (),
     (("main_relay", 0), ("magnetron", 0), ("grill", 0), ("convection", 0), ("steam", 0)),
     "internal_communication", 0, "no heat that nobody watches"),
    ("chamber_sensor_silent", "chamber_temperature", "fault", -32765, 2000, 500, (),
     (("main_relay", 0), ("magnetron", 0), ("grill", 0), ("convection", 0), ("steam", 0)),
     "internal_communication", 0, "no heat that nobody watches"),
    ("chamber_over_temperature", "chamber_temperature", "above", 2800, 2000, 0, (),
     (("main_relay", 0), ("magnetron", 0), ("grill", 0), ("convection", 0), ("steam", 0), ("fan", 1)),
     "over_temperature", 1, "above the highest set point and its overshoot: food may burn"),

    # The magnetron, where its current is measured.
    ("magnetron_welded", "magnetron_current", "above", 1000, 1000, 1000, (("magnetron", 0),),
     (("main_relay", 0), ("magnetron", 0), ("grill", 0), ("convection", 0), ("steam", 0), ("fan", 1)),
     "magnetron", 1, "current without a command: its relay is welded, only main_relay is left"),
    ("magnetron_dead", "magnetron_current", "below", 1000, 0, 2500, (("magnetron", 1),),
     (("magnetron", 0),), "magnetron", 1, "no current although it is on: fuse, thermal cut-out or tube"),
    ("magnetron_overload", "magnetron_current", "above", 16000, 1000, 500, (),
     (("main_relay", 0), ("magnetron", 0)), "magnetron", 1, "a shorted diode or capacitor"),
    ("current_meter", "magnetron_current", "fault", 0, 5000, 2000, (),
     (("magnetron", 0),), "internal_communication", 0, "a welded relay would go unseen"),

    # The fan, where its turning is measured.
    ("fan_stands", "fan_speed", "is", 0, 5000, 3000, (("fan", 1),),
     (("magnetron", 0), ("grill", 0), ("convection", 0), ("steam", 0)),
     "fan", 0, "a magnetron lives a minute without cooling"),
    ("fan_meter", "fan_speed", "fault", 0, 5000, 2000, (),
     (("magnetron", 0), ("grill", 0), ("convection", 0), ("steam", 0)),
     "fan", 0, "a standing fan would go unseen"),

    ("loop_stalled", "", "stalled", 5000, 1000, 0, (),
     (("magnetron", 0), ("grill", 0), ("convection", 0), ("steam", 0)),
     None, 0, "nobody saw the door for that long"),

    # Outputs.
    ("fan_after_magnetron", "fan", "run_on", 60000, 1, 0, (("magnetron", 1),), (), None, 0, "it is still hot"),
    ("fan_after_grill", "fan", "run_on", 60000, 1, 0, (("grill", 1),), (), None, 0, "it is still hot"),
    ("fan_after_convection", "fan", "run_on", 60000, 1, 0, (("convection", 1),), (), None, 0, "it is still hot"),
    ("main_relay_door", "main_relay", "needs", 0, 0, 0, (("door", 0), ("door_monitor", 0)), (),
     None, 0, "both switches must say closed; one that is missing or faulty does not"),
    ("magnetron_door", "magnetron", "needs", 0, 0, 0,
     (("door", 0), ("door_monitor", 0), ("fan", 1), ("main_relay", 1)), (),
     None, 0, "no microwaves out of the door, none without cooling"),
    ("grill_door", "grill", "needs", 0, 0, 0, (("door", 0), ("door_monitor", 0), ("fan", 1)), (),
     None, 0, "no hot element at a reaching hand"),
    ("convection_door", "convection", "needs", 0, 0, 0,
     (("door", 0), ("door_monitor", 0), ("fan", 1), ("chamber_temperature", -400)), (),
     None, 0, "a heater with a thermostat needs its sensor"),
    ("steam_door", "steam", "needs", 0, 0, 0, (("door", 0), ("door_monitor", 0)), (),
     None, 0, "no steam in a face"),
)
