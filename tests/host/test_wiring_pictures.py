"""The wiring pictures: what is connected is connected, and nothing lies on anything else."""

import random
import re
import xml.etree.ElementTree as ElementTree
from collections import defaultdict

import pytest

from rumpus_host.boards import check, load, loads, switching
from rumpus_host.boards.picture import draw, plan
from rumpus_host.boards.picture.scene import Box, Scene, Wire, text_width, wrap

# (board, name of a wiring): an appliance, or another way to wire one.
OFFERED = [
    (board, wiring)
    for board in load.board_names()
    for wiring in load.wirings_on(board)
    if load.board(board).header
]


def scene_of(name: str, wiring: str) -> Scene:
    board = load.board(name)
    return draw.scene_of(board, load.type_of(wiring), load.wiring(board, wiring))


def segments(wire: Wire):
    return zip(wire.points, wire.points[1:], strict=False)


def covered(one, other) -> Box:
    (x1, y1), (x2, y2) = one, other
    return Box(min(x1, x2), min(y1, y2), abs(x1 - x2) + 0.01, abs(y1 - y2) + 0.01)


def faults_of(scene: Scene) -> list[tuple]:
    """All that lies where it should not."""
    faults: list[tuple] = []
    for i, text in enumerate(scene.texts):
        faults += [
            ("texts", text.words, other.words)
            for other in scene.texts[i + 1 :]
            if text.box.overlaps(other.box)
        ]
        if text.box.x < 0 or text.box.right > scene.width or text.box.bottom > scene.height:
            faults.append(("outside", text.words))
    lines = [(wire.net, one, other) for wire in scene.wires for one, other in segments(wire)]
    for net, one, other in lines:
        area = covered(one, other)
        faults += [("wire over text", net, text.words) for text in scene.texts if text.box.overlaps(area)]
        for box in scene.boxes:
            inside = Box(box.x + 2, box.y + 2, box.width - 4, box.height - 4)
            if inside.overlaps(area):
                faults.append(("wire through part", net, box))
    for i, (net, one, other) in enumerate(lines):
        for net_2, one_2, other_2 in lines[i + 1 :]:
            if net != net_2 and lie_on_each_other(one, other, one_2, other_2):
                faults.append(("on each other", net, net_2, one))
    return faults


def lie_on_each_other(a, b, c, d) -> bool:
    for axis, along in ((0, 1), (1, 0)):
        if a[axis] == b[axis] == c[axis] == d[axis]:
            low = max(min(a[along], b[along]), min(c[along], d[along]))
            high = min(max(a[along], b[along]), max(c[along], d[along]))
            return low < high - 0.1
    return False


def pieces_of(scene: Scene, net: str) -> list[list[Wire]]:
    """The wires of a net in groups that touch."""
    groups: list[list[Wire]] = []
    for wire in [wire for wire in scene.wires if wire.net == net]:
        touching = [group for group in groups if any(touch(wire, other) for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([wire, *(other for group in touching for other in group)])
    return groups


def touch(one: Wire, other: Wire) -> bool:
    """Does an end or corner of one lie on the other?"""
    return any(lies_on(point, other) for point in one.points) or any(
        lies_on(point, one) for point in other.points
    )


def lies_on(point, wire: Wire) -> bool:
    x, y = point
    for a, b in segments(wire):
        area = covered(a, b)
        if area.x - 0.6 <= x <= area.right + 0.6 and area.y - 0.6 <= y <= area.bottom + 0.6:
            return True
    return False


# --- every picture -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "wiring"), OFFERED)
def test_nothing_lies_on_anything_else(name: str, wiring: str):
    assert faults_of(scene_of(name, wiring)) == []


@pytest.mark.parametrize(("name", "wiring"), OFFERED)
def test_every_net_is_one_piece(name: str, wiring: str):
    """A rail that is not joined to its pin, or a load that is not joined to N, would be two pieces."""
    appliance = load.type_of(wiring)
    scene = scene_of(name, wiring)
    for net in {wire.net for wire in scene.wires} - {"legend", "PE"}:
        # A protective part stands between two pieces of the net that it protects; N passes through the RCD.
        pieces = {
            "L": 1 + len(loads.SUPPLY_CHAIN[appliance]),
            "H": len(loads.HEAT_CHAIN[appliance]),
            "N": 2,
            **{f"load {row[0]}": 1 + len(row[8]) for row in loads.LOADS[appliance]},
        }
        found = pieces_of(scene, net)
        if net in ("GND", "3V3", "5V"):  # pieces that the board joins, each at a pin of its own
            edges = {plan.BOARD_X, plan.BOARD_RIGHT}
            for piece in found:
                assert any(x in edges for wire in piece for x, _y in wire.points), net
        else:
            assert len(found) == pieces.get(net, 1), net


@pytest.mark.parametrize(("name", "wiring"), OFFERED)
def test_every_cable_goes_from_its_part_to_its_pin(name: str, wiring: str):
    appliance = load.type_of(wiring)
    board = load.board(name)
    rows = load.wiring(board, wiring)
    where = plan.make(board, appliance, rows, {}, {})
    scene = scene_of(name, wiring)
    ends = defaultdict(set)
    for wire in scene.wires:
        ends[wire.net] |= {wire.points[0], wire.points[-1]}
    drawn = [(net, pin) for part in where.inputs for net, pin in zip(part.nets, part.pins, strict=True)]
    drawn += [(channel.load.role, channel.pin) for channel in where.channels]
    assert {pin.id for _net, pin in drawn} == {pin for row in rows for pin in check.pins_of(row[2])}
    for net, pin in drawn:
        found = where.pin_at(pin.printed)
        assert found
        side, y = found
        edge = plan.BOARD_X if side == "left" else plan.BOARD_RIGHT
        assert (edge, y) in ends[net]
        assert {x for x, _y in ends[net]} & {plan.PARTS_RIGHT, plan.UNITS_X}


@pytest.mark.parametrize(("name", "wiring"), OFFERED)
def test_the_rails_are_fed_by_the_right_pins(name: str, wiring: str):
    """GND, 3V3 and 5V touch the board at pins of these names and at no others."""
    appliance = load.type_of(wiring)
    board = load.board(name)
    where = plan.make(board, appliance, load.wiring(board, wiring), {}, {})
    scene = scene_of(name, wiring)
    names = {
        "GND": {"GND", "AGND"},
        "3V3": {"3V3"},
        "5V": {board.power if board.power != "own supply" else "5V"},
    }
    for net, allowed in names.items():
        fed = False
        for wire in scene.wires:
            for x, y in (wire.points[0], wire.points[-1]):
                if wire.net == net and x in (plan.BOARD_X, plan.BOARD_RIGHT):
                    row = where.left if x == plan.BOARD_X else where.right
                    assert row[round((y - where.pin_y(0)) / plan.PITCH)] in allowed
                    fed = True
        assert fed or not any(wire.net == net for wire in scene.wires), net


@pytest.mark.parametrize(("name", "wiring"), OFFERED)
def test_the_picture_says_what_it_must(name: str, wiring: str):
    appliance = load.type_of(wiring)
    board = load.board(name)
    rows = load.wiring(board, wiring)
    svg = draw.svg(board, appliance, rows)
    words = " ".join("".join(node.itertext()) for node in ElementTree.fromstring(svg).iter() if node.text)
    if wiring == "air_conditioner_ir":
        assert "NO MAINS IN THIS WIRING" in words and "33 Ω" in words and "DANGER" not in words
    else:
        assert "DANGER OF DEATH" in words and "RCD 30 mA" in words
        for part in (*loads.SUPPLY_CHAIN[appliance], *loads.HEAT_CHAIN[appliance]):
            assert part in words
    for one in switching.switched(board, appliance, rows):
        for part in one.in_line:
            assert part.split()[0] in words
    for _role, driver, _pin, option in rows:
        if driver == "ntc":
            assert f"{option[2] / 1000:g} kΩ 1 %" in words
    if appliance == "microwave_oven":
        assert "DEADLY" in words and "capacitor stays charged" in words


@pytest.mark.parametrize(("name", "wiring"), OFFERED)
def test_a_picture_is_small_and_the_same_every_time(name: str, wiring: str):
    appliance = load.type_of(wiring)
    board = load.board(name)
    rows = load.wiring(board, wiring)
    svg = draw.svg(board, appliance, rows)
    assert svg == draw.svg(board, appliance, rows)
    assert len(svg) < 100_000
    assert not re.search(r"20[2-9]\d-\d\d", svg)


@pytest.mark.parametrize(("name", "wiring"), OFFERED)
def test_no_cable_crosses_the_barrier(name: str, wiring: str):
    """Low voltage stays left of the mains side, and mains stays right of it."""
    scene = scene_of(name, wiring)
    mains = {"L", "H", "S", "N", "PE"}
    for wire in scene.wires:
        if wire.net == "legend":
            continue
        is_mains = wire.net in mains or wire.net.startswith(("load ", "coil "))
        for x, _y in wire.points:
            assert x > plan.BARRIER if is_mains else x < plan.BARRIER, wire


def test_heat_is_behind_the_chain_and_the_main_contactor():
    """The microwave oven's transformer hangs on S, which only the main contactor feeds, which hangs on H."""
    board = load.board("esp32_devkitc")
    scene = scene_of("esp32_devkitc", "microwave_oven")
    (switched,) = pieces_of(scene, "S")
    main_out = [wire for wire in switched if len(wire.points) > 2]
    assert len(main_out) == 1  # from the main contactor's terminal 2
    start = main_out[0].points[0]
    in_y = {wire.points[-1][1] for wire in scene.wires if wire.net == "H" and len(wire.points) == 2}
    assert start[1] in in_y  # its terminal 1, at the same height, hangs on H
    fed = [one for one in switching.switched(board, "microwave_oven", load.wiring(board, "microwave_oven"))]
    behind = [one for one in fed if one.is_behind_main]
    assert {one.role for one in behind} == {"magnetron", "grill"}


def test_without_a_main_relay_heat_hangs_on_the_chain():
    scene = scene_of("esp32_c3_devkitm", "air_conditioner")
    nets = {wire.net for wire in scene.wires}
    assert "S" not in nets and "H" in nets


# --- wirings of all kinds ------------------------------------------------------------------------------------


def shuffled(name: str, wiring: str, seed: int) -> tuple:
    """A wiring that passes, with its parts at other pins."""
    board, appliance = load.board(name), load.type_of(wiring)
    dice = random.Random(seed)
    rows = list(load.wiring(board, wiring))
    for i in range(len(rows)):
        role, driver, old, option = rows[i]
        for pin in dice.sample(board.pins, len(board.pins)):
            rows[i] = (role, driver, pin.id, option)
            if "/" in old:  # a bus that others may be on as well stays where it is
                rows[i] = (role, driver, old, option)
            if not check.check(board, appliance, rows):
                break
        else:
            rows[i] = (role, driver, old, option)
    return tuple(rows)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("name", "wiring"), OFFERED)
def test_pins_in_any_order_give_a_picture_without_faults(name: str, wiring: str, seed: int):
    appliance = load.type_of(wiring)
    rows = shuffled(name, wiring, seed)
    assert faults_of(draw.scene_of(load.board(name), appliance, rows)) == []


def test_other_loads_and_switches_are_drawn():
    board = load.board("esp32_devkitc")
    rows = load.wiring(board, "refrigerator")
    amperes, switches = {"compressor": 8}, {"compressor": "contactor", "light": "ssr"}
    assert check.check(board, "refrigerator", rows, None, amperes, switches) == []
    scene = draw.scene_of(board, "refrigerator", rows, amperes, switches)
    assert faults_of(scene) == []
    assert any("contactor" in text.words for text in scene.texts)
    assert any("Solid-state" in text.words for text in scene.texts)


@pytest.mark.parametrize(
    ("role", "row"),
    [
        ("room_temperature", ("sht3x", "IO27/IO14", ("temperature",))),
        ("room_temperature", ("ds18b20", "IO13", ())),
        ("room_humidity", ("analog_in", "IO39", (0, 100))),
        ("louver_vertical", ("pwm_out", "IO13", ("active_high",))),
    ],
)
def test_parts_that_no_default_wiring_has_are_drawn(role: str, row: tuple):
    board = load.board("esp32_devkitc")
    gone = (role, "discharge_temperature", "filter_key")
    rows = tuple(old for old in load.wiring(board, "air_conditioner") if old[0] not in gone)
    rows = (*rows, (role, *row))
    assert check.check(board, "air_conditioner", rows) == []
    assert faults_of(draw.scene_of(board, "air_conditioner", rows)) == []


def test_a_board_without_pins_cannot_be_drawn():
    board = load.board("virtual")
    with pytest.raises(draw.CannotDraw, match="nothing to draw"):
        draw.svg(board, "water_heater", load.wiring(board, "water_heater"))


# --- the scene -------------------------------------------------------------------------------------------------


def test_text_is_wrapped_to_a_width():
    lines = wrap("one two three four five six", 10, 60)
    assert " ".join(lines) == "one two three four five six"
    assert len(lines) > 1
    assert all(text_width(line, 10) <= 60 for line in lines)


def test_words_are_escaped():
    scene = Scene(100)
    scene.text(1, 1, "a < b & c")
    assert "a &lt; b &amp; c" in scene.svg("<title>")
