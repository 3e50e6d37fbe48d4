"""Times and limits of a RUMP session, all ours: the standard's are not public."""

# name, value, source
RESPONSE_TIMEOUT_MS = 3000  # a request without an answer by then has an unknown outcome
PUSH_INTERVAL_MS = 250  # at most one status push in this time
HEARTBEAT_MS = 10000  # a status push at least this often
REMEMBERED_CONTROLS = 8  # sequences of recent controls, so that a repeated packet is not executed twice
