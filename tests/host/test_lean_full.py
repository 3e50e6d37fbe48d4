"""The lean build of the full profile answers DCMP as the sources do, word for word; test_update.py has it
updated, and test_budgets.py says what heap it needs."""

import os
import re

import pytest
import slots

from rumpus.dcmp.tables.properties import MEMORY_FREE
from rumpus.dcmp.tables.results_ours import UNKNOWN_FUNCTION
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.client import Refused
from rumpus_host.dcmp.client import DcmpRefused, Device, connect
from rumpus_host.deploy.build import build
from rumpus_host.fields import TYPES, fields_of

FULL = bool(os.environ.get("RUMPUS_FULL"))
STORIES = [(kind, bits) for kind in TYPES for bits in ("micropython", "micropython32")]
# One for each type in CI; two interpreters are there.
SOME = STORIES if FULL else [(TYPES[3], "micropython32")]
INFO_TYPES = ("BasicInfo", "FunctionList", "DeviceProperty", "FullDescription")
DATA = bytes(range(256)) * 20


async def story(appliance, interpreter, tmp_path, **more) -> list:
    told: list = []
    settings = {"dcmp": True, "udp": 0, "vendor": "ACME", "model": "M1"}
    virtual = VirtualAppliance(appliance, interpreter, seed=5, settings=settings, **more)
    async with virtual as device, connect(device.url) as client:
        told.append(client.about)
        told += [without_free(await client.info(kind)) for kind in INFO_TYPES]
        told.append(await client.subscribe())
        for field in fields_of(appliance):
            for counts in (field.low, field.high, field.high + 1):
                told.append(await control(client, field.name, counts))
        await device.advance(60_000, 1000)
        while not client._notices.empty():
            told.append(client._notices.get_nowait()[4])
        told.append(await wrong_function(client))
        await files(client, tmp_path, told)
        told.append(await refused(client.apply("Update")))
        told.append(without_free(await client.info("DeviceProperty")))
    return told


async def control(client: Device, name: str, counts: int) -> object:
    try:
        status = await client.control([(name, counts)])
    except Refused as error:
        status = error.status
    except DcmpRefused as error:
        return error.result
    return status.result, status.field, status.reason, {key: status[key] for key in status.names()}


async def wrong_function(client: Device) -> int:
    session = client.endpoint.session
    values = {"DeviceID": client.id, "FunctionID": 0x7F7F, "InputList": []}
    with pytest.raises(DcmpRefused) as found:
        await client.ask(lambda: client.requester.ask(session, 0x2111, client.id, values))
    assert found.value.result == UNKNOWN_FUNCTION
    return found.value.result


async def files(client: Device, tmp_path, told: list) -> None:
    (tmp_path / "out").write_bytes(DATA)
    told.append(await client.put_file(tmp_path / "out", "UserDefined", "some", "1"))
    told.append(await client.list_files())
    told.append(await client.get_file("UserDefined", "some", tmp_path / "in"))
    assert (tmp_path / "in").read_bytes() == DATA
    told.append(await refused(client.get_file("UserDefined", "none", tmp_path / "in")))


async def refused(request) -> int:
    with pytest.raises(DcmpRefused) as found:
        await request
    return found.value.result


def without_free(values: dict) -> str:
    """All of it but the free memory, which need not be the same."""
    text = repr(values)
    assert "'memory_free'" in text or "Property" not in text
    text = re.sub(rf"('PropertyID': {MEMORY_FREE}, .*?'Size': )\d+, 'Value': '\d+'", r"\1", text)
    return re.sub(r"('SectionType': 'DeviceProperty', 'SectionSize': )\d+", r"\1", text)


@pytest.mark.parametrize(("appliance", "interpreter"), SOME)
async def test_the_lean_build_answers_as_the_sources_do(appliance, interpreter, tmp_path):
    entry = slots.write(build("virtual", appliance, profile="full"), tmp_path)
    lean = await story(appliance, interpreter, tmp_path, entry=entry)
    plain = await story(appliance, interpreter, tmp_path)
    assert len(lean) > 80
    for one, other in zip(lean, plain, strict=True):
        assert one == other
