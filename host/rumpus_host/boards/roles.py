"""What each role of each appliance is, which ones an appliance cannot do without, and which exclude each other.

Literals. A test holds the roles against INPUTS and OUTPUTS of the firmware's appliances, and the reasons
of MANDATORY against the fields that the protocol makes mandatory.
"""

# kind: temperature, switch, pulses, current, humidity, voltage, level (inputs)
#       on_off (level 0 or 1), proportional (level 0..1000), remote (all that a remote control says),
#       light and sound (number of a pattern) (outputs)
# role, kind, in words
ROLES = {
    "water_heater": (
        ("tank_temperature", "temperature", "Tank temperature, low in the tank"),
        ("upper_temperature", "temperature", "Tank temperature, upper half"),
        ("inlet_temperature", "temperature", "Cold water inlet"),
        ("flow_meter", "pulses", "Hot water flow"),
        ("element_current", "current", "Current of the elements"),
        ("leakage_current", "current", "Leakage current"),
        ("leak_switch", "switch", "Leak under the tank"),
        ("element", "on_off", "Heating element, lower"),
        ("element_ssr", "proportional", "Heating element, lower"),
        ("element_upper", "on_off", "Heating element, upper"),
        ("main_relay", "on_off", "Line of all elements"),
    ),
    "air_conditioner": (
        ("room_temperature", "temperature", "Room air, at the inlet grille"),
        ("room_humidity", "humidity", "Room humidity"),
        ("indoor_coil", "temperature", "Indoor coil"),
        ("outdoor_temperature", "temperature", "Outdoor air"),
        ("outdoor_coil", "temperature", "Outdoor coil"),
        ("discharge_temperature", "temperature", "Discharge pipe of the compressor"),
        ("supply_current", "current", "Supply current"),
        ("supply_voltage", "voltage", "Supply voltage"),
        ("pressure_switch", "switch", "Pressure switch, second contact"),
        ("water_switch", "switch", "Condensate float"),
        ("indoor_fan_pulses", "pulses", "Indoor fan, tachometer"),
        ("outdoor_fan_pulses", "pulses", "Outdoor fan, tachometer"),
        ("outdoor_unit", "switch", "Outdoor unit answers"),
        ("filter_key", "switch", "Filter key"),
        ("unit_power", "current", "Power that the unit takes"),
        ("compressor", "on_off", "Compressor"),
        ("compressor_speed", "proportional", "Compressor inverter"),
        ("four_way_valve", "on_off", "Four-way valve"),
        ("outdoor_fan", "on_off", "Outdoor fan"),
        ("indoor_fan", "proportional", "Indoor fan, speed"),
        ("indoor_fan_low", "on_off", "Indoor fan, low tap"),
        ("indoor_fan_mid", "on_off", "Indoor fan, middle tap"),
        ("indoor_fan_high", "on_off", "Indoor fan, high tap"),
        ("aux_heater", "on_off", "Auxiliary heater"),
        ("main_relay", "on_off", "Line of compressor and heater"),
        ("louver_vertical", "proportional", "Louver, up and down"),
        ("louver_horizontal", "proportional", "Louver, left and right"),
        ("ioniser", "on_off", "Ioniser"),
        ("fresh_air_fan", "on_off", "Fresh air fan"),
        ("display", "on_off", "Display light"),
        ("buzzer", "on_off", "Buzzer"),
        ("remote", "remote", "Infrared LED: it looks at the unit"),
    ),
    "refrigerator": (
        ("fridge_temperature", "temperature", "Refrigerator compartment"),
        ("freezer_temperature", "temperature", "Freezer"),
        ("variable_temperature", "temperature", "Variable compartment"),
        ("ambient_temperature", "temperature", "Room air"),
        ("evaporator_temperature", "temperature", "Evaporator, where ice melts last"),
        ("fridge_door", "switch", "Door of the refrigerator"),
        ("freezer_door", "switch", "Door of the freezer"),
        ("bar_door", "switch", "Door of the bar"),
        ("variable_door", "switch", "Door of the variable compartment"),
        ("power", "current", "Power, by the supply current"),
        ("fan_speed", "pulses", "Fan, tachometer"),
        ("ice_full", "switch", "Ice bin is full"),
        ("tray_home", "switch", "Ice tray at home"),
        ("water_empty", "switch", "Water tank is empty"),
        ("mode_button", "switch", "Mode button"),
        ("filter_button", "switch", "Filter button"),
        ("compressor", "on_off", "Compressor"),
        ("fan", "on_off", "Evaporator fan"),
        ("defrost_heater", "on_off", "Defrost heater"),
        ("fridge_damper", "on_off", "Damper, refrigerator"),
        ("variable_damper", "on_off", "Damper, variable compartment"),
        ("light", "on_off", "Light"),
        ("ice_motor", "on_off", "Ice tray motor"),
        ("ice_valve", "on_off", "Ice water valve"),
        ("deodoriser", "on_off", "Deodoriser"),
        ("buzzer", "on_off", "Buzzer"),
    ),
    "microwave_oven": (
        ("door", "switch", "Door, sensing switch"),
        ("door_monitor", "switch", "Door, second sensing switch"),
        ("chamber_temperature", "temperature", "Chamber"),
        ("magnetron_current", "current", "Current of the magnetron's transformer"),
        ("fan_speed", "pulses", "Cooling fan, tachometer"),
        ("gas_level", "level", "Gas and steam sensor"),
        ("water_low", "switch", "Steam water is low"),
        ("tank_out", "switch", "Water tank is out"),
        ("remote_button", "switch", "Remote enable button"),
        ("start_button", "switch", "Start button"),
        ("stop_button", "switch", "Stop button"),
        ("main_relay", "on_off", "Line of all that heats"),
        ("magnetron", "on_off", "Magnetron's transformer"),
        ("grill", "on_off", "Grill"),
        ("convection", "on_off", "Convection heater"),
        ("steam", "on_off", "Steam heater"),
        ("fan", "on_off", "Cooling fan"),
        ("turntable", "on_off", "Turntable"),
        ("lamp", "on_off", "Lamp"),
        ("buzzer", "on_off", "Buzzer"),
    ),
}

# Parts of the device itself, on every board and for every appliance, all optional.
PANEL = (
    ("service_button", "switch", "Service button: held for 5 s it clears latched faults"),
    ("status_led", "light", "Status LED"),
    ("status_buzzer", "sound", "Buzzer of the device"),
)

# any one of these roles, the mandatory field or the interlock row that asks for it, why
MANDATORY = {
    "water_heater": (
        (("tank_temperature",), "current_temperature", "nothing is heated that nobody measures"),
        (("element", "element_ssr"), "power", "there would be nothing to heat with"),
    ),
    "air_conditioner": (
        # A unit that is steered by infrared keeps its own sensors, compressor and fan.
        (
            ("room_temperature", "remote"),
            "indoor_temperature",
            "the set point needs something to be compared with",
        ),
        (("indoor_coil", "remote"), "coil_freezes", "nobody would see ice or an overheated coil"),
        (("compressor", "compressor_speed", "remote"), "mode", "there would be nothing to cool with"),
        (
            ("indoor_fan", "indoor_fan_low", "indoor_fan_mid", "indoor_fan_high", "remote"),
            "fan_speed",
            "a coil without air freezes",
        ),
    ),
    "refrigerator": (
        (("fridge_temperature",), "fridge_temp", "the set point needs something to be compared with"),
        (("freezer_temperature",), "freezer_temp", "the set point needs something to be compared with"),
        (("compressor",), "compressor", "there would be nothing to cool with"),
    ),
    "microwave_oven": (
        (("door",), "door_open", "no heat while nobody watches the door"),
        (("door_monitor",), "main_relay_door", "no heat while nobody checks the door switch"),
        (("remote_button",), "remote_enabled", "a remote start is never allowed without it"),
        (("magnetron", "grill", "convection"), "cook_mode", "there would be nothing to cook with"),
        (("fan",), "magnetron_door", "the magnetron and the grill are never on without it"),
    ),
}

# a role, what it cannot do without, why
NEEDS = {
    "water_heater": (("element_upper", "upper_temperature", "its element could run dry unseen"),),
    "air_conditioner": (
        ("aux_heater", "room_temperature", "nobody would switch it off"),
        ("unit_power", "remote", "it is for a unit that is steered by infrared; others take supply_current"),
    ),
    "refrigerator": (
        ("defrost_heater", "evaporator_temperature", "its interlock keeps it off without"),
        ("fridge_damper", "fridge_temperature", "nobody would close it"),
        ("ice_motor", "ice_valve", "an ice maker is both"),
        ("ice_valve", "ice_motor", "an ice maker is both"),
        ("variable_damper", "variable_temperature", "nobody would close it"),
    ),
    "microwave_oven": (("convection", "chamber_temperature", "its interlock keeps it off without"),),
}

# What a unit that is steered by infrared does itself.
_ACTING = (
    "compressor",
    "compressor_speed",
    "four_way_valve",
    "outdoor_fan",
    "indoor_fan",
    "indoor_fan_low",
    "indoor_fan_mid",
    "indoor_fan_high",
    "aux_heater",
    "main_relay",
    "louver_vertical",
    "louver_horizontal",
    "supply_current",
)
# Roles that are the same part wired in two ways.
EITHER = {
    "water_heater": ((("element",), ("element_ssr",)),),
    "air_conditioner": (
        (("compressor",), ("compressor_speed",)),
        (("indoor_fan",), ("indoor_fan_low", "indoor_fan_mid", "indoor_fan_high")),
        (("remote",), _ACTING),
    ),
    "refrigerator": (),
    "microwave_oven": (),
}

INPUT_KINDS = ("temperature", "switch", "pulses", "current", "humidity", "voltage", "level")
OUTPUT_KINDS = ("on_off", "proportional", "remote", "sound", "light")
HARMLESS_KINDS = ("light",)  # may be on while the chip resets

# driver, kinds of roles it serves
DRIVERS = {
    "ntc": ("temperature",),
    "ds18b20": ("temperature",),
    "sht3x": ("temperature", "humidity"),
    "aht20": ("temperature", "humidity"),
    "door_switch": ("switch",),
    "flow_meter": ("pulses",),
    "current_sensor": ("current",),
    "analog_in": ("humidity", "voltage", "level"),
    "relay": ("on_off",),
    "buzzer": ("on_off", "sound"),
    "status_led": ("on_off", "light"),
    "ir_ac": ("remote",),
    "ssr": ("proportional",),
    "pwm_out": ("proportional",),
}

_LEVEL = ("active_high", "active_low")
# driver, forms that its option may have; at each place words to choose from, or (lowest, highest)
OPTIONS = {
    "ntc": (((100, 1000000), (1000, 6000), (100, 1000000)),),
    "ds18b20": ((), ("rom",)),
    "sht3x": ((("temperature", "humidity"),), (("temperature", "humidity"), (0x44, 0x45))),
    "aht20": ((("temperature", "humidity"),), (("temperature", "humidity"), (0x38, 0x38))),
    "door_switch": ((_LEVEL, (0, 60000)),),
    "flow_meter": ((("pulses",), (1, 100000)), (("rate",), (1, 100000), (100, 60000))),
    "current_sensor": (
        (("mA", "0.1mA"), (0, 65534), (1, 65000)),
        (("W",), (0, 65534), (1, 65000), (100, 400)),
    ),
    "analog_in": (((0, 65534), (1, 65000)),),
    "relay": ((_LEVEL,),),
    "buzzer": ((_LEVEL,),),
    "status_led": ((_LEVEL,),),
    "ir_ac": ((("gree", "coolix", "midea"),), (("gree",), ("yaw1f", "ybofb"))),
    "ssr": ((_LEVEL, (160, 120000)),),
    "pwm_out": ((_LEVEL,),),
}

# Temperatures that a sensor must be able to tell, 0.1 degC: what lies beyond reads as a broken wire.
WORKING_RANGE = {
    "tank_temperature": (0, 950),
    "upper_temperature": (0, 950),
    "inlet_temperature": (0, 400),
    "room_temperature": (0, 500),
    "indoor_coil": (-100, 700),
    "outdoor_temperature": (-250, 550),
    "outdoor_coil": (-300, 700),
    "discharge_temperature": (-100, 1300),
    "fridge_temperature": (-50, 400),
    "freezer_temperature": (-320, 400),
    "variable_temperature": (-320, 400),
    "ambient_temperature": (0, 500),
    "evaporator_temperature": (-350, 400),
    "chamber_temperature": (0, 3000),
}


def of(appliance: str) -> tuple[tuple[str, str, str], ...]:
    """The roles of a device that is this appliance: the appliance's, and those of the device itself."""
    return ROLES[appliance] + PANEL
