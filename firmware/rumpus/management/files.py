"""The roles that are loaded when somebody asks for a file, or to apply one.

A device that runs from a slot can be updated (update/updater.py); on another, requests to apply are refused
as not executable.
"""

from ..dcmp.tables import message_codes as m


def role(kind, app, settings):
    """The role that answers requests of this kind, or None."""
    updater = app.updater
    if kind != m.APPLY_REQUEST:
        from .file_store import FileStore

        store = FileStore(app.hal.files.folder)
        from ..dcmp.files import Files  # one after the other, where memory is short

        return Files(updater.storage_with(store) if updater is not None else store)
    if updater is None:
        return None
    from ..dcmp.apply import Apply

    return Apply(updater.orders(app.appliance.must_go_on), updater.apply_record())
