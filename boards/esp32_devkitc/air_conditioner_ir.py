"""Wiring of an air conditioner that is steered by infrared on the board Espressif ESP32-DevKitC V4. Literals only.

Wired instead of air_conditioner.py: `--file` of rumpus flash. Protocol: the option of `remote`.
"""

# role, driver, pin, option
ROLES = (
    ("unit_power", "current_sensor", "IO34", ("W", 0, 10000, 230)),
    ("room_temperature", "sht3x", "IO21/IO22", ("temperature",)),
    ("room_humidity", "sht3x", "IO21/IO22", ("humidity",)),
    ("service_button", "door_switch", "IO27", ("active_low", 50)),
    ("remote", "ir_ac", "IO23", ("gree",)),
    ("status_led", "status_led", "IO19", ("active_high",)),
)
