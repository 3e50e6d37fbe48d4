"""Who may do what when: every transaction of DCMP as one table. Nothing else decides on a state.

A transaction is one exchange seen from one end. Each row says: at this end of this exchange, in this
state, when this happens, go to that state and do that. What has no row is dropped and counted.

    exchange   two    request, response (information, control, subscription, registration, file information)
               many   discovery: a request, any number of responses until the time is over
               get    request, response, data from the responder, result from the responder
               put    request, response, data from the requester, result from the requester
               apply  request, response, then (perhaps after a restart of the responder) a result
    end        requester or responder
    state      idle: no such transaction. asked: request sent. sending, receiving: file data flows.
               applying: accepted, not finished
    happening  messages: request, other_request (while busy with one), response (Result 0), refusal
               (response with another), data, ack, abort (ack with a Result), result (0), failure
               our own: start, all_acked, finished, cancel, storage_error (also: the digest is wrong)
               timeout (nothing came in time), undelivered (RMDP gave up), reboot
    duty       what is done. Duties that begin with drop or forget send and report nothing.

Rules that the rows follow: DCMP never sends a message again (S 6.2; D43), RMDP does, and in a file transfer
the window. A response or result has the TransactionID of its request (D44). One file transfer and one
apply at a time. A reboot forgets everything but a part of a file that was received, which is kept and
gone on with, and an accepted apply, whose result is sent by whoever wakes up.
"""

# exchange, end, ((state, happening, next state, duty), ...); a comment gives grounds that are not ours
TRANSITIONS = (
    (
        "two",
        "requester",
        (
            ("idle", "start", "asked", "send_request"),  # S 6.2
            ("asked", "response", "idle", "report"),  # S 6.2
            ("asked", "refusal", "idle", "report_refusal"),  # S 6.2
            ("asked", "timeout", "idle", "report_timeout"),  # S 6.2 without retransmission
            ("asked", "undelivered", "idle", "report_timeout"),
            ("asked", "cancel", "idle", "forget"),  # S 5.3
            ("asked", "reboot", "idle", "forget"),
            ("idle", "response", "idle", "drop_late"),  # D31
            ("idle", "refusal", "idle", "drop_late"),  # D31
        ),
    ),
    (
        "two",
        "responder",
        (
            ("idle", "request", "idle", "answer"),  # S 6.2
        ),
    ),
    (
        "many",
        "requester",
        (
            ("idle", "start", "asked", "send_request"),  # S 5.1
            ("asked", "response", "asked", "report"),  # S 5.1 all that match respond
            ("asked", "refusal", "asked", "report_refusal"),
            ("asked", "timeout", "idle", "report_end"),
            ("asked", "undelivered", "idle", "report_timeout"),
            ("asked", "cancel", "idle", "forget"),  # S 5.1
            ("asked", "reboot", "idle", "forget"),
            ("idle", "response", "idle", "drop_late"),  # D31
            ("idle", "refusal", "idle", "drop_late"),  # D31
        ),
    ),
    (
        "many",
        "responder",
        (
            ("idle", "request", "idle", "answer"),  # S 5.1
        ),
    ),
    (
        "get",
        "requester",
        (
            ("idle", "start", "asked", "send_request"),  # S 5.8
            ("asked", "response", "receiving", "open"),  # S 5.8
            ("asked", "refusal", "idle", "report_refusal"),  # S 5.8
            ("asked", "data", "asked", "drop_early"),  # it comes again
            ("asked", "result", "asked", "drop_early"),
            ("asked", "failure", "idle", "report_refusal"),  # the response was lost
            ("asked", "timeout", "idle", "report_timeout"),  # S 5.8
            ("asked", "undelivered", "idle", "report_timeout"),
            ("asked", "cancel", "idle", "forget"),
            ("asked", "reboot", "idle", "forget"),
            ("receiving", "data", "receiving", "store"),
            ("receiving", "result", "idle", "close"),  # S 5.8
            ("receiving", "failure", "idle", "keep_part"),  # S 5.8
            ("receiving", "storage_error", "idle", "send_abort"),
            ("receiving", "response", "receiving", "drop_repeat"),
            ("receiving", "refusal", "receiving", "drop_repeat"),
            ("receiving", "timeout", "idle", "keep_part"),
            ("receiving", "undelivered", "receiving", "drop_repeat"),  # it was delivered
            ("receiving", "cancel", "idle", "send_abort"),
            ("receiving", "reboot", "idle", "keep_part"),
            ("idle", "data", "idle", "send_abort"),  # so that a sender stops at once
            ("idle", "result", "idle", "drop_late"),
            ("idle", "failure", "idle", "drop_late"),
            ("idle", "response", "idle", "drop_late"),
            ("idle", "refusal", "idle", "drop_late"),
        ),
    ),
    (
        "get",
        "responder",
        (
            ("idle", "request", "sending", "answer"),  # S 5.8
            ("idle", "ack", "idle", "drop_late"),
            ("idle", "abort", "idle", "drop_late"),
            ("sending", "request", "sending", "answer_again"),
            ("sending", "other_request", "sending", "refuse_busy"),
            ("sending", "ack", "sending", "slide"),
            ("sending", "all_acked", "idle", "send_result"),  # S 5.8
            ("sending", "abort", "idle", "send_failure"),  # S 5.8
            ("sending", "storage_error", "idle", "send_failure"),
            ("sending", "timeout", "idle", "send_failure"),  # S 5.8
            ("sending", "reboot", "idle", "forget"),
        ),
    ),
    (
        "put",
        "requester",
        (
            ("idle", "start", "asked", "send_request"),  # S 5.9
            ("asked", "response", "sending", "open"),  # S 5.9
            ("asked", "refusal", "idle", "report_refusal"),  # S 5.9
            ("asked", "ack", "asked", "drop_early"),
            ("asked", "abort", "idle", "report_refusal"),
            ("asked", "timeout", "idle", "report_timeout"),  # S 5.9
            ("asked", "undelivered", "idle", "report_timeout"),
            ("asked", "cancel", "idle", "send_failure"),  # the other end may have accepted
            ("asked", "reboot", "idle", "forget"),
            ("sending", "ack", "sending", "slide"),
            ("sending", "all_acked", "idle", "send_result"),  # S 5.9
            ("sending", "abort", "idle", "send_failure"),  # S 5.9
            ("sending", "storage_error", "idle", "send_failure"),
            ("sending", "response", "sending", "drop_repeat"),
            ("sending", "refusal", "sending", "drop_repeat"),
            ("sending", "timeout", "idle", "send_failure"),
            ("sending", "undelivered", "sending", "drop_repeat"),  # it was delivered
            ("sending", "cancel", "idle", "send_failure"),
            ("sending", "reboot", "idle", "forget"),  # the other end keeps its part
            ("idle", "ack", "idle", "drop_late"),
            ("idle", "abort", "idle", "drop_late"),
            ("idle", "response", "idle", "drop_late"),
            ("idle", "refusal", "idle", "drop_late"),
        ),
    ),
    (
        "put",
        "responder",
        (
            ("idle", "request", "receiving", "answer"),  # S 5.9
            ("idle", "data", "idle", "send_abort"),  # so that a sender stops at once
            ("idle", "result", "idle", "drop_late"),
            ("idle", "failure", "idle", "drop_late"),
            ("receiving", "request", "receiving", "answer_again"),
            ("receiving", "other_request", "receiving", "refuse_busy"),
            ("receiving", "data", "receiving", "store"),
            ("receiving", "result", "idle", "close"),  # S 5.9
            ("receiving", "failure", "idle", "keep_part"),  # S 5.9
            ("receiving", "storage_error", "idle", "send_abort"),
            ("receiving", "timeout", "idle", "keep_part"),
            ("receiving", "reboot", "idle", "keep_part"),
        ),
    ),
    (
        "apply",
        "requester",
        (
            ("idle", "start", "asked", "send_request"),  # S 5.10
            ("asked", "response", "applying", "report_accepted"),  # S 5.10
            ("asked", "refusal", "idle", "report_refusal"),  # S 5.10
            ("asked", "result", "idle", "report"),  # the response was lost
            ("asked", "failure", "idle", "report_refusal"),  # the response was lost
            ("asked", "timeout", "idle", "report_timeout"),  # S 6.2
            ("asked", "undelivered", "idle", "report_timeout"),
            ("asked", "cancel", "idle", "forget"),  # the outcome is unknown
            ("asked", "reboot", "idle", "forget"),
            ("applying", "result", "idle", "report"),  # S 5.10
            ("applying", "failure", "idle", "report_refusal"),  # S 5.10
            ("applying", "response", "applying", "drop_repeat"),
            ("applying", "refusal", "applying", "drop_repeat"),
            ("applying", "timeout", "idle", "report_timeout"),  # D45
            ("applying", "undelivered", "applying", "drop_repeat"),  # it was delivered
            ("applying", "cancel", "idle", "forget"),  # the outcome is unknown
            ("applying", "reboot", "idle", "forget"),
            ("idle", "response", "idle", "drop_late"),
            ("idle", "refusal", "idle", "drop_late"),
            ("idle", "result", "idle", "drop_late"),
            ("idle", "failure", "idle", "drop_late"),
        ),
    ),
    (
        "apply",
        "responder",
        (
            ("idle", "request", "applying", "store_and_answer"),  # stored before it acts
            ("applying", "request", "applying", "answer_again"),  # never acted on twice
            ("applying", "other_request", "applying", "refuse_busy"),
            ("applying", "finished", "idle", "send_result"),  # S 5.10
            ("applying", "reboot", "applying", "read_stored"),
        ),
    ),
)

IDLE = "idle"


def rows_of(exchange, end):
    """The rows of one end of an exchange."""
    for known, known_end, rows in TRANSITIONS:
        if known == exchange and known_end == end:
            return rows
    raise KeyError(exchange)


def is_drop(duty):
    """True for a duty that sends and reports nothing, and for None."""
    return duty is None or duty.startswith("drop")


def step(exchange, end, state, happening):
    """(next state, duty), or (state, None) for what has no row. Allocates the pair."""
    for known, known_happening, after, duty in rows_of(exchange, end):
        if known == state and known_happening == happening:
            return after, duty
    return state, None
