"""Wiring of a water heater on the board Raspberry Pi Pico W. Literals only."""

# role, driver, pin, option
ROLES = (
    ("leak_switch", "door_switch", "GP19", ("active_high", 50)),
    ("upper_temperature", "ds18b20", "GP20", ()),
    ("flow_meter", "flow_meter", "GP21", ("pulses", 450)),
    ("tank_temperature", "ds18b20", "GP22", ()),
    ("element_current", "current_sensor", "GP26", ("mA", 0, 30000)),
    ("leakage_current", "current_sensor", "GP27", ("0.1mA", 0, 1000)),
    ("inlet_temperature", "ntc", "GP28", (10000, 3950, 15000)),
    ("main_relay", "relay", "GP15", ("active_high",)),
    ("element_upper", "relay", "GP14", ("active_high",)),
    ("element_ssr", "ssr", "GP13", ("active_high", 2000)),
    ("service_button", "door_switch", "GP18", ("active_low", 50)),
    ("status_led", "status_led", "GP12", ("active_high",)),
)
