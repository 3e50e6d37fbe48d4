"""Wiring of an air conditioner that is steered by infrared on the board Raspberry Pi Pico W. Literals only.

Wired instead of air_conditioner.py: `--file` of rumpus flash. Protocol: the option of `remote`.
"""

# role, driver, pin, option
ROLES = (
    ("unit_power", "current_sensor", "GP26", ("W", 0, 10000, 230)),
    ("room_temperature", "sht3x", "GP20/GP21", ("temperature",)),
    ("room_humidity", "sht3x", "GP20/GP21", ("humidity",)),
    ("service_button", "door_switch", "GP22", ("active_low", 50)),
    ("remote", "ir_ac", "GP15", ("gree",)),
    ("status_led", "status_led", "GP14", ("active_high",)),
)
