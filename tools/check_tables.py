"""Check every table of the firmware: literals only, and rows that make sense.

    python3 tools/check_tables.py [FOLDER]      FOLDER holds <protocol>/tables/*.py; default firmware/rumpus

Prints one line for each thing that is wrong, `path: row: what is wrong`, and exits 1 when there is any.
The tables are read as literals, never imported. What the columns mean: rump/tables/__init__.py.
"""

import argparse
import ast
import re
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

FIRMWARE = Path(__file__).resolve().parent.parent / "firmware" / "rumpus"

MARKS = ("S", "P", "R", "I", "OURS")
SEVERITIES = ("stop", "warn", "notice")
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
ACCESS = re.compile(r"(?=.*[rw])r?w?n?!?")
LAYOUT_FORMAT = re.compile(r">[BHhI]|[1-9][0-9]*s|C[1-9][0-9]*|S|B\*")
COUNTED_FORMAT = re.compile(r"[sC]")  # as many bytes as another row says
LIMITS = {">B": (0, 0xFF), ">H": (0, 0xFFFF), ">h": (-0x8000, 0x7FFF), ">I": (0, 0xFFFFFFFF)}
SIZES = {">B": 1, ">H": 2, ">h": 2, ">I": 4}

NUMBER, TEXT, CHOICES, FORMAT, COUNTER = (int,), (str,), (tuple, type(None)), (str, tuple), (str, type(None))
NAMED = (NUMBER, TEXT, TEXT)
# The columns of each kind of table and their types; a table with another name holds layout rows.
FIELD = (NUMBER, TEXT, TEXT, TEXT, NUMBER, NUMBER, NUMBER, NUMBER, TEXT, CHOICES, TEXT)
LAYOUT = (TEXT, FORMAT, COUNTER, TEXT)
COLUMNS = {
    "FIELDS": [FIELD],
    "ALARMS": [(NUMBER, TEXT, TEXT, TEXT)],
    "MESSAGES": [(NUMBER, TEXT, TEXT, NUMBER, TEXT, TEXT), (NUMBER, TEXT, TEXT, TEXT)],
    "DEVICE_TYPES": [NAMED],
    "RESULTS": [NAMED],
    "REASONS": [(NUMBER, TEXT, NUMBER, TEXT)],
    "UNITS": [(TEXT, TEXT, TEXT)],
    "NOT_AVAILABLE": [(TEXT, NUMBER, TEXT)],
    # DCMP and RMDP
    "MESSAGE_TYPES": [(NUMBER, TEXT, TEXT, NUMBER, NUMBER, TEXT), NAMED],
    "ERROR_TYPES": [(NUMBER, TEXT, TEXT, TEXT)],
    "DEVICE_ERRORS": [(NUMBER, TEXT, TEXT, TEXT)],
    "EXCHANGES": [(NUMBER, NUMBER, NUMBER, TEXT)],
    "ONE_WAY": [(NUMBER, TEXT)],
    "PAYLOAD_TYPES": [NAMED],
    "ENCODING_TYPES": [NAMED],
    "ADDRESS_TYPES": [NAMED],
    "DATA_TYPES": [NAMED],
    "UNIT_TYPES": [NAMED],
    "PROPERTIES": [(NUMBER, TEXT, TEXT, TEXT, TEXT)],
    "FUNCTIONS": [(NUMBER, TEXT, TEXT, TEXT, TEXT)],
    "KEYWORDS": [(NUMBER, TEXT, (tuple,), TEXT)],
    "DELIVERIES": [NAMED],
    "OPEN_TO": [(NUMBER, NUMBER, NUMBER, TEXT)],
    "SLOT_STATES": [(TEXT, TEXT, TEXT)],
    "LEAVE_REASONS": [(TEXT, TEXT, TEXT)],
    "FAULTS": [(TEXT, NUMBER, TEXT)],
    "NOT_DONE": [(NUMBER, NUMBER, NUMBER, TEXT)],
}

Problems = Iterator[tuple[str, str]]  # (row, what is wrong)
Rows = tuple[tuple[Any, ...], ...]


class Table:
    """One file of a tables folder: its literals by name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.values: dict[str, Any] = {}
        self.problems: list[tuple[str, str]] = []  # found while reading

    def rows(self, name: str) -> Rows:
        return self.values.get(name, ())

    @property
    def numbered(self) -> list[tuple[Any, ...]]:
        """All rows that give a name to a number."""
        tables = [rows for name, rows in self.values.items() if isinstance(rows, tuple) and name != "FIELDS"]
        return [r for rows in tables for r in rows if isinstance(r[0], int) and isinstance(r[1], str)]

    @property
    def layouts(self) -> dict[str, Rows]:
        """The tables of layout rows by name."""
        return {k: v for k, v in self.values.items() if isinstance(v, tuple) and k not in COLUMNS}


class Folder:
    """One tables folder: its files, and what they share."""

    def __init__(self, path: Path) -> None:
        self.tables = [read(file) for file in sorted(path.glob("*.py"))]
        self.units = {row[0] for table in self.tables for row in table.rows("UNITS") if row}
        absent = [row for table in self.tables for row in table.rows("NOT_AVAILABLE")]
        self.not_available = {row[0]: row[1] for row in absent if len(row) == 3}
        self.common: Rows = next((t.rows("FIELDS") for t in self.tables if t.path.stem == "common"), ())
        self.message_codes = {row[0] for t in self.tables for row in t.rows("MESSAGE_TYPES")}
        self.constants = {k: v for t in self.tables for k, v in t.values.items() if isinstance(v, int)}
        self.types = {row[1]: row[0] for t in self.tables for row in t.rows("DEVICE_TYPES") if len(row) == 3}


def read(path: Path) -> Table:
    """The literals of a file; whatever else it holds is noted in `problems`."""
    table = Table(path)
    try:
        body = ast.parse(path.read_text(encoding="utf-8")).body
    except SyntaxError as error:
        table.problems.append((f"line {error.lineno}", "not Python"))
        return table
    if not (body and isinstance(body[0], ast.Expr) and _is_text(body[0].value)):
        table.problems.append(("line 1", "no docstring"))
    else:
        body = body[1:]
    for node in body:
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        if not (isinstance(node, ast.Assign) and isinstance(target, ast.Name)):
            table.problems.append((f"line {node.lineno}", "neither a docstring nor NAME = literal"))
            continue
        name = target.id
        try:
            value = ast.literal_eval(node.value)
        except ValueError:
            table.problems.append((name, "not a literal"))
            continue
        if name in table.values:
            table.problems.append((name, "assigned twice"))
        elif isinstance(value, (int, str)) or _is_table(value):
            table.values[name] = value
        else:
            table.problems.append((name, "neither a number, a text nor a tuple of rows"))
    return table


def _is_table(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(row, tuple) and row for row in value)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def check(root: Path = FIRMWARE) -> list[str]:
    """All that is wrong with the tables under root, as lines."""
    lines = []
    for path in sorted(root.glob("*/tables")):
        folder = Folder(path)
        for table in folder.tables:
            found = table.problems or list(_check_table(table, folder))
            lines += [f"{table.path}: {row}: {wrong}" for row, wrong in found]
    return lines


def _check_table(table: Table, folder: Folder) -> Problems:
    shapeless = False
    for name, rows in table.values.items():
        if isinstance(rows, tuple) and rows and isinstance(rows[0][0], int) and name not in COLUMNS:
            shapeless = True
            yield name, "a kind of table that check_tables.py does not know"
        elif isinstance(rows, tuple):
            for problem in _check_shapes(rows, COLUMNS.get(name, [LAYOUT])):
                shapeless = True
                yield problem
    if shapeless:
        return  # the other checks rely on the columns
    for name, checker in CHECKERS.items():
        rows = table.rows(name)
        yield from checker(rows, folder)
        if name in OWN_NAMES:
            yield from _snake_case(rows)
        if name not in ("KEYWORDS", "DELIVERIES"):
            yield from _unique_names(rows)
    for rows in table.layouts.values():
        yield from _check_layout(rows)
    yield from _check_constants(table)
    yield from _check_type(table, folder)


# --- every kind of row ----------------------------------------------------------------------------------


def _check_shapes(rows: Rows, shapes: list[tuple[tuple[type, ...], ...]]) -> Problems:
    """Column count and types, and the source mark in the last column."""
    for row in rows:
        if not any(len(row) == len(shape) for shape in shapes):
            yield _label(row), f"{len(row)} columns, not {' or '.join(str(len(shape)) for shape in shapes)}"
            continue
        shape = next(shape for shape in shapes if len(row) == len(shape))
        for i, (value, kinds) in enumerate(zip(row, shape, strict=True)):
            if not isinstance(value, kinds) or isinstance(value, bool):
                wish = " or ".join(kind.__name__ for kind in kinds)
                yield _label(row), f"column {i + 1} holds {value!r}, not {wish}"
        if isinstance(row[-1], str) and row[-1].split(" ")[0] not in MARKS:
            yield _label(row), f"source {row[-1]!r} does not begin with one of {', '.join(MARKS)}"
        if shape is LAYOUT and isinstance(row[1], tuple):
            if all(isinstance(inner, tuple) for inner in row[1]):
                yield from _check_shapes(row[1], [LAYOUT])
            else:
                yield _label(row), "a group that is not made of rows"


def _label(row: tuple[Any, ...]) -> str:
    texts = [value for value in row[:2] if isinstance(value, str)]
    return texts[0] if texts else repr(row[0]) if row else "()"


def _unique_names(rows: Rows) -> Problems:
    """Names stand once; where rows have none, their number does."""
    seen = set()
    for row in rows:
        name = _label(row)
        if name in seen:
            yield name, "name stands twice"
        seen.add(name)


def _snake_case(rows: Rows) -> Problems:
    for row in rows:
        if not NAME.fullmatch(row[1]):
            yield row[1], "name is not snake_case"


def _ascending(rows: Rows, what: str) -> Problems:
    for before, row in pairwise(rows):
        if row[0] <= before[0]:
            yield row[1], f"{what} {row[0]:#x} does not follow {before[0]:#x}: not unique or not ascending"


# --- field rows -----------------------------------------------------------------------------------------


def _check_fields(rows: Rows, folder: Folder) -> Problems:
    yield from _ascending(rows, "id")
    common_ids = {} if rows is folder.common else {row[0]: row[1] for row in folder.common}
    common_names = set(common_ids.values())
    for row in rows:
        if row[0] in common_ids:
            yield row[1], f"id {row[0]:#x} is the common field {common_ids[row[0]]}"
        if row[1] in common_names:
            yield row[1], "name is that of a common field"
        for wrong in _wrong_in_field(row, folder):
            yield row[1], wrong


def _wrong_in_field(row: tuple[Any, ...], folder: Folder) -> Iterator[str]:
    number, _name, fmt, access, low, high, step, scale, unit, choices, _source = row
    if not 1 <= number <= 255:
        yield f"id {number} is not in 1..255"
    if not ACCESS.fullmatch(access):
        yield f"access {access!r} is not r, w, n, ! in this order, with r or w"
    elif "n" in access and "r" not in access:
        yield "n without r: what is not in the status cannot be pushed"
    if unit not in folder.units:
        yield f"unknown unit {unit!r}"
    if low > high:
        yield f"low {low} is above high {high}"
    if step < 1 or scale < 1:
        yield "step and scale are 1 or more"
    elif (high - low) % step:
        yield f"high {high} cannot be reached from {low} in steps of {step}"
    if fmt not in LIMITS:
        yield f"unknown format {fmt!r}"
    elif low < LIMITS[fmt][0] or high > LIMITS[fmt][1]:
        yield f"{fmt} cannot hold {low}..{high}"
    elif fmt not in folder.not_available:
        yield f"no count means not available in {fmt}"
    elif low <= folder.not_available[fmt] <= high:
        yield f"the not-available count {folder.not_available[fmt]} lies inside {low}..{high}"
    if unit == "bool" and (low, high) != (0, 1):
        yield "a bool goes from 0 to 1"
    yield from _wrong_in_choices(unit, low, high, choices)


def _wrong_in_choices(unit: str, low: int, high: int, choices: tuple[Any, ...] | None) -> Iterator[str]:
    if choices is None:
        if unit == "enum":
            yield "an enum without choices"
        return
    if all(isinstance(choice, str) for choice in choices):
        names = list(choices)
        most = (1 << len(names)) - 1 if unit == "bitmap" else len(names) - 1
        fits = low == 0 and high == most
    elif all(isinstance(c, tuple) and len(c) == 2 and isinstance(c[0], int) for c in choices):
        names = [name for _, name in choices]
        counts = [number for number, _ in choices]
        fits = unit == "enum" and counts == sorted(set(counts)) and (counts[0], counts[-1]) == (low, high)
    else:
        yield "choices are neither names nor (counts, name) pairs"
        return
    if unit not in ("enum", "bitmap"):
        yield f"choices for the unit {unit}"
    elif not fits:
        yield f"choices do not fit {low}..{high}"
    if len(set(names)) != len(names) or not all(isinstance(n, str) and NAME.fullmatch(n) for n in names):
        yield "choices are not unique snake_case names"


# --- other rows -----------------------------------------------------------------------------------------


def _check_alarms(rows: Rows, _folder: Folder) -> Problems:
    yield from _ascending(rows, "bit")
    for bit, name, severity, _source in rows:
        if not 0 <= bit <= 31:
            yield name, f"bit {bit} is not in 0..31"
        if severity not in SEVERITIES:
            yield name, f"severity {severity!r} is not one of {', '.join(SEVERITIES)}"


def _check_messages(rows: Rows, _folder: Folder) -> Problems:
    yield from _ascending(rows, "id")
    numbers = {row[0] for row in rows}
    for row in rows:
        if not 0 <= row[0] <= 255:
            yield row[1], f"id {row[0]} is not in 0..255"
        if row[2] not in ("controller", "device", "both"):
            yield row[1], f"sender {row[2]!r} is not controller, device or both"
        if len(row) == 6 and row[3] and row[3] not in numbers:
            yield row[1], f"answered by {row[3]:#x}, which is no message"


def _check_indexed(rows: Rows, _folder: Folder) -> Problems:
    """Results and reasons are found by index, so their values have no gaps."""
    for i, row in enumerate(rows):
        if row[0] != i:
            yield row[1], f"value {row[0]} stands at place {i}"


def _check_numbered(rows: Rows, _folder: Folder) -> Problems:
    yield from _ascending(rows, "value")


def _check_not_available(rows: Rows, _folder: Folder) -> Problems:
    for fmt, counts, _source in rows:
        if fmt not in LIMITS:
            yield fmt, "unknown format"
        elif not LIMITS[fmt][0] <= counts <= LIMITS[fmt][1]:
            yield fmt, f"cannot hold {counts}"


def _check_message_types(rows: Rows, folder: Folder) -> Problems:
    yield from _ascending(rows, "code")
    for row in rows:
        if not 0 <= row[0] <= 0xFFFF:
            yield row[1], f"code {row[0]:#x} is not in 0..0xffff"
        if len(row) == 6 and row[2] not in ("request", "response", "result", "one_way"):
            yield row[1], f"kind {row[2]!r} is not request, response, result or one_way"
        for answer in row[3:5] if len(row) == 6 else ():
            if answer and answer not in folder.message_codes:
                yield row[1], f"answered by {answer:#x}, which is no message"


def _check_keywords(rows: Rows, folder: Folder) -> Problems:
    for code, field, keywords, _source in rows:
        if code not in folder.message_codes:
            yield field, f"{code:#x} is no message"
        if len(set(keywords)) != len(keywords) or not all(isinstance(word, str) for word in keywords):
            yield field, "keywords are not unique texts"


def _check_coded(rows: Rows, folder: Folder) -> Problems:
    """Rows that are about a message."""
    for row in rows:
        if row[0] not in folder.message_codes:
            yield f"{row[0]:#x}", "is no message"


def _check_nothing(_rows: Rows, _folder: Folder) -> Problems:
    return iter(())


CHECKERS: dict[str, Callable[[Rows, Folder], Problems]] = {
    "FIELDS": _check_fields,
    "ALARMS": _check_alarms,
    "MESSAGES": _check_messages,
    "DEVICE_TYPES": _check_numbered,
    "RESULTS": _check_indexed,
    "REASONS": _check_indexed,
    "UNITS": _check_nothing,
    "NOT_AVAILABLE": _check_not_available,
    "MESSAGE_TYPES": _check_message_types,
    "ERROR_TYPES": _check_numbered,
    "DEVICE_ERRORS": _check_numbered,
    "PAYLOAD_TYPES": _check_numbered,
    "ENCODING_TYPES": _check_numbered,
    "ADDRESS_TYPES": _check_numbered,
    "DATA_TYPES": _check_numbered,
    "UNIT_TYPES": _check_numbered,
    "PROPERTIES": _check_numbered,
    "FUNCTIONS": _check_numbered,
    "KEYWORDS": _check_keywords,
    "DELIVERIES": _check_coded,
    "OPEN_TO": _check_coded,
    "FAULTS": _check_nothing,
    "NOT_DONE": _check_coded,
}
# Where all names are ours; elsewhere they may be spelt as the standard prints them.
OWN_NAMES = ("FIELDS", "ALARMS", "MESSAGES", "DEVICE_TYPES", "RESULTS", "REASONS", "PROPERTIES", "FUNCTIONS")


# --- layout rows ----------------------------------------------------------------------------------------


def _check_layout(rows: Rows) -> Problems:
    yield from _unique_names(rows)
    formats: dict[str, Any] = {}
    for name, fmt, counter, _source in rows:
        if isinstance(fmt, tuple):
            yield from _check_layout(fmt)
        elif not LAYOUT_FORMAT.fullmatch(fmt) and not (counter and COUNTED_FORMAT.fullmatch(fmt)):
            yield name, f"unknown format {fmt!r}"
        if counter is not None and counter not in formats:
            yield name, f"its counter {counter} does not stand before it"
        elif counter is not None and formats[counter] not in (">B", ">H", ">I"):
            yield name, f"its counter {counter} is not an unsigned number"
        elif counter is not None and least_size(fmt) == 0:
            yield name, "repeats something that may be empty, so that a counter costs the sender nothing"
        formats[name] = fmt


def least_size(fmt: str | Rows) -> int:
    """The fewest bytes that a format takes; 0 for one that is unknown."""
    if isinstance(fmt, tuple):
        return sum(0 if row[2] else least_size(row[1]) for row in fmt)
    if fmt in SIZES:
        return SIZES[fmt]
    digits = re.sub(r"[^0-9]", "", fmt)
    return int(digits) if digits else 1


# --- what must agree ------------------------------------------------------------------------------------


def _check_constants(table: Table) -> Problems:
    """X_SIZE is the size of layout X, X_FIXED_SIZE the least of X_BODY; MESSAGE = id as in its row."""
    for name, value in table.values.items():
        if not isinstance(value, int):
            continue
        layout = table.layouts.get(name.removesuffix("_SIZE"))
        if name.endswith("_FIXED_SIZE"):
            layout = table.layouts.get(name.removesuffix("_FIXED_SIZE") + "_BODY")
        if name.endswith("_SIZE") and layout is not None:
            size = sum(least_size(row[1]) for row in layout if row[2] is None)
            if size != value:
                yield name, f"{value}, but the layout takes {size} bytes"
        numbers = [row[0] for row in table.numbered if row[1].upper() == name]
        if numbers and value not in numbers:
            yield name, f"{value:#x}, but the row says {numbers[0]:#x}"
    known = {row[0] for row in table.rows("RESULTS")}
    for _value, name, result, _source in table.rows("REASONS"):
        if known and result not in known:
            yield name, f"goes with the result {result}, which does not exist"


def _check_type(table: Table, folder: Folder) -> Problems:
    """The file of an appliance says its own name, and the type that DEVICE_TYPES gives it."""
    if "FIELDS" not in table.values or table.path.stem == "common":
        return
    for name in ("NAME", "DEVICE_TYPE", "REVISION", "ALARMS"):
        if name not in table.values:
            yield name, "missing"
            return
    if table.values["NAME"] != table.path.stem:
        yield "NAME", f"{table.values['NAME']!r}, but the file is {table.path.name}"
    number = folder.types.get(table.path.stem)
    if folder.types and number != table.values["DEVICE_TYPE"]:
        yield "DEVICE_TYPE", f"{table.values['DEVICE_TYPE']}, but DEVICE_TYPES says {number}"
    rows = folder.common + table.rows("FIELDS")
    values = sum(SIZES.get(row[2], 0) for row in rows if "r" in row[3])
    size = folder.constants.get("STATUS_FIXED_SIZE", 0) + (len(rows) + 7) // 8 + values
    if size > folder.constants.get("MAX_BODY", size):
        yield "FIELDS", f"a status with all fields takes {size} bytes, more than MAX_BODY"
    if sum("w" in row[3] for row in rows) > folder.constants.get("MAX_FIELDS", len(rows)):
        yield "FIELDS", "more fields can be written than MAX_FIELDS"


def main() -> int:
    parser = argparse.ArgumentParser(description="Check the protocol tables of the firmware.")
    parser.add_argument("folder", nargs="?", type=Path, default=FIRMWARE, help="default: firmware/rumpus")
    folder = parser.parse_args().folder
    files = sorted(folder.glob("*/tables/*.py"))
    if not files:
        print(f"{folder}: no */tables/*.py there", file=sys.stderr)
        return 1
    lines = check(folder)
    print("\n".join(lines) if lines else f"{len(files)} table files are good")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
