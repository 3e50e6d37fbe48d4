"""The work states of a microwave oven: every transition there is. Literals and their compiled form.

An event that has no row in the present state does nothing.

    touch     a control or a button that starts nothing
    start     begin or go on cooking        preheat   begin or go on preheating
    delay     begin or go on waiting        pause, stop
    opened    the door                      timeout   nothing happened for long enough
    hot       the chamber is preheated      done      the last stage is over
    fault     an alarm that stops           clear     no such alarm any more
"""

EVENTS = (
    "touch",
    "start",
    "preheat",
    "delay",
    "pause",
    "stop",
    "opened",
    "timeout",
    "hot",
    "done",
    "fault",
    "clear",
)

# state, event, next state
TRANSITIONS = (
    ("standby", "touch", "idle"),
    ("standby", "start", "running"),
    ("standby", "preheat", "preheating"),
    ("standby", "delay", "delayed"),
    ("standby", "stop", "idle"),
    ("standby", "opened", "idle"),
    ("standby", "fault", "fault"),
    ("idle", "start", "running"),
    ("idle", "preheat", "preheating"),
    ("idle", "delay", "delayed"),
    ("idle", "timeout", "standby"),
    ("idle", "fault", "fault"),
    ("running", "pause", "paused"),
    ("running", "stop", "idle"),
    ("running", "opened", "paused"),
    ("running", "done", "finished"),
    ("running", "fault", "fault"),
    ("finished", "touch", "idle"),
    ("finished", "start", "running"),
    ("finished", "preheat", "preheating"),
    ("finished", "delay", "delayed"),
    ("finished", "stop", "idle"),
    ("finished", "opened", "idle"),
    ("finished", "fault", "fault"),
    ("delayed", "start", "running"),
    ("delayed", "preheat", "preheating"),
    ("delayed", "pause", "paused"),
    ("delayed", "stop", "idle"),
    ("delayed", "opened", "paused"),
    ("delayed", "fault", "fault"),
    ("paused", "start", "running"),
    ("paused", "preheat", "preheating"),
    ("paused", "delay", "delayed"),
    ("paused", "stop", "idle"),
    ("paused", "timeout", "idle"),
    ("paused", "fault", "fault"),
    ("preheating", "hot", "running"),
    ("preheating", "pause", "paused"),
    ("preheating", "stop", "idle"),
    ("preheating", "opened", "paused"),
    ("preheating", "fault", "fault"),
    ("fault", "clear", "idle"),
)


def compile_transitions(states):
    """Next states as bytes, row by state number and column by event; 0 = no row.

    states: (number, name) pairs. Raises KeyError for a name that is no state.
    """
    numbers = {}
    for number, name in states:
        numbers[name] = number
    compiled = bytearray((max(numbers.values()) + 1) * len(EVENTS))
    for state, event, after in TRANSITIONS:
        compiled[numbers[state] * len(EVENTS) + EVENTS.index(event)] = numbers[after]
    return compiled
