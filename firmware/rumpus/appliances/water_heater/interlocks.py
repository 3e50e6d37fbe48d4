"""What a water heater must never do. Columns: interlocks.py.

What stays hard-wired: the thermal cut-out in the line of the elements, the pressure relief valve, the
residual-current device. Nothing here replaces them.
"""

# fmt: off
# name, input, test, limit, clear, for_ms, when, forces, alarm, latched, why
ROWS = (
    # Leakage and leaks.
    ("leakage_current", "leakage_current", "above", 100, 50, 0, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0), ("main_relay", 0)),
     "leakage_current", 1, "10 mA to earth: the sheath of an element is broken"),
    ("leakage_meter", "leakage_current", "fault", 0, 10000, 2000, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0), ("main_relay", 0)),
     "internal_communication", 0, "no heating while nobody watches the leakage"),
    ("water_leak", "leak_switch", "is", 1, 0, 1000, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0), ("main_relay", 0)),
     "water_leak", 1, "the tank may run dry"),
    ("leak_switch", "leak_switch", "fault", 0, 10000, 2000, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0), ("main_relay", 0)),
     "internal_communication", 0, "a leak would go unseen"),

    # Too hot. The set range ends at 75 degC.
    ("over_temperature", "tank_temperature", "above", 850, 700, 0, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0), ("main_relay", 0)),
     "over_temperature", 1, "before the thermal cut-out opens and before steam"),
    ("over_temperature_upper", "upper_temperature", "above", 850, 700, 0, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0), ("main_relay", 0)),
     "over_temperature", 1, "the same for the upper half"),

    # Dry: an element in air. Water warms by at most some K per minute.
    ("dry_fast", "tank_temperature", "rise", 100, 0, 60000, (("element", 1),),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0), ("main_relay", 0)),
     "dry_heating", 1, "10 K in a minute is no water"),
    ("dry_fast_upper", "upper_temperature", "rise", 100, 0, 60000, (("element_upper", 1),),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0), ("main_relay", 0)),
     "dry_heating", 1, "the same for the upper element"),
    ("dry_flat", "tank_temperature", "flat", 3, 0, 1800000, (("element", 1),),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0), ("main_relay", 0)),
     "dry_heating", 1, "half an hour of heat and not 0.3 K: no water at the sensor, or a stuck sensor"),
    ("dry_flat_upper", "upper_temperature", "flat", 3, 0, 1800000, (("element_upper", 1),),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0), ("main_relay", 0)),
     "dry_heating", 1, "the same for the upper element"),

    # Elements and their contactors, where the current is measured.
    ("element_open", "element_current", "below", 500, 500, 60000, (("element", 1),),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0)),
     "heating_element", 1, "switched on and no current: burnt out, or the thermal cut-out is open"),
    ("element_open_upper", "element_current", "below", 500, 500, 60000, (("element_upper", 1),),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0)),
     "heating_element", 1, "the same for the upper element"),
    ("welded", "element_current", "above", 500, 100, 3000, (("element", 0), ("element_upper", 0)),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0), ("main_relay", 0)),
     "heating_element", 1, "current although switched off: a contact is welded, only main_relay is left"),
    ("current_meter", "element_current", "fault", 0, 10000, 2000, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0)),
     "internal_communication", 0, "a welded contact would go unseen"),

    # Temperature sensors.
    ("sensor", "tank_temperature", "fault", 0, 10000, 1000, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0)),
     "temperature_sensor", 0, "open, shorted or not answering"),
    ("sensor_upper", "upper_temperature", "fault", 0, 10000, 1000, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0)),
     "temperature_sensor", 0, "open, shorted or not answering"),
    ("sensor_jumping", "tank_temperature", "jump", 50, 60000, 0, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0)),
     "temperature_sensor", 0, "5 K in a second is a bad contact, not water"),
    ("sensor_jumping_upper", "upper_temperature", "jump", 50, 60000, 0, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0)),
     "temperature_sensor", 0, "5 K in a second is a bad contact, not water"),
    ("sensors_swapped", ("tank_temperature", "upper_temperature"), "above", 150, 50, 600000, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0)),
     "temperature_sensor", 0, "hot water rises: the wires are swapped or a sensor lies"),

    # Cold. No heat for ice: it would burst the tank from inside.
    ("frozen", "tank_temperature", "below", 0, 10, 1000, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0)),
     "freezing", 0, "ice must thaw from outside"),
    ("frozen_upper", "upper_temperature", "below", 0, 10, 1000, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0)),
     "freezing", 0, "ice must thaw from outside"),
    ("freezing", "tank_temperature", "below", 30, 60, 1000, (), (),
     "freezing", 0, "anti-freeze does not keep up"),
    ("freezing_inlet", "inlet_temperature", "below", 10, 30, 60000, (), (),
     "freezing", 0, "the pipe freezes first"),

    ("loop_stalled", "", "stalled", 60000, 0, 0, (),
     (("element", 0), ("element_ssr", 0), ("element_upper", 0)),
     "internal_communication", 0, "inputs of a minute ago are no base for heating"),

    # Two contacts in a row: where one has welded, the other still opens.
    ("main_first", "element", "needs", 0, 0, 0, (("main_relay", 1),), (), None, 0, "off means both off"),
    ("main_first_ssr", "element_ssr", "needs", 0, 0, 0, (("element", 1),), (),
     None, 0, "as above; and the rows above watch element, which is the same part"),
    ("main_first_upper", "element_upper", "needs", 0, 0, 0, (("main_relay", 1),), (), None, 0, "as above"),
)
