"""RMDP's times and limits, all ours."""

# An unacknowledged message is sent again so long after the first time, and given up at the end.
RESEND_1_MS = 500
RESEND_2_MS = 1000
RESEND_3_MS = 2000
GIVE_UP_MS = 4000
# The Result with which a message that was given up fails: DCMP's transaction time-out.
UNDELIVERED = 0x0A04
REMEMBERED = 16  # (SourceNodeID, TransactionID) pairs, to drop repeats
ADVERTISE_MS = 30000
EXPIRE_MS = 90000  # three missed advertisements
MOST_DEVICES = 32  # entries of the table; the one not heard of longest makes room
MOST_UNACKED = 4  # messages waiting for an acknowledgement, each is kept whole
MOST_OWED = 8  # acknowledgements and answers waiting to be sent
DATAGRAM_SIZE = 1200  # most bytes of a packet in a datagram
