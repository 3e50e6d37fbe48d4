"""Wiring of an air conditioner on the board Espressif ESP32-DevKitC V4. Literals only."""

# role, driver, pin, option
ROLES = (
    ("supply_current", "current_sensor", "IO36", ("mA", 0, 30000)),
    ("discharge_temperature", "ntc", "IO39", (50000, 3950, 33000)),
    ("room_temperature", "ntc", "IO34", (10000, 3950, 15000)),
    ("indoor_coil", "ntc", "IO35", (10000, 3950, 22000)),
    ("outdoor_temperature", "ntc", "IO32", (10000, 3950, 22000)),
    ("outdoor_coil", "ntc", "IO33", (10000, 3950, 22000)),
    ("pressure_switch", "door_switch", "IO25", ("active_high", 50)),
    ("water_switch", "door_switch", "IO26", ("active_high", 50)),
    ("filter_key", "door_switch", "IO27", ("active_low", 50)),
    ("main_relay", "relay", "IO23", ("active_high",)),
    ("compressor", "relay", "IO22", ("active_high",)),
    ("four_way_valve", "relay", "IO21", ("active_high",)),
    ("outdoor_fan", "relay", "IO19", ("active_high",)),
    ("indoor_fan_low", "relay", "IO18", ("active_high",)),
    ("indoor_fan_mid", "relay", "IO17", ("active_high",)),
    ("indoor_fan_high", "relay", "IO16", ("active_high",)),
    ("buzzer", "buzzer", "IO4", ("active_high",)),
)
