"""Wiring of a refrigerator on the board MCP2221A USB adapter with Blinka. Literals only."""

# role, driver, pin, option
ROLES = (
    ("fridge_temperature", "ntc", "G1", (10000, 3950, 22000)),
    ("freezer_temperature", "ntc", "G2", (10000, 3950, 100000)),
    ("compressor", "relay", "G0", ("active_high",)),
    ("fan", "relay", "G3", ("active_high",)),
)
