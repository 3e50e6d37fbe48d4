"""Wiring of an air conditioner on the board Espressif ESP32-S3-DevKitC-1. Literals only."""

# role, driver, pin, option
ROLES = (
    ("room_temperature", "ntc", "IO4", (10000, 3950, 15000)),
    ("indoor_coil", "ntc", "IO5", (10000, 3950, 22000)),
    ("outdoor_temperature", "ntc", "IO6", (10000, 3950, 22000)),
    ("outdoor_coil", "ntc", "IO7", (10000, 3950, 22000)),
    ("pressure_switch", "door_switch", "IO15", ("active_high", 50)),
    ("water_switch", "door_switch", "IO16", ("active_high", 50)),
    ("filter_key", "door_switch", "IO17", ("active_low", 50)),
    ("discharge_temperature", "ntc", "IO8", (50000, 3950, 33000)),
    ("supply_current", "current_sensor", "IO9", ("mA", 0, 30000)),
    ("main_relay", "relay", "IO1", ("active_high",)),
    ("compressor", "relay", "IO2", ("active_high",)),
    ("four_way_valve", "relay", "IO42", ("active_high",)),
    ("outdoor_fan", "relay", "IO41", ("active_high",)),
    ("indoor_fan_low", "relay", "IO40", ("active_high",)),
    ("indoor_fan_mid", "relay", "IO47", ("active_high",)),
    ("indoor_fan_high", "relay", "IO21", ("active_high",)),
)
