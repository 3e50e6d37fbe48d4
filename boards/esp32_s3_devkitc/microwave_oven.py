"""Wiring of a microwave oven on the board Espressif ESP32-S3-DevKitC-1. Literals only."""

# role, driver, pin, option
ROLES = (
    ("chamber_temperature", "ntc", "IO4", (100000, 3950, 27000)),
    ("magnetron_current", "current_sensor", "IO5", ("mA", 0, 20000)),
    ("fan_speed", "flow_meter", "IO7", ("rate", 2, 1000)),
    ("door", "door_switch", "IO15", ("active_high", 50)),
    ("door_monitor", "door_switch", "IO16", ("active_high", 50)),
    ("remote_button", "door_switch", "IO17", ("active_low", 50)),
    ("start_button", "door_switch", "IO9", ("active_low", 50)),
    ("stop_button", "door_switch", "IO10", ("active_low", 50)),
    ("main_relay", "relay", "IO1", ("active_high",)),
    ("magnetron", "relay", "IO2", ("active_high",)),
    ("grill", "relay", "IO42", ("active_high",)),
    ("fan", "relay", "IO41", ("active_high",)),
    ("turntable", "relay", "IO40", ("active_high",)),
    ("lamp", "relay", "IO47", ("active_high",)),
    ("buzzer", "buzzer", "IO21", ("active_high",)),
)
