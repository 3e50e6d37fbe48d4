"""Wiring of an air conditioner on the board Raspberry Pi Pico W. Literals only."""

# role, driver, pin, option
ROLES = (
    ("pressure_switch", "door_switch", "GP18", ("active_high", 50)),
    ("water_switch", "door_switch", "GP20", ("active_high", 50)),
    ("outdoor_coil", "ds18b20", "GP22", ()),
    ("room_temperature", "ntc", "GP26", (10000, 3950, 15000)),
    ("indoor_coil", "ntc", "GP27", (10000, 3950, 22000)),
    ("supply_current", "current_sensor", "GP28", ("mA", 0, 30000)),
    ("main_relay", "relay", "GP15", ("active_high",)),
    ("compressor", "relay", "GP14", ("active_high",)),
    ("four_way_valve", "relay", "GP13", ("active_high",)),
    ("outdoor_fan", "relay", "GP12", ("active_high",)),
    ("indoor_fan_low", "relay", "GP11", ("active_high",)),
    ("indoor_fan_mid", "relay", "GP10", ("active_high",)),
    ("indoor_fan_high", "relay", "GP9", ("active_high",)),
    ("buzzer", "buzzer", "GP8", ("active_high",)),
)
