"""tools/bench.py: each command runs and tells its ratios. How fast things are is not tested here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bench import figures
from tier import full_only

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*arguments: str, timeout_s: float = 300) -> dict[str, Any]:
    command = [sys.executable, str(ROOT / "tools" / "bench.py"), *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def rows_with(report: dict[str, Any], where: str, what: str) -> list[dict[str, Any]]:
    return [row for row in report["rows"] if where in row["where"] and what in row["what"]]


def test_codec_tells_ratios_for_every_interpreter() -> None:
    report = run("codec", "--rounds", "1", "--messages", "20")
    for where, peers in (
        ("cpython", {"struct", "json", "protobuf", "construct, compiled"}),
        ("micropython64", {"struct", "json"}),
        ("micropython32", {"struct", "json"}),
    ):
        rows = rows_with(report, where, "status of 20 fields, decode and encode")
        assert peers <= {row["against"] for row in rows}
        assert all(row["ratio"] > 0 for row in rows)
        assert {"struct", "tlv", "json"} <= {
            row["against"] for row in rows_with(report, where, "control of 3")
        }
    for where in ("micropython64", "micropython32"):
        for carrier in ("tcp", "serial"):
            rows = rows_with(report, f"{where}, running app over {carrier}", "heap")
            assert len(rows) == 4
            assert all(row["value"] == 0 and row["is_met"] for row in rows)


def test_rtt_tells_ratios_to_the_echo() -> None:
    report = run("rtt", "--batches", "1")
    for where in (
        "micropython64, tcp",
        "micropython64, serial",
        "micropython32, tcp",
        "micropython32, serial",
    ):
        for what in ("status query, p50", "status query, p99", "control, p50", "control, p99"):
            (row,) = rows_with(report, where, what)
            assert row["against"] == "echo_asyncio"
            assert row["ratio"] > 0
            assert row["goal"] == 1.5


@full_only
def test_memory_tells_heap_and_sizes() -> None:
    report = run("memory", "--type", "water_heater")
    in_use = rows_with(report, "water_heater", "heap in use")
    smallest = rows_with(report, "water_heater", "smallest heap")
    assert in_use[0]["value"] < smallest[0]["value"]
    assert "asyncio echo" in {row["against"] for row in in_use}
    from_rom = rows_with(report, "water_heater, ROMFS", "heap in use")
    assert from_rom[0]["value"] < in_use[0]["value"]
    sizes = {row["what"]: row["value"] for row in rows_with(report, "water_heater", "") if row["unit"] == "B"}
    assert sizes["rumpus/__init__.mpy"] > 20_000


@full_only
def test_update_tells_shares_ratios_and_heap() -> None:
    report = run("update", "--rounds", "1", timeout_s=1200)
    for where in ("micropython64", "micropython32"):
        for ring, goal in (("4096", 1.25), ("260", None)):
            rows = rows_with(report, f"{where}, serial, ring of {ring} bytes", "share of")
            assert len(rows) == 2
            assert all(0 < row["value"] < 100 and row["goal"] == goal for row in rows)
        (copied,) = rows_with(report, f"{where}, TCP", "transfer")
        assert copied["against"] == "a bare socket's" and copied["ratio"] > 0
        restart, commit = rows_with(report, f"{where}, TCP", "APPLY")
        assert restart["value"] < commit["value"]
    before, during, after = rows_with(report, "heap in use, update over serial", "at most")
    assert 0 < before["value"] <= during["value"] <= after["value"]


@pytest.mark.parametrize(
    ("ratio", "goal", "is_met"), ((0.9, 1.0, True), (1.1, 1.0, False), (1.1, None, None))
)
def test_a_goal_is_the_most_that_a_ratio_may_be(
    ratio: float, goal: float | None, is_met: bool | None
) -> None:
    row = figures.Row("here", "this", 3.0, "us", ratio, "that", 2.0, goal)
    assert row.is_met is is_met


def test_the_text_says_which_goals_are_missed() -> None:
    report = figures.Report("codec", "never")
    report.add(figures.Row("here", "this", 3.0, "us", 1.5, "that", 2.0, 1.0))
    report.add(figures.Row("here", "this", 3.0, "us", 0.5, "those", 6.0))
    text = report.as_text()
    assert "goal 1: NOT MET" in text
    assert "1.50 x that (2.00); 0.50 x those (6.00)" in text
    assert "0 of 1 goals met" in text
