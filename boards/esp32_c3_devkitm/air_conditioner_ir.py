"""Wiring of an air conditioner that is steered by infrared on the board Espressif ESP32-C3-DevKitM-1. Literals only.

Wired instead of air_conditioner.py: `--file` of rumpus flash. Protocol: the option of `remote`.
"""

# role, driver, pin, option
ROLES = (
    ("unit_power", "current_sensor", "IO3", ("W", 0, 10000, 230)),
    ("room_temperature", "sht3x", "IO1/IO0", ("temperature",)),
    ("room_humidity", "sht3x", "IO1/IO0", ("humidity",)),
    ("service_button", "door_switch", "IO10", ("active_low", 50)),
    ("remote", "ir_ac", "IO4", ("gree",)),
    ("status_led", "status_led", "IO7", ("active_high",)),
)
