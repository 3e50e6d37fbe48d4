"""Our device-specific errors, and which published code answers which fault of a message."""

# A refused control: this plus RUMP's result, so that both protocols give one answer.
DEVICE_ERROR = 0x1000
UNKNOWN_DEVICE = 0x1001
DEVICE_BUSY = 0x1006
NOT_BOUND = 0x1007
UNKNOWN_FUNCTION = 0x1010
UNKNOWN_EVENT = 0x1011
UNKNOWN_SERVICE = 0x1012
WRONG_BOARD = 0x1020
WRONG_TYPE = 0x1021
BELOW_FLOOR = 0x1022
BAD_SIGNATURE = 0x1023
TAKING_UPDATE = 0x1024
IN_USE = 0x1025

# token of message.check(), the Result to emit (0: dropped and counted), source
FAULTS = (
    ("no_header", 0, "OURS"),  # D48 nobody to answer
    ("not_for_us", 0, "OURS"),  # 0104 is for gateways
    ("truncated", 0x0102, "OURS"),
    ("version", 0x0101, "OURS"),
    ("length", 0x0102, "OURS"),
    ("payload_cut", 0x0202, "OURS"),
    ("surplus_bytes", 0x0203, "OURS"),
    ("source", 0x0103, "OURS"),  # D42
    ("transaction", 0x0106, "OURS"),  # D24
    ("payload_type", 0x0204, "OURS"),  # D41 D47
    ("encoding", 0x0204, "OURS"),  # D40 D47
    ("unknown_message", 0x0105, "OURS"),  # D48 in a family that has a response
    ("destination", 0x0104, "OURS"),  # D49 to all, or to nobody by name, what must name its device
)

# The Result for a request that a device does not do, or not for this requester. All others: header_op_code.
# message, when not done, when not permitted, source
NOT_DONE = (
    (0x2111, 0x0105, 0x1007, "OURS"),
    (0x2211, 0x0B01, 0x0B04, "OURS"),
    (0x2221, 0x0B01, 0x0B04, "OURS"),
    (0x2231, 0x0B01, 0x0B04, "OURS"),
    (0x2311, 0x0C02, 0x0B04, "OURS"),
    (0x2F11, 0x0105, 0x1007, "OURS"),
)
