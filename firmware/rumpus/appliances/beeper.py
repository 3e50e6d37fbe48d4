"""A buzzer that gives a number of equal beeps. Allocates nothing."""


class Beeper:
    """level: 1 while it sounds."""

    def __init__(self, timers):
        self.level = 0
        self._timers = timers
        self._timer = timers.add()
        self._beeps = 0
        self._ms = 0

    def beep(self, times, ms):
        """Sound `times` beeps of ms, with pauses of the same length. What sounded before ends."""
        self._beeps = times
        self._ms = ms
        self.level = 1 if times else 0
        if times:
            self._timers.start(self._timer, ms)
        else:
            self._timers.stop(self._timer)

    def is_silent(self):
        return self._beeps == 0

    def react(self):
        """Go on when a beep or a pause is over."""
        if not self._timers.is_over(self._timer):
            return
        if self.level:
            self.level = 0
            self._beeps -= 1
        elif self._beeps:
            self.level = 1
        if self._beeps:
            self._timers.start(self._timer, self._ms)
        else:
            self._timers.stop(self._timer)
