"""Wiring of a refrigerator on the board Adafruit Feather ESP32-S3. Literals only."""

# role, driver, pin, option
ROLES = (
    ("fridge_temperature", "ntc", "D5", (10000, 3950, 22000)),
    ("freezer_temperature", "ntc", "D6", (10000, 3950, 100000)),
    ("evaporator_temperature", "ntc", "D9", (10000, 3950, 100000)),
    ("ambient_temperature", "ntc", "D10", (10000, 3950, 15000)),
    ("fridge_door", "door_switch", "D11", ("active_high", 50)),
    ("freezer_door", "door_switch", "D12", ("active_high", 50)),
    ("compressor", "relay", "A5", ("active_high",)),
    ("fan", "relay", "A4", ("active_high",)),
    ("defrost_heater", "relay", "A3", ("active_high",)),
    ("light", "relay", "A2", ("active_high",)),
    ("buzzer", "buzzer", "A1", ("active_high",)),
)
