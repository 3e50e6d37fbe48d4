"""Codes into sentences: what happened and its likely cause, and what to do next.

    explain_refusal("water_heater", result, field, reason)   -> Refusal with names, sentence, next
    RESULTS[name], REASONS[name], ALARMS[type][name], DAMAGE[token]   -> Explanation

The keys are the names in the tables; a test walks the tables, so that a new row needs its sentence.
Devices send codes and never text: text costs heap there, and languages are the host's business.
"""

from typing import NamedTuple

from rumpus.rump.tables import results

from .fields import by_id, range_text


class Explanation(NamedTuple):
    sentence: str
    next: str


class Refusal(NamedTuple):
    """What a device said to a control. field: its name, None when no field is meant."""

    result: str
    field: str | None
    reason: str
    sentence: str
    next: str


_LOCAL = "If it is latched, only a person at the appliance can clear it."

RESULTS = {
    "ok": Explanation("Done: the device has carried it out.", "Nothing more to do."),
    "unknown_device": Explanation(
        "The message was for another device ID than that of the device that got it.",
        "Connect again: a device says its ID when the connection begins.",
    ),
    "unknown_field": Explanation(
        "The device has no field with that number; its firmware may be older than this program.",
        "Compare the versions: rumpus version URL",
    ),
    "out_of_range": Explanation(
        "The value is outside of what the device allows.", "See the ranges: rumpus fields TYPE"
    ),
    "wrong_state": Explanation(
        "The device does not allow this in its present state.", "Look at it first: rumpus get URL"
    ),
    "unsupported": Explanation(
        "This device cannot do that, though others of its type can.", "See what it has: rumpus get URL"
    ),
    "busy": Explanation("The device is busy with something else.", "Wait a little and try again."),
    "not_bound": Explanation(
        "The device is not bound to this user.", "Bind it with its verification code first."
    ),
    "bad_frame": Explanation(
        "The device could not make sense of the message: sender and device disagree on its layout.",
        "Compare the versions: rumpus version URL",
    ),
}

REASONS = {
    "none": Explanation("The device gave no reason.", "Look at it: rumpus get URL"),
    "no_such_field": Explanation(
        "The device has no such field; its firmware may be older than this program.",
        "Compare the versions: rumpus version URL",
    ),
    "not_fitted": Explanation(
        "This device has no such part, or it is not wired.", "See what it has: rumpus get URL"
    ),
    "read_only": Explanation(
        "The device reports this field; nobody can set it.", "Set another field instead."
    ),
    "wrong_size": Explanation(
        "The value has another number of bytes than the device expects.",
        "Compare the versions: rumpus version URL",
    ),
    "below_range": Explanation("The value is too low for this device.", "Choose a higher one."),
    "above_range": Explanation("The value is too high for this device.", "Choose a lower one."),
    "not_a_step": Explanation("The value lies between two steps.", "Choose one of the steps."),
    "field_twice": Explanation("The same field stands twice in one control.", "Name each field once."),
    "truncated": Explanation(
        "The control ended too early: bytes are missing.", "Look at it: rumpus decode HEX"
    ),
    "door_open": Explanation("The door is open.", "Close the door and try again."),
    "remote_disabled": Explanation(
        "Remote operation is switched off; opening the door switches it off too.",
        "Press the remote key at the appliance, then try again.",
    ),
    "fault": Explanation(
        "A fault is active, and the appliance must not do this until it is gone.",
        "See the alarms: rumpus get URL",
    ),
    "busy": Explanation(
        "The appliance is doing just that, or something that excludes it.", "Wait until it has ended."
    ),
    "minimum_off_time": Explanation(
        "The compressor has to rest for some minutes after it was switched off.",
        "Try again in a few minutes.",
    ),
    "child_lock": Explanation("The child lock is on.", "Switch it off first: rumpus set URL child_lock=off"),
    "powered_off": Explanation(
        "The appliance, or the part of it that is meant, is switched off.",
        "Switch it on first, or in the same command.",
    ),
    "not_running": Explanation("Nothing is running that this could act on.", "Start it first."),
    "not_paused": Explanation("It is not paused.", "Pause it first: rumpus set URL operation=pause"),
    "nothing_to_cook": Explanation(
        "There is nothing to cook yet: the cook time, the menu or its weight is missing.",
        "Give it in the same command: rumpus set URL cook_time=60 operation=start",
    ),
    "wrong_mode": Explanation(
        "That means nothing in the present mode.", "Change the mode first, or in the same command."
    ),
    "not_for_this_device": Explanation(
        "The message names another device ID.",
        "Connect again: a device says its ID when the connection begins.",
    ),
    "too_many_fields": Explanation(
        "There are more fields in one control than it may have.", "Send fewer at once."
    ),
    "surplus_bytes": Explanation(
        "The control has bytes behind its last field.", "Look at it: rumpus decode HEX"
    ),
}

_SENSOR = "Check the sensor's plug and wires, then measure the sensor itself."
_FAN = "Switch the appliance off and look for what blocks the fan; then check its plug."

_MEMORY = Explanation(
    "Settings or events could not be stored, or what was stored is damaged; then defaults are used.",
    "Set it up again. If it comes again, the file system is full or the memory is worn.",
)

_WATER_HEATER = {
    "leakage_current": Explanation(
        "Current leaks to earth: the sheath of an element is probably broken. Heating is off.",
        f"Touch no metal of the tank; switch it off at the breaker, have the element replaced. {_LOCAL}",
    ),
    "dry_heating": Explanation(
        "An element was hot without water around it: it warmed too fast or not at all. Heating is off.",
        f"Check that the tank is full and the inlet open before it is switched on again. {_LOCAL}",
    ),
    "over_temperature": Explanation(
        "The water is far hotter than any set point: a sensor or contact may have failed. Heating is off.",
        f"Do not draw hot water, it scalds. Let it cool and have contacts and sensors checked. {_LOCAL}",
    ),
    "temperature_sensor": Explanation(
        "A temperature sensor is open, shorted, jumping, or two are swapped. Heating is off.", _SENSOR
    ),
    "no_hot_water": Explanation(
        "The hot water has run out: more was drawn than the heater could follow.",
        "Wait until it has heated again; rumpus get URL shows heating_time_left.",
    ),
    "water_leak": Explanation(
        "The leak sensor is wet: water is escaping. Heating is off, as the tank may run dry.",
        f"Close the water inlet and look for the leak. {_LOCAL}",
    ),
    "freezing": Explanation(
        "Water in the tank or its inlet is close to freezing, or has frozen.",
        "Warm the room. Ice must thaw from outside; do not heat a frozen tank.",
    ),
    "heating_element": Explanation(
        "An element draws no current when switched on, or draws some when switched off: it is burnt out, "
        "the thermal cut-out has opened, or a contact is welded.",
        f"Switch it off at the breaker and have element, cut-out and contacts measured. {_LOCAL}",
    ),
    "internal_communication": Explanation(
        "A part that watches over the heating does not answer, or the control loop was away too long. "
        "Heating is off.",
        "Check the plugs of the meters and switches; if it stays, restart the device.",
    ),
    "maintenance_due": Explanation(
        "It has heated as much as is allowed between two inspections.",
        "Have the anode looked at and the scale removed.",
    ),
    "eeprom": _MEMORY,
}

_AIR_CONDITIONER = {
    "room_sensor": Explanation(
        "The room temperature sensor is open, shorted or silent; it cannot regulate.", _SENSOR
    ),
    "indoor_coil_sensor": Explanation(
        "The sensor of the indoor coil is open, shorted or silent; a freezing coil would go unseen.", _SENSOR
    ),
    "outdoor_ambient_sensor": Explanation(
        "The outdoor temperature sensor is open, shorted or silent.", _SENSOR
    ),
    "outdoor_coil_sensor": Explanation(
        "The sensor of the outdoor coil is open, shorted or silent; defrosting goes by time alone.", _SENSOR
    ),
    "discharge_sensor": Explanation(
        "The discharge pipe's sensor is open, shorted or silent; overheating would go unseen.",
        _SENSOR,
    ),
    "indoor_outdoor_link": Explanation(
        "Indoor and outdoor unit do not hear each other.",
        "Check the outdoor unit's mains and the signal wire.",
    ),
    "indoor_fan": Explanation("The indoor fan does not turn.", _FAN),
    "outdoor_fan": Explanation("The outdoor fan does not turn.", _FAN),
    "compressor_failure": Explanation(
        "The compressor does not start or overheats.",
        "Leave it off for half an hour. If it comes again, a technician has to look at it.",
    ),
    "over_current": Explanation(
        "The unit draws more current than it may: a blocked compressor, or outdoor air that is too hot.",
        "Free the outdoor unit's air, let it rest, and have it measured if it comes again.",
    ),
    "supply_voltage": Explanation("The mains voltage is too low or too high.", "Have the supply measured."),
    "refrigerant_pressure": Explanation(
        "The refrigerant's pressure is outside its limits: a leak, or air that cannot pass.",
        "Clean filter and coils. If it stays, a technician has to look for a leak.",
    ),
    "freeze_protection": Explanation(
        "The indoor coil is about to freeze; the compressor rests until it has thawed.",
        "Clean the filter and let more air through: rumpus set URL fan_speed=high",
    ),
    "water_full": Explanation(
        "The condensate tray is full; cooling has stopped.",
        "Empty the tray, or clear the drain and check its pump.",
    ),
    "eeprom": _MEMORY,
    "filter_reminder": Explanation(
        "The air filter is due for cleaning.", "Clean it and press the filter key."
    ),
}

_DOOR = "Close the door; if it is closed, check its seal and switch."

_REFRIGERATOR = {
    "fridge_door": Explanation("The refrigerator door has been open for too long.", _DOOR),
    "freezer_door": Explanation("The freezer door has been open for too long.", _DOOR),
    "bar_door": Explanation("The bar door has been open for too long.", _DOOR),
    "variable_door": Explanation("The door of the variable compartment has been open for too long.", _DOOR),
    "fridge_sensor": Explanation(
        "The refrigerator's sensor is open, shorted or silent; it is cooled by a fixed rhythm.",
        _SENSOR,
    ),
    "freezer_sensor": Explanation(
        "The freezer's sensor is open, shorted, silent or swapped; it is cooled by a fixed rhythm.",
        _SENSOR,
    ),
    "variable_sensor": Explanation(
        "The variable compartment's sensor is open, shorted or silent; it is cooled by a fixed rhythm.",
        _SENSOR,
    ),
    "defrost_sensor": Explanation(
        "The evaporator's sensor is open, shorted or silent; the defrost heater stays off.", _SENSOR
    ),
    "ambient_sensor": Explanation("The sensor of the room temperature is open, shorted or silent.", _SENSOR),
    "freezer_over_temperature": Explanation(
        "The freezer has been too warm for a long time; food may have thawed.",
        "Check the food and the door. Has the compressor been running? rumpus get URL",
    ),
    "fan": Explanation("The fan inside does not turn, or is held by ice.", _FAN),
    "compressor_failure": Explanation(
        "The compressor does not start, draws too much, or runs although switched off.",
        f"Move the food. Switch it off for half an hour; if it comes again, it needs a technician. {_LOCAL}",
    ),
    "defrost_system": Explanation(
        "Defrosting took too long or became too warm; the heater is off.",
        "Look for thick ice behind the freezer's back wall; have heater and sensor measured.",
    ),
    "internal_communication": Explanation(
        "A sensor on the bus does not answer.", "Check the plug of the sensors."
    ),
    "ice_maker": Explanation(
        "The ice maker does not move, has no water, or its valve was open too long.",
        f"Fill the water tank and free the tray. {_LOCAL}",
    ),
    "eeprom": _MEMORY,
}

_MICROWAVE_OVEN = {
    "door_latch": Explanation(
        "The door switches contradict each other or the latch does not hold; cooking is blocked.",
        f"Do not use the oven: a bad door lets microwaves out. It needs a technician. {_LOCAL}",
    ),
    "temperature_sensor_open": Explanation(
        "The cavity's temperature sensor is open; cooking is blocked.", _SENSOR
    ),
    "temperature_sensor_short": Explanation(
        "The cavity's temperature sensor is shorted; cooking is blocked.", _SENSOR
    ),
    "over_temperature": Explanation(
        "The cavity is too hot: food may burn, or the fan fails. Heating is off.",
        f"Keep the door closed until it has cooled, then look for burning food. {_LOCAL}",
    ),
    "magnetron": Explanation(
        "The magnetron takes no current when it should, or takes some when it should not.",
        f"Pull the plug. The high voltage inside is deadly: this needs a technician. {_LOCAL}",
    ),
    "internal_communication": Explanation(
        "A part inside does not answer, or the control loop was away too long. Heating is off.",
        "Pull the plug for a minute; if it stays, check the plugs inside.",
    ),
    "fan": Explanation("The cooling fan does not turn; heating is off.", _FAN),
    "gas_sensor": Explanation(
        "The gas or humidity sensor fails; menus that need it cook by time.",
        "Clean the sensor's opening and check it.",
    ),
    "keypad": Explanation("A key of the keypad is stuck.", "Free or clean the key."),
    "water_shortage": Explanation("The water tank for steam is empty.", "Fill the tank."),
    "tank_out": Explanation(
        "The water tank for steam is not in its place.", "Push the tank in until it clicks."
    ),
    "cooking_finished": Explanation("The food is ready.", "Open the door."),
    "eeprom": _MEMORY,
}

ALARMS = {
    "water_heater": _WATER_HEATER,
    "air_conditioner": _AIR_CONDITIONER,
    "refrigerator": _REFRIGERATOR,
    "microwave_oven": _MICROWAVE_OVEN,
}

# What a DecodeError's code means.
DAMAGE = {
    "truncated": Explanation("the bytes end too early", "Was something cut off when it was copied?"),
    "version": Explanation(
        "this is another protocol version than ours, or no such message", "Try another --channel."
    ),
    "body_too_long": Explanation(
        "the header promises a longer body than any message has", "Try another --channel."
    ),
    "body_length": Explanation(
        "the header's body length does not fit the bytes that follow",
        "Was something cut off, or two messages joined?",
    ),
    "unknown_type": Explanation(
        "the device ID names no appliance type that we know, and its fields depend on the type",
        "Was the beginning of the message cut off?",
    ),
    "unknown_message": Explanation("there is no message of this number", "Try another --channel."),
    "unknown_field": Explanation(
        "the presence bitmap names a field that the table does not have",
        "The sender's table may be newer than ours.",
    ),
    "unknown_result": Explanation(
        "the result or the reason is none of ours", "The sender's table may be newer than ours."
    ),
    "out_of_range": Explanation("the value is outside of its row's range", "A device must never send this."),
    "surplus_bytes": Explanation(
        "there are bytes behind the end of the message", "Were two messages joined?"
    ),
    "not_utf8": Explanation("the text is not UTF-8", "A device must never send this."),
    "crc": Explanation(
        "it looks like a frame of the serial link, but COBS or CRC-32 do not fit: a byte is wrong or lost",
        "Capture it again; a frame is dropped by the receiver in this case.",
    ),
    "length": Explanation(
        "the header's Length does not fit the bytes that are here",
        "Was something cut off, or two packets joined? A long packet comes over a stream in several pieces.",
    ),
    "no_header": Explanation("the bytes end before it is known who sent them", "Was something cut off?"),
    "payload_cut": Explanation(
        "the header's Length promises more than the bytes that are here", "Was something cut off?"
    ),
    "no_payload": Explanation(
        "the message has no body, and its type needs one", "A device must never send this."
    ),
    "source": Explanation("nobody can be the source: all zero, or all FF", "A sender puts its own ID there."),
    "our_own": Explanation("source and destination are the same", "A node never sends to itself."),
    "transaction": Explanation("the TransactionID is zero", "A sender takes a new one for each transaction."),
    "payload_type": Explanation("the payload is not binary", "XML is not supported (D41)."),
    "encoding": Explanation(
        "the texts are neither UTF-8 nor ASCII", "UNICODE and UTF-16 are not supported (D40)."
    ),
    "destination": Explanation(
        "this message must name its device: it may not go to everybody, or to an unknown ID",
        "Only discovery, advertisement and events may; information and registration to an unknown ID (D49).",
    ),
    "keyword": Explanation(
        "a keyword is none of those that its field takes", "Keywords are compared letter by letter, case too."
    ),
    "seal": Explanation(
        "the tag does not fit: the sender has another key, or a byte was changed", "Open a new session."
    ),
    "replay": Explanation(
        "a sealed packet was repeated, left out or came in another order", "Open a new session."
    ),
    "channel": Explanation(
        "a sealed packet carries remote access, and no other channel", "A controller must never send this."
    ),
    "unknown_channel": Explanation(
        "no channel has this number", "The first byte of a packet is its channel."
    ),
}


def explain_alarm(type_name: str, alarm: str) -> Explanation:
    """The sentences of an alarm; a general one for a bit that our table does not have."""
    unknown = Explanation(
        "An alarm that this program does not know.",
        "A newer version of this program may know it; yours: rumpus --version",
    )
    return ALARMS.get(type_name, {}).get(alarm, unknown)


def explain_refusal(type_name: str, result: int, field_id: int, reason: int) -> Refusal:
    """The names and sentences of a refused control."""
    result_name = _name(results.RESULTS, result)
    reason_name = _name(results.REASONS, reason)
    field = by_id(type_name, field_id) if field_id else None
    name = field.name if field else f"field_{field_id}" if field_id else None
    explained = REASONS.get(reason_name) if reason else RESULTS.get(result_name)
    if explained is None:
        later = f"The device refused with result {result}, reason {reason}, which this program does not know."
        explained = Explanation(later, "A newer version of this program may know it; yours: rumpus --version")
    sentence = f"{name}: {explained.sentence}" if name else explained.sentence
    next_step = explained.next
    if field and reason_name in ("below_range", "above_range", "not_a_step"):
        next_step = f"{next_step} The table allows {range_text(field)}; this device may allow less."
    return Refusal(result_name, name, reason_name, sentence, next_step)


def reason_name(reason: int) -> str:
    """The name of a reason in results.py."""
    return _name(results.REASONS, reason)


def _name(rows: tuple, value: int) -> str:
    for row in rows:
        if row[0] == value:
            return row[1]
    return f"number_{value}"
