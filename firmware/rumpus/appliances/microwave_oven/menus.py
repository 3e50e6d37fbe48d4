"""What cooks without being told power and time: menus by weight, and the defrost profile.

Literals only. Times are for an oven of 800 W; every menu stays below 99:59 at its greatest weight.
"""

# fmt: off
# number, name, least g, greatest g, stages; number = value of the menu_number field
# a stage: cook mode, power in percent, seconds, seconds more for each 100 g
MENUS = (
    (1, "popcorn", 100, 100, (("microwave", 100, 150, 0),)),
    (2, "beverage", 150, 600, (("microwave", 100, 15, 40),)),
    (3, "soup", 200, 1000, (("microwave", 100, 30, 45), ("microwave", 70, 30, 10))),
    (4, "dinner_plate", 250, 600, (("microwave", 70, 30, 40),)),
    (5, "jacket_potato", 150, 1000, (("microwave", 100, 90, 90), ("microwave", 60, 60, 40))),
    (6, "fresh_vegetables", 100, 800, (("microwave", 100, 60, 60),)),
    (7, "frozen_vegetables", 100, 800, (("microwave", 100, 60, 80), ("microwave", 60, 0, 20))),
    (8, "fish", 150, 800, (("microwave", 80, 45, 60),)),
    (9, "rice", 100, 500, (("microwave", 100, 180, 60), ("microwave", 50, 420, 60))),
    (10, "porridge", 100, 400, (("microwave", 100, 60, 60), ("microwave", 30, 120, 30))),
    (11, "pasta", 100, 500, (("microwave", 100, 240, 60), ("microwave", 70, 360, 30))),
    (12, "defrost_meat", 100, 1800, (("defrost", 40, 60, 60), ("defrost", 20, 60, 70), ("defrost", 10, 120, 40))),
    (13, "defrost_poultry", 200, 1800, (("defrost", 40, 60, 50), ("defrost", 20, 120, 80), ("defrost", 10, 120, 40))),
    (14, "defrost_fish", 100, 1000, (("defrost", 30, 60, 60), ("defrost", 10, 120, 60))),
    (15, "defrost_bread", 100, 800, (("defrost", 30, 20, 25),)),
    (16, "frozen_pizza", 200, 600, (("microwave", 80, 60, 40), ("combi", 40, 60, 20), ("grill", 100, 120, 0))),
    (17, "gratin", 300, 1200, (("microwave", 80, 120, 60), ("combi", 50, 180, 30), ("grill", 100, 240, 0))),
    (18, "chicken_pieces", 200, 1200, (
        ("microwave", 80, 60, 60), ("combi", 60, 120, 60), ("grill", 100, 180, 20),
        ("combi", 40, 60, 20), ("grill", 100, 120, 10))),
    (19, "cake", 300, 800, (("convection", 100, 1200, 150),)),
    (20, "steamed_fish", 150, 800, (("steam", 100, 420, 60),)),
)

# The defrost mode spreads the cook time: cook mode, power, percent of the time.
# Less and less power, so that what has thawed does not begin to cook.
DEFROST = (
    ("defrost", 40, 40),
    ("defrost", 30, 30),
    ("defrost", 20, 30),
)
