"""Tables as a device needs them. The one file here that knows what the firmware's tables mean.

People read names, units, choices, reasons and sources; a device reads numbers. Names of fields are only
ever compared with names of fields, so each becomes the field's number, wherever it stands: the code that
looks them up runs unchanged. Rows of interlocks are compiled as the device would do it at its start.
"""

import ast
import importlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ...boards import load
from ..modules import Device
from .program import Module, Own

_SOURCE_MARKS = ("S", "P", "R", "I", "OURS")
_BY_NAME = "eeprom"  # the alarm that app.py knows
# Names of fields in tables of an appliance's own.
_OF_FIELDS = (("air_conditioner.remote", "_NOT_ASKED"), ("air_conditioner.remote", "_MEASURED"))
# Bodies of messages that the update mode refuses unread.
_NOT_IN_MODE = ("DEVICE_CONTROL_", "EVENT_", "GET_FILE")
# Ends of DCMP's transactions that a device looks up.
_OWN_ENDS = (("get", "responder"), ("put", "responder"), ("apply", "responder"), ("two", "requester"))
BOOL = -1  # in the place of a unit
_LONGEST_NAME = 16  # of a field, in DCMP
_FIELD_COLUMNS = 7  # id, name, format, access, low, high, step
# Tables of appliances whose texts are for people: names of modes and menus, and reasons.
_FOR_PEOPLE = (
    ("air_conditioner.modes", "CALLS"),
    ("microwave_oven.menus", "MENUS"),
    ("microwave_oven.menus", "DEFROST"),
    ("refrigerator.set_points", "SET_POINTS"),
    ("water_heater.modes", "MODES"),
    ("water_heater.modes", "SETBACKS"),
)


def specialised(modules: Mapping[str, Module], files: Mapping[str, Path], device: Device) -> dict[Own, Any]:
    """Values in the place of those that the sources give. A name may be one in a class: "Class.NAME"."""
    place = f"rumpus.appliances.{device.appliance}"
    table = importlib.import_module(f"rumpus.rump.tables.{device.appliance}")
    common = importlib.import_module("rumpus.rump.tables.common")
    numbers = {row[1]: row[0] for row in (*common.FIELDS, *table.FIELDS)}
    found: dict[Own, Any] = {}
    for name, module in modules.items():
        if ".tables" in name:
            found.update(_without_sources(name, module))
    is_managed = "rumpus.management.management" in modules
    for source in (common, table):
        found[Own(source.__name__, "FIELDS")] = tuple(_field(row, is_managed) for row in source.FIELDS)
    found[
        Own(table.__name__, "ALARMS")
    ] = ()  # compiled into the rows of the interlocks, and read by nobody else
    if is_managed:
        found[Own("rumpus.dcmp.tables.properties", "PROPERTIES")] = properties()
    found.update(_numbered(f"{place}.product", numbers))
    found[Own("rumpus.retained", "_COMMON")] = tuple(
        numbers[name] for name in importlib.import_module("rumpus.retained")._COMMON
    )
    for name, key in _FOR_PEOPLE:
        if name.startswith(device.appliance):
            table_of = importlib.import_module(f"rumpus.appliances.{name}")
            found[Own(table_of.__name__, key)] = _without_texts(getattr(table_of, key))
    for name, key in _OF_FIELDS:
        if name.startswith(device.appliance):
            names = getattr(importlib.import_module(f"rumpus.appliances.{name}"), key)
            found[Own(f"rumpus.appliances.{name}", key)] = tuple(numbers[field] for field in names)
    kind = appliance_class(device)
    roles = role_numbers(device)
    in_class = {
        "INPUTS": tuple(roles[role] for role in kind.INPUTS),
        "OUTPUTS": tuple(roles[role] for role in kind.OUTPUTS),
        "NEEDS": tuple((numbers[field], roles[role]) for field, role in kind.NEEDS),
    }
    found.update({Own(f"{place}.appliance", f"{kind.__name__}.{key}"): v for key, v in in_class.items()})
    found[Own(f"{place}.interlocks", "ROWS")] = _compiled(place, kind, table)
    for name, module in modules.items():
        if name.startswith("rumpus.drivers."):
            found.update(_providing(name, module, roles))
    wiring = f"boards.{device.board}.{device.appliance}"
    rows = load.literals(files[wiring])["ROLES"]
    has_panel = any(row[0] in importlib.import_module("rumpus.wiring").PANEL for row in rows)
    found[Own(table.__name__, "ALARMS")] = _alarms(table.ALARMS, has_panel)
    found[Own(wiring, "ROLES")] = tuple((roles.get(role, role), *rest) for role, *rest in rows)
    return found


def for_mode(modules: Mapping[str, Module]) -> dict[Own, Any]:
    """As specialised(), for the update mode, which has no appliance: what it never reads or says is empty."""
    found: dict[Own, Any] = {}
    for name, module in modules.items():
        if ".tables" in name:
            found.update(_without_sources(name, module))
    for own in found:
        if own.name.startswith(_NOT_IN_MODE) or own.module.endswith("bodies_registration_ours"):
            found[own] = ()
    return found


def _field(row: tuple, is_managed: bool) -> tuple:
    """A field's row. DCMP tells scale and unit as well, and makes a function of each choice of an action."""
    if not is_managed:
        return (row[0], row[0], *row[2:_FIELD_COLUMNS])
    is_action = "w" in row[3] and "r" not in row[3]
    choices = tuple((item[0], 0) if isinstance(item, tuple) else 0 for item in row[9] or ())
    return (
        row[0],
        row[0],
        *row[2:8],
        unit_number(row[8]),
        choices if is_action and row[9] is not None else None,
    )


def unit_number(token: str) -> int:
    """A unit as the device keeps it: DCMP's number for it, 0 where it has none, BOOL for a bool."""
    units = importlib.import_module("rumpus.dcmp.tables.units").UNIT_TYPES
    return BOOL if token == "bool" else next((code for code, name, _source in units if name == token), 0)


def properties() -> tuple:
    """DCMP's table of properties with numbers for units."""
    rows = importlib.import_module("rumpus.dcmp.tables.properties").PROPERTIES
    return tuple((number, name, unit_number(unit), kind, None) for number, name, unit, kind, _source in rows)


def field_names(device: Device) -> bytes:
    """The names of all fields as DCMP tells them: number, length, letters."""
    common = importlib.import_module("rumpus.rump.tables.common")
    table = importlib.import_module(f"rumpus.rump.tables.{device.appliance}")
    rows = (*common.FIELDS, *table.FIELDS)
    names = {row[0]: row[1].encode()[:_LONGEST_NAME] for row in rows}
    return b"".join(bytes((number, len(name))) + name for number, name in names.items())


def packed_transactions(exchanges: Iterable[str] | None = None) -> tuple[tuple[str, ...], bytes]:
    """DCMP's table of transactions: its words, and six numbers of words for each row: exchange, end, state,
    happening, next state, duty. exchanges: the rows of these only; the words are always the same."""
    table = importlib.import_module("rumpus.dcmp.transactions").TRANSITIONS
    # A device answers; what it asks itself (a registration) is an exchange of two.
    known = [row for row in table if row[:2] in _OWN_ENDS]
    rows = [(exchange, end, *row) for exchange, end, found in known for row in found]
    words = tuple(dict.fromkeys(word for row in rows for word in row))
    words = tuple(sorted(words, key=lambda word: not word.startswith("drop")))
    kept = [row for row in rows if exchanges is None or row[0] in exchanges]
    return words, bytes(words.index(word) for row in kept for word in row)


def _alarms(rows: tuple, has_panel: bool) -> tuple:
    """The interlocks hold the bits of what they raise; what is left is one alarm by its name, and for the
    device's own light and buzzer what is severe."""
    return tuple(
        (bit, name if name == _BY_NAME else 0, severity if has_panel else 0, None)
        for bit, name, severity, _source in rows
        if has_panel or name == _BY_NAME
    )


def _providing(name: str, module: Module, roles: Mapping[str, int]) -> dict[Own, Any]:
    """The roles that a driver's classes provide."""
    classes = (node.name for node in module.tree.body if isinstance(node, ast.ClassDef))
    provided = {key: getattr(getattr(importlib.import_module(name), key), "PROVIDES", ()) for key in classes}
    return {Own(name, f"{key}.PROVIDES"): tuple(roles.get(r, r) for r in rs) for key, rs in provided.items()}


def role_numbers(device: Device) -> dict[str, int]:
    """Names of roles are only ever compared with names of roles: here they are numbers."""
    kind = appliance_class(device)
    return {role: i for i, role in enumerate((*kind.INPUTS, *kind.OUTPUTS))}


def _without_texts(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_without_texts(item) for item in value)
    return 0 if isinstance(value, str) else value


def appliance_class(device: Device) -> Any:
    """The class of the device's appliance."""
    module = importlib.import_module(f"rumpus.appliances.{device.appliance}.appliance")
    return getattr(module, "".join(part.capitalize() for part in device.appliance.split("_")))


def _without_sources(name: str, module: Module) -> dict[Own, Any]:
    values = vars(importlib.import_module(name))
    tables = (key for key in module.meanings if isinstance(values.get(key), tuple))
    return {Own(name, key): _unsourced(values[key]) for key in tables}


def _unsourced(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    last = value[-1] if value else None
    if len(value) > 1 and isinstance(last, str) and last.split(" ")[0] in _SOURCE_MARKS:
        value = (*value[:-1], None)
    return tuple(_unsourced(item) for item in value)


def _numbered(name: str, numbers: Mapping[str, int]) -> dict[Own, Any]:
    """What a product says of fields, by number."""
    product = importlib.import_module(name)
    changes: dict[str, Callable[[Iterable[Any]], Any]] = {
        "DEFAULTS": lambda rows: tuple((numbers[field], counts) for field, counts in rows),
        "KEPT": lambda names: tuple(numbers[field] for field in names),
        "TOTALS": lambda names: tuple(numbers[field] for field in names),
    }
    return {
        Own(name, key): change(getattr(product, key))
        for key, change in changes.items()
        if hasattr(product, key)
    }


def _compiled(place: str, kind: Any, table: Any) -> tuple:
    rows = importlib.import_module("rumpus.interlock_rows").compiled(
        importlib.import_module(f"{place}.interlocks").ROWS, kind.INPUTS, kind.OUTPUTS, table.ALARMS
    )
    return tuple(rows)
