"""A file on its way to here: the receiving half of transfer.py, and the answer of a device that is offered one.

Alone it is all that a device in update mode needs. storage: see transfer.py.
"""

from .. import wire
from ..errors import DecodeError
from . import codec
from .outgoing import Message
from .role import NOT_MINE, Role
from .tables import message_codes as m
from .tables.bodies_files_ours import FILE_DATA_BODY_SIZE
from .tables.messages_ours import FILE_DATA, FILE_DATA_ACK
from .tables.result_codes import (
    CONNECTION_CLOSED,
    OTHER_OPERATION_RUNNING,
    STORAGE_ALLOCATION_EXCEEDED,
    SUCCESS,
    TRANSACTION_STOPPED,
    TRANSACTION_TIMEOUT,
)
from .tables.timing import BLOCK_SIZE, LEAST_BLOCK, SILENCE_MS
from .transactions import IDLE, is_drop, step

RECEIVING = "receiving"


class Receiving(Role):
    """END: this end of the transaction table. What is reported of the end of a transfer is the subclass's."""

    END = ""

    def __init__(self, storage):
        self.storage = storage
        self.state = IDLE
        self.exchange = "put"
        self.transaction = None
        self.other = None  # device ID of the other end
        self.peer = None
        self.digest = b""
        self.receive_window = None  # a ReceiveWindow, while something comes in
        self._response = None  # to the request of the transfer that is running
        self._silent_ms = 0

    # --- states -------------------------------------------------------------------------------

    def is_of(self, incoming):
        """True when a message belongs to the transfer that is running."""
        return (
            self.state != IDLE and incoming.transaction == self.transaction and incoming.source == self.other
        )

    def move(self, session, happening, result=SUCCESS, incoming=None):
        """Take the step that the table says and do its duty; return an event, or None."""
        self.state, duty = step(self.exchange, self.END, self.state, happening)
        if duty == "store":
            return self._store(session, incoming)
        if duty == "slide":
            return self._slide(session, incoming)
        if duty == "send_abort":
            self._send_ack(session, result)
        elif duty == "send_result" or duty == "send_failure":
            self._send_result(session, result)
        elif duty == "close" and not self.receive_window.is_done():
            result = CONNECTION_CLOSED
        elif is_drop(duty):
            return session.drop(duty or "no_transition")
        if self.state == IDLE:
            self.storage.close()
            return self.ended(session, duty, result)
        return self.duty(session, duty, incoming)

    def ended(self, session, duty, result) -> "object":
        """The transfer is over; return an event, or None."""
        return None

    def duty(self, session, duty, incoming) -> "object":
        """What only one of the ends does; return an event, or None."""
        return None

    def _slide(self, session, incoming) -> "object":
        """Who sends has heard how far it has come; return an event, or None."""
        return None

    def _send_result(self, session, result):
        """Who sends says how it ended."""

    # --- what comes in ------------------------------------------------------------------------

    def take(self, session, incoming):
        if not self.is_of(incoming):
            return NOT_MINE
        if incoming.kind == FILE_DATA:
            return self.move(session, "data", SUCCESS, incoming)
        values = incoming.unpack()
        result = values["Result"]
        if incoming.kind == FILE_DATA_ACK:
            return self.move(session, "abort" if result else "ack", result, incoming)
        if incoming.kind in (m.GET_FILE_RESULT, m.PUT_FILE_RESULT):
            return self.move(session, "failure" if result else "result", result, incoming)
        return self.move(session, "refusal" if result else "response", result, incoming)

    def take_stray(self, session, incoming):
        """Data that nobody waits for: the sender may stop, and after our restart begin anew. An
        acknowledgement that nobody waits for is late."""
        if incoming.kind == FILE_DATA_ACK:
            return True
        if incoming.kind != FILE_DATA:
            return False
        payload = {"Result": TRANSACTION_STOPPED, "NextOffset": 0}
        payload = codec.pack(FILE_DATA_ACK, payload)
        session.send(FILE_DATA_ACK, incoming.source, incoming.transaction, payload, incoming.peer)
        return True

    def _store(self, session, incoming):
        buf, at, window = incoming.buf, incoming.at, self.receive_window
        n = incoming.end - at - FILE_DATA_BODY_SIZE
        if n < 0 or wire.read(">H", buf, at + 4) != n:
            raise DecodeError("truncated" if n < 0 else "keyword", at)
        if window.is_done() or not window.takes(wire.read(">I", buf, at), n):
            window.owes_ack = True
            return None
        if not window.fits(n):
            return self.move(session, "storage_error", STORAGE_ALLOCATION_EXCEEDED)
        at += FILE_DATA_BODY_SIZE
        result = self.storage.write(memoryview(buf)[at : at + n])
        if not result:
            window.took(n)
            self._silent_ms = 0
            if window.is_done():
                result = self.storage.finish()
        return self.move(session, "storage_error", result) if result else None

    # --- what goes out ------------------------------------------------------------------------

    def start_receiving(self, size, start):
        from .receive_window import ReceiveWindow

        self.receive_window = ReceiveWindow(size, start)
        self._silent_ms = 0

    def next_message(self, session):
        if self.state == RECEIVING and self.receive_window.owes_ack:
            self.receive_window.owes_ack = False
            return self._message(session, FILE_DATA_ACK, self._ack(SUCCESS))
        return None

    def _message(self, session, kind, payload):
        return Message(kind, session.device_id, self.other, self.transaction, payload, self.peer)

    def _ack(self, result):
        return codec.pack(FILE_DATA_ACK, {"Result": result, "NextOffset": self.receive_window.next})

    def _send_ack(self, session, result):
        session.send(FILE_DATA_ACK, self.other, self.transaction, self._ack(result), self.peer)

    # --- a device that is offered a file --------------------------------------------------------

    def answer_busy(self, session, incoming):
        if self.is_of(incoming):
            self.move(session, "request")
            return self._response
        self.move(session, "other_request")
        return OTHER_OPERATION_RUNNING

    def begin_put(self, session, incoming, values):
        digest, size = values["FileDigest"], values["FileSize"]
        result, start = self.storage.begin(
            values["FileType"], values["FileName"], values["FileVersion"], size, digest, True
        )
        if result:
            return result
        self.begin("put", incoming, digest)
        self.start_receiving(size, start)
        if start == size:
            result = self.storage.finish()
            if result:
                self.storage.close()
                return result
        block = block_size(values["BlockSize"], self.storage.MAX_BLOCK)
        answer = {"Result": SUCCESS, "StartOffset": start, "BlockSize": block}
        return self.accept(session, codec.pack(m.PUT_FILE_RESPONSE, answer))

    def begin(self, exchange, incoming, digest):
        self.exchange = exchange
        self.transaction = incoming.transaction
        self.other = incoming.source
        self.peer = incoming.peer
        self.digest = digest

    def accept(self, session, response):
        self._response = response
        self.move(session, "request")
        return response

    def lost(self, session, route):
        """Who was transferring is gone, so the next need not wait for the silence to be long enough."""
        if self.END == "responder" and self.state != IDLE and self.peer and self.peer[1] is route:
            self.move(session, "timeout", TRANSACTION_TIMEOUT)

    # --- time ---------------------------------------------------------------------------------

    def elapsed(self, session, ms) -> "list | tuple":
        if self.state == IDLE:
            return ()
        self._silent_ms += ms
        if self.state == RECEIVING:
            self.receive_window.elapsed(ms)
        if self._silent_ms >= self.longest_silence_ms():
            event = self.move(session, "timeout", TRANSACTION_TIMEOUT)
            if event:
                return (event,)
        return ()

    def is_at_rest(self):
        return self.state == IDLE

    def longest_silence_ms(self) -> "int":
        return SILENCE_MS

    def due_ms(self) -> "int | None":
        if self.state == IDLE:
            return None
        wait = max(0, self.longest_silence_ms() - self._silent_ms)
        return min(wait, self.receive_window.due_ms()) if self.state == RECEIVING else wait


def block_size(wanted, most):
    """The BlockSize that answers a wish; 0 wishes for nothing."""
    return max(LEAST_BLOCK, min(wanted or BLOCK_SIZE, most, BLOCK_SIZE))
