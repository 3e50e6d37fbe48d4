"""The slot record: four letters. entry/main.py, which no update replaces, has them too."""

SLOTS = "ab"
FIRMWARE = "Firmware"  # the FileType of bundles
MANIFEST = "manifest"  # a file of this name says that the slot is whole
RECORD = "slot"
STARTS = 3  # that a version on trial has, and that the update mode has

# A version that is committed, or committed and staged, with starts left is one in update mode.
COMMITTED = "c"
STAGED = "s"
TRIAL = "t"
# letter, name, source
SLOT_STATES = (
    ("c", "committed", "OURS"),
    ("s", "staged", "OURS"),  # committed, and the other slot holds an update that was not applied yet
    ("t", "trial", "OURS"),
)

NO_REASON = "-"
FAILED_STARTS = "f"
ORDERED = "o"
# letter, name, source
LEAVE_REASONS = (
    ("-", "none", "OURS"),
    ("f", "failed_starts", "OURS"),
    ("o", "ordered", "OURS"),
)
