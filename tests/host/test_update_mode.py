"""The update mode on real virtual appliances whose heap is too small for an update beside the appliance: 32-bit
MicroPython, lean builds from files in slots, the real command line."""

import asyncio

import pytest
import update_versions
from rumpus_command import rumpus, spoken
from tier import FULL, full_only

from rumpus.dcmp.tables import result_codes as r
from rumpus.dcmp.tables import results_ours as ours
from rumpus.hal.files import Files
from rumpus.update.tables.mode import MODE_IDLE_MS, MODE_LONGEST_MS, MODE_NAME
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.client import TakingUpdate, connect
from rumpus_host.dcmp import client as dcmp
from rumpus_host.fields import TYPES
from rumpus_host.update import bundle, keys, procedure

SPEED = 20.0
SETTINGS = {"dcmp": True, "udp": 0}
HEAP = "112k"  # the device runs in it, and has no room for an update beside its appliance
ENOUGH = "400k"  # for the appliance, where only the mode matters
MODE_HEAP = "108k"  # for the mode alone


@pytest.fixture
def tmp_path(short_path):
    return short_path


@pytest.fixture
def flash(tmp_path):
    return installed(tmp_path)


def installed(tmp_path, transport="tcp_listen"):
    folder = tmp_path / "flash"
    folder.mkdir()
    update_versions.install(folder, "1.0.0", floor="0.8.0", transport=transport)
    return folder


def appliance_in(folder, heap=HEAP, **more) -> VirtualAppliance:
    return VirtualAppliance(
        "water_heater", "micropython32", storage=folder, settings=SETTINGS, heap=heap, **more
    )


def record(folder) -> str:
    return (Files(str(folder)).load("slot") or b"").decode()


def in_mode(folder, starts=3):
    """The record of a device that was ordered into update mode."""
    assert Files(str(folder)).save("slot", f"ac{starts}-".encode())


def tree(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


async def typed(appliance, keys_typed: bytes) -> None:
    """Somebody types at the device's console."""
    import serial

    with serial.Serial(str(appliance.line.path)) as port:
        port.write(keys_typed)
        await asyncio.sleep(0.2)


async def refusal(work) -> int:
    with pytest.raises(dcmp.DcmpRefused) as refused:
        await work
    return refused.value.result


async def test_the_whole_way_over_tcp(flash, tmp_path):
    new = update_versions.make_bundle(tmp_path / "new", "1.1.0")
    async with appliance_in(flash) as appliance:
        appliance.run(SPEED)
        async with connect(appliance.url) as device:
            await device.control([("target_temperature", 610)])
        code, said, error = await spoken("update", appliance.url, new)
        assert code == 0, error
        assert "Committed: version 1.1.0 runs from slot b" in said
        assert "goes into update mode" in error and "outputs are off" in error
        assert appliance.restarts == 2  # into the mode, and out of it into the new version
        async with connect(appliance.url) as device:
            assert (await device.version())["firmware"] == "1.1.0"
            assert (await device.status())["target_temperature"] == 610
        assert record(flash) == "bc0-"


@full_only
async def test_the_whole_way_over_a_cable(tmp_path):
    flash = installed(tmp_path, "uart")
    new = update_versions.make_bundle(tmp_path / "new", "1.1.0", transport="uart")
    async with appliance_in(flash, carrier="serial") as appliance:
        appliance.run(2.0)  # its time-outs are those of a cable
        code, said = await rumpus("update", appliance.url + "?baud=115200", new)
        assert code == 0, said
        assert (said["slot"], said["version"], said["state"]) == ("b", "1.1.0", "committed")
        assert appliance.restarts == 2


@pytest.mark.parametrize("kind", TYPES if FULL else TYPES[:1])
async def test_a_device_with_a_key_asks_for_it_before_it_is_switched_off(kind, tmp_path):
    update_versions.install(tmp_path / "flash", "1.0.0", appliance=kind)
    path = update_versions.make_bundle(tmp_path / "new", "1.1.0", appliance=kind)
    read, key = bundle.read(path.read_bytes()), bytes(range(32))
    settings = {**SETTINGS, "key": key.hex()}
    virtual = VirtualAppliance(
        kind, "micropython32", storage=tmp_path / "flash", settings=settings, heap=HEAP
    )
    async with virtual as appliance:
        appliance.run(SPEED)
        with pytest.raises(procedure.KeyNeeded):
            await procedure.send(appliance.url, path, read)
        assert appliance.restarts == 0
        await procedure.send(appliance.url, path, read, key_of=lambda _uuid: key)
        slots = await procedure.apply(appliance.url, "Update", key_of=lambda _uuid: key)
        assert (slots.version, slots.state, appliance.restarts) == ("1.1.0", "committed", 2)


# --- what the mode is -----------------------------------------------------------------------------------


async def test_in_the_mode_it_is_found_says_why_it_does_nothing_else_and_its_outputs_are_off(flash):
    async with appliance_in(flash, ENOUGH) as appliance:
        async with connect(appliance.url) as device:
            await device.control([("power", 1), ("target_temperature", 700)])
            await appliance.advance(120_000, 1000)
            assert any(appliance.outputs.values())
        in_mode(flash)
        await appliance.restart()  # it heated when its power went
        await appliance.advance(60_000, 1000)
        assert not any(appliance.outputs.values())
        appliance.run(SPEED)
        with pytest.raises(TakingUpdate):
            async with connect(appliance.url):
                pass
        code, said = await rumpus("get", appliance.url)
        assert (code, said["error"]) == (1, "taking_update")
        code, said = await rumpus("get", appliance.url, "--over", "dcmp")
        assert (code, said["result"]) == (1, "taking_update")
        code, said = await rumpus("info", appliance.url)
        assert code == 0 and said["properties"]["update_mode"]["value"] == "active"
        async with dcmp.connect(appliance.url) as device:
            assert device.type_name == "water_heater"
            (found,) = await device.discover("DeviceType", device.about["DeviceType"])
            assert found["DeviceID"] == device.id
            assert await device.discover("DeviceName", "another") == []
            for kind in ("FunctionList", "FullDescription", "DeviceSpecificProperty"):
                assert await refusal(device.info(kind)) == ours.TAKING_UPDATE
            assert await refusal(device.list_files()) == ours.TAKING_UPDATE
            assert await refusal(device.control([("power", 1)])) == ours.TAKING_UPDATE
            assert await refusal(device.subscribe()) == ours.TAKING_UPDATE
        assert (await procedure.leave(appliance.url)).mode == "available"
        async with connect(appliance.url) as device:
            assert (await device.status())["target_temperature"] == 700


async def test_it_ends_by_itself(flash, tmp_path):
    in_mode(flash)
    async with appliance_in(flash, ENOUGH) as appliance:
        await appliance.advance(MODE_IDLE_MS - 30_000, 1000)
        appliance.run(SPEED)
        path = update_versions.make_bundle(tmp_path / "new", "1.1.0")
        await procedure.send(appliance.url, path, bundle.read(path.read_bytes()))
        await appliance.pause()
        await appliance.advance(MODE_IDLE_MS - 30_000, 1000)  # what came has put it off
        assert (appliance.restarts, record(flash)) == (0, "as0-")
        await appliance.advance(60_000, 1000)
        assert appliance.restarts == 1
        appliance.run(SPEED)
        assert (await procedure.look(appliance.url))[3:] == ("staged", "none", "available")


@full_only
async def test_bundles_without_end_do_not_keep_it(flash, tmp_path):
    in_mode(flash)
    paths = [update_versions.make_bundle(tmp_path / version, version) for version in ("1.1.0", "1.2.0")]
    async with appliance_in(flash, ENOUGH) as appliance:
        while not appliance.restarts and appliance.elapsed_ms < 2 * MODE_LONGEST_MS:
            paths.reverse()
            appliance.run(SPEED)
            await procedure.send(appliance.url, paths[0], bundle.read(paths[0].read_bytes()))
            await appliance.pause()
            await appliance.advance(MODE_IDLE_MS // 2, 1000)
        assert MODE_LONGEST_MS - MODE_IDLE_MS < appliance.elapsed_ms < MODE_LONGEST_MS + MODE_IDLE_MS


async def test_three_starts_without_an_update_bring_the_appliance_back(flash):
    in_mode(flash)
    async with appliance_in(flash, ENOUGH) as appliance:
        for left in (1, 0):
            await appliance.restart()
            assert record(flash) == f"ac{left}-"
        await appliance.restart()
        async with connect(appliance.url):
            pass


async def test_a_mode_that_fails_brings_the_appliance_back(flash):
    in_mode(flash)
    program = flash / "a" / "update_mode" / "__init__.mpy"
    program.write_bytes(b"no program")
    async with appliance_in(flash, ENOUGH) as appliance:
        assert (appliance.restarts, record(flash)) == (3, "ac0-")
        async with connect(appliance.url):
            pass


@full_only
async def test_the_escape_on_a_cable_ends_it(tmp_path):
    flash = installed(tmp_path, "uart")
    in_mode(flash)
    async with appliance_in(flash, ENOUGH, carrier="serial") as appliance:
        await appliance.advance(5000)
        await typed(appliance, b"\3\3\3")
        await appliance.advance(2000)
        assert appliance.is_halted
        assert record(flash) == "ac0-"


# --- who may order it -----------------------------------------------------------------------------------


async def order(appliance, name=MODE_NAME) -> int:
    async with dcmp.connect(appliance.url) as device:
        return await refusal(device.apply("Execute", "Firmware", name))


async def test_an_order_that_leads_to_nothing_is_refused_before_anything_is_switched_off(flash):
    async with appliance_in(flash, ENOUGH) as appliance:
        appliance.run(SPEED)
        assert await order(appliance, "events") == r.APPLY_NOT_EXECUTABLE
        (flash / keys.DEVICE_FILE).rename(tmp_key := flash / "kept")
        assert await order(appliance) == r.SERVICE_NOT_AVAILABLE
        tmp_key.rename(flash / keys.DEVICE_FILE)
        (flash / "a" / "update_mode" / "__init__.mpy").unlink()
        assert await order(appliance) == r.APPLY_NOT_EXECUTABLE
        assert appliance.restarts == 0


@full_only
async def test_an_oven_that_cooks_is_not_restarted(tmp_path):
    flash = tmp_path / "flash"
    flash.mkdir()
    update_versions.install(flash, "1.0.0", appliance="microwave_oven")
    virtual = VirtualAppliance(
        "microwave_oven", "micropython32", storage=flash, settings=SETTINGS, heap=ENOUGH, seed=3
    )
    async with virtual as appliance:
        appliance.run(1)
        appliance.plant.remote_button = True
        await asyncio.sleep(1)
        appliance.plant.remote_button = False
        code, _said = await rumpus(
            "set", appliance.url, "power_level=80", "cook_time=3000", "operation=start"
        )
        assert code == 0
        assert await order(appliance) == ours.IN_USE
        async with dcmp.connect(appliance.url) as device:
            assert await refusal(device.apply("Reboot")) == ours.IN_USE
        code, said = await rumpus("rollback", appliance.url)
        assert (code, said["result"]) == (1, "in_use")
        assert appliance.restarts == 0 and appliance.outputs["magnetron"]


# --- what comes in --------------------------------------------------------------------------------------


@full_only
async def test_what_is_refused_beside_the_appliance_is_refused_here(flash, tmp_path):
    update_versions.install(flash, "0.9.0", slot="b")
    make = update_versions.make_bundle
    good = make(tmp_path / "good", "1.1.0")
    forged = tmp_path / "forged"
    about = {"board": "virtual", "appliance": "water_heater", "version": "1.1.0"}
    forged.write_bytes(bundle.pack(update_versions.files("1.1.0"), key=keys.make(), **about))
    damaged = tmp_path / "damaged"
    damaged.write_bytes(good.read_bytes()[:-1] + bytes([good.read_bytes()[-1] ^ 1]))
    huge = tmp_path / "huge"
    huge.write_bytes(good.read_bytes())
    cases = (
        (make(tmp_path / "1", "1.1.0", board="esp32_devkitc"), "1.1.0", ours.WRONG_BOARD),
        (make(tmp_path / "2", "1.1.0", appliance="refrigerator"), "1.1.0", ours.WRONG_TYPE),
        (make(tmp_path / "3", "0.7.9"), "0.7.9", ours.BELOW_FLOOR),
        (make(tmp_path / "4", "0.7.9"), "1.1.0", ours.BELOW_FLOOR),
        (forged, "1.1.0", ours.BAD_SIGNATURE),
        (good, "latest", r.PAYLOAD_SYNTAX),
        (damaged, "1.1.0", r.APPLY_FILE_BROKEN),
    )
    in_mode(flash)
    before = tree(flash / "b")
    async with appliance_in(flash, MODE_HEAP) as appliance:
        appliance.run(SPEED)
        for path, version, result in cases:
            async with dcmp.connect(appliance.url) as device:
                assert await refusal(device.put_file(path, "Firmware", "x", version)) == result, path.name
                assert path is damaged or tree(flash / "b") == before
        async with dcmp.connect(appliance.url) as device:
            assert await refusal(device.put_file(good, "UserDefined", "x", "1")) == ours.TAKING_UPDATE
            assert await refusal(device.apply("Update")) == r.NO_APPLY_FILE
            assert await refusal(device.apply("Rollback")) == r.NOTHING_TO_APPLY
        assert appliance.restarts == 0


async def test_a_bundle_that_is_refused_costs_the_appliance_a_minute(flash, tmp_path):
    forged = tmp_path / "forged"
    about = {"board": "virtual", "appliance": "water_heater", "version": "1.1.0"}
    forged.write_bytes(bundle.pack(update_versions.files("1.1.0"), key=keys.make(), **about))
    async with appliance_in(flash) as appliance:
        appliance.run(SPEED)
        code, said = await rumpus("update", appliance.url, forged)
        assert (code, said["result"]) == (1, "bad_signature")
        assert appliance.restarts == 2
        assert (await procedure.look(appliance.url)).mode == "needed"


async def test_a_power_cut_in_the_middle_of_a_transfer(flash, tmp_path):
    """The mode comes back, and the transfer goes on by itself."""
    path = update_versions.make_bundle(tmp_path / "new", "1.1.0")
    in_mode(flash)
    async with appliance_in(flash, MODE_HEAP) as appliance:
        appliance.run(SPEED)
        sending = asyncio.create_task(procedure.send(appliance.url, path, bundle.read(path.read_bytes())))
        while not list((flash / "b").rglob("*.mpy")):
            await asyncio.sleep(0.005)
        await appliance.restart()
        assert record(flash) == "ac1-"
        appliance.run(SPEED)
        assert (await sending).state == "staged"


async def test_a_rollback_goes_by_the_mode_as_well(flash):
    update_versions.install(flash, "0.9.0", slot="b")
    async with appliance_in(flash) as appliance:
        appliance.run(SPEED)
        code, said = await rumpus("rollback", appliance.url)
        assert (code, said["version"], said["rollback_reason"]) == (0, "0.9.0", "ordered")
        assert appliance.restarts == 2
