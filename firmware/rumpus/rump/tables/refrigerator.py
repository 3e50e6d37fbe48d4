"""Refrigerator. Source marks and columns: see tables/__init__.py."""

NAME = "refrigerator"
DEVICE_TYPE = 3
REVISION = 1

# id, name, format, access, low, high, step, scale, unit, choices, source
FIELDS = (
    (0x10, "fridge_set", ">h", "rwn!", 20, 80, 10, 10, "degC", None, "OURS R midea CA"),
    (0x11, "freezer_set", ">h", "rwn!", -240, -160, 10, 10, "degC", None, "OURS R midea CA"),
    (0x12, "variable_set", ">h", "rwn", -240, 100, 10, 10, "degC", None, "OURS R midea CA"),
    (0x13, "fridge_on", ">B", "rwn!", 0, 1, 1, 1, "bool", None, "OURS R tuya bx"),
    (0x14, "freezer_on", ">B", "rwn!", 0, 1, 1, 1, "bool", None, "OURS R tuya bx"),
    (0x15, "variable_on", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R tuya bx"),
    (
        0x16, "mode", ">B", "rwn!", 0, 3, 1, 1, "enum",
        ("manual", "smart", "eco", "holiday"), "OURS R tuya bx",
    ),
    (0x17, "rapid_cool", ">B", "rwn!", 0, 1, 1, 1, "bool", None, "OURS R matter, ocf, echonet A1"),
    (0x18, "rapid_freeze", ">B", "rwn!", 0, 1, 1, 1, "bool", None, "OURS R matter, ocf, echonet A0"),
    (0x19, "ice_maker", ">B", "rwn", 0, 2, 1, 1, "enum", ("off", "on", "full"), "OURS R ocf, full is status only"),
    (0x1A, "deodorise", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R echonet AD"),
    (0x1B, "defrost_now", ">B", "w!", 0, 1, 1, 1, "bool", None, "OURS R ocf"),
    (0x40, "fridge_temp", ">h", "rn!", -500, 500, 1, 10, "degC", None, "OURS R midea CA, echonet D1"),
    (0x41, "freezer_temp", ">h", "rn!", -500, 500, 1, 10, "degC", None, "OURS R midea CA, echonet D2"),
    (0x42, "variable_temp", ">h", "rn", -500, 500, 1, 10, "degC", None, "OURS R midea CA, echonet D5"),
    (0x43, "ambient_temp", ">h", "rn", -500, 1000, 1, 10, "degC", None, "OURS R midea CA"),
    (0x44, "doors", ">B", "rn!", 0, 15, 1, 1, "bitmap", ("fridge", "freezer", "bar", "variable"), "OURS R midea CA"),
    (0x45, "compressor", ">B", "rn!", 0, 1, 1, 1, "bool", None, "OURS R echonet D8"),
    (0x46, "defrosting", ">B", "rn!", 0, 1, 1, 1, "bool", None, "OURS R ocf"),
    (0x47, "filter_left", ">B", "rn", 0, 100, 1, 1, "percent", None, "OURS R ocf"),
    (0x48, "power_now", ">H", "rn", 0, 65534, 1, 1, "W", None, "OURS R echonet 84"),
    (0x49, "energy_total", ">I", "r", 0, 0xFFFFFFFE, 1, 1, "Wh", None, "OURS R midea CA, echonet 85"),
)

# bit, name, severity, source
ALARMS = (
    (0, "fridge_door", "warn", "R midea CA"),
    (1, "freezer_door", "warn", "R midea CA"),
    (2, "bar_door", "warn", "R midea CA"),
    (3, "variable_door", "warn", "R midea CA"),
    (4, "fridge_sensor", "warn", "OURS R midea"),
    (5, "freezer_sensor", "warn", "OURS R midea"),
    (6, "variable_sensor", "warn", "OURS R midea"),
    (7, "defrost_sensor", "warn", "OURS R midea"),
    (8, "ambient_sensor", "warn", "OURS R midea"),
    (9, "freezer_over_temperature", "warn", "OURS R midea"),
    (10, "fan", "warn", "OURS"),
    (11, "compressor_failure", "stop", "OURS"),
    (12, "defrost_system", "warn", "OURS R midea"),
    (13, "internal_communication", "warn", "OURS"),
    (14, "ice_maker", "warn", "OURS R echonet A6"),
    (15, "eeprom", "warn", "OURS R haier hOn"),
)
