"""Unit tokens, and the one count per format that means "not available"."""

# token, what a person reads, source
UNITS = (
    ("bool", "", "OURS"),
    ("enum", "", "OURS"),
    ("bitmap", "", "OURS"),
    ("count", "", "OURS"),
    ("degC", "°C", "OURS"),
    ("percent", "%", "OURS"),
    ("W", "W", "OURS"),
    ("Wh", "Wh", "OURS"),
    ("L/min", "L/min", "OURS"),
    ("g", "g", "OURS"),
    ("s", "s", "OURS"),
    ("min", "min", "OURS"),
    ("h", "h", "OURS"),
    ("day", "d", "OURS"),
)

# format, count, source
NOT_AVAILABLE = (
    (">B", 0xFF, "OURS R echonet"),
    (">H", 0xFFFF, "OURS R echonet"),
    (">h", 0x7FFF, "OURS R echonet"),
    (">I", 0xFFFFFFFF, "OURS R echonet"),
)
