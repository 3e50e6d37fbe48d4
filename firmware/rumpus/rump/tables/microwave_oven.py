"""Microwave oven. Source marks and columns: see tables/__init__.py."""

NAME = "microwave_oven"
DEVICE_TYPE = 4
REVISION = 1

# id, name, format, access, low, high, step, scale, unit, choices, source
FIELDS = (
    (
        0x10, "operation", ">B", "w!", 1, 3, 1, 1, "enum",
        ((1, "start"), (2, "pause"), (3, "stop")), "OURS R echonet B2, matter; start also resumes",
    ),
    (
        0x11, "cook_mode", ">B", "rwn!", 0, 6, 1, 1, "enum",
        ("microwave", "defrost", "grill", "convection", "combi", "steam", "auto_menu"), "OURS R echonet E0, matter",
    ),
    (0x12, "power_level", ">B", "rwn!", 10, 100, 10, 1, "percent", None, "OURS R matter"),
    (0x13, "cook_time", ">I", "rwn!", 1, 5999, 1, 1, "s", None, "OURS R matter, capped at 99:59"),
    (0x14, "add_time", ">H", "w!", 1, 5999, 1, 1, "s", None, "OURS R matter"),
    (0x15, "menu_number", ">B", "rwn", 0, 20, 1, 1, "count", None, "OURS R miot, 0 = none"),
    (0x16, "weight", ">H", "rwn", 100, 1800, 50, 1, "g", None, "OURS R miot"),
    (0x17, "chamber_target", ">h", "rwn", 400, 2500, 50, 10, "degC", None, "OURS R echonet E3, convection only"),
    (0x18, "delay_start", ">H", "rwn!", 0, 1440, 1, 1, "min", None, "OURS R miot, midea B0"),
    (0x19, "light", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R miot"),
    (0x1A, "beep", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R miot"),
    (
        0x40, "work_state", ">B", "rn!", 1, 8, 1, 1, "enum",
        (
            (1, "standby"), (2, "idle"), (3, "running"), (4, "finished"),
            (5, "delayed"), (6, "paused"), (7, "preheating"), (8, "fault"),
        ), "OURS R midea B0",
    ),
    (0x41, "time_left", ">I", "rn!", 0, 86400, 1, 1, "s", None, "OURS R midea B0"),
    (0x42, "stage", ">B", "rn", 1, 5, 1, 1, "count", None, "OURS R miot"),
    (0x43, "door_open", ">B", "rn!", 0, 1, 1, 1, "bool", None, "OURS R midea B0, echonet B0"),
    (0x44, "chamber_temp", ">h", "rn", -400, 4000, 1, 10, "degC", None, "OURS R midea B0"),
    (0x45, "remote_enabled", ">B", "rn!", 0, 1, 1, 1, "bool", None, "OURS R miot, echonet 93"),
)

# bit, name, severity, source
ALARMS = (
    (0, "door_latch", "stop", "OURS R service manual, miot"),
    (1, "temperature_sensor_open", "stop", "OURS R service manual, miot"),
    (2, "temperature_sensor_short", "stop", "OURS R service manual, miot"),
    (3, "over_temperature", "stop", "OURS R miot"),
    (4, "magnetron", "stop", "OURS R miot"),
    (5, "internal_communication", "stop", "OURS R miot"),
    (6, "fan", "stop", "OURS"),
    (7, "gas_sensor", "warn", "OURS R service manual"),
    (8, "keypad", "warn", "OURS"),
    (9, "water_shortage", "warn", "OURS R midea B0"),
    (10, "tank_out", "warn", "OURS R midea B0"),
    (11, "cooking_finished", "notice", "OURS R miot"),
    (12, "eeprom", "warn", "OURS R haier hOn"),
)
