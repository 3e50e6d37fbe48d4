"""Write the parts of the documentation that follow from the tables.

    python3 tools/gen_docs.py [--check]

* in README.md, what stands between `<!-- generated: NAME -->` and `<!-- end -->`: how much of each
  protocol is published (sources), and the appliances (appliances);
* the whole of firmware/rumpus/rump/tables/README.md: every message, field, alarm, result and reason;
* package.json, which says what mpremote installs: see gen_package.py.

With --check nothing is written; it shows what would change and exits 1 when that is anything.
"""

import argparse
import difflib
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import check_tables
import gen_package
from check_tables import MARKS, Rows, Table

ROOT = check_tables.FIRMWARE.parent.parent
README = ROOT / "README.md"
TABLES = check_tables.FIRMWARE / "rump" / "tables"
TABLES_README = TABLES / "README.md"
PROTOCOLS = {
    "rump": "RUMP (ISO/IEC 14543-5-102)",
    "ra": "Remote access",
    "dcmp": "DCMP (ISO/IEC 17811-2)",
    "rmdp": "RMDP (ISO/IEC 17811-3)",
    "update": "Updates (bundle, slots)",
}
MEANINGS = {
    "S": "the standard",
    "P": "another public text",
    "R": "a relative",
    "I": "inferred",
    "OURS": "ours",
}
SEVERITIES = {
    "stop": "an output is forced off",
    "warn": "told, the appliance runs on",
    "notice": "not a fault",
}


class Tables:
    """The literals of one tables folder, by file name."""

    def __init__(self, folder: Path) -> None:
        self.files = {path.stem: check_tables.read(path) for path in sorted(folder.glob("*.py"))}

    def __getitem__(self, name: str) -> Table:
        return self.files[name]

    def sources(self) -> Counter[str]:
        """How many rows bear each mark; the rows of a group count, the group itself too."""
        found: Counter[str] = Counter()
        for table in self.files.values():
            for rows in table.values.values():
                if isinstance(rows, tuple):
                    found.update(_marks(rows))
        return found


def _marks(rows: Rows) -> Iterable[str]:
    for row in rows:
        yield row[-1].split(" ")[0]
        if len(row) == 4 and isinstance(row[1], tuple):
            yield from _marks(row[1])


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *[[str(cell).replace("|", "\\|") for cell in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _plural(n: int, word: str) -> str:
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


# --- README.md --------------------------------------------------------------------------------------------


def sources() -> str:
    """How much of each protocol is published."""
    protocols = {p: Tables(check_tables.FIRMWARE / p / "tables") for p in PROTOCOLS}
    counts = {p: tables.sources() for p, tables in protocols.items() if tables.files}
    messages = protocols["rump"]["messages"].rows("MESSAGES")
    published = sum("S" in row[-1].split(" ")[:2] for row in messages)
    rump = counts["rump"]
    summary = (
        f"Of RUMP's {len(messages)} message kinds the standard's published contents list names {published}; "
        f"of its {rump.total()} table rows {rump['OURS']} are ours, {rump['R']} are as in a relative, "
        f"{rump['S'] + rump['P']} as published."
    )
    head = ["rows of the tables", *[f"{mark} ({MEANINGS[mark]})" for mark in MARKS]]
    rows = [[PROTOCOLS[p], *[count[mark] for mark in MARKS]] for p, count in counts.items()]
    return f"{summary}\n\n{_table(head, rows)}"


def appliances() -> str:
    """The types, with what each has."""
    tables = Tables(TABLES)
    common = tables["common"].rows("FIELDS")
    rows = []
    for number, name, _source in tables["frame"].rows("DEVICE_TYPES"):
        fields = tables[name].rows("FIELDS")
        settable = sum("w" in row[3] for row in fields)
        alarms = len(tables[name].rows("ALARMS"))
        rows.append(
            [f"`{name}`", number, len(fields), settable, sum("!" in row[3] for row in fields), alarms]
        )
    head = ("appliance", "device type", "fields", "can be set", "on every device of the type", "alarms")
    return (
        f"{_table(head, rows)}\n\n"
        f"Each has {_plural(len(common), 'common field')} besides: "
        f"{', '.join(f'`{row[1]}`' for row in common)}. "
        "All of them: [tables](firmware/rumpus/rump/tables/README.md)."
    )


PARTS = {"sources": sources, "appliances": appliances}


def readme(text: str) -> str:
    """README.md with its generated parts as they should be; markers that are missing are put at the end."""
    for name, make in PARTS.items():
        begin, end = f"<!-- generated: {name} -->", "<!-- end -->"
        part = f"{begin}\n{make()}\n{end}"
        if begin in text:
            pattern = re.escape(begin) + r".*?" + re.escape(end)
            text, n = re.subn(pattern, lambda _match, part=part: part, text, count=1, flags=re.DOTALL)
            if not n:
                raise SystemExit(f"{README.name}: no {end} after {begin}")
        else:
            text = f"{text.rstrip()}\n\n{part}\n"
    return text


# --- tables/README.md -------------------------------------------------------------------------------------


def tables_readme() -> str:
    """Everything that the RUMP tables say, for reading."""
    tables = Tables(TABLES)
    units = {row[0]: row[1] for row in tables["units"].rows("UNITS")}
    parts = [
        "# RUMP in tables\n\n"
        "Made by `python3 tools/gen_docs.py` from the files in this folder; edit those. "
        "Columns and source marks: [`__init__.py`](__init__.py).",
        _frame(tables),
        _messages(tables),
        _results(tables),
        "## Common fields\n\nEvery appliance has them; in the status they come first.\n\n"
        + _fields(tables["common"].rows("FIELDS"), units),
    ]
    for number, name, _source in tables["frame"].rows("DEVICE_TYPES"):
        parts.append(
            f"## {_title(name)}\n\n"
            f"Device type {number}, schema revision {tables[name].values['REVISION']}.\n\n"
            f"{_fields(tables[name].rows('FIELDS'), units)}\n\n"
            f"{_alarms(tables[name].rows('ALARMS'))}"
        )
    parts.append(_not_available(tables))
    return "\n\n".join(parts) + "\n"


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _frame(tables: Tables) -> str:
    frame = tables["frame"].values
    layouts = [("Header", "HEADER"), ("Device ID", "DEVICE_ID")]
    return (
        f"## Message\n\n{_layouts(tables['frame'], layouts)}\n\n"
        f"Version {frame['VERSION']}. A body has at most {frame['MAX_BODY']} bytes, a control at most "
        f"{frame['MAX_FIELDS']} fields."
    )


def _layouts(table: Table, wanted: Iterable[tuple[str, str]]) -> str:
    """Layouts as tables, with the offset of each part as far as it is fixed."""
    texts = []
    for title, name in wanted:
        lines: list[list[object]] = []
        _layout_lines(table.layouts[name], 0, "", lines)
        texts.append(f"### {title}\n\n" + _table(("offset", "part", "format", "source"), lines))
    return "\n\n".join(texts)


def _layout_lines(rows: Rows, at: int | None, prefix: str, lines: list[list[object]]) -> None:
    for name, fmt, counter, source in rows:
        place = "" if at is None else at
        times = f", as often as `{counter}` says" if counter else ""
        if isinstance(fmt, tuple):
            lines.append([place, f"`{prefix}{name}`", f"group{times}", source])
            _layout_lines(fmt, None, f"{prefix}{name}.", lines)
        else:
            lines.append([place, f"`{prefix}{name}`", _format(fmt) + times, source])
        is_fixed = counter is None and isinstance(fmt, str) and fmt not in ("S", "B*")
        at = at + check_tables.least_size(fmt) if at is not None and is_fixed else None


def _format(fmt: str) -> str:
    if fmt in check_tables.SIZES:
        return f"{'s' if fmt == '>h' else 'u'}{8 * check_tables.SIZES[fmt]}"
    return {"S": "length byte, UTF-8", "B*": "length byte, bytes"}.get(fmt, fmt.replace("s", " bytes"))


def _messages(tables: Tables) -> str:
    table = tables["messages"]
    names = {row[0]: row[1] for row in table.rows("MESSAGES")}
    rows = [
        [f"0x{number:02X}", f"`{name}`", sender, f"`{names[answer]}`" if answer else "never", body, source]
        for number, name, sender, answer, body, source in table.rows("MESSAGES")
    ]
    head = ("id", "message", "sent by", "answered by", "body", "source")
    bodies = [(f"Body: {name.removesuffix('_BODY').lower()}", name) for name in table.layouts]
    return (
        f"## Messages\n\n{_table(head, rows)}\n\n{_layouts(table, bodies)}\n\n"
        "In a status the values of the present rows follow, in table order."
    )


def _results(tables: Tables) -> str:
    table = tables["results"]
    names = {row[0]: row[1] for row in table.rows("RESULTS")}
    results = [[number, f"`{name}`", source] for number, name, source in table.rows("RESULTS")]
    reasons = [[n, f"`{name}`", f"`{names[r]}`", source] for n, name, r, source in table.rows("REASONS")]
    return (
        f"## Results and reasons\n\n{_table(('value', 'result', 'source'), results)}\n\n"
        f"{_table(('value', 'reason', 'its result', 'source'), reasons)}"
    )


def _fields(rows: Rows, units: dict[str, str]) -> str:
    head = ("id", "field", "format", "range", "step", "access", "source")
    lines = []
    for row in rows:
        number, name, fmt, access, _low, _high, step, scale, unit, _choices, source = row
        steps = _quantity(step, scale, units[unit]) if _is_quantity(unit) else ""
        lines.append(
            [f"0x{number:02X}", f"`{name}`", _format(fmt), _range(row, units), steps, _access(access), source]
        )
    return _table(head, lines)


def _is_quantity(unit: str) -> bool:
    return unit not in ("bool", "enum", "bitmap")


def _range(row: tuple[Any, ...], units: dict[str, str]) -> str:
    """What a person may choose from, in physical units."""
    low, high, scale, unit, choices = row[4], row[5], row[7], row[8], row[9]
    if unit == "bool":
        return "off, on"
    if choices:
        pairs = choices if isinstance(choices[0], tuple) else list(enumerate(choices))
        text = ", ".join(f"{number} {name}" for number, name in pairs)
        return f"bits: {text}" if unit == "bitmap" else text
    if unit == "bitmap":
        return f"{high.bit_length()} bits"
    return f"{_number(low, scale)} to {_quantity(high, scale, units[unit])}"


def _number(counts: int, scale: int) -> str:
    """counts / scale, exactly."""
    if scale == 1:
        return str(counts)
    digits = len(str(scale)) - 1
    if 10**digits != scale:
        return f"{counts}/{scale}"
    return f"{counts / scale:.{digits}f}"


def _quantity(counts: int, scale: int, unit: str) -> str:
    return f"{_number(counts, scale)} {unit}".rstrip()


def _access(access: str) -> str:
    """The access letters as words."""
    words = [word for letter, word in (("r", "status"), ("w", "control")) if letter in access]
    text = ", ".join(words)
    text += "; pushed" if "n" in access else ""
    return text + ("; always" if "!" in access else "")


def _alarms(rows: Rows) -> str:
    head = ("bit", "alarm", "severity", "source")
    return _table(
        head, [[bit, f"`{name}`", f"{s}: {SEVERITIES[s]}", source] for bit, name, s, source in rows]
    )


def _not_available(tables: Tables) -> str:
    rows = [
        [_format(fmt), f"0x{counts:X}", src] for fmt, counts, src in tables["units"].rows("NOT_AVAILABLE")
    ]
    return (
        "## Not available\n\nOne count for each format, legal in a status only.\n\n"
        f"{_table(('format', 'count', 'source'), rows)}\n\n"
        "## Reading the access column\n\n"
        "*status*: stands in every response and status; *control*: may be set; *pushed*: a change is told at "
        "once; *always*: every device of the type has it, the others are optional."
    )


# --- command line -----------------------------------------------------------------------------------------


def wanted() -> dict[Path, str]:
    """What each file should hold."""
    texts = {TABLES_README: tables_readme(), gen_package.PACKAGE: gen_package.text()}
    if README.exists():
        texts[README] = readme(README.read_text(encoding="utf-8"))
    return texts


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Write the parts of the documentation that follow from the tables."
    )
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when something is stale")
    is_check = parser.parse_args().check
    wrong = check_tables.check()
    if wrong:
        print("the tables must be right first:", *wrong, sep="\n", file=sys.stderr)
        return 1
    is_stale = False
    for path, text in wanted().items():
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if old == text:
            continue
        is_stale = True
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        if is_check:
            lines = difflib.unified_diff(
                old.splitlines(), text.splitlines(), str(name), "as the tables say", lineterm=""
            )
            print(*list(lines)[:40], sep="\n")
            print(f"{name} is stale. Run: python3 tools/gen_docs.py")
        else:
            path.write_text(text, encoding="utf-8")
            print(f"{name} written")
    if not README.exists():
        print(
            f"{README.name} does not exist yet: write it, then run python3 tools/gen_docs.py", file=sys.stderr
        )
        return 1 if is_check else 0
    return 1 if is_stale and is_check else 0


if __name__ == "__main__":
    sys.exit(main())
