"""Boards as data: the literals are true to the firmware, every default wiring passes, every mistake is refused."""

import ast
import importlib
import importlib.util
import json
from pathlib import Path

import pytest

from rumpus import panel
from rumpus.hal import names
from rumpus.wiring import PANEL, Wiring
from rumpus_host import fields
from rumpus_host.bench.repository import BOARDS
from rumpus_host.boards import check, load, loads, readme, roles, switching, table
from rumpus_host.cli import main as cli

BOARD_NAMES = load.board_names()
# (board, name of a wiring): an appliance, or another way to wire one.
OFFERED = [(board, wiring) for board in BOARD_NAMES for wiring in load.wirings_on(board)]
CAN = {"digital_in", "digital_out", "signal_out", "pull_up", "pwm", "counter", "adc", "i2c", "onewire", "ir"}
WARNINGS = {
    "strapping",
    "input_only",
    "flash_psram",
    "usb",
    "console",
    "adc2",
    "eeprom",
    "factory_function",
}
POWER = {
    "3V3",
    "5V",
    "GND",
    "EN",
    "RST",
    "AREF",
    "BAT",
    "USB",
    "VBUS",
    "VSYS",
    "3V3_EN",
    "ADC_VREF",
    "AGND",
    "RUN",
}


def appliance_class(name: str):
    module = importlib.import_module(f"rumpus.appliances.{name}.appliance")
    return getattr(module, "".join(word.capitalize() for word in name.split("_")))


# --- the literals -------------------------------------------------------------------------------------


def test_the_boards_of_the_plan_are_there():
    assert set(BOARD_NAMES) == {
        "esp32_devkitc",
        "esp32_s3_devkitc",
        "esp32_c3_devkitm",
        "lc_relay_esp32_4ch",
        "adafruit_feather_esp32s3",
        "raspberry_pi_pico_w",
        "raspberry_pi_blinka",
        "mcp2221a_blinka",
        "virtual",
    }


@pytest.mark.parametrize(
    "path", sorted(BOARDS.glob("*/*.py")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_a_board_is_nothing_but_literals(path: Path):
    docstring, *rest = ast.parse(path.read_text(encoding="utf-8")).body
    assert isinstance(docstring, ast.Expr)
    for node in rest:
        assert isinstance(node, ast.Assign)
        ast.literal_eval(node.value)


@pytest.mark.parametrize("name", BOARD_NAMES)
def test_the_pins_of_a_board_are_told_in_known_words(name: str):
    board = load.board(name)
    assert board.name == name
    assert len({pin.id for pin in board.pins}) == len(board.pins)
    for pin in board.pins:
        assert set(pin.can) <= CAN
        assert set(pin.warnings) <= WARNINGS
        assert pin.at_reset in ("float", "pull_up", "pull_down", "pulse")
        if "input_only" in pin.warnings:
            assert not {"digital_out", "pwm", "pull_up"} & set(pin.can)


@pytest.mark.parametrize("name", [name for name in BOARD_NAMES if name != "virtual"])
def test_the_header_has_each_pin_once(name: str):
    board = load.board(name)
    in_header = [printed for row in board.header for printed in row if printed and printed not in POWER]
    assert sorted(in_header) == sorted(pin.printed for pin in board.pins)
    assert {"GND", "3V3"} <= {printed for row in board.header for printed in row}
    assert board.power == "own supply" or board.power in {printed for row in board.header for printed in row}


@pytest.mark.parametrize("name", BOARD_NAMES)
def test_each_appliance_is_carried_or_refused_with_a_reason(name: str):
    board = load.board(name)
    refused = dict(board.not_offered)
    assert set(refused) | set(load.appliances_on(name)) == set(fields.TYPES)
    assert not set(refused) & set(load.appliances_on(name))
    for why in refused.values():
        assert len(why) > 20


# ADC1, ADC2, input only, strapping: from the chips' documents, written here once more.
CHIPS = {
    "esp32": (
        {36, 39, 34, 35, 32, 33},
        {0, 2, 4, 12, 13, 14, 15, 25, 26, 27},
        {34, 35, 36, 39},
        {0, 2, 5, 12, 15},
    ),
    "esp32s3": (set(range(1, 11)), set(range(11, 21)), set(), {0, 3, 45, 46}),
    "esp32c3": ({0, 1, 2, 3, 4}, {5}, set(), {2, 8, 9}),
}


@pytest.mark.parametrize(
    "name", ["esp32_devkitc", "lc_relay_esp32_4ch", "esp32_s3_devkitc", "esp32_c3_devkitm"]
)
def test_the_pins_are_what_the_chip_makes_of_them(name: str):
    board = load.board(name)
    adc1, adc2, input_only, strapping = CHIPS[board.chip]
    for pin in board.pins:
        number = names.number_of(pin.id)
        assert isinstance(number, int)
        if "flash_psram" in pin.warnings and not pin.can:
            continue
        assert ("adc" in pin.can) == (number in adc1 | adc2), pin
        assert ("adc2" in pin.warnings) == (number in adc2), pin
        assert ("input_only" in pin.warnings) == (number in input_only), pin
        assert ("strapping" in pin.warnings) == (number in strapping), pin


def names_in_blinka(module: str) -> set[str]:
    spec = importlib.util.find_spec("adafruit_blinka")
    assert spec and spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0]) / "board" / f"{module}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.targets[0].id for node in tree.body if isinstance(node, ast.Assign)}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "module"),
    [("raspberry_pi_blinka", "raspberrypi/raspi_40pin"), ("mcp2221a_blinka", "microchip_mcp2221")],
)
def test_blinka_knows_the_pins(name: str, module: str):
    assert {pin.id for pin in load.board(name).pins} <= names_in_blinka(module)


# --- the tables of roles and loads ----------------------------------------------------------------------


@pytest.mark.parametrize("appliance", fields.TYPES)
def test_the_roles_are_those_of_the_firmware(appliance: str):
    kinds = {role: kind for role, kind, _words in roles.ROLES[appliance]}
    made = appliance_class(appliance)
    assert sorted(role for role, kind in kinds.items() if kind in roles.INPUT_KINDS) == sorted(made.INPUTS)
    assert sorted(role for role, kind in kinds.items() if kind in roles.OUTPUT_KINDS) == sorted(made.OUTPUTS)
    assert sorted(row[0] for row in loads.LOADS[appliance]) == sorted(made.OUTPUTS)


@pytest.mark.parametrize("appliance", fields.TYPES)
def test_what_is_mandatory_has_a_mandatory_field_or_an_interlock_behind_it(appliance: str):
    mandatory = {field.name for field in fields.fields_of(appliance) if field.is_mandatory}
    rows = importlib.import_module(f"rumpus.appliances.{appliance}.interlocks").ROWS
    known = mandatory | {row[0] for row in rows}
    for any_of, source, _why in roles.MANDATORY[appliance]:
        assert source in known
        assert set(any_of) <= set(check.kinds(appliance))


def test_every_driver_of_a_role_exists_and_every_switch_is_known():
    serving = set(roles.DRIVERS)
    assert serving <= set(load.driver_names())
    assert serving == set(roles.OPTIONS)
    for rows in loads.LOADS.values():
        assert {row[6] for row in rows} <= set(switching.SWITCH)
    assert set(loads.NOTES) == set(loads.HEAT_CHAIN) == set(loads.SUPPLY_CHAIN) == set(fields.TYPES)


# --- default wirings ----------------------------------------------------------------------------------------


def test_the_roles_of_the_device_itself_are_those_of_the_firmware():
    kinds = {role: kind for role, kind, _words in roles.PANEL}
    assert sorted(kinds) == sorted(PANEL)
    assert {role for role, kind in kinds.items() if kind in roles.INPUT_KINDS} == set(panel.INPUTS)
    assert {role for role, kind in kinds.items() if kind in roles.OUTPUT_KINDS} == set(panel.OUTPUTS)
    assert {row[0] for row in loads.PANEL_LOADS} == set(panel.OUTPUTS)


@pytest.mark.parametrize(("name", "wiring"), OFFERED)
def test_every_default_wiring_passes(name: str, wiring: str):
    board = load.board(name)
    assert check.check(board, load.type_of(wiring), load.wiring(board, wiring)) == []


def test_a_wiring_has_the_name_of_its_appliance():
    assert load.type_of("air_conditioner_ir") == load.type_of("air_conditioner") == "air_conditioner"
    with pytest.raises(load.BoardError, match="no wiring of an appliance"):
        load.type_of("airship")
    for board in BOARD_NAMES:
        assert set(load.appliances_on(board)) == {load.type_of(wiring) for wiring in load.wirings_on(board)}


class FakePin:
    """Every kind of pin at once; notes the first level that it was given."""

    def __init__(self) -> None:
        self.levels: list[int] = []
        self.parts: dict = {}

    def write(self, *args):
        self.levels.append(args[0])
        return 0  # nobody acknowledges, on a bus

    def read(self, *_args):
        return 0

    def send(self, _durations):
        raise AssertionError("nothing is sent before the first write")

    def take(self):
        return 0

    def reset(self):
        return 0


class FakeHal:
    def __init__(self) -> None:
        self.pins: dict[str, FakePin] = {}

    def pin(self, _kind: str, name: str) -> FakePin:
        return self.pins.setdefault(name, FakePin())


@pytest.mark.parametrize(("name", "wiring"), OFFERED)
def test_the_firmware_takes_every_default_wiring_and_begins_with_all_off(name: str, wiring: str):
    rows = load.wiring(load.board(name), wiring)
    made = appliance_class(load.type_of(wiring))
    hal = FakeHal()
    Wiring(hal, rows, made.INPUTS, made.OUTPUTS).read([0] * len(made.INPUTS), 100)
    for role, driver, pin, option in rows:
        if driver == "ir_ac":
            assert hal.pins[pin].levels == [], "making it sends nothing"
        elif role in made.OUTPUTS or role in panel.OUTPUTS:
            off = 1 - check.active_level(option)
            assert hal.pins[pin].levels[0] == (off * 65535 if driver == "pwm_out" else off)


def test_a_wiring_leaves_the_pins_of_other_duties_alone():
    for name, appliance in OFFERED:
        board = load.board(name)
        for _role, _driver, pin_id, _option in load.wiring(board, appliance):
            for pin in map(board.pin, check.pins_of(pin_id)):
                assert pin and not set(pin.warnings) & {
                    "strapping",
                    "flash_psram",
                    "usb",
                    "console",
                    "eeprom",
                }


# --- each mistake -----------------------------------------------------------------------------------------------

RELAY, SSR = ("active_high",), ("active_high", 2000)
NTC, SWITCH = (10000, 3950, 15000), ("active_high", 50)

# code, board, appliance, role that is changed (driver, pin, option; None takes the row out), words of the sentence
MISTAKES = [
    ("unknown_role", "esp32_devkitc", "water_heater", "boiler", ("relay", "IO4", RELAY), "no such role"),
    ("unknown_driver", "esp32_devkitc", "water_heater", "main_relay", ("triac", "IO23", RELAY), "no driver triac"),
    ("wrong_driver", "esp32_devkitc", "water_heater", "main_relay", ("ssr", "IO23", SSR), "1 is a thousandth"),
    ("wrong_driver", "esp32_devkitc", "water_heater", "leak_switch", ("ntc", "IO26", NTC), "of the kind switch"),
    ("unknown_option", "esp32_devkitc", "water_heater", "main_relay", ("relay", "IO23", ("high",)), "no option"),
    ("unknown_option", "esp32_devkitc", "water_heater", "tank_temperature", ("ntc", "IO34", (10, 1)), "no option"),
    ("missing_role", "esp32_devkitc", "water_heater", "tank_temperature", None, "needs a pin for tank_temperature"),
    ("missing_role", "esp32_devkitc", "refrigerator", "evaporator_temperature", None, "defrost_heater needs"),
    ("either_role", "esp32_devkitc", "water_heater", "element", ("relay", "IO19", RELAY), "wired in two ways"),
    ("unknown_pin", "esp32_devkitc", "water_heater", "main_relay", ("relay", "IO99", RELAY), "has no pin IO99"),
    ("pin_twice", "esp32_devkitc", "water_heater", "main_relay", ("relay", "IO22", RELAY), "used twice"),
    ("bus_pins", "esp32_devkitc", "air_conditioner", "room_temperature",
     ("sht3x", "IO34", ("temperature",)), "data and clock"),
    ("wrong_driver", "esp32_devkitc", "air_conditioner", "display", ("ir_ac", "IO4", ("gree",)), "for remote"),
    ("unknown_option", "esp32_devkitc", "air_conditioner", "remote", ("ir_ac", "IO4", ("rc5",)), "no option"),
    ("either_role", "esp32_devkitc", "air_conditioner", "remote", ("ir_ac", "IO4", ("gree",)), "wired in two ways"),
    ("flash_pin", "esp32_devkitc", "water_heater", "main_relay", ("relay", "IO9", RELAY), "flash or PSRAM"),
    ("flash_pin", "esp32_s3_devkitc", "water_heater", "main_relay", ("relay", "IO36", RELAY), "flash or PSRAM"),
    ("usb_pin", "esp32_c3_devkitm", "water_heater", "leak_switch", ("door_switch", "IO19", SWITCH), "line of USB"),
    ("console_pin", "esp32_devkitc", "water_heater", "leak_switch", ("door_switch", "IO3", SWITCH), "the console"),
    ("eeprom_pin", "raspberry_pi_blinka", "microwave_oven", "stop_button", ("door_switch", "D0", SWITCH), "EEPROM"),
    ("strapping_pin", "esp32_devkitc", "water_heater", "main_relay", ("relay", "IO12", RELAY), "how the chip starts"),
    ("input_only_pin", "esp32_devkitc", "water_heater", "main_relay", ("relay", "IO39", RELAY), "an input only"),
    ("no_adc_pin", "esp32_devkitc", "water_heater", "inlet_temperature", ("ntc", "IO19", NTC), "no analogue"),
    ("incapable_pin", "raspberry_pi_pico_w", "water_heater", "flow_meter",
     ("flow_meter", "GP18", ("pulses", 450)), "cannot be counter"),
    ("adc2_pin", "esp32_devkitc", "water_heater", "inlet_temperature", ("ntc", "IO27", NTC), "ADC2"),
    ("adc_range", "esp32_c3_devkitm", "water_heater", "tank_temperature",
     ("ntc", "IO0", (10000, 3950, 4700)), "the converter of"),
    ("on_at_reset", "esp32_devkitc", "water_heater", "main_relay", ("relay", "IO14", RELAY), "pulled up while"),
    ("on_at_reset", "raspberry_pi_pico_w", "water_heater", "main_relay",
     ("relay", "GP15", ("active_low",)), "pulled down while"),
    ("on_at_reset", "adafruit_feather_esp32s3", "water_heater", "main_relay", ("relay", "A0", RELAY), "pulsed high"),
    ("on_board_level", "lc_relay_esp32_4ch", "water_heater", "main_relay",
     ("relay", "IO32", ("active_low",)), "relay 1 of the board"),
    ("on_board_part", "lc_relay_esp32_4ch", "water_heater", "leak_switch",
     ("door_switch", "IO26", SWITCH), "relay 4 of the board"),
    ("worn_relay", "lc_relay_esp32_4ch", "water_heater", "element_ssr", ("ssr", "IO26", SSR), "worn out in days"),
]  # fmt: skip


def changed(name: str, appliance: str, role: str, row: tuple | None) -> list:
    rows = [old for old in load.wiring(load.board(name), appliance) if old[0] != role]
    return rows if row is None else [*rows, (role, *row)]


@pytest.mark.parametrize(("code", "name", "appliance", "role", "row", "words"), MISTAKES)
def test_each_mistake_is_refused_with_a_sentence_of_its_own(code, name, appliance, role, row, words):
    problems = check.check(load.board(name), appliance, changed(name, appliance, role, row))
    found = {problem.code: problem for problem in problems}
    assert code in found
    assert words in found[code].sentence
    assert found[code].sentence.endswith(".") and found[code].next.endswith(".")


def test_a_role_stands_in_one_row():
    board = load.board("esp32_devkitc")
    rows = [*load.wiring(board, "water_heater"), ("main_relay", "relay", "IO18", RELAY)]
    assert [problem.code for problem in check.check(board, "water_heater", rows)] == ["role_twice"]


def test_the_pins_that_are_proposed_would_do():
    tried = 0
    for _code, name, appliance, role, row, _words in MISTAKES:
        board = load.board(name)
        rows = changed(name, appliance, role, row)
        for problem in check.check(board, appliance, rows):
            if problem.next.startswith("Pins that would do: "):
                first = problem.next.removeprefix("Pins that would do: ").rstrip(".").split(", ")[0]
                better = [(r, d, first if r == problem.role else p, o) for r, d, p, o in rows]
                codes = {
                    other.code
                    for other in check.check(board, appliance, better)
                    if other.role == problem.role
                }
                assert codes <= {"adc_range", "wrong_driver"}, (problem, codes)
                tried += 1
    assert tried >= 10


def test_every_rule_has_found_a_mistake():
    found = set()
    for _code, name, appliance, role, row, _words in MISTAKES:
        rows = tuple(changed(name, appliance, role, row))
        wiring = check.Wiring(load.board(name), appliance, rows, True, {}, {})
        found |= {rule.__name__ for rule in check.RULES if list(rule(wiring))}
    about_loads = {"unknown_switch", "above_rating"}
    assert found | about_loads == {rule.__name__ for rule in check.RULES}


def test_adc2_is_free_without_wifi():
    board = load.board("esp32_devkitc")
    rows = changed("esp32_devkitc", "water_heater", "inlet_temperature", ("ntc", "IO13", NTC))
    assert check.check(board, "water_heater", rows, has_wifi=False) == []


def test_i2c_parts_share_their_pins_and_others_do_not():
    board = load.board("esp32_devkitc")
    rows = list(changed("esp32_devkitc", "air_conditioner", "room_temperature", None))
    rows = [row for row in rows if row[2] not in ("IO18", "IO19")]
    rows += [
        ("room_temperature", "sht3x", "IO19/IO18", ("temperature",)),
        ("room_humidity", "sht3x", "IO19/IO18", ("humidity",)),
    ]
    assert check.check(board, "air_conditioner", rows) == []
    rows[-1] = ("room_humidity", "sht3x", "IO19/IO18", ("temperature",))
    assert {problem.code for problem in check.check(board, "air_conditioner", rows)} == {"pin_twice"}
    rows[-1] = ("room_humidity", "analog_in", "IO18", (0, 100))
    assert {problem.code for problem in check.check(board, "air_conditioner", rows)} == {
        "pin_twice",
        "no_adc_pin",
    }


def test_one_wire_sensors_share_a_pin_when_each_says_its_code():
    board = load.board("raspberry_pi_pico_w")
    codes = ("28ff641e8fd31603",), ("28ff641e8fd31604",)
    rows = [row for row in load.wiring(board, "water_heater") if row[1] != "ds18b20"]
    pair = ("tank_temperature", "upper_temperature")
    shared = [(role, "ds18b20", "GP22", code) for role, code in zip(pair, codes, strict=True)]
    assert check.check(board, "water_heater", [*rows, *shared]) == []
    alone = [(role, "ds18b20", "GP22", ()) for role in pair]
    assert {problem.code for problem in check.check(board, "water_heater", [*rows, *alone])} == {"pin_twice"}


def test_linux_boards_have_no_one_wire():
    board = load.board("mcp2221a_blinka")
    rows = changed("mcp2221a_blinka", "water_heater", "tank_temperature", ("ds18b20", "G1", ()))
    assert {problem.code for problem in check.check(board, "water_heater", rows)} == {"incapable_pin"}


# --- loads ------------------------------------------------------------------------------------------------------


def problems_with(name: str, appliance: str, **loads_: dict) -> list[check.Problem]:
    board = load.board(name)
    return check.check(board, appliance, load.wiring(board, appliance), **loads_)


def test_a_load_above_the_relay_demands_a_contactor_or_an_ssr():
    found = problems_with("lc_relay_esp32_4ch", "water_heater", switches={"element": "relay_module"})
    assert [problem.code for problem in found] == ["above_rating"]
    assert "8.7 A" in found[0].sentence and "7 A" in found[0].sentence
    assert "contactor" in found[0].next and "ssr" in found[0].next


def test_a_motor_counts_more_than_a_heater():
    assert not problems_with("esp32_devkitc", "refrigerator", amperes={"defrost_heater": 6})
    (found,) = problems_with("esp32_devkitc", "refrigerator", amperes={"compressor": 6})
    assert found.code == "above_rating" and "inductive" in found.sentence


def test_a_load_above_everything_says_so():
    (found,) = problems_with("esp32_devkitc", "water_heater", amperes={"element_upper": 40})
    assert "larger contactor" in found.next


def test_mains_is_no_load_for_a_signal_output():
    (found,) = problems_with("esp32_devkitc", "refrigerator", switches={"light": "transistor_buzzer"})
    assert found.code == "above_rating"


def test_proportioning_on_a_contactor_is_refused_too():
    (found,) = problems_with("esp32_devkitc", "water_heater", switches={"element_ssr": "contactor"})
    assert found.code == "worn_relay" and "ssr" in found.next


def test_unknown_loads_and_switches_are_told():
    codes = [
        problem.code for problem in problems_with("esp32_devkitc", "water_heater", amperes={"boiler": 1})
    ]
    assert codes == ["unknown_load"]
    codes = [p.code for p in problems_with("esp32_devkitc", "water_heater", switches={"main_relay": "knife"})]
    assert codes == ["unknown_switch"]


def test_the_relays_of_a_board_are_used_where_a_pin_has_one():
    board = load.board("lc_relay_esp32_4ch")
    rows = load.wiring(board, "refrigerator")
    found = {one.role: one.driven_by.name for one in switching.switched(board, "refrigerator", rows)}
    assert found["compressor"] == "on_board_relay"
    assert found["buzzer"] == "transistor_buzzer"


# --- table and README ---------------------------------------------------------------------------------------------


def test_the_table_tells_pins_as_printed():
    board = load.board("esp32_devkitc")
    lines = {
        line.role: line for line in table.lines(board, "water_heater", load.wiring(board, "water_heater"))
    }
    assert lines["leakage_current"].pin == "VP (IO36)"
    assert lines["main_relay"].pin == "IO23"
    assert "10 kΩ to GND" in lines["main_relay"].note
    assert "contactor" in lines["main_relay"].part


@pytest.mark.parametrize("folder", readme.drawn_boards(), ids=lambda folder: folder.name)
def test_the_generated_parts_of_the_readme_are_fresh(folder: Path):
    for path, text in readme.made(folder).items():
        fresh = path.read_text(encoding="utf-8") == text
        assert fresh, f"{path} is old: python -m rumpus_host.boards.readme"
        assert len(text) < 100_000


def test_a_readme_without_marks_is_told():
    with pytest.raises(ValueError, match="lacks"):
        readme.with_tables("# A board\n", load.board("virtual"))


# --- the command line -----------------------------------------------------------------------------------------------


@pytest.fixture
def rumpus(monkeypatch, capsys):
    def run(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["rumpus", *args])
        code = cli.main()
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_boards_lists_all(rumpus):
    code, out, _err = rumpus("boards")
    assert code == 0
    for name in BOARD_NAMES:
        assert name in out


def test_boards_tells_programs_why_an_appliance_is_not_offered(rumpus):
    code, out, _err = rumpus("boards", "--json")
    assert code == 0
    boards = {board["board"]: board for board in json.loads(out)["boards"]}
    assert boards["raspberry_pi_blinka"]["appliances"] == ["microwave_oven"]
    assert "no analogue inputs" in boards["raspberry_pi_blinka"]["not_offered"]["water_heater"]


def test_wiring_is_a_table_with_a_warning(rumpus):
    code, out, _err = rumpus("wiring", "--board", "ESP32-DevKitC", "--appliance", "water-heater")
    assert code == 0
    assert "tank_temperature" in out and "MAINS VOLTAGE KILLS" in out


def test_wiring_in_json(rumpus):
    code, out, _err = rumpus("wiring", "--board", "virtual", "--appliance", "microwave_oven", "--json")
    assert code == 0
    assert {line["role"] for line in json.loads(out)["wiring"]} >= {"door", "magnetron"}


def test_wiring_draws_a_picture(rumpus, tmp_path):
    out_file = tmp_path / "x.svg"
    code, out, _err = rumpus(
        "wiring", "--board", "esp32_devkitc", "--appliance", "refrigerator", "--out", str(out_file)
    )
    assert code == 0 and str(out_file) in out.replace("\n", "")
    assert out_file.read_text(encoding="utf-8").startswith("<svg")


def test_a_wiring_of_ones_own_is_checked(rumpus, tmp_path):
    mine = tmp_path / "mine.py"
    mine.write_text(
        'ROLES = (("tank_temperature", "ntc", "IO14", (10000, 3950, 15000)),)\n', encoding="utf-8"
    )
    code, out, _err = rumpus(
        "wiring", "--board", "esp32_devkitc", "--appliance", "water_heater", "--file", str(mine), "--json"
    )
    assert code == 1
    told = json.loads(out)
    assert told["error"] == "wiring_refused"
    assert [problem["code"] for problem in told["problems"]] == ["missing_role", "adc2_pin"]


@pytest.mark.parametrize(
    "text",
    [
        "ROLES = 5",
        "ROLES = (1, 2)",
        'ROLES = (("door", "relay", "IO4"),)',
        "PINS = ()",
        "ROLES = (",
        "ROLES = f(1)",
    ],
)
def test_what_is_no_wiring_file_is_told(rumpus, tmp_path, text):
    mine = tmp_path / "mine.py"
    mine.write_text(text, encoding="utf-8")
    code, _out, err = rumpus(
        "wiring", "--board", "esp32_devkitc", "--appliance", "water_heater", "--file", str(mine)
    )
    assert code == 2
    assert "mine.py" in err.replace("\n", "")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--board", "arduino", "--appliance", "water_heater"], "no board"),
        (["--board", "mcp2221a_blinka", "--appliance", "microwave_oven"], "does not carry"),
        (["--board", "virtual", "--appliance", "water_heater", "--out", "x.svg"], "nothing to draw"),
        (["--board", "esp32_devkitc", "--appliance", "water_heater", "--out", "x.png"], "SVG only"),
        (
            ["--board", "esp32_devkitc", "--appliance", "water_heater", "--out", "/no/such/x.svg"],
            "cannot be written",
        ),
        (["--board", "esp32_devkitc", "--appliance", "toaster"], "toaster"),
        (["--board", "esp32_devkitc", "--appliance", "water_heater", "--load", "element"], "ROLE=VALUE"),
        (["--board", "esp32_devkitc", "--appliance", "water_heater", "--load", "main_relay=x"], "amperes"),
        (
            ["--board", "esp32_devkitc", "--appliance", "water_heater", "--file", "/no/such.py"],
            "cannot be read",
        ),
    ],
)
def test_wrong_use_is_told(rumpus, args, words):
    code, _out, err = rumpus("wiring", *args)
    assert code == 2
    assert words in " ".join(err.split())


def test_a_heavier_load_is_refused_at_the_command_line(rumpus):
    code, _out, err = rumpus(
        "wiring", "--board", "lc_relay_esp32_4ch", "--appliance", "water_heater",
        "--switch", "element=relay_module", "--load", "element=13",
    )  # fmt: skip
    assert code == 1
    assert "13 A" in err and "contactor" in err
