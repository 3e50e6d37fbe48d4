"""Hello: who is at the other end of a carrier. Ours; the remote-access layer is not public."""

VERSION = 1
DEVICE_HELLO = 0x01
CONTROLLER_HELLO = 0x02

# id, name, sender, source
MESSAGES = (
    (0x01, "device_hello", "device", "OURS"),
    (0x02, "controller_hello", "controller", "OURS"),
)

# Layout rows: name, format, count, source
HEADER = (
    ("version", ">B", None, "OURS"),
    ("message", ">B", None, "OURS"),
)
HEADER_SIZE = 2

DEVICE_HELLO_BODY = (
    ("device_id", "12s", None, "OURS RUMP device ID"),
    ("uuid", "16s", None, "OURS the one identity; also the DCMP device ID"),
    ("answers", ">B", None, "OURS 1: answers a controller's hello; 0: said unasked, at a start or a connection"),
    ("revision", ">B", None, "OURS schema revision of the field table"),
    ("boot_count", ">H", None, "OURS"),
    ("event_sequence", ">I", None, "OURS newest alarm event"),
    ("oldest_event", ">I", None, "OURS oldest alarm event still kept, 0 = none"),
    ("firmware", "S", None, "OURS"),
    ("hardware", "S", None, "OURS"),
    ("vendor", "S", None, "OURS"),
    ("model", "S", None, "OURS"),
)

CONTROLLER_HELLO_BODY = (
    ("last_event", ">I", None, "OURS newest alarm event known; the device sends what follows"),
    ("name", "S", None, "OURS software and version"),
)
# last_event of a controller that wants no history.
ONLY_NEW = 0xFFFFFFFF
