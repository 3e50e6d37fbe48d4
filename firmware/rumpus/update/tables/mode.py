"""The update mode: a start in which a device does nothing but take an update. All OURS."""

MODE_PROGRAM = "update_mode/__init__.mpy"  # in a slot that has the mode
MODE_NAME = "update_mode"  # the FileName that APPLY Execute asks for it by

# With less heap free than this, in bytes, a device that runs its appliance cannot take a bundle in as well.
MODE_NEEDED_BELOW = 73728

# Bytes in one piece that are kept for the long numbers of the signature.
MODE_SPARE = 6144

# What the property update_mode says; no property: no mode.
AVAILABLE = "available"  # an update is taken without it
NEEDED = "needed"  # memory does not suffice without it
ACTIVE = "active"

# The mode ends when nothing of a bundle has come, and nothing was applied, for so long; and after so long at all.
MODE_IDLE_MS = 300000
MODE_LONGEST_MS = 3600000
