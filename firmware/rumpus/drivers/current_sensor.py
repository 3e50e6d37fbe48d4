"""A current or leakage transformer with a stage that gives its RMS value as a voltage to an ADC.

option: ("mA", zero reading, mA at full scale), as in ("mA", 0, 30000); ("0.1mA", zero reading, 0.1 mA at
full scale) for leakage; or, for the power of a load on a known mains voltage, ("W", zero reading, mA at
full scale, volts), as in ("W", 0, 30000, 230). Full scale is the reading 65535; up to 65 A or 65 kW. A
part with a live zero (zero reading above 0) that reads below half of it is OPEN.
"""

from .analog_in import AnalogIn

NEEDS = "adc"


def make(pin, option):
    return AnalogIn(pin, option[1], option[2] * option[3] // 1000 if option[0] == "W" else option[2])
