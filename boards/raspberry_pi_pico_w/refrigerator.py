"""Wiring of a refrigerator on the board Raspberry Pi Pico W. Literals only."""

# role, driver, pin, option
ROLES = (
    ("freezer_door", "door_switch", "GP19", ("active_high", 50)),
    ("fridge_door", "door_switch", "GP20", ("active_high", 50)),
    ("fan_speed", "flow_meter", "GP21", ("rate", 2, 1000)),
    ("ambient_temperature", "ds18b20", "GP22", ()),
    ("fridge_temperature", "ntc", "GP26", (10000, 3950, 22000)),
    ("freezer_temperature", "ntc", "GP27", (10000, 3950, 100000)),
    ("evaporator_temperature", "ntc", "GP28", (10000, 3950, 100000)),
    ("compressor", "relay", "GP15", ("active_high",)),
    ("fan", "relay", "GP14", ("active_high",)),
    ("defrost_heater", "relay", "GP13", ("active_high",)),
    ("light", "relay", "GP12", ("active_high",)),
    ("buzzer", "buzzer", "GP11", ("active_high",)),
)
