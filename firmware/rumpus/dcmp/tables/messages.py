"""Table 2: the message types, and the two lists of Table 1. All published.

Names and kinds are for people and tools; a device loads message_codes.py instead.
"""

# code, name, kind, response, result, source
MESSAGE_TYPES = (
    (0x1111, "DEVICE_DISCOVERY_REQUEST", "request", 0x1112, 0, "S T2 6.4.2"),
    (0x1112, "DEVICE_DISCOVERY_RESPONSE", "response", 0, 0, "S T2 6.4.3"),
    (0x1121, "DEVICE_ADVERTISEMENT", "one_way", 0, 0, "S T2 6.4.4"),
    (0x2011, "DEVICE_INFO_REQUEST", "request", 0x2012, 0, "S T2 6.4.5; D37"),
    (0x2012, "DEVICE_INFO_RESPONSE", "response", 0, 0, "S T2 6.4.6"),
    (0x2111, "DEVICE_CONTROL_REQUEST", "request", 0x2112, 0, "S T2 6.4.7"),
    (0x2112, "DEVICE_CONTROL_RESPONSE", "response", 0, 0, "S T2 6.4.8"),
    (0x2211, "GET_FILEINFO_REQUEST", "request", 0x2212, 0, "S T2 6.4.12"),
    (0x2212, "GET_FILEINFO_RESPONSE", "response", 0, 0, "S T2 6.4.13"),
    (0x2221, "GET_FILE_REQUEST", "request", 0x2222, 0x2223, "S T2 6.4.14"),
    (0x2222, "GET_FILE_RESPONSE", "response", 0, 0, "S T2 6.4.15"),
    (0x2223, "GET_FILE_RESULT", "result", 0, 0, "S T2 6.4.16, sent by the destination 5.8"),
    (0x2231, "PUT_FILE_REQUEST", "request", 0x2232, 0x2233, "S T2 6.4.17"),
    (0x2232, "PUT_FILE_RESPONSE", "response", 0, 0, "S T2 6.4.18"),
    (0x2233, "PUT_FILE_RESULT", "result", 0, 0, "S T2 6.4.19, sent by the source 5.9"),
    (0x2311, "APPLY_REQUEST", "request", 0x2312, 0x2313, "S T2 6.4.20, printed APPLY_REQUST; D36"),
    (0x2312, "APPLY_RESPONSE", "response", 0, 0, "S T2 6.4.21"),
    (0x2313, "APPLY_RESULT", "result", 0, 0, "S T2 6.4.22"),
    (0x2F11, "EVENT_SUBSCRIPTION_REQUEST", "request", 0x2F12, 0, "S T2 6.4.10"),
    (0x2F12, "EVENT_SUBSCRIPTION_RESPONSE", "response", 0, 0, "S T2 6.4.11"),
    (0x2FF1, "EVENT_NOTIFICATION", "one_way", 0, 0, "S T2 6.4.9"),
    (0x3111, "DEVICE_REGISTRATION_REQUEST", "request", 0x3112, 0, "S T2 6.4.23"),
    (0x3112, "DEVICE_REGISTRATION_RESPONSE", "response", 0, 0, "S T2 6.4.24"),
    (0x3121, "SERVICE_REGISTRATION_REQUEST", "request", 0x3122, 0, "S T2 6.4.25"),
    (0x3122, "SERVICE_REGISTRATION_RESPONSE", "response", 0, 0, "S T2 6.4.26"),
)

# value, name, source
PAYLOAD_TYPES = (
    (0x01, "Binary", "S T1"),
    (0x02, "XML", "S T1"),  # D41 refused
)
ENCODING_TYPES = (
    (0x01, "ASCII", "S T1"),
    (0x02, "UNICODE", "S T1"),  # D40 refused
    (0x03, "UTF-8", "S T1"),
    (0x04, "UTF-16", "S T1"),  # D40 refused
)
