"""Wiring of a refrigerator on the board Espressif ESP32-S3-DevKitC-1. Literals only."""

# role, driver, pin, option
ROLES = (
    ("fridge_temperature", "ntc", "IO4", (10000, 3950, 22000)),
    ("freezer_temperature", "ntc", "IO5", (10000, 3950, 100000)),
    ("evaporator_temperature", "ntc", "IO6", (10000, 3950, 100000)),
    ("ambient_temperature", "ntc", "IO7", (10000, 3950, 15000)),
    ("fridge_door", "door_switch", "IO15", ("active_high", 50)),
    ("freezer_door", "door_switch", "IO16", ("active_high", 50)),
    ("fan_speed", "flow_meter", "IO17", ("rate", 2, 1000)),
    ("power", "current_sensor", "IO8", ("W", 0, 10000, 230)),
    ("compressor", "relay", "IO1", ("active_high",)),
    ("fan", "relay", "IO2", ("active_high",)),
    ("defrost_heater", "relay", "IO42", ("active_high",)),
    ("light", "relay", "IO41", ("active_high",)),
    ("buzzer", "buzzer", "IO40", ("active_high",)),
)
