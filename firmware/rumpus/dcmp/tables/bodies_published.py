"""Tables 5 to 9 and what is printed of Table 10-1: the bodies that are published."""

# name, format, count, source
DEVICE_DISCOVERY_REQUEST_BODY = (
    ("DiscoveryReqType", "C16", None, "S T5"),
    ("StrTypeReq", "16s", None, "S T5"),  # D26 a name, or a raw DeviceID; D27 when present
    ("HexTypeReq", ">H", None, "S T5"),  # D27 when present
)
DEVICE_DISCOVERY_REQUEST_BODY_SIZE = 34
DEVICE_DISCOVERY_RESPONSE_BODY = (
    ("Result", ">H", None, "S T6"),
    ("DeviceType", ">H", None, "S T6"),
    ("DeviceID", "16s", None, "S T6"),  # D25 raw
    ("DeviceName", "C16", None, "S T6"),
    ("DeviceSubName", "C16", None, "S T6"),
    ("numofcapability", ">H", None, "S T6"),
    ("DeviceCapability", ">H", "numofcapability", "S T6"),
)
DEVICE_DISCOVERY_RESPONSE_BODY_SIZE = 54
DEVICE_ADVERTISEMENT_BODY = (
    ("AdType", "C16", None, "S T7"),
    ("DeviceType", ">H", None, "S T7"),
    ("DeviceID", "16s", None, "S T7"),  # D25 raw
    ("DeviceName", "C16", None, "S T7"),
    ("DeviceSubName", "C16", None, "S T7"),
    ("numofcapability", ">H", None, "S T7"),
    ("DeviceCapability", ">H", "numofcapability", "S T7"),
)
DEVICE_ADVERTISEMENT_BODY_SIZE = 68
DEVICE_INFO_REQUEST_BODY = (("DeviceInfoReqType", "C32", None, "S T8"),)
DEVICE_INFO_REQUEST_BODY_SIZE = 32
BASIC_INFO_BODY = (
    ("Result", ">H", None, "S T9"),
    ("numofdevice", ">H", None, "S T9"),
    (
        "DeviceList",
        (
            ("DeviceType", ">H", None, "S T9"),
            ("DeviceID", "16s", None, "S T9"),  # D25 raw
            ("DeviceName", "C16", None, "S T9"),
            ("DeviceSubName", "C16", None, "S T9"),
            ("numofcapability", ">H", None, "S T9"),
            ("DeviceCapability", ">H", "numofcapability", "S T9"),
        ),
        "numofdevice", "S T9",  # D29 what repeats
    ),
)
# Table 10-1 stops after these; the functions that follow are in bodies_ours.py.
FUNCTION_LIST_HEAD = (
    ("Result", ">H", None, "S T10-1"),
    ("numofdevice", ">H", None, "S T10-1"),
)
FUNCTION_LIST_DEVICE = (
    ("numoffunction", ">H", None, "S T10-1"),
    ("DeviceID", "16s", None, "S T10-1"),  # D25 raw; D30 what repeats
)

# message, field, keywords, source
KEYWORDS = (
    (0x1111, "DiscoveryReqType", ("All", "DeviceID", "DeviceType", "DeviceName"), "S T5"),
    (0x1121, "AdType", ("Start", "End"), "S T7"),
    (
        0x2011, "DeviceInfoReqType",
        (
            "FullDescription", "BasicInfo", "FunctionList", "DeviceProperty", "CommonProperty", "ConfigProperty",
            "StausProperty", "StatusProperty", "DeviceSpecificProperty",
        ), "S T8",  # 6.4.6; D35 both spellings
    ),
)
