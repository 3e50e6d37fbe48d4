"""Parts in words, for the table, the picture and the list of parts."""

from .load import RoleRow

_DOORS = ("door", "door_monitor", "fridge_door", "freezer_door", "bar_door", "variable_door")
_BUTTONS = ("_button", "_key")


def part_of(row: RoleRow) -> str:
    """What is soldered on for a row, as in "NTC 10 kΩ, B 3950, with 15 kΩ"."""
    role, driver, _pin, option = row
    if driver == "ntc":
        return f"NTC {_kohm(option[0])}, B {option[1]}, with {_kohm(option[2])} to 3V3"
    if driver == "ds18b20":
        return "DS18B20, three wires"
    if driver == "door_switch":
        return f"{'button' if role.endswith(_BUTTONS) else 'contact'}, {_switch(role, option[0])}"
    if driver == "flow_meter":
        if option[0] == "pulses":
            return f"flow meter, {option[1]} pulses per litre"
        return f"tachometer, {option[1]} pulses per turn"
    if driver == "current_sensor":
        return _transformer(option)
    if driver == "analog_in":
        return f"sensor 0 to 3.3 V, {option[1]} at full scale"
    return {"sht3x": "SHT3x on I²C", "aht20": "AHT20 on I²C"}.get(driver, driver)


def _switch(role: str, level: str) -> str:
    if role.endswith(_BUTTONS):
        return "closes when pressed" if level == "active_low" else "opens when pressed"
    if role in _DOORS:
        return (
            "closed while the door is closed" if level == "active_high" else "closed while the door is open"
        )
    return "closed while all is well" if level == "active_high" else "closes when it happens"


def _transformer(option: tuple) -> str:
    full = option[2] / 10000 if option[0] == "0.1mA" else option[2] / 1000
    words = f"{full * 1000:g} mA" if full < 1 else f"{full:g} A"
    kind = "leakage transformer" if option[0] == "0.1mA" else "current transformer"
    return f"{kind} with RMS stage, {words} = 3.3 V"


def _kohm(ohm: int) -> str:
    return f"{ohm / 1000:g} kΩ"
