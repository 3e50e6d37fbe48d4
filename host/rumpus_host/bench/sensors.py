"""The wires between a plant and a board: physical values to what a pin reads, pin levels to roles.

Everything follows from the rows of a board's wiring file, the same rows that the firmware builds its
drivers from, so that a driver decodes what is encoded here. The physics of a part is written here
anew, not taken from the driver, so that one checks the other.
"""

import ast
import enum
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

Row = tuple[str, str, str, tuple[Any, ...]]  # role, driver, pin, option
FULL = 65535  # of an ADC reading and of a PWM duty


class WireFault(enum.Enum):
    """What a broken or a shorted wire makes of a sensor's value."""

    OPEN = "open"
    SHORT = "short"


Truth = float | bool  # degC, percent, L/min or turns/min, mA, V, W; or on and off
Value = Truth | WireFault  # what a sensor makes of it


def load_rows(path: Path, name: str = "ROLES") -> tuple[Any, ...]:
    """The literal called name in a table file, without running the file. Raises ValueError."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and name in [getattr(target, "id", None) for target in node.targets]:
            return ast.literal_eval(node.value)
    raise ValueError(f"{path} has no {name}")


# --- sensors: physical value -> what the pin reads --------------------------------------------------


def ntc_reading(option: Sequence[Any], celsius: float) -> int:
    """The divider's reading: series resistor to the supply, thermistor to ground."""
    ohm_25, beta, series_ohm = option
    ohm = ohm_25 * math.exp(beta * (1 / (celsius + 273.15) - 1 / 298.15))
    return round(FULL * ohm / (ohm + series_ohm))


def _ntc(option: Sequence[Any], value: Value) -> int:
    if isinstance(value, WireFault):
        return FULL if value is WireFault.OPEN else 0
    return ntc_reading(option, value)


def _switch(option: Sequence[Any], value: Value) -> int:
    if isinstance(value, WireFault):  # the pin has a pull-up: a broken wire reads high
        return 1 if value is WireFault.OPEN else 0
    return int(bool(value) == (option[0] != "active_low"))


def _analog(option: Sequence[Any], value: Value) -> int:
    zero, full = option
    if isinstance(value, WireFault):
        return 0 if value is WireFault.OPEN else FULL
    return round(min(max(zero + value / full * (FULL - zero), 0), FULL))


def _word(value: Value, scale: int) -> int:
    """What a simulated chip is told to measure; see firmware/rumpus/hal/virtual_buses.py."""
    if isinstance(value, WireFault):
        return 0xFFFF if value is WireFault.OPEN else 0
    return min(max(round(value * scale) + 0x8000, 1), 0xFFFE)


def _one_wire(_option: Sequence[Any], value: Value) -> int:
    return _word(value, 16)


def _i2c(option: Sequence[Any], value: Value) -> int:
    if option[0] == "temperature":
        return _word(value, 10)
    return 0 if isinstance(value, WireFault) else round(value * 10)


def _current(option: Sequence[Any], value: Value) -> int:
    """value: mA, also where the option counts tenths of them; W where it says so."""
    unit, zero, full = option[:3]
    if unit == "W":
        full = full / 1000 * option[3]
    elif unit == "0.1mA":
        full = full / 10
    return _analog((zero, full), value)


_ANALOG: dict[str, Callable[[Sequence[Any], Value], int]] = {
    "ntc": _ntc,
    "door_switch": _switch,
    "analog_in": _analog,
    "current_sensor": _current,
    "ds18b20": _one_wire,
    "sht3x": _i2c,
    "aht20": _i2c,
}
_ON_I2C = ("sht3x", "aht20")
_MEASURED = ("temperature", "humidity")  # by a chip on I2C
_SENT = ("ir_ac",)  # drivers whose output comes as frames of its own


# --- outputs: level of the pin -> level of the role --------------------------------------------------


def _on_off(option: Sequence[Any], word: int) -> int:
    return int(bool(word) == (option[0] != "active_low"))


def _per_mille(option: Sequence[Any], word: int) -> int:
    return round((FULL - word if option[0] == "active_low" else word) * 1000 / FULL)


_LEVELS: dict[str, tuple[Callable[[Sequence[Any], int], int], int]] = {
    "relay": (_on_off, 1),
    "status_led": (_on_off, 1),
    "buzzer": (_on_off, 1),
    "ssr": (_on_off, 1),
    "pwm_out": (_per_mille, 1000),
}


class Wires:
    """One board's wires. rows: ROLES of its wiring file. Keeps the part of a pulse that is not out yet."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._by_pin = {self._name(row): (row[0], row[1], row[3]) for row in rows}
        self.pins = set(self._by_pin)
        self.pins |= {f"{row[2]}:{what}" for row in rows if row[1] in _ON_I2C for what in _MEASURED}
        self._owed: dict[str, float] = {}
        if len(self._by_pin) != len(rows):
            raise ValueError("a pin is used twice")
        for role, driver, _pin, _option in rows:
            if driver not in _ANALOG and driver not in _LEVELS and driver not in (*_SENT, "flow_meter"):
                raise ValueError(f"the bench cannot act as the part {driver!r} of {role!r}")

    @staticmethod
    def _name(row: Row) -> str:
        return f"{row[2]}:{row[3][0]}" if row[1] in _ON_I2C else row[2]

    def read(self, pin: str, readings: Mapping[str, Value], elapsed_s: float) -> int:
        """What a pin reads: 0..65535, 0/1, or the pulses of the elapsed time. Raises KeyError."""
        if pin not in self._by_pin and pin in self.pins:
            return 0  # what a chip on I2C measures besides, and no role asks for
        role, driver, option = self._by_pin[pin]
        value = readings[role]
        if driver == "flow_meter":
            return self._pulses(pin, option, value, elapsed_s)
        return _ANALOG[driver](option, value)

    def _pulses(self, pin: str, option: Sequence[Any], value: Value, elapsed_s: float) -> int:
        per_minute = 0.0 if isinstance(value, WireFault) else value  # no wire, no pulses
        owed = self._owed.get(pin, 0.0) + per_minute / 60 * elapsed_s * option[1]
        self._owed[pin] = owed - int(owed)
        return int(owed)

    def level(self, pin: str, word: int) -> tuple[str, int, float]:
        """Role, level (0/1, or 0..1000 of a proportional part) and the level's share of full, 0.0..1.0."""
        role, driver, option = self._by_pin[pin]
        decode, full = _LEVELS[driver]
        level = decode(option, word)
        return role, level, level / full
