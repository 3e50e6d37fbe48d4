"""Wiring of a water heater on the board MCP2221A USB adapter with Blinka. Literals only."""

# role, driver, pin, option
ROLES = (
    ("tank_temperature", "ntc", "G1", (10000, 3950, 15000)),
    ("leak_switch", "door_switch", "G2", ("active_high", 50)),
    ("main_relay", "relay", "G0", ("active_high",)),
    ("element", "relay", "G3", ("active_high",)),
)
