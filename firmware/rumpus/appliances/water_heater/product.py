"""What one make of water heater has and another has not: constants that settings may override, the
power-up values of the fields, and what comes back after a power cut. Literals only; temperatures in 0.1 degC."""

TUNING = (
    ("litres", 50),
    ("watts", 2000),
    ("upper_watts", 2000),
    ("both_elements", 0),
    ("mains_volts", 230),
    ("pulses_per_litre", 450),
    ("cold_temperature", 120),  # of the inlet, when it has no sensor
    ("night_starts", 1380),  # minutes of the local day
    ("night_ends", 420),
    ("disinfection_weekday", 0),
    ("disinfection_minute", 120),
    ("maintenance_kwh", 3000),  # energy between two looks at the anode; 0 = never
    ("maintained_kwh", 0),  # energy total at the last one
)

DEFAULTS = (
    ("power", 0),
    ("target_temperature", 550),
    ("mode", 0),
    ("tank_scope", 2),
    ("heating_power_limit", 5000),
    ("disinfection", 0),
    ("reservation_1_on", 0),
    ("reservation_1_temperature", 550),
    ("reservation_1_hour", 6),
    ("reservation_1_minute", 0),
    ("reservation_1_weekdays", 31),
    ("reservation_2_on", 0),
    ("reservation_2_temperature", 550),
    ("reservation_2_hour", 18),
    ("reservation_2_minute", 0),
    ("reservation_2_weekdays", 31),
    ("reservation_3_on", 0),
    ("reservation_3_temperature", 550),
    ("reservation_3_hour", 8),
    ("reservation_3_minute", 0),
    ("reservation_3_weekdays", 96),
    ("energy_total", 0),
)

# It comes back as it was, heating included: that is what a thermostat is for. Boost comes back too, with
# the mode that follows it, because it ends by temperature and not by time.
KEPT = (
    "power",
    "target_temperature",
    "mode",
    "tank_scope",
    "heating_power_limit",
    "disinfection",
    "reservation_1_on",
    "reservation_1_temperature",
    "reservation_1_hour",
    "reservation_1_minute",
    "reservation_1_weekdays",
    "reservation_2_on",
    "reservation_2_temperature",
    "reservation_2_hour",
    "reservation_2_minute",
    "reservation_2_weekdays",
    "reservation_3_on",
    "reservation_3_temperature",
    "reservation_3_hour",
    "reservation_3_minute",
    "reservation_3_weekdays",
)
TOTALS = ("energy_total",)
ATTRIBUTES = ((0xF0, "mode_before"),)
