"""Wiring of a water heater on the board Espressif ESP32-C3-DevKitM-1. Literals only."""

# role, driver, pin, option
ROLES = (
    ("leakage_current", "current_sensor", "IO3", ("0.1mA", 0, 1000)),
    ("tank_temperature", "ntc", "IO0", (10000, 3950, 15000)),
    ("upper_temperature", "ntc", "IO1", (10000, 3950, 15000)),
    ("leak_switch", "door_switch", "IO10", ("active_high", 50)),
    ("main_relay", "relay", "IO7", ("active_high",)),
    ("element_upper", "relay", "IO6", ("active_high",)),
    ("element_ssr", "ssr", "IO5", ("active_high", 2000)),
)
