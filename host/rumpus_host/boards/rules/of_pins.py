"""Pins: can they be what a driver needs, are they free, and what do they do while the chip resets?"""

from ...bench.sensors import FULL, ntc_reading
from .. import load, roles
from ..load import Board, Pin, RoleRow
from .problem import Problem, Problems, Wiring, active_level, has_form, kinds, outputs, pins_of, placed

_SUPPLY_MV = 3300
_E12 = (1, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3, 3.9, 4.7, 5.6, 6.8, 8.2)


def unknown_pin(wiring: Wiring) -> Problems:
    for role, _driver, text, _option in wiring.rows:
        for name in pins_of(text):
            if wiring.board.pin(name) is None:
                pins = ", ".join(pin.id for pin in wiring.board.pins)
                yield Problem(
                    "unknown_pin", role, f"{role}: {wiring.board.title} has no pin {name}.", f"Pins: {pins}."
                )


def pin_twice(wiring: Wiring) -> Problems:
    users: dict[str, RoleRow] = {}
    for row in wiring.rows:
        for name in pins_of(row[2]):
            first = users.setdefault(name, row)
            if first is not row and not _may_share(first, row):
                yield Problem(
                    "pin_twice",
                    row[0],
                    f"{name} is used twice, for {first[0]} and for {row[0]}.",
                    "Give one of them another pin.",
                )


def _may_share(one: RoleRow, other: RoleRow) -> bool:
    """Parts on one bus share its pins: on I2C, and on 1-Wire when each says its ROM code."""
    try:
        needs = {load.needs_of(one[1]), load.needs_of(other[1])}
    except KeyError:
        return False
    if needs == {"onewire"}:
        return bool(one[3] and other[3]) and one[3] != other[3]
    return needs == {"i2c"} and one[2] == other[2] and (one[1], one[3]) != (other[1], other[3])


def bus_pins(wiring: Wiring) -> Problems:
    for role, driver, text, _option in wiring.rows:
        if driver in load.driver_names() and load.needs_of(driver) == "i2c" and len(pins_of(text)) != 2:
            sentence = f"{role}: {driver} hangs on two pins, data and clock, not on {text}."
            yield Problem("bus_pins", role, sentence, "Write both, as in IO21/IO22.")


# warning, what the pin is busy with; what to do is the same for all
_TAKEN = {
    "flash_psram": ("belongs to the flash or PSRAM: the board would not start", "flash"),
    "usb": ("is a data line of USB", "usb"),
    "console": ("is the console: flashing, the REPL and log lines use it", "console"),
    "eeprom": ("is probed for an add-on board's EEPROM when the computer starts", "eeprom"),
    "strapping": ("decides at reset how the chip starts, and a part at it would decide instead", "strapping"),
}


def taken_pin(wiring: Wiring) -> Problems:
    for role, _driver, text, _option in wiring.rows:
        for pin in (wiring.board.pin(name) for name in pins_of(text)):
            for warning in pin.warnings if pin else ():
                if pin and warning in _TAKEN:
                    why, code = _TAKEN[warning]
                    yield Problem(f"{code}_pin", role, f"{role}: {pin.id} {why}.", _free_pins(wiring, role))


def incapable_pin(wiring: Wiring) -> Problems:
    for row, pin, needs in placed(wiring):
        role = row[0]
        if needs in pin.can or set(pin.warnings) & {"flash_psram", "eeprom"}:
            continue
        if "input_only" in pin.warnings and needs in ("digital_out", "signal_out", "pwm", "onewire", "ir"):
            yield Problem(
                "input_only_pin",
                role,
                f"{role}: {pin.id} is an input only, it cannot switch anything.",
                _free_pins(wiring, role),
            )
        elif needs == "adc":
            yield Problem(
                "no_adc_pin",
                role,
                f"{role}: {pin.id} has no analogue-to-digital converter.",
                _free_pins(wiring, role),
            )
        else:
            yield Problem(
                "incapable_pin",
                role,
                f"{role}: {pin.id} cannot be {needs.replace('_', ' ')}.",
                _free_pins(wiring, role),
            )


def adc2_with_wifi(wiring: Wiring) -> Problems:
    for row, pin, needs in placed(wiring):
        if needs == "adc" and "adc2" in pin.warnings and wiring.has_wifi:
            sentence = f"{row[0]}: {pin.id} is on ADC2, which cannot be read while Wi-Fi is on."
            yield Problem("adc2_pin", row[0], sentence, _free_pins(wiring, row[0]))


def adc_range(wiring: Wiring) -> Problems:
    """An NTC's divider must stay between the ends of the converter over the temperatures that matter."""
    for role, driver, _pin, option in wiring.rows:
        span = roles.WORKING_RANGE.get(role)
        if (
            driver != "ntc"
            or not span
            or not wiring.board.adc_mv
            or not has_form(option, roles.OPTIONS["ntc"][0])
        ):
            continue
        warm_mv, cold_mv = (
            round(ntc_reading(option, celsius / 10) * _SUPPLY_MV / FULL) for celsius in (span[1], span[0])
        )
        low_mv, high_mv = wiring.board.adc_mv
        if warm_mv < low_mv or cold_mv > high_mv:
            sentence = (
                f"{role}: from {span[0] / 10:g} to {span[1] / 10:g} °C the divider with {option[2]} ohm gives "
                f"{warm_mv} to {cold_mv} mV; "
                f"the converter of {wiring.board.title} tells {low_mv} to {high_mv} mV."
            )
            yield Problem("adc_range", role, sentence, _other_series(wiring.board, option, span))


def _other_series(on: Board, option: tuple, span: tuple[int, int]) -> str:
    """The E12 resistors with which the divider would do."""
    fit = []
    for ohm in (round(step * 10**power) for power in (2, 3, 4, 5) for step in _E12):
        readings = [
            ntc_reading((*option[:2], ohm), celsius / 10) * _SUPPLY_MV / FULL
            for celsius in (span[1], span[0])
        ]
        if on.adc_mv[0] <= readings[0] and readings[1] <= on.adc_mv[1]:
            fit.append(str(ohm))
    return (
        f"Series resistors that would do: {', '.join(fit)} ohm."
        if fit
        else "No series resistor would do: leave the part out, or take a DS18B20."
    )


_LEVELS_AT_RESET = {"pull_up": (1,), "pull_down": (0,), "pulse": (1,)}


def on_at_reset(wiring: Wiring) -> Problems:
    """Pulls and pulses at reset, and parts of the board itself, against the level that switches on."""
    how = {"pull_up": "pulled up", "pull_down": "pulled down", "pulse": "pulsed high"}
    known = kinds(wiring.appliance)
    for (role, _driver, _pin, option), pin in outputs(wiring):
        if known[role] in roles.HARMLESS_KINDS:
            continue
        if active_level(option) in _LEVELS_AT_RESET.get(pin.at_reset, ()):
            sentence = f"{role}: {pin.id} is {how[pin.at_reset]} while the chip resets: the load would be on."
            yield Problem("on_at_reset", role, sentence, _free_pins(wiring, role))
        elif pin.on_board and active_level(option) != pin.on_level:
            sentence = f"{role}: {pin.on_board} of the board at {pin.id} is on when {option[0]} means off."
            wanted = "active_high" if pin.on_level else "active_low"
            yield Problem("on_board_level", role, sentence, f"Write {wanted}.")


def on_board_part(wiring: Wiring) -> Problems:
    of_outputs = {row[2] for row, _pin in outputs(wiring)}
    for row, pin, _needs in placed(wiring):
        if "relay" in pin.on_board and pin.id not in of_outputs:
            sentence = f"{row[0]}: {pin.on_board} of the board hangs at {pin.id}, which therefore cannot be an input."
            yield Problem("on_board_part", row[0], sentence, _free_pins(wiring, row[0]))


def _free_pins(wiring: Wiring, role: str) -> str:
    """Which pins would do."""
    row = next(row for row in wiring.rows if row[0] == role)
    if row[1] not in load.driver_names():
        return "Take another pin."
    used = {name for other in wiring.rows for name in pins_of(other[2])}
    fit = [pin.id for pin in wiring.board.pins if pin.id not in used and _would_do(wiring, pin, row)]
    if load.needs_of(row[1]) == "i2c":
        fit = ["/".join(pair) for pair in zip(fit[::2], fit[1::2], strict=False)]
    return (
        f"Pins that would do: {', '.join(fit)}."
        if fit
        else "No free pin of this board would do: leave the part out."
    )


def _would_do(wiring: Wiring, pin: Pin, row: RoleRow) -> bool:
    """Would the rules of this file have nothing against this pin?"""
    needs = load.needs_of(row[1])
    if needs not in pin.can or set(pin.warnings) & set(_TAKEN):
        return False
    if needs == "adc" and "adc2" in pin.warnings and wiring.has_wifi:
        return False
    if kinds(wiring.appliance).get(row[0]) in roles.OUTPUT_KINDS:
        level = active_level(row[3])
        is_off = level not in _LEVELS_AT_RESET.get(pin.at_reset, ())
        return is_off and (not pin.on_board or pin.on_level == level)
    return "relay" not in pin.on_board
