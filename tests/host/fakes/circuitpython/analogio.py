"""Fake `analogio`: on an ESP32 the calibrated millivolts of its converter, which ends at 3.1 V."""

from world import world


class AnalogIn:
    reference_voltage = 3.3

    def __init__(self, pin):
        self._name = pin.claim(self)

    @property
    def value(self):
        reading = world.volts.get(self._name, 65535)
        if world.chip == "esp32":
            reading = min(reading, 65535 * 3100 // 3300)
        return reading
