"""Hello: who is at the other end of a carrier; and the local reset. Ours: remote access is not public."""

VERSION = 1
DEVICE_HELLO = 0x01
CONTROLLER_HELLO = 0x02
# In the place of a hello: the device is there, but no appliance for the time being.
DEVICE_NOT_NOW = 0x03
# Only over a local link, that is the cable: whoever holds it stands at the device.
LOCAL_RESET = 0x30
LOCAL_RESET_ANSWER = 0x31

# id, name, sender, source
MESSAGES = (
    (0x01, "device_hello", "device", "OURS"),
    (0x02, "controller_hello", "controller", "OURS"),
    (0x03, "device_not_now", "device", "OURS"),
    (0x30, "local_reset", "controller", "OURS"),
    (0x31, "local_reset_answer", "device", "OURS"),
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
    (
        "answers",
        ">B",
        None,
        "OURS 1: answers a controller's hello; 0: said unasked, at a start or a connection",
    ),
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

DEVICE_NOT_NOW_BODY = (("reason", ">B", None, "OURS 1: it is taking an update"),)
TAKING_UPDATE = 1

# Let go of the latched faults whose cause is gone. A device that is asked over a network refuses.
LOCAL_RESET_BODY = ()
LOCAL_RESET_ANSWER_BODY = (
    ("result", ">B", None, "OURS 0: done; 1: refused, this carrier is not local"),
    ("latched", ">I", None, "OURS alarm bits that stay latched, because their cause is there"),
)
RESET_DONE = 0
RESET_NOT_LOCAL = 1
