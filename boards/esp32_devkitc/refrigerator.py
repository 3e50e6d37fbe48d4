"""Wiring of a refrigerator on the board Espressif ESP32-DevKitC V4. Literals only."""

# role, driver, pin, option
ROLES = (
    ("power", "current_sensor", "IO36", ("W", 0, 10000, 230)),
    ("fridge_temperature", "ntc", "IO34", (10000, 3950, 22000)),
    ("freezer_temperature", "ntc", "IO35", (10000, 3950, 100000)),
    ("evaporator_temperature", "ntc", "IO32", (10000, 3950, 100000)),
    ("ambient_temperature", "ntc", "IO33", (10000, 3950, 15000)),
    ("fridge_door", "door_switch", "IO25", ("active_high", 50)),
    ("freezer_door", "door_switch", "IO26", ("active_high", 50)),
    ("fan_speed", "flow_meter", "IO27", ("rate", 2, 1000)),
    ("compressor", "relay", "IO23", ("active_high",)),
    ("fan", "relay", "IO22", ("active_high",)),
    ("defrost_heater", "relay", "IO21", ("active_high",)),
    ("light", "relay", "IO19", ("active_high",)),
    ("buzzer", "buzzer", "IO18", ("active_high",)),
)
