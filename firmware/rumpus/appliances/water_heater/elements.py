"""The one or two elements of a tank and their thermostats. Integers only, knows no modes.

The lower element heats the whole tank, the upper one its upper half. With both, the upper part comes
first, so that the two never add up, unless `both` says that the line carries them.
"""

from ..base import FAULTS, FULL

# Anti-freeze: heating begins at 5 degC and ends at 10 degC.
FROST_TARGET = 100
FROST_HYSTERESIS = 50
# Below this there is ice, and an element that melts it from inside bursts the tank.
_FROZEN = 0


class Elements:
    """watts, upper_watts: calibrated. has_upper, is_proportional: what is wired. both: see above."""

    def __init__(self, watts, upper_watts, has_upper, is_proportional, both):
        self._watts = watts
        self._upper_watts = upper_watts
        self._has_upper = has_upper
        self._is_proportional = is_proportional
        self._both = both
        self._limit = watts + upper_watts
        self._share = FULL
        self._is_new_wish = False
        self._lower_on = False
        self.upper_on = False

    def allow(self, limit, share):
        """limit: watts that all elements together may take, obeyed by a proportional output and by
        leaving out the upper element. share: per mille of it for the proportional output."""
        self._limit = limit
        self._share = share

    def wish(self):
        """A new wish is fulfilled at once; the hysteresis counts afterwards."""
        self._is_new_wish = True

    def may_use_upper(self):
        return self._has_upper and self._limit >= self._upper_watts

    def control(self, lower, top, target, hysteresis, is_half):
        """Run the thermostats. lower, top: temperatures or fault codes. is_half: only the upper half."""
        self.upper_on = self.may_use_upper() and self._thermostat(self.upper_on, top, target, hysteresis)
        if is_half:
            target = FROST_TARGET
            hysteresis = FROST_HYSTERESIS
        self._lower_on = self._thermostat(self._lower_on, lower, target, hysteresis)
        self._is_new_wish = False

    def stop(self):
        self.upper_on = self._lower_on = self._is_new_wish = False

    def _thermostat(self, is_on, temperature, target, hysteresis):
        # A fault code is below freezing, too.
        if temperature <= FAULTS or temperature < _FROZEN or temperature >= target:
            return False
        return is_on or self._is_new_wish or temperature <= target - hysteresis

    def is_heating(self):
        return self.upper_on or self._lower_on

    def lower_level(self):
        """Level of a proportional lower element, 0..FULL."""
        if not self._lower_on or (self.upper_on and not self._both):
            return 0
        return self._level(self._share)

    def _level(self, share):
        if not self._is_proportional:
            return FULL
        left = self._limit - (self._upper_watts if self.upper_on else 0)
        return max(0, min(FULL, left * share // self._watts))

    def heating_watts(self, is_half, share=0):
        """Watts that heating towards the target has. share: 0 = the one allowed."""
        upper = self._upper_watts if self.upper_on else 0
        if is_half:
            return self._upper_watts
        if upper and not self._both:
            return upper
        return self._watts * self._level(share or self._share) // FULL + upper

    def watts_at(self, lower_level, upper_level):
        """Watts at these levels of the outputs; lower_level: 0..FULL."""
        watts = self._watts * lower_level // FULL
        return watts + self._upper_watts if self._has_upper and upper_level else watts
