"""Below the drawing: which colour is what, what to buy, what to mind."""

from collections import Counter

from ..loads import NOTES, NOTES_INFRARED
from ..switching import Switched
from ..words import part_of
from . import colours
from .plan import Plan
from .scene import Box, Scene, wrap

_SIZE = 11
_LEGEND_X, _PARTS_X, _NOTES_X = 38, 330, 800


def draw(scene: Scene, plan: Plan, top: float) -> float:
    """Returns where the notes end."""
    scene.line([(24, top), (scene.width - 24, top)], "#90a4ae", 1)
    bottoms = (_legend(scene, plan, top + 24), _parts(scene, plan, top + 24), _notes(scene, plan, top + 24))
    return max(bottoms)


def _legend(scene: Scene, plan: Plan, y: float) -> float:
    scene.text(_LEGEND_X, y, "Colours", 13, is_bold=True)
    rows = (
        (colours.GND, "GND"),
        (colours.V3, "3V3, 3.3 V"),
        (colours.V5, "5 V"),
        ("#7b1fa2", "any other colour: cable to a pin"),
        (colours.TRACK, "dashed: track of the board, no cable"),
    )
    mains = (
        (colours.LINE, "L, always live"),
        (colours.SWITCHED, "L, switched or behind a cut-out"),
        (colours.NEUTRAL, "N"),
        (colours.EARTH, "PE, to every part of metal"),
    )
    for colour, words in rows + (mains if plan.has_mains else ()):
        y += 19
        scene.wire("legend", [(_LEGEND_X, y - 4), (_LEGEND_X + 34, y - 4)], colour, 3)
        scene.text(_LEGEND_X + 44, y, words, _SIZE)
    y += 19
    scene.wire("legend", [(_LEGEND_X, y - 4), (_LEGEND_X + 34, y - 4)], colours.GND, 1.6)
    scene.rect(Box(_LEGEND_X + 11, y - 8, 12, 8), "#ffffff", layer="box", radius=1)
    scene.text(_LEGEND_X + 44, y, "10 kΩ from an output cable to GND", _SIZE)
    for fill, words in (("#ffccbc", "pin with another duty: keep off"), ("#cfd8dc", "free pin")):
        y += 19
        scene.rect(Box(_LEGEND_X + 10, y - 11, 14, 14), fill, layer="symbol", radius=2)
        scene.text(_LEGEND_X + 44, y, words, _SIZE)
    return y + 16


def _parts(scene: Scene, plan: Plan, y: float) -> float:
    scene.text(_PARTS_X, y, "Parts", 13, is_bold=True)
    y += 19
    for words in parts_list(plan):
        y = scene.lines(_PARTS_X, y, wrap(words, _SIZE, _NOTES_X - _PARTS_X - 30), _SIZE)
        y += 3
    return y


def parts_list(plan: Plan) -> list[str]:
    """What to buy, with numbers."""
    counts: Counter[str] = Counter()
    counts[plan.board.title] += 1
    for part in plan.inputs:
        counts[part_of(part.row)] += 1
        if part.shape.endswith("pull_up"):
            counts["resistor 4.7 kΩ"] += 1
    loads = [channel.load for channel in plan.channels]
    relays = [one for one in loads if one.driven_by.name == "relay_module"]
    if relays:
        counts[f"relay module, {len(relays)} channels or more, set to high-level trigger (H)"] += 1
    counts.update(
        _bought(channel.load)
        for channel in plan.channels
        if channel.load.switch.kind != "mechanical"
        and not (channel.pin.on_board and channel.load.switch.name == "led")
    )
    held = [
        channel
        for channel in plan.channels
        if channel.is_active_high and not channel.pin.on_board and channel.load.switch.name != "led"
    ]
    if held:
        counts["resistor 10 kΩ, from an output cable to GND"] += len(held)
    if any(one.switch.name == "ir_led" for one in loads):
        counts["transistor BC337 or 2N2222, with 1 kΩ at its base"] += 1
    if not plan.has_mains:
        counts["USB charger 5 V, 1 A, and a cable"] += 1
    elif plan.board.power != "own supply":
        counts["supply 230 V~ to 5 V, 1 A, isolated"] += 1
    return [f"{count} × {words}" for words, count in counts.items()]


def _bought(one: Switched) -> str:
    return one.switch.words


def _notes(scene: Scene, plan: Plan, y: float) -> float:
    scene.text(_NOTES_X, y, "Mind", 13, is_bold=True)
    y += 19
    for i, words in enumerate(notes_for(plan), 1):
        scene.text(_NOTES_X, y, f"{i}.", _SIZE, is_bold=True)
        y = scene.lines(_NOTES_X + 24, y, wrap(words, _SIZE, scene.width - _NOTES_X - 70), _SIZE)
        y += 3
    return y


def notes_for(plan: Plan) -> list[str]:
    board = plan.board
    mains = [
        "Pull the plug and measure before you touch anything. Mains wiring is to be done or checked by an electrician; "
        "keep 8 mm between mains and low voltage, and each in cables of its own.",
        "Until the chip has started its pins float: the 10 kΩ from each output cable to GND keep the loads off. "
        "Relays close their NO contact; NC stays free.",
    ]
    notes = mains if plan.has_mains else []
    if any("factory_function" in pin.warnings for channel in plan.channels for pin in (channel.pin,)):
        notes.append(
            "FIRST set G0 to G3 to GPIO input in the chip's flash (see the board's README): as bought they are "
            "outputs for LEDs and would switch the relays. The pins keep their level when the program stops: for "
            "the bench, under your eyes."
        )
    elif "blinka" in board.runtimes:
        notes.append(
            "The pins keep their level when the program or Linux stops, and no watchdog resets them: for the "
            "bench, under your eyes."
        )
    if not board.in_order:
        notes.append("The order of the pins on the board is another one: go by the printed names.")
    if any(part.row[1] == "ntc" for part in plan.inputs):
        notes.append("Divider resistors 1 %, metal film; 100 nF from each ADC pin to GND, next to the board.")
    if plan.has_mains and any(part.row[1] == "current_sensor" for part in plan.inputs):
        notes.append(
            "A current transformer is put round one wire, L; one for leakage round L and N together. Their stage is on "
            "the low-voltage side."
        )
    if any(part.row[1] == "flow_meter" for part in plan.inputs):
        notes.append("Pulse outputs must be open collectors without a pull-up to 5 V: the pin stands 3.3 V.")
    if any(channel.load.load_kind == "inductive" and channel.load.is_mains for channel in plan.channels):
        notes.append(
            "Across each motor, valve coil and transformer: an RC snubber for mains, 100 Ω with 100 nF X2, or its "
            "switching disturbs the board."
        )
    if board.power != "own supply" and plan.has_mains:
        notes.append(
            f"USB and the 5 V supply at the pin {board.power} are never plugged in together: take the supply off "
            "to flash."
        )
    return [*notes, *(NOTES[plan.appliance] if plan.has_mains else NOTES_INFRARED)]
