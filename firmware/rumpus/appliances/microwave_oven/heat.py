"""What makes heat in a microwave oven: duty cycles, the thermostat, and the fan that runs on."""

from ..base import is_fault
from .recipe import COMBI, CONVECTION, DEFROSTING, GRILL, MICROWAVE, STEAM


class Heat:
    """owner: the oven, for its product constants. Only the constructor allocates.

    The magnetron knows on and off only: a power level is its share of a cycle. A cycle is stretched
    where the share would be less than the shortest useful on time, so the share stays true."""

    def __init__(self, owner, timers):
        self.magnetron = self.grill = self.convection = self.steam = self.fan = 0
        self._owner = owner
        self._timers = timers
        self._duty = timers.add()
        self._duty_level = 1
        self._thermostat = 0
        self._run_on = timers.add()

    def restart_duty(self):
        """Begin the next duty cycle with on: a new stage, or cooking goes on."""
        self._timers.stop(self._duty)

    def cool_down(self):
        """Heat has been switched off: the fan runs on."""
        self._timers.start(self._run_on, self._owner.fan_run_on_s * 1000)

    def react(self, recipe, cooks, preheats, chamber, target):
        """Set the levels. cooks, preheats: the state; chamber: its temperature or a fault code."""
        mode = recipe.mode() if cooks else -1
        pulsed = mode == MICROWAVE or mode == DEFROSTING or mode == COMBI or mode == GRILL
        duty = self._share(pulsed, recipe.power())
        self.magnetron = duty if mode != GRILL else 0
        # The mains carries one of the two: in combi mode the grill takes what the magnetron leaves.
        self.grill = duty if mode == GRILL else 1 - duty if mode == COMBI else 0
        self.convection = self._keep_warm(preheats or mode == CONVECTION, chamber, target)
        self.steam = 1 if mode == STEAM else 0
        hot = not is_fault(chamber) and chamber >= self._owner.fan_temperature
        runs_on = self._timers.is_started(self._run_on) and not self._timers.is_over(self._run_on)
        self.fan = 1 if cooks or preheats or hot or runs_on else 0

    def _share(self, pulsed, power):
        """1 in the on part of the duty cycle."""
        timers = self._timers
        if not pulsed or power >= 100:
            timers.stop(self._duty)
            self._duty_level = 1
            return 1 if pulsed else 0
        on_ms = max(self._owner.duty_cycle_ms * power // 100, self._owner.least_on_ms)
        if not timers.is_started(self._duty):
            self._duty_level = 1
            timers.start(self._duty, on_ms)
        elif timers.is_over(self._duty):
            self._duty_level = 1 - self._duty_level
            timers.start(self._duty, on_ms if self._duty_level else on_ms * (100 - power) // power)
        return self._duty_level

    def _keep_warm(self, wanted, chamber, target):
        if not wanted or is_fault(chamber):
            self._thermostat = 0
        elif chamber >= target:
            self._thermostat = 0
        elif chamber <= target - self._owner.chamber_band:
            self._thermostat = 1
        return self._thermostat
