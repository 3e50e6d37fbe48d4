"""A bundle, one stream: this head, the manifest, then the bytes of each file in the manifest's order.

The manifest is text, one JSON value a line, so that a device never holds more than a line of it:

    {"board": ..., "type": ..., "version": ..., "floor": ..., "files": how many lines follow}
    ["rumpus/app.mpy", size, "SHA-256 in hex"]      sorted by folder, then by name
    ["signature", "of all lines before, in hex"]    missing where a cable was the way in
"""

BUNDLE_HEAD = (
    ("Magic", "C4", None, "OURS"),
    ("Format", ">H", None, "OURS"),  # of all that follows
    ("ManifestSize", ">H", None, "OURS"),  # the signature's line included
)
BUNDLE_HEAD_SIZE = 8
MAGIC = "RUMB"
FORMAT = 1

# RSASSA-PKCS1-v1_5 with SHA-256. Bytes of the modulus, and of a signature.
KEY_SIZE = 384
EXPONENT_BITS = 16  # the exponent is 65537, one more than 1 << 16
LONGEST_LINE = 1024  # the signature's
LONGEST_ROW = 256  # all others; a device has so much memory ready for each

# What stands in the record "staging": which bundle the other slot is being filled with, and how far.
STAGING = (
    ("Size", ">I", None, "OURS"),
    ("Digest", "32s", None, "OURS"),
    ("FilesDone", ">H", None, "OURS"),
)
STAGING_SIZE = 38
