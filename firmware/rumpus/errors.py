"""The whole error tree. Codes on the device; the host turns them into sentences (explain.py)."""


class RumpusError(Exception):
    """code: a short token or a result number; detail: byte offset, field id or errno."""

    def __init__(self, code, detail=None):
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class EncodeError(RumpusError):
    """We were asked to send something the tables forbid."""


class DecodeError(RumpusError):
    """The peer sent something the tables forbid; detail is the byte offset."""


class StateError(RumpusError):
    """The right message at the wrong moment."""


class PeerError(RumpusError):
    """A well-formed refusal from the peer; code is its result, detail what it refused."""


class PeerTimeout(RumpusError):
    """No answer in time."""


class TransportError(RumpusError):
    """The link was closed, refused or is unreachable; detail is the errno where there is one."""


class DeviceFault(RumpusError):
    """A part does not work: sensor open, bus stuck, relay welded."""
