"""Wiring of a microwave oven on the board Adafruit Feather ESP32-S3. Literals only."""

# role, driver, pin, option
ROLES = (
    ("chamber_temperature", "ntc", "D5", (100000, 3950, 27000)),
    ("magnetron_current", "current_sensor", "D6", ("mA", 0, 20000)),
    ("stop_button", "door_switch", "D9", ("active_low", 50)),
    ("remote_button", "door_switch", "D10", ("active_low", 50)),
    ("door", "door_switch", "D11", ("active_high", 50)),
    ("door_monitor", "door_switch", "D12", ("active_high", 50)),
    ("main_relay", "relay", "MOSI", ("active_high",)),
    ("magnetron", "relay", "SCK", ("active_high",)),
    ("grill", "relay", "A5", ("active_high",)),
    ("fan", "relay", "A4", ("active_high",)),
    ("turntable", "relay", "A3", ("active_high",)),
    ("lamp", "relay", "A2", ("active_high",)),
    ("buzzer", "buzzer", "A1", ("active_high",)),
)
