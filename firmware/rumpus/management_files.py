"""The roles that are loaded when somebody asks for a file, or to apply one.

settings["apply"]: module with role(app, settings) that gives the role for APPLY_REQUEST; without it such
requests are refused as not implemented.
"""

from .dcmp.files import Files
from .dcmp.tables import message_codes as m
from .file_store import FileStore
from .wiring import load


def role(kind, app, settings):
    """The role that answers requests of this kind, or None."""
    if kind != m.APPLY_REQUEST:
        return Files(FileStore(app.hal.files.folder))
    if not settings.get("apply"):
        return None
    return load(settings["apply"], ("role",)).role(app, settings)
