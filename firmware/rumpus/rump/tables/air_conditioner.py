"""Air conditioner. Source marks and columns: see tables/__init__.py."""

NAME = "air_conditioner"
DEVICE_TYPE = 2
REVISION = 1

# id, name, format, access, low, high, step, scale, unit, choices, source
FIELDS = (
    (0x10, "power", ">B", "rwn!", 0, 1, 1, 1, "bool", None, "OURS R midea AC"),
    (
        0x11, "mode", ">B", "rwn!", 0, 4, 1, 1, "enum",
        ("auto", "cool", "dry", "fan", "heat"), "OURS R gree mode values",
    ),
    (0x12, "target_temperature", ">h", "rwn!", 160, 320, 5, 10, "degC", None, "OURS R midea AC, matter"),
    (
        0x13, "fan_speed", ">B", "rwn!", 0, 5, 1, 1, "enum",
        ("auto", "low", "low_mid", "mid", "mid_high", "high"), "OURS R gree fan values",
    ),
    (
        0x14, "swing_vertical", ">B", "rwn", 0, 6, 1, 1, "enum",
        ("fixed", "swing", "position_1", "position_2", "position_3", "position_4", "position_5"), "OURS R gree",
    ),
    (
        0x15, "swing_horizontal", ">B", "rwn", 0, 6, 1, 1, "enum",
        ("fixed", "swing", "position_1", "position_2", "position_3", "position_4", "position_5"), "OURS R gree",
    ),
    (0x16, "target_humidity", ">B", "rwn", 30, 90, 1, 1, "percent", None, "OURS R haier hOn"),
    (0x17, "sleep", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R midea AC"),
    (0x18, "turbo", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R midea AC"),
    (0x19, "quiet", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R haier hOn"),
    (0x1A, "eco", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R midea AC"),
    (0x1B, "aux_heat", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R midea AC"),
    (0x1C, "health", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R haier hOn"),
    (0x1D, "fresh_air", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R haier hOn"),
    (0x1E, "self_clean", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R haier hOn"),
    (0x1F, "display", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R midea AC"),
    (0x20, "beep", ">B", "rwn", 0, 1, 1, 1, "bool", None, "OURS R midea AC"),
    (0x21, "timer_on", ">H", "rwn", 0, 1440, 1, 1, "min", None, "OURS R haier, 0 = none"),
    (0x22, "timer_off", ">H", "rwn", 0, 1440, 1, 1, "min", None, "OURS R haier, 0 = none"),
    (0x40, "indoor_temperature", ">h", "rn!", -400, 1000, 1, 10, "degC", None, "OURS R echonet BB"),
    (0x41, "outdoor_temperature", ">h", "rn", -400, 1000, 1, 10, "degC", None, "OURS R echonet BE"),
    (0x42, "indoor_humidity", ">B", "rn", 0, 100, 1, 1, "percent", None, "OURS R haier hOn"),
    (
        0x43, "special_state", ">B", "rn!", 0, 3, 1, 1, "enum",
        ("normal", "defrost", "preheat", "heat_removal"), "OURS R echonet AA",
    ),
    (0x44, "compressor", ">B", "rn", 0, 1, 1, 1, "bool", None, "OURS R echonet CD"),
    (0x45, "filter_dirty", ">B", "rn", 0, 1, 1, 1, "bool", None, "OURS R midea AC"),
    (0x46, "power_now", ">H", "rn", 0, 65534, 1, 1, "W", None, "OURS R midea C1"),
    (0x47, "energy_total", ">I", "r", 0, 0xFFFFFFFE, 1, 1, "Wh", None, "OURS R echonet 85"),
)

# bit, name, severity, source
ALARMS = (
    (0, "room_sensor", "stop", "OURS R haier hOn, matter"),
    (1, "indoor_coil_sensor", "stop", "OURS R haier hOn, matter"),
    (2, "outdoor_ambient_sensor", "warn", "OURS R haier hOn, matter"),
    (3, "outdoor_coil_sensor", "warn", "OURS R haier hOn, matter"),
    (4, "discharge_sensor", "stop", "OURS R haier hOn"),
    (5, "indoor_outdoor_link", "stop", "OURS R haier hOn"),
    (6, "indoor_fan", "stop", "OURS R haier hOn"),
    (7, "outdoor_fan", "stop", "OURS R haier hOn"),
    (8, "compressor_failure", "stop", "OURS R haier hOn, matter"),
    (9, "over_current", "stop", "OURS R haier hOn"),
    (10, "supply_voltage", "stop", "OURS R haier hOn"),
    (11, "refrigerant_pressure", "stop", "OURS R haier hOn"),
    (12, "freeze_protection", "stop", "OURS R haier hOn"),
    (13, "water_full", "stop", "OURS R haier hOn"),
    (14, "eeprom", "warn", "OURS R haier hOn"),
    (15, "filter_reminder", "notice", "OURS R haier hOn"),
)
