"""Wiring of a water heater on the board Adafruit Feather ESP32-S3. Literals only."""

# role, driver, pin, option
ROLES = (
    ("tank_temperature", "ntc", "D5", (10000, 3950, 15000)),
    ("upper_temperature", "ntc", "D6", (10000, 3950, 15000)),
    ("element_current", "current_sensor", "D9", ("mA", 0, 30000)),
    ("leakage_current", "current_sensor", "D10", ("0.1mA", 0, 1000)),
    ("flow_meter", "flow_meter", "D11", ("pulses", 450)),
    ("leak_switch", "door_switch", "D12", ("active_high", 50)),
    ("main_relay", "relay", "A4", ("active_high",)),
    ("element_upper", "relay", "A3", ("active_high",)),
    ("element_ssr", "ssr", "A2", ("active_high", 2000)),
    ("status_led", "status_led", "D13", ("active_high",)),
)
