"""Loads: does what switches them carry them, and for how long?"""

from .. import switching
from .problem import Problem, Problems, Wiring, outputs


def unknown_switch(wiring: Wiring) -> Problems:
    for role in (*wiring.amperes, *wiring.switches):
        if role not in dict(_load_roles(wiring)):
            yield Problem(
                "unknown_load",
                role,
                f"{role} is no output of this wiring.",
                f"Outputs: {', '.join(dict(_load_roles(wiring)))}.",
            )
    for role, name in wiring.switches.items():
        if name not in switching.SWITCH:
            yield Problem(
                "unknown_switch",
                role,
                f"{role}: {name} is nothing that switches.",
                f"Known: {', '.join(switching.SWITCH)}.",
            )


def _load_roles(wiring: Wiring) -> list[tuple[str, str]]:
    return [(row[0], row[2]) for row, _pin in outputs(wiring)]


def _switched(wiring: Wiring) -> list[switching.Switched]:
    switches = {role: name for role, name in wiring.switches.items() if name in switching.SWITCH}
    return switching.switched(wiring.board, wiring.appliance, wiring.rows, wiring.amperes, switches)


def above_rating(wiring: Wiring) -> Problems:
    for load_ in _switched(wiring):
        limit_ma = load_.switch.carries_ma(load_.load_kind)
        if load_.is_mains and load_.switch.kind == "signal":
            sentence = f"{load_.role}: a {load_.switch.words} switches no {load_.volts} V."
            yield Problem("above_rating", load_.role, sentence, "Take relay_module, contactor or ssr.")
        elif load_.ma > limit_ma:
            sentence = (
                f"{load_.role} takes {load_.ma / 1000:g} A ({load_.load_kind}); "
                f"a {load_.switch.words} carries {limit_ma / 1000:g} A of that."
            )
            yield Problem("above_rating", load_.role, sentence, _stronger(load_))


def _stronger(load_: switching.Switched) -> str:
    fit = [
        switch.name
        for switch in switching.SWITCH.values()
        if switch.kind in ("contactor", "solid_state") and switch.carries_ma(load_.load_kind) >= load_.ma
    ]
    words = {"contactor": "a contactor behind the relay (contactor)", "ssr": "a solid-state relay (ssr)"}
    if not fit:
        return "Take a larger contactor than any in the list, and say so in boards/loads.py."
    return f"Take {' or '.join(words[name] for name in fit)}."


def worn_relay(wiring: Wiring) -> Problems:
    """Time-proportioning switches all the time: 100,000 operations of a relay are gone in days."""
    proportional = {row[0] for row in wiring.rows if row[1] == "ssr"}
    for load_ in _switched(wiring):
        if load_.role in proportional and load_.switch.kind in switching.MECHANICAL:
            sentence = (
                f"{load_.role} is switched every few seconds (time-proportioning): "
                f"a {load_.switch.words} would be worn out in days."
            )
            yield Problem(
                "worn_relay", load_.role, sentence, "Take a solid-state relay (ssr) at a pin without a relay."
            )
