"""The light, the buzzer and the button of the device itself: what somebody who stands at it sees and may do.

All three are optional rows of the wiring; this file is imported where there is one of them.

    status_led      see drivers/status_led.py
    status_buzzer   beeps while the device identifies itself, and for a minute after a new alarm that stops it
    service_button  pressed: silence. Held for five seconds: the latched faults whose cause is gone are
                    cleared; one beep when none is left, two when some stay or the child lock is on

None of them belongs to the appliance, so no interlock has a say in them and nothing dangerous hangs there.
"""

from .appliances.base import CHILD_LOCK, NOT_READY, mask_of
from .drivers import buzzer, status_led
from .wiring import Wiring

INPUTS = ("service_button",)
OUTPUTS = ("status_led", "status_buzzer")
HOLD_MS = 5000
_SOUND_MS = 60000
_ANSWER_MS = 1000  # so long an answer to the button takes


class Panel:
    """roles: rows of the wiring, made. alarms: ALARMS of the type's table. A step allocates nothing."""

    def __init__(self, hal, roles, alarms):
        self.wiring = Wiring(hal, roles, INPUTS, OUTPUTS)
        self.levels = [status_led.BOOT, buzzer.SILENT]
        self._inputs = [NOT_READY]
        self._stop = mask_of(alarms, "stop")
        self._shown = self._stop | mask_of(alarms, "warn")
        self._seen = 0  # alarms at the last step
        self._sound_ms = 0  # left of the alarm's sound
        self._held_ms = 0
        self._answer = buzzer.SILENT
        self._answer_ms = 0
        self.wiring.write(self.levels, 0)

    def step(self, elapsed_ms, app):
        """Look at the button, then show and sound what holds now."""
        self.wiring.read(self._inputs, elapsed_ms)
        self._answer_ms = max(0, self._answer_ms - elapsed_ms)
        self._sound_ms = max(0, self._sound_ms - elapsed_ms)
        self._press(elapsed_ms, app)
        active = app.log.active
        if active & ~self._seen & self._stop:
            self._sound_ms = _SOUND_MS
        self._seen = active
        is_identifying = app.is_identifying()
        self.levels[0] = status_led.level_for(
            is_identifying,
            NOT_READY in app.appliance.inputs,
            active & self._shown,
            app.hal.is_online(),
            app.is_heard(),
        )
        self.levels[1] = self._sound(is_identifying, active)
        self.wiring.write(self.levels, elapsed_ms)

    def _press(self, elapsed_ms, app):
        if self._inputs[0] != 1:
            self._held_ms = 0
            return
        was_ms = self._held_ms
        self._held_ms = min(HOLD_MS, was_ms + elapsed_ms)
        self._sound_ms = 0
        if was_ms < HOLD_MS and self._held_ms == HOLD_MS:
            self._reset(app)

    def _reset(self, app):
        is_locked = app.state[CHILD_LOCK]
        if not is_locked:
            app.reset_latched()
        self._answer = buzzer.REFUSED if is_locked or app.interlocks.latched else buzzer.KEY
        self._answer_ms = _ANSWER_MS

    def _sound(self, is_identifying, active):
        if self._answer_ms:
            return self._answer
        if is_identifying:
            return buzzer.IDENTIFY
        return buzzer.ALARM if self._sound_ms and active & self._stop else buzzer.SILENT

    def off(self):
        """Dark and silent."""
        self.wiring.off()
