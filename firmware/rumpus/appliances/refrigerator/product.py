"""What one make of refrigerator has and another has not: constants that settings may override, the
power-up values of the fields, and what comes back after a power cut. Literals only; temperatures in 0.1 degC."""

TUNING = (
    ("fridge_band", 10),  # on above, off below the set point by this
    ("freezer_band", 15),
    ("variable_band", 15),
    ("compressor_min_on_s", 300),
    ("compressor_retry_s", 600),  # after it did not start
    ("compressor_least_watts", 25),  # takes less = does not run
    ("duty_on_min", 20),  # with a dead sensor
    ("duty_off_min", 25),
    ("defrost_interval_min", 480),  # of compressor run time
    ("defrost_limit_min", 35),
    ("defrost_end_temperature", 80),
    ("drip_min", 5),
    ("fan_delay_min", 8),  # at most, until the evaporator is cold again
    ("fan_start_temperature", -50),
    ("door_alarm_s", 120),
    ("light_limit_s", 600),
    ("fan_stall_s", 10),
    ("freezer_alarm_temperature", -90),
    ("freezer_alarm_clear", -120),
    ("freezer_alarm_min", 120),
    ("pull_down_limit_min", 1440),  # after power-up a freezer may be warm for this long
    ("rapid_cool_min", 150),
    ("rapid_freeze_min", 1560),
    ("ice_temperature", -100),  # the freezer makes ice below this
    ("ice_freeze_min", 120),
    ("ice_tip_s", 30),  # the tray is home again by then
    ("ice_fill_s", 6),
    ("compressor_watts", 110),  # what parts take, where power is not measured
    ("heater_watts", 180),
    ("fan_watts", 6),
    ("light_watts", 4),
    ("standby_watts", 2),
    ("filter_life_h", 4380),  # of the deodorant filter
    ("filter_used_min", 0),
)

DEFAULTS = (
    ("fridge_set", 40),
    ("freezer_set", -180),
    ("variable_set", 0),
    ("fridge_on", 1),
    ("freezer_on", 1),
    ("variable_on", 1),
    ("mode", 0),
    ("rapid_cool", 0),
    ("rapid_freeze", 0),
    ("ice_maker", 0),
    ("deodorise", 0),
    ("energy_total", 0),
)

# It goes on cooling as it was. The rapid fields end by themselves and do not come back.
KEPT = (
    "fridge_set",
    "freezer_set",
    "variable_set",
    "fridge_on",
    "freezer_on",
    "variable_on",
    "mode",
    "ice_maker",
    "deodorise",
)
TOTALS = ("energy_total",)
# A power cut during a defrost leaves 0 minutes to the next: it begins again, for the ice is still there.
ATTRIBUTES = ((0xF0, "filter_used_min"), (0xF1, "defrost_left_min"))
