"""Would this wiring work, and would it be safe at reset? Each violation is a Problem with a sentence.

A rule is a function of a Wiring that yields Problems; RULES is the list of all of them.
"""

from collections.abc import Mapping, Sequence

from .load import Board, RoleRow
from .rules import of_loads, of_pins, of_roles
from .rules.problem import Problem, Wiring, active_level, kinds, pins_of

RULES = (
    of_roles.unknown_role,
    of_roles.unknown_driver,
    of_roles.wrong_driver,
    of_roles.unknown_option,
    of_roles.missing_role,
    of_roles.either_role,
    of_pins.unknown_pin,
    of_pins.pin_twice,
    of_pins.bus_pins,
    of_pins.taken_pin,
    of_pins.incapable_pin,
    of_pins.adc2_with_wifi,
    of_pins.adc_range,
    of_pins.on_at_reset,
    of_pins.on_board_part,
    of_loads.unknown_switch,
    of_loads.above_rating,
    of_loads.worn_relay,
)


def check(
    on: Board,
    appliance: str,
    rows: Sequence[RoleRow],
    has_wifi: bool | None = None,
    amperes: Mapping[str, float] | None = None,
    switches: Mapping[str, str] | None = None,
) -> list[Problem]:
    """All that is wrong, [] when nothing is. has_wifi: None means if the board has it."""
    wifi = on.has_wifi if has_wifi is None else has_wifi
    wiring = Wiring(on, appliance, tuple(rows), wifi, amperes or {}, switches or {})
    return [problem for rule in RULES for problem in rule(wiring)]


__all__ = ["RULES", "Problem", "Wiring", "active_level", "check", "kinds", "pins_of"]
