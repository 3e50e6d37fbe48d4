"""A healthy air conditioner and how its inputs can be wrong; what it must never do is in air_conditioner.py.

Coils, discharge, current and pulses follow the outputs as on a real unit: cooling cools the indoor coil,
heating warms it.
"""


def _coil(at, ms):
    if not at.compressor:
        return 260
    return 400 if at.four_way_valve else 130


def _coil_of_a_stuck_valve(at, ms):
    if not at.compressor:
        return 260
    return 130 if at.four_way_valve else 400


INPUTS = {
    "room_temperature": {"healthy": 260, "twitches": lambda at, ms: 320 if ms // 100 % 2 else 260},
    "indoor_coil": {
        "healthy": _coil,
        "iced": -20,
        "hot": 700,
        "as the room": 240,
        "valve stuck": _coil_of_a_stuck_valve,
        "twitches": lambda at, ms: 330 if ms // 100 % 2 else 130,
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
        "locked rotor": 20000,
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
# Taps have an influence on nothing else; their own dangers need heater, fan and main relay.
BLOCKS = (
    (
        "compressor",
        "compressor_speed",
        "four_way_valve",
        "outdoor_fan",
        "indoor_fan",
        "aux_heater",
        "main_relay",
    ),
    ("indoor_fan", "indoor_fan_low", "indoor_fan_mid", "indoor_fan_high", "aux_heater", "main_relay"),
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
BOTH_WRONG = 2
AT_WORK_WRONG = 3
