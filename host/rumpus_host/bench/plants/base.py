"""What all plants share: small steps, sensor faults, stuck outputs, repeatable noise."""

import math
import random
from collections.abc import Callable, Mapping

from ..sensors import Truth, Value, WireFault


class Plant:
    """One appliance's world.

    step() lets time pass under the outputs' shares of full (0.0 off .. 1.0 on); readings() says what the
    sensors would measure. Disturbances (a door, a draw-off, the weather) are plain attributes that may be
    set at any time; units are in each plant's docstring.

    seed: of the noise. noise: standard deviation added to temperatures in degC; 0 makes none.
    """

    LONGEST_STEP_S = 1.0  # inside step(); every time constant of a plant is many times this

    def __init__(self, seed: int = 0, noise: float = 0.0) -> None:
        self.noise = noise
        self.elapsed_s = 0.0
        self._random = random.Random(seed)
        self._faults: dict[str, Callable[[Truth], Value]] = {}  # role -> what its sensor makes of the truth
        self._forced: dict[str, float] = {}  # output role -> share that it really has

    # --- time -----------------------------------------------------------------------------------------

    def step(self, elapsed_s: float, outputs: Mapping[str, float]) -> None:
        """Let elapsed_s pass. outputs: role -> share of full; a role that is missing is off."""
        given = {**outputs, **self._forced}
        n = math.ceil(elapsed_s / self.LONGEST_STEP_S)
        for _ in range(n):
            self._step(elapsed_s / n, given)
        self.elapsed_s += elapsed_s

    def _step(self, dt: float, outputs: Mapping[str, float]) -> None:
        """One explicit Euler step of dt seconds."""
        raise NotImplementedError

    # --- sensors --------------------------------------------------------------------------------------

    def readings(self) -> dict[str, Value]:
        """Role -> what its sensor measures now: degC, L/min, W, mA, rev/min or on/off; or a WireFault."""
        return {role: self._measured(role, value) for role, value in self._readings().items()}

    def _readings(self) -> dict[str, Truth]:
        """The true values, roles always in the same order."""
        raise NotImplementedError

    def _measured(self, role: str, value: Truth) -> Value:
        if self.noise and role.endswith(("temperature", "coil")):
            value += self._random.gauss(0.0, self.noise)
        fault = self._faults.get(role)
        return fault(value) if fault else value

    # --- faults ---------------------------------------------------------------------------------------

    def break_sensor(self, role: str, how: str, offset: float = 0.0) -> None:
        """Inject a fault: how is "open", "short", "stuck" (at the value of this moment) or "offset".

        Raises KeyError for an unknown role, ValueError for an unknown fault.
        """
        self.mend_sensor(role)
        now = self._measured(role, self._readings()[role])
        if how == "stuck":
            self._faults[role] = lambda _value: now
        elif how == "offset":
            self._faults[role] = lambda value: value + offset
        else:
            broken = WireFault(how)
            self._faults[role] = lambda _value: broken

    def mend_sensor(self, role: str) -> None:
        """Take an injected fault away."""
        self._faults.pop(role, None)

    def force_output(self, role: str, share: float) -> None:
        """A welded contact (1.0) or a dead load (0.0): whatever the firmware says, it has this share."""
        self._forced[role] = share

    def release_output(self, role: str) -> None:
        """The output follows the firmware again."""
        self._forced.pop(role, None)
