"""The asking end of files: one download or upload at a time. Bytes: transfer.py.

    transaction = client.get(session, device_id, "Log", "events")
    transaction = client.put(session, device_id, "Firmware", "bundle", "1.2.0")

Either ends with one event: ANSWER, REFUSED (values["Result"] says why) or NO_ANSWER. What was transferred
is not lost: the same call goes on where the last one stopped. client.done, client.size: the progress;
client.resumed_at: the bytes that were there already.
"""

from ..errors import StateError
from . import codec
from . import session as s
from .receive_window import ReceiveWindow
from .send_window import SendWindow
from .tables import message_codes as m
from .tables.messages_ours import FILE_DATA, FILE_DATA_ACK
from .tables.result_codes import (
    LOCAL_ERROR,
    PAYLOAD_SYNTAX,
    SUCCESS,
    TRANSACTION_STOPPED,
    TRANSACTION_TIMEOUT,
)
from .tables.timing import BLOCK_SIZE, RESPONSE_TIMEOUT_MS, SILENCE_MS
from .transactions import IDLE
from .transfer import SENDING, Transfer

ASKED = "asked"


class FileClient(Transfer):
    """storage: see transfer.py."""

    END = "requester"
    TAKES = (m.GET_FILE_RESPONSE, m.PUT_FILE_RESPONSE, m.GET_FILE_RESULT, FILE_DATA, FILE_DATA_ACK)

    _what = ("", "", "")  # file type, name, version
    _start = 0
    _expected = None  # digest that the file must have
    _is_cancelled = False
    resumed_at = 0

    def __init__(self, storage):
        super().__init__(storage)
        self._forget_progress()

    def _forget_progress(self):
        self.send_window = SendWindow(0, 0, BLOCK_SIZE)
        self.receive_window = ReceiveWindow(0, 0)

    def get(self, session, to, file_type, name, digest=None, block=0, peer=None):
        """Ask for a file; return the TransactionID. digest: as GET_FILEINFO said, to go on where an earlier
        download stopped, and to be sure that it is still the same file. Raises StateError."""
        self._require_idle()
        self._what = (file_type, name, "")
        self._expected = digest
        self._start = self.storage.resume(file_type, name, digest) if digest else 0
        values = {"FileType": file_type, "FileName": name, "StartOffset": self._start, "BlockSize": block}
        return self._ask(session, "get", m.GET_FILE_REQUEST, to, values, peer)

    def put(self, session, to, file_type, name, version, block=0, peer=None):
        """Offer a file; return the TransactionID. Raises StateError(no_file, Result)."""
        self._require_idle()
        result, size, self.digest = self.storage.open(file_type, name)
        if result:
            raise StateError("no_file", result)
        self._what = (file_type, name, version)
        self._start = size
        values = {
            "FileType": file_type,
            "FileName": name,
            "FileVersion": version,
            "FileSize": size,
            "BlockSize": block,
            "FileDigest": self.digest,
        }
        return self._ask(session, "put", m.PUT_FILE_REQUEST, to, values, peer)

    def cancel(self, session):
        """End the transfer that is running, if there is one. No event follows."""
        if self.state != IDLE:
            self._is_cancelled = True
            self.move(session, "cancel", TRANSACTION_STOPPED)

    @property
    def size(self):
        """Bytes of the file, 0 when not yet known."""
        return self.send_window.size if self.exchange == "put" else self.receive_window.size

    @property
    def done(self):
        """Bytes that the receiver has."""
        return self.send_window.acked if self.exchange == "put" else self.receive_window.next

    def _require_idle(self):
        if self.state != IDLE:
            raise StateError("transfer_running")

    def _ask(self, session, exchange, kind, to, values, peer):
        self._forget_progress()
        self._is_cancelled = False
        self.resumed_at = 0
        self.transaction = session.ask(kind, to, codec.pack(kind, values), peer)
        self.exchange = exchange
        self.other = to
        self.peer = peer
        self._silent_ms = 0
        self.move(session, "start")
        return self.transaction

    def duty(self, session, duty, incoming):
        if duty != "open":
            return None
        values = incoming.values
        wrong = self._open_put(values) if self.state == SENDING else self._open_get(values)
        if wrong:
            return self.move(session, "storage_error", wrong)
        if self.state == SENDING and self.send_window.is_done():
            return self.move(session, "all_acked")
        return None

    def _open_get(self, values):
        """Begin to write; return a Result."""
        size, self.digest = values["FileSize"], values["FileDigest"]
        self.resumed_at = self._start
        self.start_receiving(size, self._start)
        if self._expected and self.digest != self._expected:
            return TRANSACTION_STOPPED  # it has changed since we asked what it is
        result, start = self.storage.begin(*self._what, size, self.digest, self._start > 0)
        if result or start != self._start:
            return result or LOCAL_ERROR
        return self.storage.finish() if start == size else SUCCESS

    def _open_put(self, values):
        size, start, block = self._start, values["StartOffset"], values["BlockSize"]
        self.resumed_at = min(start, size)
        self.start_sending(size, self.resumed_at, min(block, BLOCK_SIZE) or BLOCK_SIZE)
        return PAYLOAD_SYNTAX if start > size or block == 0 else SUCCESS

    def ended(self, session, duty, result):
        if self._is_cancelled:
            return None
        if result == TRANSACTION_TIMEOUT:
            return self._event(s.NO_ANSWER, result)
        return self._event(s.REFUSED if result else s.ANSWER, result)

    def _event(self, what, result):
        kind = m.GET_FILE_RESULT if self.exchange == "get" else m.PUT_FILE_RESULT
        values = {"Result": result, "BytesSent": self.done, "FileDigest": self.digest}
        return what, self.transaction, kind, self.other, values

    def undelivered(self, session, kind, transaction):
        if self.state == IDLE or transaction != self.transaction:
            return None
        return self.move(session, "undelivered", TRANSACTION_TIMEOUT)

    def longest_silence_ms(self):
        return RESPONSE_TIMEOUT_MS if self.state == ASKED else SILENCE_MS
