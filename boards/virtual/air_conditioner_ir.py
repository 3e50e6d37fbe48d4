"""Wiring of an air conditioner that is steered by infrared on the virtual board. Literals only."""

# role, driver, pin, option
ROLES = (
    ("unit_power", "current_sensor", "A0", ("W", 0, 10000, 230)),
    ("room_temperature", "sht3x", "D16/D17", ("temperature",)),
    ("room_humidity", "sht3x", "D16/D17", ("humidity",)),
    ("service_button", "door_switch", "D0", ("active_low", 50)),
    ("remote", "ir_ac", "P0", ("gree",)),
    ("status_led", "status_led", "D8", ("active_high",)),
)
