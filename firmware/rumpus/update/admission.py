"""Whether a bundle may come to this device: asked before anything is touched. All answers are DCMP Results."""

from ..dcmp.tables.result_codes import (
    FILE_BUSY,
    INSUFFICIENT_STORAGE,
    PAYLOAD_SYNTAX,
    SERVICE_NOT_AVAILABLE,
    SUCCESS,
)
from ..dcmp.tables.results_ours import BAD_SIGNATURE, BELOW_FLOOR, WRONG_BOARD, WRONG_TYPE
from ..errors import DecodeError
from . import folders
from .manifest import Manifest
from .manifest_head import version_key

# Left free for settings, events and logs, which are written in turn, and for the file system's own.
RESERVE = 65536


class Admission:
    """folder: what the slots are in. running: (board, type, version, floor) of the version that runs. key: the
    public key (bytes of the modulus), or None."""

    def __init__(self, record, folder, running, key):
        self._record = record
        self._folder = folder
        self._board, self._type, _version, floor = running
        self._floor = version_key(floor)
        self._key = key

    def of_request(self, version, size):
        """What can be said before a byte has come."""
        if self._key is None:
            return SERVICE_NOT_AVAILABLE
        if self._record.is_on_trial:
            return FILE_BUSY  # the other slot is what a failed trial comes back to
        try:
            if version_key(version) < self._floor:
                return BELOW_FLOOR
        except DecodeError:
            return PAYLOAD_SYNTAX
        block, free = folders.free(self._folder)
        return self._of_room(block, free - folders.blocks(size, block))

    def of_manifest(self, path):
        """What its manifest says, and who signed it."""
        with Manifest(path) as manifest:
            block, free = folders.free(self._folder)
            free -= folders.needed(manifest, block)
            if not manifest.is_signed(self._key):
                return BAD_SIGNATURE
            if manifest.board != self._board:
                return WRONG_BOARD
            if manifest.type != self._type:
                return WRONG_TYPE
            if version_key(manifest.version) < self._floor:
                return BELOW_FLOOR
        return self._of_room(block, free)

    def _of_room(self, block, left):
        """left: blocks, were the other slot not there to be written over."""
        left -= folders.blocks(RESERVE, block)
        if left < 0:  # looking at each file takes its time
            left += folders.used(self._record.path(), block)
        return INSUFFICIENT_STORAGE if left < 0 else SUCCESS
