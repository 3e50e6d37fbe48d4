"""Device types. Annex B is not public: ours, at the top of the range to lessen the risk of a clash."""

# code, name (that of rump/tables for an appliance), source
DEVICE_TYPES = (
    (0xFF01, "switch", "OURS"),
    (0xFF02, "sensor", "OURS"),
    (0xFF03, "gateway", "OURS"),
    (0xFF04, "device_management_server", "OURS"),
    (0xFF11, "water_heater", "OURS"),
    (0xFF12, "air_conditioner", "OURS"),
    (0xFF13, "refrigerator", "OURS"),
    (0xFF14, "microwave_oven", "OURS"),
)
DEVICE_MANAGEMENT_SERVER = 0xFF04
