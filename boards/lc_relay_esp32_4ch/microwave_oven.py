"""Wiring of a microwave oven on the board LC-Relay ESP32, four relays (ESP32_Relay_AC X4). Literals only."""

# role, driver, pin, option
ROLES = (
    ("magnetron_current", "current_sensor", "IO36", ("mA", 0, 20000)),
    ("stop_button", "door_switch", "IO35", ("active_low", 50)),
    ("door", "door_switch", "IO27", ("active_high", 50)),
    ("door_monitor", "door_switch", "IO14", ("active_high", 50)),
    ("remote_button", "door_switch", "IO13", ("active_low", 50)),
    ("buzzer", "buzzer", "IO22", ("active_high",)),
    ("main_relay", "relay", "IO32", ("active_high",)),
    ("magnetron", "relay", "IO33", ("active_high",)),
    ("fan", "relay", "IO25", ("active_high",)),
    ("lamp", "relay", "IO26", ("active_high",)),
    ("status_led", "status_led", "IO23", ("active_high",)),
)
