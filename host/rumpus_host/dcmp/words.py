"""DCMP's codes in words: results with what to do, device types, properties and units."""

from typing import NamedTuple

from rumpus.dcmp.tables.device_errors import DEVICE_ERRORS
from rumpus.dcmp.tables.device_types import DEVICE_TYPES
from rumpus.dcmp.tables.results import ERROR_TYPES
from rumpus.dcmp.tables.units import UNIT_TYPES

_UNIT_SIGNS = {"degC": "°C", "percent": "%", "none": ""}


class Told(NamedTuple):
    """What a result means, and what one can do."""

    sentence: str
    next: str


#: By the names of rumpus.dcmp.tables.results and device_errors; the others are told by their name.
_TOLD = {
    "payload_not_whole": Told(
        "The answer is longer than a datagram.", "Ask over a stream: tcp://HOST:PORT or the cable."
    ),
    "payload_syntax": Told("The device could not read the request.", "See the values: rumpus fields TYPE"),
    "header_op_code": Told("The device does not do that.", "See what it does: rumpus info URL --functions"),
    "other_operation_running": Told(
        "The device is busy with another transfer or apply; it does one at a time.",
        "Try again when it is over.",
    ),
    "transaction_stopped": Told(
        "The other end stopped the transfer, or has restarted, or the file is another by now.",
        "Try again; what has arrived is kept where the file is still the same.",
    ),
    "transaction_timeout": Told(
        "No answer came in time.", "The device may be off, busy or out of reach; see: rumpus discover"
    ),
    "command_not_implemented": Told(
        "The device has no files.", "Firmware without file transfer was deployed to it."
    ),
    "not_logged_in": Told(
        "This may not be written, or not by this controller.",
        "Firmware and UserDefined can be written; a device may name its controllers (dcmp_controllers).",
    ),
    "file_not_found": Told("The device has no such file.", "See what it has: rumpus files URL"),
    "illegal_file_name": Told(
        "The device does not take that name.", "Letters, digits, point, dash and underscore; at most 26."
    ),
    "insufficient_storage": Told(
        "There is not enough room on the device, or its reserve would be used up.",
        "Nothing was changed. Send a smaller file, or let the device delete others.",
    ),
    "storage_allocation_exceeded": Told("More bytes came than were announced.", "Try again."),
    "local_error": Told("Reading or writing the file failed there.", "Look at the device's console."),
    "connection_closed": Told(
        "The transfer ended before all had arrived.", "Try again: it goes on where it was."
    ),
    "apply_not_executable": Told("The device cannot apply that.", ""),
    "nothing_to_apply": Told("There is nothing to apply.", "Send a bundle first: rumpus put-file"),
    "apply_file_broken": Told(
        "The file that arrived is not the file that was announced.", "Try again; nothing of it was kept."
    ),
    "unknown_event": Told("The device has no such event.", "See its events: rumpus info URL --functions"),
    "unknown_function": Told("The device has no such function.", "See: rumpus info URL --functions"),
    "unknown_device": Told("That device is not behind this address.", "See: rumpus discover"),
    "taking_update": Told(
        "The device is taking an update: its outputs are off, and it does nothing else.",
        "Wait until it has restarted; some minutes after an update was broken off it does so by itself.",
    ),
    "in_use": Told(
        "Somebody waits at the device for what it does, and a restart would spoil that.",
        "Wait until it is done, or stop it there.",
    ),
    "device_busy": Told("The device has no room for one more.", "Cancel another subscription, or wait."),
}


def result_name(result: int) -> str:
    """The name of a Result; its number in hexadecimal where it has none."""
    for rows in (ERROR_TYPES, DEVICE_ERRORS):
        for code, name, _class, _source in rows:
            if code == result:
                return name
    return f"0x{result:04X}"


def told(result: int) -> Told:
    """What a Result means."""
    name = result_name(result)
    return _TOLD.get(name) or Told(f"The answer is {name.replace('_', ' ')}.", "")


def type_name(code: int) -> str:
    """ "water_heater"; a type that nobody knows as a number."""
    for known, name, _source in DEVICE_TYPES:
        if known == code:
            return name
    return f"0x{code:04X}"


def type_code(name: str) -> int:
    """The code of a type by name or number. Raises KeyError."""
    for code, known, _source in DEVICE_TYPES:
        if known == name.strip().lower().replace("-", "_"):
            return code
    try:
        return int(name, 0)
    except ValueError:
        raise KeyError(name) from None


def unit(code: int) -> str:
    for known, name, _source in UNIT_TYPES:
        if known == code:
            return _UNIT_SIGNS.get(name, name)
    return f"unit 0x{code:04X}"
