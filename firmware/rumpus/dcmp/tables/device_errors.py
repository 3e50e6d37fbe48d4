"""Our device-specific errors, for people and tools; a device loads the codes from results_ours.py."""

# code, name, class, source. The range is D33's; up to 0x1008 the last digit is RUMP's result.
DEVICE_ERRORS = (
    (0x1001, "unknown_device", "device", "OURS"),
    (0x1002, "unknown_field", "device", "OURS"),
    (0x1003, "out_of_range", "device", "OURS"),
    (0x1004, "wrong_state", "device", "OURS"),
    (0x1005, "unsupported", "device", "OURS"),
    (0x1006, "device_busy", "device", "OURS"),
    (0x1007, "not_bound", "device", "OURS"),
    (0x1008, "bad_frame", "device", "OURS"),
    (0x1010, "unknown_function", "device", "OURS"),
    (0x1011, "unknown_event", "device", "OURS"),
    (0x1012, "unknown_service", "device", "OURS"),
    (0x1020, "wrong_board", "device", "OURS"),  # of an update: made for another board
    (0x1021, "wrong_type", "device", "OURS"),
    (0x1022, "below_floor", "device", "OURS"),
    (0x1023, "bad_signature", "device", "OURS"),
    (0x1024, "taking_update", "device", "OURS"),  # it is in update mode and does nothing else
    (0x1025, "in_use", "device", "OURS"),  # a restart would spoil what somebody waits for there
)
