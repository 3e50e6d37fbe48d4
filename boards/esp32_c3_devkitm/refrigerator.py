"""Wiring of a refrigerator on the board Espressif ESP32-C3-DevKitM-1. Literals only."""

# role, driver, pin, option
ROLES = (
    ("evaporator_temperature", "ntc", "IO3", (10000, 3950, 100000)),
    ("fridge_temperature", "ntc", "IO0", (10000, 3950, 22000)),
    ("freezer_temperature", "ntc", "IO1", (10000, 3950, 100000)),
    ("fridge_door", "door_switch", "IO10", ("active_high", 50)),
    ("compressor", "relay", "IO7", ("active_high",)),
    ("fan", "relay", "IO6", ("active_high",)),
    ("defrost_heater", "relay", "IO5", ("active_high",)),
    ("light", "relay", "IO4", ("active_high",)),
)
