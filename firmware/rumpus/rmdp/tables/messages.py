"""RMDP message types. Four names and two operations are published; the codes are ours."""

# code, name, source
MESSAGE_TYPES = (
    (0x0101, "NODE_ADVERTISEMENT", "OURS S 4 names it"),
    (0x0111, "NODE_DISCOVERY_REQUEST", "OURS S 4 names it"),
    (0x0112, "NODE_DISCOVERY_RESPONSE", "OURS S 4 names it"),
    (0x0121, "OBJECT_ADVERTISEMENT", "OURS S 4 names it"),
    (0x0211, "SEND_MESSAGE", "OURS P 17811-3 contents name the operation"),
    (0x0212, "SEND_MESSAGE_ACK", "OURS"),
    (0x0221, "SEND_EVENT", "OURS P 17811-3 contents name the operation"),
)
NODE_ADVERTISEMENT = 0x0101
NODE_DISCOVERY_REQUEST = 0x0111
NODE_DISCOVERY_RESPONSE = 0x0112
OBJECT_ADVERTISEMENT = 0x0121
SEND_MESSAGE = 0x0211
SEND_MESSAGE_ACK = 0x0212
SEND_EVENT = 0x0221
