"""What the device says of itself in DCMP: names, type codes and the texts of its properties."""

import gc

from ..dcmp.functions import is_measured
from ..dcmp.tables import properties as p
from ..dcmp.tables.device_types import DEVICE_TYPES
from ..rump.tables.timing import HEARTBEAT_MS


def _type_code(name):
    for code, known, _source in DEVICE_TYPES:
        if known == name:
            return code
    raise KeyError(name)


def names(state, settings):
    """(type code, name, sub-name, capability) of the device. An appliance that measures is a sensor too, and
    settings["capability"] (names of device types) says what else it is."""
    kind = settings["appliance"]
    capability = [name for name in settings.get("capability", ()) if name != "sensor"]
    for row in state.rows:
        if is_measured(state, row):
            capability.append("sensor")
            break
    codes = [_type_code(name) for name in capability]
    return _type_code(kind), settings.get("name", kind), settings.get("model", ""), codes


class Texts:
    """The texts of the properties by PropertyID; Versions know some more."""

    def __init__(self, app, settings):
        self._app = app
        self._versions = None
        firmware, hardware, vendor, model = app.device.versions
        self._fixed = (
            (p.MANUFACTURER, vendor),
            (p.MODEL_NAME, model),
            (p.MODEL_NUMBER, settings.get("model_number", "")),
            (p.SERIAL_NUMBER, settings.get("serial_number") or settings["uuid"]),
            (p.HARDWARE_VERSION, hardware),
            (p.FIRMWARE_VERSION, firmware),
            (p.DEVICE_NAME, settings.get("name", settings["appliance"])),
            (p.REPORT_PERIOD, str(HEARTBEAT_MS // 1000)),
            (p.DMS_ADDRESS, settings.get("dms", "")),
        )

    def text(self, number):
        """The text of a property, None where the device has no such property."""
        for known, text in self._fixed:
            if known == number:
                return text
        if number == p.UPTIME:
            return str(self._app.uptime_s)
        if number == p.MEMORY_FREE and hasattr(gc, "mem_free"):
            return str(gc.mem_free())
        if self._versions is None and self._app.updater is not None:
            self._versions = self._app.updater.versions()
        return self._versions.text(number) if self._versions is not None else None
