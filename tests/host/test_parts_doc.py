"""docs/parts.md says what the tests are, and no driver is without one."""

import importlib.util

import pytest

from rumpus_host.bench.repository import TOOLS
from rumpus_host.boards import load

spec = importlib.util.spec_from_file_location("gen_parts", TOOLS / "gen_parts.py")
assert spec and spec.loader
gen_parts = importlib.util.module_from_spec(spec)
spec.loader.exec_module(gen_parts)


def test_the_tables_are_fresh():
    text = gen_parts.DOC.read_text(encoding="utf-8")
    assert gen_parts.with_tables(text) == text, "run python3 tools/gen_parts.py"


@pytest.mark.parametrize("name", load.driver_names())
def test_every_driver_is_in_the_table_and_has_a_shared_test(name):
    (row,) = [row for row in gen_parts.driver_rows() if row.startswith(f"| `{name}` |")]
    assert "**none**" not in row


def test_every_check_of_a_hal_is_in_the_table_and_there():
    told = {file for _hal, _what, _where, file in gen_parts.HAL_CHECKS}
    assert told == {path.name for path in gen_parts.FAKES.glob("check_*.py")}
    assert {hal for hal, *_ in gen_parts.HAL_CHECKS} | {"virtual"} == {
        path.stem for path in gen_parts.HALS.glob("*.py") if "class Hal" in path.read_text(encoding="utf-8")
    }
