"""An appliance as the proof sees it: its file of dangers beside the firmware's table."""

import importlib
from itertools import product
from types import SimpleNamespace

from .dangers import CODES

OUTPUT_TESTS = ("safe", "run_on", "needs", "min_off", "hold")
NAMES = ("water_heater", "air_conditioner", "refrigerator", "microwave_oven")


class Subject:
    """name: of an appliance. Its file in this folder has

    INPUTS      {input: {class: value, or function of (Moment, ms)}}; the first class is "healthy"
    OUTPUTS     {output: levels that may be wanted, 0 first}
    BLOCKS      where all outputs together are too many combinations: some, and others; else left out
    WORK        {name: wanted levels}: what the control loop does in its states
    EARLY       outputs that are wanted before the others (a valve that must not move later)
    HORIZON_MS  how long a wrong input is held: longer than any danger takes
    STEP_MS     the longest ordinary step; a longer one is a stall
    STALL_MS    a step that is too long
    BEGINS_MS   {class: ms for which it is not wrong yet}, where it is not wrong at once
    DANGERS     what must never be
    UNIT        a module with all the others, where one file would be too long
    """

    def __init__(self, name):
        self.name = name
        self.file = file = importlib.import_module(f".{name}", __package__)
        if hasattr(file, "UNIT"):
            self.file = file = SimpleNamespace(**vars(file.UNIT), DANGERS=file.DANGERS)
        place = f"rumpus.appliances.{name}"
        self.rows = importlib.import_module(place + ".interlocks").ROWS
        words = "".join(part.capitalize() for part in name.split("_"))
        self.kind = getattr(importlib.import_module(place + ".appliance"), words)
        self.inputs, self.outputs = self.kind.INPUTS, self.kind.OUTPUTS
        self.alarms = {row[1]: 1 << row[0] for row in self.kind.TABLE.ALARMS}
        self.classes = {role: {"healthy": 0} for role in self.inputs}
        for role, classes in file.INPUTS.items():
            assert not classes.keys() & CODES.keys(), role
            self.classes[role] = classes | CODES
        self.instant = [d for d in file.DANGERS.all if d.within_ms == 0 and d.then is None]
        self.timed = [d for d in file.DANGERS.all if d not in self.instant]

    def wishes(self, levels):
        """Wanted levels by role as the list that the interlocks take."""
        return tuple(levels.get(role, 0) for role in self.outputs)

    def all_wishes(self, block):
        """Every combination of wanted levels of a block: {output: its levels}."""
        combinations = product(*block.values())
        return [self.wishes(dict(zip(block, levels, strict=True))) for levels in combinations]

    def wrong(self, role):
        """The classes of an input that are not healthy."""
        return [kind for kind in self.classes[role] if kind != "healthy"]


def roles_of(row):
    """(inputs and outputs that the row looks at, outputs that it decides)."""
    source = (row[1],) if isinstance(row[1], str) else row[1]
    seen = {role for role in source if role} | {role for role, _level in row[6]}
    decided = {force[0] for force in row[7]}
    if row[2] in OUTPUT_TESTS:
        decided.add(row[1])
    return seen, decided


def cone(rows, outputs):
    """All roles that can have an influence on these outputs through the rows."""
    known = set(outputs)
    while True:
        more = set(known)
        for row in rows:
            seen, decided = roles_of(row)
            if decided & known:
                # A row that decides one output also depends on the order among rows, never on more roles.
                more |= seen
        if more == known:
            return known
        known = more
