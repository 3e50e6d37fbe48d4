"""The layouts of files and apply by message type, for codec.py."""

from .tables import bodies_files_ours as files
from .tables import message_codes as m
from .tables.messages_ours import FILE_DATA, FILE_DATA_ACK

KEYWORDS = files.KEYWORDS
BODIES = (
    (m.GET_FILEINFO_REQUEST, files.GET_FILEINFO_REQUEST_BODY),
    (m.GET_FILEINFO_RESPONSE, files.GET_FILEINFO_RESPONSE_BODY),
    (m.GET_FILE_REQUEST, files.GET_FILE_REQUEST_BODY),
    (m.GET_FILE_RESPONSE, files.GET_FILE_RESPONSE_BODY),
    (m.GET_FILE_RESULT, files.GET_FILE_RESULT_BODY),
    (m.PUT_FILE_REQUEST, files.PUT_FILE_REQUEST_BODY),
    (m.PUT_FILE_RESPONSE, files.PUT_FILE_RESPONSE_BODY),
    (m.PUT_FILE_RESULT, files.PUT_FILE_RESULT_BODY),
    (m.APPLY_REQUEST, files.APPLY_REQUEST_BODY),
    (m.APPLY_RESPONSE, files.APPLY_RESPONSE_BODY),
    (m.APPLY_RESULT, files.APPLY_RESULT_BODY),
    (FILE_DATA, files.FILE_DATA_BODY),
    (FILE_DATA_ACK, files.FILE_DATA_ACK_BODY),
)
