"""Wiring of a water heater with two elements and all sensors on the virtual board. Literals only.

The lower element hangs on a solid-state relay, so that it can obey a power limit; a device with a
mechanical relay wires `element` instead of `element_ssr`.
"""

# role, driver, pin, option
ROLES = (
    ("tank_temperature", "ntc", "A0", (10000, 3950, 10000)),
    ("upper_temperature", "ntc", "A1", (10000, 3950, 10000)),
    ("inlet_temperature", "ntc", "A2", (10000, 3950, 10000)),
    ("element_current", "current_sensor", "A3", ("mA", 0, 30000)),
    ("leakage_current", "current_sensor", "A4", ("0.1mA", 0, 1000)),
    ("flow_meter", "flow_meter", "D0", ("pulses", 450)),
    ("leak_switch", "door_switch", "D1", ("active_high", 50)),
    ("element_ssr", "ssr", "D8", ("active_high", 2000)),
    ("element_upper", "relay", "D9", ("active_high",)),
    ("main_relay", "relay", "D10", ("active_high",)),
)
