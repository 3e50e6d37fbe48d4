"""Figures with their goals: collected as rows, printed as a table or as JSON."""

import json
import os
import platform
from collections.abc import Sequence
from typing import Any, NamedTuple


class Row(NamedTuple):
    """One figure. ratio: value over against_value, what `against` took in the same run. goal: the most it
    may be."""

    where: str
    what: str
    value: float
    unit: str
    ratio: float | None = None
    against: str = ""
    against_value: float | None = None
    goal: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met by the ratio, or by the value where there is no ratio."""
        if self.goal is None:
            return None
        return (self.value if self.ratio is None else self.ratio) <= self.goal


class Report:
    """The figures of one command."""

    def __init__(self, command: str, conditions: str) -> None:
        self.command = command
        self.conditions = conditions
        self.rows: list[Row] = []
        self.notes: list[str] = []

    def add(self, row: Row) -> None:
        self.rows.append(row)

    def as_json(self) -> str:
        rows: list[dict[str, Any]] = [{**row._asdict(), "is_met": row.is_met} for row in self.rows]
        head = {"command": self.command, "conditions": self.conditions, "machine": machine()}
        return json.dumps({**head, "rows": rows, "notes": self.notes}, indent=1)

    def as_text(self) -> str:
        lines = [f"{self.command}: {self.conditions}", f"on {machine()}", ""]
        lines += _table(_lines(self.rows))
        lines += ["", *self.notes] if self.notes else []
        goals = [row.is_met for row in self.rows if row.is_met is not None]
        return "\n".join([*lines, "", f"{sum(goals)} of {len(goals)} goals met"])


def machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, CPython {platform.python_version()}"


def _lines(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """The cells of the table; rows that tell the same figure beside different others share a line."""
    same: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        same.setdefault((row.where, row.what), []).append(row)
    lines, last = [], ""
    for (where, what), group in same.items():
        ratios = [
            f"{row.ratio:.2f} x {row.against} ({row.against_value:,.2f})"
            for row in group
            if row.ratio is not None
        ]
        goals = [
            f"goal {row.goal:g}: {'met' if row.is_met else 'NOT MET'}"
            for row in group
            if row.goal is not None
        ]
        value = f"{group[0].value:,.2f}".removesuffix(".00")
        if where != last:
            lines.append((where, "", "", "", ""))
            last = where
        lines.append((f"  {what}", value, group[0].unit, ", ".join(goals), "; ".join(ratios)))
    return lines


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(5)] if rows else []
    return [
        "  ".join(
            cell.rjust(width) if i == 1 else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
