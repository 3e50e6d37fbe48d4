"""The RUMP message: a fixed header, then the body. Only the message kinds are published."""

VERSION = 1

# name, format, count, source
HEADER = (
    ("version", ">B", None, "OURS R midea M-Smart frame version"),
    ("message", ">B", None, "OURS I Table 3 exists; the values are in messages.py"),
    ("sequence", ">H", None, "OURS R echonet TID"),
    ("device_id", "12s", None, "OURS I Table 1 exists"),
    ("body_length", ">H", None, "OURS R haier length"),
)
HEADER_SIZE = 18

# Parts of the 12-byte device ID. unit is the last six bytes of the UUID made at provisioning.
DEVICE_ID = (
    ("device_type", ">H", None, "OURS S 7.4 title"),
    ("vendor", ">H", None, "OURS"),
    ("model", ">H", None, "OURS"),
    ("unit", "6s", None, "OURS"),
)
DEVICE_ID_SIZE = 12

# value, name, source. The order is that of clauses 7.7 to 7.10.
DEVICE_TYPES = (
    (1, "water_heater", "OURS S 7.7"),
    (2, "air_conditioner", "OURS S 7.8"),
    (3, "refrigerator", "OURS S 7.9"),
    (4, "microwave_oven", "OURS S 7.10"),
)

# A body longer than this is refused before any of it is looked at: twice the longest that the
# tables can produce, so that a later schema revision still fits.
MAX_BODY = 256
# Fields in one control: more than any appliance has that can be written.
MAX_FIELDS = 40
