"""What is put on a device: everything that it imports and nothing else, and it runs from just that."""

import ast

import pytest
import slots
from tier import FULL

from rumpus_host.bench.repository import FIRMWARE
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.boards.load import BoardError, appliances_on, board, board_names
from rumpus_host.client import connect
from rumpus_host.deploy import modules
from rumpus_host.deploy.build import BuildError, build
from rumpus_host.fields import TYPES


@pytest.mark.parametrize("name", board_names())
def test_each_board_gets_what_its_settings_and_wiring_name(name):
    for appliance in appliances_on(name):
        files = build(name, appliance, lean=False)
        ending = ".mpy" if board(name).runtimes[:1] in ((), ("micropython",)) else ".py"
        assert {path[path.index(".") :] for path in files} == {ending}
        for module in (
            f"boards/{name}/{appliance}",
            "rumpus/app",
            f"rumpus/appliances/{appliance}/appliance",
        ):
            assert module + ending in files
        others = set(TYPES) - {appliance}
        assert not [path for path in files if any(other in path for other in others)]
        assert not [
            path
            for path in files
            if path.startswith(("rumpus/dcmp/session", "rumpus/rmdp", "rumpus/management"))
        ]
        assert "rumpus/hal/net_cpython.mpy" not in files


@pytest.mark.parametrize("name", [name for name in board_names() if "micropython" in board(name).runtimes])
def test_each_board_gets_one_module_and_what_it_imports_late(name):
    for appliance in appliances_on(name)[: None if FULL else 1]:
        plain, lean = build(name, appliance, lean=False), build(name, appliance)
        assert {"rumpus/__init__.mpy", "rumpus/roles.mpy", "rumpus/hal_wifi_micropython.mpy"} <= set(lean)
        assert len(lean) < len(plain) / 2
        assert sum(map(len, lean.values())) < sum(map(len, plain.values())) * 0.7


@pytest.mark.parametrize("interpreter", ("micropython", "micropython32"))
@pytest.mark.parametrize("appliance", TYPES)
async def test_a_device_runs_from_its_slot_alone(appliance, interpreter, tmp_path):
    entry = slots.write(build("virtual", appliance, lean=False), tmp_path)
    async with VirtualAppliance(appliance, interpreter, entry=entry) as device, connect(device.url) as client:
        await device.advance(1000)
        assert (await client.status())["child_lock"] == 0
        assert (await client.version())["hardware"] == "virtual"


def test_an_interpreter_gets_no_file_that_is_for_another():
    assert not [path for path in build("mcp2221a_blinka", "refrigerator") if "micropython" in path]
    assert not [path for path in build("esp32_c3_devkitm", "refrigerator") if "circuitpython" in path]
    sources = build("esp32_c3_devkitm", "refrigerator", runtime="circuitpython")
    assert "rumpus/hal/net_circuitpython.py" in sources
    assert not [path for path in sources if "micropython" in path or "cpython." in path]


async def test_a_device_runs_from_sources_too(tmp_path):
    virtual = build("virtual", "refrigerator", runtime="blinka")
    entry = slots.write(virtual, tmp_path)
    async with VirtualAppliance("refrigerator", "cpython", entry=entry) as device:
        await device.advance(1000)


async def test_the_cable_needs_another_transport(tmp_path):
    files = build("virtual", "microwave_oven", transport="uart", lean=False)
    assert "rumpus/serial_link.mpy" in files
    assert "rumpus/transports/tcp_listen.mpy" not in files
    assert "rumpus/serial_link.mpy" not in build("virtual", "microwave_oven", lean=False)
    entry = slots.write(files, tmp_path)
    async with (
        VirtualAppliance("microwave_oven", carrier="serial", entry=entry) as device,
        connect(device.url) as client,
    ):
        await device.advance(1000)
        assert (await client.version())["hardware"] == "virtual"


def test_a_wiring_file_of_ones_own(tmp_path):
    own = tmp_path / "mine.py"
    own.write_text('ROLES = (("tank_temperature", "ds18b20", "IO32", ()),)\n')
    files = build("esp32_devkitc", "water_heater", wiring=own, lean=False)
    assert "rumpus/drivers/ds18b20.mpy" in files
    assert "rumpus/drivers/ntc.mpy" not in files
    assert b"IO32" in files["boards/esp32_devkitc/water_heater.mpy"]
    lean = build("esp32_devkitc", "water_heater", wiring=own)
    assert b"IO32" in lean["rumpus/roles.mpy"]
    assert b"ds18b20" in lean["rumpus/__init__.mpy"]
    assert b"ntc" not in lean["rumpus/__init__.mpy"]


def test_what_cannot_be_built():
    with pytest.raises(BoardError, match="no board"):
        build("esp33", "water_heater")
    with pytest.raises(BoardError, match="does not carry"):
        build("raspberry_pi_blinka", "water_heater")
    with pytest.raises(BuildError, match=r"rumpus\.transports\.pigeon"):
        build("virtual", "water_heater", transport="pigeon")
    with pytest.raises(BuildError, match="profile"):
        build("virtual", "water_heater", profile="everything")
    with pytest.raises(BuildError, match="not circuitpython"):
        build("esp32_devkitc", "water_heater", runtime="circuitpython")


def test_no_module_is_named_by_a_string_that_the_build_does_not_know():
    """A string that ends in a dot and starts like a module's name is the first half of one."""
    found = set()
    for path in (FIRMWARE / "rumpus").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                if text.startswith(("rumpus.", "boards.")) and " " not in text:
                    found.add(text)
    found -= {*modules.MANAGED, *modules.LATE}
    for path in (FIRMWARE / "entry").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= {prefix for prefix in modules.NAMED if f'"{prefix}"' in text}
    assert found == set(modules.NAMED)
