"""Wiring of a microwave oven with grill, convection, steam and all sensors on the virtual board. Literals only.

The chamber is measured by a 100 kohm bead that stands 300 degC, with a small series resistor so that it
is exact where it is hot.
"""

# role, driver, pin, option
ROLES = (
    ("chamber_temperature", "ntc", "A0", (100000, 3950, 1000)),
    ("magnetron_current", "current_sensor", "A1", ("mA", 0, 20000)),
    ("gas_level", "analog_in", "A2", (0, 100)),
    ("fan_speed", "flow_meter", "D0", ("rate", 2, 1000)),
    ("door", "door_switch", "D1", ("active_high", 50)),
    ("door_monitor", "door_switch", "D2", ("active_high", 50)),
    ("water_low", "door_switch", "D3", ("active_high", 50)),
    ("tank_out", "door_switch", "D4", ("active_high", 50)),
    ("remote_button", "door_switch", "D5", ("active_low", 50)),
    ("start_button", "door_switch", "D6", ("active_low", 50)),
    ("stop_button", "door_switch", "D7", ("active_low", 50)),
    ("main_relay", "relay", "D8", ("active_high",)),
    ("magnetron", "relay", "D9", ("active_high",)),
    ("grill", "relay", "D10", ("active_high",)),
    ("convection", "relay", "D11", ("active_high",)),
    ("steam", "relay", "D12", ("active_high",)),
    ("fan", "relay", "D13", ("active_high",)),
    ("turntable", "relay", "D14", ("active_high",)),
    ("lamp", "relay", "D15", ("active_high",)),
    ("buzzer", "relay", "D16", ("active_high",)),
)
