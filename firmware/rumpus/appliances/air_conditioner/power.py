"""The power that an air conditioner takes, measured or reckoned."""

from ..base import FAULTS, FULL

# Positions in the appliance's INPUTS and OUTPUTS.
_CURRENT, _VOLTS = 6, 7
_COMPRESSOR, _SPEED, _OUTDOOR_FAN, _INDOOR_FAN, _AUX = 0, 1, 3, 4, 8


def watts_now(unit, is_inverter):
    """Measured where there is a current transformer, else nominal watts by the outputs' levels.

    unit: the appliance, with the watts of product.TUNING. Allocates nothing.
    """
    current = unit.inputs[_CURRENT]
    if current > FAULTS:
        volts = unit.inputs[_VOLTS]
        return current * (volts if volts > FAULTS else unit.mains_volts) // 1000
    levels = unit.levels
    compressor = levels[_SPEED] if is_inverter else levels[_COMPRESSOR] * FULL
    watts = unit.standby_watts + unit.compressor_watts * compressor // FULL
    watts += unit.indoor_fan_watts * levels[_INDOOR_FAN] // FULL
    watts += unit.outdoor_fan_watts * levels[_OUTDOOR_FAN]
    return watts + unit.aux_heater_watts * levels[_AUX]
