"""An air conditioner that is steered through its infrared receiver: what to tell it, and what is known of it.

The unit keeps its own thermostat, compressor, valve and fan; it is told all that a remote control can say.
Sleep curve and eco shift the target that it is told, turbo and quiet the fan. In auto it chooses the side,
so nothing is shifted there. Any alarm that stops an air conditioner switches it off.

Nothing is heard back. The fields that a user sets show what the unit was told. What it really does shows
in the power that it takes, where `unit_power` is wired; without it there are no `compressor`, `power_now`
and `energy_total`, and `special_state` is never available.
"""

from ...remote_state import pack
from ...rump.tables import air_conditioner as table
from ..base import ALARMS, ids
from .modes import AUTO, FAN, target_in_force
from .wishes import STOP

_POWER, _MODE, _TARGET, _FAN_SPEED = ids(table.FIELDS, "power", "mode", "target_temperature", "fan_speed")
_VERTICAL, _HORIZONTAL = ids(table.FIELDS, "swing_vertical", "swing_horizontal")
_TURBO, _QUIET, _ECO = ids(table.FIELDS, "turbo", "quiet", "eco")
# What a remote control cannot ask for, and what nobody can know without measuring.
_NOT_ASKED = ("self_clean",)
_MEASURED = ("compressor", "power_now", "energy_total")
# With its compressor off a unit takes a tenth of the compressor's power, for its fan.
_COMPRESSOR_PART = 3
_LOW = 1
_HIGH = 5
_LOWEST, _HIGHEST = 160, 320


def wished(state, sleep_minutes):
    """The level of the output `remote`. Allocates nothing."""
    if state[_POWER] != 1 or state[ALARMS] & STOP:
        return 0
    mode = state[_MODE]
    target = state[_TARGET]
    if mode != AUTO and mode != FAN:
        target = min(max(target_in_force(target, mode, sleep_minutes, state[_ECO]), _LOWEST), _HIGHEST)
    fan = _HIGH if state[_TURBO] else _LOW if state[_QUIET] else state[_FAN_SPEED]
    vertical = state[_VERTICAL] if state.has(_VERTICAL) else 0
    horizontal = state[_HORIZONTAL] if state.has(_HORIZONTAL) else 0
    return pack(mode, target, fan, vertical, horizontal)


def known(names, wired):
    """Those of the optional fields that a device has which acts by infrared."""
    unknown = _NOT_ASKED if "unit_power" in wired else _NOT_ASKED + _MEASURED
    return [name for name in names if name not in unknown]


def compresses(watts, compressor_watts):
    """Does a unit that takes so much run its compressor?"""
    return watts * _COMPRESSOR_PART >= compressor_watts
