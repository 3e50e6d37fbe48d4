"""What switches which load: the tables of loads.py applied to one wiring on one board."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .load import Board, RoleRow
from .loads import LOADS, PANEL_LOADS, SWITCHES

MECHANICAL = ("mechanical", "contactor")


class Switch(NamedTuple):
    """kind: mechanical, contactor, solid_state or signal. Ratings in V and mA."""

    name: str
    kind: str
    volts: int
    resistive_ma: int
    inductive_ma: int
    words: str

    def carries_ma(self, load_kind: str) -> int:
        return self.inductive_ma if load_kind == "inductive" else self.resistive_ma


class Switched(NamedTuple):
    """One output role's load and what switches it.

    driven_by: what the pin itself drives: the switch, or the relay that a contactor's coil hangs on.
    is_behind_main: fed by the main relay. in_line: protective parts that are hard-wired before the load.
    """

    role: str
    pin: str
    label: str
    symbol: str
    volts: int
    ma: int
    load_kind: str
    switch: Switch
    driven_by: Switch
    is_behind_main: bool
    in_line: tuple[str, ...]

    @property
    def is_mains(self) -> bool:
        return self.volts > 50


SWITCH = {row[0]: Switch(*row) for row in SWITCHES}


def switched(
    on: Board,
    appliance: str,
    rows: Sequence[RoleRow],
    amperes: Mapping[str, float] | None = None,
    switches: Mapping[str, str] | None = None,
) -> list[Switched]:
    """The loads of a wiring's output roles, in its order.

    amperes: of the user's own loads, by role. switches: names in SWITCHES, by role, instead of the usual.
    """
    known = {row[0]: row for row in LOADS[appliance] + PANEL_LOADS}
    return [
        _switched(on, known[role], pin, (amperes or {}).get(role), (switches or {}).get(role))
        for role, _driver, pin, _option in rows
        if role in known
    ]


def _switched(on: Board, row: tuple, pin_id: str, amperes: float | None, wanted: str | None) -> Switched:
    role, label, symbol, volts, ma, load_kind, usual, behind_main, in_line = row
    pin = on.pin(pin_id)
    relay = SWITCH["on_board_relay" if pin and "relay" in pin.on_board else "relay_module"]
    switch = SWITCH[wanted or usual]
    if switch.name in ("relay_module", "on_board_relay") or (
        relay.name == "on_board_relay" and switch.name == "ssr"
    ):
        switch = relay
    if amperes is not None:
        ma = round(amperes * 1000)
    driven_by = relay if switch.kind == "contactor" else switch
    return Switched(
        role, pin_id, label, symbol, volts, ma, load_kind, switch, driven_by, bool(behind_main), in_line
    )
