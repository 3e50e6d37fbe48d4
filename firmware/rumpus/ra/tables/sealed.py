"""The sealed channel: packets that only a holder of the device's key can have written. Ours."""

# id, name, sender, source
MESSAGES = (
    (0x00, "open", "controller", "OURS"),
    (0x01, "opened", "device", "OURS"),
    (0x02, "sealed", "both", "OURS"),
)
OPEN = 0x00
OPENED = 0x01
SEALED = 0x02

# Layout rows: name, format, count, source
OPEN_BODY = (
    ("kind", ">B", None, "OURS"),
    ("nonce", "16s", None, "OURS the controller's, new for each session"),
)
OPENED_BODY = (
    ("kind", ">B", None, "OURS"),
    ("result", ">B", None, "OURS 0: open; 1: the device has no key, and nonce and proof are zeros"),
    ("nonce", "16s", None, "OURS the device's, new for each session"),
    ("proof", "16s", None, "OURS that the device has the key: a MAC over the UUID and both nonces"),
)
IS_OPEN = 0
NO_KEY = 1

# kind (u8), counter (u32), a packet (channel byte and body), tag.
COUNTER_AT = 1
PACKET_AT = 5
NONCE_SIZE = 16
TAG_SIZE = 16
KEY_SIZE = 32
LAST_COUNTER = 0xFFFFFFFF

# What the keys of a session are made for, each a MAC over these bytes, the UUID and both nonces. All OURS.
PROOF = "rumpus device"  # cut to a tag: what the device shows
TO_DEVICE = "rumpus to device"  # tags of the controller
TO_CONTROLLER = "rumpus to controller"  # tags of the device
SECRET = "rumpus secret"  # what must not be read in a message
