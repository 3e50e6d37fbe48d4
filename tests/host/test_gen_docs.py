"""The generated documentation says what the tables say, and --check notices when it does not."""

import re
import sys

import gen_docs
import pytest

README = """# A project

<!-- generated: sources -->
old
<!-- end -->

words between

<!-- generated: appliances -->
<!-- end -->

the end
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A README.md and a tables folder of our own; the numbers are still those of the real tables."""
    monkeypatch.setattr(gen_docs, "README", tmp_path / "README.md")
    monkeypatch.setattr(gen_docs, "TABLES_README", tmp_path / "tables.md")
    return tmp_path


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["gen_docs.py", *arguments])
    return gen_docs.main()


def test_written_once_nothing_is_stale(place, monkeypatch, capsys):
    (place / "README.md").write_text(README)
    assert run(monkeypatch, "--check") == 1
    assert (place / "README.md").read_text() == README
    said = capsys.readouterr().out
    assert "-old" in said
    assert "README.md is stale. Run: python3 tools/gen_docs.py" in said
    assert run(monkeypatch) == 0
    assert run(monkeypatch, "--check") == 0
    text = (place / "README.md").read_text()
    assert "old" not in text
    assert "\n\nwords between\n\n" in text
    assert text.endswith("\n\nthe end\n")


def test_a_changed_number_is_stale(place, monkeypatch):
    (place / "README.md").write_text(README)
    run(monkeypatch)
    for name in ("README.md", "tables.md"):
        text = (place / name).read_text()
        (place / name).write_text(re.sub(r"\| 2 \|", "| 3 |", text, count=1))
        assert run(monkeypatch, "--check") == 1, name
        (place / name).write_text(text)
    assert run(monkeypatch, "--check") == 0


def test_missing_markers_are_put_at_the_end(place, monkeypatch):
    (place / "README.md").write_text("# A project\n")
    assert run(monkeypatch, "--check") == 1
    assert run(monkeypatch) == 0
    text = (place / "README.md").read_text()
    assert text.startswith("# A project\n\n<!-- generated: sources -->\n")
    assert text.count("<!-- end -->") == 2
    assert run(monkeypatch, "--check") == 0


def test_marker_without_end_is_named(place, monkeypatch):
    (place / "README.md").write_text("<!-- generated: sources -->\n")
    with pytest.raises(SystemExit, match="no <!-- end --> after <!-- generated: sources -->"):
        run(monkeypatch)


def test_without_a_readme_the_tables_are_written_and_check_fails(place, monkeypatch, capsys):
    assert run(monkeypatch) == 0
    assert (place / "tables.md").exists()
    assert not (place / "README.md").exists()
    assert run(monkeypatch, "--check") == 1
    assert "README.md does not exist yet" in capsys.readouterr().err


def test_wrong_tables_are_not_documented(place, monkeypatch, capsys):
    monkeypatch.setattr(gen_docs.check_tables, "check", lambda: ["x.py: row: wrong"])
    assert run(monkeypatch) == 1
    assert "x.py: row: wrong" in capsys.readouterr().err
    assert not (place / "tables.md").exists()


def test_every_name_of_the_tables_can_be_read():
    text = gen_docs.tables_readme()
    tables = gen_docs.Tables(gen_docs.TABLES)
    names = 0
    for table in tables.files.values():
        for kind in ("FIELDS", "ALARMS", "MESSAGES", "RESULTS", "REASONS"):
            for row in table.rows(kind):
                assert f"| `{row[1]}` |" in text, row
                assert row[-1] in text, row
                names += 1
        for rows in table.layouts.values():
            for row in rows:
                assert f"`{row[0]}` |" in text, row
    assert names > 150


def test_ranges_are_in_physical_units():
    text = gen_docs.tables_readme()
    for line in (
        "| 0x11 | `target_temperature` | s16 | 30.0 to 75.0 °C | 1.0 °C | status, control; pushed; always |",
        "| 0x11 | `freezer_set` | s16 | -24.0 to -16.0 °C | 1.0 °C |",
        "| 0x43 | `flow` | u8 | 0.0 to 25.4 L/min | 0.1 L/min | status; pushed |",
        "| 0x07 | `utc_offset` | s16 | -720 to 840 min | 15 min |",
        "| 0x10 | `operation` | u8 | 1 start, 2 pause, 3 stop |  | control; always |",
        "| 0x44 | `doors` | u8 | bits: 0 fridge, 1 freezer, 2 bar, 3 variable |",
        "| 0x10 | `power` | u8 | off, on |",
        "| 2 | `over_temperature` | stop: an output is forced off | R midea E3 |",
    ):
        assert line in text


def test_every_line_of_a_table_has_as_many_cells_as_its_head():
    for text in (gen_docs.tables_readme(), gen_docs.sources(), gen_docs.appliances()):
        width = 0
        for line in text.splitlines():
            cells = line.count(" | ")
            if not line.startswith("|"):
                width = 0
            elif width:
                assert cells == width, line
            else:
                width = cells


def test_sources_count_every_row_once():
    tables = gen_docs.Tables(gen_docs.TABLES)
    assert tables.sources().total() == sum(
        len(re.findall(r'"(?:S|P|R|I|OURS)(?: [^"]*)?",?\s*\)', path.read_text(encoding="utf-8")))
        for path in gen_docs.TABLES.glob("*.py")
        if path.stem != "__init__"
    )
