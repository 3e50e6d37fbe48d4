"""Results and reasons: what became of a control, and why."""

OK = 0
UNKNOWN_DEVICE = 1
UNKNOWN_FIELD = 2
OUT_OF_RANGE = 3
WRONG_STATE = 4
UNSUPPORTED = 5
BUSY = 6
NOT_BOUND = 7
BAD_FRAME = 8

# value, name, source
RESULTS = (
    (0, "ok", "OURS R midea"),
    (1, "unknown_device", "OURS"),
    (2, "unknown_field", "OURS R echonet 5x"),
    (3, "out_of_range", "OURS R matter"),
    (4, "wrong_state", "OURS R matter"),
    (5, "unsupported", "OURS R matter"),
    (6, "busy", "OURS R matter"),
    (7, "not_bound", "OURS I 5-8 binding"),
    (8, "bad_frame", "OURS"),
)

# value, name, the result that goes with it, source
REASONS = (
    (0, "none", 0, "OURS"),
    (1, "no_such_field", 2, "OURS"),
    (2, "not_fitted", 5, "OURS this device has no such part"),
    (3, "read_only", 5, "OURS"),
    (4, "wrong_size", 8, "OURS"),
    (5, "below_range", 3, "OURS"),
    (6, "above_range", 3, "OURS"),
    (7, "not_a_step", 3, "OURS"),
    (8, "field_twice", 8, "OURS"),
    (9, "truncated", 8, "OURS"),
    (10, "door_open", 4, "OURS R matter"),
    (11, "remote_disabled", 4, "OURS R echonet 93"),
    (12, "fault", 4, "OURS"),
    (13, "busy", 6, "OURS"),
    (14, "minimum_off_time", 6, "OURS"),
    (15, "child_lock", 4, "OURS"),
    (16, "powered_off", 4, "OURS"),
    (17, "not_running", 4, "OURS R matter"),
    (18, "not_paused", 4, "OURS"),
    (19, "nothing_to_cook", 4, "OURS cook time, menu or stage missing"),
    (20, "wrong_mode", 4, "OURS the field means nothing in this mode"),
    (21, "not_for_this_device", 1, "OURS"),
    (22, "too_many_fields", 8, "OURS"),
    (23, "surplus_bytes", 8, "OURS"),
)
