"""The role of a device that has files: it lists them, sends them and takes them. Bytes: transfer.py."""

from .. import wire
from . import codec
from .outgoing import Body
from .tables import message_codes as m
from .tables.bodies_files_ours import FILE_INFO, FILE_INFO_SIZE
from .tables.messages_ours import FILE_DATA, FILE_DATA_ACK
from .tables.result_codes import (
    FILE_NOT_FOUND,
    OTHER_OPERATION_RUNNING,
    PAYLOAD_SYNTAX,
    SUCCESS,
    TRANSACTION_TIMEOUT,
)
from .transactions import IDLE
from .transfer import Transfer, block_size

# The beginning of a GET_FILEINFO_RESPONSE, with its counter as a number of its own.
_HEAD = (("Result", ">H", None, "OURS"), ("n", ">H", None, "OURS"))
_HEAD_SIZE = 4


class Files(Transfer):
    """storage: see transfer.py."""

    END = "responder"
    ANSWERS = (m.GET_FILEINFO_REQUEST, m.GET_FILE_REQUEST, m.PUT_FILE_REQUEST)
    TAKES = (FILE_DATA, FILE_DATA_ACK, m.PUT_FILE_RESULT)

    _response = None  # to the request of the transfer that is running

    def answer(self, session, incoming):
        values = incoming.values
        if incoming.kind == m.GET_FILEINFO_REQUEST:
            return self._file_info(values["FileType"], values["FileName"])
        if self.state != IDLE:
            return self._answer_busy(session, incoming)
        if incoming.kind == m.GET_FILE_REQUEST:
            return self._begin_get(session, incoming, values)
        return self._begin_put(session, incoming, values)

    def _answer_busy(self, session, incoming):
        if self.is_of(incoming):
            self.move(session, "request")
            return self._response
        self.move(session, "other_request")
        return OTHER_OPERATION_RUNNING

    def _file_info(self, file_type, name):
        files = self.storage.files(file_type, name)
        if name and not files:
            return FILE_NOT_FOUND

        def rows():
            yield wire.pack(_HEAD, {"Result": SUCCESS, "n": len(files)})
            for kind, file_name, version, size, digest in files:
                yield wire.pack(
                    FILE_INFO,
                    {
                        "FileType": kind,
                        "FileName": file_name,
                        "FileVersion": version,
                        "FileSize": size,
                        "FileDigest": digest,
                    },
                )

        return Body(rows, _HEAD_SIZE + len(files) * FILE_INFO_SIZE)

    def _begin_get(self, session, incoming, values):
        result, size, digest = self.storage.open(values["FileType"], values["FileName"])
        if not result and values["StartOffset"] > size:
            self.storage.close()
            result = PAYLOAD_SYNTAX
        if result:
            return result
        block = block_size(values["BlockSize"], self.storage.MAX_BLOCK)
        self._begin("get", incoming, digest)
        self.start_sending(size, values["StartOffset"], block)
        answer = {"Result": SUCCESS, "FileSize": size, "BlockSize": block, "FileDigest": digest}
        return self._accept(session, codec.pack(m.GET_FILE_RESPONSE, answer))

    def _begin_put(self, session, incoming, values):
        digest, size = values["FileDigest"], values["FileSize"]
        result, start = self.storage.begin(
            values["FileType"], values["FileName"], values["FileVersion"], size, digest, True
        )
        if result:
            return result
        self._begin("put", incoming, digest)
        self.start_receiving(size, start)
        if start == size:
            result = self.storage.finish()
            if result:
                self.storage.close()
                return result
        block = block_size(values["BlockSize"], self.storage.MAX_BLOCK)
        answer = {"Result": SUCCESS, "StartOffset": start, "BlockSize": block}
        return self._accept(session, codec.pack(m.PUT_FILE_RESPONSE, answer))

    def _begin(self, exchange, incoming, digest):
        self.exchange = exchange
        self.transaction = incoming.transaction
        self.other = incoming.source
        self.peer = incoming.peer
        self.digest = digest

    def lost(self, session, route):
        """Who was transferring is gone, so the next need not wait for the silence to be long enough."""
        if self.state != IDLE and self.peer and self.peer[1] is route:
            self.move(session, "timeout", TRANSACTION_TIMEOUT)

    def _accept(self, session, response):
        self._response = response
        self.move(session, "request")
        return response
