"""Times and limits, all ours: the document gives none."""

RESPONSE_TIMEOUT_MS = 5000  # D45; longer than RMDP tries to deliver
RESULT_TIMEOUT_MS = 60000  # for an apply result, beyond the ExpectedTime that the device named
EVENT_INTERVAL_MS = 250  # at most one event of a kind to one subscriber in this time
MOST_SUBSCRIPTIONS = 8
MOST_PENDING = 8  # requests of ours without an answer, on a device
KEEP_ROLE_MS = 5000  # so long after the last message a role that is at rest stays loaded
OUTBOX = 8  # messages waiting for whoever drains; more is a caller that does not
LONGEST_VALUE = 16  # characters of a value, as Min and Max have
LONGEST_PROPERTY = 64  # bytes of a property's text

# File transfer
WINDOW = 4  # blocks on the way
BLOCK_SIZE = 1024  # most bytes of a block; with all headers it fits a datagram of 1200
LEAST_BLOCK = 64
RESEND_MS = 1000  # no acknowledgement for so long: send again from the last one
REPEATED_ACKS = 2  # so many that say the same: a block was lost
SILENCE_MS = 10000  # nothing from the other end for so long: the transfer has ended

# The response to an apply request goes out before the device acts (and perhaps restarts).
APPLY_DELAY_MS = 1000
