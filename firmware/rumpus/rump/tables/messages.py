"""RUMP message identifiers. The kinds, and which need an answer, are published; the values are not."""

CONTROL = 0x01
RESPONSE = 0x81
STATUS_QUERY = 0x02
STATUS_QUERY_RESPONSE = 0x82
VERSION_QUERY = 0x03
VERSION_RESPONSE = 0x83
STATUS = 0x10
ALARM = 0x11

# id, name, sender (controller, device, both), answered by (0 = never), body, source
MESSAGES = (
    (0x01, "control", "controller", 0x81, "control", "OURS S 6.4.2 T4"),
    (0x02, "status_query", "controller", 0x82, "empty", "OURS S 7.11 T17"),
    (0x03, "version_query", "both", 0x83, "empty", "OURS S 6.4.5 T18"),
    (0x10, "status", "device", 0, "status", "OURS S 6.4.3"),
    (0x11, "alarm", "device", 0, "alarm", "OURS S 6.4.4"),
    (0x81, "response", "device", 0, "status", "OURS S 6.4.2 7.6"),
    (0x82, "status_query_response", "device", 0, "status", "OURS I 7.11 has no response table of its own"),
    (0x83, "version_response", "both", 0, "version", "OURS S 7.12 T19"),
)

# Layout rows: name, format, count, source. "S" = length byte and UTF-8 text of that length.
CONTROL_BODY = (
    ("count", ">B", None, "OURS R haier list set"),
    ("field", (("id", ">B", None, "OURS R tuya"), ("value", "B*", None, "OURS R tuya")), "count", "OURS R tuya"),
)
STATUS_BODY = (
    ("result", ">B", None, "OURS R midea"),
    ("field", ">B", None, "OURS the field refused, 0 = none"),
    ("reason", ">B", None, "OURS"),
    ("revision", ">B", None, "OURS schema revision of the field table"),
    ("presence", "B*", None, "OURS length byte and bitmap: bit i of byte i // 8 is row i of the table"),
    # then the values of the present rows, in table order
)
STATUS_FIXED_SIZE = 5
ALARM_BODY = (
    ("boot_count", ">H", None, "OURS"),
    ("sequence", ">I", None, "OURS"),
    ("active", ">I", None, "OURS R midea bitmap"),
    ("latched", ">I", None, "OURS"),
    ("changed", ">I", None, "OURS"),
    ("uptime", ">I", None, "OURS seconds since boot"),
    ("clock_day", ">H", None, "OURS days since 2000-01-01, not available when no clock was set"),
    ("clock_second", ">I", None, "OURS second of that day"),
)
ALARM_BODY_SIZE = 28
VERSION_BODY = (
    ("protocol", "S", None, "OURS R haier version answer"),
    ("firmware", "S", None, "OURS R haier"),
    ("hardware", "S", None, "OURS R haier"),
    ("vendor", "S", None, "OURS R haier"),
    ("model", "S", None, "OURS R haier"),
)
