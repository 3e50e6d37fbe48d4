"""Wiring of a microwave oven on the board Raspberry Pi (40-pin header) with Blinka. Literals only."""

# role, driver, pin, option
ROLES = (
    ("door", "door_switch", "D17", ("active_high", 50)),
    ("door_monitor", "door_switch", "D27", ("active_high", 50)),
    ("remote_button", "door_switch", "D22", ("active_low", 50)),
    ("start_button", "door_switch", "D5", ("active_low", 50)),
    ("stop_button", "door_switch", "D6", ("active_low", 50)),
    ("main_relay", "relay", "D23", ("active_high",)),
    ("magnetron", "relay", "D24", ("active_high",)),
    ("fan", "relay", "D25", ("active_high",)),
    ("turntable", "relay", "D12", ("active_high",)),
    ("lamp", "relay", "D16", ("active_high",)),
    ("buzzer", "buzzer", "D20", ("active_high",)),
)
