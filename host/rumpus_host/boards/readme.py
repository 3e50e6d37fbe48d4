"""The generated parts of boards/<board>/README.md: the wiring tables, and the picture of one appliance.

python -m rumpus_host.boards.readme        writes them anew
"""

from pathlib import Path

from ..bench.repository import BOARDS
from . import load, table
from .picture import draw

BEGIN, END = "<!-- wiring: made by rumpus_host.boards.readme -->", "<!-- /wiring -->"
PICTURE = "wiring.svg"


def with_tables(text: str, on: load.Board) -> str:
    """A README with its tables made anew. Raises ValueError without the two marks."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the README of {on.name} lacks {BEGIN} or {END}")
    return f"{before}{BEGIN}\n\n{tables(on)}\n{END}{after}"


def tables(on: load.Board) -> str:
    """The wiring of each appliance, in Markdown."""
    parts = []
    for name in load.wirings_on(on.name):
        appliance = load.type_of(name)
        rows = table.lines(on, appliance, load.wiring(on, name))
        way = name.removeprefix(appliance).replace("_", " ")
        words = appliance.replace("_", " ").capitalize()
        parts.append(f"### {words}{', wired as' if way else ''}{way}\n")
        parts.append("| role | what | part | pin | note |\n| --- | --- | --- | --- | --- |")
        parts += [f"| `{row.role}` | {row.what} | {row.part} | **{row.pin}** | {row.note} |" for row in rows]
        parts.append("")
    if on.not_offered:
        parts.append("### Not on this board\n")
        parts += [
            f"* {appliance.replace('_', ' ').capitalize()}: {why}." for appliance, why in on.not_offered
        ]
        parts.append("")
    return "\n".join(parts)


def picture(on: load.Board) -> str:
    """The SVG of the first appliance that the board carries."""
    appliance = load.appliances_on(on.name)[0]
    return draw.svg(on, appliance, load.wiring(on, appliance))


def made(folder: Path) -> dict[Path, str]:
    """The generated files of a board's folder, as they should be."""
    on = load.board(folder.name)
    readme = folder / "README.md"
    files = {readme: with_tables(readme.read_text(encoding="utf-8"), on)}
    return files | ({folder / PICTURE: picture(on)} if on.header else {})


def drawn_boards() -> list[Path]:
    """The folders of all boards that one can solder to."""
    return [BOARDS / name for name in load.board_names() if load.board(name).header]


if __name__ == "__main__":
    for board_folder in drawn_boards():
        for path, text in made(board_folder).items():
            path.write_text(text, encoding="utf-8")
