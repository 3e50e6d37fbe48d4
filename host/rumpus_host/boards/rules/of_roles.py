"""Roles, drivers and options: are they known, do they fit together, is anything missing?"""

from .. import load, roles
from .problem import Problem, Problems, Wiring, has_form, kinds


def unknown_role(wiring: Wiring) -> Problems:
    known = kinds(wiring.appliance)
    seen = set()
    for role in wiring.wired:
        if role not in known:
            words = wiring.appliance.replace("_", " ")
            yield Problem(
                "unknown_role", role, f"{role}: the {words} has no such role.", f"Roles: {', '.join(known)}."
            )
        elif role in seen:
            yield Problem("role_twice", role, f"{role} stands in two rows.", "Keep one of them.")
        seen.add(role)


def unknown_driver(wiring: Wiring) -> Problems:
    known = load.driver_names()
    for role, driver, _pin, _option in wiring.rows:
        if driver not in known:
            yield Problem(
                "unknown_driver",
                role,
                f"{role}: there is no driver {driver}.",
                f"Drivers: {', '.join(known)}.",
            )


def wrong_driver(wiring: Wiring) -> Problems:
    known = kinds(wiring.appliance)
    for role, driver, _pin, _option in wiring.rows:
        serves = roles.DRIVERS.get(driver)
        kind = known.get(role)
        if serves and kind and kind not in serves:
            fit = [name for name, what in roles.DRIVERS.items() if kind in what]
            sentence = f"{role} is of the kind {kind}; the driver {driver} is for {' or '.join(serves)}."
            if driver == "ssr":
                sentence = f"{role} is 0 or 1; the driver ssr takes 0 to 1000, of which 1 is a thousandth."
            yield Problem("wrong_driver", role, sentence, f"Drivers for it: {', '.join(fit)}.")


def unknown_option(wiring: Wiring) -> Problems:
    for role, driver, _pin, option in wiring.rows:
        forms = roles.OPTIONS.get(driver)
        if forms and not any(has_form(option, form) for form in forms):
            wanted = " or ".join(_form_text(form) for form in forms)
            yield Problem(
                "unknown_option",
                role,
                f"{role}: the driver {driver} knows no option {option!r}.",
                f"It takes {wanted}.",
            )


def _form_text(form: tuple) -> str:
    def part(allowed: object) -> str:
        if not isinstance(allowed, tuple):
            return "its ROM code"
        return " | ".join(allowed) if isinstance(allowed[0], str) else f"{allowed[0]}..{allowed[1]}"

    return f"({', '.join(part(allowed) for allowed in form)})"


def missing_role(wiring: Wiring) -> Problems:
    words = wiring.appliance.replace("_", " ")
    for any_of, _source, why in roles.MANDATORY[wiring.appliance]:
        if not set(any_of) & set(wiring.wired):
            role = " or ".join(any_of)
            yield Problem(
                "missing_role", any_of[0], f"A {words} needs a pin for {role}: {why}.", "Add a row for it."
            )
    for role, other, why in roles.NEEDS[wiring.appliance]:
        if role in wiring.wired and other not in wiring.wired:
            yield Problem(
                "missing_role",
                other,
                f"{role} needs {other}: {why}.",
                f"Add a row for {other}, or leave {role} out.",
            )


def either_role(wiring: Wiring) -> Problems:
    for one, other in roles.EITHER[wiring.appliance]:
        both = (
            [role for role in wiring.wired if role in one],
            [role for role in wiring.wired if role in other],
        )
        if all(both):
            first, second = (", ".join(names) for names in both)
            yield Problem(
                "either_role",
                both[1][0],
                f"{first} and {second} are one part wired in two ways.",
                "Wire one of the two.",
            )
