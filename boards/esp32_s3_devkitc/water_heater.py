"""Wiring of a water heater on the board Espressif ESP32-S3-DevKitC-1. Literals only."""

# role, driver, pin, option
ROLES = (
    ("tank_temperature", "ntc", "IO4", (10000, 3950, 15000)),
    ("upper_temperature", "ntc", "IO5", (10000, 3950, 15000)),
    ("inlet_temperature", "ntc", "IO6", (10000, 3950, 15000)),
    ("element_current", "current_sensor", "IO7", ("mA", 0, 30000)),
    ("flow_meter", "flow_meter", "IO15", ("pulses", 450)),
    ("leak_switch", "door_switch", "IO16", ("active_high", 50)),
    ("leakage_current", "current_sensor", "IO8", ("0.1mA", 0, 1000)),
    ("main_relay", "relay", "IO1", ("active_high",)),
    ("element_upper", "relay", "IO2", ("active_high",)),
    ("element_ssr", "ssr", "IO42", ("active_high", 2000)),
    ("service_button", "door_switch", "IO17", ("active_low", 50)),
    ("status_led", "status_led", "IO41", ("active_high",)),
)
