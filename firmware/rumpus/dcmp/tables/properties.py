"""Functions and properties that do not come from RUMP's rows. IDs are ours; the kinds are published."""

# id, name, unit, property (the DeviceInfoReqType that asks for it), source
PROPERTIES = (
    (0x0101, "manufacturer", "none", "CommonProperty", "OURS"),  # S 6.4.5 names it
    (0x0102, "model_name", "none", "CommonProperty", "OURS"),  # S 4 names it
    (0x0103, "model_number", "none", "CommonProperty", "OURS"),  # S 4 names it
    (0x0104, "serial_number", "none", "CommonProperty", "OURS"),  # S 4 names it
    (0x0105, "hardware_version", "none", "CommonProperty", "OURS"),
    (0x0106, "firmware_version", "none", "CommonProperty", "OURS"),  # S 6.4.5 names a version
    (0x0201, "device_name", "none", "ConfigProperty", "OURS"),
    (0x0202, "report_period", "s", "ConfigProperty", "OURS"),
    (0x0203, "dms_address", "none", "ConfigProperty", "OURS"),
    (0x0301, "cpu_use", "percent", "StatusProperty", "OURS"),  # S 6.4.5 names it
    (0x0302, "memory_free", "byte", "StatusProperty", "OURS"),  # S 6.4.5 names it
    (0x0303, "network_use", "byte", "StatusProperty", "OURS"),  # S 6.4.5 names it
    (0x0304, "uptime", "s", "StatusProperty", "OURS"),
    (0x0305, "running_slot", "none", "StatusProperty", "OURS"),
    (0x0306, "update_state", "none", "StatusProperty", "OURS"),
    (0x0307, "rollback_reason", "none", "StatusProperty", "OURS"),
    (0x0308, "other_version", "none", "StatusProperty", "OURS"),  # in the other slot, empty: none
    (0x0309, "update_mode", "none", "StatusProperty", "OURS"),  # update/tables/mode.py
)
MANUFACTURER = 0x0101
MODEL_NAME = 0x0102
MODEL_NUMBER = 0x0103
SERIAL_NUMBER = 0x0104
HARDWARE_VERSION = 0x0105
FIRMWARE_VERSION = 0x0106
DEVICE_NAME = 0x0201
REPORT_PERIOD = 0x0202
DMS_ADDRESS = 0x0203
MEMORY_FREE = 0x0302
UPTIME = 0x0304
RUNNING_SLOT = 0x0305
UPDATE_STATE = 0x0306
ROLLBACK_REASON = 0x0307
OTHER_VERSION = 0x0308
UPDATE_MODE = 0x0309
# A property that is a RUMP field: this plus the field number; DeviceSpecificProperty.
FIELD_PROPERTY = 0x1000

# id, name, FunctionCategory, EventType (empty for a control), source. The functions of a RUMP field that
# is an action follow from its row, D50: field << 8, or field << 8 | choice.
FUNCTIONS = (
    (0x0001, "set", "Control", "", "OURS"),
    (0x0002, "status", "Event", "DeviceStatus", "OURS"),
    (0x0003, "alarm", "Event", "DeviceStatus", "OURS"),
    (0x0004, "sensor", "Event", "SensorData", "OURS"),
)
SET = 0x0001
STATUS = 0x0002
ALARM = 0x0003
SENSOR = 0x0004
# ParamIDs of the alarm event: this plus the place in RUMP's alarm body, counted from 0.
ALARM_PARAM = 0x0100
