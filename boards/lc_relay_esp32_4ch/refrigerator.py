"""Wiring of a refrigerator on the board LC-Relay ESP32, four relays (ESP32_Relay_AC X4). Literals only."""

# role, driver, pin, option
ROLES = (
    ("power", "current_sensor", "IO36", ("W", 0, 10000, 230)),
    ("evaporator_temperature", "ntc", "IO39", (10000, 3950, 100000)),
    ("fridge_temperature", "ntc", "IO34", (10000, 3950, 22000)),
    ("freezer_temperature", "ntc", "IO35", (10000, 3950, 100000)),
    ("fridge_door", "door_switch", "IO27", ("active_high", 50)),
    ("freezer_door", "door_switch", "IO13", ("active_high", 50)),
    ("buzzer", "buzzer", "IO22", ("active_high",)),
    ("compressor", "relay", "IO32", ("active_high",)),
    ("fan", "relay", "IO33", ("active_high",)),
    ("defrost_heater", "relay", "IO25", ("active_high",)),
    ("light", "relay", "IO26", ("active_high",)),
    ("status_led", "status_led", "IO23", ("active_high",)),
)
