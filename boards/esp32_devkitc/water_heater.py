"""Wiring of a water heater on the board Espressif ESP32-DevKitC V4. Literals only."""

# role, driver, pin, option
ROLES = (
    ("leakage_current", "current_sensor", "IO36", ("0.1mA", 0, 1000)),
    ("tank_temperature", "ntc", "IO34", (10000, 3950, 15000)),
    ("upper_temperature", "ntc", "IO35", (10000, 3950, 15000)),
    ("inlet_temperature", "ntc", "IO32", (10000, 3950, 15000)),
    ("element_current", "current_sensor", "IO33", ("mA", 0, 30000)),
    ("flow_meter", "flow_meter", "IO25", ("pulses", 450)),
    ("leak_switch", "door_switch", "IO26", ("active_high", 50)),
    ("main_relay", "relay", "IO23", ("active_high",)),
    ("element_upper", "relay", "IO22", ("active_high",)),
    ("element_ssr", "ssr", "IO21", ("active_high", 2000)),
    ("service_button", "door_switch", "IO27", ("active_low", 50)),
    ("status_led", "status_led", "IO19", ("active_high",)),
)
