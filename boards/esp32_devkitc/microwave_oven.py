"""Wiring of a microwave oven on the board Espressif ESP32-DevKitC V4. Literals only."""

# role, driver, pin, option
ROLES = (
    ("magnetron_current", "current_sensor", "IO36", ("mA", 0, 20000)),
    ("fan_speed", "flow_meter", "IO33", ("rate", 2, 1000)),
    ("door", "door_switch", "IO25", ("active_high", 50)),
    ("door_monitor", "door_switch", "IO26", ("active_high", 50)),
    ("remote_button", "door_switch", "IO27", ("active_low", 50)),
    ("start_button", "door_switch", "IO14", ("active_low", 50)),
    ("stop_button", "door_switch", "IO13", ("active_low", 50)),
    ("main_relay", "relay", "IO23", ("active_high",)),
    ("magnetron", "relay", "IO22", ("active_high",)),
    ("grill", "relay", "IO21", ("active_high",)),
    ("fan", "relay", "IO19", ("active_high",)),
    ("turntable", "relay", "IO18", ("active_high",)),
    ("lamp", "relay", "IO17", ("active_high",)),
    ("buzzer", "buzzer", "IO16", ("active_high",)),
)
