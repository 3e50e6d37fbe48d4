"""Units. Annex A is not public: ours, at the top of the range to lessen the risk of a clash."""

# code, unit (a token of rump/tables/units.py where it has one), source
UNIT_TYPES = (
    (0x0000, "none", "OURS"),
    (0xFF01, "degC", "OURS"),
    (0xFF02, "percent", "OURS"),
    (0xFF03, "V", "OURS"),
    (0xFF04, "A", "OURS"),
    (0xFF05, "W", "OURS"),
    (0xFF06, "s", "OURS"),
    (0xFF07, "byte", "OURS"),
    (0xFF08, "dBm", "OURS"),
    (0xFF09, "Wh", "OURS"),
    (0xFF0A, "L/min", "OURS"),
    (0xFF0B, "g", "OURS"),
    (0xFF0C, "min", "OURS"),
    (0xFF0D, "h", "OURS"),
    (0xFF0E, "day", "OURS"),
)
