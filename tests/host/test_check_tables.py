"""Each kind of mistake in a table is found and named; the tables that we ship have none."""

import re
import subprocess
import sys
from pathlib import Path

import check_tables
import pytest

GOOD = {
    "units.py": '''"""Units."""

UNITS = (("bool", "", "OURS"), ("enum", "", "OURS"), ("bitmap", "", "OURS"), ("degC", "°C", "OURS"))
NOT_AVAILABLE = ((">B", 0xFF, "OURS"), (">h", 0x7FFF, "OURS"))
''',
    "common.py": '''"""Common fields."""

FIELDS = ((0x01, "lock", ">B", "rwn!", 0, 1, 1, 1, "bool", None, "OURS"),)
''',
    "frame.py": '''"""Header."""

HEADER = (
    ("version", ">B", None, "OURS"),
    ("device_id", "12s", None, "OURS"),
)
HEADER_SIZE = 13
DEVICE_TYPES = ((1, "kettle", "OURS"),)
MAX_BODY = 16
MAX_FIELDS = 4
''',
    "messages.py": '''"""Messages."""

CONTROL = 0x01
MESSAGES = (
    (0x01, "control", "controller", 0x81, "control", "OURS S 6.4.2"),
    (0x81, "response", "device", 0, "status", "S 7.6"),
)
CONTROL_BODY = (
    ("count", ">B", None, "OURS"),
    ("field", (("id", ">B", None, "OURS"), ("value", "B*", None, "OURS")), "count", "OURS"),
)
STATUS_BODY = (("result", ">B", None, "OURS"), ("presence", "B*", None, "OURS"))
STATUS_FIXED_SIZE = 2
''',
    "results.py": '''"""Results."""

OK = 0
RESULTS = ((0, "ok", "OURS"), (1, "bad", "OURS"))
REASONS = ((0, "none", 0, "OURS"), (1, "door_open", 1, "OURS"))
''',
    "types.py": '''"""Messages of another protocol."""

HELLO = 0x11
MESSAGE_TYPES = (
    (0x11, "HELLO", "request", 0x12, 0, "S T2"),
    (0x12, "HELLO_RESPONSE", "response", 0, 0, "S T2"),
)
HELLO_BODY = (("Payload Type", ">H", None, "S T5"), ("Value", "C", "Payload Type", "OURS"))
KEYWORDS = ((0x11, "Type", ("All", "Start"), "S T5"),)
OPEN_TO = ((0x11, 1, 0, "OURS"),)
''',
    "kettle.py": '''"""Kettle."""

NAME = "kettle"
DEVICE_TYPE = 1
REVISION = 1
FIELDS = (
    (0x10, "power", ">B", "rwn!", 0, 1, 1, 1, "bool", None, "OURS"),
    (0x11, "target", ">h", "rwn", 300, 750, 10, 10, "degC", None, "R midea"),
    (0x12, "mode", ">B", "rw", 0, 2, 1, 1, "enum", ("eco", "boost", "away"), "OURS"),
    (0x13, "work", ">B", "r", 1, 4, 1, 1, "enum", ((1, "idle"), (4, "fault")), "OURS"),
    (0x14, "doors", ">B", "r", 0, 3, 1, 1, "bitmap", ("front", "back"), "OURS"),
)
ALARMS = ((0, "dry", "stop", "R midea"), (1, "leak", "warn", "OURS"))
''',
}

# file, what stands there, what is put there, what must be said
MISTAKES = (
    ("kettle.py", '"""Kettle."""', "", r"line 1: no docstring"),
    ("kettle.py", "DEVICE_TYPE = 1", "import sys\nDEVICE_TYPE = 1", r"line 4: neither a docstring nor NAME"),
    ("kettle.py", "DEVICE_TYPE = 1", "DEVICE_TYPE: int = 1", r"line 4: neither a docstring nor NAME"),
    ("kettle.py", "DEVICE_TYPE = 1", "DEVICE_TYPE = TYPE = 1", r"line 4: neither a docstring nor NAME"),
    ("kettle.py", "DEVICE_TYPE = 1", "DEVICE_TYPE = int(1)", r"DEVICE_TYPE: not a literal"),
    ("kettle.py", "DEVICE_TYPE = 1", "DEVICE_TYPE = REVISION", r"DEVICE_TYPE: not a literal"),
    ("kettle.py", "DEVICE_TYPE = 1", "DEVICE_TYPE = 1.5", r"DEVICE_TYPE: neither a number, a text nor"),
    ("kettle.py", "DEVICE_TYPE = 1", "DEVICE_TYPE = [1]", r"DEVICE_TYPE: neither a number, a text nor"),
    ("kettle.py", "DEVICE_TYPE = 1", "DEVICE_TYPE = 1\nDEVICE_TYPE = 1", r"DEVICE_TYPE: assigned twice"),
    ("kettle.py", "DEVICE_TYPE = 1", "DEVICE_TYPE = = 1", r"line 4: not Python"),
    ("kettle.py", '0, 1, 1, 1, "bool"', '0, 1, 1, "bool"', r"power: 10 columns, not 11"),
    ("kettle.py", '(0x10, "power"', '("16", "power"', r"16: column 1 holds '16', not int"),
    ("kettle.py", "300, 750", "30.0, 750", r"target: column 5 holds 30.0, not int"),
    ("kettle.py", '"rwn!", 0, 1', '"rwn!", False, 1', r"power: column 5 holds False, not int"),
    ("kettle.py", '("eco", "boost", "away")', '"eco"', r"mode: column 10 holds 'eco', not tuple"),
    ("kettle.py", '"R midea"),\n    (0x12', '"midea"),\n    (0x12', r"target: source 'midea' does not begin"),
    ("kettle.py", '"leak", "warn", "OURS"', '"leak", "warn", ""', r"leak: source '' does not begin"),
    ("kettle.py", "0x11,", "0x10,", r"target: id 0x10 does not follow 0x10: not unique"),
    ("kettle.py", "0x11,", "0x0F,", r"target: id 0xf does not follow 0x10: not unique or not ascending"),
    ("kettle.py", "0x10,", "0x01,", r"power: id 0x1 is the common field lock"),
    ("kettle.py", '"power"', '"lock"', r"lock: name is that of a common field"),
    ("kettle.py", "0x14,", "0x114,", r"doors: id 276 is not in 1..255"),
    ("kettle.py", '"target"', '"power"', r"power: name stands twice"),
    ("kettle.py", '"target"', '"Target"', r"Target: name is not snake_case"),
    ("kettle.py", '">h"', '">B"', r"target: >B cannot hold 300..750"),
    ("kettle.py", '">h"', '">H"', r"target: no count means not available in >H"),
    ("kettle.py", '">h"', '">d"', r"target: unknown format '>d'"),
    (
        "kettle.py",
        "300, 750, 10",
        "300, 32767, 1",
        r"target: the not-available count 32767 lies inside 300..32767",
    ),
    ("kettle.py", "300, 750, 10", "750, 300, 10", r"target: low 750 is above high 300"),
    (
        "kettle.py",
        "300, 750, 10",
        "300, 755, 10",
        r"target: high 755 cannot be reached from 300 in steps of 10",
    ),
    ("kettle.py", "300, 750, 10", "300, 750, 0", r"target: step and scale are 1 or more"),
    ("kettle.py", '"rwn",', '"nrw",', r"target: access 'nrw' is not"),
    ("kettle.py", '"rwn",', '"wn",', r"target: n without r"),
    ("kettle.py", '"rwn",', '"!",', r"target: access '!' is not"),
    ("kettle.py", '"degC"', '"K"', r"target: unknown unit 'K'"),
    ("kettle.py", '0, 1, 1, 1, "bool"', '0, 2, 1, 1, "bool"', r"power: a bool goes from 0 to 1"),
    ("kettle.py", '("eco", "boost", "away")', '("eco", "boost")', r"mode: choices do not fit 0..2"),
    ("kettle.py", '("eco", "boost", "away")', "None", r"mode: an enum without choices"),
    ("kettle.py", '("eco", "boost", "away")', '("eco", "eco", "away")', r"mode: choices are not unique"),
    ("kettle.py", '("eco", "boost", "away")', '("eco", 1, "away")', r"mode: choices are neither names nor"),
    ("kettle.py", '("front", "back")', '("front",)', r"doors: choices do not fit 0..3"),
    ("kettle.py", '"fault")', '"fault"), (5, "lost")', r"work: choices do not fit 1..4"),
    ("kettle.py", '(1, "idle"), (4, "fault")', '(4, "fault"), (1, "idle")', r"work: choices do not fit 1..4"),
    ("kettle.py", '"degC", None', '"degC", ("hot",)', r"target: choices for the unit degC"),
    ("kettle.py", '(1, "leak"', '(0, "leak"', r"leak: bit 0x0 does not follow 0x0"),
    ("kettle.py", '(1, "leak"', '(32, "leak"', r"leak: bit 32 is not in 0..31"),
    ("kettle.py", '"leak"', '"dry"', r"dry: name stands twice"),
    ("kettle.py", '"warn"', '"worry"', r"leak: severity 'worry' is not one of stop, warn, notice"),
    ("kettle.py", "ALARMS = (", "ALERTS = (", r"ALERTS: a kind of table that check_tables.py does not know"),
    ("kettle.py", "REVISION = 1", "", r"REVISION: missing"),
    ("kettle.py", 'NAME = "kettle"', 'NAME = "pot"', r"NAME: 'pot', but the file is kettle.py"),
    ("kettle.py", "DEVICE_TYPE = 1", "DEVICE_TYPE = 2", r"DEVICE_TYPE: 2, but DEVICE_TYPES says 1"),
    ("units.py", '(">B", 0xFF', '(">B", 0x1FF', r">B: cannot hold 511"),
    ("units.py", '(">B", 0xFF', '(">Q", 0xFF', r">Q: unknown format"),
    ("units.py", '("enum", ""', '("bool", ""', r"bool: name stands twice"),
    ("frame.py", "HEADER_SIZE = 13", "HEADER_SIZE = 14", r"HEADER_SIZE: 14, but the layout takes 13 bytes"),
    ("frame.py", '"12s"', '"s"', r"device_id: unknown format 's'"),
    ("frame.py", '"device_id"', '"version"', r"version: name stands twice"),
    (
        "frame.py",
        "MAX_BODY = 16",
        "MAX_BODY = 9",
        r"FIELDS: a status with all fields takes 10 bytes, more than",
    ),
    ("frame.py", "MAX_FIELDS = 4", "MAX_FIELDS = 3", r"FIELDS: more fields can be written than MAX_FIELDS"),
    (
        "messages.py",
        "STATUS_FIXED_SIZE = 2",
        "STATUS_FIXED_SIZE = 3",
        r"STATUS_FIXED_SIZE: 3, but the layout",
    ),
    ("messages.py", "CONTROL = 0x01", "CONTROL = 0x02", r"CONTROL: 0x2, but the row says 0x1"),
    ("messages.py", '0x81, "control"', '0x82, "control"', r"control: answered by 0x82, which is no message"),
    ("messages.py", '"controller"', '"user"', r"control: sender 'user' is not"),
    ("messages.py", '(0x81, "response"', '(0x181, "response"', r"response: id 385 is not in 0..255"),
    (
        "messages.py",
        '("count", ">B"',
        '("number", ">B"',
        r"field: its counter count does not stand before it",
    ),
    ("messages.py", '("count", ">B"', '("count", "S"', r"field: its counter count is not an unsigned number"),
    ("messages.py", '("id", ">B"', '("id", ">q"', r"id: unknown format '>q'"),
    (
        "messages.py",
        '(("id", ">B", None, "OURS"), ("value", "B*", None, "OURS"))',
        "()",
        r"field: repeats something",
    ),
    ("messages.py", '(("id", ">B", None, "OURS"),', '(("id", ">B", "OURS"),', r"id: 3 columns, not 4"),
    ("messages.py", '(("id", ">B", None, "OURS"),', '("id",', r"field: a group that is not made of rows"),
    ("types.py", '"HELLO", "request"', '"HELLO", "question"', r"HELLO: kind 'question' is not"),
    ("types.py", "0x12, 0,", "0x13, 0,", r"HELLO: answered by 0x13, which is no message"),
    ("types.py", '(0x12, "HELLO_', '(0x11, "HELLO_', r"HELLO_RESPONSE: code 0x11 does not follow 0x11"),
    ("types.py", '(0x12, "HELLO_', '(0x10012, "HELLO_', r"HELLO_RESPONSE: code 0x10012 is not in 0..0xffff"),
    ("types.py", "HELLO = 0x11", "HELLO = 0x12", r"HELLO: 0x12, but the row says 0x11"),
    ("types.py", '"C", "Payload Type"', '"C", None', r"Value: unknown format 'C'"),
    ("types.py", '((0x11, "Type"', '((0x21, "Type"', r"Type: 0x21 is no message"),
    ("types.py", '("All", "Start")', '("All", "All")', r"Type: keywords are not unique texts"),
    ("types.py", "((0x11, 1, 0", "((0x21, 1, 0", r"0x21: is no message"),
    ("types.py", '1, 0, "OURS"),)', '1, 0, "OURS"), (0x11, 0, 0, "OURS"))', r"17: name stands twice"),
    ("results.py", "OK = 0", "OK = 1", r"OK: 0x1, but the row says 0x0"),
    ("results.py", '(1, "bad"', '(2, "bad"', r"bad: value 2 stands at place 1"),
    (
        "results.py",
        '"door_open", 1',
        '"door_open", 7',
        r"door_open: goes with the result 7, which does not exist",
    ),
)


def write(root: Path, files: dict[str, str]) -> Path:
    folder = root / "toy" / "tables"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return root


def test_our_tables_are_good():
    assert check_tables.check() == []


def test_the_toy_tables_are_good(tmp_path):
    assert check_tables.check(write(tmp_path, GOOD)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"), MISTAKES, ids=[mistake[3][:45] for mistake in MISTAKES]
)
def test_mistake_is_found_and_named(tmp_path, file, old, new, said):
    assert old in GOOD[file]
    lines = check_tables.check(write(tmp_path, GOOD | {file: GOOD[file].replace(old, new, 1)}))
    assert any(re.search(f": {said}", line) for line in lines), lines
    assert all(line.startswith(str(tmp_path / "toy" / "tables")) for line in lines)


def test_command_line_says_what_is_wrong_and_exits_1(tmp_path):
    root = write(tmp_path, GOOD | {"kettle.py": GOOD["kettle.py"].replace('"degC"', '"K"')})
    done = subprocess.run([sys.executable, check_tables.__file__, str(root)], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.strip() == f"{root / 'toy' / 'tables' / 'kettle.py'}: target: unknown unit 'K'"


def test_command_line_without_tables_exits_1(tmp_path):
    done = subprocess.run(
        [sys.executable, check_tables.__file__, str(tmp_path)], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "no */tables/*.py there" in done.stderr
