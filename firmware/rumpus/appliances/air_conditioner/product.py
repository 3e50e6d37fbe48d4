"""What one make of air conditioner has and another has not: constants that settings may override, the
power-up values of the fields, and what comes back after a power cut. Literals only; temperatures in 0.1 degC."""

# fmt: off
TUNING = (
    ("compressor_min_on_s", 180), ("compressor_watts", 900), ("indoor_fan_watts", 40),
    ("outdoor_fan_watts", 50), ("aux_heater_watts", 1500), ("standby_watts", 3), ("mains_volts", 230),
    ("filter_life_h", 250), ("filter_used_min", 0),
)
DEFAULTS = (
    ("power", 0), ("mode", 0), ("target_temperature", 240), ("fan_speed", 0), ("swing_vertical", 0),
    ("swing_horizontal", 0), ("target_humidity", 55), ("sleep", 0), ("turbo", 0), ("quiet", 0),
    ("eco", 0), ("aux_heat", 0), ("health", 0), ("fresh_air", 0), ("self_clean", 0), ("display", 1),
    ("beep", 1), ("timer_on", 0), ("timer_off", 0), ("filter_dirty", 0), ("energy_total", 0),
)

# It comes back as it was, running included. What ends by itself (sleep, turbo, self_clean, the timers) does
# not: nobody knows how long the power was away.
KEPT = (
    "power", "mode", "target_temperature", "fan_speed", "swing_vertical", "swing_horizontal",
    "target_humidity", "quiet", "eco", "aux_heat", "health", "fresh_air", "display", "beep",
)
TOTALS = ("energy_total",)
ATTRIBUTES = ((0xF0, "filter_used_min"),)
# fmt: on
