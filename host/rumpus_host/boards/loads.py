"""What hangs at the outputs: loads as a retrofitter finds them, what may switch them, and what stays hard-wired.

Literals. Currents are those of common appliances; `rumpus wiring --load ROLE=AMPERES` takes yours.
"""

# What a relay's data sheet says for a changeover contact at 240 V~, and what is sensible for the rest.
# name, kind, volts, mA resistive, mA inductive, in words
SWITCHES = (
    ("relay_module", "mechanical", 250, 7000, 3000, "relay module (changeover relay, 10 A)"),
    ("on_board_relay", "mechanical", 250, 7000, 3000, "relay of the board (changeover, 10 A)"),
    ("contactor", "contactor", 400, 25000, 9000, "contactor (AC-1 25 A, AC-3 9 A, coil 230 V~)"),
    ("ssr", "solid_state", 380, 20000, 5000, "solid-state relay (40 A, zero-crossing, on a heat sink)"),
    ("transistor_buzzer", "signal", 5, 50, 50, "active buzzer module, 3.3 to 5 V"),
    ("pwm_input", "signal", 5, 20, 20, "PWM input of the fan or inverter, behind an optocoupler"),
    ("led", "signal", 4, 20, 20, "LED with 470 Ω"),
    ("ir_led", "signal", 5, 150, 150, "infrared LED 940 nm (TSAL6200 or the like) with 33 Ω"),
    ("servo", "signal", 5, 500, 500, "servo, 5 V"),
)

# role, load in words, symbol, volts, mA, kind of load, switched by, behind the main relay, hard-wired in its line
LOADS = {
    "water_heater": (
        ("element", "Element 2 kW", "heater", 230, 8700, "resistive", "contactor", 1, ()),
        ("element_ssr", "Element 2 kW", "heater", 230, 8700, "resistive", "ssr", 1, ()),
        ("element_upper", "Element 2 kW", "heater", 230, 8700, "resistive", "contactor", 1, ()),
        ("main_relay", "", "main", 230, 17400, "resistive", "contactor", 0, ()),
    ),
    "air_conditioner": (
        (
            "compressor",
            "Compressor",
            "motor",
            230,
            5000,
            "inductive",
            "contactor",
            1,
            ("overload protector",),
        ),
        ("compressor_speed", "Inverter board", "signal", 5, 10, "resistive", "pwm_input", 1, ()),
        ("four_way_valve", "Valve coil", "coil", 230, 50, "inductive", "relay_module", 0, ()),
        ("outdoor_fan", "Outdoor fan", "motor", 230, 300, "inductive", "relay_module", 0, ()),
        ("indoor_fan", "Indoor fan", "signal", 5, 10, "resistive", "pwm_input", 0, ()),
        ("indoor_fan_low", "Fan, low tap", "motor", 230, 300, "inductive", "relay_module", 0, ()),
        ("indoor_fan_mid", "Fan, middle tap", "motor", 230, 300, "inductive", "relay_module", 0, ()),
        ("indoor_fan_high", "Fan, high tap", "motor", 230, 300, "inductive", "relay_module", 0, ()),
        (
            "aux_heater",
            "Heater 1.5 kW",
            "heater",
            230,
            6500,
            "resistive",
            "contactor",
            1,
            ("thermal fuse", "bimetal"),
        ),
        ("main_relay", "", "main", 230, 12000, "resistive", "contactor", 0, ()),
        ("louver_vertical", "Louver servo", "signal", 5, 500, "resistive", "servo", 0, ()),
        ("louver_horizontal", "Louver servo", "signal", 5, 500, "resistive", "servo", 0, ()),
        ("ioniser", "Ioniser", "box", 230, 50, "resistive", "relay_module", 0, ()),
        ("fresh_air_fan", "Fresh air fan", "motor", 230, 200, "inductive", "relay_module", 0, ()),
        ("display", "Display", "lamp", 230, 50, "resistive", "relay_module", 0, ()),
        ("buzzer", "Buzzer", "signal", 5, 30, "resistive", "transistor_buzzer", 0, ()),
        ("remote", "Infrared LED", "signal", 5, 105, "resistive", "ir_led", 0, ()),
    ),
    "refrigerator": (
        (
            "compressor",
            "Compressor",
            "motor",
            230,
            1200,
            "inductive",
            "relay_module",
            0,
            ("overload protector",),
        ),
        ("fan", "Evaporator fan", "motor", 230, 100, "inductive", "relay_module", 0, ()),
        (
            "defrost_heater",
            "Defrost heater",
            "heater",
            230,
            900,
            "resistive",
            "relay_module",
            0,
            ("bimetal", "thermal fuse"),
        ),
        ("fridge_damper", "Damper motor", "motor", 230, 50, "inductive", "relay_module", 0, ()),
        ("variable_damper", "Damper motor", "motor", 230, 50, "inductive", "relay_module", 0, ()),
        ("light", "Light 15 W", "lamp", 230, 65, "resistive", "relay_module", 0, ()),
        ("ice_motor", "Tray motor", "motor", 230, 50, "inductive", "relay_module", 0, ()),
        ("ice_valve", "Water valve", "coil", 230, 50, "inductive", "relay_module", 0, ()),
        ("deodoriser", "Deodoriser", "box", 230, 50, "resistive", "relay_module", 0, ()),
        ("buzzer", "Buzzer", "signal", 5, 30, "resistive", "transistor_buzzer", 0, ()),
    ),
    "microwave_oven": (
        ("main_relay", "", "main", 230, 9000, "inductive", "contactor", 0, ()),
        (
            "magnetron",
            "HV transformer",
            "transformer",
            230,
            6000,
            "inductive",
            "contactor",
            1,
            ("magnetron cut-out",),
        ),
        ("grill", "Grill 1 kW", "heater", 230, 4400, "resistive", "relay_module", 1, ()),
        ("convection", "Heater 1.5 kW", "heater", 230, 6500, "resistive", "contactor", 1, ()),
        (
            "steam",
            "Steam heater 1 kW",
            "heater",
            230,
            4400,
            "resistive",
            "relay_module",
            1,
            ("thermal fuse",),
        ),
        ("fan", "Cooling fan", "motor", 230, 200, "inductive", "relay_module", 0, ()),
        ("turntable", "Turntable motor", "motor", 230, 20, "inductive", "relay_module", 0, ()),
        ("lamp", "Lamp 25 W", "lamp", 230, 110, "resistive", "relay_module", 0, ()),
        ("buzzer", "Buzzer", "signal", 5, 30, "resistive", "transistor_buzzer", 0, ()),
    ),
}

# Of the device itself, whatever the appliance.
PANEL_LOADS = (
    ("status_led", "Status LED", "signal", 4, 3, "resistive", "led", 0, ()),
    ("status_buzzer", "Buzzer", "signal", 5, 30, "resistive", "transistor_buzzer", 0, ()),
)

# What the whole appliance hangs on, in order from the mains; then what only the dangerous loads hang on.
SUPPLY_CHAIN = {
    "water_heater": ("RCD 30 mA", "breaker 16 A"),
    "air_conditioner": ("RCD 30 mA", "breaker 16 A"),
    "refrigerator": ("RCD 30 mA", "fuse 6.3 A slow"),
    "microwave_oven": ("RCD 30 mA", "fuse 10 A slow", "cavity cut-out"),
}
HEAT_CHAIN = {
    "water_heater": ("thermal cut-out 95 °C",),
    "air_conditioner": ("high-pressure switch",),
    "refrigerator": (),
    "microwave_oven": ("door switch, primary", "door switch, secondary"),
}

NOTES = {
    "water_heater": (
        "The thermal cut-out opens both poles where the heater has one that does. It and the pressure relief valve "
        "stay as the maker put them: nothing here replaces them.",
        "The sheath of each element and the tank are earthed. Never heat without water.",
    ),
    "air_conditioner": (
        "The high-pressure switch in the line of the compressor and the compressor's own overload protector stay as "
        "the maker put them.",
        "Never two taps of the fan's motor at the same time: the firmware's interlocks see to it.",
    ),
    "refrigerator": (
        "The defrost heater keeps its bimetal and its thermal fuse, the compressor its overload protector and its "
        "starting device.",
        "A compressor takes eight times its current for half a second when it starts: a relay that welds is the "
        "usual fault, so look after the relay's contacts once a year.",
    ),
    "microwave_oven": (
        "DEADLY: the high-voltage side carries 2000 V and more, and its capacitor stays charged after the plug is out. "
        "It is not touched by this wiring: the transformer's 230 V side is all that is switched.",
        "The primary and the secondary door switch stay in series with the transformer and the monitor switch across "
        "it, which blows the fuse when one of them welds. The board senses the door with two contacts of its own.",
    ),
}

# In the place of NOTES where nothing of the wiring carries mains.
NOTES_INFRARED = (
    "The LED looks at the unit's receiver, from up to five metres and best from the front; it sends one way. Nobody "
    "can know that the unit has heard it: the device sends again after a minute and after ten, and the power "
    "that the unit takes, where it is measured, shows what it does.",
    "The unit keeps its own plug, remote control, thermostat and protection. A clamp-on current transformer goes "
    "round one wire of its supply, L, in a box that an electrician closes; leave it out if you cannot get there.",
    "Protocols: gree (also yaw1f and ybofb), coolix, midea. Try the hand remote's brand first; a unit beeps when it "
    "has understood.",
)
