"""Wiring of a microwave oven on the board Espressif ESP32-C3-DevKitM-1. Literals only."""

# role, driver, pin, option
ROLES = (
    ("door", "door_switch", "IO3", ("active_high", 50)),
    ("door_monitor", "door_switch", "IO0", ("active_high", 50)),
    ("remote_button", "door_switch", "IO1", ("active_low", 50)),
    ("stop_button", "door_switch", "IO10", ("active_low", 50)),
    ("main_relay", "relay", "IO7", ("active_high",)),
    ("magnetron", "relay", "IO6", ("active_high",)),
    ("fan", "relay", "IO5", ("active_high",)),
    ("lamp", "relay", "IO4", ("active_high",)),
)
