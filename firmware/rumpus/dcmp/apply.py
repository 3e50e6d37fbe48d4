"""The role that acts on files: update, rollback, execute, reboot. It accepts, acts, and tells the result,
if need be after the restart that is the action.

actions does the work and is given:

    check(apply_type, file_type, file_name)   (Result, ExpectedTime in s): may it be done? Changes nothing
    start(apply_type, file_type, file_name)   do it; may restart the device and never return
    finished()                                None while it is going on, else (Result, version now running);
                                              after a restart: what became of it
record keeps 40 bytes over a restart, durable when save() returns:

    load() -> bytes or None; save(raw) -> True when done; clear()
"""

from .. import wire
from ..errors import DecodeError
from . import codec
from .outgoing import Message
from .role import Role
from .tables import message_codes as m
from .tables.bodies_files_ours import APPLY_RECORD
from .tables.result_codes import LOCAL_ERROR, OTHER_OPERATION_RUNNING, SUCCESS
from .tables.timing import APPLY_DELAY_MS
from .transactions import IDLE, step

_POLL_MS = 250


class Apply(Role):
    ANSWERS = (m.APPLY_REQUEST,)

    def __init__(self, actions, record):
        self._actions = actions
        self._record = record
        self.state = IDLE
        self._values = None  # of the request; after a restart as far as they were kept
        self._source = None
        self._transaction = None
        self._peer = None
        self._response = None
        self._delay_ms = 0  # until start(); 0: started
        self._outcome = None
        self._read_record()

    def _move(self, happening):
        self.state, duty = step("apply", "responder", self.state, happening)
        return duty

    def _read_record(self):
        raw = self._record.load()
        if raw is None:
            return
        try:
            self._values = wire.unpack_all(APPLY_RECORD, raw)
        except DecodeError:
            self._record.clear()
            return
        self._source, self._transaction = self._values["Requester"], self._values["TransactionID"]
        self._response = codec.pack(m.APPLY_RESPONSE, {"Result": SUCCESS, "ExpectedTime": 0})
        self.state = "applying"
        self._move("reboot")

    # --- asking -------------------------------------------------------------------------------

    def answer(self, session, incoming):
        if self.state != IDLE:
            is_same = incoming.source == self._source and incoming.transaction == self._transaction
            self._move("request" if is_same else "other_request")
            return self._response if is_same else OTHER_OPERATION_RUNNING
        values = incoming.values
        result, expected_s = self._actions.check(values["ApplyType"], values["FileType"], values["FileName"])
        if result:
            return result
        record = {
            "ApplyType": values["ApplyType"],
            "Requester": incoming.source,
            "TransactionID": incoming.transaction,
        }
        if not self._record.save(wire.pack(APPLY_RECORD, record)):
            return LOCAL_ERROR
        self._values, self._source, self._transaction = values, incoming.source, incoming.transaction
        self._peer = incoming.peer
        self._delay_ms = APPLY_DELAY_MS
        self._outcome = None
        self._move("request")
        self._response = codec.pack(m.APPLY_RESPONSE, {"Result": SUCCESS, "ExpectedTime": expected_s})
        return self._response

    # --- acting -------------------------------------------------------------------------------

    def elapsed(self, session, ms):
        if self.state == IDLE or self._outcome:
            return ()
        if self._delay_ms > ms:
            self._delay_ms -= ms
            return ()
        if self._delay_ms:
            self._delay_ms = 0
            values = self._values
            self._actions.start(values["ApplyType"], values["FileType"], values["FileName"])
        self._outcome = self._actions.finished()
        return ()

    def next_message(self, session):
        """The result, once; the record goes when it is handed out."""
        if self.state == IDLE or not self._outcome:
            return None
        result, version = self._outcome
        values = {"Result": result, "ApplyType": self._values["ApplyType"], "FileVersion": version}
        payload = codec.pack(m.APPLY_RESULT, values)
        self._move("finished")
        self._record.clear()
        return Message(
            m.APPLY_RESULT, session.device_id, self._source, self._transaction, payload, self._peer
        )

    def is_at_rest(self):
        return self.state == IDLE

    def due_ms(self):
        if self.state == IDLE:
            return None
        return 0 if self._outcome else self._delay_ms or _POLL_MS
