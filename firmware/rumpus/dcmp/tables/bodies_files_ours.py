"""The bodies of files and apply (clauses 6.4.12 to 6.4.22): ours. A device without files does not load them."""

# name, format, count, source
GET_FILEINFO_REQUEST_BODY = (
    ("FileType", "C16", None, "OURS"),  # S 5.7 names it
    ("FileName", "C32", None, "OURS"),  # empty = all of the type
)
GET_FILEINFO_REQUEST_BODY_SIZE = 48
FILE_INFO = (
    ("FileType", "C16", None, "OURS"),
    ("FileName", "C32", None, "OURS"),
    ("FileVersion", "C16", None, "OURS"),
    ("FileSize", ">I", None, "OURS"),
    ("FileDigest", "32s", None, "OURS"),  # SHA-256, zero = none
)
FILE_INFO_SIZE = 100
GET_FILEINFO_RESPONSE_BODY = (
    ("Result", ">H", None, "OURS"),
    ("numoffile", ">H", None, "OURS"),
    (
        "FileList",
        (
            ("FileType", "C16", None, "OURS"), ("FileName", "C32", None, "OURS"), ("FileVersion", "C16", None, "OURS"),
            ("FileSize", ">I", None, "OURS"), ("FileDigest", "32s", None, "OURS"),
        ),
        "numoffile", "OURS",  # as FILE_INFO
    ),
)
GET_FILE_REQUEST_BODY = (
    ("FileType", "C16", None, "OURS"),
    ("FileName", "C32", None, "OURS"),
    ("StartOffset", ">I", None, "OURS"),  # to resume
    ("BlockSize", ">H", None, "OURS"),  # wanted, 0 = any
)
GET_FILE_REQUEST_BODY_SIZE = 54
GET_FILE_RESPONSE_BODY = (
    ("Result", ">H", None, "OURS"),
    ("FileSize", ">I", None, "OURS"),
    ("BlockSize", ">H", None, "OURS"),  # chosen
    ("FileDigest", "32s", None, "OURS"),
)
GET_FILE_RESPONSE_BODY_SIZE = 40
GET_FILE_RESULT_BODY = (
    ("Result", ">H", None, "OURS"),
    ("BytesSent", ">I", None, "OURS"),
    ("FileDigest", "32s", None, "OURS"),
)
GET_FILE_RESULT_BODY_SIZE = 38
PUT_FILE_REQUEST_BODY = (
    ("FileType", "C16", None, "OURS"),
    ("FileName", "C32", None, "OURS"),
    ("FileVersion", "C16", None, "OURS"),
    ("FileSize", ">I", None, "OURS"),
    ("BlockSize", ">H", None, "OURS"),  # wanted, 0 = any
    ("FileDigest", "32s", None, "OURS"),
)
PUT_FILE_REQUEST_BODY_SIZE = 102
PUT_FILE_RESPONSE_BODY = (
    ("Result", ">H", None, "OURS"),
    ("StartOffset", ">I", None, "OURS"),  # to resume
    ("BlockSize", ">H", None, "OURS"),  # chosen
)
PUT_FILE_RESPONSE_BODY_SIZE = 8
PUT_FILE_RESULT_BODY = (
    ("Result", ">H", None, "OURS"),
    ("BytesSent", ">I", None, "OURS"),
    ("FileDigest", "32s", None, "OURS"),
)
PUT_FILE_RESULT_BODY_SIZE = 38
FILE_DATA_BODY = (
    ("Offset", ">I", None, "OURS"),
    ("DataSize", ">H", None, "OURS"),
    ("Data", "s", "DataSize", "OURS"),
)
FILE_DATA_BODY_SIZE = 6
FILE_DATA_ACK_BODY = (
    ("Result", ">H", None, "OURS"),  # other than 0 aborts
    ("NextOffset", ">I", None, "OURS"),  # all before it was stored
)
FILE_DATA_ACK_BODY_SIZE = 6
APPLY_REQUEST_BODY = (
    ("ApplyType", "C16", None, "OURS"),
    ("FileType", "C16", None, "OURS"),
    ("FileName", "C32", None, "OURS"),
)
APPLY_REQUEST_BODY_SIZE = 64
APPLY_RESPONSE_BODY = (
    ("Result", ">H", None, "OURS"),
    ("ExpectedTime", ">H", None, "OURS"),  # seconds until the result
)
APPLY_RESPONSE_BODY_SIZE = 4
APPLY_RESULT_BODY = (
    ("Result", ">H", None, "OURS"),
    ("ApplyType", "C16", None, "OURS"),
    ("FileVersion", "C16", None, "OURS"),  # now running
)
APPLY_RESULT_BODY_SIZE = 34

# What a device keeps over a restart to send the result of an apply; storage, not wire.
APPLY_RECORD = (
    ("ApplyType", "C16", None, "OURS"),
    ("Requester", "16s", None, "OURS"),
    ("TransactionID", "8s", None, "OURS"),
)
APPLY_RECORD_SIZE = 40

# message, field, keywords, source
KEYWORDS = (
    (0x2211, "FileType", ("All", "Firmware", "Configuration", "Log", "UserDefined"), "OURS"),  # S T2 names two
    (0x2221, "FileType", ("Firmware", "Configuration", "Log", "UserDefined"), "OURS"),
    (0x2231, "FileType", ("Firmware", "Configuration", "Log", "UserDefined"), "OURS"),
    (0x2311, "ApplyType", ("Update", "Rollback", "Execute", "Reboot"), "OURS"),  # S T2 5.10 names them
    (0x2313, "ApplyType", ("Update", "Rollback", "Execute", "Reboot"), "OURS"),
)
