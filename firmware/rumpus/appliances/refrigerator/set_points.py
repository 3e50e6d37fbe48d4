"""What each mode of a refrigerator aims at. Literals only.

The row of the mode with the highest "ambient from" that is not above the ambient temperature counts;
where that is not known it is taken as 20 degC. None: the user's own set point. A rapid field goes
before all rows, and a compartment that is switched off has no target.

In a cold room the compressor hardly runs for the refrigerator compartment, so smart asks for a colder
one to keep the freezer cold; in a hot room it saves where food allows it. Holiday keeps an empty
compartment free of smell and mould, not food fresh.
"""

AMBIENT_UNKNOWN = 200

# mode, ambient from, fridge, freezer, variable (0.1 degC)
SET_POINTS = (
    ("manual", -500, None, None, None),
    ("smart", -500, 30, -190, None),
    ("smart", 160, 40, -180, None),
    ("smart", 320, 50, -180, None),
    ("eco", -500, 60, -170, None),
    ("holiday", -500, 140, -180, None),
)

RAPID_COOL = 20
RAPID_FREEZE = -300
