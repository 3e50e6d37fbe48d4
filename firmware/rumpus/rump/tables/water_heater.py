"""Water heater. Source marks and columns: see tables/__init__.py."""

NAME = "water_heater"
DEVICE_TYPE = 1
REVISION = 1

# id, name, format, access, low, high, step, scale, unit, choices, source
FIELDS = (
    (0x10, "power", ">B", "rwn!", 0, 1, 1, 1, "bool", None, "OURS R midea E2"),
    (0x11, "target_temperature", ">h", "rwn!", 300, 750, 10, 10, "degC", None, "OURS R tuya rs"),
    (
        0x12, "mode", ">B", "rwn!", 0, 7, 1, 1, "enum",
        ("manual", "auto", "smart", "comfort", "eco", "boost", "night", "vacation"), "OURS R tuya rs, matter",
    ),
    (0x13, "tank_scope", ">B", "rwn", 1, 2, 1, 1, "enum", ((1, "half"), (2, "whole")), "OURS R midea E2"),
    (0x14, "heating_power_limit", ">H", "rwn", 500, 5000, 100, 1, "W", None, "OURS R tuya rs"),
    (0x15, "disinfection", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R tuya rs"),
    (0x18, "reservation_1_on", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R midea app"),
    (0x19, "reservation_1_temperature", ">h", "rwn", 300, 750, 10, 10, "degC", None, "OURS R midea app"),
    (0x1A, "reservation_1_hour", ">B", "rwn", 0, 23, 1, 1, "h", None, "OURS R midea app"),
    (0x1B, "reservation_1_minute", ">B", "rwn", 0, 59, 1, 1, "min", None, "OURS R midea app"),
    (0x1C, "reservation_1_weekdays", ">B", "rwn", 0, 127, 1, 1, "bitmap", None, "OURS R midea app, bit 0 = Monday"),
    (0x20, "reservation_2_on", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R midea app"),
    (0x21, "reservation_2_temperature", ">h", "rwn", 300, 750, 10, 10, "degC", None, "OURS R midea app"),
    (0x22, "reservation_2_hour", ">B", "rwn", 0, 23, 1, 1, "h", None, "OURS R midea app"),
    (0x23, "reservation_2_minute", ">B", "rwn", 0, 59, 1, 1, "min", None, "OURS R midea app"),
    (0x24, "reservation_2_weekdays", ">B", "rwn", 0, 127, 1, 1, "bitmap", None, "OURS R midea app, bit 0 = Monday"),
    (0x28, "reservation_3_on", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R midea app"),
    (0x29, "reservation_3_temperature", ">h", "rwn", 300, 750, 10, 10, "degC", None, "OURS R midea app"),
    (0x2A, "reservation_3_hour", ">B", "rwn", 0, 23, 1, 1, "h", None, "OURS R midea app"),
    (0x2B, "reservation_3_minute", ">B", "rwn", 0, 59, 1, 1, "min", None, "OURS R midea app"),
    (0x2C, "reservation_3_weekdays", ">B", "rwn", 0, 127, 1, 1, "bitmap", None, "OURS R midea app, bit 0 = Monday"),
    (
        0x40, "work_state", ">B", "rn!", 0, 4, 1, 1, "enum",
        ("off", "standby", "heating", "keep_warm", "fault"), "OURS R midea E2, echonet B2",
    ),
    (0x41, "current_temperature", ">h", "rn!", -400, 1500, 1, 10, "degC", None, "OURS R echonet C1"),
    (0x42, "hot_water", ">B", "rn", 0, 100, 1, 1, "percent", None, "OURS R matter"),
    (0x43, "flow", ">B", "rn", 0, 254, 1, 10, "L/min", None, "OURS R midea app"),
    (0x44, "heating_time_left", ">H", "rn", 0, 65534, 1, 1, "min", None, "OURS R midea E2"),
    (0x45, "heating_power", ">H", "rn", 0, 65534, 1, 1, "W", None, "OURS R midea E2"),
    (0x46, "energy_total", ">I", "r", 0, 0xFFFFFFFE, 1, 1, "Wh", None, "OURS R echonet 85"),
)

# bit, name, severity, source
ALARMS = (
    (0, "leakage_current", "stop", "R midea E1"),
    (1, "dry_heating", "stop", "R midea E2"),
    (2, "over_temperature", "stop", "R midea E3"),
    (3, "temperature_sensor", "stop", "R midea E4"),
    (4, "no_hot_water", "warn", "OURS R echonet C2"),
    (5, "water_leak", "stop", "OURS R echonet C2"),
    (6, "freezing", "warn", "OURS R echonet C2"),
    (7, "heating_element", "stop", "OURS"),
    (8, "internal_communication", "stop", "OURS"),
    (9, "maintenance_due", "notice", "OURS"),
    (10, "eeprom", "warn", "OURS R haier hOn"),
)
