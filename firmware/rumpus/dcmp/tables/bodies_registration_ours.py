"""The bodies of registration (clauses 6.4.23 to 6.4.26): ours. Loaded when something registers."""

# name, format, count, source
DEVICE_REGISTRATION_REQUEST_BODY = (
    ("RegType", "C16", None, "OURS"),
    ("DeviceType", ">H", None, "OURS"),
    ("DeviceID", "16s", None, "OURS"),
    ("DeviceName", "C16", None, "OURS"),
    ("DeviceSubName", "C16", None, "OURS"),
    ("ModelName", "C16", None, "OURS"),  # S 4 names it
    ("ModelNumber", "C16", None, "OURS"),  # S 4 names it
    ("SerialNumber", "C16", None, "OURS"),  # S 4 names it
    ("numofcapability", ">H", None, "OURS"),
    ("DeviceCapability", ">H", "numofcapability", "OURS"),
)
DEVICE_REGISTRATION_REQUEST_BODY_SIZE = 116
DEVICE_REGISTRATION_RESPONSE_BODY = (
    ("Result", ">H", None, "OURS"),
    ("DeviceID", "16s", None, "OURS"),
)
DEVICE_REGISTRATION_RESPONSE_BODY_SIZE = 18
SERVICE_REGISTRATION_REQUEST_BODY = (
    ("RegType", "C16", None, "OURS"),
    ("DeviceID", "16s", None, "OURS"),
    ("ServiceName", "C16", None, "OURS"),
    ("UserID", "C16", None, "OURS"),
    ("numofparam", ">H", None, "OURS"),
    (
        "ParamList",
        (("ParamID", ">H", None, "OURS"), ("ParamSize", ">H", None, "OURS"), ("Value", "C", "ParamSize", "OURS")),
        "numofparam", "OURS",  # as PARAM
    ),
)
SERVICE_REGISTRATION_REQUEST_BODY_SIZE = 66
SERVICE_REGISTRATION_RESPONSE_BODY = (
    ("Result", ">H", None, "OURS"),
    ("ServiceName", "C16", None, "OURS"),
)
SERVICE_REGISTRATION_RESPONSE_BODY_SIZE = 18

# message, field, keywords, source
KEYWORDS = (
    (0x3111, "RegType", ("Register", "Cancel"), "OURS"),  # S T2 names both
    (0x3121, "RegType", ("Register", "Add", "Delete"), "OURS"),  # S T2 names them
)
