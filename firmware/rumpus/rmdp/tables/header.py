"""The RMDP header."""

# name, format, count, source
HEADER = (
    ("Version", ">B", None, "OURS"),
    ("Flag", ">B", None, "OURS"),  # bit 0 urgent, bit 1 acknowledgement wanted
    ("MessageType", ">H", None, "OURS"),
    ("Length", ">I", None, "OURS"),  # header included
    ("SourceNodeID", "16s", None, "OURS"),
    ("DestinationNodeID", "16s", None, "OURS"),  # all 0xFF = broadcast, all zero = unknown
    ("TransactionID", "8s", None, "OURS"),
)
HEADER_SIZE = 48

VERSION = 0x01
URGENT = 0x01
ACK_WANTED = 0x02
