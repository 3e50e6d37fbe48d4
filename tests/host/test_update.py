"""Updates of real virtual appliances over DCMP, from the first byte to committed or rolled back.

Each test runs on one of the two MicroPythons, 64 or 32 bit; with RUMPUS_FULL on both."""

import asyncio
import os

import pytest
import update_versions
from rumpus_command import rumpus
from tier import full_only

from rumpus.dcmp.tables import result_codes as r
from rumpus.dcmp.tables import results_ours as ours
from rumpus.update.trial import CHECK_MS, HEALTHY_MS
from rumpus_host import owner
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.client import connect
from rumpus_host.dcmp import client as dcmp
from rumpus_host.update import bundle, keys, procedure

FULL = bool(os.environ.get("RUMPUS_FULL"))
SPEED = 20.0  # a trial takes ten seconds of the device's time
SETTINGS = {"dcmp": True, "udp": 0}
KEY = bytes(range(32))


def on(interpreter):
    return pytest.mark.parametrize(
        "interpreter", ("micropython", "micropython32") if FULL else (interpreter,)
    )


@pytest.fixture
def flash(tmp_path):
    """A device's folder with 1.0.0 in slot a and the older 0.9.0 in slot b."""
    folder = tmp_path / "flash"
    folder.mkdir()
    update_versions.install(folder, "1.0.0", floor="0.8.0")
    update_versions.install(folder, "0.9.0", slot="b")
    return folder


def appliance_in(folder, interpreter, key=None, **more) -> VirtualAppliance:
    settings = SETTINGS | ({"key": key.hex()} if key else {})
    return VirtualAppliance("water_heater", interpreter, storage=folder, settings=settings, **more)


async def stage(appliance, path):
    await procedure.send(appliance.url, path, bundle.read(path.read_bytes()))


async def order(appliance, kind):
    """APPLY, but nobody asks afterwards."""
    async with dcmp.connect(appliance.url) as device:
        with pytest.raises(dcmp.Unreachable):  # the link dies with the device
            await device.apply(kind)


async def restarted(appliance):
    """The device has started again, and time goes on."""
    async with asyncio.timeout(20):
        while not appliance.restarts:  # its link may die before anybody sees that it has ended
            await asyncio.sleep(0.05)
    await appliance.pause()  # returns when it has started
    appliance.run(SPEED)


async def firmware(appliance):
    """The version of what runs, over RUMP."""
    async with connect(appliance.url) as device:
        return (await device.version())["firmware"]


def tree(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# --- the whole way --------------------------------------------------------------------------------------


@on("micropython32")
async def test_an_update_is_committed_and_a_bad_one_is_left_again(interpreter, flash, tmp_path):
    async with appliance_in(flash, interpreter) as appliance:
        appliance.run(SPEED)
        async with connect(appliance.url) as device:
            await device.control([("target_temperature", 610)])
        assert await firmware(appliance) == "1.0.0"
        await stage(appliance, update_versions.make_bundle(tmp_path / "new", "1.1.0"))
        slots = await procedure.apply(appliance.url, "Update", 60)
        assert slots[:5] == ("b", "1.1.0", "1.0.0", "committed", "none")
        assert appliance.restarts == 1
        async with connect(appliance.url) as device:
            assert (await device.version())["firmware"] == "1.1.0"
            assert (await device.status())["target_temperature"] == 610
        await stage(appliance, update_versions.make_bundle(tmp_path / "bad", "9.9.9", "import"))
        with pytest.raises(procedure.RolledBack) as left:
            await procedure.apply(appliance.url, "Update", 60)
        assert left.value.slots[:5] == ("b", "1.1.0", "9.9.9", "committed", "failed_starts")
        assert appliance.restarts == 1 + 1 + 3
        assert sum("a bug in 9.9.9" in line for line in appliance.log) == 3
        async with connect(appliance.url) as device:
            assert (await device.status())["target_temperature"] == 610


@full_only
@on("micropython32")
async def test_a_version_that_fails_in_its_loop_is_left_too(interpreter, flash, tmp_path):
    async with appliance_in(flash, interpreter) as appliance:
        appliance.run(SPEED)
        await stage(appliance, update_versions.make_bundle(tmp_path / "bad", "9.9.9", "loop"))
        with pytest.raises(procedure.RolledBack):
            await procedure.apply(appliance.url, "Update", 60)
        assert await firmware(appliance) == "1.0.0"


@full_only
@on("micropython")
async def test_over_a_cable(interpreter, tmp_path):
    flash = tmp_path / "flash"
    flash.mkdir()
    update_versions.install(flash, "1.0.0", transport="uart")
    new = update_versions.make_bundle(tmp_path / "new", "1.1.0", transport="uart")
    async with appliance_in(flash, interpreter, KEY, carrier="serial") as appliance:
        appliance.run(2.0)  # its time-outs are those of a cable
        url = appliance.url + "?baud=115200"
        await procedure.send(url, new, bundle.read(new.read_bytes()))
        slots = await procedure.apply(url, "Update", 60, lambda _uuid: KEY)
        assert slots[:2] == ("b", "1.1.0") and slots.state == "committed"


# --- the trial ------------------------------------------------------------------------------------------


@on("micropython")
async def test_nobody_answers_a_trial(interpreter, flash, tmp_path):
    """Switched off and on three times the old version is back; but a start that lived for ten minutes is no
    failed one, so a server that is dead reverts nothing."""
    async with appliance_in(flash, interpreter) as appliance:
        appliance.run(SPEED)
        await stage(appliance, update_versions.make_bundle(tmp_path / "new", "1.1.0"))
        await order(appliance, "Update")
        await appliance.pause()
        for _ in range(5):
            await appliance.advance(HEALTHY_MS + 2000, 1000)
            await appliance.restart()
            await appliance.advance(30_000, 1000)
        for _ in range(3):
            assert list((flash / "b").rglob("*")) and state_of(flash)[:2] == "bt"
            await appliance.restart()
        assert state_of(flash) == "ac0f"
        appliance.run(SPEED)
        slots = await procedure.look(appliance.url)
        assert slots[:5] == ("a", "1.0.0", "1.1.0", "committed", "failed_starts")


@on("micropython32")
async def test_where_there_is_a_key_only_its_holder_commits(interpreter, flash, tmp_path):
    new = update_versions.make_bundle(tmp_path / "new", "1.1.0")
    async with appliance_in(flash, interpreter, KEY) as appliance:
        appliance.run(SPEED)
        await stage(appliance, new)
        with pytest.raises(procedure.KeyNeeded) as needed:
            await procedure.apply(appliance.url, "Update", 60)
        assert needed.value.uuid.hex() == appliance.uuid
        with pytest.raises(owner.NotOwner):
            await procedure.apply(appliance.url, "Update", 60, lambda _uuid: bytes(32))
        assert appliance.restarts == 0
        await order(appliance, "Update")
        await restarted(appliance)
        for _ in range(3):
            await firmware(appliance)
            assert (await procedure.look(appliance.url)).state == "trial"
            async with connect(appliance.url) as device:
                with pytest.raises(owner.NotOwner):
                    await owner.Owner.open(device, bytes(32))
            await asyncio.sleep(CHECK_MS / 1000 / SPEED)
        assert state_of(flash)[:2] == "bt"
        async with connect(appliance.url) as device:
            await (await owner.Owner.open(device, KEY)).prove()
        await asyncio.sleep(3000 / 1000 / SPEED)
        assert (await procedure.look(appliance.url)).state == "committed"
        slots = await procedure.apply(appliance.url, "Rollback", 60, lambda _uuid: KEY)
        assert slots[:5] == ("a", "1.0.0", "1.1.0", "committed", "ordered")


def state_of(flash):
    """The newest slot record."""
    records = [(flash / name).read_bytes() for name in ("slot.0", "slot.1") if (flash / name).exists()]
    if len(records) == 2 and records[1][0] != (records[0][0] + 1) & 0xFF:
        records.reverse()
    return records[-1][3:7].decode()


@on("micropython32")
async def test_during_a_trial_nothing_else_begins(interpreter, flash, tmp_path):
    async with appliance_in(flash, interpreter) as appliance:
        appliance.run(SPEED)
        new = update_versions.make_bundle(tmp_path / "new", "1.1.0")
        await stage(appliance, new)
        await order(appliance, "Update")
        await appliance.pause()
        appliance.run(0.5)
        with pytest.raises(dcmp.DcmpRefused) as refused:
            await stage(appliance, new)
        assert refused.value.result == r.FILE_BUSY
        async with dcmp.connect(appliance.url) as device:
            with pytest.raises(dcmp.DcmpRefused) as refused:
                await device.apply("Rollback")
        assert refused.value.result == r.OTHER_OPERATION_RUNNING  # the update is not over
        appliance.run(SPEED)
        slots = await procedure.apply(appliance.url, "Rollback")
        assert slots[:5] == ("a", "1.0.0", "1.1.0", "committed", "ordered")


# --- refusals -------------------------------------------------------------------------------------------


@full_only
@on("micropython")
async def test_what_is_refused_leaves_the_other_slot_as_it_was(interpreter, flash, tmp_path):
    other_key = keys.make()
    good = update_versions.make_bundle(tmp_path / "good", "1.1.0")
    files = update_versions.files("1.1.0")
    forged = tmp_path / "forged"
    about = {"board": "virtual", "appliance": "water_heater", "version": "1.1.0"}
    forged.write_bytes(bundle.pack(files, key=other_key, **about))
    unsigned = tmp_path / "unsigned"
    text = bundle.manifest(files, **about) + b'["signature",""]\n'
    unsigned.write_bytes(good.read_bytes()[:6] + len(text).to_bytes(2, "big") + text)
    bent = tmp_path / "bent"
    bent.write_bytes(good.read_bytes().replace(b'"version":"1.1.0"', b'"version":"1.2.0"'))
    rubbish = tmp_path / "rubbish"
    rubbish.write_bytes(b"RUMP" + good.read_bytes()[4:])
    make = update_versions.make_bundle
    cases = (
        (make(tmp_path / "1", "1.1.0", board="esp32_devkitc"), "1.1.0", ours.WRONG_BOARD),
        (make(tmp_path / "2", "1.1.0", appliance="refrigerator"), "1.1.0", ours.WRONG_TYPE),
        (make(tmp_path / "3", "0.7.9"), "0.7.9", ours.BELOW_FLOOR),
        (
            make(tmp_path / "4", "0.7.9"),
            "1.1.0",
            ours.BELOW_FLOOR,
        ),  # what the request says counts for nothing
        (forged, "1.1.0", ours.BAD_SIGNATURE),
        (unsigned, "1.1.0", ours.BAD_SIGNATURE),
        (bent, "1.2.0", ours.BAD_SIGNATURE),
        (rubbish, "1.1.0", r.APPLY_FILE_BROKEN),
        (good, "latest", r.PAYLOAD_SYNTAX),
    )
    before = tree(flash / "b")
    async with appliance_in(flash, interpreter) as appliance:
        appliance.run(SPEED)
        for path, version, result in cases:
            async with dcmp.connect(appliance.url) as device:
                with pytest.raises(dcmp.DcmpRefused) as refused:
                    await device.put_file(path, "Firmware", "x", version)
                assert refused.value.result == result, (path.name, hex(refused.value.result))
                assert tree(flash / "b") == before
        async with dcmp.connect(appliance.url) as device:
            for kind, result in (("Update", r.NO_APPLY_FILE), ("Execute", r.APPLY_NOT_EXECUTABLE)):
                with pytest.raises(dcmp.DcmpRefused) as refused:
                    await device.apply(kind)
                assert refused.value.result == result
        slots = await procedure.apply(appliance.url, "Rollback", 60)
        assert slots[:5] == ("b", "0.9.0", "1.0.0", "committed", "ordered")


@on("micropython32")
async def test_without_a_key_no_bundle_is_taken(interpreter, flash, tmp_path):
    (flash / keys.DEVICE_FILE).unlink()
    async with appliance_in(flash, interpreter) as appliance:
        appliance.run(SPEED)
        with pytest.raises(dcmp.DcmpRefused) as refused:
            await stage(appliance, update_versions.make_bundle(tmp_path / "new", "1.1.0"))
        assert refused.value.result == r.SERVICE_NOT_AVAILABLE


@on("micropython32")
async def test_a_damaged_file_is_found_when_it_comes_and_when_it_is_applied(interpreter, flash, tmp_path):
    path = update_versions.make_bundle(tmp_path / "new", "1.1.0")
    good = path.read_bytes()
    damaged = tmp_path / "damaged"
    damaged.write_bytes(good[:-100] + bytes([good[-100] ^ 1]) + good[-99:])
    async with appliance_in(flash, interpreter) as appliance:
        appliance.run(SPEED)
        async with dcmp.connect(appliance.url) as device:
            with pytest.raises(dcmp.DcmpRefused) as refused:
                await device.put_file(damaged, "Firmware", "x", "1.1.0")
            assert refused.value.result == r.APPLY_FILE_BROKEN
            with pytest.raises(dcmp.DcmpRefused) as refused:  # the other slot is no version any more
                await device.apply("Rollback")
            assert refused.value.result == r.NOTHING_TO_APPLY
        await stage(appliance, path)
        victim = flash / "b" / "rumpus" / "__init__.mpy"
        was = victim.read_bytes()
        victim.write_bytes(was[:-1] + bytes([was[-1] ^ 1]))
        with pytest.raises(dcmp.DcmpRefused) as refused:
            await procedure.apply(appliance.url, "Update", 60)
        assert refused.value.result == r.APPLY_FILE_BROKEN
        await stage(appliance, path)  # what was broken is thrown away, so it comes anew
        assert (await procedure.apply(appliance.url, "Update", 60)).version == "1.1.0"


# --- interrupted ----------------------------------------------------------------------------------------


class Enough(Exception):
    pass


@on("micropython")
async def test_a_transfer_goes_on_where_it_stopped(interpreter, flash, tmp_path):
    path = update_versions.make_bundle(tmp_path / "new", "1.1.0")
    size, read = path.stat().st_size, bundle.read(path.read_bytes())

    def until(share):
        def progress(done, _size):
            if done > share * size:
                raise Enough

        return progress

    async with appliance_in(flash, interpreter) as appliance:
        appliance.run(SPEED)
        done_at_first = []
        for share in (0.3, 0.6):
            with pytest.raises(Enough):
                await procedure.send(appliance.url, path, read, until(share))
        await appliance.restart()  # with no time to write anything down
        appliance.run(SPEED)
        await procedure.send(appliance.url, path, read, lambda done, _size: done_at_first.append(done))
        assert min(done for done in done_at_first if done) > 0.4 * size
        async with dcmp.connect(appliance.url) as device:  # it is there already
            assert await device.put_file(path, "Firmware", "x", "1.1.0") == size
        assert (await procedure.apply(appliance.url, "Update", 60)).version == "1.1.0"


# --- the command line -----------------------------------------------------------------------------------


@on("micropython")
async def test_the_command_line(interpreter, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    code, _made = await rumpus("bundle", "--new-key", tmp_path / "my.pem")
    assert code == 0
    build = ("bundle", "--board", "virtual", "--appliance", "water_heater", "--key", tmp_path / "my.pem")
    path = tmp_path / "new.bundle"
    code, built = await rumpus(*build, "--version", "1.1.0", "--floor", "1.0.0", "--out", path)
    assert code == 0 and built["files"] > 20
    flash = tmp_path / "flash"
    flash.mkdir()
    update_versions.install(flash, "1.0.0")
    (flash / keys.DEVICE_FILE).write_bytes((tmp_path / "my.update_key").read_bytes())
    async with appliance_in(flash, interpreter, KEY) as appliance:
        appliance.run(SPEED)
        code, said = await rumpus("update", appliance.url, path)
        assert (code, said["error"]) == (2, "no_key_file")
        (tmp_path / "other").write_text("00" * 32)
        code, said = await rumpus("update", appliance.url, path, "--key", tmp_path / "other")
        assert (code, said["error"], appliance.restarts) == (1, "other_key", 0)
        (tmp_path / "config" / "rumpus" / "keys").mkdir(parents=True)
        (tmp_path / "config" / "rumpus" / "keys" / f"{appliance.uuid}.key").write_text(KEY.hex())
        code, said = await rumpus("update", appliance.url, path)
        assert code == 0
        assert said == {
            "slot": "b",
            "version": "1.1.0",
            "other_version": "1.0.0",
            "state": "committed",
            "rollback_reason": "none",
            "update_mode": "available",
        }
        code, said = await rumpus("update", appliance.url, path)  # nothing to do
        assert (code, appliance.restarts) == (0, 1)
        bad = update_versions.make_bundle(tmp_path / "bad", "9.9.9")
        code, said = await rumpus("update", appliance.url, bad)
        assert (code, said["result"]) == (1, "bad_signature")
        code, said = await rumpus("rollback", appliance.url)
        assert (code, said["version"], said["rollback_reason"]) == (0, "1.0.0", "ordered")
        code, said = await rumpus("rollback", appliance.url, "--key", tmp_path / "other")
        assert (code, said["error"]) == (1, "other_key")
    code, said = await rumpus("update", appliance.url, path)
    assert (code, said["error"]) == (3, "unreachable")
    code, said = await rumpus("update", appliance.url, __file__)
    assert (code, said["error"]) == (2, "bad_bundle")
