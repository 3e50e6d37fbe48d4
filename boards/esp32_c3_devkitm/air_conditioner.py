"""Wiring of an air conditioner on the board Espressif ESP32-C3-DevKitM-1. Literals only."""

# role, driver, pin, option
ROLES = (
    ("outdoor_coil", "ntc", "IO3", (10000, 3950, 68000)),
    ("room_temperature", "ntc", "IO0", (10000, 3950, 15000)),
    ("indoor_coil", "ntc", "IO1", (10000, 3950, 22000)),
    ("water_switch", "door_switch", "IO10", ("active_high", 50)),
    ("compressor", "relay", "IO7", ("active_high",)),
    ("four_way_valve", "relay", "IO6", ("active_high",)),
    ("outdoor_fan", "relay", "IO5", ("active_high",)),
    ("indoor_fan", "pwm_out", "IO4", ("active_high",)),
)
