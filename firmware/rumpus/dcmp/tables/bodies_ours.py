"""The bodies of clauses 6.4.6.2 to 6.4.11 as a device needs them: ours, in the style of the published ones.
DCMP's own are not public. Whole info responses: bodies_info_ours.py; the other clauses: bodies_files_ours.py,
bodies_registration_ours.py."""

# --- shared pieces. name, format, count, source
PARAM_DESC = (
    ("Size", ">H", None, "OURS"),  # S 6.4.6.2 names it; the most bytes of a value
    ("ID", ">H", None, "OURS"),  # S 6.4.6.2 names it
    ("Name", "C16", None, "OURS"),  # S 6.4.6.2 names it
    ("DataType", ">H", None, "OURS"),
    ("Unit", ">H", None, "OURS"),  # S 6.4.6.2 names it
    ("Min", "C16", None, "OURS"),  # S 6.4.6.2 names it
    ("Max", "C16", None, "OURS"),  # S 6.4.6.2 names it
)
PARAM_DESC_SIZE = 56

# --- discovery request: the forms that D27 sends, with what is not described left out
DISCOVERY_ALL = (("DiscoveryReqType", "C16", None, "OURS"),)  # D27
DISCOVERY_ALL_SIZE = 16
DISCOVERY_BY_TYPE = (
    ("DiscoveryReqType", "C16", None, "OURS"),  # D27
    ("HexTypeReq", ">H", None, "OURS"),  # D27
)
DISCOVERY_BY_TYPE_SIZE = 18
DISCOVERY_BY_TEXT = (
    ("DiscoveryReqType", "C16", None, "OURS"),  # D27
    ("StrTypeReq", "16s", None, "OURS"),  # D27
)
DISCOVERY_BY_TEXT_SIZE = 32

# --- info response: the pieces that a device streams; whole in bodies_info_ours.py
FUNCTION_HEAD = (
    ("FunctionID", ">H", None, "OURS"),  # S 6.4.6.2 names it
    ("FunctionCategory", "C16", None, "OURS"),  # S 6.4.6.2 names it
    ("numofinput", ">H", None, "OURS"),
)
PROPERTY = (
    ("PropertyID", ">H", None, "OURS"),
    ("Unit", ">H", None, "OURS"),
    ("Name", "C16", None, "OURS"),
    ("Size", ">H", None, "OURS"),
    ("Value", "C", "Size", "OURS"),  # text, D52
)
PROPERTY_SIZE = 22
SECTION_HEAD = (
    ("SectionType", "C32", None, "OURS"),
    ("SectionSize", ">H", None, "OURS"),
)
SECTION_HEAD_SIZE = 34
# How a list of properties begins, after Result.
PROPERTIES_HEAD = (
    ("numofdevice", ">H", None, "OURS"),
    ("DeviceID", "16s", None, "OURS"),
    ("numofproperty", ">H", None, "OURS"),
)
PROPERTIES_HEAD_SIZE = 20

# --- control and events
DEVICE_CONTROL_REQUEST_BODY = (
    ("DeviceID", "16s", None, "OURS"),
    ("FunctionID", ">H", None, "OURS"),  # the control code of S 5.4
    ("numofinput", ">H", None, "OURS"),
    (
        "InputList",
        (
            ("ParamID", ">H", None, "OURS"),
            ("ParamSize", ">H", None, "OURS"),
            ("Value", "C", "ParamSize", "OURS"),
        ),
        "numofinput",
        "OURS",  # as PARAM
    ),
)
DEVICE_CONTROL_RESPONSE_BODY = (
    ("Result", ">H", None, "OURS"),
    ("DeviceID", "16s", None, "OURS"),
    ("FunctionID", ">H", None, "OURS"),
    ("numofoutput", ">H", None, "OURS"),
    (
        "OutputList",
        (
            ("ParamID", ">H", None, "OURS"),
            ("ParamSize", ">H", None, "OURS"),
            ("Value", "C", "ParamSize", "OURS"),
        ),
        "numofoutput",
        "OURS",  # as PARAM
    ),
)
CONTROL_REFUSED = (
    ("Result", ">H", None, "OURS"),
    ("Field", ">H", None, "OURS"),  # D51 the RUMP field refused, 0 = none
    ("Reason", ">H", None, "OURS"),  # D51 RUMP's reason
)
CONTROL_REFUSED_SIZE = 6
EVENT_NOTIFICATION_BODY = (
    ("EventType", "C16", None, "OURS"),
    ("DeviceID", "16s", None, "OURS"),
    ("FunctionID", ">H", None, "OURS"),
    ("numofoutput", ">H", None, "OURS"),
    (
        "OutputList",
        (
            ("ParamID", ">H", None, "OURS"),
            ("ParamSize", ">H", None, "OURS"),
            ("Value", "C", "ParamSize", "OURS"),
        ),
        "numofoutput",
        "OURS",  # as PARAM
    ),
)
EVENT_SUBSCRIPTION_REQUEST_BODY = (
    ("SubscriptionType", "C16", None, "OURS"),
    ("DeviceID", "16s", None, "OURS"),  # the device watched
    ("EventType", "C16", None, "OURS"),
    ("FunctionID", ">H", None, "OURS"),  # 0xFFFF = any
    ("LeaseTime", ">H", None, "OURS"),  # seconds, 0 = until cancelled
)
EVENT_SUBSCRIPTION_REQUEST_BODY_SIZE = 52
EVENT_SUBSCRIPTION_RESPONSE_BODY = (
    ("Result", ">H", None, "OURS"),
    ("LeaseTime", ">H", None, "OURS"),  # seconds granted
)
EVENT_SUBSCRIPTION_RESPONSE_BODY_SIZE = 4
ANY_FUNCTION = 0xFFFF

# message, field, keywords, source
KEYWORDS = (
    (0x2F11, "SubscriptionType", ("Subscribe", "Cancel"), "OURS"),  # S T2 names both
    (
        0x2F11,
        "EventType",
        ("All", "DeviceStatus", "NetworkStatus", "SensorData", "UserDefined"),
        "OURS",
    ),  # S T2 kinds
    (
        0x2FF1,
        "EventType",
        ("DeviceStatus", "NetworkStatus", "SensorData", "UserDefined"),
        "OURS",
    ),  # S T2 kinds
)
