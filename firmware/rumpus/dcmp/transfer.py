"""File bytes on their way, at either end; files.py and file_client.py say who asked. The half that takes them:
receiving.py.

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
from . import codec
from .receiving import Receiving
from .tables import message_codes as m
from .tables.bodies_files_ours import FILE_DATA_BODY_SIZE
from .tables.messages_ours import FILE_DATA
from .tables.result_codes import LOCAL_ERROR
from .tables.timing import LEAST_BLOCK
from .transactions import IDLE

SENDING = "sending"


class Transfer(Receiving):
    """Both ways."""

    _failed = None  # the event of a transfer that ended while a block was made

    def __init__(self, storage):
        super().__init__(storage)
        self.send_window = None  # a SendWindow, while something goes out
        self._block = bytearray(0)

    def move(self, session, happening, result=0, incoming=None):
        event = super().move(session, happening, result, incoming)
        if self.state == IDLE:
            self._block = bytearray(0)
        return event

    def _slide(self, session, incoming):
        if self.send_window.take_ack(incoming.values["NextOffset"]):
            self._silent_ms = 0
        return self.move(session, "all_acked") if self.send_window.is_done() else None

    # --- what goes out ------------------------------------------------------------------------

    def start_sending(self, size, start, block):
        """Begin; return the size of blocks, smaller than block where memory does not suffice for that."""
        block = self._make_block(block)
        from .send_window import SendWindow

        self.send_window = SendWindow(size, start, block)
        self._silent_ms = 0
        return block

    def _make_block(self, block):
        """A buffer for blocks of this size, or of half of it and so on; so that some memory is left beside it."""
        while True:
            try:
                spare = bytearray(block)
                self._block = bytearray(FILE_DATA_BODY_SIZE + block)
                del spare
                return block
            except MemoryError:
                spare = None
                if block <= LEAST_BLOCK:
                    raise
                block = max(LEAST_BLOCK, block // 2)

    def next_message(self, session):
        if self.state == SENDING and self.send_window.may_send():
            return self._next_block(session)
        return super().next_message(session)

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

    def _send_result(self, session, result):
        kind = m.GET_FILE_RESULT if self.exchange == "get" else m.PUT_FILE_RESULT
        sent = self.send_window.acked
        payload = codec.pack(kind, {"Result": result, "BytesSent": sent, "FileDigest": self.digest})
        session.send(kind, self.other, self.transaction, payload, self.peer)

    # --- time ---------------------------------------------------------------------------------

    def elapsed(self, session, ms):
        events = []
        if self._failed:
            events.append(self._failed)
            self._failed = None
        if self.state == SENDING:
            self.send_window.elapsed(ms)
        events.extend(super().elapsed(session, ms))
        return events

    def is_at_rest(self):
        return super().is_at_rest() and not self._failed

    def due_ms(self):
        if self._failed:
            return 0
        due = super().due_ms()
        return min(due or 0, self.send_window.due_ms()) if self.state == SENDING else due
