"""Our messages in the user-defined range, for people and tools; a device loads the codes from messages_ours.py."""

# code, name, kind, response, result, source
MESSAGE_TYPES = (
    (0x8001, "FILE_DATA", "one_way", 0, 0, "OURS"),  # in the user range of S T2
    (0x8002, "FILE_DATA_ACK", "one_way", 0, 0, "OURS"),  # in the user range of S T2
)
