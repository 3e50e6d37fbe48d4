"""docs/parts.md: which part was tested on which interpreter, and how. Made from the tests themselves.

python3 tools/gen_parts.py            write the tables anew
python3 tools/gen_parts.py --check    exit code 1 when they are stale
"""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DRIVERS = ROOT / "firmware" / "rumpus" / "drivers"
HALS = ROOT / "firmware" / "rumpus" / "hal"
SHARED = ROOT / "tests" / "shared"
FAKES = ROOT / "tests" / "host" / "fakes"
BOARDS = ROOT / "boards"
DOC = ROOT / "docs" / "parts.md"
BEGIN, END = "<!-- generated: tools/gen_parts.py -->", "<!-- end -->"

# HAL, fakes or real parts that its checks run against, interpreters of these checks, file of the checks
HAL_CHECKS = (
    (
        "micropython",
        "`machine`, `network`, `esp32` and `onewire` as modules of ours, with simulated chips behind the pins",
        "real MicroPython, 64 and 32 bit",
        "check_micropython.py",
    ),
    (
        "circuitpython",
        "`board`, `digitalio`, `busio` ... as modules of ours, with simulated chips behind the pins",
        "CPython in the place of CircuitPython",
        "check_circuitpython.py",
    ),
    (
        "circuitpython",
        "real adafruit-blinka, its generic agnostic board",
        "CPython",
        "check_blinka.py",
    ),
    (
        "circuitpython",
        "real adafruit-blinka, its MCP2221A, with a HID device of ours that answers reports",
        "CPython",
        "check_mcp2221.py",
    ),
)


def imported(path: Path) -> set[str]:
    """Names of the drivers that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rumpus.drivers"):
            rest = (node.module or "").removeprefix("rumpus.drivers").removeprefix(".")
            found |= {rest} if rest else {alias.name for alias in node.names}
    return found


def wired(path: Path) -> set[str]:
    """Names of the drivers in a wiring file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "ROLES":
            return {row[1] for row in ast.literal_eval(node.value)}
    return set()


def drivers() -> list[tuple[str, str]]:
    """Driver, first sentence of its file."""
    found = []
    for path in sorted(DRIVERS.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(
            isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "NEEDS"
            for node in tree.body
        ):
            words = (ast.get_docstring(tree) or "").split("\n\n")[0].replace("\n", " ")
            found.append((path.stem, words.split(". ")[0].rstrip(".")))
    return found


def driver_rows() -> list[str]:
    by_test = {path: imported(path) for path in sorted(SHARED.glob("test_*.py"))}
    by_fake = {path: imported(path) for path in sorted(FAKES.glob("check_*.py"))}
    by_board = {path: wired(path) for path in sorted(BOARDS.glob("*/*.py")) if path.stem != "board"}
    rows = []
    for name, words in drivers():
        tests = [f"`{path.name}`" for path, names in by_test.items() if name in names]
        fakes = sorted({path.stem.removeprefix("check_") for path, names in by_fake.items() if name in names})
        virtual = [
            path.stem for path, names in by_board.items() if name in names and path.parent.name == "virtual"
        ]
        boards = sorted({path.parent.name for path, names in by_board.items() if name in names} - {"virtual"})
        rows.append(
            f"| `{name}` | {words} | {', '.join(tests) or '**none**'} | {', '.join(fakes) or '-'} | "
            f"{', '.join(virtual) or '-'} | {len(boards) or '-'} |"
        )
    return rows


def board_rows() -> list[str]:
    rows = []
    for path in sorted(BOARDS.glob("*/board.py")):
        values = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        wirings = [other.stem for other in sorted(path.parent.glob("*.py")) if other.stem != "board"]
        runtimes = ", ".join(values.get("RUNTIMES", ())) or "-"
        how = "data, checks and pictures; never on our bench"
        if values["NAME"] == "virtual":
            how = "runs: real MicroPython 64 and 32 bit, CPython, physics behind the pins"
        rows.append(f"| `{values['NAME']}` | {runtimes} | {len(wirings)} | {how} |")
    return rows


def tables() -> str:
    parts = [
        "| driver | what | shared tests: CPython, MicroPython 64 and 32 bit | HAL checks "
        "| wirings of the virtual board | boards that wire it |",
        "| --- | --- | --- | --- | --- | --- |",
        *driver_rows(),
        "",
        "| HAL | against | interpreter | checks |",
        "| --- | --- | --- | --- |",
        *[f"| `{hal}` | {what} | {where} | `{file}` |" for hal, what, where, file in HAL_CHECKS],
        "| `virtual` | the bench, with simulated chips on 1-Wire and I2C | real MicroPython, 64 and 32 bit; CPython | "
        "`test_virtual_appliance.py`, `test_virtual_buses.py` |",
        "",
        "| board | interpreters | wirings | how it was tested |",
        "| --- | --- | --- | --- |",
        *board_rows(),
    ]
    return "\n".join(parts)


def with_tables(text: str) -> str:
    """The document with its tables made anew. Raises ValueError without the two marks."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{DOC} lacks its marks")
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


def main() -> int:
    text = DOC.read_text(encoding="utf-8")
    made = with_tables(text)
    if "--check" in sys.argv:
        if made != text:
            print("docs/parts.md is stale. Run: python3 tools/gen_parts.py")
        return int(made != text)
    DOC.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
