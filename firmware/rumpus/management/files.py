"""The roles that are loaded when somebody asks for a file, or to apply one.

A device that runs from a slot can be updated (update/); on another, requests to apply are refused
as not executable.
"""

from ..dcmp.tables import message_codes as m


def role(kind, app, settings):
    """The role that answers requests of this kind, or None."""
    updater = app.updater
    if kind != m.APPLY_REQUEST:
        from .file_store import FileStore

        store = FileStore(app.hal.files.folder)
        from .device_files import DeviceFiles  # one after the other, where memory is short

        return DeviceFiles(store, updater)
    if updater is None:
        return None
    from ..dcmp.apply import Apply
    from ..update.apply_record import ApplyRecord
    from ..update.orders import Orders

    return Apply(Orders(updater, app.appliance.must_go_on), ApplyRecord(updater.files))
