"""What only the owner may ask of a device, that is somebody who has its key: its Wi-Fi networks. Ours.

Remote-access messages like those in messages.py, but taken on the sealed channel only.
"""

NETWORK_QUERY = 0x40
NETWORK_STATE = 0x41
NETWORK_CHANGE = 0x42
NETWORK_CHANGED = 0x43

# id, name, sender, source
MESSAGES = (
    (0x40, "network_query", "controller", "OURS"),
    (0x41, "network_state", "device", "OURS"),
    (0x42, "network_change", "controller", "OURS"),
    (0x43, "network_changed", "device", "OURS"),
)

# Layout rows: name, format, count, source
NETWORK_QUERY_BODY = ()
NETWORK_STATE_BODY = (
    ("wanted", "S", None, "OURS name of the network that it was last told of; none: no Wi-Fi"),
    ("joined", "S", None, "OURS name of the network that it is in; none: it is in none"),
)
NETWORK_CHANGE_BODY = (
    ("ssid", "S", None, "OURS 1 to 32 bytes"),
    ("iv", "16s", None, "OURS new for each message"),
    ("password", "64s", None, "OURS AES-256-CBC; 0 to 64 bytes of UTF-8, then zeros"),
)
NETWORK_CHANGED_BODY = (("result", ">B", None, "OURS see RESULTS"),)
SSID_SIZE = 32
PASSWORD_SIZE = 64
LEAST_PASSWORD = 8

# number, name, source
RESULTS = (
    (0, "accepted", "OURS tried at once, and then in turn with the one that it is in"),
    (1, "no_wifi", "OURS it has none, or the system of its computer looks after it"),
    (2, "bad_value", "OURS no name and password that a network can have"),
    (3, "not_kept", "OURS it could not be written down; nothing has changed"),
)
ACCEPTED = 0
NO_WIFI = 1
BAD_VALUE = 2
NOT_KEPT = 3
