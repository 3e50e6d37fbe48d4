"""Our use of the user-defined range, and what Table 2 leaves open about delivery and addressing."""

FILE_DATA = 0x8001
FILE_DATA_ACK = 0x8002

# What RMDP is asked for. code, delivery (event: SEND_EVENT; plain: SEND_MESSAGE without acknowledgement),
# source. All others: SEND_MESSAGE with acknowledgement, and whatever is broadcast: SEND_EVENT.
DELIVERIES = (
    (0x1121, "event", "OURS"),
    (0x2FF1, "event", "OURS"),
    (0x8001, "plain", "OURS"),  # the window resends
    (0x8002, "plain", "OURS"),  # the window resends
)

# May come without our ID as destination: code, when broadcast (0, 1), when the ID is unknown (0, 1), source.
# Nothing that changes the device may: a control names its device.
OPEN_TO = (
    (0x1111, 1, 1, "OURS"),  # D42 D49
    (0x1121, 1, 0, "OURS"),  # D42 D49
    (0x2011, 0, 1, "OURS"),  # D42 D49
    (0x2FF1, 1, 0, "OURS"),  # D42 D49
    (0x3111, 0, 1, "OURS"),  # D42 D49 the device knows the server's address before its ID
)
