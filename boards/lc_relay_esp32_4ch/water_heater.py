"""Wiring of a water heater on the board LC-Relay ESP32, four relays (ESP32_Relay_AC X4). Literals only."""

# role, driver, pin, option
ROLES = (
    ("leakage_current", "current_sensor", "IO36", ("0.1mA", 0, 1000)),
    ("element_current", "current_sensor", "IO39", ("mA", 0, 30000)),
    ("tank_temperature", "ntc", "IO34", (10000, 3950, 15000)),
    ("upper_temperature", "ntc", "IO35", (10000, 3950, 15000)),
    ("flow_meter", "flow_meter", "IO27", ("pulses", 450)),
    ("leak_switch", "door_switch", "IO13", ("active_high", 50)),
    ("main_relay", "relay", "IO32", ("active_high",)),
    ("element", "relay", "IO33", ("active_high",)),
    ("element_upper", "relay", "IO25", ("active_high",)),
    ("status_led", "status_led", "IO23", ("active_high",)),
)
