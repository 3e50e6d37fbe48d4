"""What one make of microwave oven has and another has not: constants that settings may override, the
power-up values of the fields, and what comes back after a power cut. Literals only; temperatures in 0.1 degC."""

TUNING = (
    ("duty_cycle_ms", 20000),  # of the magnetron; longer where a low power needs it
    ("least_on_ms", 3000),  # its filament takes two seconds to warm
    ("quick_start_s", 30),  # what a press of start cooks, or adds
    ("fan_run_on_s", 120),
    ("fan_temperature", 1000),  # the fan runs while the chamber is hotter
    ("chamber_band", 40),  # the heater comes on this far below the set point
    ("preheat_limit_s", 1800),
    ("pause_limit_s", 300),
    ("standby_after_s", 300),
    ("stuck_button_s", 30),
)

# cook_time has none: a time that nobody gave cooks nothing.
DEFAULTS = (
    ("cook_mode", 0),
    ("power_level", 100),
    ("menu_number", 0),
    ("weight", 300),
    ("chamber_target", 1800),
    ("delay_start", 0),
    ("light", 0),
    ("beep", 1),
    ("work_state", 1),
    ("time_left", 0),
    ("door_open", 0),
    ("remote_enabled", 0),
)

# It never resumes cooking, and forgets the recipe: what lies in it after a power cut nobody knows.
KEPT = ("beep",)
