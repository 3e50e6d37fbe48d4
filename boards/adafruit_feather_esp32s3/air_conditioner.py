"""Wiring of an air conditioner on the board Adafruit Feather ESP32-S3. Literals only."""

# role, driver, pin, option
ROLES = (
    ("room_temperature", "ntc", "D5", (10000, 3950, 15000)),
    ("indoor_coil", "ntc", "D6", (10000, 3950, 22000)),
    ("outdoor_coil", "ntc", "D9", (10000, 3950, 22000)),
    ("supply_current", "current_sensor", "D10", ("mA", 0, 30000)),
    ("water_switch", "door_switch", "D11", ("active_high", 50)),
    ("pressure_switch", "door_switch", "D12", ("active_high", 50)),
    ("main_relay", "relay", "MISO", ("active_high",)),
    ("compressor", "relay", "MOSI", ("active_high",)),
    ("four_way_valve", "relay", "SCK", ("active_high",)),
    ("outdoor_fan", "relay", "A5", ("active_high",)),
    ("indoor_fan_low", "relay", "A4", ("active_high",)),
    ("indoor_fan_mid", "relay", "A3", ("active_high",)),
    ("indoor_fan_high", "relay", "A2", ("active_high",)),
    ("buzzer", "buzzer", "A1", ("active_high",)),
)
