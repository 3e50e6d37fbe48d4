"""Wiring of a water heater with thermometers on 1-Wire on the virtual board. Literals only."""

# role, driver, pin, option
ROLES = (
    ("tank_temperature", "ds18b20", "D4", ()),
    ("upper_temperature", "ds18b20", "D5", ()),
    ("inlet_temperature", "aht20", "D16/D17", ("temperature",)),
    ("leak_switch", "door_switch", "D0", ("active_high", 50)),
    ("main_relay", "relay", "D8", ("active_high",)),
    ("element", "relay", "D9", ("active_high",)),
)
