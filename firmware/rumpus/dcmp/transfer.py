"""File bytes on their way, at either end; files.py and file_client.py say who asked.

The sender of the file sends FILE_DATA and at the end the RESULT, the receiver FILE_DATA_ACK: the same for
a download and an upload. One transfer at a time. A second copy of a block is no repeat of a message
(D43): the window is the only thing that sends again, and RMDP does not acknowledge these two.

storage is where files lie. It is given, and everything slow is in it:

    files(file_type, name)      list of (FileType, FileName, FileVersion, FileSize, FileDigest); name ""
                                and type "All" mean all
    open(file_type, name)       (Result, size, digest): the file will be read
    read(offset, view)          fill the view from the file at offset; bytes read
    resume(file_type, name, digest)
                                bytes kept of an interrupted download of exactly this file, 0 = none
    begin(file_type, name, version, size, digest, may_resume)
                                (Result, offset): the file will be written from offset on; offset is not 0
                                when a part of exactly this file (size and digest) was kept, and it may be
                                gone on with. Refuses what there is no room for (with the reserve that a
                                device needs), and bad names
    write(view)                 Result; append to the file
    finish()                    Result; all was written: check the digest (0C0C when it is wrong)
    close()                     stop reading or writing; an unfinished part is kept, a finished file stays
    MAX_BLOCK                   the most bytes it wants in one write

All Results are those of DCMP; 0 is success.
"""

from .. import wire
from ..errors import DecodeError
from . import codec
from .outgoing import Message
from .session import NOT_MINE, Role
from .tables import message_codes as m
from .tables.bodies_files_ours import FILE_DATA_BODY_SIZE
from .tables.messages_ours import FILE_DATA, FILE_DATA_ACK
from .tables.result_codes import (
    CONNECTION_CLOSED,
    LOCAL_ERROR,
    STORAGE_ALLOCATION_EXCEEDED,
    SUCCESS,
    TRANSACTION_STOPPED,
    TRANSACTION_TIMEOUT,
)
from .tables.timing import BLOCK_SIZE, LEAST_BLOCK, SILENCE_MS
from .transactions import IDLE, step
from .windows import ReceiveWindow, SendWindow

SENDING = "sending"
RECEIVING = "receiving"


class Transfer(Role):
    """END: this end of the transaction table. What is reported of the end of a transfer is the subclass's."""

    END = ""

    def __init__(self, storage):
        self.storage = storage
        self.state = IDLE
        self.exchange = "get"
        self.transaction = None
        self.other = None  # device ID of the other end
        self.peer = None
        self.digest = b""
        self.send_window = SendWindow(0, 0, BLOCK_SIZE)
        self.receive_window = ReceiveWindow(0, 0)
        self._block = bytearray(0)
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
        elif duty is None or duty.startswith("drop"):
            return session.drop(duty or "no_transition")
        if self.state == IDLE:
            self.storage.close()
            self._block = bytearray(0)
            return self.ended(session, duty, result)
        return self.duty(session, duty, incoming)

    def ended(self, session, duty, result) -> "object":
        """The transfer is over; return an event, or None."""
        return None

    def duty(self, session, duty, incoming) -> "object":
        """What only one of the ends does; return an event, or None."""
        return None

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

    def _slide(self, session, incoming):
        if self.send_window.take_ack(incoming.values["NextOffset"]):
            self._silent_ms = 0
        return self.move(session, "all_acked") if self.send_window.is_done() else None

    # --- what goes out ------------------------------------------------------------------------

    def start_sending(self, size, start, block):
        self.send_window = SendWindow(size, start, block)
        self._block = bytearray(FILE_DATA_BODY_SIZE + block)
        self._silent_ms = 0

    def start_receiving(self, size, start):
        self.receive_window = ReceiveWindow(size, start)
        self._silent_ms = 0

    def next_message(self, session):
        if self.state == RECEIVING and self.receive_window.owes_ack:
            self.receive_window.owes_ack = False
            return self._message(session, FILE_DATA_ACK, self._ack(SUCCESS))
        if self.state == SENDING and self.send_window.may_send():
            return self._next_block(session)
        return None

    def _next_block(self, session):
        window, block = self.send_window, self._block
        n = min(window.block, window.size - window.next)
        view = memoryview(block)[: FILE_DATA_BODY_SIZE + n]
        if self.storage.read(window.next, view[FILE_DATA_BODY_SIZE:]) != n:
            self._failed = self.move(session, "storage_error", LOCAL_ERROR)
            return None
        wire.write(">I", block, 0, window.next)
        wire.write(">H", block, 4, n)
        window.sent(n)
        return self._message(session, FILE_DATA, view)

    def _message(self, session, kind, payload):
        return Message(kind, session.device_id, self.other, self.transaction, payload, self.peer)

    def _ack(self, result):
        return codec.pack(FILE_DATA_ACK, {"Result": result, "NextOffset": self.receive_window.next})

    def _send_ack(self, session, result):
        session.send(FILE_DATA_ACK, self.other, self.transaction, self._ack(result), self.peer)

    def _send_result(self, session, result):
        kind = m.GET_FILE_RESULT if self.exchange == "get" else m.PUT_FILE_RESULT
        sent = self.send_window.acked
        payload = codec.pack(kind, {"Result": result, "BytesSent": sent, "FileDigest": self.digest})
        session.send(kind, self.other, self.transaction, payload, self.peer)

    # --- time ---------------------------------------------------------------------------------

    _failed = None  # the event of a transfer that ended while a block was made

    def elapsed(self, session, ms):
        events = []
        if self._failed:
            events.append(self._failed)
            self._failed = None
        if self.state != IDLE:
            self._silent_ms += ms
            if self.state == SENDING:
                self.send_window.elapsed(ms)
            elif self.state == RECEIVING:
                self.receive_window.elapsed(ms)
            if self._silent_ms >= self.longest_silence_ms():
                event = self.move(session, "timeout", TRANSACTION_TIMEOUT)
                if event:
                    events.append(event)
        return events

    def longest_silence_ms(self) -> "int":
        return SILENCE_MS

    def due_ms(self):
        if self._failed:
            return 0
        if self.state == IDLE:
            return None
        wait = max(0, self.longest_silence_ms() - self._silent_ms)
        if self.state == SENDING:
            return min(wait, self.send_window.due_ms())
        return min(wait, self.receive_window.due_ms()) if self.state == RECEIVING else wait


def block_size(wanted, most):
    """The BlockSize that answers a wish; 0 wishes for nothing."""
    return max(LEAST_BLOCK, min(wanted or BLOCK_SIZE, most, BLOCK_SIZE))
