"""Wiring of a microwave oven on the board Raspberry Pi Pico W. Literals only."""

# role, driver, pin, option
ROLES = (
    ("stop_button", "door_switch", "GP17", ("active_low", 50)),
    ("start_button", "door_switch", "GP18", ("active_low", 50)),
    ("remote_button", "door_switch", "GP19", ("active_low", 50)),
    ("door_monitor", "door_switch", "GP20", ("active_high", 50)),
    ("fan_speed", "flow_meter", "GP21", ("rate", 2, 1000)),
    ("door", "door_switch", "GP22", ("active_high", 50)),
    ("chamber_temperature", "ntc", "GP26", (100000, 3950, 27000)),
    ("magnetron_current", "current_sensor", "GP27", ("mA", 0, 20000)),
    ("main_relay", "relay", "GP15", ("active_high",)),
    ("magnetron", "relay", "GP14", ("active_high",)),
    ("grill", "relay", "GP13", ("active_high",)),
    ("fan", "relay", "GP12", ("active_high",)),
    ("turntable", "relay", "GP11", ("active_high",)),
    ("lamp", "relay", "GP10", ("active_high",)),
    ("buzzer", "buzzer", "GP9", ("active_high",)),
)
