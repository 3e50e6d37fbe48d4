"""Wiring of an inverter air conditioner with all sensors on the virtual board. Literals only.

A compressor on a relay wires `compressor` instead of `compressor_speed`; a fan with motor taps wires
`indoor_fan_low`, `indoor_fan_mid` and `indoor_fan_high` instead of `indoor_fan`.
"""

# role, driver, pin, option
ROLES = (
    ("room_temperature", "ntc", "A0", (10000, 3950, 10000)),
    ("indoor_coil", "ntc", "A1", (10000, 3950, 10000)),
    ("outdoor_temperature", "ntc", "A2", (10000, 3950, 10000)),
    ("outdoor_coil", "ntc", "A3", (10000, 3950, 10000)),
    ("discharge_temperature", "ntc", "A4", (50000, 3950, 5000)),
    ("room_humidity", "analog_in", "A5", (0, 100)),
    ("supply_current", "current_sensor", "A6", ("mA", 0, 30000)),
    ("supply_voltage", "analog_in", "A7", (0, 400)),
    ("indoor_fan_pulses", "flow_meter", "D0", ("pulses", 2)),
    ("outdoor_fan_pulses", "flow_meter", "D1", ("pulses", 2)),
    ("pressure_switch", "door_switch", "D2", ("active_high", 50)),
    ("water_switch", "door_switch", "D3", ("active_high", 50)),
    ("outdoor_unit", "door_switch", "D4", ("active_high", 50)),
    ("filter_key", "door_switch", "D5", ("active_low", 50)),
    ("main_relay", "relay", "D8", ("active_high",)),
    ("four_way_valve", "relay", "D9", ("active_high",)),
    ("outdoor_fan", "relay", "D10", ("active_high",)),
    ("aux_heater", "relay", "D11", ("active_high",)),
    ("ioniser", "relay", "D12", ("active_high",)),
    ("fresh_air_fan", "relay", "D13", ("active_high",)),
    ("display", "relay", "D14", ("active_high",)),
    ("buzzer", "relay", "D15", ("active_high",)),
    ("compressor_speed", "pwm_out", "P0", ("active_high",)),
    ("indoor_fan", "pwm_out", "P1", ("active_high",)),
    ("louver_vertical", "pwm_out", "P2", ("active_high",)),
    ("louver_horizontal", "pwm_out", "P3", ("active_high",)),
)
