"""What a verb raises when it cannot do what was asked: an exit code, and sentences instead of a traceback."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rumpus.rump.layout import Status

OK = 0
REFUSED = 1  # the device said no; decode: the bytes are wrong
WRONG_USE = 2
UNREACHABLE = 3
OUTCOME_UNKNOWN = 4


class Failure(Exception):
    """error: a short token for programs. message: what happened and why. next: what to do now.

    more: further keys of the JSON object. status: (type name, title, Status) that people are shown too.
    """

    def __init__(
        self,
        exit_code: int,
        error: str,
        message: str,
        next: str = "",
        more: dict | None = None,
        status: "tuple[str, str, Status] | None" = None,
    ):
        super().__init__(message)
        self.exit_code = exit_code
        self.error = error
        self.message = message
        self.next = next
        self.more = more or {}
        self.status = status

    def as_json(self) -> dict:
        return {**self.more, "error": self.error, "message": self.message, "next": self.next}


def wrong_use(message: str, next: str = "", error: str = "wrong_use") -> Failure:
    return Failure(WRONG_USE, error, message, next)
