"""Another Wi-Fi network without the cable: the real command, and the real firmware on the stand."""

# ruff: noqa: F811  fixtures

import asyncio

import pytest
from board_stand import BoardStand
from test_deploy import deployed, device, new, rumpus, wait_until_it_runs  # noqa: F401
from test_deploy_messages import failed
from test_deploy_stand import wait_for
from test_provision import HOME, own_folder, port, settings_of, with_networks  # noqa: F401

from rumpus_host import owner
from rumpus_host.client import connect
from rumpus_host.deploy import keys


def networks_tried(stand: BoardStand) -> list[str]:
    return [" ".join(words[1:]) for words in stand.last_life() if words[0] == "wifi"]


@pytest.fixture
def at_home(rumpus, device, port, monkeypatch) -> str:
    """The URL of a device that is in the network Home and has a key."""
    with_networks(device)
    monkeypatch.setenv("RUMPUS_WIFI_PASSWORD", HOME["Home"])
    told = rumpus("provision", "--port", device.path, "--wifi-ssid", "Home", "--listen", str(port))
    assert told[0] == 0, told
    return f"tcp://127.0.0.1:{port}"


def test_to_another_network_and_it_stays_there(rumpus, device, at_home, monkeypatch):
    assert rumpus("wifi", at_home)[1]["joined"] == "Home"
    monkeypatch.setenv("RUMPUS_WIFI_PASSWORD", HOME["Next door"])
    code, told = rumpus("wifi", at_home, "--wifi-ssid", "Next door")
    assert code == 0, told
    assert (told["wanted"], told["joined"]) == ("Next door", "Next door")
    assert networks_tried(device) == ["Home", "Next door"]
    device.power_cycle()
    wait_for(lambda: networks_tried(device) == ["Next door"])
    wait_until_it_runs(device)
    # The cable sees the same, and makes settings of what the device was told.
    code, told = rumpus("provision", "--port", device.path, "--name", "boiler")
    assert code == 0, told
    there = settings_of(device)
    assert (there["wifi_ssid"], there["wifi_ssid_before"]) == ("Next door", "Home")
    assert there["wifi_password"] == HOME["Next door"]


def test_a_wrong_password_cuts_nobody_off(rumpus, device, at_home):
    told = rumpus("wifi", at_home, "--wifi-ssid", "Next door", "--wifi-password", "wrong horse")
    failed(told, 1, "not_joined", "could not join Next door and is back in Home", '--wifi-ssid "Home"')
    assert networks_tried(device) == ["Home", "Next door", "Home"]
    code, told = rumpus("wifi", at_home, "--wifi-ssid", "Home", "--wifi-password", HOME["Home"])
    assert code == 0 and told["wanted"] == "Home"
    device.power_cycle()
    wait_for(lambda: networks_tried(device) == ["Home"])


def test_only_whoever_has_the_key(rumpus, device, at_home, tmp_path):
    kept = keys.file_for(settings_of_running(at_home))
    other = tmp_path / "other.key"
    other.write_text("00" * 32)
    told = rumpus("wifi", at_home, "--key", str(other), "--wifi-ssid", "x", "--wifi-password", "")
    failed(told, 1, "other_key", "has another key than the one here")
    kept.rename(tmp_path / "away.key")
    failed(rumpus("wifi", at_home), 2, "no_key_file", "copy it here, or name it with --key")
    assert rumpus("wifi", at_home, "--key", str(tmp_path / "away.key"))[1]["joined"] == "Home"
    assert networks_tried(device) == ["Home"]


def settings_of_running(url: str) -> str:
    async def ask() -> str:
        async with connect(url) as there:
            return there.uuid.hex()

    return asyncio.run(ask())


def test_what_is_wrong_is_said_before_anything_is_asked(rumpus):
    url = "tcp://127.0.0.1:9"
    failed(rumpus("wifi", url, "--wifi-password", "x"), 2, "wrong_use", "needs --wifi-ssid")
    failed(rumpus("wifi", url, "--wifi-ssid", "ö" * 17), 2, "wrong_use", "has 34")
    told = rumpus("wifi", url, "--wifi-ssid", "x", "--wifi-password", "short")
    failed(told, 2, "bad_value", "8 to 63 characters; this one has 5")
    failed(rumpus("wifi", url, "--wifi-ssid", "x"), 2, "wrong_use", "RUMPUS_WIFI_PASSWORD")
    failed(rumpus("wifi", url), 3, "unreachable", "Nothing answers")


def test_the_password_is_not_to_be_read_on_the_wire(device, at_home):
    """What is sent is looked at, not what the code says of itself."""
    seen = bytearray()

    async def change() -> None:
        async with connect(at_home) as there:
            real = there.sealed

            async def recorded(body: bytes) -> bytes:
                seen.extend(body)
                return await real(body)

            there.sealed = recorded  # type: ignore[method-assign]
            key = bytes.fromhex(keys.load(keys.file_for(there.uuid.hex())))
            us = await owner.Owner.open(there, key)
            await us.change_network("Next door", HOME["Next door"])

    asyncio.run(change())
    assert b"Next door" in seen and HOME["Next door"].encode() not in seen
    wait_for(lambda: networks_tried(device) == ["Home", "Next door"])  # which it could, so it was all there
