"""Speed of an inverter compressor, 0..FULL, from the need of the room."""

from ..base import FAULTS, FULL

# Speed with no need, its rise for each 0.1 K of need, the least, and the most in each case.
_AT_TARGET = 400
_RISE = 30
LEAST = 300
_ECO = 600
_QUIET = 500
DRY_SPEED = 400
DEFROST_SPEED = 800
# Slowest with a coil this cold (0.1 degC), well before the freeze interlock acts.
_COIL_NEARLY_FREEZES = 50


def speed_for(need, is_turbo, is_eco, is_quiet):
    """need: 0.1 K to go. Turbo is full speed; eco and quiet cap it."""
    speed = FULL if is_turbo else max(LEAST, min(FULL, _AT_TARGET + _RISE * need))
    if is_eco:
        speed = min(speed, _ECO)
    return min(speed, _QUIET) if is_quiet else speed


def is_nearly_freezing(coil):
    """coil: temperature of the coil that cools, or a fault code."""
    return FAULTS < coil < _COIL_NEARLY_FREEZES
