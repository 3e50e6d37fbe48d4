"""Fields that every appliance has; they come first in every type's table."""

# id, name, format, access, low, high, step, scale, unit, choices, source
FIELDS = (
    (0x01, "event_sequence", ">I", "r!", 0, 0xFFFFFFFE, 1, 1, "count", None, "OURS newest alarm event"),
    (0x02, "alarms", ">I", "rn!", 0, 0xFFFFFFFE, 1, 1, "bitmap", None, "OURS active alarm bits"),
    (0x03, "child_lock", ">B", "rwn!", 0, 1, 1, 1, "bool", None, "OURS R tuya"),
    (0x04, "identify", ">B", "w!", 0, 60, 1, 1, "s", None, "OURS R matter"),
    (0x05, "clock_day", ">H", "rw!", 0, 65534, 1, 1, "day", None, "OURS days since 2000-01-01 UTC"),
    (0x06, "clock_second", ">I", "rw!", 0, 86399, 1, 1, "s", None, "OURS second of that day UTC"),
    (0x07, "utc_offset", ">h", "rw!", -720, 840, 15, 1, "min", None, "OURS"),
)
