"""The role of a device that has files: it lists them, sends them and takes them. Bytes: transfer.py."""

from .. import wire
from . import codec
from .outgoing import Body
from .receiving import block_size
from .tables import message_codes as m
from .tables.bodies_files_ours import FILE_INFO, FILE_INFO_SIZE
from .tables.messages_ours import FILE_DATA, FILE_DATA_ACK
from .tables.result_codes import FILE_NOT_FOUND, PAYLOAD_SYNTAX, SUCCESS
from .transactions import IDLE
from .transfer import Transfer

# The beginning of a GET_FILEINFO_RESPONSE, with its counter as a number of its own.
_HEAD = (("Result", ">H", None, "OURS"), ("n", ">H", None, "OURS"))
_HEAD_SIZE = 4


class Files(Transfer):
    """storage: see transfer.py."""

    END = "responder"
    ANSWERS = (m.GET_FILEINFO_REQUEST, m.GET_FILE_REQUEST, m.PUT_FILE_REQUEST)
    TAKES = (FILE_DATA, FILE_DATA_ACK, m.PUT_FILE_RESULT)

    def answer(self, session, incoming):
        values = incoming.values
        if incoming.kind == m.GET_FILEINFO_REQUEST:
            return self._file_info(values["FileName"], self.listed(values["FileType"], values["FileName"]))
        if self.state != IDLE:
            return self.answer_busy(session, incoming)
        if incoming.kind == m.GET_FILE_REQUEST:
            return self._begin_get(session, incoming, values)
        return self.begin_put(session, incoming, values)

    def listed(self, file_type, name):
        """The rows of files that are told of; see transfer.py."""
        return self.storage.files(file_type, name)

    def _file_info(self, name, files):
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
        self.begin("get", incoming, digest)
        block = self.start_sending(size, values["StartOffset"], block)
        answer = {"Result": SUCCESS, "FileSize": size, "BlockSize": block, "FileDigest": digest}
        return self.accept(session, codec.pack(m.GET_FILE_RESPONSE, answer))
