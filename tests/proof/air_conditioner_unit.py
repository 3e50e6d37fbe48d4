"""A healthy air conditioner and how its inputs can be wrong; what it must never do is in air_conditioner.py.

Coils, discharge, current and pulses follow the outputs as on a real unit: cooling cools the indoor coil,
heating warms it.
"""


def runs(at):
    return at.compressor or at.compressor_speed


def works(at):
    return runs(at) or at.aux_heater


def _coil(at, ms):
    if not at.compressor:
        return 260
    return 400 if at.four_way_valve else 130


def _coil_of_a_stuck_valve(at, ms):
    """It moves to where it should not be no faster than a coil can."""
    if not at.compressor:
        return 260
    moved = min(270, 100 * ms // 1000)
    return 400 - moved if at.four_way_valve else 130 + moved


def _twitches(up, down):
    """A bad contact: up for five seconds, and down."""
    return lambda at, ms: up if ms // 5000 % 2 == 0 else down


INPUTS = {
    "room_temperature": {"healthy": 260, "jumps": 460, "twitches": _twitches(320, 260)},
    "indoor_coil": {
        "healthy": _coil,
        "iced": -20,
        "hot": 700,
        "as the room": 240,
        "valve stuck": _coil_of_a_stuck_valve,
        "twitches": _twitches(330, 130),
    },
    "outdoor_temperature": {"healthy": 300},
    "outdoor_coil": {"healthy": lambda at, ms: 450 if at.compressor else 300, "hot": 700},
    "discharge_temperature": {
        "healthy": lambda at, ms: 700 if at.compressor else 450,
        "hot": 1250,
        "off its pipe": 330,
    },
    "supply_current": {
        "healthy": lambda at, ms: (4000 if at.compressor else 0) + (6000 if at.aux_heater else 0),
        "welded": 4500,
        "locked rotor": lambda at, ms: 20000 if at.compressor else 0,
    },
    "supply_voltage": {"healthy": 230, "low": 170, "high": 280},
    "pressure_switch": {"healthy": 0, "tripped": 1},
    "water_switch": {"healthy": 0, "full": 1},
    "indoor_fan_pulses": {"healthy": lambda at, ms: 30 if at.indoor_fan else 0, "stands": 0},
    "outdoor_fan_pulses": {"healthy": lambda at, ms: 30 if at.outdoor_fan else 0, "stands": 0},
    "outdoor_unit": {"healthy": 1, "silent": 0},
}
OUTPUTS = {
    "compressor": (0, 1),
    "compressor_speed": (0, 1000),
    "four_way_valve": (0, 1),
    "outdoor_fan": (0, 1),
    "indoor_fan": (0, 100, 600),
    "indoor_fan_low": (0, 1),
    "indoor_fan_mid": (0, 1),
    "indoor_fan_high": (0, 1),
    "aux_heater": (0, 1),
    "main_relay": (0, 1),
}
# Taps have an influence on nothing else; their own dangers need heater, fan and main relay. A slow fan is one
# for the heater alone.
BLOCKS = (
    {role: (0, OUTPUTS[role][-1]) for role in OUTPUTS if not role.startswith("indoor_fan_")},
    {role: OUTPUTS[role] for role in OUTPUTS if role.startswith(("indoor_fan", "aux_heater", "main_relay"))},
)
_RUNS = {"main_relay": 1, "compressor": 1, "compressor_speed": 1000, "outdoor_fan": 1}
_AIR = {"indoor_fan": 600, "indoor_fan_mid": 1}
WORK = {
    "off": {},
    "fan": _AIR,
    "cool": _RUNS | _AIR,
    "heat": _RUNS | _AIR | {"four_way_valve": 1},
    "heat with the auxiliary heater": _RUNS | _AIR | {"four_way_valve": 1, "aux_heater": 1},
    "defrost": _RUNS | {"outdoor_fan": 0},
    "change over": _AIR | {"main_relay": 1, "four_way_valve": 1},
}
EARLY = ("four_way_valve", "main_relay")
REST_MS = 240000
HORIZON_MS = 1400000
COMBINED_MS = 50000
STEP_MS = 60000
STALL_MS = 100000
BEGINS_MS = {"valve stuck": 2100}  # still as warm as the room
BOTH_WRONG = 2
AT_WORK_WRONG = 3
