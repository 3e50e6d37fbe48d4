"""Table 1: the header. Published; the document prints no offsets, they are the running sum."""

# name, format, count, source
HEADER = (
    ("Version", ">B", None, "S T1"),
    ("Flag", ">B", None, "S T1"),
    ("Payload Type", ">B", None, "S T1"),
    ("Encoding Type", ">B", None, "S T1"),
    ("Length", ">I", None, "S T1"),  # header included; D20 byte order
    ("Source ID", "16s", None, "S T1"),  # UUID
    ("Destination ID", "16s", None, "S T1"),  # UUID
    ("Message Type", ">H", None, "S T1"),
    ("TransactionID", "8s", None, "S T1"),  # D24 opaque
    ("Optional Header/DATA", "16s", None, "S T1"),  # D23 always present, zero
)
HEADER_SIZE = 66

VERSION = 0x01
NORMAL = 0x00
URGENT = 0x01
BINARY = 0x01
XML = 0x02
ASCII = 0x01
UTF_8 = 0x03
