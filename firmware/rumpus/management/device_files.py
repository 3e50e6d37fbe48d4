"""The role that has the files of this device: firmware goes to a slot, where there are slots, all else to the store."""

from ..dcmp.files import Files
from ..dcmp.tables import message_codes as m
from ..dcmp.tables.result_codes import FILE_NOT_FOUND, LOCAL_ERROR
from ..dcmp.transactions import IDLE
from ..update.tables.slots import FIRMWARE


class DeviceFiles(Files):
    """store: a storage, see dcmp/transfer.py. updater: the Updater, or None for a device that has no slots."""

    def __init__(self, store, updater):
        super().__init__(store)
        self._others = store
        self._updater = updater

    def listed(self, file_type, name):
        rows = self._others.files(file_type, name)
        if self._updater is not None and file_type in ("All", FIRMWARE):
            rows = [row for row in rows if row[0] != FIRMWARE]
            rows += [row for row in self._updater.versions().listing() if name in ("", row[1])]
        return rows

    def answer(self, session, incoming):
        if self.state == IDLE and incoming.kind != m.GET_FILEINFO_REQUEST:
            self.storage = self._others
            if self._updater is not None and incoming.values["FileType"] == FIRMWARE:
                if incoming.kind == m.GET_FILE_REQUEST:
                    return FILE_NOT_FOUND  # a slot is no file
                try:
                    self.storage = self._updater.versions().staging()
                except MemoryError:  # not even for the modules
                    return LOCAL_ERROR
        return super().answer(session, incoming)
