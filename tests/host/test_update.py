"""Updates of real virtual appliances over DCMP, from the first byte to committed or rolled back."""

import pytest
import update_versions

from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.client import connect
from rumpus_host.update import bundle, procedure

INTERPRETERS = ("micropython", "micropython32")
SPEED = 20.0  # a trial takes ten seconds of the device's time
SETTINGS = {"dcmp": True, "udp": 0}


def appliance_in(folder, interpreter="micropython", **more) -> VirtualAppliance:
    return VirtualAppliance("water_heater", interpreter, storage=folder, settings=SETTINGS, **more)


async def update(appliance, path):
    await procedure.send(appliance.url, path, bundle.read(path.read_bytes()))
    return await procedure.apply(appliance.url, "Update", 60)


@pytest.mark.parametrize("interpreter", INTERPRETERS)
async def test_update_then_a_bad_one_then_rollback(interpreter, tmp_path):
    storage = tmp_path / "flash"
    storage.mkdir()
    update_versions.install(storage, "1.0.0")
    async with appliance_in(storage, interpreter) as appliance:
        appliance.run(SPEED)
        async with connect(appliance.url) as device:
            await device.control([("target_temperature", 610)])
            assert (await device.version())["firmware"] == "1.0.0"
        slots = await update(appliance, update_versions.make_bundle(tmp_path / "new", "1.1.0"))
        assert slots == ("b", "1.1.0", "1.0.0", "committed", "none")
        assert appliance.restarts == 1
        async with connect(appliance.url) as device:
            assert (await device.version())["firmware"] == "1.1.0"
            assert (await device.status())["target_temperature"] == 610
        with pytest.raises(procedure.RolledBack) as left:
            await update(appliance, update_versions.make_bundle(tmp_path / "bad", "9.9.9", "import"))
        assert left.value.slots == ("b", "1.1.0", "9.9.9", "committed", "failed_starts")
        assert appliance.restarts == 5  # two orders, three starts that failed
        assert sum("a bug in 9.9.9" in line for line in appliance.log) == 3
