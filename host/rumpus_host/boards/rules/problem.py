"""What rules are about: a wiring, and the problems that they find in it."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .. import load, roles
from ..load import Board, Pin, RoleRow


class Problem(NamedTuple):
    """code: a word for programs. sentence: what is wrong and why. next: what to do."""

    code: str
    role: str
    sentence: str
    next: str


class Wiring(NamedTuple):
    """What is checked. amperes, switches: see switching.switched()."""

    board: Board
    appliance: str
    rows: tuple[RoleRow, ...]
    has_wifi: bool
    amperes: Mapping[str, float]
    switches: Mapping[str, str]

    @property
    def wired(self) -> list[str]:
        return [row[0] for row in self.rows]


Problems = Iterator[Problem]


def kinds(appliance: str) -> dict[str, str]:
    """Role to kind of all roles of an appliance."""
    return {role: kind for role, kind, _words in roles.of(appliance)}


def pins_of(text: str) -> list[str]:
    """The ids in a row's pin, as hal/names.py has them: "IO4", "IO5@25000" or "IO21/IO22"."""
    return text.partition("@")[0].split("/")


def active_level(option: tuple) -> int:
    return 0 if "active_low" in option else 1


def outputs(wiring: Wiring) -> Iterator[tuple[RoleRow, Pin]]:
    known = kinds(wiring.appliance)
    for row in wiring.rows:
        pin = wiring.board.pin(row[2])
        if pin and known.get(row[0]) in roles.OUTPUT_KINDS:
            yield row, pin


def placed(wiring: Wiring) -> Iterator[tuple[RoleRow, Pin, str]]:
    """Row, pin and the kind of pin that its driver needs, where all three exist."""
    for row in wiring.rows:
        if row[1] in load.driver_names():
            for name in pins_of(row[2]):
                pin = wiring.board.pin(name)
                if pin:
                    yield row, pin, load.needs_of(row[1])


def has_form(option: object, form: tuple) -> bool:
    if not isinstance(option, tuple) or len(option) != len(form):
        return False
    return all(_is_allowed(value, allowed) for value, allowed in zip(option, form, strict=True))


def _is_allowed(value: object, allowed: object) -> bool:
    if allowed == "rom":
        return isinstance(value, str) and re.fullmatch(r"28[0-9a-f]{14}", value) is not None
    if not isinstance(allowed, tuple):
        return False
    if isinstance(allowed[0], str):
        return value in allowed
    return type(value) is int and allowed[0] <= value <= allowed[1]
