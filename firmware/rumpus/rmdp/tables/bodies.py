"""RMDP bodies; SEND_MESSAGE and SEND_EVENT carry one DCMP message."""

# name, format, count, source
NODE_ADVERTISEMENT_BODY = (
    ("AdType", "C16", None, "OURS"),  # as DCMP T7
    ("NodeID", "16s", None, "OURS"),
    ("numofaddress", ">H", None, "OURS"),
    (
        "Address",
        (("AddrType", ">H", None, "OURS"), ("Port", ">H", None, "OURS"), ("Addr", "16s", None, "OURS")),  # left-aligned
        "numofaddress", "OURS",
    ),
)
NODE_ADVERTISEMENT_BODY_SIZE = 34
NODE_DISCOVERY_REQUEST_BODY = (("NodeID", "16s", None, "OURS"),)  # all 0xFF = any
NODE_DISCOVERY_REQUEST_BODY_SIZE = 16
NODE_DISCOVERY_RESPONSE_BODY = (
    ("Result", ">H", None, "OURS"),
    ("NodeID", "16s", None, "OURS"),
    ("numofaddress", ">H", None, "OURS"),
    (
        "Address",
        (("AddrType", ">H", None, "OURS"), ("Port", ">H", None, "OURS"), ("Addr", "16s", None, "OURS")),  # left-aligned
        "numofaddress", "OURS",
    ),
)
NODE_DISCOVERY_RESPONSE_BODY_SIZE = 20
OBJECT_ADVERTISEMENT_BODY = (
    ("AdType", "C16", None, "OURS"),  # as DCMP T7
    ("NodeID", "16s", None, "OURS"),
    ("numofobject", ">H", None, "OURS"),
    ("DeviceID", "16s", "numofobject", "OURS"),
)
OBJECT_ADVERTISEMENT_BODY_SIZE = 34
SEND_MESSAGE_ACK_BODY = (("Result", ">H", None, "OURS"),)  # 0, or a message error of DCMP's Table 3
SEND_MESSAGE_ACK_BODY_SIZE = 2

# value, name, source
ADDRESS_TYPES = (
    (0x0004, "ipv4", "OURS"),
    (0x0006, "ipv6", "OURS"),
    (0x0100, "serial", "OURS"),
)

# message, field, keywords, source
KEYWORDS = (
    (0x0101, "AdType", ("Start", "End"), "OURS"),  # as DCMP T7
    (0x0121, "AdType", ("Start", "End"), "OURS"),  # as DCMP T7
)
